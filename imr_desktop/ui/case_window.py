# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case at work: its facts above, the record at the left, the form with checks and letter at the right."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QVBoxLayout, QWidget

from imr_desktop.casework.desk import Desk
from imr_desktop.checks import Finding
from imr_desktop.errors import Trouble
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Page, PageRef
from imr_desktop.storage import Change, Table
from imr_desktop.ui.apart import FormApart
from imr_desktop.ui.case_entries import entries
from imr_desktop.ui.case_strip import CaseStrip
from imr_desktop.ui.checks_panel import PARTS, ChecksPanel, counted, progress, standing
from imr_desktop.ui.commands import PANELS
from imr_desktop.ui.copying import Copying
from imr_desktop.ui.deciding import Deciding
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.gathering import Gathering
from imr_desktop.ui.issue_dialog import IssueDialog
from imr_desktop.ui.kept_place import PlaceKeeper, caret_of, put_caret
from imr_desktop.ui.letter_beside import LetterBeside
from imr_desktop.ui.letter_panel import LetterPanel
from imr_desktop.ui.letters_at_hand import LettersAtHand
from imr_desktop.ui.means import Means
from imr_desktop.ui.palette import Entry
from imr_desktop.ui.panes import Panes
from imr_desktop.ui.proposing import Proposing
from imr_desktop.ui.reading import BackgroundReading
from imr_desktop.ui.reading_bar import ReadingBar
from imr_desktop.ui.record_link import RECORD_ACTS, RecordLink
from imr_desktop.ui.region_reading import ReadingAgain
from imr_desktop.ui.session import Session
from imr_desktop.ui.settings import MARK_SOURCES, ON_BATTERY
from imr_desktop.ui.theme import Theme
from imr_desktop.ui.timing import Timing
from imr_desktop.ui.writing import Writing

_SHARES = (560, 440)
_STRIP_TABLES = frozenset({Table.HEADER, Table.ITEM})


class CaseWindow(QWidget):
    """One open case. It hears of every step from the desk and redraws what the step touched."""

    told = Signal(str)
    saved = Signal(str)
    where = Signal(str)
    left = Signal()
    dropped = Signal(list)

    def __init__(self, means: Means, session: Session, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._means, self._session, self._desk, self._theme = means, session, desk, theme
        self.case_id = desk.case.id
        session.board.touch(self.case_id)
        self._seen = set(desk.seen())
        self.strip = CaseStrip(theme)
        self.reading = BackgroundReading(desk, on_battery=lambda: bool(session.setting(ON_BATTERY)), parent=self)
        self.link = RecordLink(means, session, desk, self.reading, self)
        self.record = self.link.views
        self.reading_again = ReadingAgain(desk, self.record, self.reading)
        self.form = CaseForm(desk)
        self.form.marks_sources = lambda: session.setting(MARK_SOURCES) is not False
        self.panes = Panes(self.record, self.form)
        self.gathering = Gathering(desk, self.form)
        self.copying = Copying(desk, self.form, session)
        self.writing = Writing(desk, self.form, session, means.today)
        self.checks = ChecksPanel(desk, session, theme, self.reading)
        self.letter = LetterPanel(means, desk, session)
        self.beside = LetterBeside(self.letter, self.form, self.record)
        self.deciding = Deciding(means, session, desk, self.form, self.letter)
        self.timing = Timing(means, session, self.case_id, self.form, self.record)
        self.letters = LettersAtHand(self.letter, means, desk, session, self.told.emit)
        self.reading_bar = ReadingBar(self.reading)
        self.proposing = Proposing(desk, self.form, self.reading, self.record.go_to)
        self.proposing.documents_proposed.connect(self.record.show_proposed)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._lay_out()
        self.apart = FormApart(self.splitter, self.form)
        self._connect()
        self._stop = desk.listen(self._stepped)
        self._place = PlaceKeeper(self._state, partial(session.keep_setting, self._state_name()), self)

    @property
    def name(self) -> str:
        """The case's name for the window's title."""
        return self._desk.case.header.case_number or "New case"

    @property
    def desk(self) -> Desk:
        """The desk of the case."""
        return self._desk

    # -- coming and going -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the case as it was left."""
        state = self._session.setting(self._state_name()) or {}
        self.record.restore(state.get("record", {}))
        self.link.begin(self.form)
        self.record.know_seen(tuple(self._seen))
        self._show_facts()
        if isinstance(state.get("splitter"), str):
            self.splitter.restoreState(QByteArray.fromBase64(state["splitter"].encode()))
        self.apart.restore(state.get("form_apart"))
        self.beside.restore(state.get("letter_beside"))
        self.record.view.setFocus()
        self._restore_place(state.get("place"))
        self.form.take_drafts(state.get("drafts"))
        put_caret(self.form.focusWidget(), state.get("caret"))
        if state.get("in_record"):
            self.record.view.setFocus()
        self._place.start()
        self.timing.begin(lambda: str(self.record.state().get("spot")))
        self._show_where(self.record.view.current)
        self._begin_reading()

    def _begin_reading(self) -> None:
        self.reading_bar.refresh()
        self.proposing.refresh()
        if self._means.reads:
            self.writing.begin()
            self.reading.begin_soon()

    def close_case(self) -> None:
        """Keep what is being typed and where the reviewer is, then let everything go."""
        self._place.stop()
        self.form.flush()
        for part in (self.reading, self.reading_again, self.writing, self.deciding, self.proposing, self.timing):
            part.close()
        with suppress(Trouble):
            self._session.keep_setting(self._state_name(), self._state())
        self.form.desk.checker.close()
        self._stop()
        self.apart.close()
        self.form.release()
        self.checks.close_panel()
        self.letter.close_panel()
        self.strip.close_strip()
        self.link.close()

    def profile_changed(self) -> None:
        """The reviewer's profile or a table is another: days, checks and letter follow."""
        self._show_facts()
        self.link.count_seen()
        self.checks.check_meanwhile()
        if self.letter.isVisible():
            self.letter.refresh()

    def _state(self) -> dict[str, Any]:
        place = self.form.place()
        return {
            "record": self.record.state(),
            "splitter": bytes(self.splitter.saveState().toBase64().data()).decode(),
            "form_apart": self.apart.state(),
            "letter_beside": self.beside.is_beside,
            "place": [self.form.shown(), place.row, place.field],
            "caret": caret_of(self.form.focusWidget()),
            "drafts": self.form.drafts(),
            "in_record": self.record.isAncestorOf(QApplication.focusWidget() or self.window().focusWidget() or self),
        }

    def _restore_place(self, kept: Any) -> None:
        if not (isinstance(kept, list) and len(kept) == 3 and kept[0] in self.form.panels()):
            return
        panel, row, field = kept
        part = {name: part for part, name in PARTS.items()}.get(panel)
        if part is None or not self.form.show_place(Place(part, row, field)):
            self.form.show_panel(panel)

    def _state_name(self) -> str:
        return f"case {self.case_id}"

    # -- commands ---------------------------------------------------------------------------------------------

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the commands of a case do here."""
        acts: dict[str, Callable[[], object]] = {
            name: self.beside.of_record(self.record.acts[name]) for name in RECORD_ACTS
        }
        acts |= {f"panel_{number}": partial(self.form.open_panel, name) for number, name in enumerate(PANELS, 1)}
        acts |= self.writing.acts() | self.copying.acts() | self.deciding.acts()
        return acts | {
            "undo": self.undo,
            "redo": self.redo,
            "next_pane": self.panes.next,
            "previous_pane": self.panes.previous,
            "add_item": self._add_item,
            "form_apart": self.apart.toggle,
            "check": self._check,
            "export_draft": self.letter.choose_file,
            "issue": self.issue,
            **self.letters.acts(),
            **self.beside.acts(),
            "read_again": self.reading_again.read_again,
            **self.link.acts(self.window, self.told.emit),
        }

    def undo(self) -> None:
        """Take back typing under the cursor; where there is none, the case's last step, and say which."""
        if self.form.undo_text():
            return
        self.form.flush()
        label = self._desk.undo_label
        if self._desk.undo() is not None:
            self.told.emit(f"Taken back: {label}.")

    def redo(self) -> None:
        """Do again what was taken back: typing first, then the case's step, and say which."""
        if self.form.redo_text():
            return
        label = self._desk.redo_label
        if self._desk.redo() is not None:
            self.told.emit(f"Done again: {label}.")

    def issue(self) -> IssueDialog:
        """Open the door through which letters leave."""
        self.form.flush()
        dialog = IssueDialog(self._means, self._desk, self._session, self.window())
        dialog.place_wanted.connect(self.show_place)
        dialog.issued.connect(lambda done: self.told.emit(f"Issued: {len(done.files)} letters are sealed and filed."))
        dialog.issued.connect(self._show_facts)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def found(self, sought: str) -> Sequence[Entry]:
        """What the palette can go to in this case: items, documents, pages."""
        return entries(self._desk.case, sought, self.show_place, self.record.go_to)

    def _add_item(self) -> None:
        self.form.flush()
        self.show_place(Place(Part.ITEMS, self._desk.add_item(), "heading"))

    def _check(self) -> None:
        self.form.flush()
        self.checks.check()
        self.form.show_panel("Checks")
        (self.checks.tree if self.checks.findings else self.checks.again).setFocus()

    # -- places -----------------------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Lead to a place: a field of the form, and the page that it is about."""
        if place.page is not None:
            self.record.go_to(place.page)
        if place.part is Part.REVIEWER:
            self.told.emit("This is in your profile: open File, Settings.")
        elif place.part is Part.RECORDS:
            self.record.view.setFocus()
        else:
            self.form.show_place(place)

    def _noted(self, said: str) -> None:
        window = self.window()
        if isinstance(window, QMainWindow):
            # Said below the page, which must not move under the hand that cites.
            window.statusBar().showMessage(said, 4000)

    def _show_use(self, evidence_id: str) -> None:
        """From a mark on a page to the text that rests on it; the caret comes to stand behind the citation."""
        case = self._desk.case
        for item in case.items:
            if evidence_id in item.rationale.anchors():
                self.form.show_place(Place(Part.ITEMS, item.id, "rationale"))
                self.form.items_panel.form.rationale.put_caret_after(evidence_id)
                return
        if evidence_id in case.clinical_summary.anchors():
            self.form.show_place(Place(Part.SUMMARY))
            self.form.summary_panel.text.put_caret_after(evidence_id)
        else:
            self.told.emit("No text cites this evidence yet.")

    def _show_evidence(self, evidence_id: str) -> None:
        for evidence in self._desk.case.evidence:
            if evidence.id == evidence_id:
                self.record.go_to_passage(evidence.passage)

    def _page_seen(self, ref: PageRef) -> None:
        if ref not in self._seen:
            self._desk.mark_seen(ref)
            self._seen.add(ref)
            self.timing.page_seen()
            self.checks.page_seen()
            self._show_where(self.record.view.current)

    # -- following the case -----------------------------------------------------------------------------------

    def _stepped(self, change: Change) -> None:
        self.link.stepped(change)
        if change.touched & _STRIP_TABLES:
            self._show_facts()
        self.saved.emit(self._desk.undo_label or "")

    def _show_facts(self) -> None:
        self.strip.show_case(self._desk.case, self._means.today(), self._desk.due(), self._desk.store.letters())

    def _findings_changed(self, findings: Sequence[Finding]) -> None:
        blocks, warns = standing(findings)
        self.strip.show_findings(blocks, warns)
        self._session.board.note_findings(self.case_id, blocks, warns)
        self.form.show_findings(findings)
        self.form.set_progress("Checks", progress(findings), counted(findings))

    def _show_finding(self, finding: Finding) -> None:
        self.form.show_panel("Checks")
        self.checks.choose(finding)

    def _page_in_view(self) -> PageRef | None:
        page = self.record.view.current
        return None if page is None else page.ref

    def _show_where(self, page: Page | None) -> None:
        pages = sum(source.page_count for source in self._desk.case.sources)
        if page is None or not pages:
            self.where.emit("No pages yet")
        else:
            unseen = pages - len(self._seen)
            told = self.timing.clock.told(unseen)
            self.where.emit(f"Page {page.case_page} of {pages} · {len(self._seen)} seen{told and f' · {told}'}")

    # -- files dropped on the case ----------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files over the case: they may be dropped as late records."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files were dropped: late records of this case."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    # -- parts ------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.form.add_panel("Checks", self.checks)
        self.form.add_panel("Letter", self.beside)
        self.form.add_panel("Evidence", self.form.evidence_panel)
        self.splitter.addWidget(self.beside.left)
        self.splitter.addWidget(self.form)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes(list(_SHARES))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.reading_bar)

    def _connect(self) -> None:
        self.strip.back_wanted.connect(self.left)
        self.strip.checks_wanted.connect(lambda: self.form.show_panel("Checks"))
        self.record.seen.connect(self._page_seen)
        self.timing.changed.connect(lambda: self._show_where(self.record.view.current))
        self.record.page_changed.connect(self._show_where)
        self.record.page_changed.connect(lambda page: None if page is None else self.reading.prefer(page.ref))
        self.reading_bar.page_wanted.connect(self.record.go_to)
        self.record.cite_requested.connect(self.gathering.take)
        self.form.documents_panel.page_in_view = self._page_in_view
        for helper in (self.gathering, self.deciding, self.writing):
            helper.told.connect(self.told)
            helper.noted.connect(self._noted)
        for leads in (self.deciding, self.writing, self.checks):
            leads.place_wanted.connect(self.show_place)
            leads.page_wanted.connect(self.record.go_to)
        self.deciding.find_wanted.connect(self.record.find_words)
        self.deciding.passage_wanted.connect(self.record.go_to_passage)
        self.copying.told.connect(self.told)
        self.reading_again.told.connect(self.told)
        self.form.evidence_panel.use_wanted.connect(self._show_use)
        self.record.evidence_chosen.connect(self._show_use)
        self.form.go_to_page.connect(self.record.go_to)
        self.form.anchor_activated.connect(self._show_evidence)
        self.checks.checked.connect(self._findings_changed)
        self.form.finding_wanted.connect(self._show_finding)
        self.letter.issue_wanted.connect(self.issue)
        self.letter.place_wanted.connect(self.show_place)
        self.letter.exported.connect(lambda path: self.told.emit(f"The draft is in {path.name}. It is not signed."))
