# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault: the reviewer's encrypted store on this laptop, and the cases, letters and keys kept in it."""

# Stands first, because sqlite-utils has to meet SQLCipher when it is imported.
import imr_desktop.storage.sql  # noqa: F401  # isort: split
from imr_desktop.storage.audit import AuditReport
from imr_desktop.storage.backup import BackupMade
from imr_desktop.storage.bundle import Moved
from imr_desktop.storage.case_store import CaseStore, Step
from imr_desktop.storage.checking import Checked, CheckReport
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.history import Earlier, Removed
from imr_desktop.storage.journal import UNDOABLE, Deed, Entry
from imr_desktop.storage.keepsakes import KeptIdentity
from imr_desktop.storage.keys import KdfCost
from imr_desktop.storage.letters import FiledLetter, LetterToFile
from imr_desktop.storage.moving import Placed, move, remove_old
from imr_desktop.storage.precedents import RANKED, Precedents
from imr_desktop.storage.restore import Rehearsed, Restored, rehearse, restore
from imr_desktop.storage.rows import Change, Table
from imr_desktop.storage.salvage import Salvaged, salvage
from imr_desktop.storage.shelf import Archived, CaseStamp, Stamps
from imr_desktop.storage.slots import (
    FromKeyring,
    Opener,
    OrganisationKey,
    Passphrase,
    RecoveryCode,
    SlotFacts,
    SlotKind,
)
from imr_desktop.storage.trail import Event, Head, Kind
from imr_desktop.storage.troubles import (
    AlreadyOpen,
    CannotWrite,
    DamagedLetter,
    DamagedPages,
    DamagedPrecedents,
    DamagedSource,
    DamagedVault,
    DiskFull,
    EmptyPassphrase,
    LastSlot,
    LetterAlreadyFiled,
    MistypedCode,
    NewerVault,
    NoKeyring,
    NoSuchCase,
    NoSuchIdentity,
    NoSuchLetter,
    NoSuchSlot,
    NotABackup,
    NotARecipient,
    NotEnoughMemory,
    NoVault,
    OtherDataKey,
    SourceChanged,
    TooSoon,
    VaultExists,
    WrongPassphrase,
    WrongRecoveryKey,
)
from imr_desktop.storage.unlocking import Unlocked, kinds, prepared, unlock
from imr_desktop.storage.vault import Vault
from imr_desktop.storage.ways_in import WaysIn

__all__ = [
    "RANKED",
    "UNDOABLE",
    "AlreadyOpen",
    "Archived",
    "AuditReport",
    "BackupMade",
    "CannotWrite",
    "CaseStamp",
    "CaseStore",
    "Change",
    "CheckReport",
    "Checked",
    "DamagedLetter",
    "DamagedPages",
    "DamagedPrecedents",
    "DamagedSource",
    "DamagedVault",
    "Deed",
    "DiskFull",
    "Earlier",
    "EmptyPassphrase",
    "Entry",
    "Event",
    "Fault",
    "FiledLetter",
    "FromKeyring",
    "Head",
    "KdfCost",
    "KeptIdentity",
    "Kind",
    "LastSlot",
    "LetterAlreadyFiled",
    "LetterToFile",
    "MistypedCode",
    "Moved",
    "NewerVault",
    "NoKeyring",
    "NoSuchCase",
    "NoSuchIdentity",
    "NoSuchLetter",
    "NoSuchSlot",
    "NoVault",
    "NotABackup",
    "NotARecipient",
    "NotEnoughMemory",
    "Opener",
    "OrganisationKey",
    "OtherDataKey",
    "Passphrase",
    "Placed",
    "Precedents",
    "RecoveryCode",
    "Rehearsed",
    "Removed",
    "Restored",
    "Salvaged",
    "SlotFacts",
    "SlotKind",
    "SourceChanged",
    "Stamps",
    "Step",
    "Table",
    "TooSoon",
    "Unlocked",
    "Vault",
    "VaultExists",
    "WaysIn",
    "WrongPassphrase",
    "WrongRecoveryKey",
    "kinds",
    "move",
    "prepared",
    "rehearse",
    "remove_old",
    "restore",
    "salvage",
    "unlock",
]
