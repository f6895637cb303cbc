# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing: a letter is certified so that any later change to it shows (PAdES B-B, no changes allowed)."""

import io
from collections.abc import Sequence
from datetime import datetime

from imr_desktop.errors import Trouble
from imr_desktop.models.names import carries
from imr_desktop.signing import identities
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
) -> bytes:
    """The PDF with one certifying signature in the field named; the bytes given are not changed.

    ``when`` is the signing time, with its time zone. Raises IdentityNamesReviewer if the identity or the words beside
    the signature carry one of ``refuse_names``, UnusableIdentity outside the certificate's validity, CannotSeal.
    """
    whole = identities.opened(pkcs12, secret)
    said = (*identities.names(pkcs12, secret), reason, location, field)
    for name in refuse_names:
        if any(carries(text, name) for text in said):
            raise IdentityNamesReviewer("The signing identity carries the reviewer's name.")
    if why_not := identities.why_unusable(whole.certificate, when):
        raise UnusableIdentity(why_not)
    if not pdf.startswith(b"%PDF-"):
        raise CannotSeal("What was to be sealed is not a PDF.")
    return _sealed(pdf, pkcs12, secret, field, reason, location, when)


def _sealed(pdf: bytes, pkcs12: bytes, secret: str, field: str, reason: str, location: str, when: datetime) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    class At(signers.PdfSigner):  # type: ignore[misc]
        """A signer whose clock is the caller's, so that signing time and determination agree."""

        def init_signing_session(self, pdf_out: object, existing_fields_only: bool = False) -> object:
            session = super().init_signing_session(pdf_out, existing_fields_only)
            session.system_time = when
            return session

    signer = signers.SimpleSigner.load_pkcs12_data(pkcs12, other_certs=[], passphrase=secret.encode())
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=True)
        if len(list(fields.enumerate_sig_fields(writer.prev, filled_status=True))):
            raise CannotSeal("The PDF carries a signature already.")
        meta = signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            reason=reason,
            location=location,
        )
        sealed: bytes = At(meta, signer=signer).sign_pdf(writer).getvalue()
    except CannotSeal:
        raise
    except Exception as why:
        # A broken PDF makes pyHanko raise anything (KeyError, zlib.error, ...), and none of it may pass for a bug.
        raise CannotSeal(f"The PDF could not be sealed ({type(why).__name__}).") from why
    return sealed
