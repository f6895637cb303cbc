# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands that keep the vault: ways in, check, rekey, backup, restore, and the audit trail of a case."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from imr_desktop.casework import backups, recovery
from imr_desktop.casework.progress import Progress
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    find_case,
    first_line,
    note,
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
    Event,
    Fault,
    Moved,
    Opener,
    OrganisationKey,
    Passphrase,
    RecoveryCode,
    Rehearsed,
    Restored,
    Vault,
)
from imr_desktop.storage import rehearse as rehearse_backup
from imr_desktop.storage import restore as restore_backup
from imr_desktop.storage import salvage as salvage_vault

NO = 1
slot_app = typer.Typer(help="The ways into the vault.", no_args_is_help=True)

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
    vault_app.add_typer(slot_app, name="slot")
    app.command("audit")(audit)


def check(vault: VaultOption = None, passphrase_file: PassphraseOption = None, as_json: JsonOption = False) -> None:
    """Check database, chains, every source file, page index and letter; exit 1 if something is wrong."""
    with opened(vault, passphrase_file) as found:
        (report,) = with_bar(_steps(found.checking()), quiet=as_json)
    if as_json:
        read = {"cases": report.cases, "sources": report.sources, "letters": report.letters}
        out({**read, "faults": [_fault_out(fault) for fault in report.faults]})
    else:
        _say_faults(report.faults)
        say(
            f"{report.cases} cases, {report.sources} source files and {report.letters} letters were read: "
            f"{len(report.faults) or 'no'} faults."
        )
    if report.faults:
        raise typer.Exit(NO)


def rekey(vault: VaultOption = None, passphrase_file: PassphraseOption = None) -> None:
    """Give the vault a new data key under the same passphrase; recovery sheet and organisation's key stay good."""
    secret = passphrase(passphrase_file)
    with Vault.open(vault_folder(vault), secret) as found, found.rekey(secret) as anew:
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
    with Vault.open(vault_folder(vault), opener) as found:
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
            f"The backup of {tried.made:%m/%d/%Y %H:%M %Z} opens: {report.cases} cases, {report.sources} source files "
            f"and {report.letters} letters were read, {len(report.faults) or 'no'} faults. Nothing was changed."
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
        say(f"{saved.cases} cases can be read again. The damaged file is kept as {saved.wreck.name}.")
    if saved.faults:
        raise typer.Exit(NO)


@slot_app.command("list")
def slots(vault: VaultOption = None, passphrase_file: PassphraseOption = None, as_json: JsonOption = False) -> None:
    """List the ways into the vault."""
    with opened(vault, passphrase_file) as found:
        listed = found.ways_in.list()
    made = [None if each.made is None else each.made.date().isoformat() for each in listed]
    if as_json:
        out(
            [
                {"id": each.id, "kind": each.kind.value, "label": each.label, "made": day}
                for each, day in zip(listed, made, strict=True)
            ]
        )
        return
    rows = [(each.id, each.kind.value, each.label, day or "") for each, day in zip(listed, made, strict=True)]
    show_table(("Id", "Kind", "Label", "Made"), rows)


@slot_app.command("add-sheet")
def add_sheet(
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Write the QR code to print it.")] = None,
) -> None:
    """Make a recovery sheet to print; it is shown once, and an earlier sheet opens the vault no longer."""
    with opened(vault, passphrase_file) as found:
        sheet = recovery.make_sheet(found, datetime.now(UTC).astimezone().date())
    say(sheet.text)
    say(sheet.terminal())
    if svg is not None:
        descriptor = os.open(svg, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as drawn:
            drawn.write(sheet.svg())
        note(f"{svg} opens the vault as the sheet does: print it and destroy the file.")


@slot_app.command("add-organisation")
def add_organisation(
    recipient: Annotated[str, typer.Argument(help="The organisation's age recipient (age1...).")],
    label: Annotated[str, typer.Option(help="Whose key it is.")] = "",
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Let the holder of an organisation's age key open the vault if the passphrase is lost."""
    with opened(vault, passphrase_file) as found:
        found.ways_in.add_organisation(recipient, label)
    say("The organisation's key opens the vault from now on.")


@slot_app.command("add-keyring")
def add_keyring(vault: VaultOption = None, passphrase_file: PassphraseOption = None) -> None:
    """Let the operating system's keyring open the vault; the passphrase always works too."""
    with opened(vault, passphrase_file) as found:
        found.ways_in.add_keyring()
    say("The keyring opens the vault from now on.")


@slot_app.command("remove")
def remove_slot(
    slot: Annotated[str, typer.Argument(help="The slot's id, as `vault slot list` shows it.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Remove a way into the vault; the passphrase cannot be removed."""
    with opened(vault, passphrase_file) as found:
        found.ways_in.remove(slot)
    say("That way in is gone.")


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
        say(f"{len(report.events)} events; {len(report.faults) or 'no'} faults. Head: {report.head.link}")
    if report.faults:
        raise typer.Exit(NO)


def _did(event: Event) -> str:
    label = event.detail.get("label") or event.detail.get("name") or ""
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
        return RecoveryCode(first_line(code))
    if age is not None:
        try:
            return OrganisationKey(age.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as why:
            raise Trouble(f"The key file {age} could not be read.", "Check its name.", place=str(age)) from why
    return Passphrase(passphrase(secret))


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
