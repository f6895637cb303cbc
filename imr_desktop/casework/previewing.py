# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter as it is looked at: from a field to its sentence in print, and what changed since the last look."""

import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from imr_desktop.casework import finishing
from imr_desktop.letter import Rendition
from imr_desktop.models.determination import Determination
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place, PrintedAt

_ENDS = (".", "!", "?", ":")
_ALIKE = 6


@dataclass(frozen=True, slots=True)
class Preview:
    """The very bytes that would be signed, where each line of them comes from, which lines carry words that were not
    there at the last look, and the words as they can be kept until the next (``look``).
    """

    pdf: bytes
    lines: tuple[PrintedAt, ...]
    changed: tuple[PrintedAt, ...]
    look: str


def preview(determination: Determination, rendition: Rendition, last_look: str = "") -> Preview:
    """The letter as it would be signed; ``last_look`` is what it looked like then, empty if it was never looked at."""
    pdf, lines = finishing.printed_with_places(determination, rendition)
    words, at = _words(lines)
    before = _unpacked(last_look)
    changed = sorted({at[number] for number in _changes(before, words)}) if before else []
    return Preview(pdf, lines, tuple(lines[number] for number in changed), _packed(words))


def sentence(determination: Determination, lines: Sequence[PrintedAt], place: Place, caret: int) -> list[PrintedAt]:
    """The lines in which the sentence at the caret of a narrative stands, or else all lines of the field.

    ``caret`` is a position in the narrative's text; a place without lines of its own gives those of what is around it.
    """
    found = _of_field(lines, place)
    narrative = _narrative(determination, place)
    if narrative is None or not found:
        return found
    text = _all_words(determination, narrative)
    here = len(_all_words(determination, Narrative(narrative.text[:caret])))
    first, last = _around(text, max(0, min(here, len(text)) - 1))
    printed = [(word, line) for line in found for word in line.text.split()]
    begins = _where([word for word, _ in printed], text)
    return list(dict.fromkeys(line for _, line in printed[begins + first : begins + last + 1])) or found


def _of_field(lines: Sequence[PrintedAt], place: Place) -> list[PrintedAt]:
    of_part = [each for each in lines if each.place.part is place.part]
    of_row = [each for each in of_part if each.place.row == place.row]
    names = () if place.field is None else (place.field, f"imro.{place.field}")
    of_field = [each for each in of_row if any(_is_within(name, each.place.field) for name in names)]
    of_field = of_field or [each for each in of_row if not names and each.place.field is None]
    return of_field or (of_row if place.row is not None else []) or ([] if names else of_part)


def _is_within(name: str, field: str | None) -> bool:
    """Whether a field of the form is what a line shows, or a part of it."""
    return field is not None and (name == field or name.startswith(f"{field}."))


def _narrative(determination: Determination, place: Place) -> Narrative | None:
    if place.part is Part.SUMMARY:
        return determination.case.clinical_summary
    if place.part is Part.ITEMS and place.field == "rationale":
        return next((item.rationale for item in determination.case.items if item.id == place.row), None)
    return None


def _all_words(determination: Determination, narrative: Narrative) -> list[str]:
    return [word for paragraph in determination.paragraphs(narrative) for word in paragraph.split()]


def _around(words: Sequence[str], here: int) -> tuple[int, int]:
    """The first and the last word of the sentence that a word stands in."""
    first = last = here
    while first > 0 and not words[first - 1].endswith(_ENDS):
        first -= 1
    while last < len(words) - 1 and not words[last].endswith(_ENDS):
        last += 1
    return first, last


def _where(printed: Sequence[str], words: Sequence[str]) -> int:
    """How many printed words, such as a label, stand before the first of these."""
    wanted = list(words[:_ALIKE])
    return next((at for at in range(len(printed)) if list(printed[at : at + len(wanted)]) == wanted), 0)


def _words(lines: Iterable[PrintedAt]) -> tuple["array[int]", list[int]]:
    """Every printed word as a number that stands for it, and the number of the line that it stands in."""
    words, at = array("I"), []
    for number, line in enumerate(lines):
        for word in line.text.split():
            words.append(zlib.crc32(word.encode()))
            at.append(number)
    return words, at


def _changes(before: "array[int]", now: "array[int]") -> Iterable[int]:
    """The words that are new, and the one at which words are missing."""
    matched = SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
    begins = (matched[0].a, matched[0].b)
    if begins != (0, 0):
        yield from range(begins[1]) if begins[1] else range(min(1, len(now)))
    for one, following in pairwise(matched):
        first, last = one.b + one.size, following.b
        if first < last:
            yield from range(first, last)
        elif one.a + one.size < following.a and len(now):
            yield min(first, len(now) - 1)


def _packed(words: "array[int]") -> str:
    return b64encode(zlib.compress(words.tobytes())).decode()


def _unpacked(look: str) -> "array[int]":
    words = array("I")
    try:
        words.frombytes(zlib.decompress(b64decode(look)) if look else b"")
    except (ValueError, zlib.error):
        # Kept by another version, perhaps: nothing is called changed that cannot be compared.
        return array("I")
    return words
