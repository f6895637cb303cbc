# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the vault is, if the reviewer keeps it elsewhere: the one thing that must be known before it is unlocked."""

import os
from pathlib import Path

import platformdirs

_POINTER = "vault-is-elsewhere.txt"


def vault_to_open() -> Path:
    """The vault that is meant where none is named: the environment's, else the usual one or where its note leads."""
    return vault_of_environment() or elsewhere(usual_vault())


def vault_of_environment() -> Path | None:
    """The folder that IMR_DESKTOP_VAULT names, if it names one."""
    named = os.environ.get("IMR_DESKTOP_VAULT")
    return Path(named) if named else None


def usual_vault() -> Path:
    """The platform's data folder for the vault; a note in it may say that the vault is elsewhere."""
    return Path(platformdirs.user_data_dir("imr-desktop", appauthor=False)) / "vault"


def elsewhere(folder: Path) -> Path:
    """The folder of the vault: the usual one, or the one that a note in it names."""
    try:
        named = (folder / _POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return folder
    return Path(named) if named and Path(named).is_dir() else folder


def note_elsewhere(folder: Path, chosen: Path) -> None:
    """Note in the usual folder that the vault is in another one; or that it is not any more."""
    pointer = folder / _POINTER
    try:
        if chosen.resolve() == folder.resolve():
            pointer.unlink(missing_ok=True)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            pointer.write_text(f"{chosen.resolve()}\n", encoding="utf-8")
    except OSError:
        return  # without the note the folder is asked for again; no work depends on it


def surely_there(folder: Path) -> bool:
    """Whether a vault is seen in the folder at first sight, by its key file; storage knows of all other states.

    Kept apart from storage, which takes longer to load than the question for the passphrase takes to be drawn.
    """
    return (folder / "vault.json").is_file()
