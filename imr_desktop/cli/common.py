# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every command shares: which vault, its passphrase, machine-readable output, and progress on the terminal."""

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from imr_desktop.casework.progress import Progress as Step
from imr_desktop.casework.vault_place import elsewhere, usual_vault, vault_of_environment
from imr_desktop.errors import Trouble
from imr_desktop.storage import FromKeyring, NoKeyring, Opener, SlotKind, Vault, kinds

T = TypeVar("T")

VaultOption = Annotated[
    Path | None, typer.Option("--vault", metavar="DIR", help="The vault; else IMR_DESKTOP_VAULT, else the default.")
]
PassphraseOption = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="A file that holds the vault's passphrase.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


class NoPassphrase(Trouble):
    """No passphrase could be had."""

    default_advice = "Use --passphrase-file, set IMR_DESKTOP_PASSPHRASE, or run the command in a terminal."


@dataclass
class Chosen:
    """Options given before the command's name; the command's own come first."""

    vault: Path | None = None
    passphrase_file: Path | None = None


chosen = Chosen()


def _no_window(*_: object) -> int:
    raise Trouble("This program was built without its window.", "Use the commands; `imr-desktop --help` lists them.")


@dataclass(frozen=True)
class Windows:
    """How to open the window: on a vault, the demo, a page of a case, a package; each gives an exit status."""

    open_vault: Callable[[Path], int] = _no_window
    open_demo: Callable[[Path], int] = _no_window
    open_page: Callable[[Path, str, int], int] = _no_window
    open_package: Callable[[Path, Path], int] = _no_window


windows = Windows()


def vault_folder(given: Path | None) -> Path:
    """Where the vault is: as given, by IMR_DESKTOP_VAULT, or the platform's data folder."""
    return named_vault(given) or elsewhere(usual_vault())


def named_vault(given: Path | None) -> Path | None:
    """The vault that was named by option or environment; None where the usual one is meant."""
    return given or chosen.vault or vault_of_environment()


def passphrase(given: Path | None, *, twice: bool = False) -> str:
    """The vault's passphrase: from a file's first line, the environment, or a prompt; NoPassphrase otherwise."""
    named = given or chosen.passphrase_file
    if named is not None:
        return first_line(named)
    if "IMR_DESKTOP_PASSPHRASE" in os.environ:
        return os.environ["IMR_DESKTOP_PASSPHRASE"]
    return prompted("Passphrase: ", twice=twice)


def passphrase_given(given: Path | None) -> bool:
    """Whether a passphrase was given by file or environment, so that nobody has to be asked."""
    return given is not None or chosen.passphrase_file is not None or "IMR_DESKTOP_PASSPHRASE" in os.environ


def lines_of(path: Path) -> list[str]:
    """The lines of a file of passwords; Trouble if it cannot be read."""
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    except (OSError, UnicodeDecodeError) as why:
        said = f"The file of passwords {path.name} could not be read."
        raise Trouble(said, "Give a text file with one password a line.", place=str(path)) from why


def first_line(path: Path) -> str:
    """The first line of a passphrase file without its line break; NoPassphrase if it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as why:
        raise NoPassphrase(f"The passphrase file {path} could not be read.", place=str(path)) from why
    return lines[0] if lines else ""


def prompted(question: str, *, twice: bool = False) -> str:
    """A secret typed at the terminal, asked twice where a new one is made; NoPassphrase without a terminal."""
    if not sys.stdin.isatty():
        raise NoPassphrase("There is no passphrase and no terminal to ask for it.")
    try:
        secret = getpass.getpass(question)
        if twice and getpass.getpass("The same again: ") != secret:
            raise NoPassphrase("The two passphrases differ.", "Type the same one twice.")
    except (EOFError, KeyboardInterrupt) as why:
        raise NoPassphrase("No passphrase was given.") from why
    return secret


@contextmanager
def opened(vault: Path | None, passphrase_file: Path | None, by: str | Opener | None = None) -> Iterator[Vault]:
    """The vault, unlocked for one command and closed after it; what was found wrong on opening is told beside.

    ``by`` opens it where the command knows the way in already.
    """
    folder = vault_folder(vault)
    try:
        found = _unlocked(folder, passphrase_file) if by is None else Vault.open(folder, by)
    except Trouble as trouble:
        trouble.place = trouble.place or str(folder)
        raise
    with found:
        standing = found.standing()
        noted = {fault.says for fault in standing}
        for fault in (*(fault for fault in found.notices if fault.says not in noted), *standing):
            note(f"{fault.says} {fault.advice}")
        if standing:
            note("This is told until you say that you know of it: imr-desktop vault check --acknowledge")
        yield found


def _unlocked(folder: Path, passphrase_file: Path | None) -> Vault:
    """By the passphrase where one was given, else by the keyring if it may, else by a passphrase that is asked for."""
    if not passphrase_given(passphrase_file) and SlotKind.KEYRING in kinds(folder):
        try:
            return Vault.open(folder, FromKeyring())
        except NoKeyring as trouble:
            note(trouble.happened)
    return Vault.open(folder, passphrase(passphrase_file))


def find_case(vault: Vault, named: str) -> str:
    """The id of the case, archived or not, that is named by its number or by its id, whole or by a clear beginning."""
    cases = (*vault.cases(), *(kept.case for kept in vault.archived()))
    exact = [case.id for case in cases if named in (case.id, case.header.case_number)]
    close = [case.id for case in cases if case.id.startswith(named)] if len(named) >= 4 else []
    found = exact or close
    if len(found) == 1:
        return found[0]
    if found:
        raise Trouble(f"Several cases are named {named}.", f"Name one by its id: {', '.join(found)}.")
    raise Trouble(f"There is no case {named} in this vault.", "List the cases with `imr-desktop cases --archived`.")


def counted(number: int, what: str) -> str:
    """A number with its noun: 1 case, 2 cases, no faults."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def out(data: Any) -> None:
    """Print plain data as one JSON document."""
    print(json.dumps(data, ensure_ascii=False, indent=2))  # noqa: T201


def say(text: str) -> None:
    """Print a line of the answer."""
    print(text)  # noqa: T201


def note(text: str) -> None:
    """Print a line beside the answer, on standard error."""
    print(text, file=sys.stderr)  # noqa: T201


def show_table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows as a table that fits the terminal."""
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        # What is copied out of a list must be whole, however narrow the terminal.
        table.add_column(heading, no_wrap=heading in ("Case", "Id", "Name"), overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 240).print(table)


def with_bar(work: Iterator[Step | T], *, quiet: bool = False) -> list[T]:
    """Let long work go on under a progress bar on standard error; gives what it yielded besides progress."""
    results: list[T] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet or not sys.stderr.isatty()) as bar:
        task = bar.add_task("Starting", total=None)
        for said in work:
            if isinstance(said, Step):
                bar.update(task, description=said.what, completed=said.done, total=said.total)
            else:
                results.append(said)
    return results


def told(trouble: Trouble) -> None:
    """Print a Trouble's two sentences, and its place where the sentences do not name it."""
    note(f"{trouble.happened} {trouble.advice}")
    if trouble.place and trouble.place not in trouble.happened:
        note(f"Where: {trouble.place}")
