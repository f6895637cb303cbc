# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far the machine's reading is, in one line under the case, and the pages that it has something to say about."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QProgressBar, QPushButton

from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.models.records import PageRef
from imr_desktop.ui.parts import ElidedLabel, button
from imr_desktop.ui.reading import BackgroundReading, PageStates

_MOST = 200

Told = tuple[PageRef, str]


class ReadingBar(QFrame):
    """One line: what is being read, how much of it is, how long it will take; Pause and Stop; and what was found.

    ``page_wanted`` carries the PageRef that the reviewer chose from what was found.
    """

    page_wanted = Signal(object)

    def __init__(self, work: BackgroundReading) -> None:
        super().__init__()
        self.setProperty("box", "bar")
        self._work = work
        self.said = ElidedLabel()
        self.said.setProperty("says", "muted")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Progress of the reading")
        self.bar.setFixedWidth(120)
        self.hold = button("&Pause", self._hold, "quiet", tip="Let the machine rest; nothing that was read is lost")
        self.stop = button("S&top", self._stop, "quiet", tip="Stop reading; it goes on where it was when you say so")
        self.unread = _Pages("cannot be searched", "Pages whose silence means nothing")
        self.blank = _Pages("blank", "Pages on which there is nothing")
        self.repeated = _Pages("repeated", "Pages that came before")
        self.others = _Pages("of another person?", "Pages that seem to be about somebody else")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 10, 2)
        row.setSpacing(8)
        row.addWidget(self.said, 1)
        for each in (self.unread, self.others, self.repeated, self.blank, self.bar, self.hold, self.stop):
            row.addWidget(each)
        for each in (self.unread, self.others, self.repeated, self.blank):
            each.chosen.connect(self.page_wanted)
        work.progressed.connect(self._progressed)
        work.changed.connect(self.refresh)
        work.ended.connect(self._ended)
        work.troubled.connect(self._troubled)
        self._trouble = ""
        self._show_controls()

    def refresh(self) -> None:
        """Look up what is known of the pages, and say it."""
        self.show_states(self._work.states())

    def show_states(self, states: PageStates) -> None:
        """Say how many pages are unread, blank, repeated or another person's; each number leads to its pages."""
        number = {page.ref: page.case_page for page in states.record.pages}
        silent = [(page.ref, page.unreadable or "no words") for page in states.record.pages if not page.searchable]
        self.unread.show_pages([] if self._work.running else silent, number)
        self.blank.show_pages([(page.ref, "") for page in states.record.pages if page.blank], number)
        self.repeated.show_pages(
            [(ref, f"as page {number[of]}") for ref, (of, _) in states.repeats.items() if of in number], number
        )
        self.others.show_pages([(ref, f"{odd.what}: {odd.says}") for ref, odd in states.strays.items()], number)
        if not self._work.running and not self._trouble:
            total, unread = len(number), len(silent)
            self._say(
                f"All {total:,} pages can be searched."
                if not unread
                else f"{total - unread:,} of {total:,} pages can be searched."
            )
        self.setVisible(bool(number))

    def _progressed(self, progress: Progress) -> None:
        self._trouble = ""
        self.setVisible(progress.total > 0)
        self._say(f"{progress.what} ({progress.done:,} of {progress.total:,})")
        self.bar.setMaximum(max(1, progress.total))
        self.bar.setValue(progress.done)
        if not self.stop.isVisibleTo(self) or self.stop.text() != "S&top":
            self._show_controls()

    def _ended(self, whole: bool) -> None:
        self._show_controls(stopped=not whole)
        self.refresh()

    def _troubled(self, trouble: Trouble) -> None:
        self._trouble = f"{trouble.happened} {trouble.advice}"
        self._say(self._trouble)

    def _hold(self) -> None:
        self._work.hold(not self._work.held)
        self._show_controls()
        if self._work.held:
            self._say("The machine's reading is paused.")

    def _stop(self) -> None:
        if self._work.running:
            self._work.stop()
        else:
            self._trouble = ""
            self._work.start()
            self._show_controls()

    def _show_controls(self, *, stopped: bool = False) -> None:
        running = self._work.running
        self.bar.setVisible(running)
        self.hold.setVisible(running)
        self.hold.setText("G&o on" if self._work.held else "&Pause")
        self.hold.setAccessibleName("Go on reading" if self._work.held else "Pause reading")
        self.stop.setVisible(running or stopped)
        self.stop.setText("S&top" if running else "Read &on")
        self.stop.setAccessibleName("Stop reading" if running else "Read on")

    def _say(self, text: str) -> None:
        self.said.say(text)


class _Pages(QPushButton):
    """A number of pages; its menu leads to each of them."""

    chosen = Signal(object)

    def __init__(self, what: str, tip: str) -> None:
        super().__init__()
        self.setProperty("kind", "quiet")
        self.setAutoDefault(False)
        self.setToolTip(tip)
        self._what = what
        self.pages: tuple[Told, ...] = ()
        self._numbers: dict[PageRef, int] = {}
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.hide()

    def show_pages(self, pages: Sequence[Told], numbers: dict[PageRef, int]) -> None:
        """These pages, in the order of the case; nothing is shown for none."""
        self._numbers = numbers
        self.pages = tuple(sorted((told for told in pages if told[0] in numbers), key=lambda told: numbers[told[0]]))
        self.setText(f"{len(self.pages):,} {self._what}")
        self.setAccessibleName(f"{self.text()}; choose a page")
        self.setVisible(bool(self.pages))

    def _fill(self) -> None:
        self._menu.clear()
        for ref, why in self.pages[:_MOST]:
            said = f"Page {self._numbers[ref]}{': ' if why else ''}{why}".replace("&", "&&")
            self._menu.addAction(said).triggered.connect(partial(self._choose, ref))
        if len(self.pages) > _MOST:
            self._menu.addAction(f"… and {len(self.pages) - _MOST:,} more").setEnabled(False)

    def _choose(self, ref: PageRef, _checked: bool = False) -> None:
        self.chosen.emit(ref)
