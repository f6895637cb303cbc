# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the window does with letters: prints them, lists those issued, compares, verifies any PDF, packs the case."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pymupdf
import pyrage
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from imr_desktop.casework import demo, finishing, versions
from imr_desktop.casework.demo import read_through
from imr_desktop.casework.issue import Sealers, issue
from imr_desktop.casework.published import lines_of
from imr_desktop.checks import open_findings
from imr_desktop.letter import Rendition, drawn
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.signing import tokens, verifying
from imr_desktop.signing.tokens import Token
from imr_desktop.ui import printing
from imr_desktop.ui.app import build
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.compare_dialog import CompareDialog
from imr_desktop.ui.filed_letters import FiledLetters
from imr_desktop.ui.issue_dialog import IssueDialog
from imr_desktop.ui.means import Means
from imr_desktop.ui.package_dialog import PackageDialog
from imr_desktop.ui.print_dialog import PrintDialog
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.sign_dialog import SignDialog
from imr_desktop.ui.token_dialog import TokenDialog
from imr_desktop.ui.trouble import Hook
from imr_desktop.ui.verify_dialog import VerifyDialog
from tests.kit import softtoken
from tests.kit.authority import authority, der
from tests.kit.cases import PASSPHRASE, demo_determination, new_vault
from tests.kit.printers import pdf_printer

T = TypeVar("T", bound=QDialog)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def issued(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """The window on the demo case after its letters have left."""
    folder = tmp_path_factory.mktemp("issued")
    window = build(folder / "vault", Means(now=lambda: NOW, remember=False, reads=False), Hook(folder / "bugs.log"))
    window.resize(1280, 720)
    window.show()
    window.begin_demo()
    assert window.case is not None
    assert window.session is not None
    vault = window.session.vault
    list(read_through(vault, window.case.form.desk, NOW))
    sealers = Sealers(vault.identity(demo.REVIEWER_IDENTITY), vault.identity(demo.OFFICE_IDENTITY))
    for _ in issue(window.case.form.desk, vault.reviewer(), sealers, folder / "letters", NOW):
        pass
    yield window
    window.close()
    window.deleteLater()


def _case(window: Shell) -> CaseWindow:
    assert window.case is not None
    return window.case


def _shown(window: Shell, command: str, kind: type[T]) -> T:
    window.commander.run(command)
    return next(each for each in window.findChildren(kind) if each.isVisible())


def _words(pdf: bytes) -> list[str]:
    return [" ".join(" ".join(line.text for line in page).split()) for page in lines_of(pdf)]


def test_a_draft_prints_as_text_with_its_mark_on_every_page_and_a_row_in_the_journal(
    qtbot: QtBot, issued: Shell, tmp_path: Path
) -> None:
    case = _case(issued)
    dialog = _shown(issued, "print_letter", PrintDialog)
    qtbot.waitUntil(lambda: dialog.pages.drawn == dialog.pages.page_count > 0, timeout=20000)
    path = tmp_path / "print.pdf"
    with qtbot.waitSignal(dialog.printed, timeout=20000) as told:
        dialog.print_to(pdf_printer(path))
    printed = _words(path.read_bytes())
    assert told.args is not None
    assert told.args[0] == len(printed) == len(dialog.marks)
    for page, marks in zip(printed, dialog.marks, strict=True):
        for text in (mark.text.strip() for mark in marks if isinstance(mark, drawn.Text)):
            assert "".join(text.split()) in "".join(page.split())
        assert "DRAFT" in page
    event = case.form.desk.store.audit().events[-1]
    assert event.kind == "printed"
    assert "original" in issued.notice.text


def test_an_issued_letter_prints_without_the_mark_and_only_the_pages_wanted(
    qtbot: QtBot, issued: Shell, tmp_path: Path
) -> None:
    filed = _shown(issued, "filed_letters", FiledLetters)
    top = filed.tree.topLevelItem(0)
    assert top is not None
    assert top.childCount() == 3
    party = next(row for row in map(top.child, range(3)) if row is not None and "party" in row.text(0))
    filed.tree.setCurrentItem(party)
    filed.print.click()
    dialog = next(each for each in issued.findChildren(PrintDialog) if each.isVisible())
    dialog.range.setText("2")
    dialog.fax.setChecked(True)
    path = tmp_path / "print.pdf"
    with qtbot.waitSignal(dialog.printed, timeout=20000):
        dialog.print_to(pdf_printer(path))
    (page,) = _words(path.read_bytes())
    assert "Page 2 of" in page
    assert "DRAFT" not in page
    filed.reject()


@pytest.mark.parametrize("resolution", [96, 300, 1200])
def test_a_ruler_of_100_mm_measures_100_mm(qapp: object, tmp_path: Path, resolution: int) -> None:
    ruler = 100 / 25.4 * 72
    path = tmp_path / "ruler.pdf"
    printer = pdf_printer(path)
    printer.setResolution(resolution)
    printing.prepare(printer, grey=True)
    marks = (
        drawn.Text(72, 100, 12, "LiberationSerif", "left"),
        drawn.Text(72 + ruler, 100, 12, "LiberationSerif", "right"),
    )
    list(printing.print_pages(printer, [marks], [0], draft=False, fax=True))
    with pymupdf.open(path) as document:
        found = {word[4]: word[0] for word in document[0].get_text("words")}
    assert set(found) == {"left", "right"}
    assert abs((found["right"] - found["left"]) / 72 * 25.4 - 100) <= 0.5
    assert abs(found["left"] - 72) / 72 * 25.4 <= 0.5


def test_pages_to_print_are_told_plainly() -> None:
    assert printing.pages_in("", 4) == (0, 1, 2, 3)
    assert printing.pages_in("1-2, 4", 4) == (0, 1, 3)
    for wrong in ("0", "5", "3-2", "a", "1--2", ","):
        with pytest.raises(printing.WrongRange):
            printing.pages_in(wrong, 4)


def test_a_print_stopped_in_the_middle_leaves_no_row(qapp: object, tmp_path: Path) -> None:
    pages = drawn.pages_of(finishing.printed(demo_determination(), Rendition.PARTY))
    work = printing.print_pages(pdf_printer(tmp_path / "x.pdf"), pages, (0, 1), draft=True, fax=False)
    assert next(work).done == 0
    work.close()  # type: ignore[attr-defined]


def test_what_was_issued_is_listed_verified_copied_and_compared(qtbot: QtBot, issued: Shell, tmp_path: Path) -> None:
    case = _case(issued)
    desk = case.form.desk
    item = desk.case.items[0]
    desk.write_rationale(item.id, Narrative.of(*item.rationale.text.split("\n"), "Examined on July 2, 2026."))
    filed = _shown(issued, "filed_letters", FiledLetters)
    top = filed.tree.topLevelItem(0)
    assert top is not None
    assert top.text(0) == "First determination"
    second = top.child(1)
    assert second is not None
    filed.tree.setCurrentItem(second)
    filed.verify.click()
    assert "intact" in filed.said.text()
    assert "It is the file that was filed" in filed.said.text()
    filed.save_copy(tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes() == desk.store.letter_bytes(second.text(0))
    filed.save_copy(tmp_path / "copy.pdf")
    assert "already" in filed.fault.text
    filed.compare.click()
    compared = next(each for each in issued.findChildren(CompareDialog) if each.isVisible())
    assert "One part" in compared.says.text()
    assert "Examined on July 2, 2026." in compared.table.toPlainText()
    compared.reject()
    filed.reject()
    # The form says what the next letter is, and keeps what is said of it.
    case.form.show_panel("Letter")
    card = case.letter.correction
    qtbot.waitUntil(card.isVisible)
    assert "correction 1" in card.says.text()
    card.what.setText("The examination's date")
    card.why.setText("It was missing")
    card.keep()
    said = desk.case.letter.correction
    assert said is not None
    assert (said.what, said.why) == ("The examination's date", "It was missing")


def test_any_pdf_is_verified_and_trust_is_the_reviewers_to_give(qtbot: QtBot, issued: Shell, tmp_path: Path) -> None:
    from imr_desktop.casework import identities

    assert issued.session is not None
    vault = issued.session.vault
    desk = _case(issued).form.desk
    name = next(each.name for each in desk.store.letters() if "party" in each.name)
    path, root = tmp_path / "party.pdf", tmp_path / "office.pem"
    path.write_bytes(desk.store.letter_bytes(name))
    identities.write_certificate(vault, demo.OFFICE_IDENTITY, root)
    dialog = _shown(issued, "verify", VerifyDialog)
    dialog.verify(path)
    qtbot.waitUntil(lambda: dialog.status.text() == "Intact, signer confirmed", timeout=20000)
    for row in range(dialog.roots.count()):
        dialog.roots.setCurrentRow(0)
        dialog.drop.click()
        assert row < 5
    assert vault.trust_roots() == ()
    qtbot.waitUntil(lambda: dialog.status.text() == "Intact, signer not confirmed", timeout=20000)
    dialog.trust(root)
    qtbot.waitUntil(lambda: dialog.status.text() == "Intact, signer confirmed", timeout=20000)
    assert len(vault.trust_roots()) == 1
    path.write_bytes(path.read_bytes() + b"\n%%EOF more")
    dialog.verify(path)
    qtbot.waitUntil(lambda: dialog.status.text() in ("Changed or invalid", "Not verified"), timeout=20000)
    assert dialog.frame.property("box") == "blocks"
    dialog.reject()


def test_a_package_leaves_and_comes_in_through_the_window(
    qtbot: QtBot, issued: Shell, start: Callable[[Path], Shell], tmp_path: Path
) -> None:
    key = pyrage.x25519.Identity.generate()
    dialog = _shown(issued, "export_package", PackageDialog)
    path = tmp_path / "case.imrcase"
    dialog.file.setText(str(path))
    dialog.recipient.setText("age1nonsense")
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.fault.text != "", timeout=20000)
    assert not path.exists()
    dialog.recipient.setText(str(key.to_public()))
    with qtbot.waitSignal(dialog.packed, timeout=20000):
        dialog.go.click()
    assert path.read_bytes().startswith(b"age-encryption.org")
    with new_vault(tmp_path / "other"):
        pass
    window = start(tmp_path / "other")
    assert window.unlock is not None
    window.unlock.passphrase.setText(PASSPHRASE)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20000)
    window.importing.take_in([path])
    qtbot.waitUntil(lambda: "key file" in window.notice.text, timeout=20000)
    keys = tmp_path / "key.txt"
    keys.write_text(str(key), encoding="utf-8")
    window.importing.take_in_with_key(keys)
    qtbot.waitUntil(lambda: window.worklist.model.rowCount() == 1, timeout=30000)


def _open_token(qtbot: QtBot, window: Shell, token: Token, key: str) -> None:
    """Type the PIN into the dialog that asks for it, a wrong one first; nothing of either stays."""
    dialog = next(each for each in window.findChildren(TokenDialog) if each.isVisible())
    dialog.driver.setText(str(token.module))
    dialog.look()
    qtbot.waitUntil(lambda: dialog.label.count() == 1, timeout=20000)
    assert (dialog.label.currentText(), dialog.key.currentText()) == (token.label, softtoken.WHOLE)
    dialog.key.setCurrentText(key)
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.pin, "11118")
    QTest.keyClick(dialog.pin, Qt.Key.Key_Backspace)
    assert len(dialog.pin.text()) == 4
    QTest.keyClick(dialog.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "PIN is wrong" in dialog.fault.text, timeout=20000)
    assert dialog.pin.text() == ""
    for mark in softtoken.marks():
        QTest.keyClicks(dialog.pin, mark)
    assert set(dialog.pin.text()) == {"•"}
    with qtbot.waitSignal(dialog.opened, timeout=20000):
        dialog.go.click()
    assert softtoken.in_memory() == 0, "gone as soon as the token is open"


def _leaves_no_pin(folder: Path) -> None:
    """The PIN stands in no file below a folder, and nowhere in this process."""
    backwards = softtoken.backwards().encode()
    assert [path for path in folder.rglob("*") if path.is_file() and backwards in path.read_bytes()[::-1]] == []
    assert softtoken.in_memory() == 0


def test_the_director_countersigns_in_the_window_by_a_token_whose_pin_is_kept_nowhere(
    qtbot: QtBot, issued: Shell, token: Token, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    filed = _shown(issued, "filed_letters", FiledLetters)
    first = filed.tree.topLevelItem(0)
    assert first is not None
    rows = [row for row in map(first.child, range(3)) if row is not None]
    name = next(row.text(0) for row in rows if "submission" in row.text(0))
    filed.tree.setCurrentItem(next(row for row in rows if row.text(0) == name))
    filed.sign.click()
    dialog = next(each for each in issued.findChildren(SignDialog) if each.isVisible())
    qtbot.waitUntil(dialog.director.isChecked, timeout=20000)
    assert "MedicalDirector is empty" in dialog.verdict.text()
    assert dialog.verdict.isVisible()
    dialog.token.click()
    _open_token(qtbot, issued, token, softtoken.WHOLE)
    assert "token office" in dialog.who.currentText()
    new = tmp_path / "both.pdf"
    dialog.out.setText(str(new))
    assert not dialog.go.isEnabled(), "not before it was read"
    dialog.understood.setChecked(True)
    with qtbot.waitSignal(dialog.signed, timeout=20000):
        dialog.go.click()
    case = _case(issued)
    sealed = case.form.desk.store.letter_bytes(name)
    assert new.read_bytes().startswith(sealed)
    assert verifying.verify(new.read_bytes(), (), ["Reviewer", "MedicalDirector"]).intact
    event = case.form.desk.store.audit().events[-1]
    assert event.detail == {"what": name, "sha256": hashlib.sha256(new.read_bytes()).hexdigest()}
    assert issued.session is not None
    _leaves_no_pin(issued.session.vault.folder.parent)
    said = ("".join(capfd.readouterr()) + caplog.text)[::-1]
    assert softtoken.backwards() not in said
    with tokens.hand_of(token, softtoken.pin()):
        pass  # the dialog let go of the token
    filed.reject()


def test_a_file_that_cannot_be_signed_is_told_before_anybody_signs(qtbot: QtBot, issued: Shell, tmp_path: Path) -> None:
    dialog = _shown(issued, "sign", SignDialog)
    store = _case(issued).form.desk.store
    party = store.letter_bytes(next(each.name for each in store.letters() if "party" in each.name))
    for number, data in enumerate(
        (party + b"% more", b"no PDF", finishing.printed(demo_determination(), Rendition.PARTY))
    ):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(data)
        dialog.look(path)
        qtbot.waitUntil(lambda: "not an intact sealed letter" in dialog.verdict.text(), timeout=20000)
        dialog.clock.wanted.setChecked(True)
        assert not dialog.director.isEnabled()
        assert not dialog.go.isEnabled()
        dialog.verdict.setText("")
    path = tmp_path / "party.pdf"
    path.write_bytes(party)
    dialog.look(path)
    qtbot.waitUntil(lambda: "no empty place" in dialog.verdict.text(), timeout=20000)
    assert dialog.go.isEnabled(), "it can still be stamped"
    dialog.clock.server.setText("stamp.example.org")
    dialog.go.click()
    assert "http" in dialog.fault.text
    dialog.reject()


def test_a_correction_leaves_sealed_by_a_token_with_its_time_stamped(
    qtbot: QtBot, issued: Shell, token: Token, tmp_path: Path
) -> None:
    case = _case(issued)
    desk = case.form.desk
    versions.keep_correction(desk, "The examination's date", "It was missing")
    for finding in open_findings(desk.findings(issued.session.reviewer() if issued.session else Reviewer())):
        desk.answer(finding, "Looked at again for the correction, and right as it stands.")
    dialog = _shown(issued, "issue", IssueDialog)
    assert dialog.blocking == ()
    dialog.token.click()
    _open_token(qtbot, issued, token, softtoken.WHOLE)
    assert "token office" in dialog.own.currentText()
    dialog.folder.setText(str(tmp_path))
    dialog.clock.wanted.setChecked(True)
    dialog.clock.server.setText("http://127.0.0.1:9")
    dialog.understood.setChecked(True)
    with authority() as clock:
        dialog.go.click()
        qtbot.waitUntil(lambda: dialog.fault.text != "", timeout=60000)
        assert "did not stamp" in dialog.fault.text
        assert list(tmp_path.iterdir()) == [], "without the time that was asked for nothing leaves"
        dialog.clock.server.setText(clock.url)
        with qtbot.waitSignal(dialog.issued, timeout=60000):
            dialog.go.click()
        assert clock.asked == 3
    files = sorted(tmp_path.iterdir())
    assert len(files) == 3
    for file in files:
        verdict = verifying.verify(file.read_bytes(), [der(clock.certificate)])
        assert verdict.intact
        assert any("time was stamped by Stamp office" in each for each in verdict.sentences)
        assert desk.store.letter_bytes(file.name) == file.read_bytes()
    assert issued.session is not None
    _leaves_no_pin(issued.session.vault.folder.parent)
