# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Letter panel: the letter as it will print, always as the case stands, for each of its three readers."""

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from imr_desktop.casework.desk import Desk
from imr_desktop.errors import Trouble
from imr_desktop.ui.correction_card import CorrectionCard
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.letter_pages import LetterPages
from imr_desktop.ui.means import Means, Session
from imr_desktop.ui.parts import button, name_it, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.work import Aside

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
        self.pdf = b""
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
        self.pages.shown.connect(self._told)
        self.pages.failed.connect(self.fault.tell)
        self.pages.pressed.connect(self._go_to_field)
        self.correction = CorrectionCard(desk)
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

    def close_panel(self) -> None:
        """Hear no more of the case and stop drawing."""
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
        rendition = self.rendition
        self._aside.start(lambda: self._means.render(determination, rendition))

    def showEvent(self, event: QShowEvent) -> None:
        """The panel came into view: show the letter as the case stands now."""
        super().showEvent(event)
        self.correction.refresh()
        if self._stale:
            self.refresh()

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
        self._for_whom.setText(RENDITIONS[number][2])
        self._stale = True
        if self.isVisible():
            self.refresh()

    def _rendered(self, pdf: object) -> None:
        assert isinstance(pdf, bytes)  # noqa: S101  (what ``render`` gives)
        self.pdf = pdf
        self.fault.clear()
        self.pages.show_pdf(pdf)
        if self.pages.page_count:
            self._told(self.pages.page_count)

    def _troubled(self, trouble: Trouble) -> None:
        self._state.setText("Not printed")
        self.fault.tell(trouble)

    def _go_to_field(self, page: int, x: float, y: float) -> None:
        """From a printed line, or a cell of the header table, to the field that it comes from."""
        determination = self._desk.determination(self._session.reviewer())
        printed = self._means.printed_places(determination, self.rendition)
        found = next((each for each in printed if each.holds(page, x, y)), None)
        if found is not None:
            self.place_wanted.emit(found.place)

    def _told(self, pages: int) -> None:
        self._state.setText("1 page" if pages == 1 else f"{pages} pages")

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
        column.addWidget(self.pages, 1)
