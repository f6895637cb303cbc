# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Letter panel: the letter as it will print, always as the case stands, for each of its three readers."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from imr_desktop.casework.desk import Desk
from imr_desktop.errors import Trouble
from imr_desktop.models.determination import Determination
from imr_desktop.models.places import Place, PrintedAt
from imr_desktop.ui.correction_card import CorrectionCard
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.letter_pages import LetterPages
from imr_desktop.ui.looks_bar import LooksBar
from imr_desktop.ui.means import Means
from imr_desktop.ui.parts import button, name_it, words
from imr_desktop.ui.session import Session
from imr_desktop.ui.trouble import FaultLine, announce
from imr_desktop.ui.work import Aside

if TYPE_CHECKING:
    from imr_desktop.casework.previewing import Preview

RENDITIONS = (
    ("submission", "Submission", "For the review organisation. Names the reviewer; never goes to the parties."),
    ("party", "Party letter", "For the parties. Shows qualifications and never the reviewer's name."),
    ("public", "Public copy", "For publication. Shows no names, claim number or addresses at all."),
)
# Printing and drawing take the rest of the half second within which what was typed is in view.
_REST_MS = 120


class LetterPanel(QWidget):
    """One rendition at a time, from the bytes that would be signed. ``issue_wanted`` asks for the only way out."""

    issue_wanted = Signal()
    print_wanted = Signal()
    exported = Signal(Path)
    place_wanted = Signal(object)

    def __init__(self, means: Means, desk: Desk, session: Session) -> None:
        super().__init__()
        self._means, self._desk, self._session = means, desk, session
        self._stale = True
        self.shown: Preview | None = None
        self._determination: Determination | None = None
        self._lit: list[PrintedAt] = []
        self._wanted: tuple[Place, int] | None = None
        self.follows: Callable[[], tuple[Place, int] | None] = lambda: None
        self.choice = QComboBox()
        for name, said, _ in RENDITIONS:
            self.choice.addItem(said, name)
        self.choice.currentIndexChanged.connect(self._chosen)
        self.export = button("Export &a draft…", self.choose_file, picture="export")
        self.print = button("Pri&nt…", self.print_wanted.emit)
        self.issue = button("&Issue…", self.issue_wanted.emit, "main")
        self._for_whom = words(RENDITIONS[0][2], "muted")
        self._state = words("", "muted", wrap=False)
        self.fault = FaultLine()
        self.pages = LetterPages(means)
        self.pages.shown.connect(self._pages_shown)
        self.pages.failed.connect(self.fault.tell)
        self.pages.pressed.connect(self._go_to_field)
        self.correction = CorrectionCard(desk)
        self.looks = LooksBar(session, f"letter looked at {desk.case.id}")
        self.looks.line_wanted.connect(self.pages.bring)
        self.looks.seen.connect(self._mark)
        self._aside = Aside(self)
        self._aside.done.connect(self._rendered)
        self._aside.troubled.connect(self._troubled)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.refresh)
        self._lay_out()
        self._stop = desk.listen(lambda _: self._changed())

    @property
    def rendition(self) -> str:
        """Which rendition is shown: submission, party or public."""
        return str(self.choice.currentData())

    @property
    def pdf(self) -> bytes:
        """The letter as it was printed last; empty before."""
        return b"" if self.shown is None else self.shown.pdf

    def show_place(self, place: Place, caret: int) -> None:
        """Point out the sentence at the caret of a field, as soon as the letter is as the case stands."""
        self._wanted = (place, caret)
        if not self._stale and not self._aside.busy and self.pages.settled:
            self._point_out()

    def close_panel(self) -> None:
        """Hear no more of the case and stop drawing."""
        self._looked()
        self._stop()
        self._rest.stop()
        self._aside.forget()
        self.pages.close_pages()

    def refresh(self) -> None:
        """Print the letter anew, aside, from the case as it stands."""
        self._rest.stop()
        self._stale = False
        self._state.setText("Printing…")
        determination = self._desk.determination(self._session.reviewer())
        rendition, last = self.rendition, self.looks.last(self.rendition)
        self._aside.start(lambda: (determination, rendition, self._means.preview(determination, rendition, last)))

    def showEvent(self, event: QShowEvent) -> None:
        """The panel came into view: show the letter as the case stands now."""
        super().showEvent(event)
        self.correction.refresh()
        if self._stale:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """The panel goes out of view: that was a look at the letter."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._looked()

    def choose_file(self) -> None:
        """Ask where the draft goes, and write it there."""
        number = self._desk.case.header.case_number or "determination"
        name, _ = QFileDialog.getSaveFileName(
            self, "Export a draft", f"{number}-{self.rendition}-draft.pdf", "PDF files (*.pdf)"
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write the letter as it stands, unsigned, whole or not at all."""
        from imr_desktop.casework.files import replace_whole

        self.fault.clear()
        try:
            pdf = self._means.render(self._desk.determination(self._session.reviewer()), self.rendition)
            replace_whole(path, pdf)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.exported.emit(path)

    def _changed(self) -> None:
        self._stale = True
        self.correction.refresh()
        if self.isVisible():
            self._rest.start()

    def _chosen(self, number: int) -> None:
        self._looked()
        self._for_whom.setText(RENDITIONS[number][2])
        self._stale = True
        if self.isVisible():
            self.refresh()

    def _rendered(self, came: "tuple[Determination, str, Preview]") -> None:
        self._determination, rendition, self.shown = came
        self.fault.clear()
        self.looks.show_changes(rendition, self.shown)
        self.pages.show_pdf(self.shown.pdf)
        if self.pages.settled:
            self._pages_shown(self.pages.page_count)

    def _pages_shown(self, pages: int) -> None:
        self._state.setText("1 page" if pages == 1 else f"{pages} pages")
        self._wanted = self._wanted or self.follows()
        self._point_out()

    def _point_out(self) -> None:
        from imr_desktop.casework.previewing import sentence

        wanted, self._wanted = self._wanted, None
        self._lit = []
        if wanted is not None and self.shown is not None and self._determination is not None:
            self._lit = sentence(self._determination, self.shown.lines, *wanted)
        self._mark()
        if self._lit:
            self.pages.bring(self._lit[-1])
            self.pages.bring(self._lit[0])
            # Who writes elsewhere is not read the letter at every rest of the caret.
            if self.isAncestorOf(QApplication.focusWidget() or self.window()):
                announce(self, " ".join(line.text.strip() for line in self._lit))

    def _mark(self) -> None:
        self.pages.mark(self.looks.changed, self._lit)

    def _looked(self) -> None:
        """What is shown now was looked at, if it was there to be seen."""
        if self.pages.settled and self.pages.drawn:
            self.looks.look()

    def _troubled(self, trouble: Trouble) -> None:
        self._state.setText("Not printed")
        self.fault.tell(trouble)

    def _go_to_field(self, page: int, x: float, y: float) -> None:
        """From a printed line, or a cell of the header table, to the field that it comes from."""
        printed = () if self.shown is None else self.shown.lines
        found = next((each for each in printed if each.holds(page, x, y)), None)
        if found is not None:
            self.place_wanted.emit(found.place)

    def _lay_out(self) -> None:
        label = QLabel("&Rendition")
        label.setBuddy(self.choice)
        name_it(self.choice, "Rendition")
        head = Flow(label, self.choice, self._state, self.print, self.export, self.issue)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addLayout(head)
        column.addWidget(self._for_whom)
        column.addWidget(self.fault)
        column.addWidget(self.correction)
        column.addWidget(self.looks)
        column.addWidget(self.pages, 1)
