# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading again on demand: the page that is on screen, or what is selected on it, with the words shown before use."""

from functools import partial, reduce

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from imr_desktop.casework import rereading
from imr_desktop.casework.desk import Desk
from imr_desktop.errors import Trouble
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.records import Box, PageRef
from imr_desktop.records.ocr import Recognised
from imr_desktop.ui.parts import button, roomy, words
from imr_desktop.ui.reading import BackgroundReading
from imr_desktop.ui.record import RecordViews
from imr_desktop.ui.work import Aside


class RegionWords(QDialog):
    """The words that were recognised in a region, to be put on the page, kept as evidence, or copied."""

    put = Signal()
    kept = Signal()

    def __init__(self, title: str, answer: Recognised, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Words of the region")
        text = spoken(answer)
        self.text = QPlainTextEdit(text, readOnly=True, tabChangesFocus=True)
        self.text.setAccessibleName("Words of the region")
        self.on_page = button("&Put on the page", partial(self._leave, self.put), "main")
        self.as_evidence = button("Keep as &evidence", partial(self._leave, self.kept))
        self.copy = button("&Copy", lambda: QGuiApplication.clipboard().setText(text))
        row = QHBoxLayout()
        for each in (self.on_page, self.as_evidence, self.copy):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(button("Close", self.reject, "quiet"))
        column = QVBoxLayout(self)
        column.addWidget(words(title, "lead"))
        column.addWidget(self.text, 1)
        column.addWidget(
            words(
                "On the page they take the place of what was read there, and are found by searches from now on.",
                "muted",
            )
        )
        column.addLayout(row)
        roomy(self, 560, 300)

    def _leave(self, signal: SignalInstance) -> None:
        self.accept()
        signal.emit()


class ReadingAgain(QObject):
    """Reads the page on screen again, or only what is selected on it. ``told`` carries sentences for the window."""

    told = Signal(str)

    def __init__(self, desk: Desk, record: RecordViews, reading: BackgroundReading) -> None:
        super().__init__(record)
        self._desk, self._record, self._reading = desk, record, reading
        self.dialog: RegionWords | None = None
        self._asked: tuple[PageRef, Box] | None = None
        self._aside = Aside(self)
        self._aside.done.connect(self._read)
        self._aside.troubled.connect(self._troubled)

    def read_again(self) -> None:
        """Read what is selected again; without a selection, the page."""
        selected, page = self._record.selection(), self._record.view.current
        if selected is not None and len(selected.parts) == 1 and selected.parts[0].boxes:
            self.read_region(selected.start, reduce(Box.union, selected.parts[0].boxes))
        elif page is not None:
            self._reading.read_again(page.ref)
            self.told.emit(f"Page {page.case_page} is being read again.")

    def read_region(self, page: PageRef, box: Box) -> None:
        """Recognise the words within a box (page points); they are shown before anything is done with them."""
        self._asked = page, box
        self.told.emit("The words of the selection are being recognised.")
        self._aside.start(rereading.region_work(self._desk.store, page, box))

    def close(self) -> None:
        """The case is being closed."""
        self._aside.forget()

    def _read(self, answer: Recognised) -> None:
        if self._asked is None:
            return
        page, box = self._asked
        if not answer.words:
            self.told.emit("No words were found in the selection.")
            return
        title = f"Recognised with a confidence of {answer.confidence:.0f} of 100. Compare with the page."
        dialog = self.dialog = RegionWords(title, answer, self._record.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.put.connect(partial(self._put, page, box, answer))
        dialog.kept.connect(partial(self._keep, page, box, answer))
        dialog.show()

    def _put(self, page: PageRef, box: Box, answer: Recognised) -> None:
        try:
            rereading.put_on_page(self._desk.store, page, box, answer.words)
        except Trouble as trouble:
            self._troubled(trouble)
            return
        self._record.clear_selection()
        self._record.words_changed([page])
        self.told.emit("The words stand on the page now, and are found by searches.")

    def _keep(self, page: PageRef, box: Box, answer: Recognised) -> None:
        self._desk.add_evidence(Passage((PassagePart(page, (box,)),), spoken(answer)))
        self._record.clear_selection()
        self.told.emit("Kept as evidence, with the words as they were recognised.")

    def _troubled(self, trouble: Trouble) -> None:
        self.told.emit(f"{trouble.happened} {trouble.advice}")


def spoken(answer: Recognised) -> str:
    """The words in lines, as they stand in the region."""
    lines: dict[tuple[int, int], list[str]] = {}
    for word in answer.words:
        lines.setdefault((word.block, word.line), []).append(word.text)
    return "\n".join(" ".join(line) for line in lines.values())
