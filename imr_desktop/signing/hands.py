# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hands that sign: a key in a file or on a token, with its certificate, before pyHanko is asked for anything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509

from imr_desktop.signing import identities


@dataclass(frozen=True, slots=True)
class Hand:
    """A certificate and what signs under it; ``texts`` is every text by which a reader could learn whose it is.

    ``signer`` makes pyHanko's signer and is called once for each signature.
    """

    certificate: x509.Certificate
    texts: tuple[str, ...]
    signer: Callable[[], Any] = field(repr=False)

    @property
    def subject(self) -> str:
        """Whose certificate it is, as people read it."""
        return self.texts[0] if self.texts else ""


def of_file(pkcs12: bytes, secret: str) -> Hand:
    """The hand whose key lies in a PKCS#12 file; raises as ``identities.opened`` does."""
    whole = identities.opened(pkcs12, secret)

    def signer() -> Any:
        from pyhanko.sign import signers

        return signers.SimpleSigner.load_pkcs12_data(pkcs12, other_certs=[], passphrase=secret.encode())

    subject, *others = identities.texts_of(whole.certificate)
    return Hand(whole.certificate, (subject, *others, *identities.names(pkcs12, secret)), signer)
