# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys: how they are made, how one is derived from another, how one wraps another, and how they are wiped."""

import os
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from imr_desktop.storage.troubles import EmptyPassphrase, NotEnoughMemory

KEY_BYTES = 32
Key = bytes | bytearray
_NONCE = 12
_TAG = 16


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What Argon2id spends on one passphrase: memory in KiB, passes over it, lanes. The default takes about 0.45 s."""

    memory_kib: int = 262144
    passes: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        # A key file from elsewhere must not be able to demand a terabyte or a week.
        if not (1 <= self.lanes <= 64 and 1 <= self.passes <= 64 and 8 * self.lanes <= self.memory_kib <= 1 << 22):
            raise ValueError("this cost is out of bounds")


def new_key() -> bytearray:
    """A random 32-byte key."""
    return bytearray(os.urandom(KEY_BYTES))


def subkey(key: Key, purpose: str) -> bytearray:
    """The key for one purpose, made from a greater one (HKDF-SHA256); no key ever serves two purposes."""
    made = bytearray(KEY_BYTES)
    HKDF(SHA256(), KEY_BYTES, None, f"imr-desktop {purpose}".encode()).derive_into(key, made)
    return made


def wrap(key: Key, secret: Key, about: str) -> bytes:
    """``secret`` under ``key`` (AES-256-GCM, nonce first), bound to what it is about."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, about.encode())


def unwrap(key: Key, wrapped: bytes, about: str) -> bytearray:
    """What ``wrap`` wrapped; InvalidTag if key, bytes or subject differ."""
    if len(wrapped) < _NONCE + _TAG:
        raise InvalidTag
    secret = bytearray(len(wrapped) - _NONCE - _TAG)
    AESGCM(key).decrypt_into(wrapped[:_NONCE], wrapped[_NONCE:], about.encode(), secret)
    return secret


def wipe(*held: bytearray) -> None:
    """Write zeros over keys that are no longer needed. What other libraries copied of them is out of reach."""
    for key in held:
        key[:] = bytes(len(key))


def refuse_empty(passphrase: str) -> None:
    """EmptyPassphrase for one without a single visible character."""
    if not passphrase.strip():
        raise EmptyPassphrase("The passphrase is empty.")


def stretch(passphrase: str, salt: bytes, cost: KdfCost) -> bytearray:
    """The key that Argon2id makes of a passphrase; NotEnoughMemory."""
    # The same letters typed on different systems can come composed or in parts; and a text that is not well-formed
    # must not raise an error that would carry the passphrase with it.
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    derive = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    made = bytearray(KEY_BYTES)
    try:
        derive.derive_into(secret, made)
    except MemoryError:
        raise NotEnoughMemory("There is not enough free memory to try the passphrase.") from None
    return made
