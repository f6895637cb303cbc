# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the pages of one pane look: flow, trimmed margins, colours of the paper, repeated pages folded away."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from imr_desktop.models.records import Box, PageRef
from imr_desktop.ui.record.colours import PageColours, Tone
from imr_desktop.ui.record.content import content_box
from imr_desktop.ui.record.layout import Flow

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane

_FLOWS = ((Flow.CONTINUOUS, "&Continuous"), (Flow.ONE, "&One page at a time"), (Flow.TWO, "&Two pages side by side"))
_TONES = (
    (Tone.NORMAL, "&White paper"),
    (Tone.SEPIA, "&Sepia paper"),
    (Tone.INVERTED, "&Dark paper, pictures as they are"),
    (Tone.INVERTED_ALL, "Dark paper, &everything inverted"),
)
_CONTRASTS = ("Ink as it is", "Faint ink darker", "Faint ink much darker", "Faintest ink darkest")
_MARGIN = 9.0
_LEAST = 0.45


class Looks:
    """The looks of one pane; ``fill`` puts them into a menu."""

    def __init__(self, pane: "RecordPane") -> None:
        self._pane = pane
        self.trims = False
        self.folds = False
        self._crops: dict[PageRef, Box] = {}

    # Flow, margins, folds

    def set_flow(self, flow: Flow) -> None:
        """Let pages follow each other like this."""
        self._pane.view.set_flow(flow)
        self._kept()

    def toggle_trim(self) -> None:
        """Cut empty margins and fax borders off, or show whole pages again."""
        self.trims = not self.trims
        self._crops.clear()
        self.trim()
        if not self.trims:
            self._pane.view.set_crops({})
        self._kept()

    def trim(self) -> None:
        """Cut the margins of the pages on screen, as far as it is known what is on them."""
        view = self._pane.view
        if not self.trims:
            return
        before = len(self._crops)
        for place in view.stage.layout.visible(view.scrolled()[1]):
            ref = view.stage.page(place).ref
            if ref not in self._crops and (crop := self._crop(place)) is not None:
                self._crops[ref] = crop
        if len(self._crops) != before:
            view.set_crops(dict(self._crops))

    def _crop(self, place: int) -> Box | None:
        """What is written on a page with a little room around; None while it is not known, or if it is nothing."""
        view = self._pane.view
        size, content = view.stage.upright(place), content_box(view, place)
        if content is None:
            return None
        x0, y0 = max(content.x0 - _MARGIN, 0.0), max(content.y0 - _MARGIN, 0.0)
        x1, y1 = min(content.x1 + _MARGIN, size.width), min(content.y1 + _MARGIN, size.height)
        if x1 - x0 < _LEAST * size.width:
            middle, half = (x0 + x1) / 2, _LEAST * size.width / 2
            x0 = min(max(middle - half, 0.0), size.width - 2 * half)
            x1 = x0 + 2 * half
        if y1 - y0 < _LEAST * size.height:
            y1 = min(y0 + _LEAST * size.height, size.height)
            y0 = max(y1 - _LEAST * size.height, 0.0)
        return Box(x0, y0, x1, y1)

    def toggle_folds(self) -> None:
        """Fold blank and repeated pages away, or open them all."""
        self.folds = not self.folds
        self.fold()
        if self.folds and not self._pane.view.stage.folded:
            self._pane.notice.say("No page of this record is known to be blank or repeated.")
        self._kept()

    def fold(self) -> None:
        """Fold away what can be, if it is to be."""
        view = self._pane.view
        view.set_folded(self._pane.coverage.repeats() if self.folds else frozenset())

    def open_fold(self) -> None:
        """Open the folded pages nearest to the middle of the window."""
        view = self._pane.view
        folded = [
            place for place in view.stage.layout.visible(view.scrolled()[1]) if view.stage.layout.is_folded(place)
        ]
        if folded:
            view.open_fold(view.stage.page(folded[0]).ref)
        else:
            self._pane.notice.say("No folded pages are in view.")

    # Colours

    @property
    def colours(self) -> PageColours:
        """The colours of the pages."""
        return self._pane.view.colours

    def set_tone(self, tone: Tone) -> None:
        """Give the paper this colour."""
        self._set(replace(self.colours, tone=tone))

    def next_tone(self) -> None:
        """The next colour of the paper."""
        tones = [tone for tone, _ in _TONES]
        self.set_tone(tones[(tones.index(self.colours.tone) + 1) % len(tones)])

    def set_contrast(self, contrast: int) -> None:
        """Darken faint ink by so much (0 to 3)."""
        self._set(replace(self.colours, contrast=contrast))

    def toggle_specks(self) -> None:
        """Leave specks out, or show them again."""
        self._set(replace(self.colours, despeckle=not self.colours.despeckle))

    def _set(self, colours: PageColours) -> None:
        self._pane.view.set_colours(colours)
        self._kept()

    # Menu and memory

    def fill(self, menu: QMenu) -> None:
        """Put every look into a menu, the present ones ticked."""
        menu.clear()
        self._choices(menu, [(words, flow is self._pane.view.stage.flow, lambda flow=flow: self.set_flow(flow))
                             for flow, words in _FLOWS])  # fmt: skip
        self._tick(menu, "Cut &margins and fax borders off", self.trims, self.toggle_trim)
        self._tick(menu, "&Fold blank and repeated pages", self.folds, self.toggle_folds)
        menu.addSeparator()
        self._choices(menu, [(words, tone is self.colours.tone, lambda tone=tone: self.set_tone(tone))
                             for tone, words in _TONES])  # fmt: skip
        menu.addSeparator()
        self._choices(menu, [(words, number == self.colours.contrast, lambda number=number: self.set_contrast(number))
                             for number, words in enumerate(_CONTRASTS)])  # fmt: skip
        self._tick(menu, "&Leave specks out", self.colours.despeckle, self.toggle_specks)

    @staticmethod
    def _choices(menu: QMenu, choices: list[tuple[str, bool, Any]]) -> None:
        group = QActionGroup(menu)
        for words, on, act in choices:
            action = QAction(words, menu, checkable=True, checked=on)
            action.triggered.connect(lambda _=False, act=act: act())
            group.addAction(action)
            menu.addAction(action)

    @staticmethod
    def _tick(menu: QMenu, words: str, on: bool, act: Any) -> None:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _=False: act())

    def to_plain(self) -> dict[str, Any]:
        """The looks as plain data that JSON can hold."""
        flow = self._pane.view.stage.flow.value
        return {"flow": flow, "trims": self.trims, "folds": self.folds, "colours": self.colours.to_plain()}

    def restore(self, data: dict[str, Any]) -> None:
        """Look as plain data say; what cannot be understood is left as it is."""
        try:
            flow, colours = Flow(data["flow"]), PageColours.from_plain(data["colours"])
            self.trims, self.folds = bool(data["trims"]), bool(data["folds"])
        except (KeyError, TypeError, ValueError):
            return
        self._pane.view.set_flow(flow)
        self._pane.view.set_colours(colours)
        self.fold()

    def _kept(self) -> None:
        self._pane.shared.memory.keep_looks(self.to_plain())
