# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the window does with letters: prints them, lists those issued, compares, verifies any PDF, packs the case."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pymupdf
import pyrage
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from imr_desktop.casework import demo, finishing
from imr_desktop.casework.demo import read_through
from imr_desktop.casework.issue import Sealers, issue
from imr_desktop.casework.published import lines_of
from imr_desktop.letter import Rendition, drawn
from imr_desktop.models.narrative import Narrative
from imr_desktop.ui import printing
from imr_desktop.ui.app import build
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.compare_dialog import CompareDialog
from imr_desktop.ui.filed_letters import FiledLetters
from imr_desktop.ui.means import Means
from imr_desktop.ui.package_dialog import PackageDialog
from imr_desktop.ui.print_dialog import PrintDialog
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.trouble import Hook
from imr_desktop.ui.verify_dialog import VerifyDialog
from tests.kit.cases import PASSPHRASE, demo_determination, new_vault

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


def _pdf_printer(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


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
        dialog.print_to(_pdf_printer(path))
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
        dialog.print_to(_pdf_printer(path))
    (page,) = _words(path.read_bytes())
    assert "Page 2 of" in page
    assert "DRAFT" not in page
    filed.reject()


@pytest.mark.parametrize("resolution", [96, 300, 1200])
def test_a_ruler_of_100_mm_measures_100_mm(qapp: object, tmp_path: Path, resolution: int) -> None:
    ruler = 100 / 25.4 * 72
    path = tmp_path / "ruler.pdf"
    printer = _pdf_printer(path)
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
    work = printing.print_pages(_pdf_printer(tmp_path / "x.pdf"), pages, (0, 1), draft=True, fax=False)
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
