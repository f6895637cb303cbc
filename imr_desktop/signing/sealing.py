# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing: a letter is certified so that any later change to it shows (PAdES B-B).

A letter with one signature allows no change at all. A letter that a second person countersigns allows that, and
nothing else, until the second signature locks it.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imr_desktop.errors import Trouble
from imr_desktop.models.names import carries
from imr_desktop.signing import identities, verifying
from imr_desktop.signing.credentials import Credential, FileCredential, Ready
from imr_desktop.signing.identities import UnusableIdentity


class IdentityNamesReviewer(Trouble):
    """The identity would tell the parties who the reviewer is (LC 4610.6(f))."""

    default_advice = "Seal this letter with an identity of the organisation that does not carry the reviewer's name."


class CannotSeal(Trouble):
    """The PDF given cannot be sealed."""

    default_advice = "Seal a letter that this program has just printed."


@dataclass(frozen=True, slots=True)
class Terms:
    """What a signature says: its field, why and where, and when, with its time zone.

    ``refuse_names`` may be carried by nothing that it says. ``appearance`` is a PDF of one page that is shown in the
    field; ``countersigned``: a second person will sign after this one.
    """

    field: str
    reason: str
    location: str
    when: datetime
    refuse_names: Sequence[str] = ()
    appearance: bytes = b""
    countersigned: bool = False


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
) -> bytes:
    """``certify`` by an identity in a file, with nothing shown in the field and nobody to sign after it."""
    return certify(pdf, FileCredential(pkcs12, secret), Terms(field, reason, location, when, refuse_names))


def certify(pdf: bytes, credential: Credential, terms: Terms) -> bytes:
    """The PDF with its first, certifying signature in the field named; the bytes given are not changed.

    Raises IdentityNamesReviewer if the identity or the words beside the signature carry one of the names refused,
    UnusableIdentity outside the certificate's validity, CannotSeal, and what opening the credential raises.
    """
    return _signed(pdf, credential, terms, first=True)


def countersign(pdf: bytes, credential: Credential, terms: Terms) -> bytes:
    """The PDF with the second signature in the empty field that waits for it; raises as ``certify`` does.

    CannotSeal also if what was signed before does not verify: nobody vouches for what is broken.
    """
    verdict = verifying.verify(pdf, now=terms.when)
    if verdict.status is not verifying.Status.WAITING or terms.field not in verdict.waiting:
        raise CannotSeal("The PDF does not wait for this signature.", "Countersign a letter that its reviewer signed.")
    return _signed(pdf, credential, terms, first=False)


def _signed(pdf: bytes, credential: Credential, terms: Terms, *, first: bool) -> bytes:
    if not pdf.startswith(b"%PDF-"):
        raise CannotSeal("What was to be sealed is not a PDF.")
    with credential.opened() as ready:
        said = (*ready.texts, terms.reason, terms.location, terms.field)
        for name in terms.refuse_names:
            if any(carries(text, name) for text in said):
                raise IdentityNamesReviewer("The signing identity carries the reviewer's name.")
        if why_not := identities.why_unusable(ready.certificate, terms.when):
            raise UnusableIdentity(why_not)
        return _written(pdf, ready, terms, first=first)


def _written(pdf: bytes, ready: Ready, terms: Terms, *, first: bool) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    class At(signers.PdfSigner):  # type: ignore[misc]
        """A signer whose clock is the caller's, so that signing time and determination agree."""

        def init_signing_session(self, pdf_out: object, existing_fields_only: bool = False) -> object:
            session = super().init_signing_session(pdf_out, existing_fields_only)
            session.system_time = terms.when
            return session

    last = not terms.countersigned
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=True)
        if first and len(list(fields.enumerate_sig_fields(writer.prev, filled_status=True))):
            raise CannotSeal("The PDF carries a signature already.")
        if first and last and _waiting_others(writer.prev, terms.field):
            raise CannotSeal("The PDF has a field for a second signature.", "Say who countersigns it.")
        meta = signers.PdfSignatureMetadata(
            field_name=terms.field,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=first,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES if last else fields.MDPPerm.FILL_FORMS,
            reason=terms.reason,
            location=terms.location,
        )
        signer = At(meta, signer=ready.signer, stamp_style=_shown(terms.appearance))
        sealed: bytes = signer.sign_pdf(writer, existing_fields_only=not first or terms.countersigned).getvalue()
    except Trouble:
        raise
    except Exception as why:
        # A broken PDF makes pyHanko raise anything (KeyError, zlib.error, ...), and none of it may pass for a bug.
        raise CannotSeal(f"The PDF could not be sealed ({type(why).__name__}).") from why
    return sealed


def _waiting_others(reader: Any, field: str) -> bool:
    from pyhanko.sign import fields

    return any(name != field for name, _, _ in fields.enumerate_sig_fields(reader, filled_status=False))


def _shown(appearance: bytes) -> Any:
    """How the field looks: the page given, so that its fonts are ours and embedded; None for what is not shown."""
    if not appearance:
        return None
    from pyhanko.pdf_utils.content import ImportedPdfPage
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.stamp import StaticStampStyle

    class Page(ImportedPdfPage):  # type: ignore[misc]
        """A page out of bytes; pyHanko's own takes it from a file."""

        def render(self) -> bytes:
            reader = PdfFileReader(io.BytesIO(appearance), strict=True)
            form = self._ensure_writer.import_page_as_xobject(reader)
            self.resources.xobject["/Shown"] = form
            left, low, right, high = form.get_object()["/BBox"]
            self.box = BoxConstraints(width=abs(right - left), height=abs(high - low))
            return b"/Shown Do"

    return StaticStampStyle(background=Page(""), border_width=0)
