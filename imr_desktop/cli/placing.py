# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands on where things are kept and for how long: moving the vault, the archive, deleting a case, earlier texts."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from imr_desktop.casework import attesting
from imr_desktop.casework.progress import Progress
from imr_desktop.casework.vault_place import note_elsewhere, usual_vault
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    find_case,
    named_vault,
    note,
    opened,
    out,
    say,
    show_table,
    vault_folder,
    with_bar,
)
from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case
from imr_desktop.storage import Archived, Moved, Placed, places, remove_old
from imr_desktop.storage import move as move_vault

archive_app = typer.Typer(help="Cases that left the worklist, and how long they are kept.", no_args_is_help=True)
CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="The case: its number or its id.")]


def add_to(app: typer.Typer, vault_app: typer.Typer) -> None:
    """Put these commands into the program and under ``vault``."""
    vault_app.command("move")(move)
    app.add_typer(archive_app, name="archive")
    app.command("history")(history)


def move(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new place: an empty folder, or a new one.")],
    vault: VaultOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move the vault: copied, read back and compared before the old place is emptied; no passphrase is needed."""
    steps = (
        Progress(said.done, said.total, "Copying the vault") if isinstance(said, Moved) else said
        for said in move_vault(vault_folder(vault), folder)
    )
    (placed,) = with_bar(steps, quiet=as_json)
    if not isinstance(placed, Placed):
        raise TypeError("a move ends with the new place")
    if named_vault(vault) is None:
        note_elsewhere(usual_vault(), placed.folder)
    emptied = remove_old(placed)
    risk = places.risk(placed.folder)
    if as_json:
        out({"vault": str(placed.folder), "old": str(placed.old), "emptied": emptied, "risk": risk})
        return
    say(f"The vault is in {placed.folder} now.")
    if not emptied:
        note(f"Something could not be removed from {placed.old}: empty that folder yourself.")
    if risk:
        note(risk)


@archive_app.command("list")
def listed(
    due: Annotated[bool, typer.Option("--due", help="Only those whose time is over.")] = False,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the archived cases, with the day from which on each may be deleted."""
    today = datetime.now(UTC).astimezone().date()
    with opened(vault, passphrase_file) as found:
        kept = found.due_for_removal(today) if due else found.archived()
    if as_json:
        out([_plain(each) for each in kept])
        return
    rows = [
        (_name(each.case), f"{each.since:%Y-%m-%d}", each.due.isoformat() if each.due else "never") for each in kept
    ]
    show_table(("Case", "In the archive since", "May be deleted from"), rows)


@archive_app.command("add")
def add(case: CaseArgument, vault: VaultOption = None, passphrase_file: PassphraseOption = None) -> None:
    """Put a case into the archive; everything of it stays."""
    with opened(vault, passphrase_file) as found:
        found.archive_case(find_case(found, case))
    say("The case is in the archive.")


@archive_app.command("back")
def back(case: CaseArgument, vault: VaultOption = None, passphrase_file: PassphraseOption = None) -> None:
    """Take a case back from the archive to the worklist."""
    with opened(vault, passphrase_file) as found:
        found.unarchive_case(_archived(found.archived(), case).case.id)
    say("The case is on the worklist again.")


@archive_app.command("keep")
def keep(
    days: Annotated[int | None, typer.Argument(help="Days; without them cases are never listed for removal.")] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Set how long archived cases are kept before they are listed as due; nothing is deleted by itself."""
    if days is not None and days < 0:
        raise typer.BadParameter("a time cannot be negative")
    with opened(vault, passphrase_file) as found:
        found.keep_retention_days(days)
    say("Archived cases are never listed for removal." if days is None else f"Archived cases are kept for {days} days.")


@archive_app.command("delete")
def delete(
    case: CaseArgument,
    confirm: Annotated[str, typer.Option(metavar="CASE", help="The case's number once more, to be sure.")] = "",
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Delete an archived case for good by destroying its key; its issued letters stay."""
    with opened(vault, passphrase_file) as found:
        kept = _archived(found.archived(), case)
        if confirm != _name(kept.case):
            raise Trouble(
                "Deleting a case destroys its key, and nobody can read it again.",
                f"If you are sure, say it once more: --confirm {_name(kept.case)}",
            )
        found.remove_case(kept.case.id)
    say("The case is deleted: its key is destroyed. Backups made before still hold it until they are thinned out.")


def history(
    case: CaseArgument,
    item: Annotated[int | None, typer.Option(help="The item's rationale; the summary if not given.")] = None,
    bring_back: Annotated[int | None, typer.Option(metavar="NUMBER", help="Put this text back; undo works.")] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every text that the summary or a rationale ever had, or put one of them back."""
    with opened(vault, passphrase_file) as found:
        desk = attesting.desk(found, find_case(found, case))
        items = {desk.case.ordinal(each.id): each.id for each in desk.case.items}
        if item is not None and item not in items:
            raise Trouble(f"The case has no item {item}.", "Look at its items with `imr-desktop show`.")
        about = None if item is None else items[item]
        earlier = desk.earlier_texts(about)
        if bring_back is not None:
            if not 1 <= bring_back <= len(earlier):
                raise Trouble(f"There is no text {bring_back}.", "List them without --bring-back first.")
            desk.bring_back(about, earlier[bring_back - 1].narrative)
    if bring_back is not None:
        say(f"Text {bring_back} is back.")
    elif as_json:
        out([
            {"number": number, "at": each.when.isoformat(), "step": each.label, "text": each.narrative.text}
            for number, each in enumerate(earlier, 1)
        ])  # fmt: skip
    else:
        rows = [
            (str(number), f"{each.when:%Y-%m-%d %H:%M:%S}", each.label, str(len(each.narrative.text.split())))
            for number, each in enumerate(earlier, 1)
        ]
        show_table(("#", "When (UTC)", "Step", "Words"), rows)


def _archived(kept: tuple[Archived, ...], named: str) -> Archived:
    for each in kept:
        if named in {each.case.id, each.case.header.case_number}:
            return each
    raise Trouble(f"There is no case {named} in the archive.", "List it with `imr-desktop archive list`.")


def _name(case: Case) -> str:
    return case.header.case_number or case.id


def _plain(kept: Archived) -> dict[str, str | None]:
    due = None if kept.due is None else kept.due.isoformat()
    return {"id": kept.case.id, "case": kept.case.header.case_number, "since": kept.since.isoformat(), "due": due}
