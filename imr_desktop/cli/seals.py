# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands about sealed letters: the Medical Director's countersignature, and the time stamped by a server."""

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from imr_desktop.casework import countersigning, identities
from imr_desktop.cli.common import NoPassphrase, PassphraseOption, VaultOption, note, opened, prompted, say, with_bar
from imr_desktop.signing import hands, tokens
from imr_desktop.signing.pins import Pin
from imr_desktop.signing.stamping import Clock

SealedArgument = Annotated[Path, typer.Argument(metavar="FILE.pdf", help="A sealed letter; it stays as it is.")]
OutOption = Annotated[Path, typer.Option("-o", "--out", metavar="FILE.pdf", help="The new file.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    app.command("countersign")(countersign)
    app.command("stamp")(stamp)


def countersign(
    file: SealedArgument,
    output: OutOption,
    identity: Annotated[str, typer.Option(help="The identity in the vault that signs.")] = "",
    token_driver: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A token's driver (PKCS#11 module), to sign by a token.")
    ] = None,
    token: Annotated[str, typer.Option(help="The token's label.")] = "",
    key: Annotated[str, typer.Option(help="The label of key and certificate on the token.")] = "",
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE.pem", help="The certificate, if it is not on the token.")
    ] = None,
    pin_file: Annotated[Path | None, typer.Option(metavar="FILE", help="A file that holds the token's PIN.")] = None,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Sign a reviewer's sealed submission in the Medical Director's place; after that nothing may change in it."""
    now = datetime.now(UTC)
    if token_driver is not None:
        held: AbstractContextManager[hands.Hand] = tokens.hand_of(
            tokens.Token(token_driver, token, key, certificate), _pin(pin_file)
        )
    else:
        if not identity:
            raise typer.BadParameter("give an identity of the vault, or a token")
        with opened(vault, passphrase_file) as found:
            kept = found.identity(identity)
        held = nullcontext(hands.of_file(kept.pkcs12, kept.secret))
    with held as hand:
        with_bar(countersigning.sign(countersigning.read(file), output, now, director=hand))
    say(f"Countersigned: {output}")


def _pin(file: Path | None) -> Pin:
    if file is None:
        return Pin(prompted("PIN of the token: "))
    try:
        return Pin.read(file)
    except OSError as why:
        raise NoPassphrase(f"The PIN file {file} could not be read.", place=str(file)) from why


def stamp(
    file: SealedArgument,
    output: OutOption,
    server: Annotated[str, typer.Option(metavar="URL", help="A time-stamp server (RFC 3161).")],
    trust: Annotated[
        list[Path] | None, typer.Option(metavar="FILE.pem", help="A certificate to trust; may be given again.")
    ] = None,
) -> None:
    """Have the time stamped on a sealed letter. This uses the network: the server sees a digest, nothing else."""
    clock = Clock(server, identities.roots_from(trust or []))
    (signed,) = with_bar(countersigning.sign(countersigning.read(file), output, datetime.now(UTC), clock=clock))
    say(f"The time is stamped: {output}")
    if not signed.lasting:
        note("Whether the certificate was revoked could not be fetched, so that is not shown by the file itself.")
