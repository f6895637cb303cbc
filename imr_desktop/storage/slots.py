# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slots: the ways in. Each holds the vault's data key, locked by a passphrase, the keyring or a recovery key."""

import base64
import binascii
import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pyrage
from cryptography.exceptions import InvalidTag

from imr_desktop.storage import keyfile, keyholder, keys, recovery_code
from imr_desktop.storage.keyfile import KeyFile, Slot
from imr_desktop.storage.keys import KdfCost
from imr_desktop.storage.troubles import (
    LastSlot,
    NoKeyring,
    NoSuchSlot,
    NotARecipient,
    WrongPassphrase,
    WrongRecoveryKey,
)


class SlotKind(StrEnum):
    """The kinds of way in."""

    PASSPHRASE = "passphrase"  # noqa: S105
    KEYRING = "keyring"
    ORGANISATION = "organisation"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """A way in as the reviewer sees it: id, kind, what it was called, when it was made (None: by the first release)."""

    id: str
    kind: SlotKind
    label: str
    made: datetime | None


@dataclass(frozen=True, slots=True)
class Passphrase:
    """The reviewer's passphrase."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """The code on the recovery sheet, as typed or scanned."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrganisationKey:
    """The organisation's age identity (AGE-SECRET-KEY-1..., or a file's text that holds it)."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FromKeyring:
    """The key that the operating system's keyring holds."""


Opener = Passphrase | RecoveryCode | OrganisationKey | FromKeyring


def facts(file: KeyFile) -> tuple[SlotFacts, ...]:
    """Every way into the vault, in the order in which they were made."""
    return tuple(
        SlotFacts(
            slot_id(slot),
            SlotKind(slot["kind"]),
            str(slot.get("label", "")),
            datetime.fromisoformat(slot["made"]) if "made" in slot else None,
        )
        for slot in file.slots
        if slot.get("kind") in set(SlotKind)
    )


def slot_id(slot: Slot) -> str:
    """The slot's id; the one slot of a vault of the first release goes by its kind."""
    return str(slot.get("id", slot["kind"]))


def unlock(file: KeyFile, opener: Opener) -> bytearray:
    """The data key: WrongPassphrase, WrongRecoveryKey, MistypedCode, NoKeyring, DamagedVault, NotEnoughMemory."""
    try:
        match opener:
            case Passphrase(text):
                return _first(_tried_passphrase(file, slot, text) for slot in _of(file, SlotKind.PASSPHRASE))
            case RecoveryCode(text):
                identity = recovery_code.identity_of(text)
                return _first(_tried_identity(file, slot, identity) for slot in _of(file, SlotKind.SHEET))
            case OrganisationKey(text):
                identity = _identity(text)
                return _first(_tried_identity(file, slot, identity) for slot in _of(file, SlotKind.ORGANISATION))
            case FromKeyring():
                return _first(_tried_keyring(file, slot) for slot in _of(file, SlotKind.KEYRING))
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise keyfile.damaged() from error
    except LookupError:
        raise _wrong(opener) from None


def with_passphrase(file: KeyFile, passphrase: str, data_key: keys.Key, cost: KdfCost) -> KeyFile:
    """The key file with this passphrase as its one passphrase; EmptyPassphrase, NotEnoughMemory."""
    keys.refuse_empty(passphrase)
    salt = os.urandom(16)
    slot = {
        **_new(SlotKind.PASSPHRASE, ""),
        "kdf": "argon2id",
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "salt": base64.b64encode(salt).decode(),
    }
    key = keys.stretch(passphrase, salt, cost)
    made = _wrapped(file, slot, key, data_key)
    rest = tuple(each for each in file.slots if each["kind"] != SlotKind.PASSPHRASE)
    return replace(file, slots=(made, *rest))


def with_keyring(file: KeyFile, data_key: keys.Key, label: str) -> KeyFile:
    """The key file with a slot whose key the operating system's keyring holds; NoKeyring."""
    key = keys.new_key()
    slot = _new(SlotKind.KEYRING, label)
    keyholder.keep(_held_name(file, slot), key)
    rest = tuple(each for each in file.slots if each["kind"] != SlotKind.KEYRING)
    return replace(file, slots=(*rest, _wrapped(file, slot, key, data_key)))


def with_organisation(file: KeyFile, recipient: str, data_key: keys.Key, label: str) -> KeyFile:
    """The key file with a slot for an organisation's age recipient (age1...); NotARecipient."""
    slot = {**_new(SlotKind.ORGANISATION, label), "recipient": recipient.strip()}
    return replace(file, slots=(*file.slots, _sealed_for(file, slot, data_key)))


def with_sheet(file: KeyFile, code: str, data_key: keys.Key) -> KeyFile:
    """The key file with the recovery sheet of this code as its one sheet."""
    slot = {**_new(SlotKind.SHEET, ""), "recipient": recovery_code.recipient_of(code)}
    rest = tuple(each for each in file.slots if each["kind"] != SlotKind.SHEET)
    return replace(file, slots=(*rest, _sealed_for(file, slot, data_key)))


def without(file: KeyFile, wanted: str) -> KeyFile:
    """The key file without one slot: NoSuchSlot; LastSlot for the passphrase, which always has to work."""
    slot = _find(file, wanted)
    if slot["kind"] == SlotKind.PASSPHRASE:
        raise LastSlot("The passphrase is the way in that works everywhere, so it cannot be removed.")
    return replace(file, slots=tuple(each for each in file.slots if each is not slot))


def rewrapped(file: KeyFile, passphrase: str, old: keys.Key, new: keys.Key) -> KeyFile:
    """Every slot around a new data key. Recovery slots need only their public half; a keyring slot is left out.

    WrongPassphrase if it is not the vault's. The keyring's slot has to be made anew once the new key is in force.
    """
    slot = _of(file, SlotKind.PASSPHRASE)[0]
    if unlock(file, Passphrase(passphrase)) != old:
        raise keyfile.damaged()
    cost = KdfCost(slot["memory_kib"], slot["passes"], slot["lanes"])
    fresh = with_passphrase(replace(file, slots=()), passphrase, new, cost)
    sealed = tuple(
        _sealed_for(file, {**each}, new)
        for each in file.slots
        if each["kind"] in {SlotKind.SHEET, SlotKind.ORGANISATION}
    )
    return replace(fresh, slots=(*fresh.slots, *sealed))


def forget_key(file: KeyFile, wanted: str) -> None:
    """Take what the keyring holds for a slot away; nothing for other slots."""
    slot = _find(file, wanted)
    if slot["kind"] == SlotKind.KEYRING:
        keyholder.forget(_held_name(file, slot))


def _new(kind: SlotKind, label: str) -> dict[str, Any]:
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return {"kind": kind.value, "id": os.urandom(4).hex(), "made": made, "label": label}


def _of(file: KeyFile, kind: SlotKind) -> list[Slot]:
    return [slot for slot in file.slots if slot["kind"] == kind]


def _find(file: KeyFile, wanted: str) -> Slot:
    for slot in file.slots:
        if slot_id(slot) == wanted:
            return slot
    raise NoSuchSlot("This way into the vault is not there.")


def _first(found: Any) -> bytearray:
    for key in found:
        if key is not None:
            return bytearray(key)
    raise LookupError


def _wrong(opener: Opener) -> Exception:
    if isinstance(opener, Passphrase):
        return WrongPassphrase("This passphrase does not open the vault.")
    if isinstance(opener, FromKeyring):
        return NoKeyring("The operating system's keyring does not hold this vault's key.")
    return WrongRecoveryKey("This recovery key does not open the vault.")


def _wrapped(file: KeyFile, slot: dict[str, Any], key: bytearray, data_key: keys.Key) -> dict[str, Any]:
    wrapped = keys.wrap(key, data_key, _about(file.id, slot))
    keys.wipe(key)
    return {**slot, "wrapped": base64.b64encode(wrapped).decode()}


def _sealed_for(file: KeyFile, slot: dict[str, Any], data_key: keys.Key) -> dict[str, Any]:
    try:
        recipient = pyrage.x25519.Recipient.from_str(slot["recipient"])
    except pyrage.RecipientError as error:
        raise NotARecipient("This is not an age recipient.") from error
    sealed = pyrage.encrypt(bytes(data_key) + _mark(file.id, slot), [recipient])
    return {**slot, "wrapped": base64.b64encode(sealed).decode()}


def _tried_passphrase(file: KeyFile, slot: Slot, passphrase: str) -> bytearray | None:
    cost = KdfCost(slot["memory_kib"], slot["passes"], slot["lanes"])
    locked = base64.b64decode(slot["wrapped"], validate=True)
    key = keys.stretch(passphrase, base64.b64decode(slot["salt"], validate=True), cost)
    return _opened(file, slot, key, locked)


def _tried_keyring(file: KeyFile, slot: Slot) -> bytearray | None:
    key = keyholder.held(_held_name(file, slot))
    return _opened(file, slot, key, base64.b64decode(slot["wrapped"], validate=True))


def _opened(file: KeyFile, slot: Slot, key: bytearray, locked: bytes) -> bytearray | None:
    try:
        return keys.unwrap(key, locked, _about(file.id, slot))
    except InvalidTag:
        return None
    finally:
        keys.wipe(key)


def _tried_identity(file: KeyFile, slot: Slot, identity: pyrage.x25519.Identity) -> bytearray | None:
    try:
        clear = pyrage.decrypt(base64.b64decode(slot["wrapped"], validate=True), [identity])
    except pyrage.DecryptError:
        return None
    key, mark = clear[: keys.KEY_BYTES], clear[keys.KEY_BYTES :]
    return bytearray(key) if mark == _mark(file.id, slot) else None


def _identity(text: str) -> pyrage.x25519.Identity:
    for line in text.split():
        if line.upper().startswith("AGE-SECRET-KEY-"):
            try:
                return pyrage.x25519.Identity.from_str(line.upper())
            except pyrage.IdentityError as error:
                raise WrongRecoveryKey("This is not a whole age key.") from error
    raise WrongRecoveryKey("There is no age key in what was given.")


def _held_name(file: KeyFile, slot: Slot) -> str:
    return f"{file.id} {slot_id(slot)}"


def _about(vault: str, slot: Slot) -> str:
    return json.dumps([vault, {name: slot[name] for name in sorted(slot) if name != "wrapped"}])


def _mark(vault: str, slot: Slot) -> bytes:
    return hashlib.sha256(_about(vault, slot).encode()).digest()
