# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record pane of an open case: what it keeps goes into the vault, what it finds comes from the page index."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from imr_desktop.casework import reading, sorting
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.search import Search
from imr_desktop.errors import Trouble
from imr_desktop.models.records import PageRef, PageSize, SourceFile
from imr_desktop.storage import Change, Table
from imr_desktop.storage.page_index import PageReading, Stage
from imr_desktop.ui.evidence_marks import marks_of
from imr_desktop.ui.form.narrative_edit import NarrativeEdit
from imr_desktop.ui.means import Means
from imr_desktop.ui.pdf_password import PdfPassword
from imr_desktop.ui.reading import BackgroundReading
from imr_desktop.ui.record import IndexFinder, PageFact, ReaderBridge, RecordViews
from imr_desktop.ui.record_memory import KEPT_TABLES, TERM_TABLES, VaultMemory
from imr_desktop.ui.session import Session
from imr_desktop.ui.settings import SEEN_AFTER
from imr_desktop.ui.shared_terms import SharedTerms

if TYPE_CHECKING:
    from imr_desktop.ui.record_print import RecordPrint

RECORD_ACTS = (
    "zoom_in", "zoom_out", "fit_page", "fit_width", "fit_content", "actual_size", "continuous", "one_page",
    "two_pages", "trim_margins", "fold_repeats", "page_colours", "turn_clockwise", "turn_back", "toggle_rail",
    "record_map", "split", "tear_off", "go_to_page", "next_unseen", "next_document", "previous_document", "back",
    "forward", "find_in_record", "find_next", "find_previous", "find_selected", "cite_item", "cite_summary",
    "term_sets", "next_term", "previous_term",
    "cite_chosen", "cite_new_item", "cite_chronology", "copy_cited", "toggle_region",
    "highlight", "note", "bookmark", "dismiss_page",
)  # fmt: skip
_RECORD_TABLES = frozenset({Table.SOURCE, Table.DOCUMENT})
_MARK_TABLES = frozenset({Table.EVIDENCE, Table.SUMMARY, Table.ITEM})
_EVERY_MS = 2000


class RecordLink(QObject):
    """Joins the record pane of one case with its vault, its search and the reading in the background."""

    def __init__(
        self, means: Means, session: Session, desk: Desk, background: BackgroundReading, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._means, self._session, self._desk, self._store = means, session, desk, desk.store
        name = f"looks {desk.case.id}"
        looks, keep_looks = (lambda: session.setting(name) or {}), partial(session.keep_setting, name)
        self.memory = VaultMemory(desk, looks, keep_looks, SharedTerms(session))
        self.search = Search(desk.store, desk.case)
        passwords = desk.store.passwords()
        self.reader = ReaderBridge(
            lambda answered: means.reader(desk.open_source, answered, passwords, self._measured), self
        )
        finder = IndexFinder(self.search, desk.store.words)
        self.views = RecordViews(self.reader, memory=self.memory, finder=finder)
        self.asking: PdfPassword | None = None
        self._known: dict[PageRef, tuple[Stage, int, float | None]] = {}
        self._late = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._late.timeout.connect(self.look_up)
        background.progressed.connect(self._progressed)
        background.changed.connect(self.look_up)

    def _measured(self, source: str) -> Sequence[PageSize]:
        """How the pages of a file were measured at intake (asked on the reader's own thread)."""
        return next((file.sizes for file in self._desk.case.sources if file.sha256 == source), ())

    def begin(self, form: QWidget) -> None:
        """Show the record of the case, and what the anchors in this form rest on when they are looked at."""
        case = self._desk.case
        self.count_seen()
        for text in form.findChildren(NarrativeEdit):
            text.anchor_peeked.connect(lambda evidence, text=text: self._peek(evidence, text))
        self.views.show_record(case.sources, case.documents)
        self.views.show_evidence(marks_of(case))
        self.look_up()

    def count_seen(self) -> None:
        """Pages count as seen after as long as the settings say."""
        self.views.count_as_seen_after(float(self._session.setting(SEEN_AFTER) or 1.0))

    def _peek(self, evidence_id: str, text: QWidget) -> None:
        for evidence in self._desk.case.evidence:
            if evidence.id == evidence_id:
                self.views.peek(evidence.passage, text)

    def stepped(self, change: Change) -> None:
        """A step was made or taken back: show what it touched."""
        case = self._desk.case
        if change.touched & _RECORD_TABLES:
            self.search.case = case
            self.reader.know_passwords(self._store.passwords())
            self.views.show_record(case.sources, case.documents)
        if change.touched & _MARK_TABLES:
            self.views.show_evidence(marks_of(case))
        if change.touched & KEPT_TABLES:
            self.memory.refresh()
            self.views.recall()
        if change.touched & TERM_TABLES:
            self.memory.refresh_terms()
            self.views.show_terms()

    def acts(self, window: Callable[[], QWidget], told: Callable[[str], object]) -> dict[str, Callable[[], object]]:
        """What the commands about the record's files and pages do."""
        return {
            "open_protected": lambda: self.open_protected(window(), told),
            "print_pages": lambda: self.print_pages(window(), told),
        }

    def print_pages(self, window: QWidget, told: Callable[[str], object]) -> "RecordPrint":
        """Ask which pages of the record to print, the one in view proposed; the audit trail tells of it."""
        from imr_desktop.ui.record_print import RecordPrint

        page = self.views.view.current
        dialog = RecordPrint(self._means, self._desk, "" if page is None else str(page.case_page), window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def printed(pages: list[int]) -> None:
            self._store.record("printed", {"what": "pages of the record", "pages": pages})
            told("1 page was printed." if len(pages) == 1 else f"{len(pages)} pages were printed.")

        dialog.printed.connect(printed)
        dialog.open()
        return dialog

    def open_protected(self, window: QWidget, told: Callable[[str], object]) -> None:
        """Ask for the password of the first file that is still shut, and put its pages behind the last page."""
        shut = next((source for source in self._desk.case.sources if source.broken and not source.page_count), None)
        if shut is None:
            told("Every file of the case is open.")
            return
        dialog = self.asking = PdfPassword(f"{shut.name} is shut.", window, may_stay_shut=False)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.given.connect(lambda password: self._unlock(shut, password, told))
        dialog.open()

    def _unlock(self, source: SourceFile, password: str, told: Callable[[str], object]) -> None:
        try:
            opened = self._desk.open_protected(source.sha256, password)
        except Trouble as trouble:
            told(f"{trouble.happened} {trouble.advice}")
            return
        told(f"{opened.name} is open: its pages are {opened.first_case_page} to {_last(opened)}.")

    def look_up(self) -> None:
        """Look up what the machine has read since, and show it: blank pages, copies, turns, and words."""
        self._late.stop()
        readings = self._store.pages.index.readings()
        known = {each.ref: (each.stage, each.turned, each.confidence) for each in readings}
        changed = [ref for ref, state in known.items() if self._known.get(ref) != state]
        repeats = sorting.repeated(self._store)
        if changed or repeats:
            self._show_facts(readings, repeats)
        if changed:
            self._known = known
            self.views.words_changed(changed)

    def close(self) -> None:
        """The case is being closed."""
        self._late.stop()
        self.views.stop_finding()
        self.views.close_second()
        self.reader.close()

    def _progressed(self) -> None:
        if not self._late.isActive():
            self._late.start()

    def _show_facts(self, readings: tuple[PageReading, ...], repeats: dict[PageRef, tuple[PageRef, float]]) -> None:
        texts = self._store.pages.index.texts()
        facts = {}
        for each in readings:
            text = texts.get(each.ref, "")
            fact = PageFact(
                reading.is_blank(each, text),
                repeats[each.ref][0] if each.ref in repeats else None,
                each.stage is Stage.UNREADABLE and not text,
                -each.turned % 360,
            )
            if fact != PageFact():
                facts[each.ref] = fact
        self.views.show_page_facts(facts)


def _last(source: SourceFile) -> int:
    return source.first_case_page + source.page_count - 1
