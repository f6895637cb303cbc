# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing: a letter is certified so that any later change to it shows (PAdES B-B).

A letter with one field is certified with no changes allowed; one with a second, empty field lets that be signed, and
its lock (STACK 2.2) then closes the file to all but time stamps.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from imr_desktop.errors import Trouble
from imr_desktop.models.names import carries
from imr_desktop.signing import hands, identities
from imr_desktop.signing.hands import Hand
from imr_desktop.signing.identities import UnusableIdentity


class IdentityNamesReviewer(Trouble):
    """The identity would tell the parties who the reviewer is (LC 4610.6(f))."""

    default_advice = "Seal this letter with an identity of the organisation that does not carry the reviewer's name."


class CannotSeal(Trouble):
    """The PDF given cannot be sealed."""

    default_advice = "Seal a letter that this program has just printed."


def seal(
    pdf: bytes,
    pkcs12: bytes,
    secret: str,
    *,
    field: str,
    reason: str,
    location: str,
    when: datetime,
    refuse_names: Sequence[str] = (),
    appearance: bytes = b"",
) -> bytes:
    """The PDF with one certifying signature in the field named; the bytes given are not changed.

    ``when`` is the signing time, with its time zone. ``appearance`` is a one-page PDF that is shown in the field,
    where the field has a place on the page. Raises IdentityNamesReviewer if the identity or the words beside
    the signature carry one of ``refuse_names``, UnusableIdentity outside the certificate's validity, CannotSeal.
    """
    hand = hands.of_file(pkcs12, secret)
    said = (reason, location)
    return seal_by(hand, pdf, field=field, said=said, when=when, refuse_names=refuse_names, appearance=appearance)


def seal_by(
    hand: Hand,
    pdf: bytes,
    *,
    field: str,
    said: tuple[str, str],
    when: datetime,
    refuse_names: Sequence[str] = (),
    appearance: bytes = b"",
) -> bytes:
    """As ``seal``, by any hand; ``said`` are reason and location."""
    for name in refuse_names:
        if any(carries(text, name) for text in (*hand.texts, *said, field)):
            raise IdentityNamesReviewer("The signing identity carries the reviewer's name.")
    if why_not := identities.why_unusable(hand.certificate, when):
        raise UnusableIdentity(why_not)
    if not pdf.startswith(b"%PDF-"):
        raise CannotSeal("What was to be sealed is not a PDF.")
    return _signed(hand, pdf, field, said, when, appearance, second=False)


def countersign(
    hand: Hand, pdf: bytes, *, field: str, said: tuple[str, str], when: datetime, appearance: bytes = b""
) -> bytes:
    """A sealed letter with the signature of whoever signs second, in the empty field named; earlier bytes stay.

    UnusableIdentity, and CannotSeal for a letter that is not intact or has no such empty field.
    """
    from imr_desktop.signing import verifying

    if why_not := identities.why_unusable(hand.certificate, when):
        raise UnusableIdentity(why_not)
    if not verifying.verify(pdf, now=when).intact:
        raise CannotSeal("The letter is not intact, or not sealed yet.", "Countersign the letter as it was sealed.")
    return _signed(hand, pdf, field, said, when, appearance, second=True)


def _signed(
    hand: Hand, pdf: bytes, field: str, said: tuple[str, str], when: datetime, appearance: bytes, *, second: bool
) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    class At(signers.PdfSigner):  # type: ignore[misc]
        """A signer whose clock is the caller's, so that signing time and determination agree."""

        def init_signing_session(self, pdf_out: object, existing_fields_only: bool = False) -> object:
            session = super().init_signing_session(pdf_out, existing_fields_only)
            session.system_time = when
            return session

    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=True)
        empty = {name for name, _, _ in fields.enumerate_sig_fields(writer.prev, filled_status=False)}
        _fits(
            field, empty, filled=len(list(fields.enumerate_sig_fields(writer.prev, filled_status=True))), second=second
        )
        meta = signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=not second,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS if empty - {field} else fields.MDPPerm.NO_CHANGES,
            reason=said[0],
            location=said[1],
        )
        signer = At(meta, signer=hand.signer(), stamp_style=_shown(appearance))
        made: bytes = signer.sign_pdf(writer, existing_fields_only=field in empty).getvalue()
    except Trouble:
        raise
    except Exception as why:
        # A broken PDF makes pyHanko raise anything (KeyError, zlib.error, ...), and none of it may pass for a bug.
        raise CannotSeal(f"The PDF could not be sealed ({type(why).__name__}).") from why
    return made


def _fits(field: str, empty: set[str], *, filled: int, second: bool) -> None:
    if not second and filled:
        raise CannotSeal("The PDF carries a signature already.")
    if second and field not in empty:
        raise CannotSeal(f"The letter has no empty place for the signature {field}.", "Ask whether it was signed.")


def _shown(appearance: bytes) -> Any:
    """What a field with a place on the page shows: the page given, or nothing; pyHanko's own has an unembedded font."""
    import binascii

    from pyhanko.pdf_utils import layout
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.stamp.noop import NoOpStampStyle
    from pyhanko.stamp.static import StaticStampStyle

    if not appearance:
        return NoOpStampStyle()

    class Sheet(PdfContent):  # type: ignore[misc]
        """A page out of memory, as pyHanko imports one out of a file."""

        def render(self) -> bytes:
            page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(appearance)))
            name = "/Seal" + binascii.crc32(appearance).to_bytes(4, "big").hex()
            self.resources.xobject[name] = page
            left, low, right, high = page.get_object()["/BBox"]
            self.box = layout.BoxConstraints(width=right - left, height=high - low)
            return f"{name} Do".encode()

    return StaticStampStyle(background=Sheet(), background_opacity=1.0, border_width=0, background_layout=_filling())


def _filling() -> Any:
    from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule

    return SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MIN,
        y_align=AxisAlignment.ALIGN_MIN,
        margins=Margins(0, 0, 0, 0),
        inner_content_scaling=InnerScaling.NO_SCALING,
    )
