# SPDX-License-Identifier: AGPL-3.0-or-later
"""The package of a case: written for the organisation or another laptop, and told apart from PDFs when it comes in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from imr_desktop.casework import attesting
from imr_desktop.casework.package import SUFFIX, Packed, pack
from imr_desktop.casework.package_in import is_package
from imr_desktop.cli import common
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    find_case,
    note,
    opened,
    out,
    say,
    with_bar,
)
from imr_desktop.errors import Trouble

OPEN: Final = "open"
# The options before a command that take a word after them.
VALUED: Final = ("--vault", "--passphrase-file")
KeyOption = Annotated[
    Path | None, typer.Option("--key", metavar="FILE", help="An age key file that opens an encrypted package.")
]


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    app.command("export")(export)
    # Not listed: a desktop's double click gives nothing but the file, and ``run`` puts the command's name before it.
    app.command(OPEN, hidden=True)(open_package)


def with_command(arguments: Sequence[str]) -> list[str]:
    """The arguments, with the command that opens a package where a package stands in a command's place."""
    valued = False
    for number, each in enumerate(arguments):
        if valued or each.startswith("-"):
            valued = not valued and each in VALUED
            continue
        return [*arguments[:number], *([OPEN] if is_package(Path(each)) else []), *arguments[number:]]
    return list(arguments)


def open_package(
    file: Annotated[Path, typer.Argument(metavar="FILE.imrcase", help="The package to take in.")],
    vault: VaultOption = None,
) -> None:
    """Open the window, and take a package in once the vault is open."""
    if not file.is_file():
        raise Trouble(f"There is no file {file.name}.", "Choose a package that is there, a file named .imrcase.")
    raise typer.Exit(common.windows.open_package(common.vault_folder(vault), file.absolute()))


def export(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case number or the case's id.")],
    output: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.imrcase", help="Where the package goes.")],
    recipient: Annotated[
        list[str] | None, typer.Option(metavar="age1...", help="Encrypt to this age recipient; may be given again.")
    ] = None,
    sources: Annotated[bool, typer.Option("--sources/--without-sources", help="Pack the records too.")] = True,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pack a case: its data, its records, its letters, and a manifest with digests."""
    target = output / f"{case}{SUFFIX}" if output.is_dir() else output
    if target.exists():
        raise Trouble(f"There is a file {target.name} already.", "Choose another name; nothing is overwritten.")
    with opened(vault, passphrase_file) as found:
        desk = attesting.desk(found, find_case(found, case))
        work = pack(
            desk,
            found.reviewer(),
            target,
            datetime.now(UTC),
            recipients=tuple(recipient or ()),
            with_sources=sources,
        )
        (packed,) = with_bar(work, quiet=as_json)
    _say(packed, as_json)


def package_alone(paths: Sequence[Path], case_data: Path | None, into: str | None) -> Path | None:
    """The package among what is to come in, which is then all that comes in; None if there is none."""
    packages = [path for path in paths if is_package(path)]
    if not packages:
        return None
    if len(paths) > 1 or case_data is not None or into is not None:
        raise Trouble("A package is a whole case of its own.", "Take it in alone, without other files or options.")
    return packages[0]


def read_key(path: Path) -> str:
    """The text of an age key file."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise Trouble(f"The key file {path.name} could not be read.", "Give an age key file.", place=str(path)) from why


def _say(packed: Packed, as_json: bool) -> None:
    if as_json:
        out(
            {
                "file": str(packed.path),
                "bytes": packed.byte_count,
                "sha256": packed.sha256,
                "encrypted": packed.encrypted,
            }
        )
        return
    say(str(packed.path))
    note(f"SHA-256 {packed.sha256}")
    if not packed.encrypted:
        note("It is not encrypted, and it names the reviewer: give it to the organisation alone.")
