# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys: one random data key opens the vault; slots in ``vault.json`` hold it, each locked in its own way."""

import base64
import binascii
import hashlib
import json
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from imr_desktop.storage.files import write_whole
from imr_desktop.storage.troubles import DamagedVault, EmptyPassphrase, NewerVault, NotEnoughMemory, WrongPassphrase

KEY_FILE = "vault.json"
KEY_BYTES = 32
_FORMAT = "imr-vault/1"
_FAMILY = "imr-vault/"
_NONCE = 12


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


def new_key() -> bytes:
    """A random 32-byte key."""
    return os.urandom(KEY_BYTES)


def subkey(key: bytes, purpose: str) -> bytes:
    """The key for one purpose, made from a greater one (HKDF-SHA256); no key ever serves two purposes."""
    return HKDF(SHA256(), KEY_BYTES, None, f"imr-desktop {purpose}".encode()).derive(key)


def wrap(key: bytes, secret: bytes, about: str) -> bytes:
    """``secret`` under ``key`` (AES-256-GCM, nonce first), bound to what it is about."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, secret, about.encode())


def unwrap(key: bytes, wrapped: bytes, about: str) -> bytes:
    """What ``wrap`` wrapped; InvalidTag if key, bytes or subject differ."""
    return AESGCM(key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], about.encode())


def write_key_file(folder: Path, passphrase: str, data_key: bytes, cost: KdfCost) -> None:
    """Write ``vault.json`` with one passphrase slot around the data key; EmptyPassphrase, DiskFull, CannotWrite."""
    refuse_empty(passphrase)
    whole: dict[str, Any] = {"format": _FORMAT, "id": os.urandom(16).hex()}
    whole["slots"] = [_passphrase_slot(whole["id"], passphrase, data_key, cost)]
    whole["digest"] = _digest(whole)
    write_whole(folder / KEY_FILE, [json.dumps(whole, indent=2).encode()])


def unlock(folder: Path, passphrase: str) -> bytes:
    """The data key, if the passphrase opens a slot of ``vault.json``: WrongPassphrase, DamagedVault, NewerVault."""
    whole = _read(folder / KEY_FILE)
    if whole["format"] != _FORMAT:
        raise NewerVault("This vault was last used by a newer version of IMR Desktop.")
    try:
        slots = [slot for slot in whole["slots"] if slot["kind"] == "passphrase"]
        for slot in slots:
            key = _open_slot(whole["id"], slot, passphrase)
            if key is not None:
                return key
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise _damaged() from error
    raise WrongPassphrase("This passphrase does not open the vault.")


def refuse_empty(passphrase: str) -> None:
    """EmptyPassphrase for one without a single visible character."""
    if not passphrase.strip():
        raise EmptyPassphrase("The passphrase is empty.")


def _passphrase_slot(vault: str, passphrase: str, data_key: bytes, cost: KdfCost) -> dict[str, Any]:
    salt = os.urandom(16)
    slot: dict[str, Any] = {
        "kind": "passphrase",
        "kdf": "argon2id",
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "salt": base64.b64encode(salt).decode(),
    }
    wrapped = wrap(_derive(passphrase, salt, cost), data_key, _about(vault, slot))
    return {**slot, "wrapped": base64.b64encode(wrapped).decode()}


def _open_slot(vault: str, slot: dict[str, Any], passphrase: str) -> bytes | None:
    cost = KdfCost(slot["memory_kib"], slot["passes"], slot["lanes"])
    locked = base64.b64decode(slot["wrapped"], validate=True)
    key = _derive(passphrase, base64.b64decode(slot["salt"], validate=True), cost)
    try:
        return unwrap(key, locked, _about(vault, slot))
    except InvalidTag:
        return None


def _about(vault: str, slot: dict[str, Any]) -> str:
    return json.dumps([vault, {name: slot[name] for name in sorted(slot) if name != "wrapped"}])


def _derive(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    # The same letters typed on different systems can come composed or in parts; and a text that is not well-formed
    # must not raise an error that would carry the passphrase with it.
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    derive = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive
    try:
        return derive(secret)
    except MemoryError:
        raise NotEnoughMemory("There is not enough free memory to try the passphrase.") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        whole = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise DamagedVault("The vault's key file vault.json is missing.", place=KEY_FILE) from error
    except (OSError, ValueError) as error:
        raise _damaged() from error
    if not isinstance(whole, dict) or not str(whole.get("format")).startswith(_FAMILY):
        raise _damaged()
    # Without this, a changed byte in a slot would look like a wrong passphrase.
    if whole.pop("digest", None) != _digest(whole):
        raise _damaged()
    return whole


def _digest(whole: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _damaged() -> DamagedVault:
    return DamagedVault("The vault's key file vault.json is damaged.", place=KEY_FILE)
