# SPDX-License-Identifier: AGPL-3.0-or-later
"""Having pages drawn and read: one request at a time, the most urgent first, the rest dropped."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from imr_desktop.models.records import PageRef, PageWords, Word
from imr_desktop.records.protocol import Draw, Drawn, Failed, ReadWords, WordsRead
from imr_desktop.ui.record.bridge import RecordReader
from imr_desktop.ui.record.picture import PictureCache, PictureKey, image_of

Want = Draw | ReadWords
_WORDS_KEPT = 400
_SENT_KEPT = 64


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page cannot be shown or read, and what can be done, in two sentences."""

    happened: str
    advice: str


class PageLoader(QObject):
    """Pictures, words and failures of pages, as far as the reader has answered.

    ``want`` says what is worth having, most urgent first; each answer is announced by ``arrived`` and followed by the
    next request. Only one request is out at a time, so that the order is always the latest.
    """

    arrived = Signal(object)

    def __init__(self, reader: RecordReader, cache: PictureCache | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self.cache = cache or PictureCache()
        self._words: OrderedDict[PageRef, PageWords] = OrderedDict()
        self._failures: dict[PageRef, Failure] = {}
        self._unread: set[PageRef] = set()
        self._wants: tuple[Want, ...] = ()
        self._out: int | None = None
        self._sent: OrderedDict[int, Want] = OrderedDict()
        reader.answered.connect(self._take)

    def want(self, wants: Sequence[Want]) -> None:
        """All that is worth having now, most urgent first; whatever was wanted before and is not here is dropped."""
        self._wants = tuple(wants)
        if self._out is not None and self._sent.get(self._out) not in self._wants:
            self._reader.forget(self._out)
            self._out = None
        self._ask_next()

    def picture(self, key: PictureKey) -> QImage | None:
        """The page as it was drawn for exactly this scale and turn."""
        return self.cache.get(key)

    def stand_in(self, key: PictureKey) -> QImage | None:
        """The page at another scale, until the right picture comes."""
        return self.cache.stand_in(key)

    def words(self, ref: PageRef) -> Sequence[Word] | None:
        """The page's words in reading order, none where the machine cannot read it; None until they have been read."""
        if ref in self._unread:
            return ()
        kept = self._words.get(ref)
        if kept is None:
            return None
        self._words.move_to_end(ref)
        return kept.words

    def failure(self, ref: PageRef) -> Failure | None:
        """Why the page cannot be shown, if it cannot."""
        return self._failures.get(ref)

    def try_again(self, ref: PageRef) -> None:
        """Forget that the page failed, and ask for it again."""
        self._failures.pop(ref, None)
        self._unread.discard(ref)
        self._ask_next()

    def _has(self, want: Want) -> bool:
        if isinstance(want, ReadWords):
            return want.page in self._unread or want.page in self._words
        return want.page in self._failures or PictureKey(want.page, want.scale, want.rotation) in self.cache

    def _ask_next(self) -> None:
        if self._out is not None:
            return
        want = next((each for each in self._wants if not self._has(each)), None)
        if want is not None:
            self._out = self._reader.send(want)
            self._sent[self._out] = want
            while len(self._sent) > _SENT_KEPT:
                self._sent.popitem(last=False)

    def _take(self, number: int, answer: object) -> None:
        """Keep an answer, also a late one to a request that had been forgotten; never the same request twice."""
        want = self._sent.pop(number, None)
        if number == self._out:
            self._out = None
        if want is not None:
            self._keep(want, answer)
            self.arrived.emit(want.page)
        self._ask_next()

    def _keep(self, want: Want, answer: object) -> None:
        """Under the scale that was asked for: the reader may have drawn smaller, to stay within its caps."""
        if isinstance(want, Draw) and isinstance(answer, Drawn):
            key = PictureKey(want.page, want.scale, want.rotation)
            self.cache.put(key, image_of(answer.width, answer.height, answer.stride, answer.pixels))
        elif isinstance(want, ReadWords) and isinstance(answer, WordsRead):
            self._words[want.page] = answer.words
            while len(self._words) > _WORDS_KEPT:
                self._words.popitem(last=False)
        elif isinstance(want, Draw) and isinstance(answer, Failed):
            self._failures[want.page] = Failure(answer.happened, answer.advice)
        elif isinstance(answer, Failed):
            self._unread.add(want.page)
        else:
            raise TypeError(f"{type(answer).__name__} is no answer to {type(want).__name__}")
