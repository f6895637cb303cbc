# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time stamps: what those in a file say, and adding one with the evidence by which a letter stays verifiable.

Adding one is the only thing in this program that asks a network, and only when the reviewer asks for it.
"""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from imr_desktop.errors import Trouble
from imr_desktop.signing.verdicts import StampFacts

NOT_REVOKED = "not revoked, by the evidence in the file"


class CannotStamp(Trouble):
    """The letter could not be given a time stamp; it stays sealed and valid as it was."""

    default_advice = "Check the network and the address of the time-stamp server, or send the letter without."


def lengthen(pdf: bytes, server: str, trust_roots: Sequence[bytes]) -> bytes:
    """The sealed PDF with the evidence that its certificates are good now, and a time stamp over the whole.

    ``server`` is the address of an RFC 3161 server; evidence is fetched from where the certificates say. The bytes
    given stay as they are, at the start. CannotStamp if a server does not answer, or vouches for what is not trusted.
    """
    try:
        return asyncio.run(_lengthened(pdf, server, trust_roots))
    except Exception as why:
        # Servers fail in more ways than can be listed, and none of them may pass for a bug or touch the letter.
        raise CannotStamp(f"The letter was not time-stamped ({type(why).__name__}).", place=server) from why


async def _lengthened(pdf: bytes, server: str, trust_roots: Sequence[bytes]) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign import signers
    from pyhanko.sign.timestamps import HTTPTimeStamper
    from pyhanko.sign.validation.dss import async_add_validation_info
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=_loaded(trust_roots), allow_fetching=True, revocation_mode="hard-fail")
    data = pdf
    for number in range(len(PdfFileReader(io.BytesIO(pdf), strict=True).embedded_regular_signatures)):
        signature = PdfFileReader(io.BytesIO(data), strict=True).embedded_regular_signatures[number]
        data = (await async_add_validation_info(signature, context)).getvalue()
    stamper = signers.PdfTimeStamper(HTTPTimeStamper(server))
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=True)
    made: bytes = (await stamper.async_timestamp_pdf(writer, "sha256", context)).getvalue()
    return made


async def document_stamp(stamp: Any, trust_roots: Sequence[bytes], now: datetime) -> tuple[StampFacts, bool]:
    """What a time stamp over the whole document says, and whether it fits what it was put on."""
    from pyhanko.sign.validation import async_validate_pdf_timestamp

    own = await async_validate_pdf_timestamp(stamp, _context([stamp.signer_cert], stamp, now))
    trusted = False
    if trust_roots:
        asked = await async_validate_pdf_timestamp(stamp, _context(_loaded(trust_roots), stamp, now))
        trusted = bool(asked.trusted and asked.valid and asked.intact)
    facts = StampFacts(_named(stamp.signer_cert), own.timestamp.astimezone(UTC), trusted)
    return facts, bool(own.intact and own.valid)


def own_context(signature: Any, now: datetime) -> Any:
    """A context in which whoever put a time stamp inside this signature vouches for himself."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    inside = extract_tst_data_iter(signature.signer_info, signed=False)
    return _context([each.chosen for stamp in inside for each in stamp["certificates"]], signature, now)


async def revocation(signature: Any, trust_roots: Sequence[bytes], now: datetime) -> str:
    """``NOT_REVOKED`` if evidence in the file, itself time-stamped, shows it for all certificates; empty if not."""
    from pyhanko.sign.ades.report import AdESPassed
    from pyhanko.sign.validation import KeyUsageConstraints, policy_decl
    from pyhanko.sign.validation.ades import ades_lta_validation
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
    from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
    from pyhanko_certvalidator.registry import SimpleTrustManager

    policy = CertValidationPolicySpec(
        SimpleTrustManager.build(trust_roots=_loaded(trust_roots)), CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    offline = policy_decl.RevocationInfoGatheringSpec(policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = policy_decl.SignatureValidationSpec(
        policy, offline, ts_cert_validation_policy=policy, key_usage_settings=KeyUsageConstraints(key_usage=set())
    )
    told = await ades_lta_validation(
        signature,
        policy_decl.PdfSignatureValidationSpec(spec),
        ValidationTimingInfo(now, now, point_in_time_validation=False),
    )
    return NOT_REVOKED if told.ades_subindic is AdESPassed.OK else ""


def _context(roots: Sequence[Any], signature: Any, now: datetime) -> Any:
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=list(roots),
        other_certs=signature.other_embedded_certs,
        moment=now,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def _loaded(roots: Sequence[bytes]) -> list[Any]:
    from asn1crypto import x509 as asn1

    return [asn1.Certificate.load(der) for der in roots]


def _named(certificate: Any) -> str:
    values = [value if isinstance(value, list) else [value] for value in certificate.subject.native.values()]
    return ", ".join(str(each) for value in reversed(values) for each in value)
