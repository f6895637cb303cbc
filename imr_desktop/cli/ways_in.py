# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands about the ways into the vault: recovery sheet, organisation's key, keyring."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from imr_desktop.casework import recovery
from imr_desktop.cli.common import JsonOption, PassphraseOption, VaultOption, note, opened, out, say, show_table
from imr_desktop.errors import Trouble

slot_app = typer.Typer(help="The ways into the vault.", no_args_is_help=True)


def add_to(vault_app: typer.Typer) -> None:
    """Put these commands under ``vault``."""
    vault_app.add_typer(slot_app, name="slot")


@slot_app.command("list")
def slots(vault: VaultOption = None, passphrase_file: PassphraseOption = None, as_json: JsonOption = False) -> None:
    """List the ways into the vault."""
    with opened(vault, passphrase_file) as found:
        listed = found.ways_in.list()
    made = [None if each.made is None else each.made.date().isoformat() for each in listed]
    if as_json:
        out(
            [
                {"id": each.id, "kind": each.kind.value, "label": each.label, "made": day}
                for each, day in zip(listed, made, strict=True)
            ]
        )
        return
    rows = [(each.id, each.kind.value, each.label, day or "") for each, day in zip(listed, made, strict=True)]
    show_table(("Id", "Kind", "Label", "Made"), rows)


@slot_app.command("add-sheet")
def add_sheet(
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Write the QR code to print it.")] = None,
) -> None:
    """Make a recovery sheet to print; it is shown once, and an earlier sheet opens the vault no longer."""
    # The old sheet opens the vault until the new one has a place to go to.
    with opened(vault, passphrase_file) as found, _new_file(svg) as drawn:
        sheet = recovery.make_sheet(found, datetime.now(UTC).astimezone().date())
        if drawn is not None:
            drawn.write(sheet.svg())
    say(sheet.text)
    say(sheet.terminal())
    if svg is not None:
        note(f"{svg} opens the vault as the sheet does: print it and destroy the file.")


@slot_app.command("add-organisation")
def add_organisation(
    recipient: Annotated[str, typer.Argument(help="The organisation's age recipient (age1...).")],
    label: Annotated[str, typer.Option(help="Whose key it is.")] = "",
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Let the holder of an organisation's age key open the vault if the passphrase is lost."""
    with opened(vault, passphrase_file) as found:
        found.ways_in.add_organisation(recipient, label)
    say("The organisation's key opens the vault from now on.")


@slot_app.command("add-keyring")
def add_keyring(vault: VaultOption = None, passphrase_file: PassphraseOption = None) -> None:
    """Let the operating system's keyring open the vault; the passphrase always works too."""
    with opened(vault, passphrase_file) as found:
        found.ways_in.add_keyring()
    say("The keyring opens the vault from now on.")


@slot_app.command("remove")
def remove_slot(
    slot: Annotated[str, typer.Argument(help="The slot's id, as `vault slot list` shows it.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Remove a way into the vault; the passphrase cannot be removed."""
    with opened(vault, passphrase_file) as found:
        found.ways_in.remove(slot)
    say("That way in is gone.")


@contextmanager
def _new_file(path: Path | None) -> Iterator[TextIO | None]:
    """A new text file for its owner's eyes only, taken away again if what was to stand in it did not come about."""
    if path is None:
        yield None
        return
    try:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except FileExistsError as why:
        raise Trouble(
            f"{path} is there already, so no sheet was made.", "Name a file that is not there.", place=str(path)
        ) from why
    except OSError as why:
        said = f"{path} could not be written ({why.strerror}), so no sheet was made."
        raise Trouble(said, "Choose another folder.", place=str(path)) from why
    try:
        with file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
