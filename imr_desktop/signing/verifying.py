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

from imr_desktop.signing.coverage import covered_to
from imr_desktop.signing.identities import why_unusable
from imr_desktop.signing.view import FROM_FILE, OFFLINE, View, held_in, only_signature_fields, readable

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

    ``covers_whole_file`` is false for a signature that another followed; ``covers_its_own`` then says that it vouches
    for every byte up to there. ``stamped_at`` is when a trusted time stamp shows that it was there already.
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
    revocation: str = OFFLINE
    fault: str = ""
    doubt: str = ""
    covers_its_own: bool = True
    stamped_at: datetime | None = None
    stamps: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a document, in a status, in sentences, and signature by signature; SHA-256 of the file.

    ``unsigned`` are the places for signatures that nobody has signed.
    """

    status: Status
    sentences: tuple[str, ...]
    signatures: tuple[SignatureFacts, ...]
    sha256: str
    unsigned: tuple[str, ...] = ()

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

    The document is intact only if every byte of it is vouched for: each signature covers all up to its end, what came
    after it is what it allows (a second signature in the place kept for it, time stamps), and the last covers the whole
    file. Each must be made with a certificate that could sign at the stated time, and, where ``expected_fields`` is
    given, exactly those fields are signed. The signer is confirmed only while a trusted certificate vouches for it at
    ``now`` (default: the clock), or did when a trusted time stamp was set. Whatever cannot be read is "not verified".
    """
    digest = hashlib.sha256(pdf).hexdigest()
    try:
        facts, unsigned = asyncio.run(_examined(pdf, trust_roots, now or datetime.now(UTC)))
    except Exception as why:
        # STACK 2.4: errors arrive as anything at all, and each of them means that nothing may be vouched for.
        told = f"The file could not be verified ({type(why).__name__}): do not rely on it."
        return Verdict(Status.NOT_VERIFIED, (told, "Ask for the file again, from the one who issued it."), (), digest)
    signed = [each for each in facts if not each.stamps]
    if not signed:
        return Verdict(Status.UNSIGNED, ("The file carries no signature.",), facts, digest, unsigned)
    if expected_fields is not None and sorted(each.field for each in signed) != sorted(expected_fields):
        told = "The file does not carry exactly the signatures that it should."
        return Verdict(Status.BROKEN, (told,), facts, digest, unsigned)
    if not all(each.intact and each.unchanged for each in facts) or not facts[-1].covers_whole_file:
        return Verdict(Status.BROKEN, _broken(facts), facts, digest, unsigned)
    confirmed = all(each.trusted for each in signed)
    status = Status.INTACT_CONFIRMED if confirmed else Status.INTACT_UNCONFIRMED
    return Verdict(status, _intact(facts, unsigned), facts, digest, unsigned)


async def _examined(
    pdf: bytes, trust_roots: Sequence[bytes], now: datetime
) -> tuple[tuple[SignatureFacts, ...], tuple[str, ...]]:
    """Every signature and time stamp in the order in which they were made, and the fields that nobody signed."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields

    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    unsigned = tuple(name for name, _, _ in enumerate_sig_fields(reader, filled_status=False))
    found = sorted(reader.embedded_signatures, key=lambda each: sum(list(each.byte_range)[2:]))
    stamps = {id(each) for each in reader.embedded_timestamp_signatures}
    if len(found) != len(reader.embedded_regular_signatures) + len(stamps):
        raise ValueError("signatures of a kind that this program does not make")
    view = View(pdf, trust_roots, held_in(reader), now, only_signs=only_signature_fields(reader))
    facts: list[SignatureFacts] = []
    stamped: datetime | None = None
    # From the last: a time stamp vouches for what it covers, and that is whatever was made before it.
    for each in reversed(found):
        if id(each) in stamps:
            one = await _stamp_facts(view, each)
            stamped = one.signed_at if one.trusted else stamped
        else:
            one = await _facts(view, each, stamped)
        facts.insert(0, one)
    return tuple(facts), unsigned


async def _facts(view: View, signature: Any, stamped: datetime | None) -> SignatureFacts:
    own = signature.signer_cert
    certificate = x509.load_der_x509_certificate(own.dump())
    # The signer's certificate is its own root here: whether the document is whole does not depend on who signed.
    status = await _status(view, signature, [own], view.now)
    signed_at: datetime | None = status.signer_reported_dt
    end = covered_to(view.pdf, signature.byte_range, signature.pkcs7_content)
    # pyHanko checks neither dates nor usage of a certificate that is its own root, so that is done here.
    fault = _fault(status, certificate, signed_at or view.now)
    moment = view.now if stamped is None else stamped
    vouched = bool(view.trust_roots) and bool((await _status(view, signature, view.roots(), moment)).bottom_line)
    doubt = _doubt(certificate, signed_at, vouched=vouched, now=moment)
    unchanged = view.unchanged(status, end)
    intact = bool(status.bottom_line) and bool(end) and not fault
    return SignatureFacts(
        field=signature.field_name,
        signer=readable(own.subject),
        issuer=readable(own.issuer),
        signed_at=signed_at,
        intact=intact,
        covers_whole_file=end == len(view.pdf),
        certified=signature.docmdp_level is not None,
        unchanged=unchanged,
        trusted=intact and unchanged and not doubt,
        revocation=await _revocation(view, signature, moment) if vouched else OFFLINE,
        fault=fault,
        doubt=doubt,
        covers_its_own=bool(end),
        stamped_at=stamped,
    )


async def _status(view: View, signature: Any, roots: Sequence[Any], moment: datetime) -> Any:
    from pyhanko.sign.validation import KeyUsageConstraints, async_validate_pdf_signature

    context = view.context(roots, moment, signature.other_embedded_certs)
    # Usage is judged by why_unusable, alike for a signer with and without an issuer above.
    usage = KeyUsageConstraints(key_usage=set())
    return await async_validate_pdf_signature(signature, signer_validation_context=context, key_usage_settings=usage)


async def _stamp_facts(view: View, stamp: Any) -> SignatureFacts:
    """A time stamp on the whole file: who says when, and whether a trusted certificate vouches for who says so."""
    from pyhanko.sign.validation import async_validate_pdf_timestamp

    own = stamp.signer_cert

    async def judged(roots: Sequence[Any]) -> Any:
        return await async_validate_pdf_timestamp(stamp, view.context(roots, view.now, stamp.other_embedded_certs))

    status = await judged([own])
    end = covered_to(view.pdf, stamp.byte_range, stamp.pkcs7_content)
    unchanged = view.unchanged(status, end)
    intact = _fits(status) and bool(end)
    vouched = bool(view.trust_roots) and _fits(await judged(view.roots()))
    return SignatureFacts(
        field=stamp.field_name,
        signer=readable(own.subject),
        issuer=readable(own.issuer),
        signed_at=status.timestamp,
        intact=intact,
        covers_whole_file=end == len(view.pdf),
        certified=False,
        unchanged=unchanged,
        trusted=intact and unchanged and vouched and status.timestamp <= view.now + _CLOCKS_DIFFER,
        doubt="" if vouched else "No certificate that you trust vouches for who stamped the time.",
        covers_its_own=bool(end),
        stamps=True,
    )


def _fits(status: Any) -> bool:
    """Whether a time stamp fits the file and its server may stamp: pyHanko has no bottom line for these."""
    return bool(status.intact and status.valid and status.trusted)


async def _revocation(view: View, signature: Any, moment: datetime) -> str:
    """What the data in the file says of the signer's certificate at a moment; offline, nobody else can be asked."""
    from pyhanko.sign.validation import KeyUsageConstraints, async_validate_pdf_signature

    if view.held is None:
        return OFFLINE
    context = view.context(view.roots(), moment, signature.other_embedded_certs, hard=True)
    usage = KeyUsageConstraints(key_usage=set())
    status = await async_validate_pdf_signature(signature, signer_validation_context=context, key_usage_settings=usage)
    return FROM_FILE if status.bottom_line else OFFLINE


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


def _intact(facts: Sequence[SignatureFacts], unsigned: Sequence[str]) -> tuple[str, ...]:
    sentences = ["The document is intact: nothing was changed since it was sealed."]
    for each in facts:
        sentences += _stamped(each) if each.stamps else _sealed(each)
    sentences += [f"The place for the signature {name} is empty." for name in unsigned]
    if any(each.revocation == OFFLINE for each in facts if not each.stamps):
        sentences.append("Whether the certificate was revoked was not checked: that needs a network.")
    else:
        sentences.append("No certificate was revoked when the time was stamped, by the data in the file.")
    return tuple(sentences)


def _sealed(each: SignatureFacts) -> list[str]:
    when = "at a time it does not state" if each.signed_at is None else f"on {each.signed_at:%m/%d/%Y at %H:%M %Z}"
    confirmed = f"The signer is confirmed by a certificate that you trust ({each.issuer})."
    return [
        f"Sealed by {each.signer} {when}, by the signer's own clock.",
        confirmed if each.trusted else f"Intact, signer not confirmed. {each.doubt}",
    ]


def _stamped(each: SignatureFacts) -> list[str]:
    said = f"The time was stamped by {each.signer} on {each.signed_at:%m/%d/%Y at %H:%M %Z}."
    return [said if each.trusted else f"{said} {each.doubt}".rstrip()]


def _broken(facts: Sequence[SignatureFacts]) -> tuple[str, ...]:
    sentences = []
    for each in facts:
        last = each is facts[-1]
        if not each.covers_its_own or (last and not each.covers_whole_file):
            sentences.append(f"The signature {each.field} does not cover the whole file.")
        elif not each.unchanged:
            sentences.append(f"The file was changed after the signature {each.field}.")
        elif each.fault:
            sentences.append(f"The signature {each.field} is not one to rely on. {each.fault}")
        elif not each.intact:
            sentences.append(f"The signature {each.field} does not fit the document.")
    whole = facts[-1].covers_whole_file and all(
        each.covers_its_own and each.unchanged and (each.intact or each.fault) for each in facts
    )
    lead = "Nothing vouches for the document." if whole else "The document is not what was sealed: do not rely on it."
    return (lead, *sentences, "Ask for the file again, from the one who issued it.")
