# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first-case tour: a card over the demo case that says what to do next, and shows where."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from imr_desktop.ui.parts import button, words
from imr_desktop.ui.trouble import announce

if TYPE_CHECKING:
    from imr_desktop.ui.shell import Shell


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the tour: its title, what is said, and the panel of the case that is shown with it."""

    title: str
    says: str
    panel: str = ""


STOPS = (
    Stop(
        "The record and the form",
        "This is a made-up case. Its pages are at the left, your work at the right. Turn a few pages: "
        "what you have seen is remembered, and F8 leads to what you have not.",
        "Case",
    ),
    Stop(
        "Who and when",
        "The facts of the case come from the organisation's data or from the pages. The strip above says "
        "whose case it is and when it is due; rest on the date to see the rule.",
        "Case",
    ),
    Stop(
        "The documents",
        "The bundle is cut into dated documents. The machine proposes them, you accept or correct. The "
        "letter lists them.",
        "Documents",
    ),
    Stop(
        "Evidence",
        "Drag over words on a page, then press S: they become a citation in the summary. A click on the "
        "chip goes back to the page.",
        "Summary",
    ),
    Stop(
        "The decision",
        "Each disputed item has its guideline, which is built and not typed, its outcome and a "
        "rationale. E cites into the rationale.",
        "Items",
    ),
    Stop(
        "The checks",
        "F5 says what would get the determination set aside. Choose a finding to go to its place; F1 "
        "says why it is one.",
        "Checks",
    ),
    Stop(
        "The letter",
        "You see each rendition as it will print. Ctrl+Shift+I issues: checked, printed, read back, sealed and filed.",
        "Letter",
    ),
    Stop(
        "Your own first case",
        "Leave the demo with Ctrl+W and lock it with Ctrl+L. In your own vault, drop a folder on the "
        "worklist. Ctrl+K finds every command, F1 opens the manual.",
        "",
    ),
)


class Tour(QFrame):
    """The card itself: back, next, and away at any time. It never takes the keyboard from the work."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__(shell)
        self._shell = shell
        self._at = 0
        self.setProperty("box", "palette")
        self.setAccessibleName("First-case tour")
        self.title = words("", "heading", wrap=False)
        self.says = words("")
        self.count = words("", "muted", wrap=False)
        self.backward = button("&Back", self._turn(-1))
        self.onward = button("Ne&xt", self._turn(1), "main")
        self.close_tour = button("End the t&our", self.leave, "quiet")
        row = QHBoxLayout()
        row.addWidget(self.count)
        row.addStretch(1)
        for each in (self.close_tour, self.backward, self.onward):
            row.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self.title)
        column.addWidget(self.says)
        column.addLayout(row)
        shell.installEventFilter(self)
        self._show()
        self.show()
        self.raise_()

    def leave(self) -> None:
        """End the tour; it can be begun again at any time."""
        self._shell.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The card stays at the bottom of the window."""
        if watched is self._shell and event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _turn(self, by: int) -> Callable[[], None]:
        def turn() -> None:
            if self._at + by == len(STOPS):
                self.leave()
                return
            self._at = max(0, self._at + by)
            self._show()

        return turn

    def _show(self) -> None:
        stop = STOPS[self._at]
        self.title.setText(stop.title)
        self.says.setText(stop.says)
        self.count.setText(f"{self._at + 1} of {len(STOPS)}")
        self.backward.setEnabled(self._at > 0)
        last = self._at == len(STOPS) - 1
        self.onward.setText("&Done" if last else "Ne&xt")
        self.onward.setAccessibleName("Done" if last else "Next")
        if stop.panel and self._shell.case is not None:
            self._shell.case.form.show_panel(stop.panel)
        self._place()
        announce(self, f"{stop.title}. {stop.says}")

    def _place(self) -> None:
        width = min(560, self._shell.width() - 40)
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else 150
        bottom = self._shell.height() - self._shell.statusBar().height() - 12
        # At the left, over the page: the form, which the tour speaks of, stays in view.
        self.setGeometry(20, bottom - height, width, height)
