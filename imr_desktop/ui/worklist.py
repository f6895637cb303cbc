# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worklist: every case with the day it is due, the most urgent first, and how far the work has come."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.ui.cases_model import COLUMNS, FILTERS, GROUP, GROUPINGS, CasesModel
from imr_desktop.ui.parts import button, card, line_field, name_it, words
from imr_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from imr_desktop.casework.worklist import WorklistRow


_MEASURED = 40


class Worklist(QWidget):
    """The worklist page: search, table, and the ways in for new cases."""

    opened = Signal(str)
    new_wanted = Signal()
    dropped = Signal(list)
    demo = Signal()
    cancelled = Signal()
    rows_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.model = CasesModel(theme, self)
        self.search = line_field(shown="Search cases by number, worker or status (Ctrl+F)")
        self.search.setAccessibleName("Search cases")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._seek)
        self.search.installEventFilter(self)
        self.filter = _choice("Show", FILTERS)
        self.filter.currentTextChanged.connect(self._filtered)
        self.group = _choice("Group by", GROUPINGS)
        self.group.currentTextChanged.connect(self._grouped)
        self._choices = QWidget()
        self.table = self._table()
        self._counted = words("", "muted", wrap=False)
        self.import_files = button("Import PDFs…", self.choose_files, "main")
        self.import_folder = button("Import a folder…", self.choose_folder, picture="folder")
        self.new_case = button("New case", self.new_wanted.emit, picture="plus")
        self.progress = ImportProgress()
        self.progress.cancel.clicked.connect(self.cancelled)
        self._none = self._empty()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._none)
        self._not_found = words("", "lead")
        self._not_found.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._not_found.setMargin(40)
        self._stack.addWidget(self._not_found)
        self._drop_here = self._drop_sign()
        self._lay_out()
        self.show_rows(())

    # -- what is shown ----------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence["WorklistRow"]) -> None:
        """Show these cases; the one that was chosen stays chosen."""
        chosen = self.chosen()
        self.table.measure_anew()
        self.model.show(rows)
        for each in (self.search, self._choices):
            # Where every case is archived, none is shown at first, and yet there are some to look for.
            each.setVisible(self.model.in_vault > 0)
        self.choose(chosen)
        self._show_found()

    def bring_up(self, case_id: str) -> None:
        """Show a case that has just come in, whatever was sought or filtered, and choose it: Enter opens it."""
        if self.model.number(case_id) is None:
            self.search.clear()
            self.filter.setCurrentIndex(0)
        self.choose(case_id)
        self.take_focus()

    def take_focus(self) -> None:
        """Give the keys to the table; where it shows no case, to what changes that."""
        shown = self.table if self.model.rowCount() else self.search if self.model.in_vault else self.import_files
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """While files come in, no case can be opened or begun."""
        for widget in (self.table, self.search, self.new_case, self.import_folder, self.import_files, self._none):
            widget.setEnabled(not busy)
        if busy:
            self.progress.cancel.setFocus()

    def chosen(self) -> str | None:
        """The id of the chosen case; None if there is none."""
        index = self.table.currentIndex()
        return self.model.row(index.row()).case_id if index.isValid() else None

    def choose(self, case_id: str | None) -> None:
        """Choose this case in the table; the first one if it is not there."""
        number = self.model.number(case_id)
        index = self.model.index(number or 0, 0)
        if index.isValid():
            self.table.selectionModel().setCurrentIndex(
                index,
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
            )

    # -- ways in ----------------------------------------------------------------------------------------------

    def seek_case(self) -> None:
        """Go to the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def choose_files(self) -> None:
        """Ask which PDFs to import as one case."""
        names, _ = QFileDialog.getOpenFileNames(
            self, "Import PDFs as one case", "", "PDF files and packages (*.pdf *.imrcase);;All files (*)"
        )
        if names:
            self.dropped.emit([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Ask which folder of PDFs to import as one case."""
        name = QFileDialog.getExistingDirectory(self, "Import a folder of PDFs as one case")
        if name:
            self.dropped.emit([Path(name)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files over the page: show that they may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()) and not self.progress.isVisible():
            event.acceptProposedAction()
            self._drop_here.setVisible(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """The files went away again."""
        self._drop_here.setVisible(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Files were dropped: they become one case."""
        self._drop_here.setVisible(False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    # -- keys -------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search field, Down goes to the table and Enter opens the first case found."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if watched is self.search and event.key() == Qt.Key.Key_Down:
                if self.model.rowCount():
                    self.table.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open(self.table.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.model.row(index.row()).case_id)

    def _filtered(self, chosen: str) -> None:
        self.model.choose(chosen)
        # Archived cases are many and hardly ever wanted: they are fetched when they are asked for.
        if self.model.has_archived is not self.wants_archived:
            self.rows_wanted.emit()
        self.choose(None)
        self._show_found()

    @property
    def wants_archived(self) -> bool:
        """Whether the filter shows archived cases."""
        return self.filter.currentText() in ("Archived", "All")

    def _grouped(self, grouping: str) -> None:
        chosen = self.chosen()
        self.model.grouping = grouping
        self.table.measure_anew()
        header = self.table.horizontalHeader()
        grouped = grouping != GROUPINGS[0]
        self.table.setColumnHidden(GROUP, not grouped)
        if grouped:
            header.moveSection(header.visualIndex(GROUP), 0)
            order, column = header.sortIndicatorOrder(), header.sortIndicatorSection()
            self.table.sortByColumn(column if column >= 0 else 0, order if column >= 0 else Qt.SortOrder.AscendingOrder)
        else:
            self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.choose(chosen)

    def _seek(self, text: str) -> None:
        self.model.seek(text)
        self.choose(None)
        self._show_found()

    def _show_found(self) -> None:
        shown, whole = self.model.rowCount(), self.model.whole
        cases = "1 case" if whole == 1 else f"{whole} cases"
        self._counted.setText(cases if shown == whole else f"{shown} of {cases}")
        under = "" if self.filter.currentText() == "All" else f" shown under “{self.filter.currentText()}”"
        self._not_found.setText(
            f"No case{under} carries all these words." if self.search.text().strip() else f"No case is{under}."
        )
        # Also where a dialog has the keys at this moment: they come back to the window.
        left = self.window().focusWidget() is self.table and not shown
        self._stack.setCurrentWidget(self.table if shown else self._not_found if self.model.in_vault else self._none)
        if left:
            self.take_focus()

    # -- parts ------------------------------------------------------------------------------------------------

    def _table(self) -> "CasesTable":
        table = CasesTable()
        table.setAccessibleName("Cases")
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # as the worklist gives them: most urgent first
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().lineSpacing() + 18)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(COLUMNS.index("Injured worker"), QHeaderView.ResizeMode.Stretch)
        table.setColumnHidden(GROUP, True)
        table.doubleClicked.connect(self._open)
        table.installEventFilter(self)
        return table

    def _empty(self) -> QWidget:
        frame, column = card(margin=40)
        column.addStretch(1)
        column.addWidget(words("No cases yet", "title"), alignment=Qt.AlignmentFlag.AlignHCenter)
        said = words(
            "Drop the PDFs or the folder of a case here, or import them with the buttons above. "
            "They are encrypted as they come in, and the originals stay where they are.",
            "lead",
        )
        said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        said.setMaximumWidth(580)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(said, 8)
        middle.addStretch(1)
        column.addSpacing(8)
        column.addLayout(middle)
        column.addSpacing(16)
        column.addWidget(
            button("Try the demo case", self.demo.emit, tip="A made-up case in a throw-away vault"),
            alignment=Qt.AlignmentFlag.AlignHCenter,
        )
        column.addStretch(2)
        return frame

    def _drop_sign(self) -> QFrame:
        frame, column = card(box="drop")
        column.addWidget(words("Drop to make one case of these files", "heading"), 0, Qt.AlignmentFlag.AlignHCenter)
        frame.hide()
        return frame

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(words("Worklist", "title", wrap=False))
        head.addSpacing(10)
        head.addWidget(self._counted, 0, Qt.AlignmentFlag.AlignBottom)
        head.addStretch(1)
        for each in (self.new_case, self.import_folder, self.import_files):
            head.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 12)
        column.setSpacing(12)
        column.addLayout(head)
        seek = QHBoxLayout()
        seek.addWidget(self.search, 1)
        choices = QHBoxLayout(self._choices)
        choices.setContentsMargins(0, 0, 0, 0)
        for said, choice in (("&Show", self.filter), ("&Group by", self.group)):
            label = QLabel(said)
            label.setBuddy(choice)
            choices.addWidget(label)
            choices.addWidget(choice)
        seek.addWidget(self._choices)
        column.addLayout(seek)
        column.addWidget(self.progress)
        column.addWidget(self._drop_here)
        column.addWidget(self._stack, 1)
        for one, other in (
            (self.search, self.filter),
            (self.filter, self.group),
            (self.group, self.table),
            (self.table, self.new_case),
            (self.new_case, self.import_folder),
            (self.import_folder, self.import_files),
        ):
            QWidget.setTabOrder(one, other)


class CasesTable(QTableView):
    """The table of the cases. A column is as wide as the longest text of the first rows; ten thousand are not asked."""

    def __init__(self) -> None:
        super().__init__()
        self._widths: dict[int, tuple[str, int]] = {}

    def measure_anew(self) -> None:
        """Other cases are shown: forget how wide the columns were."""
        self._widths.clear()

    def sizeHintForColumn(self, column: int) -> int:  # noqa: N802  (Qt's name)
        """How wide the column wants to be (points)."""
        model, font = self.model(), self.font().key()
        known, width = self._widths.get(column, ("", 0))
        if known != font:
            count, measure = min(model.rowCount(), _MEASURED), self.fontMetrics().horizontalAdvance
            cells = [model.index(row, column) for row in range(count)]
            longest = max(cells, key=lambda cell: measure(str(cell.data())), default=None)
            width = -1 if longest is None else self.sizeHintForIndex(longest).width()
            self._widths[column] = font, width
        return width


def _choice(name: str, choices: Sequence[str]) -> QComboBox:
    made = QComboBox()
    name_it(made, name)
    made.addItems(list(choices))
    return made


class ImportProgress(QFrame):
    """How far an import has come, and the button that stops it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "informs")
        self._said = words("")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the import")
        self.cancel = button("&Stop", lambda: None)
        row = QHBoxLayout(self)
        column = QVBoxLayout()
        column.addWidget(self._said)
        column.addWidget(self._bar)
        row.addLayout(column, 1)
        row.addWidget(self.cancel)
        self.hide()

    def tell(self, what: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done, and how much of it is."""
        self._said.setText(what)
        self._bar.setMaximum(total)
        self._bar.setValue(done)
        self.show()
