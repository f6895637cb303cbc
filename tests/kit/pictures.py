# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures that a test makes of what a person sees on the way, to be opened and looked at.

``IMR_PICTURES=FOLDER pytest tests/flows/test_new_user.py`` leaves them in FOLDER; docs/pictures/new-user is made so.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget


@dataclass
class Pictures:
    """The numbered pictures of one way, in the folder that the environment asks for, else the test's own."""

    folder: Path
    way: str
    taken: int = 0

    def __post_init__(self) -> None:
        self.folder = Path(os.environ.get("IMR_PICTURES") or self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, window: QWidget) -> None:
        """Keep what the window shows now; a picture without anything on it fails."""
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        picture = window.grab().toImage()
        step = 7
        seen = {picture.pixel(x, y) for x in range(0, picture.width(), step) for y in range(0, picture.height(), step)}
        assert len(seen) > 8, f"nothing is to be seen on {name}"
        self.taken += 1
        assert picture.save(str(self.folder / f"{self.way}-{self.taken}-{name}.png"))
