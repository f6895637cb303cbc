# SPDX-License-Identifier: AGPL-3.0-or-later
"""A key on a token (SoftHSM2, a token in software) signs; a wrong PIN, and a token that is away, are said as such."""

import gc
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from imr_desktop.casework import finishing
from imr_desktop.casework.issue import shown
from imr_desktop.cli import run
from imr_desktop.letter import Rendition
from imr_desktop.signing import hands, identities, sealing, tokens, verifying
from imr_desktop.signing.identities import NewIdentity
from imr_desktop.signing.tokens import NoToken, Token, WrongPin
from tests.kit.cases import demo_determination
from tests.signing.conftest import NOW

_MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
_PIN = "736251"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, office: NewIdentity) -> Token:
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
    module = next((Path(each) for each in _MODULES if Path(each).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM2 is not installed")
    place = tmp_path_factory.mktemp("token")
    (place / "tokens").mkdir()
    (place / "softhsm2.conf").write_text(f"directories.tokendir = {place / 'tokens'}\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        # Read when the module is loaded, which happens once in a process.
        patch.setenv("SOFTHSM2_CONF", str(place / "softhsm2.conf"))
        _fill(place, office)
        made = Token(module, "office", "signing", place / "office.pem")
        with tokens.hand_of(made, _PIN):
            return made


def _fill(place: Path, office: NewIdentity) -> None:
    whole = identities.opened(office.pkcs12, office.secret)
    (place / "office.pem").write_bytes(identities.certificate_pem(office.pkcs12, office.secret))
    key = place / "key.pem"
    key.write_bytes(
        whole.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    for step in (
        ["--init-token", "--free", "--label", "office", "--so-pin", "1234", "--pin", _PIN],
        ["--import", str(key), "--token", "office", "--label", "signing", "--id", "01", "--pin", _PIN],
    ):
        subprocess.run(["softhsm2-util", *step], check=True, capture_output=True)
    key.unlink()


def test_a_token_seals_a_letter_and_keeps_its_key(token: Token, office: NewIdentity, letter: bytes) -> None:
    with tokens.hand_of(token, _PIN) as hand:
        made = sealing.seal_by(hand, letter, field="Issuer", said=("Final Determination", "California"), when=NOW)
        with pytest.raises(sealing.IdentityNamesReviewer):
            sealing.seal_by(
                hand, letter, field="Issuer", said=("r", "CA"), when=NOW, refuse_names=["Office of Independent Review"]
            )
    verdict = verifying.verify(made, [office.certificate_der], ["Issuer"], now=NOW)
    assert verdict.status is verifying.Status.INTACT_CONFIRMED, verdict.sentences


def test_a_wrong_pin_says_what_the_token_tells_of_tries(token: Token) -> None:
    with pytest.raises(WrongPin, match="PIN is wrong"), tokens.hand_of(token, "000000"):
        pass
    with tokens.hand_of(token, _PIN):
        pass


@pytest.mark.parametrize("away", ["module", "token", "key", "certificate"])
def test_what_is_not_there_is_named(token: Token, away: str) -> None:
    given = {
        "module": Token(Path("/nonexistent/driver.so"), token.label, token.key),
        "token": Token(token.module, "another", token.key),
        "key": Token(token.module, token.label, "another"),
        "certificate": Token(token.module, token.label, token.key),
    }[away]
    with pytest.raises(NoToken), tokens.hand_of(given, _PIN):
        pass


def test_the_pin_is_kept_by_nothing_of_ours(token: Token, letter: bytes) -> None:
    pin = "".join(["73", "62", "51"])
    with tokens.hand_of(token, pin) as hand:
        sealing.seal_by(hand, letter, field="Issuer", said=("r", "CA"), when=NOW)
        held = {id(each): each for each in gc.get_referrers(pin) if not isinstance(each, type(gc))}
        assert not [each for each in held.values() if type(each).__module__.startswith(("imr_desktop", "pyhanko"))]


def test_the_director_countersigns_by_token_on_the_command_line(
    token: Token, office: NewIdentity, tmp_path: Path
) -> None:
    hand = hands.of_file(office.pkcs12, office.secret)
    printed = finishing.printed(demo_determination(), Rendition.SUBMISSION)
    face = shown(hand, "Determination", NOW)
    sealed, both, pin = tmp_path / "sealed.pdf", tmp_path / "both.pdf", tmp_path / "pin"
    said = ("Determination", "California")
    sealed.write_bytes(sealing.seal_by(hand, printed, field="Reviewer", said=said, when=NOW, appearance=face.pdf))
    pin.write_text(_PIN)
    command = ["countersign", str(sealed), "-o", str(both), "--pin-file", str(pin)]
    command += ["--token-driver", str(token.module), "--token", token.label, "--key", token.key]
    assert run([*command, "--certificate", str(token.certificate)]) == 0
    assert verifying.verify(both.read_bytes(), (), ["Reviewer", "MedicalDirector"]).intact
    assert run([*command, "--certificate", str(token.certificate)]) == 2, "nothing is written over"
    again = [*command, "--certificate", str(token.certificate)]
    again[1], again[3] = str(both), str(tmp_path / "third.pdf")
    assert run(again) == 2, "and nobody signs twice"
