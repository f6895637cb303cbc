# SPDX-License-Identifier: AGPL-3.0-or-later
"""A key on a token (SoftHSM2, a token in software) signs; a wrong PIN, and a token that is away, are said as such."""

from pathlib import Path

import pytest

from imr_desktop.casework import finishing
from imr_desktop.casework.issue import shown
from imr_desktop.cli import run
from imr_desktop.letter import Rendition
from imr_desktop.signing import hands, sealing, tokens, verifying
from imr_desktop.signing.identities import NewIdentity, certificates_der
from imr_desktop.signing.pins import Pin
from imr_desktop.signing.tokens import NoToken, Token, WrongPin
from tests.kit import softtoken
from tests.kit.cases import demo_determination
from tests.signing.conftest import NOW


def _roots(token: Token) -> tuple[bytes, ...]:
    assert token.certificate is not None
    return certificates_der(token.certificate.read_bytes())


def test_a_token_seals_a_letter_and_keeps_its_key(token: Token, letter: bytes) -> None:
    with tokens.hand_of(token, softtoken.pin()) as hand:
        made = sealing.seal_by(hand, letter, field="Issuer", said=("Final Determination", "California"), when=NOW)
        with pytest.raises(sealing.IdentityNamesReviewer):
            sealing.seal_by(
                hand, letter, field="Issuer", said=("r", "CA"), when=NOW, refuse_names=["Office of Independent Review"]
            )
    verdict = verifying.verify(made, _roots(token), ["Issuer"], now=NOW)
    assert verdict.status is verifying.Status.INTACT_CONFIRMED, verdict.sentences


def test_a_wrong_pin_says_what_the_token_tells_of_tries(token: Token) -> None:
    with pytest.raises(WrongPin, match="PIN is wrong"), tokens.hand_of(token, Pin("000000")):
        pass
    with tokens.hand_of(token, softtoken.pin()):
        pass


@pytest.mark.parametrize("away", ["module", "token", "key", "certificate"])
def test_what_is_not_there_is_named(token: Token, away: str) -> None:
    given = {
        "module": Token(Path("/nonexistent/driver.so"), token.label, token.key),
        "token": Token(token.module, "another", token.key),
        "key": Token(token.module, token.label, "another"),
        "certificate": Token(token.module, token.label, token.key),
    }[away]
    with pytest.raises(NoToken), tokens.hand_of(given, softtoken.pin()):
        pass


def test_the_pin_stands_nowhere_in_memory_once_it_was_used(token: Token, letter: bytes, tmp_path: Path) -> None:
    file = tmp_path / "pin"
    with file.open("wb", buffering=0) as written:
        for mark in softtoken.marks():
            written.write(mark.encode())
        written.write(b"\r\nand another line")
    pin, wrong = Pin.read(file), Pin("1111")
    assert softtoken.in_memory() == 1, "the search sees it while it is held"
    assert len(pin) == len(softtoken.backwards())
    pin.add("ü")
    pin.take_back()
    with tokens.hand_of(token, pin) as hand:
        assert (len(pin), softtoken.in_memory()) == (0, 0), "gone as soon as the token is open"
        sealing.seal_by(hand, letter, field="Issuer", said=("r", "CA"), when=NOW)
        with pytest.raises(NoToken, match="open already"), tokens.hand_of(token, softtoken.pin()):
            pass
    with pytest.raises(WrongPin), tokens.hand_of(token, wrong):
        pass
    assert (len(wrong), softtoken.in_memory()) == (0, 0), "also when the token refused it"


def test_a_driver_tells_which_tokens_are_in(token: Token, tmp_path: Path) -> None:
    assert [(each.label, each.certificates) for each in tokens.present(token.module)] == [("office", ("director",))]
    (tmp_path / "driver.so").write_bytes(b"no driver at all")
    with pytest.raises(NoToken, match="cannot be used"):
        tokens.present(tmp_path / "driver.so")


def test_the_director_countersigns_by_token_on_the_command_line(
    token: Token, office: NewIdentity, tmp_path: Path
) -> None:
    hand = hands.of_file(office.pkcs12, office.secret)
    printed = finishing.printed(demo_determination(), Rendition.SUBMISSION)
    face = shown(hand, "Determination", NOW)
    sealed, both, pin = tmp_path / "sealed.pdf", tmp_path / "both.pdf", tmp_path / "pin"
    said = ("Determination", "California")
    sealed.write_bytes(sealing.seal_by(hand, printed, field="Reviewer", said=said, when=NOW, appearance=face.pdf))
    with pin.open("wb", buffering=0) as written:
        for mark in softtoken.marks():
            written.write(mark.encode())
    command = ["countersign", str(sealed), "-o", str(both), "--pin-file", str(pin)]
    command += ["--token-driver", str(token.module), "--token", token.label, "--key", token.key]
    assert run([*command, "--certificate", str(token.certificate)]) == 0
    assert verifying.verify(both.read_bytes(), (), ["Reviewer", "MedicalDirector"]).intact
    assert run([*command, "--certificate", str(token.certificate)]) == 2, "nothing is written over"
    again = [*command, "--certificate", str(token.certificate)]
    again[1], again[3] = str(both), str(tmp_path / "third.pdf")
    assert run(again) == 2, "and nobody signs twice"
