# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of the worklist as a table: what each cell says, how it is ordered, and what a search finds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QFont

from imr_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from imr_desktop.casework.worklist import WorklistRow

_INDEX = QModelIndex | QPersistentModelIndex
COLUMNS = ("Due", "Time left", "Case number", "Injured worker", "Status", "Priority", "Decided", "Pages seen")
_TOP = QModelIndex()
_LEFT = 1
_NO_DAY = 10**6


def time_left(row: "WorklistRow") -> str:
    """The days left in words; estimated ones say so, and an issued case has none."""
    if row.letters:
        return "issued"
    if row.days_left is None or row.due is None:
        return "no due date yet"
    days = row.days_left
    if days < 0:
        said = "1 day late" if days == -1 else f"{-days} days late"
    else:
        said = {0: "due today", 1: "due tomorrow"}.get(days, f"{days} days left")
    return f"{said} (estimated)" if row.due.estimated else said


def _voice(row: "WorklistRow") -> str:
    return "muted" if row.letters else urgency(row.days_left)


def urgency(days_left: int | None) -> str:
    """In which voice the time left is told: danger when it is up, warn within a week."""
    if days_left is None:
        return "muted"
    return "danger" if days_left <= 1 else "warn" if days_left <= 7 else ""


def _cells(row: "WorklistRow") -> tuple[str, ...]:
    return (
        f"{row.due.due:%m/%d/%Y}" if row.due else "–",
        time_left(row),
        row.case_number or "no number yet",
        row.worker or "no name yet",
        str(row.status),
        str(row.priority),
        f"{row.items_decided} of {row.items}" if row.items else "no items yet",
        f"{row.pages_seen} of {row.pages}" if row.pages else "no pages",
    )


class CasesModel(QAbstractTableModel):
    """The rows of the worklist, as the casework gives them, for the table."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[WorklistRow, ...] = ()

    def show(self, rows: Sequence["WorklistRow"]) -> None:
        """Show these rows in place of what was there."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row(self, number: int) -> "WorklistRow":
        """The row of this number, from 0."""
        return self._rows[number]

    def rowCount(self, parent: _INDEX = _TOP) -> int:
        """How many cases there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _INDEX = _TOP) -> int:
        """How many columns the table has."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: _INDEX, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says and looks like."""
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _cells(row)[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{COLUMNS[index.column()]}: {_cells(row)[index.column()]}"
            case Qt.ItemDataRole.ToolTipRole:
                return _why(row)
            case Qt.ItemDataRole.ForegroundRole if index.column() == _LEFT:
                voice = _voice(row)
                colours = self._theme.colours
                return QColor(getattr(colours, voice or "text"))
            case Qt.ItemDataRole.FontRole if index.column() == _LEFT and _voice(row) in ("danger", "warn"):
                font = QFont()
                font.setWeight(QFont.Weight.DemiBold)
                return font
            case Qt.ItemDataRole.UserRole:
                return _order(row, index.column())
        return None


def _why(row: "WorklistRow") -> str:
    if row.due is None:
        return "The due date follows from the day the application was received; fill it in on the Case panel."
    guess = " The day the documents were complete is not known, so this is the earliest day possible."
    return f"Due by {row.due.rule}.{guess if row.due.estimated else ''}"


def _order(row: "WorklistRow", column: int) -> Any:
    if column in (0, _LEFT):
        late = _NO_DAY if row.letters else 0
        return late + (_NO_DAY if row.days_left is None else row.days_left)
    if column in (6, 7):
        done, whole = ((row.items_decided, row.items), (row.pages_seen, row.pages))[column - 6]
        return done / whole if whole else -1.0
    return _cells(row)[column].casefold()


class CasesSearch(QSortFilterProxyModel):
    """Rows in which every word of the search field stands somewhere."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sought: tuple[str, ...] = ()
        self.setSortRole(Qt.ItemDataRole.UserRole)

    def seek(self, text: str) -> None:
        """Show only rows that carry all these words."""
        self.beginFilterChange()
        self._sought = tuple(text.casefold().split())
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, _parent: _INDEX) -> bool:  # noqa: N802  (Qt's name)
        """Whether the row carries all words that are sought."""
        model = self.sourceModel()
        assert isinstance(model, CasesModel)  # noqa: S101  (set once, below)
        whole = " ".join(_cells(model.row(source_row))).casefold()
        return all(word in whole for word in self._sought)
