# SPDX-License-Identifier: AGPL-3.0-or-later
"""Having pages drawn and read: one request at a time, the most urgent first, the rest dropped."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from imr_desktop.models.records import PageRef, Word
from imr_desktop.records.protocol import Draw, Drawn, Failed, ReadWords, WordsRead
from imr_desktop.ui.record.bridge import RecordReader
from imr_desktop.ui.record.memory import RecordMemory, ShortMemory
from imr_desktop.ui.record.picture import PictureCache, PictureKey, image_of
from imr_desktop.ui.record.previews import PREVIEW_SCALE, Previews
from imr_desktop.ui.record.texts import Texts
from imr_desktop.ui.record.tiles import Tiles

Want = Draw | ReadWords
_SENT_KEPT = 64


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page cannot be shown or read, and what can be done, in two sentences."""

    happened: str
    advice: str


def preview_of(ref: PageRef) -> Draw:
    """What asks for the preview of a page."""
    return Draw(ref, PREVIEW_SCALE)


class PageLoader(QObject):
    """Pictures, words and failures of pages, as far as the reader has answered; several views may share one.

    ``want`` says what an asker finds worth having, most urgent first; each answer is announced by ``arrived`` and
    followed by the next request. Only one request is out at a time, so that the order is always the latest. When
    nobody wants anything, ``spare`` may name something.
    """

    arrived = Signal(object)

    def __init__(
        self,
        reader: RecordReader,
        cache: PictureCache | None = None,
        parent: QObject | None = None,
        memory: RecordMemory | None = None,
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self.cache = cache or PictureCache()
        self.texts = Texts()
        self.tiles = Tiles()
        self._not_kept: set[PageRef] = set()
        self._memory = memory or ShortMemory()
        self.previews = Previews(self._memory)
        self.spare: Callable[[], Want | None] = lambda: None
        self._failures: dict[PageRef, Failure] = {}
        self._wants: OrderedDict[object, tuple[Want, ...]] = OrderedDict()
        self._out: int | None = None
        self._sent: OrderedDict[int, Want] = OrderedDict()
        reader.answered.connect(self._take)

    def want(self, wants: Sequence[Want], asker: object = None, *, urgent: bool = True) -> None:
        """All that is worth having to the asker now, most urgent first; what it wanted before is dropped.

        The asker who asked last comes first, unless it is not ``urgent``: then it comes after all others.
        """
        self._wants[asker] = tuple(wants)
        self._wants.move_to_end(asker, last=urgent)
        out = None if self._out is None else self._sent.get(self._out)
        if self._out is not None and not any(out in each for each in self._wants.values()):
            self._reader.forget(self._out)
            self._out = None
        self.go_on()

    def leave(self, asker: object) -> None:
        """The asker wants nothing any more."""
        self._wants.pop(asker, None)

    def picture(self, key: PictureKey) -> QImage | None:
        """The page as it was drawn for exactly this scale and turn."""
        return self.cache.get(key)

    def stand_in(self, key: PictureKey) -> QImage | None:
        """The page at another scale, or its preview, until the right picture comes."""
        return self.cache.stand_in(key) or self.previews.image(key.page, key.rotation)

    def words(self, ref: PageRef) -> Sequence[Word] | None:
        """The page's words in reading order, none where the machine cannot read it; None until they have been read."""
        return self.texts.words(ref)

    def failure(self, ref: PageRef) -> Failure | None:
        """Why the page cannot be shown, if it cannot."""
        return self._failures.get(ref)

    def failed(self) -> frozenset[PageRef]:
        """The pages that cannot be shown."""
        return frozenset(self._failures)

    def try_again(self, ref: PageRef) -> None:
        """Forget that the page failed, and ask for it again."""
        self._failures.pop(ref, None)
        self.texts.try_again((ref,))
        self.go_on()

    def go_on(self) -> None:
        """Ask for what is most urgent now, unless an answer is still out."""
        if self._out is not None:
            return
        want = self._next()
        if want is not None:
            self._out = self._reader.send(want)
            self._sent[self._out] = want
            while len(self._sent) > _SENT_KEPT:
                self._sent.popitem(last=False)

    def _next(self) -> Want | None:
        for wants in reversed(self._wants.values()):
            for want in wants:
                if not self.has(want):
                    return want
        return self.spare()

    def has(self, want: Want) -> bool:
        """Whether what is wanted is here, or is known not to be had."""
        if isinstance(want, ReadWords):
            return want.page in self.texts or self._remembers(want.page)
        if want.page in self._failures:
            return True
        if want.part is not None:
            return want in self.tiles
        if want.scale == PREVIEW_SCALE and self.previews.has(want.page):
            return True
        return PictureKey(want.page, want.scale, want.rotation) in self.cache

    def read_anew(self, refs: Iterable[PageRef]) -> None:
        """The words of these pages may be others now: look them up again."""
        for ref in refs:
            self.texts.forget(ref)
            self._not_kept.discard(ref)
        self.go_on()

    def _remembers(self, ref: PageRef) -> bool:
        """Whether the words were read before and are kept in the vault; then they need not be read again."""
        if ref in self._not_kept:
            return False
        words = self._memory.words(ref)
        if words is None or not words.words:
            self._not_kept.add(ref)
            return False
        self.texts.keep(words)
        return True

    def missing(self, wants: Iterable[Want]) -> Want | None:
        """The first of these that is not here."""
        return next((want for want in wants if not self.has(want)), None)

    def _take(self, number: int, answer: object) -> None:
        """Keep an answer, also a late one to a request that had been forgotten; never the same request twice."""
        want = self._sent.pop(number, None)
        if number == self._out:
            self._out = None
        if want is not None:
            self._keep(want, answer)
            self.arrived.emit(want.page)
        self.go_on()

    def _keep(self, want: Want, answer: object) -> None:
        """Under the scale that was asked for: the reader may have drawn smaller, to stay within its caps."""
        if isinstance(want, Draw) and isinstance(answer, Drawn):
            picture = image_of(answer.width, answer.height, answer.stride, answer.pixels)
            if want.part is not None:
                self.tiles.put(want, picture)
            elif want == preview_of(want.page):
                self.previews.put(want.page, picture)
            else:
                self.cache.put(PictureKey(want.page, want.scale, want.rotation), picture)
        elif isinstance(want, ReadWords) and isinstance(answer, WordsRead):
            self.texts.keep(answer.words)
        elif isinstance(want, Draw) and isinstance(answer, Failed):
            self._failures[want.page] = Failure(answer.happened, answer.advice)
        elif isinstance(answer, Failed):
            self.texts.cannot_read(want.page)
        else:
            raise TypeError(f"{type(answer).__name__} is no answer to {type(want).__name__}")
