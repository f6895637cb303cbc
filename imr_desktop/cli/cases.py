# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands about cases: taking them in, listing and showing them, checking them."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from imr_desktop.casework import attesting, exchange, intake, many, worklist
from imr_desktop.casework.issue import finding_out
from imr_desktop.casework.measuring import NeedsPassword
from imr_desktop.casework.package_in import take_in_package
from imr_desktop.casework.progress import Progress
from imr_desktop.checks import Finding, blocking, findings
from imr_desktop.cli import common
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    counted,
    find_case,
    lines_of,
    note,
    opened,
    out,
    prompted,
    say,
    show_table,
    told,
    with_bar,
)
from imr_desktop.cli.packages import KeyOption, package_alone, read_key
from imr_desktop.cli.precedents import WorkersOption
from imr_desktop.errors import Trouble
from imr_desktop.storage import Vault

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="The case number or the case's id.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    app.command("import")(take_in)
    app.command("cases")(cases)
    app.command("show")(show)
    app.command("check")(check)


def take_in(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="PDF files or folders, or one package.")],
    case: Annotated[
        Path | None,
        typer.Option(
            "--case", metavar="FILE", help="What is known of the case: imr-case/1, or the organisation's data."
        ),
    ] = None,
    into: Annotated[str | None, typer.Option(metavar="CASE", help="Add to this case: late records.")] = None,
    key: KeyOption = None,
    passwords_file: Annotated[
        Path | None,
        typer.Option("--pdf-passwords", metavar="FILE", help="Passwords of protected PDFs, one a line; tried on each."),
    ] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take PDFs, folders or a package into a case; prints the case's number."""
    with opened(vault, passphrase_file) as found:
        target = None if into is None else find_case(found, into)
        case_id = ""
        aside: list[Trouble] = []

        def work() -> Any:
            nonlocal case_id
            packed = package_alone(paths, case, target)
            secret = None if key is None else read_key(key)
            passwords = [] if passwords_file is None else lines_of(passwords_file)
            taking = _asking(found, paths, case, target, passwords)
            for step in taking if packed is None else take_in_package(found, packed, keys=secret):
                case_id = step.case_id or case_id
                aside.extend(step.troubles)
                yield step

        with_bar(work(), quiet=as_json)
        taken = found.case(case_id).read()
    pages = sum(source.page_count for source in taken.sources)
    number = taken.header.case_number or case_id
    for trouble in aside:
        told(trouble)
    if as_json:
        left = [trouble.happened for trouble in aside]
        out({"case": number, "id": case_id, "files": len(taken.sources), "pages": pages, "told": left})
    else:
        say(number)


def _asking(
    found: Vault, paths: list[Path], case: Path | None, target: str | None, passwords: list[str]
) -> Iterator[Progress]:
    """Intake that asks whoever sits before it for the passwords of protected files."""
    while True:
        try:
            yield from intake.take_in(found, paths, case_data=case, into=target, passwords=passwords)
        except NeedsPassword as trouble:
            if not sys.stdin.isatty():
                trouble.advice = "Give it in a file: --pdf-passwords FILE."
                raise
            note(trouble.happened)
            passwords.append(prompted("Its password: "))
        else:
            return


def cases(
    archived: Annotated[bool, typer.Option("--archived", help="Archived cases too.")] = False,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the cases, those due first at the top."""
    with opened(vault, passphrase_file) as found:
        rows = worklist.rows(found, _today(), archived=archived)
    if as_json:
        out([worklist.plain(row) for row in rows])
        return
    show_table(
        ("Case", "Due", "Days left", "Status", "Priority", "Items", "Pages", "Id"),
        [
            (
                row.case_number or "(no number)",
                "" if row.due is None else f"{row.due.due.isoformat()}{' (estimated)' if row.due.estimated else ''}",
                "" if row.days_left is None else str(row.days_left),
                row.status,
                row.priority,
                f"{row.items_decided}/{row.items}",
                f"{row.pages_seen}/{row.pages}",
                row.case_id,
            )
            for row in rows
        ],
    )


def show(
    case: CaseArgument,
    page: Annotated[int | None, typer.Option(min=1, help="Open the window at this page of the case.")] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a case: with --json as imr-case/1, with --page in the window."""
    if page is not None:
        raise typer.Exit(common.windows.open_page(common.vault_folder(vault), case, page))
    with opened(vault, passphrase_file) as found:
        desk = attesting.desk(found, find_case(found, case))
        determination = desk.determination(found.reviewer())
        letters = [letter.name for letter in desk.store.letters()]
    if as_json:
        out(exchange.to_json(determination))
        return
    present = determination.case
    header = present.header
    say(f"{header.case_number or '(no number)'}  {header.employee.name}")
    for source in present.sources:
        last = source.first_case_page + source.page_count - 1
        say(f"  {source.name}: case pages {source.first_case_page} to {last}")
    say(f"  Documents: {len(present.documents)}")
    for item in present.items:
        outcome = item.outcome.value if item.outcome else "not decided"
        say(f"  {present.ordinal(item.id)}. {determination.heading(item)}: {outcome}")
    for name in letters:
        say(f"  Issued: {name}")


def check(
    cases: Annotated[
        list[str], typer.Argument(metavar="CASE-or-case.json...", help="Cases of the vault, or JSON files.")
    ],
    workers: WorkersOption = 1,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what would get the determination set aside or sent back; exit 1 if a finding blocks.

    Of many cases each is told under its name; with --json as one object, findings by name.
    """
    files = [Path(each) for each in cases if each.lower().endswith(".json")]
    found: dict[str, tuple[Finding, ...]] = {}
    failed = False
    for done in many.over(_findings_of, files, workers):
        if done.trouble is not None:
            if len(cases) == 1:
                raise done.trouble
            failed = True
            told(done.trouble)
        else:
            found[str(done.path)] = done.result or ()
    named = [each for each in cases if not each.lower().endswith(".json")]
    if named:
        with opened(vault, passphrase_file) as unlocked:
            for each in named:
                desk = attesting.desk(unlocked, find_case(unlocked, each))
                found[each] = desk.findings(unlocked.reviewer())
    plain = {name: [finding_out(finding) for finding in findings] for name, findings in found.items()}
    if as_json:
        out(plain if len(cases) > 1 else next(iter(plain.values())))
    else:
        for name, told_of in found.items():
            if len(cases) > 1:
                say(f"{name}:")
            say_findings(told_of)
    if failed:
        raise typer.Exit(2)
    if any(blocking(each) for each in found.values()):
        raise typer.Exit(1)


def _findings_of(path: Path) -> tuple[Finding, ...]:
    return findings(exchange.read_file(path), _today())


def say_findings(found: tuple[Finding, ...]) -> None:
    """Print findings, gravest first, and how many there are."""
    for number, finding in enumerate(found, 1):
        say(f"{number:3}. {finding.severity.value:8} {finding.id}  {finding.says}")
        for shown in finding.shows:
            say(f"       page {shown.case_page}: … {shown.text} …")
        if finding.answer is not None:
            say(f"       answered: {finding.answer.reason}")
        elif finding.answerable:
            say(f"       mend it, or answer it: imr-desktop answer CASE {number} REASON")
    told_of = counted(len(found), "finding")
    say(f"{told_of[0].upper()}{told_of[1:]}, {len(blocking(found))} of them blocking.")


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
