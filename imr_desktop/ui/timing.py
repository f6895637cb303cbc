# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the clock of the open case: looks every few seconds whether anything moved, and in which part of the case."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit, QWidget

from imr_desktop.casework.work_clock import RECORD, WorkClock, setting_name
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.means import Means
from imr_desktop.ui.session import Session

_TICK_MS = 5000
_KEPT_EVERY = 24


class Timing(QObject):
    """No event of the window passes through here, so that typing stays quick; ``changed`` tells of a new minute."""

    changed = Signal()

    def __init__(self, means: Means, session: Session, case_id: str, form: CaseForm, record: QWidget) -> None:
        super().__init__(form)
        self._means, self._session, self._form, self._record = means, session, form, record
        self._name = setting_name(case_id)
        self.clock = WorkClock.from_setting(session.setting(self._name))
        self._sign: object = None
        self._place: Callable[[], object] = lambda: None
        self._ticks = 0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.look)

    def begin(self, place: Callable[[], object]) -> None:
        """Start looking; ``place`` gives what stands for where the record is."""
        self._place = place
        self._timer.start()

    def look(self) -> None:
        """Count what passed, if anything moved since the last look."""
        sign, part = self._signs(), self._part()
        if sign != self._sign:
            before = int(self.clock.seconds() // 60)
            self.clock.touch(self._means.now(), part)
            if int(self.clock.seconds() // 60) != before:
                self.changed.emit()
        self._sign = sign
        self._ticks += 1
        if self._ticks % _KEPT_EVERY == 0:
            self._keep()

    def page_seen(self) -> None:
        """A page has become seen."""
        self.clock.seen(self._means.now())

    def close(self) -> None:
        """The case is being closed: keep what was counted."""
        if self._timer.isActive():
            self._timer.stop()
            self._keep()

    def _keep(self) -> None:
        kept = self.clock.to_setting()
        if kept != WorkClock().to_setting():
            self._session.keep_setting(self._name, kept)

    def _part(self) -> str:
        focus = QApplication.focusWidget()
        in_record = focus is not None and (focus is self._record or self._record.isAncestorOf(focus))
        return RECORD if in_record else self._form.shown()

    def _signs(self) -> object:
        """What changes when somebody is at work: the mouse, the focus, the text under the caret, the page in view."""
        focus = QApplication.focusWidget()
        written = focus.document().revision() if isinstance(focus, QTextEdit | QPlainTextEdit) else 0
        return QCursor.pos(), focus, written, self._form.shown(), self._place()
