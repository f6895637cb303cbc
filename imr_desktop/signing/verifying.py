# SPDX-License-Identifier: AGPL-3.0-or-later
"""Verifying: one verdict on a whole PDF, in which what is unknown is never shown as good."""

import asyncio
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from cryptography import x509

from imr_desktop.signing import stamping
from imr_desktop.signing.coverage import covers_up_to
from imr_desktop.signing.identities import why_unusable
from imr_desktop.signing.verdicts import SignatureFacts, StampFacts, Status, Verdict

__all__ = ["SignatureFacts", "StampFacts", "Status", "Verdict", "verify"]

_CLOCKS_DIFFER = timedelta(days=1)


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
        found = asyncio.run(_examined(pdf, trust_roots, now or datetime.now(UTC)))
    except Exception as why:
        # STACK 2.4: errors arrive as anything at all, and each of them means that nothing may be vouched for.
        told = f"The file could not be verified ({type(why).__name__}): do not rely on it."
        return Verdict(Status.NOT_VERIFIED, (told, "Ask for the file again, from the one who issued it."), (), digest)
    status, sentences = _judged(found, expected_fields)
    return Verdict(status, sentences, found.facts, digest, found.stamps, found.waiting)


@dataclass(frozen=True, slots=True)
class _Found:
    facts: tuple[SignatureFacts, ...]
    stamps: tuple[StampFacts, ...]
    stamps_hold: bool
    waiting: tuple[str, ...]


def _judged(found: _Found, expected_fields: Sequence[str] | None) -> tuple[Status, tuple[str, ...]]:
    facts = found.facts
    if not facts:
        return Status.UNSIGNED, ("The file carries no signature.",)
    if not found.stamps_hold:
        told = "A time stamp in the file does not fit it: do not rely on the document."
        return Status.BROKEN, (told, "Ask for the file again, from the one who issued it.")
    if not all(each.intact and each.covers_whole_file and each.unchanged for each in facts):
        return Status.BROKEN, _broken(facts)
    if found.waiting:
        # A letter cut back to its first signature looks whole; only the empty field tells that one is missing.
        named = ", ".join(found.waiting)
        told = f"The document is not complete: the signature {named} is missing, or was taken away."
        return Status.WAITING, (told, *_intact(facts, found.stamps)[1:])
    if expected_fields is not None and sorted(each.field for each in facts) != sorted(expected_fields):
        return Status.BROKEN, ("The file does not carry exactly the signatures that it should.",)
    confirmed = all(each.trusted for each in facts)
    return Status.INTACT_CONFIRMED if confirmed else Status.INTACT_UNCONFIRMED, _intact(facts, found.stamps)


async def _examined(pdf: bytes, trust_roots: Sequence[bytes], now: datetime) -> _Found:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign import fields

    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    found = reader.embedded_signatures
    regular, stamps = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
    if len(found) != len(regular) + len(stamps):
        raise ValueError("signatures of a kind that this program does not make")
    waiting = tuple(name for name, _, _ in fields.enumerate_sig_fields(reader, filled_status=False))
    if not regular:
        return _Found((), (), True, waiting)
    reach = [covers_up_to(pdf, each.byte_range, each.pkcs7_content) for each in found]
    # Each revision's signature ends where its revision does, later ones later; the last one vouches for the file's end.
    whole = reach[0] > 0 and all(a < b for a, b in pairwise(reach)) and reach[-1] == len(pdf)
    told = [await stamping.document_stamp(each, trust_roots, now) for each in stamps]
    at = _trusted_time([stamp for stamp, _ in told])
    facts = [await _facts(each, trust_roots, now, covered=whole, last=each is found[-1], proven=at) for each in regular]
    return _Found(tuple(facts), tuple(stamp for stamp, _ in told), all(holds for _, holds in told), waiting)


def _trusted_time(stamps: Sequence[StampFacts]) -> datetime | None:
    return min((stamp.at for stamp in stamps if stamp.trusted), default=None)


async def _facts(
    signature: Any,
    trust_roots: Sequence[bytes],
    now: datetime,
    *,
    covered: bool,
    last: bool,
    proven: datetime | None,
) -> SignatureFacts:
    own = signature.signer_cert
    certificate = x509.load_der_x509_certificate(own.dump())
    # The signer's certificate is its own root here: whether the document is whole does not depend on who signed.
    status = await _status(signature, [own], now)
    signed_at: datetime | None = status.signer_reported_dt
    # pyHanko checks neither dates nor usage of a certificate that is its own root, so that is done here.
    fault = _fault(status, certificate, signed_at or now)
    # A stamp over the whole by an authority that is trusted takes the place of the signer's own clock.
    at = proven or now
    vouched = bool(trust_roots) and bool((await _status(signature, _loaded(trust_roots), at)).bottom_line)
    doubt = _doubt(certificate, signed_at, vouched=vouched, now=at)
    unchanged = _unchanged(status, last=last)
    intact = bool(status.bottom_line) and covered and not fault
    evidence = await stamping.revocation(signature, trust_roots, now) if vouched and proven else ""
    return SignatureFacts(
        field=signature.field_name,
        signer=_readable(own.subject),
        issuer=_readable(own.issuer),
        signed_at=signed_at,
        intact=intact,
        covers_whole_file=covered,
        certified=_certifies(signature),
        unchanged=unchanged,
        trusted=intact and unchanged and not doubt,
        revocation=evidence or "not checked offline",
        fault=fault,
        doubt=doubt,
    )


def _certifies(signature: Any) -> bool:
    """Whether it is the certifying signature; a lock of the whole document is stated by others too."""
    from pyhanko.pdf_utils.generic import pdf_name

    references = signature.sig_object.get("/Reference", ())
    return any(each.get("/TransformMethod") == pdf_name("/DocMDP") for each in references)


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
    return await async_validate_pdf_signature(
        signature,
        signer_validation_context=context,
        # Whether a time stamp fits does not depend on who stamped; whether he is trusted is asked apart.
        ts_validation_context=stamping.own_context(signature, now),
        key_usage_settings=usage,
    )


def _unchanged(status: Any, *, last: bool) -> bool:
    """Whether nothing but what a letter allows came after the signature.

    Nothing at all may follow the last. What may follow an earlier one is the second signature, its appearance,
    evidence of validity and time stamps; pyHanko's analysis says that it was nothing else.
    """
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if not status.docmdp_ok or status.modification_level is None:
        return False
    if last:
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        return whole and status.modification_level is ModificationLevel.NONE
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_REVISION
    return whole and status.modification_level <= ModificationLevel.FORM_FILLING


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


def _intact(facts: Sequence[SignatureFacts], stamps: Sequence[StampFacts]) -> tuple[str, ...]:
    sentences = ["The document is intact: nothing was changed since it was sealed."]
    for each in facts:
        when = "at a time it does not state" if each.signed_at is None else f"on {each.signed_at:%m/%d/%Y at %H:%M %Z}"
        sentences.append(f"Sealed by {each.signer} {when}, by the signer's own clock.")
        if each.trusted:
            sentences.append(f"The signer is confirmed by a certificate that you trust ({each.issuer}).")
        else:
            sentences.append(f"Intact, signer not confirmed. {each.doubt}")
    sentences += [_stamp_said(stamp) for stamp in stamps]
    if all(each.revocation == stamping.NOT_REVOKED for each in facts):
        sentences.append("By the evidence kept in the file, no certificate was revoked when it was sealed.")
    else:
        sentences.append("Whether the certificate was revoked was not checked: that needs a network.")
    return tuple(sentences)


def _stamp_said(stamp: StampFacts) -> str:
    existed = f"The document existed on {stamp.at:%m/%d/%Y at %H:%M %Z}"
    if stamp.trusted:
        return f"{existed}: so says a time stamp of {stamp.authority}, whom you trust."
    return f"{existed}, says a time stamp of {stamp.authority}; no certificate that you trust vouches for that."


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
