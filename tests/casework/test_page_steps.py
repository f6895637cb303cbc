# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page is read, read again, or says that it is not readable: never silently half of it."""

from dataclasses import replace

import pytest

from imr_desktop.casework.page_steps import after_ocr
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, Word, WordsOrigin
from imr_desktop.records.ocr import Engine, Recognised
from imr_desktop.storage.page_index import PageReading, Stage

REF = PageRef("a" * 64, 0)
EMPTY = PageWords(REF, PageSize(612, 792))
SAID = ("The", "patient", "has", "completed", "six", "sessions")
WORDS = tuple(Word(text, Box(10, 10, 50, 20), 0, 0) for text in SAID)


def told(confidence: float, missed: float, words: tuple[Word, ...] = WORDS) -> Recognised:
    return Recognised(words, confidence, Engine.TESSERACT, 0, missed)


@pytest.mark.parametrize(
    ("confidence", "missed", "stage"),
    [
        (95, 0.0, Stage.READ),
        (95, 0.1, Stage.READ),
        (95, 0.2, Stage.STRONG_OCR),
        (85, 0.0, Stage.READ),
        (85, 0.2, Stage.STRONG_OCR),
        (75, 0.0, Stage.STRONG_OCR),
    ],
)
def test_a_doubtful_page_goes_to_the_strong_engine(confidence: float, missed: float, stage: Stage) -> None:
    kept = after_ocr(PageReading(REF, 1, Stage.QUICK_OCR), EMPTY, told(confidence, missed), strong_is_left=True)
    assert kept.reading.stage is stage
    assert kept.words.words == WORDS


def test_a_page_of_which_most_was_passed_over_is_not_silent() -> None:
    # A page in a script that no engine here knows, or a drawing: a few letters found by chance are not its words.
    kept = after_ocr(PageReading(REF, 1, Stage.QUICK_OCR), EMPTY, told(70, 0.8, WORDS[:2]), strong_is_left=False)
    assert kept.reading.stage is Stage.UNREADABLE
    assert kept.reading.why == "most of what is on it could not be read as words"


def test_part_of_a_page_that_no_engine_read_is_not_silent() -> None:
    # Print under a stamp, or handwriting beside it: what was read is kept and found, and still the page says so.
    kept = after_ocr(PageReading(REF, 1, Stage.STRONG_OCR), EMPTY, told(95, 0.2), strong_is_left=False)
    assert (kept.words.words, kept.reading.stage) == (WORDS, Stage.UNREADABLE)
    assert kept.reading.why == "part of what is on it could not be read as words"


def test_a_page_in_another_language_is_not_silent() -> None:
    answer = replace(told(95, 0.0), known=0.2)
    kept = after_ocr(PageReading(REF, 1, Stage.STRONG_OCR), EMPTY, answer, strong_is_left=False)
    assert (kept.words.words, kept.reading.stage) == (WORDS, Stage.UNREADABLE)
    assert kept.reading.why == "most of its words are not English, or were misread"


def test_an_engine_that_passes_over_lines_does_not_win_by_being_sure_of_the_rest() -> None:
    before = PageWords(REF, PageSize(612, 792), WORDS, WordsOrigin.OCR)
    first = PageReading(REF, 1, Stage.STRONG_OCR, origin=WordsOrigin.OCR, confidence=72.0, engine="tesseract")
    kept = after_ocr(first, before, told(99, 0.1, WORDS[:3]), strong_is_left=False)
    assert (kept.words.words, kept.reading.engine, kept.reading.stage) == (WORDS, "tesseract", Stage.READ)


def test_the_surer_reading_stays() -> None:
    before = PageWords(REF, PageSize(612, 792), WORDS, WordsOrigin.OCR)
    first = PageReading(REF, 1, Stage.STRONG_OCR, origin=WordsOrigin.OCR, confidence=79.0, engine="tesseract")
    kept = after_ocr(first, before, told(65, 0.1, WORDS[:3]), strong_is_left=False)
    assert (kept.words.words, kept.reading.engine) == (WORDS, "tesseract")
