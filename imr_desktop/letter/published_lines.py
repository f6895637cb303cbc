# SPDX-License-Identifier: AGPL-3.0-or-later
"""A published letter's printed lines, freed of what only the page needs: page numbers, running headers and footers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from statistics import median, quantiles
from unicodedata import normalize

from imr_desktop.letter import wording as wordings
from imr_desktop.letter.characters import clean
from imr_desktop.models.records import TextLine

SOFT_HYPHEN = "\u00ad"
CASE_NUMBER = re.compile(r"\b[A-Z]{2}\d{2}-\d{7,8}\b")

_PAGE_NUMBER = re.compile(
    r"(?:page|pg\.?) ?[-–|:]? ?\d+(?: ?(?:of|/) ?\d+)?|\d+ of \d+|[-–|] ?\d+ ?[-–|]", re.IGNORECASE
)
_RUNNING_CASE = re.compile(
    r"(?:(?:final )?(?:determination )?(?:letter )?(?:for )?(?:the )?(?:imr )?(?:maximus )?"
    r"case (?:number|no\.?|#)?:? ?)?"
    r"[A-Z]{2}\d{2}-\d{7,8}(?:[ ,|·–-]*(?:page )?\d+(?: of \d+)?)?",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"'”’)\]]*$")
_PROSE = re.compile(r"^(?-i:[a-z])|[.;,:]$|\b(?:upheld|overturned)$|\b(?:guideline|rationale):", re.IGNORECASE)
_HEADER_ROW = re.compile(r"(?:Date Assigned|Date of Injury|Claim Number|Decision Date|Priority)\b.*:", re.IGNORECASE)
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_GAP = 1.3


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line across the page. ``start`` and ``end`` are in widths of a letter; ``gap``: space stands above.

    ``opens_page`` marks the first row of a page; ``room`` is how much space the line leaves at its right.
    """

    text: str
    start: float
    end: float
    gap: bool
    opens_page: bool
    page: int
    bold: str = ""
    room: float = 0.0


def ends_sentence(text: str) -> bool:
    """Whether a line closes a sentence or announces what follows."""
    return _ENDS_SENTENCE.search(text) is not None


def rows_of_text(text: str) -> tuple[Row, ...]:
    """The rows of a letter given as plain text: form feeds divide pages, empty lines make gaps."""
    pages = [_typed_page(page, number) for number, page in enumerate(_typed_pages(text))]
    ends = [row.end for page in pages for row in page]
    return _finished([page for page in pages if page], quantiles(ends, n=20)[-1] if len(ends) > 1 else sum(ends))


def rows_of_lines(pages: Sequence[Sequence[TextLine]]) -> tuple[Row, ...]:
    """The rows of a letter given as lines on pages; pieces of one printed line are put together."""
    merged = [_merged(page) for page in pages]
    every = [line for page in merged for line in page]
    if not every:
        return ()
    width = median((line.box.x1 - line.box.x0) / len(line.text) for line in every) or 1.0
    leading = _leading(merged)
    placed = [_placed_page(page, number, width, leading) for number, page in enumerate(merged)]
    return _finished([page for page in placed if page], max(line.box.x1 for line in every) / width)


def _typed_pages(text: str) -> list[list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\f").split("\n")
    pages: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("\f"):
            pages.append([line[1:]])
        elif "\f" not in text and pages[-1] and re.fullmatch(r"page \d+ of \d+", " ".join(line.split()), re.I):
            pages[-1].append(line)
            pages.append([])
        else:
            pages[-1].append(line)
    return pages


def _typed_page(lines: list[str], page: int) -> list[Row]:
    rows: list[Row] = []
    empty = 0
    usual = _usual_spacing(lines)
    for line in lines:
        text = _clean(line)
        if not text:
            empty += 1
            continue
        shown = line.expandtabs().rstrip()
        start = len(shown) - len(shown.lstrip())
        rows.append(Row(text, start, len(shown), empty > usual, not rows, page))
        empty = 0
    return rows


def _usual_spacing(lines: list[str]) -> int:
    """How many empty lines stand between the lines of one sentence: none, or one in a double-spaced text."""
    counts: list[int] = []
    before, empty = "", 0
    for line in (each.strip() for each in lines):
        if not line:
            empty += 1
            continue
        if len(before) > 60 and not ends_sentence(before) and line[:1].islower():
            counts.append(empty)
        before, empty = line, 0
    return int(median(counts)) if counts else 0


def _merged(page: Sequence[TextLine]) -> list[TextLine]:
    """The pieces of each printed line side by side, the lines from top to bottom."""
    grouped: list[list[TextLine]] = []
    for line in sorted((each for each in page if each.text.strip()), key=_middle):
        if grouped and _beside(grouped[-1][0], line):
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [_one_line(sorted(pieces, key=lambda piece: piece.box.x0)) for pieces in grouped]


def _beside(first: TextLine, other: TextLine) -> bool:
    height = min(first.box.y1 - first.box.y0, other.box.y1 - other.box.y0)
    return _middle(other) - _middle(first) < 0.4 * height


def _one_line(pieces: list[TextLine]) -> TextLine:
    texts = [_clean(piece.text) for piece in pieces]
    bolds = [_clean(piece.bold) for piece in pieces]
    plain = next((at for at, text in enumerate(texts) if bolds[at] != text), len(texts) - 1)
    box = pieces[0].box
    for piece in pieces[1:]:
        box = box.union(piece.box)
    return TextLine(" ".join(texts), box, " ".join(bolds[: plain + 1]).strip())


def _clean(text: str) -> str:
    """One form for each character, as letters print them; letters that a font joins are the letters they are."""
    apart = _LIGATURES.sub(lambda found: normalize("NFKC", found[0]), text)
    return clean(apart) + (SOFT_HYPHEN if apart.rstrip().endswith(SOFT_HYPHEN) else "")


def _middle(line: TextLine) -> float:
    return (line.box.y0 + line.box.y1) / 2


def _leading(pages: Sequence[Sequence[TextLine]]) -> float:
    """The usual distance of two lines of one sentence, in page points."""
    sure, any_two = [], []
    for page in pages:
        for before, after in pairwise(page):
            step = _middle(after) - _middle(before)
            if step > 0:
                any_two.append(step)
                if not ends_sentence(before.text) and after.text[:1].islower():
                    sure.append(step)
    steps = sure or any_two
    return median(steps) if steps else 1.0


def _placed_page(lines: list[TextLine], page: int, width: float, leading: float) -> list[Row]:
    rows: list[Row] = []
    for index, line in enumerate(lines):
        step = _middle(line) - _middle(lines[index - 1]) if index else 0.0
        gap = index > 0 and (step > _GAP * leading or step < -leading)
        box = line.box
        rows.append(Row(line.text, box.x0 / width, box.x1 / width, gap, index == 0, page, line.bold))
    return rows


def _finished(pages: list[list[Row]], right: float) -> tuple[Row, ...]:
    """The rows of all pages without furniture; ``right`` is where the longest lines end."""
    whole: list[Row] = []
    for page in _without_furniture(pages):
        for index, row in enumerate(page):
            first = index == 0 and bool(whole)
            gap = row.gap and index > 0
            whole.append(replace(row, gap=gap, opens_page=first, room=right - row.end))
    return tuple(whole)


def _without_furniture(pages: list[list[Row]]) -> list[list[Row]]:
    top, bottom = _repeated(pages, 0), _repeated(pages, -1)
    kept = []
    for number, page in enumerate(pages):
        rows = list(page)
        while rows and _is_furniture(rows, 0, number, top):
            rows.pop(0)
        while rows and _is_furniture(rows, -1, number, bottom):
            rows.pop()
        kept.append(rows)
    return [page for page in kept if page]


def _is_furniture(rows: list[Row], edge: int, number: int, repeated: frozenset[str]) -> bool:
    text = rows[edge].text
    if edge == 0 and (number == 0 or (len(rows) > 1 and _HEADER_ROW.match(rows[1].text))):
        return _PAGE_NUMBER.fullmatch(text) is not None
    if text in _our_notes() or _PAGE_NUMBER.fullmatch(text):
        return True
    if _RUNNING_CASE.fullmatch(text):
        return not CASE_NUMBER.fullmatch(text) or _stands_alone(rows, edge)
    return _pattern(text) in repeated and _stands_alone(rows, edge)


@cache
def _our_notes() -> frozenset[str]:
    """What our own letters say at the foot of their pages."""
    tables = [wordings.load(name).slots for name in wordings.formats()]
    notes = [text for slots in tables for slot, text in slots.items() if slot.startswith("footer_note_")]
    return frozenset(" ".join(note.split()) for note in notes if note.strip())


def _stands_alone(rows: list[Row], edge: int) -> bool:
    """Whether the row at the page's edge is no part of a sentence that runs on beside it."""
    if len(rows) < 2:
        return True
    upper, lower = (rows[0], rows[1]) if edge == 0 else (rows[-2], rows[-1])
    return lower.gap or ends_sentence(upper.text) or (edge == 0 and CASE_NUMBER.search(upper.text) is not None)


def _repeated(pages: list[list[Row]], edge: int) -> frozenset[str]:
    """Lines that stand at this edge of every page but perhaps the first, their numbers aside."""
    later = [page for page in pages if page]
    if len(later) < 2:
        return frozenset()
    shown: list[set[str]] = []
    for page in later:
        near = page[:3] if edge == 0 else page[-3:]
        shown.append({_pattern(row.text) for row in near})
    beyond = shown[1:] if len(shown) > 2 else shown
    common = set.intersection(*beyond)
    return frozenset(text for text in common if not _could_be_prose(text))


def _could_be_prose(pattern: str) -> bool:
    """A line of words that closes a sentence may stand at two page ends by chance; a running line does not."""
    return _PROSE.search(pattern) is not None


def _pattern(text: str) -> str:
    return re.sub(r"\d+", "#", text)
