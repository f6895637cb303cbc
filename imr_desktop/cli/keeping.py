# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands that keep the vault: check, rekey, backup, restore, and the audit trail of a case."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from imr_desktop.casework import backups
from imr_desktop.casework.progress import Progress
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    counted,
    find_case,
    first_line,
    opened,
    out,
    passphrase,
    prompted,
    say,
    show_table,
    vault_folder,
    with_bar,
)
from imr_desktop.errors import Trouble
from imr_desktop.storage import (
    AuditReport,
    BackupMade,
    Checked,
    CheckReport,
    Event,
    Fault,
    Moved,
    Opener,
    OrganisationKey,
    Passphrase,
    RecoveryCode,
    Rehearsed,
    Restored,
)
from imr_desktop.storage import rehearse as rehearse_backup
from imr_desktop.storage import restore as restore_backup
from imr_desktop.storage import salvage as salvage_vault

NO = 1

RecoveryOption = Annotated[
    Path | None, typer.Option("--recovery-code-file", metavar="FILE", help="The code of the recovery sheet.")
]
AgeOption = Annotated[
    Path | None, typer.Option("--age-key-file", metavar="FILE", help="The organisation's age identity.")
]


def add_to(app: typer.Typer, vault_app: typer.Typer) -> None:
    """Put these commands into the program and under ``vault``."""
    vault_app.command("check")(check)
    vault_app.command("rekey")(rekey)
    vault_app.command("backup")(backup)
    vault_app.command("restore")(restore)
    vault_app.command("salvage")(salvage)
    vault_app.command("passphrase")(change_passphrase)
    app.command("audit")(audit)


def check(
    acknowledge: Annotated[
        bool, typer.Option("--acknowledge", help="You know of what was found wrong on opening; tell it no longer.")
    ] = False,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check database, chains, every source file, page index and letter; exit 1 if something is wrong."""
    with opened(vault, passphrase_file) as found:
        if acknowledge:
            found.answer_standing()
        (report,) = with_bar(_steps(found.checking()), quiet=as_json)
    if as_json:
        read = {"cases": report.cases, "sources": report.sources, "letters": report.letters}
        out({**read, "faults": [_fault_out(fault) for fault in report.faults]})
    else:
        _say_faults(report.faults)
        say(f"{_read(report)}: {counted(len(report.faults), 'fault')}.")
    if report.faults:
        raise typer.Exit(NO)


def rekey(vault: VaultOption = None, passphrase_file: PassphraseOption = None) -> None:
    """Give the vault a new data key under the same passphrase; recovery sheet and organisation's key stay good."""
    secret = passphrase(passphrase_file)
    with opened(vault, passphrase_file, secret) as found, found.rekey(secret) as anew:
        notices = anew.notices
    _say_faults(notices)
    say("The vault has a new key. Backups made before open with the old one, by the same passphrase.")


def change_passphrase(
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    new_passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file that holds the new passphrase.")
    ] = None,
    recovery_code_file: RecoveryOption = None,
    age_key_file: AgeOption = None,
) -> None:
    """Change the passphrase, or set a new one by a recovery key; no file of the vault has to be written anew."""
    recovered = recovery_code_file is not None or age_key_file is not None
    old = "" if recovered else passphrase(passphrase_file)
    opener = _opener(passphrase_file, recovery_code_file, age_key_file) if recovered else Passphrase(old)
    new = first_line(new_passphrase_file) if new_passphrase_file else prompted("New passphrase: ", twice=True)
    with opened(vault, passphrase_file, opener) as found:
        if recovered:
            found.ways_in.set_passphrase(new)
        else:
            found.ways_in.change_passphrase(old, new)
    say("The passphrase is changed. Earlier backups still open with the old one.")


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup; it must not be there yet.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Back the whole vault up into one encrypted file, and read it back."""
    if file.exists():
        raise Trouble(f"{file} is there already.", "Name a file that is not there; no backup is overwritten.")
    with opened(vault, passphrase_file) as found:
        (made,) = with_bar(backups.make(found, file), quiet=as_json)
    if not isinstance(made, BackupMade):
        raise TypeError("a backup ends with what was made")
    if as_json:
        told = {"file": str(made.path), "bytes": made.byte_count, "files": made.files}
        out({**told, "faults": [_fault_out(fault) for fault in made.faults]})
    else:
        _say_faults(made.faults)
        say(f"{made.path}: {made.files} files, {made.byte_count:,} bytes, written and read back.")
    if made.faults:
        raise typer.Exit(NO)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    recovery_code_file: RecoveryOption = None,
    age_key_file: AgeOption = None,
    rehearsal: Annotated[bool, typer.Option("--rehearse", help="Only try it out; nothing is changed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the vault's place, checked first; what is there is set aside, never removed."""
    opener = _opener(passphrase_file, recovery_code_file, age_key_file)
    if rehearsal:
        _rehearse(file, vault_folder(vault), opener, as_json)
        return
    (restored,) = with_bar(_steps(restore_backup(file, vault_folder(vault), opener)), quiet=as_json)
    if not isinstance(restored, Restored):
        raise TypeError("a restore ends with what was restored")
    aside = None if restored.set_aside is None else str(restored.set_aside)
    if as_json:
        told = {"vault": str(restored.folder), "made": restored.made.isoformat(), "set_aside": aside}
        out({**told, "faults": [_fault_out(fault) for fault in restored.faults]})
    else:
        _say_faults(restored.faults)
        say(f"The vault of {restored.made:%m/%d/%Y %H:%M %Z} is in {restored.folder}.")
        if aside:
            say(f"What was there before is in {aside}.")
    if restored.faults:
        raise typer.Exit(NO)


def _rehearse(file: Path, folder: Path, opener: Opener, as_json: bool) -> None:
    (tried,) = with_bar(_steps(rehearse_backup(file, folder, opener)), quiet=as_json)
    if not isinstance(tried, Rehearsed):
        raise TypeError("a rehearsal ends with what was found")
    report = tried.report
    read = {"cases": report.cases, "sources": report.sources, "letters": report.letters}
    if as_json:
        out({"made": tried.made.isoformat(), **read, "faults": [_fault_out(fault) for fault in report.faults]})
    else:
        _say_faults(report.faults)
        say(
            f"The backup of {tried.made:%m/%d/%Y %H:%M %Z} opens. {_read(report)}: "
            f"{counted(len(report.faults), 'fault')}. Nothing was changed."
        )
    if report.faults:
        raise typer.Exit(NO)


def salvage(
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    recovery_code_file: RecoveryOption = None,
    age_key_file: AgeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Save what a damaged vault.db still gives; the damaged file is kept. Exit 1 if something is lost or doubtful."""
    saved = salvage_vault(vault_folder(vault), _opener(passphrase_file, recovery_code_file, age_key_file))
    if as_json:
        faults = [_fault_out(fault) for fault in saved.faults]
        out({"cases": saved.cases, "wreck": str(saved.wreck), "faults": faults})
    else:
        _say_faults(saved.faults)
        say(f"{counted(saved.cases, 'case')} can be read again. The damaged file is kept as {saved.wreck.name}.")
    if saved.faults:
        raise typer.Exit(NO)


def audit(
    case: Annotated[
        str | None, typer.Argument(metavar="CASE", help="The case; the vault as a whole if not given.")
    ] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who did what when, and whether it still stands as it was recorded; exit 1 if it does not."""
    with opened(vault, passphrase_file) as found:
        report = found.audit() if case is None else found.case(find_case(found, case)).audit()
    if as_json:
        out(_audit_out(report))
    else:
        rows = [(str(event.number), f"{event.at:%Y-%m-%d %H:%M:%S}", event.who, _did(event)) for event in report.events]
        show_table(("#", "When (UTC)", "Who", "What"), rows)
        _say_faults(report.faults)
        told = f"{counted(len(report.events), 'event')}; {counted(len(report.faults), 'fault')}."
        say(f"{told} Head: {report.head.link}")
    if report.faults:
        raise typer.Exit(NO)


def _did(event: Event) -> str:
    label = event.detail.get("label") or event.detail.get("name") or event.detail.get("says") or ""
    return f"{event.kind}: {label}" if label else event.kind


def _audit_out(report: AuditReport) -> dict[str, Any]:
    return {
        "events": [
            {
                "number": each.number,
                "at": each.at.isoformat(),
                "who": each.who,
                "kind": each.kind,
                "detail": each.detail,
            }
            for each in report.events
        ],
        "head": {"number": report.head.number, "link": report.head.link},
        "faults": [_fault_out(fault) for fault in report.faults],
    }


def _opener(secret: Path | None, code: Path | None, age: Path | None) -> Opener:
    if code is not None:
        # The sheet prints the code in two lines.
        return RecoveryCode(_text(code, "recovery code"))
    if age is not None:
        return OrganisationKey(_text(age, "organisation's key"))
    return Passphrase(passphrase(secret))


def _text(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        said = f"The file {path} with the {what} could not be read."
        raise Trouble(said, "Check its name; it is a text file.", place=str(path)) from why


def _read(report: CheckReport) -> str:
    cases, sources, letters = (
        counted(number, what)
        for number, what in ((report.cases, "case"), (report.sources, "source file"), (report.letters, "letter"))
    )
    return f"{cases}, {sources} and {letters} were read".capitalize()


def _steps(work: Iterable[Any]) -> Iterator[Any]:
    for said in work:
        if isinstance(said, Checked):
            yield Progress(said.done, said.total, said.what)
        elif isinstance(said, Moved):
            yield Progress(said.done, said.total, "Reading the backup")
        else:
            yield said


def _fault_out(fault: Fault) -> dict[str, str]:
    return {"says": fault.says, "advice": fault.advice, "place": fault.place, "case": fault.case_id}


def _say_faults(faults: Iterable[Fault]) -> None:
    for fault in faults:
        say(f"{fault.says} {fault.advice}")
        if fault.place or fault.case_id:
            say(f"  Where: {' '.join(part for part in (fault.place, fault.case_id) if part)}")
