# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of a published letter: where each title stands, and the paragraphs under it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from imr_desktop.letter import wording as wordings
from imr_desktop.letter.published_items import is_label, own_label
from imr_desktop.letter.published_lines import Row
from imr_desktop.letter.published_paragraphs import Paragraph, paragraphs

STATES_LABEL = re.compile(r"States?(?:\(s\))? of Licensure ?:(?: |$)", re.IGNORECASE)
CERTIFICATIONS_LABEL = re.compile(r"Certifications?(?:\(s\))?(?: ?/ ?Special(?:ty|ties))? ?:(?: |$)", re.IGNORECASE)

_REVIEW = ("issues", "guidelines", "rationales")
_PARTS = ("how_made", "documents", "summary", "items", *_REVIEW)
_ALSO = {
    "how_made": (
        r"how the (?:imr )?(?:final )?determination was made|reviewer qualifications?"
        r"|medical qualifications?(?: of the (?:expert|physician) reviewer)?"
    ),
    "documents": r"documents? reviewed(?: for determination)?",
    "summary": r"(?:(?:expert|physician) reviewer )?(?:clinical )?case summary|clinical summary",
    "items": r"(?:imr )?(?:issues? )?decisions? and rationales?",
    "issues": r"issues? at dispute",
    "guidelines": r"guidelines? relied upon and why",
    "rationales": r"rationales?",
}
_ANNOUNCES = re.compile(r"(?:set forth below|all medical records|following credentials|documents included):$")
_LONGEST_TITLE = 90
_MOST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Section:
    """A title as printed and the paragraphs under it; ``part`` is empty where the title is none of ours."""

    part: str
    title: str
    parts: tuple[Paragraph, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The paragraphs' words."""
        return tuple(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Title:
    start: int
    end: int
    part: str
    text: str


def divide(rows: Sequence[Row]) -> tuple[tuple[Paragraph, ...], tuple[Section, ...]]:
    """What stands above the first title, and the sections in order."""
    titles, divides = list(_titles(rows)), _divider(rows)
    first = titles[0].start if titles else len(rows)
    ends = [title.start for title in titles[1:]] + [len(rows)]
    sections = tuple(
        Section(title.part, title.text, paragraphs(rows[title.end : end], divides))
        for title, end in zip(titles, ends, strict=False)
    )
    return paragraphs(rows[:first], divides), sections


def _divider(rows: Sequence[Row]) -> Callable[[Row, Row], bool]:
    """Tells two rows between which a part ends in any case: before a label, after a line that announces."""
    own = own_label(row.text for row in rows)

    def divides(before: Row, row: Row) -> bool:
        labels = (STATES_LABEL, CERTIFICATIONS_LABEL)
        if is_label(row.text) or any(label.match(row.text) for label in labels):
            return True
        return _ANNOUNCES.search(before.text) is not None or (own != "" and row.text.startswith(f"{own}:"))

    return divides


def _titles(rows: Sequence[Row]) -> Iterator[_Title]:
    known = _known(rows)
    seen: set[str] = set()
    at = 0
    while at < len(rows):
        title = _title_at(rows, at, known)
        if title is not None and title.part not in seen and (title.part or _may_be_unknown(seen, rows, title)):
            seen |= {title.part} if title.part else set()
            yield title
            at = title.end
        else:
            at += 1


def _known(rows: Sequence[Row]) -> dict[str, str]:
    """The titles to look for: one family of forms has sections that the other has not."""
    review = any(re.fullmatch(_ALSO["issues"], _plain(row.text)) for row in rows)
    names = [name for name in _PARTS if review == (name in _REVIEW) or name in ("how_made", "documents", "summary")]
    known = {}
    for format_ in wordings.formats():
        slots = wordings.load(format_).slots
        known.update({_plain(slots[f"title_{name}"]): name for name in names if slots.get(f"title_{name}")})
    return {**known, **{_ALSO[name]: name for name in names}}


def _title_at(rows: Sequence[Row], at: int, known: dict[str, str]) -> _Title | None:
    text = ""
    for end in range(at, min(at + _MOST_ROWS, len(rows))):
        row = rows[end]
        if not _plain(row.text) or (end > at and (row.gap or row.opens_page)):
            break
        text = f"{text} {row.text}".strip()
        if len(text) > _LONGEST_TITLE:
            break
        part = _part(text, known)
        if part and (text.isupper() or _stands_apart(rows, at)):
            return _Title(at, end + 1, part, text)
    row = rows[at]
    return _Title(at, at + 1, "", row.text) if _looks_like_a_title(rows, at) else None


def _part(text: str, known: dict[str, str]) -> str:
    plain = _plain(text)
    if plain in known:
        return known[plain]
    return next((name for pattern, name in known.items() if "(" in pattern and re.fullmatch(pattern, plain)), "")


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", "", title.casefold().replace("/", " ")).split())


def _stands_apart(rows: Sequence[Row], at: int) -> bool:
    row = rows[at]
    return at == 0 or row.gap or row.opens_page or row.bold == row.text


def _looks_like_a_title(rows: Sequence[Row], at: int) -> bool:
    """A short line of capitals that stands apart and ends no sentence."""
    text = rows[at].text
    letters = sum(mark.isalpha() for mark in text)
    if not text.isupper() or len(text) > _LONGEST_TITLE or letters < 6 or letters < len(text) * 0.7:
        return False
    following = rows[at + 1].text if at + 1 < len(rows) else ""
    return _stands_apart(rows, at) and text[-1] not in ".,;" and not following.isupper() and not following[:1].islower()


def _may_be_unknown(seen: set[str], rows: Sequence[Row], title: _Title) -> bool:
    """Capitals make a title of their own only between the first of our titles and the items."""
    inside = bool(seen) and not seen & {"items", *_REVIEW}
    return inside and title.end < len(rows)
