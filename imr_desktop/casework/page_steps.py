# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows for a page from what the machine found on it: its words kept, another engine tried, or unreadable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from imr_desktop.models.records import PageSize, PageWords, Word, WordsOrigin
from imr_desktop.records.blanks import BLANK, MARGIN, STAMP_WORDS, says_blank
from imr_desktop.records.ocr import Recognised
from imr_desktop.records.text_quality import agreement, broken
from imr_desktop.storage.page_index import PageReading, Stage

# Below the first, a page is read again by the strong engine; below the second its words do not count as read.
SURE_ENOUGH, UNSURE = 80.0, 60.0
# Where much of what is dark lies beside the words, whole lines may be missing: such a page must be surer.
SURE_ENOUGH_OF_ALL = 88.0
_MISSED, _MISSED_PART, _MISSED_MOST = 0.07, 0.12, 0.5
_GUESSED_PART = 0.15
_PART = "part of what is on it could not be read as words"
_ENGLISH = 0.4  # of the words: pages that were read, however poorly, have more, those in other languages less
_FEWER = 0.6
_SAME_TEXT = 0.6
_FEW_WORDS = 40
_INK_BESIDE_FEW, _INK_BESIDE_MANY = 0.004, 0.10
_LAYER = "layer"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page's words and how far its reading is, to be kept together."""

    words: PageWords
    reading: PageReading


def after_words(
    reading: PageReading, size: PageSize, found: PageWords | None, ink: float | None, beside: float | None
) -> Kept:
    """What follows from a page's digital words: ``ink`` is the dark share of the page, ``beside`` that beside them.

    ``found`` is None if the words could not be read, ``ink`` if the page could not be drawn.
    """
    none = PageWords(reading.ref, size)
    words = none if found is None else found
    if ink is not None and any(_within(word, size) for word in words.words):
        ink = max(ink, BLANK)
    reading = replace(reading, tries=0, ink=ink, why="", confidence=None, engine="")
    sound = words.origin is not WordsOrigin.NONE and not broken(words.words)
    if sound and says_blank(words.words):
        return Kept(words, replace(reading, stage=Stage.READ))
    # A page whose words could not be read is not blank, however white it was drawn.
    if found is not None and len(words.words) <= STAMP_WORDS and ink is not None and ink < BLANK:
        return Kept(words, replace(reading, stage=Stage.READ))
    if words.words and sound and words.origin is WordsOrigin.DIGITAL:
        limit = _INK_BESIDE_FEW if len(words.words) < _FEW_WORDS else _INK_BESIDE_MANY
        if beside is None or beside < limit:
            return Kept(words, replace(reading, stage=Stage.READ))
        return Kept(words, replace(reading, stage=Stage.QUICK_OCR))
    if words.words and sound:
        return Kept(words, replace(reading, stage=Stage.QUICK_OCR, engine=_LAYER))
    return Kept(none, replace(reading, stage=Stage.QUICK_OCR))


def after_ocr(reading: PageReading, before: PageWords, answer: Recognised, strong_is_left: bool) -> Kept:
    """What follows from an engine's answer, beside the words that the page had ``before``."""
    first = reading  # where this is the strong engine, what the quick one left
    reading = replace(reading, tries=0, why="")
    if before.origin is WordsOrigin.DIGITAL:
        return _beside_digital(reading, before, answer)
    again = strong_is_left and _doubtful(answer)
    part = _in_part(answer)
    kept = Kept(
        replace(before, words=answer.words, origin=WordsOrigin.OCR if answer.words else WordsOrigin.NONE),
        replace(reading, turned=answer.turned, confidence=answer.confidence, engine=answer.engine.value),
    )
    if before.words and reading.engine == _LAYER:
        same = agreement(_texts(before.words), _texts(answer.words)) >= _SAME_TEXT
        if same and answer.confidence < SURE_ENOUGH:
            return Kept(before, replace(reading, stage=Stage.READ))
        if not same and not again and answer.confidence < UNSURE:
            return _unreadable(Kept(before, reading), "its hidden text disagrees with its picture")
        if not same and again:
            return Kept(before, replace(reading, stage=Stage.STRONG_OCR))
    if again:
        return Kept(kept.words, replace(kept.reading, stage=Stage.STRONG_OCR, why=_PART if part else ""))
    if reading.stage is Stage.STRONG_OCR and before.words and _says_less(answer, reading, before):
        return _as_it_was(before, first)
    if answer.missed > _MISSED_MOST:
        return _unreadable(kept, "most of what is on it could not be read as words")
    if answer.known < _ENGLISH:
        return _unreadable(kept, "most of its words are not English, or were misread")
    judged = _judged(kept)
    return _unreadable(judged, _PART) if part and judged.reading.stage is Stage.READ else judged


def _says_less(answer: Recognised, reading: PageReading, before: PageWords) -> bool:
    """Whether the other engine was less sure than the quick one, or passed over much that the quick one read."""
    fewer = _letters(answer.words) < _FEWER * _letters(before.words)
    return fewer or (reading.confidence or 0.0) > answer.confidence


def _doubtful(answer: Recognised) -> bool:
    """Whether another engine should look: little is sure, or much of the page was passed over."""
    limit = SURE_ENOUGH_OF_ALL if answer.missed > _MISSED else SURE_ENOUGH
    return answer.confidence < limit or _in_part(answer)


def given_up(reading: PageReading, before: PageWords, why: str) -> Kept:
    """A page that neither engine nor PDF reader could deal with: words that it has stay, and it says why."""
    if reading.stage is Stage.STRONG_OCR and before.words:
        return _as_it_was(before, reading)
    return _unreadable(Kept(before, replace(reading, tries=0)), why)


def _as_it_was(before: PageWords, reading: PageReading) -> Kept:
    """A page as the quick engine left it, with what that one could not read."""
    judged = _judged(Kept(before, replace(reading, tries=0, why="")))
    return _unreadable(judged, reading.why) if reading.why and judged.reading.stage is Stage.READ else judged


def _in_part(answer: Recognised) -> bool:
    """Whether so much of a page lies beside the words, or was only guessed, that its silence means nothing."""
    return answer.missed > _MISSED_PART or answer.guessed > _GUESSED_PART


def _beside_digital(reading: PageReading, before: PageWords, answer: Recognised) -> Kept:
    """Digital words stand on a page with much else to see: the picture's words win if they say clearly more."""
    more = len(answer.words) > 1.5 * len(before.words) and answer.confidence >= UNSURE
    if not more:
        kept = Kept(before, replace(reading, stage=Stage.READ))
        return _unreadable(kept, _PART) if _in_part(answer) else kept
    words = replace(before, words=answer.words, origin=WordsOrigin.OCR)
    return Kept(
        words,
        replace(
            reading,
            stage=Stage.READ,
            turned=answer.turned,
            confidence=answer.confidence,
            engine=answer.engine.value,
        ),
    )


def _judged(kept: Kept) -> Kept:
    if not kept.words.words:
        return _unreadable(kept, "no words could be recognised on it")
    if (kept.reading.confidence or 0.0) < UNSURE:
        return _unreadable(kept, f"its words could only be guessed ({kept.reading.confidence or 0:.0f} of 100)")
    return Kept(kept.words, replace(kept.reading, stage=Stage.READ))


def _unreadable(kept: Kept, why: str) -> Kept:
    return Kept(kept.words, replace(kept.reading, stage=Stage.UNREADABLE, why=why))


def _within(word: Word, size: PageSize) -> bool:
    """Whether a word stands on the paper proper, and not in the margin where page numbers and stamps go."""
    x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
    return MARGIN < x / size.width < 1 - MARGIN and MARGIN < y / size.height < 1 - MARGIN


def _texts(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


def _letters(words: Sequence[Word]) -> int:
    return sum(len(word.text) for word in words)
