# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program's commands put together, and how each ends: 0 done, 1 the answer is no, 2 trouble."""

import logging
import os
import sys
from collections.abc import Sequence

import typer
import typer.exceptions

from imr_desktop import __version__
from imr_desktop.cli import (
    cases,
    checking,
    common,
    deciding,
    desk,
    filed,
    keeping,
    letters,
    packages,
    placing,
    precedents,
    reading,
    seals,
    vaults,
    ways_in,
)
from imr_desktop.cli.common import PassphraseOption, VaultOption, Windows
from imr_desktop.errors import Trouble

DONE, NO, TROUBLE = 0, 1, 2

app = typer.Typer(
    name="imr-desktop",
    help="Decide California workers' compensation Independent Medical Reviews, offline and alone.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def begin(
    context: typer.Context,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    version: bool = typer.Option(False, "--version", help="Say which version this is."),
) -> None:
    """Open the window, or run a command."""
    common.chosen.vault, common.chosen.passphrase_file = vault, passphrase_file
    if version:
        common.say(f"imr-desktop {__version__}")
        raise typer.Exit(DONE)
    if context.invoked_subcommand is None:
        raise typer.Exit(common.windows.open_vault(common.vault_folder(None)))


vaults.add_to(app)
keeping.add_to(app, vaults.vault_app)
deciding.add_to(app)
ways_in.add_to(vaults.vault_app)
placing.add_to(app, vaults.vault_app)
cases.add_to(app)
checking.add_to(app)
reading.add_to(app)
letters.add_to(app)
seals.add_to(app)
filed.add_to(app)
packages.add_to(app)
precedents.add_to(app)
desk.add_to(app)


def run(arguments: Sequence[str], windows: Windows | None = None) -> int:
    """Run one command; its exit status. Trouble is told in two sentences, a bug without any text of a case.

    ``windows`` opens what needs a screen; without it such a command is Trouble.
    """
    common.windows = windows or Windows()
    try:
        outcome = app(packages.with_command(arguments), standalone_mode=False)
    except Trouble as trouble:
        common.told(trouble)
        return TROUBLE
    except typer.exceptions.TyperException as wrong:
        common.note(wrong.format_message() if hasattr(wrong, "format_message") else str(wrong))
        return TROUBLE
    except (typer.Abort, KeyboardInterrupt):
        common.note("Stopped. What was done up to here is kept.")
        return TROUBLE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return TROUBLE
    except Exception as bug:
        return _told_bug(bug)
    return outcome if isinstance(outcome, int) else DONE


def _told_bug(bug: Exception) -> int:
    where = bug.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    line = "" if where is None else f" in {where.tb_frame.f_code.co_name}, line {where.tb_lineno}"
    common.note(f"A mistake of the program stopped the command ({type(bug).__name__}{line}); your work is saved.")
    common.note("Report it with these words; set IMR_DESKTOP_DEBUG=1 to see more, which may show text of the case.")
    if os.environ.get("IMR_DESKTOP_DEBUG"):
        logging.getLogger("imr_desktop").error("bug", exc_info=bug)
    return TROUBLE
