# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands around deciding: the disputed items three ways, and the registry of guideline chapters."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from imr_desktop.casework import annex, attesting, guideline_registry, reconcile, sent_again
from imr_desktop.casework.files import replace_whole
from imr_desktop.casework.guideline_registry import Chapter
from imr_desktop.casework.reconcile import SOURCES, Line
from imr_desktop.casework.work_clock import WorkClock, as_csv, setting_name
from imr_desktop.cli.cases import CaseArgument
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    find_case,
    note,
    opened,
    out,
    say,
    show_table,
    with_bar,
)
from imr_desktop.errors import Trouble

registry_app = typer.Typer(help="The registry of MTUS chapters and their editions.", no_args_is_help=True)


class NoSuchLine(Trouble):
    """There is no treatment of this number, or it is an item already."""

    default_advice = "Run `imr-desktop items CASE`; it numbers the treatments and says which have no item."


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    app.command("items")(items)
    app.command("annex")(annex_of)
    app.command("sent-again")(sent_again_in)
    app.command("worktime")(worktime)
    registry_app.command("list")(registry_list)
    registry_app.command("import")(registry_import)
    app.add_typer(registry_app, name="registry")


def items(
    case: CaseArgument,
    take_in: Annotated[int, typer.Option("--take-in", metavar="N", help="Make treatment N an item.")] = 0,
    dismiss: Annotated[int, typer.Option("--dismiss", metavar="N", help="Treatment N is no item: say --reason.")] = 0,
    reason: Annotated[
        str, typer.Option("--reason", help="Why it is none: authorised since, not applied for, ...")
    ] = "",
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show each treatment as application, request and denial word it, with its item; exit 1 while one has none."""
    with opened(vault, passphrase_file) as unlocked:
        desk = attesting.desk(unlocked, find_case(unlocked, case))

        def look() -> tuple[Line, ...]:
            whole = desk.determination(unlocked.reviewer())
            return reconcile.lines(whole, desk.checker.named(whole.case), desk.findings(whole.reviewer))

        if take_in:
            reconcile.take_in(desk, _loose(look(), take_in))
        if dismiss:
            if not reason.strip():
                raise NoSuchLine(f"Treatment {dismiss} needs a reason.", "Say why it is no item: --reason TEXT.")
            reconcile.dismiss(desk, _loose(look(), dismiss), reason)
        found = look()
    left = len(reconcile.open_lines(found))
    if as_json:
        out([_plain(line) for line in found])
    else:
        rows = [(str(number), line.state, *_cells(line)) for number, line in enumerate(found, 1)]
        show_table(("", "State", "Application", "Request", "UR denial"), rows)
        if left:
            note(f"{left} without an item. Take it in (--take-in N) or say why it is none (--dismiss N --reason TEXT).")
    if left:
        raise typer.Exit(1)


def annex_of(
    case: CaseArgument,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.pdf", help="Where the annex goes.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Write the cited pages with their passages framed, for the work file only; no letter carries it."""
    with opened(vault, passphrase_file) as unlocked:
        (pages,) = with_bar(annex.write(attesting.desk(unlocked, find_case(unlocked, case)), output))
    say(f"{pages} cited page{'s' if pages != 1 else ''}: {output}")


def sent_again_in(
    case: CaseArgument,
    move: Annotated[bool, typer.Option("--move", help="Move the evidence that matches to the newer file.")] = False,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare files that came again with those before them; exit 1 while a piece of evidence has no match."""
    made: list[dict[str, Any]] = []
    with opened(vault, passphrase_file) as unlocked:
        desk = attesting.desk(unlocked, find_case(unlocked, case))
        for pair in sent_again.pairs(desk.store, desk.case):
            found = sent_again.follow(desk.store, desk.case, pair)
            number = {page.ref: page.case_page for each in desk.case.sources for page in each.pages()}
            rows = [
                {
                    "evidence": each.evidence.id,
                    "case_page": number[each.evidence.passage.start],
                    "moves_to": None if each.moved is None else number[each.moved.start],
                    "why": each.why or None,
                    "words": " ".join(each.evidence.passage.text.split()),
                }
                for each in found.followed
            ]
            moved = sent_again.carry_over(desk, found) if move else 0
            made.append({"old": pair.old.name, "new": pair.new.name, "moved": moved, "evidence": rows})
            if not as_json:
                say(f"{pair.old.name} came again as {pair.new.name}. {found.told()}")
                show_table(
                    ("Page", "There", "Words"),
                    [(str(row["case_page"]), str(row["moves_to"] or row["why"]), str(row["words"])) for row in rows],
                )
    if as_json:
        out(made)
    elif not made:
        say("No file with evidence on it has come again.")
    if any(row["moves_to"] is None for each in made for row in each["evidence"]):
        raise typer.Exit(1)


def worktime(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.csv", help="Where the table goes; else printed.")
    ] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Minutes worked by case, day and part of the case, without idle time, as CSV for billing."""
    with opened(vault, passphrase_file) as unlocked:
        names = {each.id: each.header.case_number or each.id for each in unlocked.cases()}
        clocks = [(name, WorkClock.from_setting(unlocked.setting(setting_name(key)))) for key, name in names.items()]
    table = as_csv(clocks)
    if output is None:
        say(table.rstrip("\n"))
        return
    replace_whole(output, table.encode("utf-8"))
    say(f"Written: {output}")


def registry_list(as_json: JsonOption = False) -> None:
    """Show every edition with the days on which it is in force."""
    found = guideline_registry.chapters()
    if as_json:
        out([_edition(each) for each in found])
        return
    days = [(_day(each.effective_from), _day(each.effective_to)) for each in found]
    rows = [(each.name(), *both, each.publisher_date) for each, both in zip(found, days, strict=True)]
    show_table(("Edition", "From", "Until", "Publisher's date"), rows)


def registry_import(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.toml", help="Editions in the form of `tables show guidelines`.")
    ],
) -> None:
    """Take editions in: one of the same title and year takes the place of ours, the others are added."""
    ours = guideline_registry.chapters()
    made = guideline_registry.merged(ours, guideline_registry.read(file))
    guideline_registry.keep(made, datetime.now(UTC).astimezone().date())
    say(f"The registry has {len(made)} editions; {len(made) - len(ours)} more than before.")


def _loose(found: tuple[Line, ...], number: int) -> Line:
    if not 1 <= number <= len(found) or found[number - 1].item is not None:
        raise NoSuchLine(f"Treatment {number} is not one without an item.")
    return found[number - 1]


def _cells(line: Line) -> tuple[str, ...]:
    named = [line.named.get(source) for source in SOURCES]
    return tuple("–" if each is None else f"{each.wording} (page {each.case_page})" for each in named)


def _plain(line: Line) -> dict[str, Any]:
    return {
        "item": line.ordinal or None,
        "state": line.state,
        "dismissed": line.reason or None,
        "named": {
            source.value: {"wording": each.wording, "page": each.case_page, "verdict": each.verdict}
            for source, each in line.named.items()
        },
    }


def _edition(each: Chapter) -> dict[str, Any]:
    return {
        "title": each.title,
        "year": each.year,
        "publisher_date": each.publisher_date,
        "effective_from": _day(each.effective_from) or None,
        "effective_to": _day(each.effective_to) or None,
        "sections": list(each.sections),
        "unsure": list(each.unsure),
    }


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
