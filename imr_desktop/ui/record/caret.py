# SPDX-License-Identifier: AGPL-3.0-or-later
"""Selecting by keys: a caret that moves from word to word and from line to line over the pages (F7)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from imr_desktop.models.records import Box, Word
from imr_desktop.ui.record.selection import Unit, WordAt, WordRange

if TYPE_CHECKING:
    from imr_desktop.ui.record.view import RecordView

_SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_UPRIGHT = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_ENDS = {Qt.Key.Key_Home: -1, Qt.Key.Key_End: 1}


class Caret:
    """The caret of one view: off, or at a word. With Shift held its moves draw the selection."""

    def __init__(self, view: "RecordView") -> None:
        self._view = view
        self.at: WordAt | None = None
        self._anchor: WordAt | None = None

    @property
    def on(self) -> bool:
        """Whether the caret is shown."""
        return self.at is not None

    def enter(self) -> bool:
        """Show the caret at the first word on screen; False on a page without words."""
        view = self._view
        top = view.scrolled()[1]
        for place in view.stage.layout.visible(top):
            words = view.words_at(place) or ()
            for number, word in enumerate(words):
                _, y = view.stage.area(place, [word.box])[:2]
                if y >= top:
                    self._stand(WordAt(place, number), draws=False)
                    return True
        return False

    def put(self, place: int, number: int) -> None:
        """Show the caret at a word of a page."""
        words = self._view.words_at(place)
        if words and 0 <= number < len(words):
            self._stand(WordAt(place, number), draws=False)

    def leave(self) -> None:
        """Show no caret."""
        if self.at is not None:
            self.at = self._anchor = None
            self._view.viewport().update()

    def box_on(self, place: int) -> Box | None:
        """The word at the caret, if it stands on this page."""
        words = self._words() if self.at is not None and self.at.place == place else ()
        return words[self.at.word].box if self.at is not None and self.at.word < len(words) else None

    def word(self) -> str:
        """The word at the caret."""
        words = self._words()
        return words[self.at.word].text if self.at is not None and self.at.word < len(words) else ""

    def key(self, event: QKeyEvent) -> bool:
        """Move as a key says; tells whether it was one of the caret's."""
        key, words = Qt.Key(event.key()), self._words()
        allowed = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        if self.at is None or not words or event.modifiers() & ~allowed:
            return False
        if key in _SIDEWAYS:
            there = self._sideways(_SIDEWAYS[key])
        elif key in _UPRIGHT:
            there = self._upright(words, _UPRIGHT[key])
        elif key in _ENDS:
            there = self._end(words, _ENDS[key])
        else:
            return False
        if there is not None:
            self._stand(there, draws=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return True

    def _words(self) -> Sequence[Word]:
        return () if self.at is None else self._view.words_at(self.at.place) or ()

    def _sideways(self, by: int) -> WordAt | None:
        if self.at is None:
            return None
        number = self.at.word + by
        if 0 <= number < len(self._words()):
            return WordAt(self.at.place, number)
        return self._on_next_page(by)

    def _on_next_page(self, by: int) -> WordAt | None:
        place = self.at.place + by if self.at is not None else -1
        while 0 <= place < len(self._view.stage):
            words = self._view.words_at(place)
            if words is None:
                self._view.scroll_to(self._view.scrolled()[0], self._view.stage.layout.tops[place])
                return None
            if words:
                return WordAt(place, 0 if by > 0 else len(words) - 1)
            place += by
        return None

    def _upright(self, words: Sequence[Word], by: int) -> WordAt | None:
        if self.at is None:
            return None
        here = words[self.at.word]
        middle = (here.box.x0 + here.box.x1) / 2
        number = self.at.word
        while 0 <= number < len(words) and (words[number].block, words[number].line) == (here.block, here.line):
            number += by
        if not 0 <= number < len(words):
            return self._on_next_page(by)
        line = words[number].block, words[number].line
        same = [each for each, word in enumerate(words) if (word.block, word.line) == line]
        nearest = min(same, key=lambda each: abs((words[each].box.x0 + words[each].box.x1) / 2 - middle))
        return WordAt(self.at.place, nearest)

    def _end(self, words: Sequence[Word], by: int) -> WordAt | None:
        if self.at is None:
            return None
        here, number = words[self.at.word], self.at.word
        while 0 <= number + by < len(words):
            following = words[number + by]
            if (following.block, following.line) != (here.block, here.line):
                break
            number += by
        return WordAt(self.at.place, number)

    def _stand(self, there: WordAt, *, draws: bool) -> None:
        view = self._view
        if draws:
            self._anchor = self._anchor or self.at or there
            view.hand.choose(WordRange(self._anchor, there, Unit.WORD))
        else:
            self._anchor = None
            if view.hand.chosen is not None:
                view.hand.clear()
        self.at = there
        self._show()
        view.viewport().update()
        view.caret_moved.emit(self.word())

    def _show(self) -> None:
        """Scroll as little as it takes to have the caret on screen."""
        box = self.box_on(self.at.place) if self.at is not None else None
        if box is None or self.at is None:
            return
        area = self._view.stage.area(self.at.place, [box])
        left, top = self._view.scrolled()
        high, wide = self._view.viewport().height(), self._view.viewport().width()
        down = min(area.y0 - 24 - top, 0.0) or max(area.y1 + 24 - top - high, 0.0)
        across = min(area.x0 - 24 - left, 0.0) or max(area.x1 + 24 - left - wide, 0.0)
        if down or across:
            self._view.scroll_by(across, down)
