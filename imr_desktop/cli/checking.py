# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands around the checks: answering a finding, noting pages as seen, and the tables that the checks read."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from imr_desktop.casework import attesting, tables
from imr_desktop.casework.reading import pages_of
from imr_desktop.cli.common import JsonOption, PassphraseOption, VaultOption, find_case, opened, out, say, show_table
from imr_desktop.errors import Trouble

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="The case number or the case's id.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The table's name, as `tables list` shows it.")]

table_app = typer.Typer(help="The dated tables that the checks read.", no_args_is_help=True, rich_markup_mode=None)


class NoSuchFinding(Trouble):
    """There is no finding of this number, or it passes by no answer."""

    default_advice = "Run `imr-desktop check CASE`; it numbers the findings and says which can be answered."


class NoSuchPages(Trouble):
    """The pages named are not in the case."""

    default_advice = "Name case pages as 12 or 3-40, as `imr-desktop show CASE` counts them."


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    app.command("answer")(answer)
    app.command("seen")(seen)
    app.add_typer(table_app, name="tables")


def answer(
    case: CaseArgument,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The finding's number in `check CASE`.")],
    reason: Annotated[str, typer.Argument(metavar="REASON", help="Why it may pass: seen, not sufficient because ...")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Answer a finding with a reason; it is kept with the case and lapses when its sentence changes."""
    with opened(vault, passphrase_file) as unlocked:
        desk = attesting.desk(unlocked, find_case(unlocked, case))
        found = desk.findings(unlocked.reviewer())
        if not 1 <= number <= len(found):
            raise NoSuchFinding(f"There is no finding {number}; there are {len(found)}.")
        finding = found[number - 1]
        if not finding.answerable or not reason.strip():
            why = "needs a reason" if finding.answerable else "passes by no answer"
            raise NoSuchFinding(f"Finding {number} ({finding.id}) {why}.", "Mend what it names.")
        desk.answer(finding, reason)
    say(f"Answered: {finding.id}  {finding.says}")


def seen(
    case: CaseArgument,
    pages: Annotated[list[str], typer.Argument(metavar="PAGES...", help="Case pages that were read: 12 or 3-40.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Note that you have read these pages elsewhere, on paper say; the audit trail keeps when."""
    with opened(vault, passphrase_file) as unlocked:
        store = unlocked.case(find_case(unlocked, case))
        known = {page.case_page: page.ref for page in pages_of(store.read())}
        wanted = [number for each in pages for number in _run(each)]
        if not wanted or not set(wanted) <= set(known):
            raise NoSuchPages(f"The case has {len(known)} pages.")
        now = datetime.now(UTC)
        for number in wanted:
            store.mark_seen(known[number], now)
        left = len(known) - len(store.seen())
    if as_json:
        out({"noted": len(wanted), "unseen": left})
    else:
        say(f"{len(wanted)} pages noted as seen; {left} of {len(known)} are not seen yet.")


def _run(told: str) -> range:
    first, dash, last = told.partition("-")
    try:
        return range(int(first), int(last if dash else first) + 1)
    except ValueError:
        raise NoSuchPages(f"{told} names no pages.") from None


@table_app.command("list")
def table_list(as_json: JsonOption = False) -> None:
    """Show each table with its date, its source, and whether it is one of yours."""
    found = tables.in_force()
    if as_json:
        out([asdict(each) for each in found])
        return
    rows = [(each.name, each.date, _whose(each), each.source) for each in found]
    show_table(("Table", "Date", "Whose", "Source"), rows)


@table_app.command("show")
def table_show(name: NameArgument) -> None:
    """Print a table as it is in force."""
    say(tables.text_of(name))


@table_app.command("replace")
def table_replace(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The newer table, as TOML with its date and source.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Its name, if the file is called otherwise.")] = "",
) -> None:
    """Use a newer table in place of ours, from now on."""
    taken = tables.replace(file, name)
    told = f"{taken.name} of {taken.date} is in force" if taken.own else f"{taken.name} is kept but {taken.passed_over}"
    say(f"{told}.")


@table_app.command("restore")
def table_restore(name: NameArgument) -> None:
    """Go back to the table that came with the program."""
    taken = tables.restore(name)
    say(f"{taken.name} of {taken.date}, which came with the program, is in force.")


def _whose(table: tables.TableInForce) -> str:
    return "yours" if table.own else f"ours (yours is {table.passed_over})" if table.passed_over else "ours"
