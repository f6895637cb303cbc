# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways into an open vault: listing, adding, changing and removing slots, each change recorded."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from imr_desktop.errors import Trouble
from imr_desktop.storage import files, keyholder, keys, recovery_code, slots, sql
from imr_desktop.storage.case_store import damaged
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.keyfile import BEFORE, KEY_FILE, KeyFile
from imr_desktop.storage.keys import KdfCost
from imr_desktop.storage.slots import SlotFacts, SlotKind
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import Kind, Trail
from imr_desktop.storage.troubles import WrongPassphrase
from imr_desktop.storage.unlocking import tried


class WaysIn:
    """The slots of an open vault. The passphrase always stays; everything else is beside it."""

    def __init__(
        self, folder: Path, data_key: bytearray, file: KeyFile, db: Database, trail: Trail, *, recovered: bool = False
    ) -> None:
        self._folder = folder
        self._data_key = data_key
        self._file = file
        self._db = db
        self._trail = trail
        self._recovered = recovered

    @property
    def vault_id(self) -> str:
        """The vault's random id, by which backups and recovery sheets name it."""
        return self._file.id

    @property
    def file(self) -> KeyFile:
        """The key file as it stands."""
        return self._file

    @property
    def recovered(self) -> bool:
        """Whether the vault was opened without its passphrase, so that a new one may be set without the old."""
        return self._recovered

    def list(self) -> tuple[SlotFacts, ...]:
        """Every way in."""
        return slots.facts(self._file)

    def has(self, kind: SlotKind) -> bool:
        """Whether there is a way in of this kind."""
        return any(slot.kind is kind for slot in self.list())

    def change_passphrase(self, old: str, new: str, *, cost: KdfCost | None = None) -> None:
        """Put a new passphrase in the old one's place: WrongPassphrase, EmptyPassphrase, DiskFull, CannotWrite.

        The data key stays: whoever kept an older copy of ``vault.json`` opens that with the old passphrase, until the
        vault is rekeyed.
        """
        self.take_passphrase(self.derived(old, new, cost=cost))

    def set_passphrase(self, new: str, *, cost: KdfCost | None = None) -> None:
        """Put a new passphrase in the place of one that was forgotten; only for a vault that was opened without it.

        WrongPassphrase if it was opened by its passphrase; EmptyPassphrase, DiskFull, CannotWrite.
        """
        self.take_passphrase(self.derived(None, new, cost=cost))

    def derived(self, old: str | None, new: str, *, cost: KdfCost | None = None) -> KeyFile:
        """The slow half of a new passphrase, which any thread may do; ``take_passphrase`` brings it into force.

        ``old`` is None where it was forgotten. WrongPassphrase, EmptyPassphrase, NotEnoughMemory.
        """
        if old is not None:
            keys.wipe(tried(self._folder, self._file, old))
        elif not self._recovered:
            raise WrongPassphrase("The present passphrase is asked for before a new one takes its place.")
        return slots.with_passphrase(self._file, new, self._data_key, cost or KdfCost())

    def take_passphrase(self, derived: KeyFile) -> None:
        """Bring a derived passphrase into force; other ways in stay as they are now: DiskFull, CannotWrite."""
        (slot,) = (each for each in derived.slots if each["kind"] == SlotKind.PASSPHRASE)
        others = tuple(each for each in self._file.slots if each["kind"] != SlotKind.PASSPHRASE)
        detail = {"recovered": True} if self._recovered else {}
        self._put(replace(self._file, slots=(slot, *others)), Kind.PASSPHRASE, detail)
        self._recovered = False
        # What a change of form set aside would still open to the old passphrase.
        files.remove(self._folder / BEFORE)

    def add_keyring(self, label: str = "") -> None:
        """Let the operating system's keyring open the vault; NoKeyring if there is none or it is locked.

        One that was there is replaced, and its key leaves the keyring.
        """
        before = self._file
        self._put(slots.with_keyring(self._file, self._data_key, label), Kind.SLOT_ADDED, {"kind": SlotKind.KEYRING})
        for slot in slots.facts(before):
            slots.forget_key(before, slot.id)

    def add_organisation(self, recipient: str, label: str = "") -> None:
        """Let the holder of an organisation's age key open the vault; NotARecipient."""
        made = slots.with_organisation(self._file, recipient, self._data_key, label)
        self._put(made, Kind.SLOT_ADDED, {"kind": SlotKind.ORGANISATION, "recipient": recipient.strip()})

    def add_sheet(self) -> str:
        """Make a recovery sheet, in place of one that was there, and give its code, which is nowhere kept."""
        code = recovery_code.new_code()
        made = slots.with_sheet(self._file, code, self._data_key)
        self._put(made, Kind.SLOT_ADDED, {"kind": SlotKind.SHEET})
        return code

    def remove(self, slot_id: str) -> None:
        """Remove a way in: NoSuchSlot, and LastSlot for the passphrase."""
        fewer = slots.without(self._file, slot_id)
        before = self._file
        self._put(fewer, Kind.SLOT_REMOVED, {"id": slot_id})
        slots.forget_key(before, slot_id)

    def keyring_there(self) -> bool:
        """Whether this computer has a keyring at all."""
        return keyholder.there()

    def settle(self) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
        """After opening: bring an older or mended key file and its copy to the present.

        Tells what kept the files from being written, and what was mended.
        """
        mended = (_mended(),) if self._file.mended else ()
        try:
            self._file.settle(self._folder)
            self._file = KeyFile(self._file.id, self._file.slots, self._file.salt)
        except Trouble as trouble:
            # The vault is open and whole; a full disk must not shut it again.
            return (Fault.of(trouble),), mended
        return (), mended

    def _put(self, file: KeyFile, kind: Kind, detail: dict[str, Any]) -> None:
        file.write(self._folder)
        self._file = file
        with sql.troubles(damaged), self._db.atomic():
            self._trail.add(kind, detail)


def _mended() -> Fault:
    return Fault(
        "The key file vault.json was missing or damaged; the vault was opened with its copy.",
        "Nothing is lost and the file was written anew. If it happens again, the disk may be failing: make a backup.",
        KEY_FILE,
    )
