# SPDX-License-Identifier: AGPL-3.0-or-later
"""A key that never leaves its token signs a letter; SoftHSM2 stands for the smart card."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from imr_desktop.signing import identities, sealing, tokens, verifying
from imr_desktop.signing.identities import NewIdentity
from imr_desktop.signing.tokens import TokenCredential, TokenKey
from tests.signing.conftest import NOW, terms

pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
_PLACES = ("/usr/lib/softhsm", "/usr/lib64/softhsm", "/usr/local/lib/softhsm", "/opt/homebrew/lib/softhsm")
_FOUND = [path for place in _PLACES if (path := Path(place) / "libsofthsm2.so").is_file()]
pytestmark = pytest.mark.skipif(
    not _FOUND or shutil.which("softhsm2-util") is None, reason="SoftHSM2 (Debian: softhsm2) is not installed"
)
PIN = "471108"


@pytest.fixture(scope="module")
def card(office: NewIdentity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenKey]:
    """A token with the office's key and certificate, made as an organisation would."""
    import pkcs11

    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    whole = identities.opened(office.pkcs12, office.secret)
    key = folder / "key.pem"
    key.write_bytes(
        whole.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(settings))
        tool = ["softhsm2-util", "--module", str(_FOUND[0])]
        for told in (
            ["--init-token", "--free", "--label", "Office card", "--so-pin", "87654321", "--pin", PIN],
            ["--import", str(key), "--token", "Office card", "--label", "office", "--id", "07", "--pin", PIN],
        ):
            subprocess.run([*tool, *told], check=True, capture_output=True)
        (slot,) = [each for each in pkcs11.lib(str(_FOUND[0])).get_slots(True) if each.get_token().label]
        with slot.get_token().open(rw=True, user_pin=PIN) as session:
            session.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    pkcs11.Attribute.TOKEN: True,
                    pkcs11.Attribute.PRIVATE: False,
                    pkcs11.Attribute.LABEL: "office",
                    pkcs11.Attribute.ID: b"\x07",
                    pkcs11.Attribute.SUBJECT: whole.certificate.subject.public_bytes(),
                    pkcs11.Attribute.VALUE: office.certificate_der,
                }
            )
        yield TokenKey(_FOUND[0], "Office card", "office")
        pkcs11.unload(str(_FOUND[0]))


def test_what_is_on_a_token_is_listed_without_its_pin(card: TokenKey, office: NewIdentity) -> None:
    assert tokens.keys_on(card.module) == (card,)
    assert tokens.certificate_of(card) == office.certificate_der


def test_a_token_seals_a_letter(card: TokenKey, office: NewIdentity, letter: bytes) -> None:
    sealed = sealing.certify(letter, TokenCredential(card, PIN), terms("Issuer"))
    verdict = verifying.verify(sealed, [office.certificate_der], ["Issuer"], now=NOW)
    assert verdict.status is verifying.Status.INTACT_CONFIRMED
    assert PIN.encode() not in sealed


def test_the_director_countersigns_with_a_token(card: TokenKey, office: NewIdentity, first_signed: bytes) -> None:
    whole = sealing.countersign(first_signed, TokenCredential(card, PIN), terms("Director"))
    assert verifying.verify(whole, [office.certificate_der], now=NOW).status is verifying.Status.INTACT_CONFIRMED


def test_a_wrong_pin_and_a_missing_token_say_so_and_sign_nothing(card: TokenKey, letter: bytes) -> None:
    with pytest.raises(tokens.WrongPin, match="Office card refuses the PIN") as refused:
        sealing.certify(letter, TokenCredential(card, "000000"), terms("Issuer"))
    assert "000000" not in str(refused.value)
    assert PIN not in repr(TokenCredential(card, PIN))
    for wrong, told in (
        (TokenKey(card.module, "Lost card", "office"), "Lost card is not there"),
        (TokenKey(card.module, "Office card", "other"), "no certificate named other"),
    ):
        with pytest.raises(tokens.NoToken, match=told):
            sealing.certify(letter, TokenCredential(wrong, PIN), terms("Issuer"))


def test_a_token_that_names_the_reviewer_seals_no_letter_to_the_parties(card: TokenKey, letter: bytes) -> None:
    with pytest.raises(sealing.IdentityNamesReviewer):
        sealing.certify(letter, TokenCredential(card, PIN), terms("Issuer", refuse_names=("Independent Review",)))


def test_a_file_that_is_no_driver_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "driver.so").write_bytes(b"not a library")
    for path in (tmp_path / "driver.so", tmp_path / "missing.so"):
        with pytest.raises(tokens.NoTokenModule):
            tokens.keys_on(path)
