# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enrolment: a key made here, a request for a certificate that leaves, and the certificate that comes back for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from imr_desktop.signing import identities
from imr_desktop.signing.identities import IdentityFacts, KeyMismatch, NewIdentity

WARNED_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Requested:
    """A key that waits for its certificate, and the request (PKCS#10, PEM) that an authority signs."""

    pending: NewIdentity
    request_pem: bytes


def request(common_name: str, organisation: str, *, now: datetime) -> Requested:
    """A fresh key with a request for its certificate; until it comes, the key stands under a trial certificate.

    ``common_name`` is what readers of the letters will see: for letters to the parties, a pseudonym.
    """
    pending = identities.create(common_name, organisation, now=now)
    whole = identities.opened(pending.pkcs12, pending.secret)
    named = [x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])]
    if organisation:
        named.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]))
    asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(named))
    for extension in whole.certificate.extensions:
        if isinstance(extension.value, x509.KeyUsage | x509.ExtendedKeyUsage):
            asked = asked.add_extension(extension.value, critical=extension.critical)
    signed = asked.sign(whole.key, hashes.SHA256())
    return Requested(pending, signed.public_bytes(serialization.Encoding.PEM))


def enrol(pkcs12: bytes, secret: str, certificates: Sequence[bytes]) -> NewIdentity:
    """The key under the certificate that an authority made for it, with those above; KeyMismatch if none is for it."""
    whole = identities.opened(pkcs12, secret)
    found = [x509.load_der_x509_certificate(der) for der in certificates]
    own = next((each for each in found if each.public_key() == whole.key.public_key()), None)
    if own is None:
        raise KeyMismatch("The certificate was made for another key.", "Give the one that answers this request.")
    above = tuple(each for each in found if each != own)
    return identities.wrapped(identities.Opened(whole.key, own, above, ""))


def expires_soon(facts: IdentityFacts, now: datetime) -> str:
    """A sentence from 60 days before a usable certificate expires; empty until then."""
    left = facts.not_after - now
    if not facts.usable or left > WARNED_AHEAD:
        return ""
    days = max(0, left.days)
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"The certificate expires {when}, on {facts.not_after:%m/%d/%Y}: ask for a new one now."
