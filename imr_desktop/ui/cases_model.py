# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cases of the worklist as a table: what each cell says, how it is ordered, and what a search finds."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from imr_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from imr_desktop.casework.worklist import WorklistRow

_INDEX = QModelIndex | QPersistentModelIndex
COLUMNS = (
    "Due", "Time left", "Case number", "Injured worker", "Status", "Priority", "Decided", "Pages seen", "Findings",
    "Group",
)  # fmt: skip
GROUP = COLUMNS.index("Group")
# What the worklist can be grouped by, and in which order its groups stand.
GROUPINGS = ("Nothing", "Status", "Priority", "When due", "Outcome")
FILTERS = (
    "All but archived", "Open", "Late or due within a week", "New", "In work", "Decided", "Issued", "Archived", "All",
)  # fmt: skip
_TOP = QModelIndex()
_LEFT = 1
_NO_DAY = 10**6
_ROLES = Qt.ItemDataRole
# What a cell can say; a table asks for a dozen other roles besides, for every cell it measures.
_TOLD = frozenset(
    (
        _ROLES.DisplayRole, _ROLES.AccessibleTextRole, _ROLES.ToolTipRole, _ROLES.ForegroundRole, _ROLES.FontRole,
    )
)  # fmt: skip


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


def _findings(row: "WorklistRow") -> str:
    if row.blocking is None:
        return "not opened yet"
    if row.blocking:
        return f"{row.blocking} blocking"
    if row.warnings:
        return "1 warning" if row.warnings == 1 else f"{row.warnings} warnings"
    return "none"


# What each column says of a case; the group depends on what the worklist is grouped by.
_CELLS: tuple[Callable[["WorklistRow"], str], ...] = (
    lambda row: f"{row.due.due:%m/%d/%Y}" if row.due else "–",
    time_left,
    lambda row: row.case_number or "no number yet",
    lambda row: row.worker or "no name yet",
    lambda row: str(row.status),
    lambda row: str(row.priority),
    lambda row: f"{row.items_decided} of {row.items}" if row.items else "no items yet",
    lambda row: f"{row.pages_seen} of {row.pages}" if row.pages else "no pages",
    _findings,
)


def group_of(row: "WorklistRow", grouping: str) -> tuple[int, str]:
    """The group a case falls into, with the place at which the group stands."""
    if grouping == "Status":
        return ("New", "In work", "Decided", "Issued", "Archived").index(row.status), row.status
    if grouping == "Priority":
        return int(row.priority != "Expedited"), row.priority
    if grouping == "Outcome":
        names = {"UPHOLD": "Uphold", "OVERTURN": "Overturn", "PARTIAL_OVERTURN": "Partial overturn"}
        name = names.get(row.outcome.replace(" ", "_").upper(), row.outcome.capitalize()) or "Not decided"
        return int(not row.outcome), name
    if grouping == "When due":
        if row.letters:
            return 5, "Issued"
        if row.days_left is None:
            return 4, "No due date"
        limits = ((-1, "Late"), (0, "Today"), (7, "Within a week"), (10**6, "Later"))
        return next((at, name) for at, (limit, name) in enumerate(limits) if row.days_left <= limit)
    return 0, ""


def passes(row: "WorklistRow", chosen: str) -> bool:
    """Whether a case belongs to what the filter shows."""
    archived = row.status == "Archived"
    match chosen:
        case "All":
            return True
        case "All but archived":
            return not archived
        case "Open":
            return row.status in ("New", "In work", "Decided")
        case "Late or due within a week":
            return row.status in ("New", "In work", "Decided") and row.days_left is not None and row.days_left <= 7
    return row.status == chosen


class CasesModel(QAbstractTableModel):
    """The cases that the filter shows and in which every word that is sought stands, in their order, for the table.

    It does itself what Qt's proxy models do for others: asked row by row, ten thousand cases take too long.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: Sequence[WorklistRow] = ()
        self._looked_at: dict[int, WorklistRow] = {}
        self._order: list[int] | None = None
        self._sorted = (-1, False)
        self._said: dict[int, str] = {}
        self._numbers: dict[str, int] | None = None
        self.has_archived = False
        self._sought: tuple[str, ...] = ()
        self._chosen = FILTERS[0]
        self.grouping = GROUPINGS[0]

    # -- which cases, and in what order -----------------------------------------------------------------------

    def show(self, rows: Sequence["WorklistRow"]) -> None:
        """Show these rows in place of what was there."""
        self.beginResetModel()
        self._rows = rows
        self._looked_at.clear()
        self._said.clear()
        # A worklist says whether archived cases were asked for; of any other rows it has to be looked up.
        self.has_archived = getattr(rows, "archived", True)
        self._arrange()
        self.endResetModel()

    def seek(self, text: str) -> None:
        """Show only cases that carry all these words."""
        self.beginResetModel()
        self._sought = tuple(text.casefold().split())
        self._arrange()
        self.endResetModel()

    def choose(self, chosen: str) -> None:
        """Show only the cases of this filter."""
        self.beginResetModel()
        self._chosen = chosen
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the cases in the order of a column within their groups; -1: as the casework gives them."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        cases = [self.row(index.row()).case_id for index in held]
        self._sorted = column, order is Qt.SortOrder.DescendingOrder
        self._arrange()
        moved = [
            self.index(number if (number := self.number(case_id)) is not None else -1, index.column())
            for index, case_id in zip(held, cases, strict=True)
        ]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    @property
    def whole(self) -> int:
        """How many cases there are, those that are not shown included."""
        return len(self._rows)

    @property
    def in_vault(self) -> int:
        """How many cases the vault has, archived ones too, also where those were not asked for."""
        return getattr(self._rows, "in_vault", len(self._rows))

    def row(self, number: int) -> "WorklistRow":
        """The row of this number, from 0, in the order that is shown."""
        return self._look_at(number if self._order is None else self._order[number])

    def number(self, case_id: str | None) -> int | None:
        """The number of a case's row; None if it is not shown."""
        if case_id is None:
            return None
        if self._numbers is None:
            # A worklist knows its cases by their ids, without making a row of each.
            ids = getattr(self._rows, "case_ids", None) or [row.case_id for row in self._rows]
            order = range(len(ids)) if self._order is None else self._order
            self._numbers = {ids[at]: number for number, at in enumerate(order)}
        return self._numbers.get(case_id)

    def _look_at(self, at: int) -> "WorklistRow":
        found = self._looked_at.get(at)
        if found is None:
            found = self._looked_at[at] = self._rows[at]
        return found

    def _arrange(self) -> None:
        (column, descending), self._numbers, self._order = self._sorted, None, None
        everything = self._chosen == "All" or (self._chosen == FILTERS[0] and not self.has_archived)
        if self._sought or not everything:
            self._order = [at for at in range(len(self._rows)) if self._wanted(at)]
        if column < 0:
            return
        # One key for each row and one sort: asked for pair by pair, as Qt would, ten thousand rows take seconds.
        shown = range(len(self._rows)) if self._order is None else self._order
        self._order = sorted(shown, key=lambda at: self._key(self._look_at(at), column), reverse=descending)

    def _key(self, row: "WorklistRow", column: int) -> Any:
        alone = self.grouping == GROUPINGS[0]
        return _order(row, column) if alone else (group_of(row, self.grouping), _order(row, column))

    def _wanted(self, at: int) -> bool:
        """Whether a case is of the filter and carries all words that are sought, also in the headings of its items."""
        row = self._look_at(at)
        if not passes(row, self._chosen):
            return False
        if self._sought and at not in self._said:
            self._said[at] = f"{' '.join(cell(row) for cell in _CELLS)} {row.headings}".casefold()
        return all(word in self._said[at] for word in self._sought)

    # -- what Qt asks -----------------------------------------------------------------------------------------

    def rowCount(self, parent: _INDEX = _TOP) -> int:
        """How many cases are shown."""
        if parent.isValid():
            return 0
        return len(self._rows) if self._order is None else len(self._order)

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
        if role not in _TOLD:
            return None
        row, column = self.row(index.row()), index.column()
        match role:
            case _ROLES.DisplayRole:
                return self._cell(row, column)
            case _ROLES.AccessibleTextRole:
                return f"{COLUMNS[column]}: {self._cell(row, column)}"
            case _ROLES.ToolTipRole:
                return _why(row)
            case _ROLES.ForegroundRole if column == _LEFT:
                return QColor(getattr(self._theme.colours, _voice(row) or "text"))
            case _ROLES.FontRole if column == _LEFT and _voice(row) in ("danger", "warn"):
                font = QFont()
                font.setWeight(QFont.Weight.DemiBold)
                return font
        return None

    def _cell(self, row: "WorklistRow", column: int) -> str:
        return group_of(row, self.grouping)[1] if column == GROUP else _CELLS[column](row)


def _why(row: "WorklistRow") -> str:
    if row.due is None and row.why:
        return f"{row.why} Correct one of the two on the Case panel."
    if row.due is None:
        return "The due date follows from the day the application was received; fill it in on the Case panel."
    guess = " The day the documents were complete is not known, so this is the earliest day possible"
    guess += "." if row.due.latest is None else f"; the latest is {row.due.latest:%m/%d/%Y}."
    return f"Due by {row.due.rule}.{guess if row.due.estimated else ''}"


def _order(row: "WorklistRow", column: int) -> Any:
    if column in (0, _LEFT):
        late = _NO_DAY if row.letters else 0
        return late + (_NO_DAY if row.days_left is None else row.days_left)
    if column in (6, 7):
        done, whole = ((row.items_decided, row.items), (row.pages_seen, row.pages))[column - 6]
        return done / whole if whole else -1.0
    if column == COLUMNS.index("Findings"):
        return -1 if row.blocking is None else row.blocking * 1000 + (row.warnings or 0)
    texts = {2: row.case_number or "no number yet", 3: row.worker or "no name yet", 4: row.status, 5: row.priority}
    return str(texts.get(column, "")).casefold()
