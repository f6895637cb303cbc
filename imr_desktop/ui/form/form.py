# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form beside the record: its parts behind tabs that say how far each is, and the ways into and out of it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTabWidget, QTextEdit, QVBoxLayout, QWidget

from imr_desktop.casework.evidence_use import counted, not_cited
from imr_desktop.checks import Finding
from imr_desktop.models.evidence import Passage
from imr_desktop.models.places import Part, Place
from imr_desktop.storage import Change
from imr_desktop.ui.form import progress
from imr_desktop.ui.form.case_panel import CasePanel
from imr_desktop.ui.form.chronology_panel import ChronologyPanel
from imr_desktop.ui.form.documents_panel import DocumentsPanel
from imr_desktop.ui.form.evidence_panel import EvidencePanel
from imr_desktop.ui.form.finding_marks import FindingMarks
from imr_desktop.ui.form.items_panel import ItemsPanel
from imr_desktop.ui.form.narrative_edit import NarrativeEdit
from imr_desktop.ui.form.panel import Panel
from imr_desktop.ui.form.progress import PartProgress
from imr_desktop.ui.form.summary_panel import SummaryPanel

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

_PARTS = {
    Part.HEADER: "Case",
    Part.DOCUMENTS: "Documents",
    Part.CHRONOLOGY: "Chronology",
    Part.SUMMARY: "Summary",
    Part.ITEMS: "Items",
}
_CHECKS = "Checks"


class CaseForm(QWidget):
    """The whole form of one case. The shell adds panels of its own, such as Checks and Letter.

    ``go_to_page`` gives a PageRef and boxes (page points) to light on it; ``anchor_activated`` the id of the evidence
    that the reviewer wants to see; ``part_shown`` the name of the part that has come into view; ``finding_wanted`` a
    finding that was chosen at the words it is about.
    """

    go_to_page = Signal(object, object)
    anchor_activated = Signal(str)
    part_shown = Signal(str)
    finding_wanted = Signal(object)

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self.desk = desk
        self.marks_sources: Callable[[], bool] = lambda: True
        self.case_panel = CasePanel(desk)
        self.documents_panel = DocumentsPanel(desk)
        self.chronology_panel = ChronologyPanel(desk)
        self.summary_panel = SummaryPanel(desk)
        self.items_panel = ItemsPanel(desk)
        self.evidence_panel = EvidencePanel(desk)
        rationale = self.items_panel.form.rationale
        self.finding_marks = (
            FindingMarks(self.summary_panel.text, Part.SUMMARY),
            FindingMarks(rationale, Part.ITEMS, self.items_panel.current),
        )
        for marks in self.finding_marks:
            marks.wanted.connect(self.finding_wanted)
            marks.excused.connect(self._excuse)
            self.items_panel.list.chosen.connect(marks.look)
        self._panels: dict[Part, Panel] = {
            Part.HEADER: self.case_panel,
            Part.DOCUMENTS: self.documents_panel,
            Part.CHRONOLOGY: self.chronology_panel,
            Part.SUMMARY: self.summary_panel,
            Part.ITEMS: self.items_panel,
        }
        self.setAccessibleName("Form of the case")
        self._tabs = QTabWidget(documentMode=True)
        for each in (self._tabs, self._tabs.tabBar()):
            each.setAccessibleName("Parts of the case")
        self._tabs.tabBar().setExpanding(False)
        # All eight stand side by side on a screen of 1280 points; larger text brings arrows at their end.
        self._tabs.tabBar().setStyleSheet("QTabBar::tab { padding: 5px 2px; }")
        self._names: list[str] = []
        self._said: dict[str, str] = {}
        for part, panel in self._panels.items():
            self.add_panel(_PARTS[part], panel)
            panel.go_to_page.connect(self.go_to_page)
            panel.anchor_activated.connect(self.anchor_activated)
        self.evidence_panel.anchor_activated.connect(self.anchor_activated)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._tabs)
        self._tabs.currentChanged.connect(self._turned)
        self._stop = desk.listen(self._heard)
        self._released = False
        self._draw_progress()

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Underline the words that findings are about."""
        for marks in self.finding_marks:
            marks.show_findings(found)

    def mark_without_source(self) -> None:
        """Mark the sentences that state facts without citing them, where the reviewer wants such marks."""
        found = self.desk.without_source() if self.marks_sources() else ()
        for marks in self.finding_marks:
            marks.show_without_source(found)

    def _excuse(self, finding: Finding) -> None:
        self.flush()
        self.desk.answer(finding, "Needs no source")
        self.mark_without_source()

    # -- panels -----------------------------------------------------------------------------------------------

    def add_panel(self, name: str, widget: QWidget, progress_words: str = "") -> None:
        """Add a part under its name, after those that are there."""
        self._names.append(name)
        self._tabs.addTab(widget, name)
        self.set_progress(name, progress_words)
        if widget is self.evidence_panel:
            self._draw_progress()

    def set_progress(self, name: str, short: str, sentence: str = "") -> None:
        """Say in a few words on a part's tab how far it is."""
        index = self._names.index(name)
        self._said[name] = short
        self._tabs.setTabText(index, f"{name}\n{short or ' '}")
        self._tabs.setTabToolTip(index, sentence or f"{name} {short}".strip())
        self._tabs.tabBar().setAccessibleTabName(index, f"{name}, {sentence or short}".rstrip(", "))

    def progress_of(self, name: str) -> str:
        """What a part's tab says, such as ``Items 1/3``."""
        return f"{name} {self._said[name]}".strip()

    def redraw(self) -> None:
        """Show everything anew: a table that it rests on is another."""
        for index in range(self._tabs.count()):
            panel = self._tabs.widget(index)
            if isinstance(panel, Panel):
                panel.redraw()

    def panels(self) -> tuple[str, ...]:
        """The names of the parts in their order."""
        return tuple(self._names)

    def show_panel(self, name: str) -> None:
        """Bring a part into view."""
        self._tabs.setCurrentIndex(self._names.index(name))

    def open_panel(self, name: str) -> None:
        """Bring a part into view and the focus into it: to where one reads or writes first, or where it was left."""
        panel = self._tabs.widget(self._names.index(name))
        # Asked before it is shown: what is shown takes the focus from the part that hides, at its first button.
        left = None if panel is None else panel.focusWidget()
        self.show_panel(name)
        first = {
            "Case": self.case_panel.binders()[0].first(),
            "Documents": self.documents_panel.list,
            "Chronology": self.chronology_panel.list,
            "Summary": self.summary_panel.text,
            "Items": self.items_panel.list,
            "Evidence": self.evidence_panel.list,
        }.get(name)
        wanted = left if left is not None and left is not panel and left.isVisible() else first
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def shown(self) -> str:
        """The name of the part in view."""
        return self._names[self._tabs.currentIndex()]

    # -- places -----------------------------------------------------------------------------------------------

    def show_place(self, place: Place) -> bool:
        """Go to a field and focus it; False if the place is not in this form (a page, the reviewer, the letter)."""
        if place.part is Part.EVIDENCE:
            self.show_panel("Evidence")
            return self.evidence_panel.show_place(place)
        panel = self._panels.get(place.part)
        if panel is None:
            return False
        self.show_panel(_PARTS[place.part])
        return panel.show_place(place)

    def place(self) -> Place:
        """Where the reviewer is in the form, to come back to."""
        for part, panel in self._panels.items():
            if self._tabs.currentWidget() is panel:
                row = {Part.ITEMS: self.items_panel.current, Part.DOCUMENTS: self.documents_panel.current}.get(part)
                return Place(part, row() if row else None, panel.field_in_focus())
        return Place(Part.LETTER)

    def current_item(self) -> str | None:
        """The id of the item that is being worked on."""
        return self.items_panel.current()

    # -- text -------------------------------------------------------------------------------------------------

    def insert_citation(self, passage: Passage, target: Literal["summary", "item"]) -> str | None:
        """Keep a passage as evidence, with its chip at the caret (or the end) of the summary or the item's rationale.

        Gives the evidence's id; None where no item is there to cite in. The part in view stays in view.
        """
        self.flush()
        item = self.current_item()
        if target == "item" and item is None:
            return None
        field = self.narrative_field(target)
        into = Place(Part.SUMMARY) if target == "summary" else Place(Part.ITEMS, item, "rationale")
        evidence = self.desk.cite(passage, into, field.caret_offset(), field.narrative())
        field.put_caret_after(evidence)
        return evidence

    def narrative_field(self, target: str) -> NarrativeEdit:
        """The field of the summary, or of the current item's rationale."""
        return self.summary_panel.text if target == "summary" else self.items_panel.form.rationale

    def flush(self) -> None:
        """Keep whatever was typed and not kept yet: before undo, checks, issuing and closing."""
        self.evidence_panel.flush()
        for panel in self._panels.values():
            panel.flush()

    def drafts(self) -> dict[str, Any]:
        """Text that could not be understood and stands in a field, as plain data to be kept over a lock."""
        told = {type(panel).__name__: panel.drafts() for panel in (*self._panels.values(), self.evidence_panel)}
        return {name: drafts for name, drafts in told.items() if any(drafts)}

    def take_drafts(self, kept: Any) -> None:
        """Show such text again."""
        for panel in (*self._panels.values(), self.evidence_panel):
            panel.take_drafts((kept or {}).get(type(panel).__name__, []))

    def undo_text(self) -> bool:
        """Take back typing in the field with the focus; False where it has none, and the case's undo is due."""
        return _text_history("undo", "isUndoAvailable")

    def redo_text(self) -> bool:
        """Do typing again in the field with the focus; False where it has none, and the case's redo is due."""
        return _text_history("redo", "isRedoAvailable")

    def release(self) -> None:
        """Keep what was typed and stop listening: the case is being closed."""
        if not self._released:
            self._released = True
            for panel in (*self._panels.values(), self.evidence_panel):
                panel.release()
            self._stop()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming to the form is coming back to the field that was left."""
        panel = self._tabs.currentWidget()
        left = panel.focusWidget() if panel is not None else None
        (left if left is not None and left.isVisible() else self._tabs.tabBar()).setFocus(event.reason())

    def minimumSizeHint(self) -> QSize:
        """Narrow enough to stand beside a page."""
        return QSize(480, 360)

    def _turned(self, index: int) -> None:
        if 0 <= index < len(self._names):
            if self._names[index] == _CHECKS:
                self.flush()
                self.mark_without_source()
            self.part_shown.emit(self._names[index])

    def _heard(self, _change: Change) -> None:
        self._draw_progress()

    def _draw_progress(self) -> None:
        case = self.desk.case
        far: dict[Part, PartProgress] = {
            Part.HEADER: progress.of_case(case),
            Part.DOCUMENTS: progress.of_documents(case),
            Part.CHRONOLOGY: progress.of_chronology(case),
            Part.SUMMARY: progress.of_summary(case),
            Part.ITEMS: progress.of_items(case),
        }
        for part, each in far.items():
            self.set_progress(_PARTS[part], each.mark(), each.sentence)
        if "Evidence" in self._names:
            kept, waiting = len(case.evidence), len(not_cited(case))
            short = f"{kept - waiting}/{kept}" if kept else ""
            self.set_progress("Evidence", f"✓ {short}" if kept and not waiting else short, counted(case))


def _text_history(do: str, available: str) -> bool:
    field = QApplication.focusWidget()
    if isinstance(field, QTextEdit | QPlainTextEdit):
        ready = getattr(field.document(), available)()
    elif isinstance(field, QLineEdit):
        ready = getattr(field, available)()
    else:
        return False
    if ready:
        getattr(field, do)()
    return bool(ready)
