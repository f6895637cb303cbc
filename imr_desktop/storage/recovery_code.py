# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery code: 160 random bits in eight groups that a person can copy from paper, each with a check character."""

import os
from typing import Final

import pyrage

from imr_desktop.storage import keys
from imr_desktop.storage.troubles import MistypedCode

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_LOOKS_LIKE: Final = str.maketrans("OIL", "011")
_GROUPS: Final = 8
_LETTERS: Final = 4
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def new_code() -> str:
    """A fresh recovery code, such as ``9K2FX 0H7QD ...``: groups of four characters and their check character."""
    number = int.from_bytes(os.urandom(_GROUPS * _LETTERS * 5 // 8), "big")
    digits = [number >> (5 * place) & 31 for place in reversed(range(_GROUPS * _LETTERS))]
    groups = [digits[start : start + _LETTERS] for start in range(0, len(digits), _LETTERS)]
    return " ".join(
        "".join(_ALPHABET[digit] for digit in (*group, _check(index, group))) for index, group in enumerate(groups)
    )


def recipient_of(code: str) -> str:
    """The public half (age1...) of what the code opens; MistypedCode."""
    return str(identity_of(code).to_public())


def identity_of(code: str) -> pyrage.x25519.Identity:
    """The age identity that the code stands for; MistypedCode names the group with the slip."""
    digits = _digits(code)
    number = 0
    for digit in digits:
        number = number << 5 | digit
    secret = keys.subkey(number.to_bytes(len(digits) * 5 // 8, "big"), "recovery sheet")
    try:
        return pyrage.x25519.Identity.from_str(_bech32("age-secret-key-", secret).upper())
    finally:
        keys.wipe(secret)


def _digits(code: str) -> list[int]:
    letters = [letter for letter in code.upper().translate(_LOOKS_LIKE) if letter.isalnum()]
    if len(letters) != _GROUPS * (_LETTERS + 1):
        raise MistypedCode(f"A recovery code has {_GROUPS} groups of {_LETTERS + 1} characters.")
    digits: list[int] = []
    for index in range(_GROUPS):
        group = [_ALPHABET.find(letter) for letter in letters[index * 5 : index * 5 + 5]]
        if -1 in group or _check(index, group[:_LETTERS]) != group[_LETTERS]:
            raise MistypedCode(f"Group {index + 1} of the recovery code has a slip in it.")
        digits += group[:_LETTERS]
    return digits


def _check(index: int, group: list[int]) -> int:
    """A check digit over GF(32) that no single slip, swap of neighbours or exchange of groups leaves standing."""
    check = index + 1
    for digit in group:
        check = check << 1 ^ (37 if check & 16 else 0)
        check ^= digit
    check = check << 1 ^ (37 if check & 16 else 0)
    return check & 31


def _bech32(prefix: str, data: bytes | bytearray) -> str:
    """BIP 173's encoding, in which age writes its keys."""
    number = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    count = -(-len(data) * 8 // 5)
    words = [number >> (5 * place) & 31 for place in reversed(range(count))]
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    left = _polymod([*spread, *words, *[0] * 6]) ^ 1
    words += [left >> (5 * (5 - place)) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(_BECH32[word] for word in words)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check
