# SPDX-License-Identifier: AGPL-3.0-or-later
"""Smart cards and other tokens (PKCS#11): what stands on them, and signing with a key that never leaves them.

The PIN is used for one session and kept nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509

from imr_desktop.errors import Trouble
from imr_desktop.signing import identities
from imr_desktop.signing.credentials import Ready


class NoTokenModule(Trouble):
    """The token's driver (a PKCS#11 module) is missing, or it is none."""

    default_advice = "Install the driver that came with the token, and give the path of its PKCS#11 module."


class NoToken(Trouble):
    """The token, or the key that was named, is not there."""

    default_advice = "Put the token in, and look at the names of the keys on it."


class WrongPin(Trouble):
    """The token refuses the PIN."""

    default_advice = "Type the PIN again; too many wrong ones lock the token."


class TokenFailed(Trouble):
    """The token did not do what was asked."""

    default_advice = "Take the token out and put it in again; nothing was signed."


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Where a key stands: the PKCS#11 module, the token's label and the label that key and certificate share."""

    module: Path
    token: str
    label: str


def keys_on(module: Path) -> tuple[TokenKey, ...]:
    """Every certificate that can be read without a PIN on the tokens of a module; NoTokenModule, TokenFailed."""
    from pkcs11 import Attribute, ObjectClass, PKCS11Error

    found = []
    try:
        for slot in _library(module).get_slots(token_present=True):
            token = slot.get_token()
            if not token.label.strip():
                continue
            with token.open() as session:
                for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
                    found.append(TokenKey(module, token.label.strip(), each[Attribute.LABEL]))
    except PKCS11Error as why:
        raise TokenFailed(f"The tokens could not be read ({type(why).__name__}).") from why
    return tuple(found)


def certificate_of(key: TokenKey) -> bytes:
    """The key's certificate (DER), read without a PIN; NoTokenModule, NoToken, TokenFailed."""
    from pkcs11 import PKCS11Error

    try:
        with _token(key).open() as session:
            return _certificate(session, key)
    except PKCS11Error as why:
        raise TokenFailed(f"The token could not be read ({type(why).__name__}).") from why


@dataclass(frozen=True, slots=True)
class TokenCredential:
    """A key on a token, the PIN for one signature, and the certificates above its own (DER)."""

    key: TokenKey
    pin: str = field(repr=False)
    chain: tuple[bytes, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[Ready]:
        """A session with the token. NoTokenModule, NoToken, WrongPin, TokenFailed."""
        from asn1crypto import x509 as asn1
        from pkcs11 import PKCS11Error
        from pyhanko.sign.pkcs11 import PKCS11Signer

        session = _session(self.key, self.pin)
        try:
            der = _certificate(session, self.key)
            above = [asn1.Certificate.load(each) for each in self.chain]
            signer = PKCS11Signer(
                session, signing_cert=asn1.Certificate.load(der), ca_chain=above, key_label=self.key.label
            )
            certificate = x509.load_der_x509_certificate(der)
            texts = [self.key.label]
            for each in (certificate, *map(x509.load_der_x509_certificate, self.chain)):
                texts += identities.texts_of(each)
            yield Ready(certificate, tuple(texts), signer)
        except PKCS11Error as why:
            raise TokenFailed(f"The token did not sign ({type(why).__name__}).") from why
        finally:
            session.close()


def _session(key: TokenKey, pin: str) -> Any:
    from pkcs11 import PKCS11Error
    from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PinLocked

    token = _token(key)
    try:
        return token.open(user_pin=pin)
    except (PinIncorrect, PinInvalid, PinLenRange) as why:
        raise WrongPin(f"The token {key.token} refuses the PIN.{_tries_left(key)}") from why
    except PinLocked as why:
        raise WrongPin(f"The token {key.token} is locked.", "Have the one who issued it unlock it.") from why
    except PKCS11Error as why:
        raise TokenFailed(f"The token could not be opened ({type(why).__name__}).") from why


def _tries_left(key: TokenKey) -> str:
    """What the token itself says of the tries that are left: PKCS#11 knows no number, only these three."""
    from pkcs11 import TokenFlag

    flags = _token(key).flags
    if flags & TokenFlag.USER_PIN_LOCKED:
        return " It is locked now."
    if flags & TokenFlag.USER_PIN_FINAL_TRY:
        return " One try is left before it locks."
    return " Few tries are left before it locks." if flags & TokenFlag.USER_PIN_COUNT_LOW else ""


def _certificate(session: Any, key: TokenKey) -> bytes:
    from pkcs11 import Attribute, ObjectClass

    for each in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: key.label}):
        return bytes(each[Attribute.VALUE])
    raise NoToken(f"There is no certificate named {key.label} on the token {key.token}.")


def _token(key: TokenKey) -> Any:
    from pkcs11 import PKCS11Error

    try:
        for slot in _library(key.module).get_slots(token_present=True):
            token = slot.get_token()
            if token.label.strip() == key.token:
                return token
    except PKCS11Error as why:
        raise TokenFailed(f"The tokens could not be read ({type(why).__name__}).") from why
    raise NoToken(f"The token {key.token} is not there.")


def _library(module: Path) -> Any:
    try:
        import pkcs11
    except ImportError as why:
        raise NoTokenModule("Tokens are not supported by this installation.", "Install python-pkcs11.") from why
    # A module that is not there is answered in many ways, some of them of the system's loader.
    if not module.is_file():
        raise NoTokenModule(f"There is no file {module}.", place=str(module))
    try:
        return pkcs11.lib(str(module))
    except (RuntimeError, OSError) as why:
        raise NoTokenModule(f"{module.name} is no PKCS#11 module that can be loaded.", place=str(module)) from why
