# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form over a real desk and a real vault, with a record of two files to point at."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.records import Box, PageRef, PageSize, SourceFile
from imr_desktop.storage import KdfCost, Table, Vault
from imr_desktop.ui.form.fields import Field
from imr_desktop.ui.form.form import CaseForm

FIRST, SECOND = "a" * 64, "b" * 64
LETTER = PageSize(612, 792)
SOURCES = (
    SourceFile(FIRST, "records.pdf", 1000, 1, (LETTER,) * 20),
    SourceFile(SECOND, "late.pdf", 500, 21, (LETTER,) * 5),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The off-screen platform has no keyboard to grab for a list of suggestions, and says so; that is no fault."""
    ignore = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(ignore)


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """One vault for all tests; each takes a case of its own."""
    folder: Path = tmp_path_factory.mktemp("form") / "vault"
    with Vault.create(folder, "four words for testing", cost=KdfCost(memory_kib=8192, passes=1, lanes=1)) as made:
        yield made


@pytest.fixture
def desk(vault: Vault) -> Desk:
    """An empty case with two source files."""
    imro = Imro(name="MAXIMUS Federal Services", guideline_label="MAXIMUS guideline")
    store = vault.new_case(CaseHeader(), imro, LetterText())
    with store.step("Take in") as step:
        for source in SOURCES:
            step.put(Table.SOURCE, source.sha256, source)
    return Desk(store, now=lambda: datetime(2015, 1, 8, tzinfo=UTC))


@pytest.fixture
def form(desk: Desk, qtbot: QtBot) -> Iterator[CaseForm]:
    """The form in its window, 700 by 820."""
    made = CaseForm(desk)
    qtbot.addWidget(made)
    made.resize(700, 820)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    made.release()


@pytest.fixture
def passage() -> Callable[..., Passage]:
    """Words on a page of the record."""

    def make(text: str = "range of motion restricted", page: int = 3, source: str = FIRST) -> Passage:
        return Passage((PassagePart(PageRef(source, page), (Box(72, 100, 300, 112),)),), text)

    return make


@pytest.fixture
def write() -> Callable[[QWidget, str], None]:
    """Type over what stands in a field with real keys, and leave it."""

    def type_over(widget: QWidget, text: str) -> None:
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(widget, Qt.Key.Key_Delete)
        for line, part in enumerate(text.split("\n")):
            if line:
                QTest.keyClick(widget, Qt.Key.Key_Return)
            QTest.keyClicks(widget, part)
        completer = widget.completer() if isinstance(widget, QLineEdit) else None
        popup = completer.popup() if completer is not None else None
        if popup is not None:
            popup.hide()
        widget.clearFocus()

    return type_over


@pytest.fixture
def day() -> Callable[[int, int, int], date]:
    """A calendar day by month, day and year."""
    return lambda month, number, year: date(year, month, number)


@pytest.fixture
def item(form: CaseForm, desk: Desk, write: Callable[[QWidget, str], None]) -> str:
    """An item added in the panel, its wording typed; gives its id."""
    form.show_panel("Items")
    QTest.mouseClick(form.items_panel.add, Qt.MouseButton.LeftButton)
    heading = form.items_panel.form.binder.find("heading")
    assert isinstance(heading, Field)
    write(heading.editor, "Six visits of Acupuncture for the low back")
    (only,) = desk.case.items
    return only.id
