# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reviewer is told when something goes wrong: two sentences for the world's trouble, a calm one for a bug."""

import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

import imr_desktop
from imr_desktop.errors import Trouble
from imr_desktop.ui.icons import icon
from imr_desktop.ui.parts import grow
from imr_desktop.ui.window_thread import await_threads, bring

BUG_SENTENCES = (
    "Something went wrong inside the program. Your work is saved up to the last step. "
    "You can go on; if it happens again, note what you did and ask for help."
)
_UNDO_SECONDS = 10


class NoticeBar(QFrame):
    """A bar at the top of the window: trouble, a bug, or a word on what was done with a way to take it back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Notice")
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setAccessibleName("Notice")
        self._icon = QLabel()
        self._act = QPushButton("Undo")
        self._act.clicked.connect(self._acted)
        self._close = QToolButton()
        self._close.setIcon(icon("close"))
        self._close.setAccessibleName("Close the notice")
        self._close.setToolTip("Close the notice")
        self._close.clicked.connect(self.hide)
        self._doing: Callable[[], object] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._act)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says now; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def trouble(self, trouble: Trouble) -> None:
        """Tell the two sentences of a Trouble until they are closed."""
        self._show(f"{trouble.happened} {trouble.advice}", "warns")

    def warn(self, text: str, *, act: str, doing: Callable[[], object]) -> None:
        """Tell what should be done soon, with a button that does it, until it is closed."""
        self._show(text, "warns", act, doing)

    def bug(self) -> None:
        """Tell that a bug was met; the work stands."""
        self._show(BUG_SENTENCES, "blocks")

    def say(
        self, text: str, *, act: str = "", doing: Callable[[], object] | None = None, seconds: int = _UNDO_SECONDS
    ) -> None:
        """Tell what was done, with a button to act on it, and go away after a while."""
        self._show(text, "informs", act, doing)
        self._timer.start(seconds * 1000)

    def _show(self, text: str, kind: str, act: str = "", doing: Callable[[], object] | None = None) -> None:
        self._timer.stop()
        self._doing = doing
        self._act.setText(act)
        self._act.setVisible(bool(act))
        self._icon.setPixmap(icon(kind).pixmap(20, 20))
        self.setProperty("box", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self.show()
        announce(self, text)

    def _acted(self) -> None:
        self.hide()
        if self._doing is not None:
            self._doing()


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say this now."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class FaultLine(QFrame):
    """A fault told where it arose, inside a page or dialog; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "blocks")
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setAccessibleName("Fault")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addWidget(self._text)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def tell(self, fault: Trouble | str) -> None:
        """Show the fault."""
        self._text.setText(f"{fault.happened} {fault.advice}" if isinstance(fault, Trouble) else fault)
        self._text.setAccessibleName(self._text.text())
        self.show()
        window = self.window()
        if isinstance(window, QDialog):
            # Else the words of the fault would take their room from those around it.
            QTimer.singleShot(0, window, partial(grow, window))
        announce(self, self._text.text())

    def clear(self) -> None:
        """There is no fault any more."""
        self._text.clear()
        self.hide()


class Hook(QObject):
    """The last net: what no one caught. Trouble is shown, a bug logged without a word of the case; nothing closes."""

    troubled = Signal(object)
    bugged = Signal()

    def __init__(self, log: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log = log
        await_threads()

    def install(self) -> None:
        """Take over from Python's own hooks, on every thread."""
        sys.excepthook = self.met
        sys.unraisablehook = lambda met: self.met(met.exc_type, met.exc_value, met.exc_traceback)
        threading.excepthook = lambda met: self.met(met.exc_type, met.exc_value, met.exc_traceback)

    def met(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """An exception arrived that nobody caught."""
        if isinstance(error, Trouble):
            _on_the_windows_thread(partial(self.troubled.emit, error))
            return
        report = bug_report(kind, trace)
        sys.stderr.write(report)
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("a", encoding="utf-8") as log:
                log.write(report)
        except OSError:
            sys.stderr.write("the log could not be written\n")
        _on_the_windows_thread(self.bugged.emit)


def _on_the_windows_thread(act: Callable[[], object]) -> None:
    if threading.current_thread() is threading.main_thread():
        act()
    else:
        bring(act)


def bug_report(kind: type[BaseException], trace: TracebackType | None) -> str:
    """What may be written down of a bug: kind and places in the code. Its message could carry a patient's words."""
    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z imr-desktop {imr_desktop.__version__} {kind.__name__}"]
    for frame in traceback.extract_tb(trace):
        lines.append(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}")
    return "\n".join(lines) + "\n"
