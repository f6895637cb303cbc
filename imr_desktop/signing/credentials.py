# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a seal is made with: a key in a file or on a token, opened for as long as one signature takes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from cryptography import x509

from imr_desktop.signing import identities


@dataclass(frozen=True, slots=True)
class Ready:
    """A credential that is open: its certificate, every text by which it tells whose it is, and pyHanko's signer."""

    certificate: x509.Certificate
    texts: tuple[str, ...]
    signer: Any


class Credential(Protocol):
    """Something that can sign once it is opened."""

    def opened(self) -> AbstractContextManager[Ready]:
        """Open it; closed again, with all that was unlocked, at the end."""


@dataclass(frozen=True, slots=True)
class FileCredential:
    """A key in a PKCS#12 file, with the secret that opens it."""

    pkcs12: bytes = field(repr=False)
    secret: str = field(repr=False)

    @contextmanager
    def opened(self) -> Iterator[Ready]:
        """The key of the file; raises as ``identities.opened`` does."""
        from pyhanko.sign import signers

        whole = identities.opened(self.pkcs12, self.secret)
        signer = signers.SimpleSigner.load_pkcs12_data(self.pkcs12, other_certs=[], passphrase=self.secret.encode())
        yield Ready(whole.certificate, identities.names(self.pkcs12, self.secret), signer)
