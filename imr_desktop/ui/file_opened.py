# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file of ours that is opened on macOS while the program runs, or starts."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent

from imr_desktop.ui.errand import Errand


class FileOpened(QObject):
    """Hears what macOS says when a file of ours is opened there, instead of naming it in the arguments."""

    def __init__(self, take: Callable[[Errand], None], parent: QObject) -> None:
        super().__init__(parent)
        self._take = take

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A package was opened."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._take(Errand(package=Path(event.file())))
            return True
        return super().eventFilter(watched, event)
