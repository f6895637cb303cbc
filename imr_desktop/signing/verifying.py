# SPDX-License-Identifier: AGPL-3.0-or-later
"""Verifying: one verdict on a whole PDF, in which what is unknown is never shown as good."""

import asyncio
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography import x509

from imr_desktop.signing.coverage import covers_whole_file
from imr_desktop.signing.identities import why_unusable

_CLOCKS_DIFFER = timedelta(days=1)


class Status(StrEnum):
    """What can be said of a PDF as a document."""

    INTACT_CONFIRMED = "intact, signer confirmed"
    INTACT_UNCONFIRMED = "intact, signer not confirmed"
    BROKEN = "changed or invalid"
    UNSIGNED = "not signed"
    NOT_VERIFIED = "not verified"


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What one signature says and how it was found; ``signed_at`` is the signer's own clock.

    ``fault`` says why a signature that fits is still none to rely on, ``doubt`` why the signer is not confirmed.
    """

    field: str
    signer: str
    issuer: str
    signed_at: datetime | None
    intact: bool
    covers_whole_file: bool
    certified: bool
    unchanged: bool
    trusted: bool
    revocation: str = "not checked offline"
    fault: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a document, in a status, in sentences, and signature by signature; SHA-256 of the file."""

    status: Status
    sentences: tuple[str, ...]
    signatures: tuple[SignatureFacts, ...]
    sha256: str

    @property
    def intact(self) -> bool:
        """Whether every signature holds over the whole, unchanged document, whoever signed."""
        return self.status in (Status.INTACT_CONFIRMED, Status.INTACT_UNCONFIRMED)


def verify(
    pdf: bytes,
    trust_roots: Sequence[bytes] = (),
    expected_fields: Sequence[str] | None = None,
    *,
    now: datetime | None = None,
) -> Verdict:
    """Judge a PDF offline; ``trust_roots`` are certificates (DER) of signers or of those who vouch for them.

    The document is intact only if every signature covers the whole file with no change after it, was made with a
    certificate that could sign at the stated time, and, where ``expected_fields`` is given, exactly those fields are
    signed. The signer is confirmed only while a trusted certificate vouches for it at ``now`` (default: the clock).
    Whatever cannot be read is "not verified".
    """
    digest = hashlib.sha256(pdf).hexdigest()
    try:
        facts = asyncio.run(_examined(pdf, trust_roots, now or datetime.now(UTC)))
    except Exception as why:
        # STACK 2.4: errors arrive as anything at all, and each of them means that nothing may be vouched for.
        told = f"The file could not be verified ({type(why).__name__}): do not rely on it."
        return Verdict(Status.NOT_VERIFIED, (told, "Ask for the file again, from the one who issued it."), (), digest)
    if not facts:
        return Verdict(Status.UNSIGNED, ("The file carries no signature.",), (), digest)
    if expected_fields is not None and sorted(each.field for each in facts) != sorted(expected_fields):
        told = "The file does not carry exactly the signatures that it should."
        return Verdict(Status.BROKEN, (told,), facts, digest)
    if not all(each.intact and each.covers_whole_file and each.unchanged for each in facts):
        return Verdict(Status.BROKEN, _broken(facts), facts, digest)
    confirmed = all(each.trusted for each in facts)
    status = Status.INTACT_CONFIRMED if confirmed else Status.INTACT_UNCONFIRMED
    return Verdict(status, _intact(facts), facts, digest)


async def _examined(pdf: bytes, trust_roots: Sequence[bytes], now: datetime) -> tuple[SignatureFacts, ...]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    found = reader.embedded_signatures
    if len(found) != len(reader.embedded_regular_signatures):
        raise ValueError("signatures of a kind that this program does not make")
    return tuple([await _facts(pdf, each, trust_roots, now) for each in found])


async def _facts(pdf: bytes, signature: Any, trust_roots: Sequence[bytes], now: datetime) -> SignatureFacts:
    own = signature.signer_cert
    certificate = x509.load_der_x509_certificate(own.dump())
    # The signer's certificate is its own root here: whether the document is whole does not depend on who signed.
    status = await _status(signature, [own], now)
    signed_at: datetime | None = status.signer_reported_dt
    covered = covers_whole_file(pdf, signature.byte_range, signature.pkcs7_content)
    # pyHanko checks neither dates nor usage of a certificate that is its own root, so that is done here.
    fault = _fault(status, certificate, signed_at or now)
    vouched = bool(trust_roots) and bool((await _status(signature, _loaded(trust_roots), now)).bottom_line)
    doubt = _doubt(certificate, signed_at, vouched=vouched, now=now)
    unchanged = _unchanged(status)
    intact = bool(status.bottom_line) and covered and not fault
    return SignatureFacts(
        field=signature.field_name,
        signer=_readable(own.subject),
        issuer=_readable(own.issuer),
        signed_at=signed_at,
        intact=intact,
        covers_whole_file=covered,
        certified=signature.docmdp_level is not None,
        unchanged=unchanged,
        trusted=intact and unchanged and not doubt,
        fault=fault,
        doubt=doubt,
    )


async def _status(signature: Any, roots: Sequence[Any], now: datetime) -> Any:
    from pyhanko.sign.validation import KeyUsageConstraints, async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(
        trust_roots=list(roots),
        other_certs=signature.other_embedded_certs,
        moment=now,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    # Usage is judged by why_unusable, alike for a signer with and without an issuer above.
    usage = KeyUsageConstraints(key_usage=set())
    return await async_validate_pdf_signature(signature, signer_validation_context=context, key_usage_settings=usage)


def _unchanged(status: Any) -> bool:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return whole and bool(status.docmdp_ok) and status.modification_level is ModificationLevel.NONE


def _fault(status: Any, certificate: x509.Certificate, at: datetime) -> str:
    """Why a signature that fits the document is nevertheless none to rely on; empty if it is, or does not fit."""
    if not (status.intact and status.valid):
        return ""
    if why_not := why_unusable(certificate, at):
        return why_not
    return "" if status.bottom_line else "Its method of signing, or a time stamp in it, cannot be relied on."


def _doubt(certificate: x509.Certificate, signed_at: datetime | None, *, vouched: bool, now: datetime) -> str:
    """Why the signer is not confirmed at ``now``; empty if nothing speaks against it."""
    if why_not := why_unusable(certificate, now):
        return f"{why_not} That it was sealed while the certificate was valid rests on the signer's word."
    if signed_at is None or signed_at > now + _CLOCKS_DIFFER:
        return "The signature states no time of signing, or one that is yet to come."
    return "" if vouched else "No certificate that you trust vouches for who signed."


def _readable(name: Any) -> str:
    values = [value if isinstance(value, list) else [value] for value in name.native.values()]
    return ", ".join(str(each) for value in reversed(values) for each in value)


def _loaded(roots: Sequence[bytes]) -> list[Any]:
    from asn1crypto import x509 as asn1

    return [asn1.Certificate.load(der) for der in roots]


def _intact(facts: Sequence[SignatureFacts]) -> tuple[str, ...]:
    sentences = ["The document is intact: nothing was changed since it was sealed."]
    for each in facts:
        when = "at a time it does not state" if each.signed_at is None else f"on {each.signed_at:%m/%d/%Y at %H:%M %Z}"
        sentences.append(f"Sealed by {each.signer} {when}, by the signer's own clock.")
        if each.trusted:
            sentences.append(f"The signer is confirmed by a certificate that you trust ({each.issuer}).")
        else:
            sentences.append(f"Intact, signer not confirmed. {each.doubt}")
    sentences.append("Whether the certificate was revoked was not checked: that needs a network.")
    return tuple(sentences)


def _broken(facts: Sequence[SignatureFacts]) -> tuple[str, ...]:
    sentences = []
    for each in facts:
        if not each.covers_whole_file:
            sentences.append(f"The signature {each.field} does not cover the whole file.")
        elif not each.unchanged:
            sentences.append(f"The file was changed after the signature {each.field}.")
        elif each.fault:
            sentences.append(f"The signature {each.field} is not one to rely on. {each.fault}")
        elif not each.intact:
            sentences.append(f"The signature {each.field} does not fit the document.")
    whole = all(each.covers_whole_file and each.unchanged and (each.intact or each.fault) for each in facts)
    lead = "Nothing vouches for the document." if whole else "The document is not what was sealed: do not rely on it."
    return (lead, *sentences, "Ask for the file again, from the one who issued it.")
