# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key file ``vault.json``: the vault's id and its slots, kept twice because without it nothing opens again."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from imr_desktop.errors import Trouble
from imr_desktop.storage import files
from imr_desktop.storage.troubles import DamagedVault, NewerVault

KEY_FILE: Final = "vault.json"
COPY: Final = "vault.json.copy"
BEFORE: Final = "vault.json.before-2"
_FAMILY = "imr-vault/"
_FIRST = "imr-vault/1"
_FORMAT = "imr-vault/2"
_KNOWN = {_FIRST, _FORMAT}

Slot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What ``vault.json`` says. ``salt`` repeats the first 16 bytes of ``vault.db``, on which all of its pages hang.

    ``mended`` means that the file itself was damaged and this was read from its copy.
    """

    id: str
    slots: tuple[Slot, ...]
    salt: str = ""
    format: str = _FORMAT
    mended: bool = False

    @classmethod
    def new(cls) -> "KeyFile":
        """A key file for a new vault, still without slots."""
        return cls(os.urandom(16).hex(), ())

    @classmethod
    def parse(cls, data: bytes) -> "KeyFile":
        """Read a key file's bytes: DamagedVault, NewerVault."""
        try:
            whole = json.loads(data)
        except ValueError as error:
            raise damaged() from error
        if not isinstance(whole, dict) or not str(whole.get("format")).startswith(_FAMILY):
            raise damaged()
        # Without this, a changed byte in a slot would look like a wrong passphrase.
        if whole.pop("digest", None) != _digest(whole):
            raise damaged()
        if whole["format"] not in _KNOWN:
            raise NewerVault("This vault was last used by a newer version of IMR Desktop.")
        try:
            return cls(
                str(whole["id"]), tuple(dict(slot) for slot in whole["slots"]), whole.get("salt", ""), whole["format"]
            )
        except (KeyError, TypeError, ValueError) as error:
            raise damaged() from error

    @classmethod
    def read(cls, folder: Path) -> "KeyFile":
        """The key file of a vault, from its copy if the file itself is missing or damaged: DamagedVault, NewerVault."""
        try:
            return cls.parse(_bytes(folder / KEY_FILE))
        except DamagedVault as first:
            try:
                found = cls.parse(_bytes(folder / COPY))
            except DamagedVault:
                raise first from None
            return replace(found, mended=True)

    @property
    def first_form(self) -> bool:
        """Whether it was written by the first release."""
        return self.format == _FIRST

    def encoded(self) -> bytes:
        """The file's bytes in the present form."""
        whole: dict[str, Any] = {"format": _FORMAT, "id": self.id, "salt": self.salt, "slots": [*map(dict, self.slots)]}
        whole["digest"] = _digest(whole)
        return json.dumps(whole, indent=2).encode()

    def write(self, folder: Path) -> None:
        """Write the file, then its copy; an older form is copied beside itself first. DiskFull, CannotWrite.

        The file is what counts. A copy that cannot be written is taken away, because an old one would open to an old
        passphrase; it is made again at the next opening.
        """
        if self.first_form and (folder / KEY_FILE).exists():
            files.copy_beside(folder / KEY_FILE, BEFORE)
        files.write_whole(folder / KEY_FILE, [self.encoded()])
        try:
            files.write_whole(folder / COPY, [self.encoded()])
        except Trouble:
            files.remove(folder / COPY)

    def settle(self, folder: Path) -> None:
        """Bring both files to what this says, as far as they differ; for after the vault was opened."""
        held = self.encoded()
        if self.first_form or self.mended or any(_quietly(folder / name) != held for name in (KEY_FILE, COPY)):
            self.write(folder)


def damaged() -> DamagedVault:
    """The Trouble for a damaged key file."""
    return DamagedVault("The vault's key file vault.json is damaged.", place=KEY_FILE)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DamagedVault("The vault's key file vault.json is missing.", place=KEY_FILE) from error
    except OSError as error:
        raise damaged() from error


def _quietly(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _digest(whole: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
