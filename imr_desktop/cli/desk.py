# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands of the desk: a request for missing records, the support report, and settings that move between machines."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from imr_desktop.casework import missing, support
from imr_desktop.cli.cases import CaseArgument
from imr_desktop.cli.common import JsonOption, PassphraseOption, VaultOption, find_case, note, opened, out, say

settings_app = typer.Typer(help="Settings that move between machines; nothing of any case.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    app.command("missing")(missing_records)
    app.command("support-report")(support_report)
    settings_app.command("export")(export)
    settings_app.command("import")(take_over)
    app.add_typer(settings_app, name="settings")


def missing_records(
    case: CaseArgument,
    log: Annotated[bool, typer.Option("--log", help="Keep that the request was made today.")] = False,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draft the request for records that the file names and does not hold."""
    now = datetime.now(UTC)
    with opened(vault, passphrase_file) as found:
        store = found.case(find_case(found, case))
        present = store.read()
        gaps = missing.gaps(present, store.pages.index.texts())
        if log:
            missing.log(found, store.id, now, len(gaps))
        asked = missing.requests(found, store.id)
    if as_json:
        out(
            {
                "missing": [
                    {
                        "report": each.report,
                        "date": each.day.isoformat(),
                        "named_by": each.named_by,
                        "page": each.named_on,
                    }
                    for each in gaps
                ],
                "requests": [{"at": day.isoformat(), "records": count} for day, count in asked],
            }
        )
        return
    say(missing.draft(present, gaps, now.astimezone().date()))
    if not gaps:
        note("No report that the read pages name by its day is lacking. Read the case first: imr-desktop read CASE.")


def support_report(vault: VaultOption = None, passphrase_file: PassphraseOption = None) -> None:
    """Print versions, figures and settings for whoever helps; no word of any case."""
    with opened(vault, passphrase_file) as found:
        say(support.report(found, datetime.now(UTC)))


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="Where the pack goes.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Write keys, holidays and looks into one file."""
    with opened(vault, passphrase_file) as found:
        support.pack(found, file)


def take_over(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="A pack that this program wrote.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Take over keys, holidays and looks; lists are merged with what is here."""
    with opened(vault, passphrase_file) as found:
        came = support.unpack(found, file)
    say(f"Taken over: {', '.join(came) or 'nothing'}.")
