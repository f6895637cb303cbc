# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing identities as the reviewer handles them: made, brought in, listed; and any PDF's signature judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from imr_desktop.casework.files import replace_whole
from imr_desktop.errors import Trouble
from imr_desktop.models.names import carries
from imr_desktop.signing import enrolment, identities, verifying
from imr_desktop.signing.identities import CertificateFacts, IdentityFacts
from imr_desktop.signing.sealing import IdentityNamesReviewer
from imr_desktop.signing.verifying import Verdict
from imr_desktop.storage import KeptIdentity, Vault


class CannotReadFile(Trouble):
    """A file that was named cannot be read."""

    default_advice = "Check the file's name and that you may read it."


class IdentityExists(Trouble):
    """An identity of that name is kept already; its key is never overwritten."""

    default_advice = "Choose another name."


@dataclass(frozen=True, slots=True)
class Listed:
    """An identity as listed: the name it goes by here, whether it is a trial, and what its certificate says.

    ``warning`` is a sentence from 60 days before the certificate expires.
    """

    name: str
    trial: bool
    facts: IdentityFacts
    warning: str = ""


def create(vault: Vault, name: str, common_name: str, organisation: str, now: datetime) -> IdentityFacts:
    """Make a trial identity in the vault and trust it there; IdentityExists."""
    _free(vault, name)
    made = identities.create(common_name, organisation, now=now)
    vault.keep_identity(KeptIdentity(name, made.pkcs12, made.secret, trial=True))
    vault.keep_trust_root(made.certificate_der)
    return identities.describe(made.pkcs12, made.secret, now)


def take_in(vault: Vault, name: str, file: Path, passphrase: str, now: datetime) -> IdentityFacts:
    """Bring in a PKCS#12 file; IdentityExists, CannotReadFile, and what the signing room says of the file."""
    _free(vault, name)
    brought = identities.load(_read(file), passphrase)
    facts = identities.describe(brought.pkcs12, brought.secret, now)
    vault.keep_identity(KeptIdentity(name, brought.pkcs12, brought.secret, trial=False))
    return facts


def listed(vault: Vault, now: datetime) -> tuple[Listed, ...]:
    """All identities of the vault with what their certificates say at this moment."""
    found = []
    for each in vault.identities():
        facts = identities.describe(each.pkcs12, each.secret, now)
        found.append(Listed(each.name, each.trial, facts, enrolment.expires_soon(facts, now)))
    return tuple(found)


def request(vault: Vault, name: str, common_name: str, organisation: str, path: Path, now: datetime) -> None:
    """Keep a fresh key and write the request for its certificate. IdentityExists, IdentityNamesReviewer, CannotExport.

    The request names who signs as the readers of the letters will see it, so it may not name the reviewer.
    """
    _free(vault, name)
    if any(carries(common_name, each) for each in vault.reviewer().identifying()):
        raise IdentityNamesReviewer(
            "The name in the request would tell who the reviewer is.", "Ask for the certificate under a pseudonym."
        )
    asked = enrolment.request(common_name, organisation, now=now)
    replace_whole(path, asked.request_pem)
    vault.keep_identity(KeptIdentity(name, asked.pending.pkcs12, asked.pending.secret, trial=True))


def enrol(vault: Vault, name: str, file: Path, now: datetime) -> IdentityFacts:
    """Put the certificate that answers a request in its place. NoSuchIdentity, KeyMismatch, NotACertificate."""
    kept = vault.identity(name)
    made = enrolment.enrol(kept.pkcs12, kept.secret, roots_from((file,)))
    vault.keep_identity(KeptIdentity(name, made.pkcs12, made.secret, trial=False))
    return identities.describe(made.pkcs12, made.secret, now)


def as_plain(each: Listed) -> dict[str, Any]:
    """A listed identity as plain data for JSON."""
    return {
        "name": each.name,
        "trial": each.trial,
        "subject": each.facts.subject,
        "issuer": each.facts.issuer,
        "not_before": each.facts.not_before.isoformat(),
        "not_after": each.facts.not_after.isoformat(),
        "usable": each.facts.usable,
        "why_not": each.facts.why_not,
        "warning": each.warning,
    }


def write_certificate(vault: Vault, name: str, path: Path) -> None:
    """Write an identity's certificate as PEM, without its key; NoSuchIdentity, CannotExport."""
    kept = vault.identity(name)
    replace_whole(path, identities.certificate_pem(kept.pkcs12, kept.secret))


def roots_from(files: Sequence[Path]) -> tuple[bytes, ...]:
    """Certificates to trust (DER) out of PEM or DER files; CannotReadFile, NotACertificate."""
    return tuple(der for file in files for der in identities.certificates_der(_read(file)))


@dataclass(frozen=True, slots=True)
class Trusted:
    """A certificate that the reviewer trusts: its bytes (DER) and what it says."""

    der: bytes
    facts: CertificateFacts


def trusted(vault: Vault) -> tuple[Trusted, ...]:
    """The certificates trusted in this vault, in the order in which they came."""
    return tuple(Trusted(der, identities.certificate_facts(der)) for der in vault.trust_roots())


def trust(vault: Vault, file: Path) -> tuple[Trusted, ...]:
    """Trust the certificates in a PEM or DER file from now on; CannotReadFile, NotACertificate."""
    found = tuple(Trusted(der, identities.certificate_facts(der)) for der in roots_from((file,)))
    for each in found:
        vault.keep_trust_root(each.der)
    return found


def verify_file(file: Path, roots: Sequence[bytes]) -> Verdict:
    """The verdict on a PDF file; CannotReadFile."""
    return verifying.verify(_read(file), roots)


def verdict_out(name: str, verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data for JSON."""
    return {
        "file": name,
        "sha256": verdict.sha256,
        "status": verdict.status.value,
        "intact": verdict.intact,
        "sentences": list(verdict.sentences),
        "signatures": [
            {
                "field": each.field,
                "signer": each.signer,
                "issuer": each.issuer,
                "signed_at": None if each.signed_at is None else each.signed_at.isoformat(),
                "intact": each.intact,
                "covers_whole_file": each.covers_whole_file,
                "trusted": each.trusted,
            }
            for each in verdict.signatures
        ],
    }


def _free(vault: Vault, name: str) -> None:
    if any(each.name == name for each in vault.identities()):
        raise IdentityExists(f"An identity named {name} is in the vault already.")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as why:
        raise CannotReadFile(f"{file} could not be read ({why.strerror}).", place=str(file)) from why
