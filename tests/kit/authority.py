# SPDX-License-Identifier: AGPL-3.0-or-later
"""An authority on this computer: it certifies, tells revocations and stamps the time, and counts what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.kit import no_network

NOW = datetime.now(UTC).replace(microsecond=0)
"""The server and pyHanko go by this computer's clock."""


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def der(certificate: x509.Certificate) -> bytes:
    """A certificate's bytes."""
    return certificate.public_bytes(serialization.Encoding.DER)


def _certificate(
    subject: str, key: rsa.RSAPrivateKey, by: "Authority | None", extensions: list[tuple[x509.ExtensionType, bool]]
) -> x509.Certificate:
    issuer, signer = (_name(subject), key) if by is None else (by.certificate.subject, by.key)
    above = signer.public_key()
    made = (
        x509.CertificateBuilder(issuer, _name(subject), key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=3650 if by is None or "Stamp" in subject else 30))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False)
    )
    for extension, critical in extensions:
        made = made.add_extension(extension, critical=critical)
    return made.sign(signer, hashes.SHA256())


def _usage(*, signs: bool) -> tuple[x509.ExtensionType, bool]:
    return (
        x509.KeyUsage(
            digital_signature=signs, content_commitment=signs, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=not signs, crl_sign=not signs, encipher_only=False, decipher_only=False,
        ),
        True,
    )  # fmt: skip


@dataclass
class Authority:
    """An authority that certifies, tells revocations and stamps the time, and what it was asked."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    url: str = ""
    revoked: tuple[int, ...] = ()
    asked: int = 0

    def crl(self) -> bytes:
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(NOW - timedelta(hours=1))
            .next_update(NOW + timedelta(days=7))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for serial in self.revoked:
            row = x509.RevokedCertificateBuilder(serial, NOW - timedelta(hours=2)).build()
            made = made.add_revoked_certificate(row)
        return made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def signer(self) -> tuple[bytes, x509.Certificate]:
        """A PKCS#12 identity that is good for a month, and its certificate."""
        key = _key()
        where = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{self.url}/crl")], None, None, None)
        own = _certificate("Office 7", key, self, [_usage(signs=True), (x509.CRLDistributionPoints([where]), False)])
        locked = serialization.BestAvailableEncryption(b"secret")
        return pkcs12.serialize_key_and_certificates(None, key, own, [self.certificate], locked), own


@contextmanager
def authority() -> Iterator[Authority]:
    """The authority, while its server runs on loopback."""
    from asn1crypto import keys, tsp
    from asn1crypto import x509 as asn1
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = _key()
    made = Authority(key, _certificate("An authority", key, None, [_usage(signs=False)]))
    stamps = _key()
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    clock = _certificate("Stamp office", stamps, made, [_usage(signs=True), (purpose, True)])
    held = SimpleCertificateStore()
    held.register(asn1.Certificate.load(der(made.certificate)))
    own = stamps.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    stamper = DummyTimeStamper(asn1.Certificate.load(der(clock)), keys.PrivateKeyInfo.load(own), certs_to_embed=held)

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.asked += 1
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer("application/timestamp-reply", stamper.request_tsa_response(asked).dump())

        def do_GET(self) -> None:
            made.asked += 1
            self._answer("application/pkix-crl", made.crl())

        def _answer(self, kind: str, data: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_said: object) -> None:
            """Nothing: a test's output is its own."""

    with no_network.loopback():
        server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
