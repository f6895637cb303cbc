# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault: the reviewer's encrypted store on this laptop, and the cases, letters and keys kept in it."""

# Stands first, because sqlite-utils has to meet SQLCipher when it is imported.
import imr_desktop.storage.sql  # noqa: F401  # isort: split
from imr_desktop.storage.case_store import CaseStore, Step
from imr_desktop.storage.journal import UNDOABLE, Deed, Entry
from imr_desktop.storage.keys import KdfCost
from imr_desktop.storage.letters import FiledLetter
from imr_desktop.storage.rows import Change, Table
from imr_desktop.storage.troubles import (
    AlreadyOpen,
    CannotWrite,
    DamagedLetter,
    DamagedPages,
    DamagedSource,
    DamagedVault,
    DiskFull,
    EmptyPassphrase,
    LetterAlreadyFiled,
    NewerVault,
    NoSuchCase,
    NoSuchIdentity,
    NoSuchLetter,
    NotEnoughMemory,
    NoVault,
    SourceChanged,
    VaultExists,
    WrongPassphrase,
)
from imr_desktop.storage.vault import KeptIdentity, Vault

__all__ = [
    "UNDOABLE",
    "AlreadyOpen",
    "CannotWrite",
    "CaseStore",
    "Change",
    "DamagedLetter",
    "DamagedPages",
    "DamagedSource",
    "DamagedVault",
    "Deed",
    "DiskFull",
    "EmptyPassphrase",
    "Entry",
    "FiledLetter",
    "KdfCost",
    "KeptIdentity",
    "LetterAlreadyFiled",
    "NewerVault",
    "NoSuchCase",
    "NoSuchIdentity",
    "NoSuchLetter",
    "NoVault",
    "NotEnoughMemory",
    "SourceChanged",
    "Step",
    "Table",
    "Vault",
    "VaultExists",
    "WrongPassphrase",
]
