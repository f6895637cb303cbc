# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing identities: a key with its certificate, made here for trial or issued by an organisation as PKCS#12."""

import secrets
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from imr_desktop.errors import Trouble

_KEY_BITS = 3072
_FEWEST_KEY_BITS = 2048  # what pyHanko, as other verifiers, still accepts of an RSA key
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_OTHER_PURPOSES = frozenset(
    {
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.CODE_SIGNING,
        ExtendedKeyUsageOID.TIME_STAMPING,
        ExtendedKeyUsageOID.OCSP_SIGNING,
    }
)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class WrongIdentityPassphrase(Trouble):
    """The passphrase does not open the PKCS#12 file."""

    default_advice = "Type the passphrase that came with the file; no attempt locks it."


class NotAnIdentity(Trouble):
    """The file given is no PKCS#12 identity."""

    default_advice = "Ask for your identity as a PKCS#12 file (.p12 or .pfx)."


class NoPrivateKey(Trouble):
    """The file holds certificates only, and a certificate alone cannot sign."""

    default_advice = "Export the identity again together with its private key."


class KeyMismatch(Trouble):
    """Key and certificate in the file do not belong together."""

    default_advice = "Ask for the file again."


class UnusableIdentity(Trouble):
    """The certificate may not be used to sign now."""

    default_advice = "Choose another identity, or ask for a new certificate."


class NotACertificate(Trouble):
    """The file given holds no certificate."""

    default_advice = "Give a certificate in PEM or DER form."


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """An identity as the vault keeps it: PKCS#12 under a fresh secret, and its certificate (DER)."""

    pkcs12: bytes
    secret: str
    certificate_der: bytes


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What an identity's certificate says, and whether it can sign at a given moment; if not, why not."""

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    self_signed: bool
    usable: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An identity taken apart: key, certificate, the certificates above it, and the name given to the key."""

    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    friendly_name: str


def create(common_name: str, organisation: str, *, now: datetime, valid_days: int = 1096) -> NewIdentity:
    """A trial identity: self-signed, so that no reader knows whose it is until told; valid from ``now``."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    named = [x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])]
    if organisation:
        named.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]))
    subject = x509.Name(named)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks differ: a letter sealed in the first minute must not look signed before its certificate.
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=valid_days))
        # No authority: who trusts a trial identity trusts it alone, and not whatever its key might certify.
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return wrapped(Opened(key, certificate, (), ""))


def load(data: bytes, passphrase: str) -> NewIdentity:
    """A PKCS#12 file wrapped anew under a fresh secret.

    NotAnIdentity, WrongIdentityPassphrase, NoPrivateKey, KeyMismatch, each saying what is wrong with the file.
    """
    return wrapped(opened(data, passphrase))


def opened(data: bytes, passphrase: str) -> Opened:
    """A PKCS#12 file taken apart; raises as ``load`` does."""
    if not data.startswith(b"\x30"):
        raise NotAnIdentity("The file is not a PKCS#12 identity.")
    try:
        with warnings.catch_warnings():
            # Browsers and Java write PKCS#12 in BER; cryptography reads it and grumbles.
            warnings.simplefilter("ignore", UserWarning)
            bundle = pkcs12.load_pkcs12(data, passphrase.encode() or None)
    except UnsupportedAlgorithm as why:
        raise NotAnIdentity(
            "The file is protected in a way that this program does not know.", "Ask for it protected with AES."
        ) from why
    except ValueError as why:
        if "password" in str(why).lower() or "mac" in str(why).lower():
            raise WrongIdentityPassphrase("The passphrase does not open the identity's file.") from why
        raise NotAnIdentity("The file is not a PKCS#12 identity, or it is damaged.") from why
    chain = tuple(each.certificate for each in bundle.additional_certs)
    if bundle.key is None:
        raise NoPrivateKey("The file holds no private key.")
    if not isinstance(bundle.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise NotAnIdentity("The file's key is of a kind that PDF readers do not know.", "Ask for an RSA or EC key.")
    if bundle.cert is None:
        raise KeyMismatch("The file holds no certificate for its key.")
    certificate = bundle.cert.certificate
    if _public(certificate) != _encoded(bundle.key):
        raise KeyMismatch("The certificate in the file belongs to another key.")
    return Opened(bundle.key, certificate, chain, (bundle.cert.friendly_name or b"").decode("utf-8", "replace"))


def describe(data: bytes, secret: str, now: datetime) -> IdentityFacts:
    """What the identity's certificate says, and whether it can sign at ``now``."""
    certificate = opened(data, secret).certificate
    why_not = why_unusable(certificate, now)
    return IdentityFacts(
        subject=_readable(certificate.subject),
        issuer=_readable(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        self_signed=_self_signed(certificate),
        usable=not why_not,
        why_not=why_not,
    )


def why_unusable(certificate: x509.Certificate, now: datetime) -> str:
    """A sentence that says why a certificate may not sign at ``now``; empty if it may."""
    if now < certificate.not_valid_before_utc:
        return f"The certificate is not valid before {certificate.not_valid_before_utc:%m/%d/%Y}."
    if now > certificate.not_valid_after_utc:
        return f"The certificate expired on {certificate.not_valid_after_utc:%m/%d/%Y}."
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _FEWEST_KEY_BITS:
        return f"The certificate's key of {key.key_size} bits is too short to be relied on."
    return "" if _may_sign(certificate) else "The certificate is not meant for signing documents."


def _may_sign(certificate: x509.Certificate) -> bool:
    """Whether key usage and extended key usage, where stated (RFC 5280 4.2.1.3, 4.2.1.12), allow signing documents."""
    for extension in certificate.extensions:
        stated = extension.value
        if isinstance(stated, x509.KeyUsage) and not (stated.digital_signature or stated.content_commitment):
            return False
        if isinstance(stated, x509.ExtendedKeyUsage) and set(stated) <= _OTHER_PURPOSES:
            return False
    return True


def names(data: bytes, secret: str) -> tuple[str, ...]:
    """Every text by which an identity tells whose it is: subjects, issuers, alternative names, the key's own name.

    The certificates above the identity's own count too, because a seal carries them all.
    """
    whole = opened(data, secret)
    texts = [whole.friendly_name]
    for certificate in (whole.certificate, *whole.chain):
        texts += texts_of(certificate)
    return tuple(texts)


def texts_of(certificate: x509.Certificate) -> list[str]:
    """Every text by which a certificate tells whose it is."""
    texts = [_readable(certificate.subject), _readable(certificate.issuer)]
    texts += [str(each.value) for each in certificate.subject]
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName | x509.IssuerAlternativeName):
            texts += [_general(each) for each in extension.value]
    return texts


def _general(name: x509.GeneralName) -> str:
    if isinstance(name, x509.DirectoryName):
        return _readable(name.value)
    if isinstance(name, x509.OtherName):
        # A log-in name as Windows certificates have it: a DER string, whose first two bytes are kind and length.
        return name.value[2:].decode("utf-8", "replace")
    return str(name.value)


def certificate_pem(data: bytes, secret: str) -> bytes:
    """An identity's certificate, without its key, as PEM; the certificates above it follow."""
    whole = opened(data, secret)
    each = (whole.certificate, *whole.chain)
    return b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in each)


def certificates_der(data: bytes) -> tuple[bytes, ...]:
    """The certificates in a PEM or DER file, each as DER; NotACertificate."""
    try:
        if b"-----BEGIN" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except ValueError as why:
        raise NotACertificate("The file holds no certificate.") from why
    return tuple(certificate.public_bytes(serialization.Encoding.DER) for certificate in found)


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def wrapped(whole: Opened) -> NewIdentity:
    """An identity as the vault keeps it, under a fresh secret."""
    secret = secrets.token_urlsafe(32)
    encryption = serialization.BestAvailableEncryption(secret.encode())
    name = whole.friendly_name.encode() or None
    data = pkcs12.serialize_key_and_certificates(name, whole.key, whole.certificate, list(whole.chain), encryption)
    return NewIdentity(data, secret, whole.certificate.public_bytes(serialization.Encoding.DER))


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _encoded(key: Key) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _self_signed(certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _readable(name: x509.Name) -> str:
    return ", ".join(str(attribute.value) for attribute in reversed(list(name)))


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate by itself says: whose, from whom, until when, and the SHA-256 by which people compare it."""

    subject: str
    issuer: str
    not_after: datetime
    sha256: str


def certificate_facts(der: bytes) -> CertificateFacts:
    """What a certificate (DER) says; NotACertificate."""
    try:
        certificate = x509.load_der_x509_certificate(der)
    except ValueError as why:
        raise NotACertificate("The file holds no certificate.") from why
    return CertificateFacts(
        _readable(certificate.subject),
        _readable(certificate.issuer),
        certificate.not_valid_after_utc,
        certificate.fingerprint(hashes.SHA256()).hex(),
    )
