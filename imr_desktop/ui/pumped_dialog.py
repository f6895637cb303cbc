# SPDX-License-Identifier: AGPL-3.0-or-later
"""A dialog whose act takes a while: progress, stop, and trouble told in it, the same for every such act."""

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.ui.parts import button, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.work import Pump


class PumpedDialog(QDialog):
    """Runs one act a slice at a time on the window's own thread; while it runs its fields rest and Cancel is Stop.

    A dialog names its ``fields``, calls ``run`` with the act's generator, and says in ``came`` what to do with what it
    gave; ``allow`` says whether its main button may be pressed.
    """

    def __init__(self, title: str, doing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.fields: Sequence[QWidget] = ()
        self.fault = FaultLine()
        self.progress = QProgressBar(textVisible=False)
        self.progress.setAccessibleName(f"Progress of {doing}")
        self.said = words("", "muted")
        self.leave = button("Cancel", self.reject)
        self.pump = Pump(self)
        self.pump.progressed.connect(self._progressed)
        self.pump.finished.connect(self._finished)
        self.pump.troubled.connect(self._troubled)
        self.pump.stopped.connect(lambda: self.rest(waiting=False))

    def run(self, act: Iterator[Any]) -> None:
        """Begin the act."""
        self.fault.clear()
        self.rest(waiting=True)
        self.pump.start(act)

    def came(self, result: Any, /) -> None:
        """The act is done; the dialog closes after this."""

    def allow(self, *, waiting: bool) -> None:
        """Let the main button be pressed, or not."""

    def rest(self, *, waiting: bool) -> None:
        """Show that the act is under way, or that it is not."""
        for widget in (self.progress, self.said):
            widget.setVisible(waiting)
        for field in self.fields:
            field.setEnabled(not waiting)
        self.leave.setText("&Stop" if waiting else self.leaves_by())
        self.allow(waiting=waiting)

    def leaves_by(self) -> str:
        """What the button is called that leaves the dialog."""
        return "Cancel"

    def reject(self) -> None:
        """Leave; what is under way is stopped between two steps, and then nothing of it stays."""
        if self.pump.running:
            self.pump.stop()
            return
        super().reject()

    def end_of(self, column: QVBoxLayout, go: QPushButton) -> None:
        """Put fault, progress and buttons at the end of the dialog."""
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(go)
        for widget in (self.fault, self.said, self.progress):
            column.addWidget(widget)
        column.addLayout(row)

    def _progressed(self, progress: Any) -> None:
        from imr_desktop.casework.progress import Progress

        if isinstance(progress, Progress):
            self.said.setText(progress.what)
            self.progress.setMaximum(progress.total)
            self.progress.setValue(progress.done)

    def _finished(self, result: Any) -> None:
        self.rest(waiting=False)
        self.came(result)
        self.accept()

    def _troubled(self, trouble: Trouble) -> None:
        self.rest(waiting=False)
        self.fault.tell(trouble)
