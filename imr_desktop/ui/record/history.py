# SPDX-License-Identifier: AGPL-3.0-or-later
"""The places visited, so that the reviewer can go back after any jump, and forward again."""

from dataclasses import dataclass
from typing import Any

from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.layout import Fit, Zoom

_KEPT = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the window stands: the page at its upper edge, the position on it in page points as shown, and the zoom."""

    ref: PageRef
    x: float
    y: float
    zoom: Zoom

    def to_plain(self) -> dict[str, Any]:
        """The spot as plain data that JSON can hold."""
        zoom = {"fit": self.zoom.fit.value, "value": self.zoom.value}
        return {"page": [self.ref.source, self.ref.page], "x": self.x, "y": self.y, "zoom": zoom}

    @classmethod
    def from_plain(cls, data: dict[str, Any]) -> "Spot":
        """The spot that plain data describe; KeyError, TypeError or ValueError if they do not."""
        zoom = Zoom(Fit(data["zoom"]["fit"]), float(data["zoom"]["value"]))
        source, page = data["page"]
        return cls(PageRef(str(source), int(page)), float(data["x"]), float(data["y"]), zoom)


class History:
    """Spots left behind by jumps, like a browser's: a new jump forgets what lay ahead."""

    def __init__(self) -> None:
        self._back: list[Spot] = []
        self._ahead: list[Spot] = []

    @property
    def can_go_back(self) -> bool:
        """Whether there is a spot to go back to."""
        return bool(self._back)

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a spot that was gone back from."""
        return bool(self._ahead)

    def leave(self, spot: Spot) -> None:
        """A jump starts from here."""
        if not self._back or self._back[-1] != spot:
            self._back = [*self._back, spot][-_KEPT:]
        self._ahead.clear()

    def back(self, here: Spot) -> Spot | None:
        """The spot to go back to from ``here``; None at the beginning."""
        if not self._back:
            return None
        self._ahead.append(here)
        return self._back.pop()

    def forward(self, here: Spot) -> Spot | None:
        """The spot that was gone back from; None at the end."""
        if not self._ahead:
            return None
        self._back.append(here)
        return self._ahead.pop()
