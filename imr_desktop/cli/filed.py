# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command that lists letters that were issued, also those of deleted cases, and saves copies of them."""

import hashlib
from pathlib import Path
from typing import Annotated, Any

import typer

from imr_desktop.casework.files import all_or_none
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    counted,
    find_case,
    note,
    opened,
    out,
    show_table,
)
from imr_desktop.errors import Trouble
from imr_desktop.storage import FiledLetter, Kind, Vault


def add_to(app: typer.Typer) -> None:
    """Put this command into the program."""
    app.command("letters")(letters)


def letters(
    case: Annotated[
        str | None, typer.Argument(metavar="CASE", help="The case; those of deleted cases if not given.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="DIR", help="Save copies into this folder.")
    ] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the letters issued in a case, or those that deleted cases left; with --out save them as they were signed."""
    with opened(vault, passphrase_file) as found:
        listed = _of(found, case)
        if output is not None:
            _save(found, listed, output)
    if as_json:
        out([_plain(case_id, letter) for case_id, letter in listed])
    else:
        show_table(
            ("Case id", "Name", "Issued (UTC)", "Bytes", "SHA-256"),
            [
                (case_id, each.name, f"{each.filed:%Y-%m-%d %H:%M}", str(each.byte_count), each.sha256)
                for case_id, each in listed
            ],
        )
    if output is not None:
        note(f"{counted(len(listed), 'letter')} saved in {output}.")


def _of(vault: Vault, case: str | None) -> list[tuple[str, FiledLetter]]:
    deleted = vault.letters_of_deleted()
    if case is None:
        return [(case_id, letter) for case_id, letters in deleted.items() for letter in letters]
    if case in deleted:
        return [(case, letter) for letter in deleted[case]]
    case_id = find_case(vault, case)
    return [(case_id, letter) for letter in vault.case(case_id).letters()]


def _save(vault: Vault, listed: list[tuple[str, FiledLetter]], folder: Path) -> None:
    deleted = vault.letters_of_deleted()
    wanted: dict[Path, bytes] = {}
    for case_id, letter in listed:
        target = folder / letter.name
        if target in wanted or target.exists():
            raise Trouble(f"There is a file {letter.name} in {folder} already.", "Choose an empty folder.")
        gone = case_id in deleted
        wanted[target] = (
            vault.letter_of_deleted(case_id, letter.name) if gone else vault.case(case_id).letter_bytes(letter.name)
        )
    with all_or_none(wanted):
        pass
    for (case_id, letter), data in zip(listed, wanted.values(), strict=True):
        told = {"what": "letter", "sha256": hashlib.sha256(data).hexdigest()}
        if case_id in deleted:
            vault.record(Kind.EXPORTED, {**told, "name": letter.name})
        else:
            vault.case(case_id).record(Kind.EXPORTED, told)


def _plain(case_id: str, letter: FiledLetter) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "name": letter.name,
        "issued": letter.filed.isoformat(),
        "bytes": letter.byte_count,
        "sha256": letter.sha256,
    }
