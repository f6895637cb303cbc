# SPDX-License-Identifier: AGPL-3.0-or-later
"""Verifying: one verdict on a whole PDF, in which what is unknown is never shown as good."""

import asyncio
import hashlib
import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """What can be said of a PDF as a document."""

    INTACT_CONFIRMED = "intact, signer confirmed"
    INTACT_UNCONFIRMED = "intact, signer not confirmed"
    BROKEN = "changed or invalid"
    UNSIGNED = "not signed"
    NOT_VERIFIED = "not verified"


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What one signature says and how it was found; ``signed_at`` is the signer's own clock."""

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


def verify(pdf: bytes, trust_roots: Sequence[bytes] = (), expected_fields: Sequence[str] | None = None) -> Verdict:
    """Judge a PDF offline; ``trust_roots`` are certificates (DER) of signers or of those who vouch for them.

    The document is intact only if every signature covers the whole file with no change after it, and, where
    ``expected_fields`` is given, exactly those fields are signed. Whatever cannot be read is "not verified".
    """
    digest = hashlib.sha256(pdf).hexdigest()
    try:
        with _silent():
            facts = asyncio.run(_examined(pdf, trust_roots))
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


async def _examined(pdf: bytes, trust_roots: Sequence[bytes]) -> tuple[SignatureFacts, ...]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    if reader.embedded_timestamp_signatures or len(reader.embedded_signatures) != len(
        reader.embedded_regular_signatures
    ):
        raise ValueError("signatures of a kind that this program does not make")
    return tuple([await _facts(each, trust_roots) for each in reader.embedded_regular_signatures])


async def _facts(signature: Any, trust_roots: Sequence[bytes]) -> SignatureFacts:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    certificate = signature.signer_cert
    embedded = [certificate, *signature.other_embedded_certs]
    # The chain in the file serves as its own root here: whether the document is whole does not depend on who signed.
    own_roots = [each for each in embedded if each.self_issued] or [certificate]
    status = await _status(signature, own_roots, embedded)
    trusted = bool(trust_roots) and (await _status(signature, _loaded(trust_roots), embedded)).bottom_line
    return SignatureFacts(
        field=signature.field_name,
        signer=_readable(certificate.subject),
        issuer=_readable(certificate.issuer),
        signed_at=status.signer_reported_dt,
        intact=bool(status.bottom_line),
        covers_whole_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        certified=signature.docmdp_level is not None,
        unchanged=status.coverage is SignatureCoverageLevel.ENTIRE_FILE and bool(status.docmdp_ok),
        trusted=bool(trusted),
    )


async def _status(signature: Any, roots: Sequence[Any], others: Sequence[Any]) -> Any:
    from pyhanko.sign.validation import KeyUsageConstraints, async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(
        trust_roots=list(roots), other_certs=list(others), allow_fetching=False, revocation_mode="soft-fail"
    )
    # Either usage is one that organisations issue for signing documents.
    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
    return await async_validate_pdf_signature(signature, signer_validation_context=context, key_usage_settings=usage)


def _readable(name: Any) -> str:
    values = [value if isinstance(value, list) else [value] for value in name.native.values()]
    return ", ".join(str(each) for value in reversed(values) for each in value)


def _loaded(roots: Sequence[bytes]) -> list[Any]:
    from asn1crypto import x509

    return [x509.Certificate.load(der) for der in roots]


def _intact(facts: Sequence[SignatureFacts]) -> tuple[str, ...]:
    sentences = ["The document is intact: nothing was changed since it was sealed."]
    for each in facts:
        when = "at a time it does not state" if each.signed_at is None else f"on {each.signed_at:%m/%d/%Y at %H:%M %Z}"
        sentences.append(f"Sealed by {each.signer} {when}, by the signer's own clock.")
        if each.trusted:
            sentences.append(f"The signer is confirmed by a certificate that you trust ({each.issuer}).")
        else:
            sentences.append("Intact, signer not confirmed: no certificate that you trust vouches for who signed.")
    sentences.append("Whether the certificate was revoked was not checked: that needs a network.")
    return tuple(sentences)


def _broken(facts: Sequence[SignatureFacts]) -> tuple[str, ...]:
    sentences = ["The document is not what was sealed: do not rely on it."]
    for each in facts:
        if not each.covers_whole_file:
            sentences.append(f"The signature {each.field} does not cover the whole file.")
        elif not each.unchanged:
            sentences.append(f"The file was changed after the signature {each.field}.")
        elif not each.intact:
            sentences.append(f"The signature {each.field} is not valid.")
    return (*sentences, "Ask for the file again, from the one who issued it.")


@contextmanager
def _silent() -> Iterator[None]:
    """pyHanko logs what it finds wrong, with names from the file; the verdict says it instead."""
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
