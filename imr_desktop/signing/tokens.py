# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tokens: smart cards and USB keys (PKCS#11) that sign without ever giving away their key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from imr_desktop.errors import Trouble
from imr_desktop.signing.hands import Hand
from imr_desktop.signing.identities import certificates_der, texts_of
from imr_desktop.signing.pins import Pin


class NoToken(Trouble):
    """The token's driver, the token itself, or a certificate with its key on it is not there."""

    default_advice = "Put the token in, and check the path of its driver (PKCS#11 module) and its name."


class WrongPin(Trouble):
    """The token refuses the PIN."""

    default_advice = "Type the token's PIN again; after a few wrong ones the token locks itself."


@dataclass(frozen=True, slots=True)
class Token:
    """Where a key lies: the driver's file (PKCS#11 module), the token's label, and the label of key and certificate.

    ``certificate`` is a file that holds the certificate where the token does not.
    """

    module: Path
    label: str
    key: str
    certificate: Path | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """A token that is in: its label, and the labels of the certificates that it shows without a PIN."""

    label: str
    certificates: tuple[str, ...]


class OpenToken:
    """A token that took its PIN: ``hand`` signs until it is closed."""

    def __init__(self, session: Any, token: Token) -> None:
        self._session = session
        self.token = token
        try:
            self.hand = _hand(session, token)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """The token is to be asked for its PIN again; harmless when repeated."""
        session, self._session = self._session, None
        if session is not None:
            session.close()


def opened(token: Token, pin: Pin) -> OpenToken:
    """A token opened by its PIN, which goes to the driver and is wiped here, right or wrong; NoToken, WrongPin.

    How many tries are left is said where the token tells.
    """
    try:
        return OpenToken(_session(token, pin), token)
    finally:
        pin.wipe()


@contextmanager
def hand_of(token: Token, pin: Pin) -> Iterator[Hand]:
    """The hand whose key lies on a token, while the token is open; raises as ``opened`` does."""
    held = opened(token, pin)
    try:
        yield held.hand
    finally:
        held.close()


def present(module: Path) -> tuple[Present, ...]:
    """The tokens that a driver finds, without asking anything of them that needs a PIN; NoToken for no driver."""
    pkcs11 = _pkcs11()
    try:
        return tuple(_shown(token) for token in pkcs11.lib(str(module)).get_tokens() if token.label.strip())
    except (pkcs11.exceptions.PKCS11Error, RuntimeError, OSError) as why:
        raise NoToken(f"The driver {module.name} cannot be used ({type(why).__name__}).", place=str(module)) from why


def _shown(token: Any) -> Present:
    from pkcs11 import Attribute, ObjectClass

    with token.open() as session:
        found = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
        labels = tuple(dict.fromkeys(str(each[Attribute.LABEL]) for each in found))
    return Present(token.label.strip(), labels)


def _pkcs11() -> Any:
    try:
        import pkcs11
        import pkcs11.exceptions
    except ImportError as why:
        raise NoToken("Tokens need the package python-pkcs11.", "Install it beside this program.") from why
    return pkcs11


def _session(token: Token, pin: Pin) -> Any:
    pkcs11 = _pkcs11()
    told = pkcs11.exceptions
    found = None
    try:
        library = pkcs11.lib(str(token.module))
        found = library.get_token(token_label=token.label)
        return found.open(user_pin=pin)
    except told.PinLocked as why:
        raise WrongPin("The token is locked after too many wrong PINs.", "Have its issuer unlock it.") from why
    except (told.PinIncorrect, told.PinInvalid, told.PinLenRange) as why:
        raise WrongPin(f"The PIN is wrong.{_tries_left(found)}") from why
    except told.UserAlreadyLoggedIn as why:
        raise NoToken(
            f"The token {token.label} is open already.", "Use it where it is open, or close that first."
        ) from why
    except (told.PKCS11Error, RuntimeError, OSError) as why:
        raise NoToken(f"The token {token.label} cannot be opened ({type(why).__name__}).") from why


def _tries_left(token: Any) -> str:
    """What the token says of the tries that are left; PKCS#11 knows no number, only "few" and "the last"."""
    from pkcs11 import TokenFlag

    if token is None:
        return ""
    flags = token.slot.get_token().flags
    if TokenFlag.USER_PIN_LOCKED in flags:
        return " The token is locked now."
    if TokenFlag.USER_PIN_FINAL_TRY in flags:
        return " One try is left."
    return " More than one try is left." if TokenFlag.USER_PIN_COUNT_LOW in flags else ""


def _hand(session: Any, token: Token) -> Hand:
    certificate = _certificate(session, token)

    def signer() -> Any:
        from asn1crypto import x509 as asn1
        from pyhanko.sign.pkcs11 import PKCS11Signer

        own = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
        return PKCS11Signer(session, signing_cert=own, key_label=token.key)

    return Hand(certificate, tuple(texts_of(certificate)), signer)


def _certificate(session: Any, token: Token) -> x509.Certificate:
    from pkcs11 import Attribute, ObjectClass

    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: token.key}
    if not list(session.get_objects(wanted)):
        raise NoToken(f"There is no key named {token.key} on the token {token.label}.")
    if token.certificate is not None:
        return x509.load_der_x509_certificate(certificates_der(token.certificate.read_bytes())[0])
    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: token.key}
    held = list(session.get_objects(wanted))
    if not held:
        raise NoToken(
            f"There is no certificate named {token.key} on the token {token.label}.",
            "Give the certificate's file beside the token.",
        )
    return x509.load_der_x509_certificate(held[0][Attribute.VALUE])
