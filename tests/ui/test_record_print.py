# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of the record on paper, with the line that says where they come from (P4)."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imr_desktop.casework import intake
from imr_desktop.ui.record_print import RecordPrint
from imr_desktop.ui.shell import Shell
from tests.kit.printers import pdf_printer


@pytest.fixture
def dialog(unlocked: Shell, make_pdf: Callable[..., Path], qtbot: QtBot) -> RecordPrint:
    assert unlocked.session is not None
    vault = unlocked.session.vault
    case_id = vault.cases()[0].id
    *_, _ = intake.take_in(vault, [make_pdf("records.pdf", pages=5)], into=case_id)
    unlocked.open_case(case_id)
    assert unlocked.case is not None
    unlocked.case.record.view.setFocus()
    mods = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(unlocked, Qt.Key.Key_F5, mods)
    (made,) = unlocked.findChildren(RecordPrint)
    return made


def test_chosen_pages_are_printed_with_their_source(
    unlocked: Shell, dialog: RecordPrint, qtbot: QtBot, tmp_path: Path
) -> None:
    assert unlocked.case is not None
    case = unlocked.case.desk.case
    before = sum(source.page_count for source in case.sources if source.name != "records.pdf")
    assert dialog.range.text() == "1", "the page in view is proposed"
    dialog.range.setText(f"{before + 2}, {before + 4}-{before + 5}")
    path = tmp_path / "pages.pdf"
    with qtbot.waitSignal(dialog.printed, timeout=20000) as told:
        dialog.print_to(pdf_printer(path))
    assert told.args == [[before + 2, before + 4, before + 5]]
    printed = pymupdf.open(path)
    assert printed.page_count == 3
    name = case.header.case_number or "Case without a number"
    for page, number in zip(printed, (2, 4, 5), strict=True):
        (line,) = page.get_text().strip().splitlines()
        assert line == f"{name}  ·  records.pdf {number}  ·  case page {before + number}"
        place = page.search_for("case page")[0]
        assert place.y0 > 750, "at the foot"
        assert min(page.get_pixmap(clip=pymupdf.Rect(60, 60, 400, 160)).samples) < 128, "the page itself is there"
    event = unlocked.case.desk.store.audit().events[-1]
    assert event.kind == "printed"


def test_pages_that_are_not_there_are_told_and_nothing_is_printed(dialog: RecordPrint, tmp_path: Path) -> None:
    dialog.range.setText("900")
    dialog.print_to(pdf_printer(tmp_path / "none.pdf"))
    assert "The case has the pages 1 to" in dialog.fault.text
    assert not (tmp_path / "none.pdf").exists()
