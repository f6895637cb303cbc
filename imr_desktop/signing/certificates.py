# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every text in the certificates that a sealed file carries: what a reader of the file could learn of who signed."""

import io

from cryptography import x509

from imr_desktop.signing.identities import texts_of


def told(pdf: bytes) -> tuple[str, ...]:
    """The texts of all certificates in all signatures of a file; none for a file without signatures."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    found: list[str] = []
    for signature in PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures:
        for each in (signature.signer_cert, *signature.other_embedded_certs):
            found += texts_of(x509.load_der_x509_certificate(each.dump()))
    return tuple(dict.fromkeys(found))
