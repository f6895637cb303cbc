# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time stamps from a server on this computer: a letter outlives its certificate, and nothing is fetched unasked."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from imr_desktop.casework import finishing
from imr_desktop.letter import Rendition
from imr_desktop.signing import sealing, stamping, verifying
from imr_desktop.signing.stamping import CannotStamp
from imr_desktop.signing.verifying import Status
from tests.kit import no_network
from tests.kit.cases import demo_determination
from tests.signing.test_two_signatures import _flipped, _objects, _shadow, _unranged

_NOW = datetime.now(UTC).replace(microsecond=0)
"""The server and pyHanko go by this computer's clock."""


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _certificate(
    subject: str, key: rsa.RSAPrivateKey, by: "Authority | None", extensions: list[tuple[x509.ExtensionType, bool]]
) -> x509.Certificate:
    issuer, signer = (_name(subject), key) if by is None else (by.certificate.subject, by.key)
    above = signer.public_key()
    made = (
        x509.CertificateBuilder(issuer, _name(subject), key.public_key(), x509.random_serial_number())
        .not_valid_before(_NOW - timedelta(days=1))
        .not_valid_after(_NOW + timedelta(days=3650 if by is None or "Stamp" in subject else 30))
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
            .last_update(_NOW - timedelta(hours=1))
            .next_update(_NOW + timedelta(days=7))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for serial in self.revoked:
            row = x509.RevokedCertificateBuilder(serial, _NOW - timedelta(hours=2)).build()
            made = made.add_revoked_certificate(row)
        return made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def signer(self) -> tuple[bytes, x509.Certificate]:
        """A PKCS#12 identity that is good for a month, and its certificate."""
        key = _key()
        where = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{self.url}/crl")], None, None, None)
        own = _certificate("Office 7", key, self, [_usage(signs=True), (x509.CRLDistributionPoints([where]), False)])
        locked = serialization.BestAvailableEncryption(b"secret")
        return pkcs12.serialize_key_and_certificates(None, key, own, [self.certificate], locked), own


@pytest.fixture
def authority() -> Iterator[Authority]:
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
    held.register(asn1.Certificate.load(_der(made.certificate)))
    der = stamps.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    stamper = DummyTimeStamper(asn1.Certificate.load(_der(clock)), keys.PrivateKeyInfo.load(der), certs_to_embed=held)

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


def _sealed(authority: Authority) -> tuple[bytes, x509.Certificate]:
    data, own = authority.signer()
    printed = finishing.printed(demo_determination(), Rendition.PARTY)
    made = sealing.seal(
        printed, data, "secret", field="Issuer", reason="Final Determination", location="California", when=_NOW
    )
    return made, own


def test_a_stamped_letter_stays_confirmed_when_its_certificate_has_expired(authority: Authority) -> None:
    sealed, _ = _sealed(authority)
    roots = [_der(authority.certificate)]
    assert verifying.verify(sealed, roots, ["Issuer"], now=_NOW).status is Status.INTACT_CONFIRMED
    assert authority.asked == 0, "neither sealing nor verifying asks anybody"
    stamped = stamping.stamp(sealed, authority.url, roots)
    assert stamped.lasting
    assert stamped.pdf.startswith(sealed)
    asked, later = authority.asked, _NOW + timedelta(days=400)
    assert asked == 2, "once for revocations, once for the time"
    verdict = verifying.verify(stamped.pdf, roots, ["Issuer"], now=later)
    assert verdict.status is Status.INTACT_CONFIRMED, verdict.sentences
    assert any("time was stamped by Stamp office" in each for each in verdict.sentences)
    assert any("No certificate was revoked" in each for each in verdict.sentences)
    assert verifying.verify(sealed, roots, ["Issuer"], now=later).status is Status.INTACT_UNCONFIRMED
    assert verifying.verify(stamped.pdf, (), ["Issuer"], now=later).status is Status.INTACT_UNCONFIRMED
    assert authority.asked == asked, "verifying asks nobody"
    _refused(stamped.pdf)


def _refused(stamped: bytes) -> None:
    """What is done to a letter whose time was stamped shows: content, data, catalogue, byte range, tail, cut."""
    words = b"BT /F1 12 Tf 72 700 Td (Overturned.) Tj ET"
    page = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words)
    data = b"<< /Type /EmbeddedFile /Length 2 >>\nstream\n{}\nendstream"
    attacks: list[Callable[[bytes], bytes]] = [
        _flipped, _unranged, _shadow(0, page), _shadow(2, data), _shadow(3, page),
        lambda pdf: pdf + b"\n% more\n", lambda pdf: pdf[:-100],
    ]  # fmt: skip
    assert len(set(_objects(stamped))) == 4
    for number, attack in enumerate(attacks):
        assert not verifying.verify(attack(stamped), now=_NOW).intact, number


def test_a_revoked_signer_gets_no_lasting_proof(authority: Authority) -> None:
    sealed, own = _sealed(authority)
    authority.revoked = (own.serial_number,)
    assert not stamping.stamp(sealed, authority.url, [_der(authority.certificate)]).lasting


def test_a_server_that_is_not_there_or_a_broken_letter_is_trouble(authority: Authority) -> None:
    sealed, _ = _sealed(authority)
    with pytest.raises(CannotStamp, match="did not stamp"):
        stamping.stamp(sealed, f"{authority.url}/crl?".replace("127.0.0.1", "127.0.0.2"))
    with pytest.raises(CannotStamp, match="not intact"):
        stamping.stamp(sealed + b"%", authority.url)
