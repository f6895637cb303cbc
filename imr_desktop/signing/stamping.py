# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time stamps: a sealed letter told, by a server that is asked for it, that it was there at that time (PAdES B-LTA).

This is the only act of signing that uses a network, and only when it is asked for. Nothing of the letter leaves: the
server sees a digest.
"""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imr_desktop.errors import Trouble
from imr_desktop.signing import verifying

_SECONDS = 15
# Room for a time stamp, in hexadecimal digits: without it, pyHanko asks the server once more for a trial.
_ROOM = 32_768


class CannotStamp(Trouble):
    """The time could not be stamped; the letter is as it was."""

    default_advice = "Check the network and the address of the time-stamp server, then try again."


@dataclass(frozen=True, slots=True)
class Clock:
    """Who is asked for the time (address of an RFC 3161 server), and the certificates (DER) that are trusted."""

    server: str
    trust_roots: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamped:
    """The letter with its time stamp; ``lasting``: what shows that no certificate was revoked is inside too."""

    pdf: bytes
    lasting: bool


def stamp(pdf: bytes, server: str, trust_roots: Sequence[bytes] = ()) -> Stamped:
    """The sealed letter with a time stamp over all of it, asked of ``server`` (RFC 3161 over HTTP); earlier bytes stay.

    Where the signer's authority is trusted and says where its revocations are told, these are fetched and kept inside
    first. CannotStamp, for a letter that is not intact too.
    """
    if not verifying.verify(pdf).intact:
        raise CannotStamp("The file is not intact, or not sealed.", "Stamp a letter as it was sealed.")
    try:
        return asyncio.run(_stamped(pdf, server, trust_roots))
    except Exception as why:
        # A server can answer anything at all; whatever is wrong with it, the letter has no stamp.
        raise CannotStamp(f"The server did not stamp the time ({type(why).__name__}).", place=server) from why


async def _stamped(pdf: bytes, server: str, trust_roots: Sequence[bytes]) -> Stamped:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfTimeStamper
    from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

    told = await _with_revocations(pdf, trust_roots)
    stamper = PdfTimeStamper(RequestsHTTPTimeStamper(server, timeout=_SECONDS))
    writer = IncrementalPdfFileWriter(io.BytesIO(told or pdf), strict=True)
    made: bytes = (await stamper.async_timestamp_pdf(writer, "sha256", bytes_reserved=_ROOM)).getvalue()
    return Stamped(made, told is not None)


async def _with_revocations(pdf: bytes, trust_roots: Sequence[bytes]) -> bytes | None:
    """The file with what its signers' authorities say of revocations; None where that cannot be had."""
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.dss import async_add_validation_info
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

    if not trust_roots:
        return None
    count = len(PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures)
    for number in range(count):
        signature: Any = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_regular_signatures[number]
        context = ValidationContext(
            trust_roots=[asn1.Certificate.load(der) for der in trust_roots],
            other_certs=signature.other_embedded_certs,
            allow_fetching=True,
            fetcher_backend=RequestsFetcherBackend(per_request_timeout=_SECONDS),
            revocation_mode="hard-fail",
        )
        try:
            pdf = (await async_add_validation_info(signature, context, add_vri_entry=False)).getvalue()
        except Exception:  # an authority that is not trusted, cannot be reached, or revoked it: no lasting proof
            return None
    return pdf
