# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search over all cases: their records, and the reviewer's own text in them, with what could not be searched."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.casework.own_words import OwnHit, search_own
from imr_desktop.casework.search import Found, Hit, Scope, search_all
from imr_desktop.errors import Trouble
from imr_desktop.ui.form.labels import document_name
from imr_desktop.ui.form.layout import tree
from imr_desktop.ui.parts import button, line_field, name_it, roomy, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.work import Pump

if TYPE_CHECKING:
    from imr_desktop.ui.session import Session

_HIT = Qt.ItemDataRole.UserRole
_PAGES_A_CASE = 200
_HOW = (("Forgive misreadings", True), ("Exactly as typed", False))


class SearchEverywhere(QDialog):
    """One field over all cases. Enter searches, Enter on a row opens the case at that place.

    ``hit_wanted`` carries a Hit or an OwnHit.
    """

    hit_wanted = Signal(object)

    def __init__(self, session: "Session", parent: QWidget | None = None, sought: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle("Search all cases")
        roomy(self, 980, 600)
        self._session = session
        self._pump = Pump(self)
        self._pump.progressed.connect(self._came)
        self._pump.finished.connect(self._finished)
        self._pump.troubled.connect(self._troubled)
        self._pump.stopped.connect(self._stopped)
        self.field = line_field(sought, shown='Words, "a phrase", a date, or words joined by AND, OR, NOT, NEAR')
        self.field.setAccessibleName("Search all cases")
        self.field.setClearButtonEnabled(True)
        self.how = QComboBox()
        name_it(self.how, "How to search")
        # On Linux a choice that has no label beside it is called by what is chosen.
        self.how.setAccessibleDescription("How to search")
        for said, forgiving in _HOW:
            self.how.addItem(said, forgiving)
        self.go = button("&Search", self.search, "main")
        self.records = _results("Hits in the records", "Page", "Document", "Words")
        self.own = _results("Hits in my own text", "Date", "Where", "Words")
        self.said = words("", "muted")
        self.said.setAccessibleName("What was searched")
        self.fault = FaultLine()
        self.busy = QProgressBar(textVisible=False)
        self.busy.setAccessibleName("Searching")
        self.busy.setRange(0, 0)
        self.busy.setFixedHeight(4)
        self.busy.setVisible(False)
        self.tabs = QTabWidget()
        for each in (self.tabs, self.tabs.tabBar()):
            each.setAccessibleName("Where to search")
        self.tabs.addTab(self.records, "&Records")
        self.tabs.addTab(self.own, "&My own text")
        self.tabs.currentChanged.connect(lambda _: self.search() if self.field.text().strip() else None)
        for shown in (self.records, self.own):
            shown.itemActivated.connect(self._activated)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.how)
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.fault)
        column.addWidget(self.busy)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.said)
        self._names: dict[str, str] = {}
        self._hits = self._unsearched = self._pages = 0
        self._cases = 0
        self._silent: list[str] = []
        self.field.setFocus()

    def search(self) -> None:
        """Search for what is typed, in the records or in the reviewer's own text."""
        self._pump.stop()
        self.fault.hide()
        self.records.clear()
        self.own.clear()
        self.said.clear()
        self._names = self._session.case_names()
        self._hits = self._unsearched = self._pages = self._cases = 0
        self._silent = []
        scope = Scope(forgiving=self.how.currentData(), other_names=self.how.currentData(), limit=_PAGES_A_CASE)
        text = self.field.text()
        vault = self._session.vault
        work: Iterator[Any] = (
            search_own(vault, text)
            if self.tabs.currentWidget() is self.own
            else search_all(vault, text, scope, archived=True)
        )
        self.how.setEnabled(self.tabs.currentWidget() is self.records)
        self.busy.setVisible(True)
        self._pump.start(work)

    def done(self, result: int) -> None:
        """The dialog goes, and its search with it."""
        self._pump.stop()
        super().done(result)

    def _came(self, answer: "Found | OwnHit") -> None:
        if isinstance(answer, OwnHit):
            self._own_hit(answer)
            return
        self._cases += 1
        self._hits += len(answer.hits)
        self._pages += answer.page_count
        silent = answer.page_count if answer.trouble else len(answer.unsearched)
        self._unsearched += silent
        if silent:
            self._silent.append(f"{self._names.get(answer.case_id, '')}: {silent:,}")
        if answer.hits or answer.trouble:
            self._case_rows(answer)

    def _case_rows(self, answer: Found) -> None:
        head = QTreeWidgetItem([self._names.get(answer.case_id, ""), "", answer.told()])
        bold = head.font(0)
        bold.setBold(True)
        head.setFont(0, bold)
        self.records.addTopLevelItem(head)
        head.setFirstColumnSpanned(False)
        for hit in answer.hits:
            document = "" if hit.document is None else document_name(hit.document)
            row = QTreeWidgetItem([f"  {hit.case_page}", document, _in_words(hit)])
            row.setToolTip(2, _in_words(hit))
            row.setData(0, _HIT, hit)
            self.records.addTopLevelItem(row)

    def _own_hit(self, hit: OwnHit) -> None:
        self._hits += 1
        day = f"{hit.day:%m/%d/%Y}" if hit.day else ""
        name = self._names.get(hit.case_id, hit.case_name)
        row = QTreeWidgetItem([day, f"{name}: {hit.what}", f"{hit.before}»{hit.text}«{hit.after}"])
        row.setToolTip(2, row.text(2))
        row.setData(0, _HIT, hit)
        self.own.addTopLevelItem(row)

    def _finished(self, _last: object) -> None:
        self.busy.setVisible(False)
        many = f"{self._hits:,} hit{'' if self._hits == 1 else 's'}" if self._hits else "No hits"
        cases = "1 case" if self._cases == 1 else f"{self._cases:,} cases"
        if self.tabs.currentWidget() is self.own:
            self.said.setText(f"{many} in summaries, rationales, headings, evidence and notes of all cases.")
        elif not self._unsearched:
            self.said.setText(f"{many} in {cases}; all {self._pages:,} pages were searched.")
        else:
            self.said.setText(
                f"{many} in {cases}; {self._unsearched:,} of {self._pages:,} pages have no readable text"
                f" ({', '.join(self._silent[:6])}{', …' if len(self._silent) > 6 else ''})."
            )
        shown = self.tabs.currentWidget()
        if isinstance(shown, QTreeWidget) and shown.topLevelItemCount():
            first = next((row for row in _rows(shown) if row.data(0, _HIT) is not None), None)
            if first is not None:
                shown.setCurrentItem(first)
            shown.setFocus()

    def _troubled(self, trouble: Trouble) -> None:
        self.busy.setVisible(False)
        self.fault.tell(trouble)
        self.field.setFocus()

    def _stopped(self) -> None:
        # Another search begins, the dialog goes, or the search met a bug, which is told by then.
        self.busy.setVisible(False)
        if self.isVisible():
            self.said.setText("The search was not finished; what is listed may not be all.")

    def _activated(self, row: QTreeWidgetItem, _column: int) -> None:
        hit = row.data(0, _HIT)
        if hit is not None:
            self.hit_wanted.emit(hit)


def _results(name: str, *headings: str) -> QTreeWidget:
    made = tree(*headings, rows=8, wide=2)
    made.setAccessibleName(name)
    return made


def _rows(shown: QTreeWidget) -> Iterator[QTreeWidgetItem]:
    for number in range(shown.topLevelItemCount()):
        row = shown.topLevelItem(number)
        if row is not None:
            yield row


def _in_words(hit: Hit) -> str:
    why = f"  ({hit.why})" if hit.why else "  (as read)" if hit.as_read else ""
    return f"{hit.before}»{hit.text}«{hit.after}{why}"
