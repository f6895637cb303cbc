# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands about the vault itself: making it, the reviewer's profile, and signing identities."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from imr_desktop.casework import identities
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    first_line,
    note,
    opened,
    out,
    passphrase,
    prompted,
    say,
    show_table,
    vault_folder,
)
from imr_desktop.models.plain import from_plain, to_plain
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import Vault

vault_app = typer.Typer(help="The store on this laptop.", no_args_is_help=True)
identity_app = typer.Typer(help="Signing credentials.", no_args_is_help=True)
profile_app = typer.Typer(help="The reviewer's own profile.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    app.add_typer(vault_app, name="vault")
    app.add_typer(identity_app, name="identity")
    app.add_typer(profile_app, name="profile")


@vault_app.command("create")
def create(vault: VaultOption = None, passphrase_file: PassphraseOption = None, as_json: JsonOption = False) -> None:
    """Make a new, empty vault."""
    folder = vault_folder(vault)
    with Vault.create(folder, passphrase(passphrase_file, twice=True)):
        pass
    if as_json:
        out({"vault": str(folder)})
    else:
        say(f"The vault is made in {folder}. Keep the passphrase: nobody can open the vault without it.")


@profile_app.command("show")
def profile_show(
    vault: VaultOption = None, passphrase_file: PassphraseOption = None, as_json: JsonOption = False
) -> None:
    """Show the reviewer's profile, which stays in the vault but for the credentials."""
    with opened(vault, passphrase_file) as found:
        reviewer = found.reviewer()
    if as_json:
        out(to_plain(reviewer))
        return
    credentials = reviewer.credentials
    rows = [
        ("Name", reviewer.name),
        ("Licence", reviewer.licence),
        ("States of licensure", ", ".join(credentials.states_of_licensure)),
        ("Certifications", ", ".join(credentials.certifications)),
        ("Credentials are stated", credentials.credential_style.value),
        ("In active practice", "attested" if reviewer.practice_attestation else "not attested"),
    ]
    show_table(("Field", "Value"), rows)


@profile_app.command("set")
def profile_set(
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    name: Annotated[str | None, typer.Option(help="The reviewer's name; it never leaves the organisation.")] = None,
    licence: Annotated[str | None, typer.Option(help="Profession or number of the licence.")] = None,
    email: Annotated[str | None, typer.Option(help="For the submission only.")] = None,
    phone: Annotated[str | None, typer.Option(help="For the submission only.")] = None,
    state: Annotated[list[str] | None, typer.Option(help="A state of licensure; may be given again.")] = None,
    certification: Annotated[list[str] | None, typer.Option(help="A certification; may be given again.")] = None,
    board_certified: Annotated[bool | None, typer.Option(help="Certified by a board (MD, DO).")] = None,
    credential_style: Annotated[str | None, typer.Option(help="block or inline.")] = None,
    attest_practice: Annotated[
        bool | None, typer.Option(help="Over five years and at least 24 hours a week in active practice.")
    ] = None,
) -> None:
    """Change the fields of the reviewer's profile that are given."""
    with opened(vault, passphrase_file) as found:
        plain = to_plain(found.reviewer())
        own = {
            "name": name,
            "licence": licence,
            "email": email,
            "phone": phone,
            "practice_attestation": attest_practice,
        }
        disclosed = {
            "states_of_licensure": state or None,
            "certifications": certification or None,
            "board_certified": board_certified,
            "credential_style": credential_style,
        }
        plain.update({key: value for key, value in own.items() if value is not None})
        plain["credentials"].update({key: value for key, value in disclosed.items() if value is not None})
        try:
            reviewer = from_plain(plain, Reviewer)
        except (ValueError, ExceptionGroup) as why:
            raise typer.BadParameter("the credential style is block or inline") from why
        found.keep_reviewer(reviewer)
    say("The profile is kept.")


@identity_app.command("create")
def identity_create(
    name: Annotated[str, typer.Argument(help="What you call it here.")],
    common_name: Annotated[str, typer.Option(help="The subject that readers see; NAME if not given.")] = "",
    organisation: Annotated[str, typer.Option(help="The organisation that readers see.")] = "",
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a trial identity: it seals letters, but no reader knows whose it is until they are told."""
    with opened(vault, passphrase_file) as found:
        facts = identities.create(found, name, common_name or name, organisation, datetime.now(UTC))
    _say_identity(name, facts.subject, as_json)


@identity_app.command("import")
def identity_import(
    file: Annotated[Path, typer.Argument(help="A PKCS#12 file (.p12, .pfx).")],
    name: Annotated[str, typer.Option(help="What you call it here; the file's name if not given.")] = "",
    p12_passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file that holds the PKCS#12 file's passphrase.")
    ] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring in a signing identity that an organisation issued."""
    secret = first_line(p12_passphrase_file) if p12_passphrase_file else prompted("Passphrase of the PKCS#12 file: ")
    with opened(vault, passphrase_file) as found:
        facts = identities.take_in(found, name or file.stem, file, secret, datetime.now(UTC))
    _say_identity(name or file.stem, facts.subject, as_json)


@identity_app.command("request")
def identity_request(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called in this vault.")],
    output: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.csr", help="Where the request goes.")],
    common_name: Annotated[
        str, typer.Option(help="The name on the certificate: a pseudonym, seen by all who get a letter.")
    ],
    organisation: Annotated[str, typer.Option(help="The organisation on the certificate.")] = "",
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Make a key and ask an authority for its certificate; the key never leaves the vault."""
    with opened(vault, passphrase_file) as found:
        identities.request(found, name, common_name, organisation, output, datetime.now(UTC))
    note(f"Send {output} to the authority; then: imr-desktop identity enrol {name} CERTIFICATE.pem")


@identity_app.command("enrol")
def identity_enrol(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The identity that waits for its certificate.")],
    file: Annotated[Path, typer.Argument(metavar="FILE.pem", help="The certificate, with those above it.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Take the certificate in that an authority made for a request."""
    with opened(vault, passphrase_file) as found:
        facts = identities.enrol(found, name, file, datetime.now(UTC))
    note(f"{name} signs as {facts.subject}, until {facts.not_after:%m/%d/%Y}.")


@identity_app.command("list")
def identity_list(
    vault: VaultOption = None, passphrase_file: PassphraseOption = None, as_json: JsonOption = False
) -> None:
    """List the signing identities and whether each can be used today."""
    with opened(vault, passphrase_file) as found:
        listed = identities.listed(found, datetime.now(UTC))
    if as_json:
        out([identities.as_plain(each) for each in listed])
        return
    rows = [
        (
            each.name,
            each.facts.subject,
            each.facts.not_after.date().isoformat(),
            (each.warning or "usable") if each.facts.usable else each.facts.why_not,
            "trial" if each.trial else "",
        )
        for each in listed
    ]
    show_table(("Name", "Subject", "Valid until", "State", ""), rows)


@identity_app.command("certificate")
def identity_certificate(
    name: Annotated[str, typer.Argument(help="The identity's name.")],
    output: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.pem", help="Where the certificate goes.")],
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Write an identity's certificate, without its key, for those who are to trust it."""
    with opened(vault, passphrase_file) as found:
        identities.write_certificate(found, name, output)
    say(f"The certificate is in {output}.")


def _say_identity(name: str, subject: str, as_json: bool) -> None:
    if as_json:
        out({"name": name, "subject": subject})
    else:
        say(f"The identity {name} is kept in the vault. Readers will see: {subject}")
