# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of the record the rail shows: all, what is not seen yet, one kind of document, a stretch of time."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from imr_desktop.models.days import written_day
from imr_desktop.models.records import Document, DocumentType, PageRef
from imr_desktop.ui.record.coverage import Cover, Coverage

SHOWN = (
    ("all", "All pages"),
    ("open", "Still to be seen"),
    ("unseen", "Not seen yet"),
    ("unreadable", "Cannot be shown"),
    ("wordless", "Without readable text"),
    ("dismissed", "Dismissed"),
    ("evidence", "With evidence"),
    ("hits", "With hits"),
    ("repeats", "Blank or repeated"),
)
_JUST = "just these"


@dataclass(frozen=True, slots=True)
class RailFilter:
    """Which pages and documents are shown; everything that is set must hold."""

    shown: str = "all"
    type: DocumentType | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything is left out."""
        return self != RailFilter()

    def takes_document(self, document: Document | None) -> bool:
        """Whether a document, or a page that belongs to none, is shown as far as type and date go."""
        if self.type is None and self.since is None and self.until is None:
            return True
        if document is None or (self.type is not None and document.type is not self.type):
            return False
        if self.since is None and self.until is None:
            return True
        if document.date is None:
            return False
        last = document.date_to or document.date
        return (self.since is None or last >= self.since) and (self.until is None or document.date <= self.until)

    def takes_page(self, ref: PageRef, coverage: Coverage) -> bool:
        """Whether a page is shown as far as its state goes."""
        match self.shown:
            case "open":
                return coverage.is_open(ref)
            case "unseen":
                return coverage.cover(ref) is Cover.UNSEEN
            case "unreadable":
                return coverage.cover(ref) is Cover.UNREADABLE
            case "dismissed":
                return coverage.cover(ref) is Cover.DISMISSED
            case "wordless":
                return coverage.state(ref).wordless
            case "evidence":
                return coverage.state(ref).evidence > 0
            case "hits":
                return coverage.state(ref).hits > 0
            case "repeats":
                return coverage.state(ref).blank or coverage.state(ref).copy_of is not None
        return True

    def to_plain(self) -> dict[str, Any]:
        """The filter as plain data that JSON can hold."""
        days = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        return {"shown": self.shown, "type": self.type and self.type.value, **days}

    @classmethod
    def from_plain(cls, data: dict[str, Any]) -> "RailFilter":
        """The filter that plain data describe; KeyError, TypeError or ValueError if they do not."""
        since, until = (dt.date.fromisoformat(data[name]) if data[name] else None for name in ("since", "until"))
        shown = data["shown"] if data["shown"] in dict(SHOWN) else "all"
        return cls(shown, DocumentType(data["type"]) if data["type"] else None, since, until)


class FilterBar(QFrame):
    """Fields for the filter, and how much is shown."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.shown, self.types = QComboBox(), QComboBox()
        self._counts = Counter[DocumentType]()
        for key, words in SHOWN:
            self.shown.addItem(words, key)
        self.types.addItem("Every kind of document", None)
        self.since, self.until = _day_field("From day"), _day_field("To day")
        self.more = QToolButton(autoRaise=True)
        self.more.setText("…")
        self.more.setCheckable(True)
        self.more.setToolTip("Filter by kind of document and by day")
        self.more.setAccessibleName("Filter by kind of document and by day")
        self.count = QLabel()
        self.count.setProperty("says", "muted")
        self.count.setWordWrap(True)
        self.shown.setAccessibleName("Which pages are listed")
        self.types.setAccessibleName("Which kind of document is listed")
        for box in (self.shown, self.types):
            box.view().setAccessibleName(box.accessibleName())
            box.setMinimumContentsLength(8)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(3)
        grid.addWidget(self.types, 0, 0, 1, 2)
        grid.addWidget(self.since, 1, 0)
        grid.addWidget(self.until, 1, 1)
        self._fields = QWidget()
        self._fields.setLayout(grid)
        self._fields.hide()
        top = QGridLayout()
        top.setSpacing(3)
        top.addWidget(self.shown, 0, 0)
        top.addWidget(self.more, 0, 1)
        top.setColumnStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 2)
        column.setSpacing(3)
        column.addLayout(top)
        column.addWidget(self._fields)
        column.addWidget(self.count)
        self.more.toggled.connect(self._fields.setVisible)
        for box in (self.shown, self.types):
            box.currentIndexChanged.connect(self._tell)
        for field in (self.since, self.until):
            field.editingFinished.connect(self._tell)

    def list_just(self, said: str) -> None:
        """Say in the first choice that just certain pages are listed, until another one is made; empty: no more."""
        self.shown.blockSignals(True)
        if (at := self.shown.findData(_JUST)) >= 0:
            chosen = 0 if self.shown.currentIndex() == at else self.shown.currentIndex()
            self.shown.removeItem(at)
            self.shown.setCurrentIndex(chosen)
        if said:
            self.shown.addItem(said, _JUST)
            self.shown.setCurrentIndex(self.shown.count() - 1)
        self.shown.blockSignals(False)

    def offer_types(self, documents: Sequence[Document]) -> None:
        """Offer the kinds of document that there are, with how many of each."""
        self._counts = Counter(document.type for document in documents)
        self._offer(self._type())

    def _offer(self, chosen: DocumentType | None) -> None:
        # What is chosen stays chosen where there is none of it now: a case is opened before its documents are known.
        self.types.blockSignals(True)
        self.types.clear()
        self.types.addItem("Every kind of document", None)
        for kind in DocumentType:
            if self._counts[kind] or kind is chosen:
                self.types.addItem(f"{kind.value.replace('_', ' ').capitalize()} ({self._counts[kind]})", kind)
        self.types.setCurrentIndex(max(self.types.findData(chosen), 0))
        self.types.blockSignals(False)

    def _type(self) -> DocumentType | None:
        kind = self.types.currentData()
        return DocumentType(kind) if kind else None

    def filter(self) -> RailFilter:
        """The filter as the fields have it; a day that cannot be read counts as none, and is marked."""
        days = []
        for field in (self.since, self.until):
            day = written_day(field.text())
            field.setProperty("wrong", "true" if field.text().strip() and day is None else "false")
            field.style().polish(field)
            days.append(day)
        shown = self.shown.currentData()
        return RailFilter("all" if shown == _JUST else shown, self._type(), *days)

    def set_filter(self, wanted: RailFilter) -> None:
        """Have the fields say this."""
        self.shown.setCurrentIndex(max(self.shown.findData(wanted.shown), 0))
        self._offer(wanted.type)
        for field, day in ((self.since, wanted.since), (self.until, wanted.until)):
            field.setText("" if day is None else f"{day.month}/{day.day}/{day.year}")
        if wanted.type is not None or wanted.since or wanted.until:
            self.more.setChecked(True)
        self._tell()

    def say(self, words: str) -> None:
        """Say how much is shown."""
        self.count.setText(words)
        self.count.setAccessibleName(words)

    def _tell(self) -> None:
        self.changed.emit(self.filter())


def _day_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(name)
    field.setAccessibleName(name)
    field.setToolTip(f"{name}, in any writing: 7/1/2014")
    field.setMinimumWidth(60)
    return field
