# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands about letters: rendering, issuing, verifying, reading published ones, and the demo."""

from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from imr_desktop.casework import attesting, exchange, identities, many, published, versions
from imr_desktop.casework import demo as demo_case
from imr_desktop.casework.files import replace_whole
from imr_desktop.casework.issue import CannotIssue, Issued, Sealers, finding_out, issue
from imr_desktop.cli import common
from imr_desktop.cli.cases import CaseArgument, say_findings
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    find_case,
    note,
    opened,
    out,
    say,
    told,
    with_bar,
)
from imr_desktop.cli.precedents import WorkersOption
from imr_desktop.errors import Trouble


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    app.command("render")(render)
    app.command("issue")(issue_case)
    app.command("verify")(verify)
    app.command("read-letter")(read_letter)
    app.command("demo")(demo)


OutFolder = Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="The folder the letters go to.")]


def render(
    cases: Annotated[list[Path], typer.Argument(metavar="case.json...", help="imr-case/1 files.")],
    output: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE.pdf", help="Where the letter goes; a folder for many.")
    ],
    rendition: Annotated[str, typer.Option(help="submission, party or public.")] = "public",
    workers: WorkersOption = 1,
) -> None:
    """Print letters from data alone, without a vault; many into a folder, each under its file's name."""
    from imr_desktop import letter

    try:
        letter.Rendition(rendition)
    except ValueError as why:
        raise typer.BadParameter(f"{rendition} is not submission, party or public") from why
    if len(cases) == 1 and not output.is_dir():
        _render_one(cases[0], rendition, output)
        note(f"The letter is in {output}. It is not sealed: only `issue` seals.")
        return
    doubles = [name for name, count in Counter(path.stem for path in cases).items() if count > 1]
    if doubles:
        raise Trouble(f"Several files are named {doubles[0]}.", "Give them different names, or render them apart.")
    output.mkdir(parents=True, exist_ok=True)
    failed = 0
    for done in many.over(partial(_render_into, rendition=rendition, folder=output), cases, workers):
        if done.trouble is not None:
            failed += 1
            told(done.trouble)
    note(f"{len(cases) - failed} letters are in {output}. They are not sealed: only `issue` seals.")
    if failed:
        raise typer.Exit(2)


def _render_into(case: Path, rendition: str, folder: Path) -> None:
    _render_one(case, rendition, folder / f"{case.stem}.pdf")


def _render_one(case: Path, rendition: str, output: Path) -> None:
    from imr_desktop.casework import finishing
    from imr_desktop.letter import Rendition

    replace_whole(output, finishing.printed(exchange.read_file(case), Rendition(rendition)))


def issue_case(
    case: CaseArgument,
    identity: Annotated[str, typer.Option(help="The identity that seals; it must not name the reviewer.")],
    output: OutFolder,
    submission_identity: Annotated[
        str, typer.Option(help="The reviewer's own identity for the submission; IDENTITY if not given.")
    ] = "",
    corrects: Annotated[str, typer.Option(metavar="WHAT", help="What is corrected, in a case issued before.")] = "",
    because: Annotated[str, typer.Option(metavar="WHY", help="Why it is corrected.")] = "",
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check, print, proofread, seal and file the three renditions; exit 1 if a finding blocks."""
    with opened(vault, passphrase_file) as found:
        desk = attesting.desk(found, find_case(found, case))
        if (corrects or because) and versions.keep_correction(desk, corrects, because) is None:
            raise Trouble("Nothing was issued in this case yet.", "Issue it without --corrects and --because.")
        others = found.identity(identity)
        sealers = Sealers(found.identity(submission_identity) if submission_identity else others, others)
        try:
            (issued,) = with_bar(issue(desk, found.reviewer(), sealers, output, datetime.now(UTC)), quiet=as_json)
        except CannotIssue as refused:
            if as_json:
                out([finding_out(finding) for finding in refused.findings])
            else:
                say_findings(refused.findings)
                note(refused.advice)
            raise typer.Exit(1) from refused
    _say_issued(issued, as_json)


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="A sealed PDF.")],
    trust: Annotated[
        list[Path] | None, typer.Option(metavar="FILE.pem", help="A certificate to trust; may be given again.")
    ] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say who signed, when, whether it is intact, and what cannot be known offline; exit 1 if it does not hold."""
    roots = identities.roots_from(trust or [])
    if vault is not None:
        with opened(vault, passphrase_file) as found:
            roots = (*roots, *found.trust_roots())
    verdict = identities.verify_file(file, roots)
    if as_json:
        out(identities.verdict_out(file.name, verdict))
    else:
        for sentence in verdict.sentences:
            say(sentence)
    if not verdict.intact:
        raise typer.Exit(1)


def read_letter(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.pdf...", help="Published determinations.")],
    workers: WorkersOption = 1,
) -> None:
    """Read published determinations back into imr-case/1, one JSON object a line."""
    failed = False
    for done in many.over(published.as_json_line, files, workers):
        if done.trouble is None:
            say(str(done.result))
        else:
            failed = True
            told(done.trouble)
    if failed:
        raise typer.Exit(2)


def demo(
    headless: Annotated[bool, typer.Option(help="Without a screen.")] = False,
    output: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the letters go; with --headless.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Do the whole job on the demo case in a throw-away vault."""
    if not headless:
        raise typer.Exit(common.windows.open_demo(common.vault_folder(None)))
    folder = output or Path("imr-desktop-demo")
    (issued,) = with_bar(demo_case.headless(folder, datetime.now(UTC)), quiet=as_json)
    _say_issued(issued, as_json)


def _say_issued(issued: Issued, as_json: bool) -> None:
    if as_json:
        told_out: dict[str, Any] = {
            "files": [str(path) for path in issued.files],
            "digest": issued.digest,
            "findings": [finding_out(finding) for finding in issued.findings],
        }
        out(told_out)
        return
    for path in issued.files:
        say(str(path))
    say_findings(issued.findings)
