# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words set into lines: broken at spaces, and inside a word only where the word is wider than the line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from imr_desktop.letter.fonts import Style, width

_JOINTS = re.compile(r"[^-/\u2010]*(?:[-/\u2010]|$)")
_HANGING = ("-", "/", "\u2010")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text of one style."""

    style: Style
    text: str


@dataclass(frozen=True, slots=True)
class SetLine:
    """One printed line: stretches side by side, as wide as ``width`` (points) without the space at its end."""

    stretches: tuple[Stretch, ...]
    width: float


@dataclass(frozen=True, slots=True)
class _Word:
    """What no line break may part, at its size; ``glued``: no space follows, for the word itself was broken."""

    style: Style
    text: str
    width: float
    glued: bool = False


@dataclass(slots=True)
class _Open:
    """The line being filled."""

    words: list[_Word] = field(default_factory=list)
    width: float = 0.0


def set_lines(text: Sequence[Stretch], size: float, measure: float) -> list[SetLine]:
    """The text in lines at most ``measure`` points wide, ragged at the right."""
    lines: list[SetLine] = []
    line = _Open()
    for word in _fitting(_words(text, size), size, measure):
        gap = _space(line.words[-1], size) if line.words else 0.0
        if line.words and line.width + gap + word.width > measure:
            lines.append(_closed(line))
            line, gap = _Open(), 0.0
        line.words.append(word)
        line.width += gap + word.width
    if line.words:
        lines.append(_closed(line))
    return lines


def _space(after: _Word, size: float) -> float:
    return 0.0 if after.glued else width(after.style, " ") * size


def _words(text: Sequence[Stretch], size: float) -> Iterator[_Word]:
    """Words; one that ends in a hyphen or slash stays with the next, lest a reader join them across a line's end."""
    for stretch in text:
        held: list[str] = []
        for word in stretch.text.split():
            held.append(word)
            if not word.endswith(_HANGING):
                yield _word(stretch.style, " ".join(held), size)
                held = []
        if held:
            yield _word(stretch.style, " ".join(held), size)


def _word(style: Style, text: str, size: float, *, glued: bool = False) -> _Word:
    return _Word(style, text, width(style, text) * size, glued)


def _fitting(words: Iterator[_Word], size: float, measure: float) -> Iterator[_Word]:
    for word in words:
        if word.width <= measure:
            yield word
        else:
            yield from _broken(word, size, measure)


def _broken(word: _Word, size: float, measure: float) -> Iterator[_Word]:
    """A word wider than the line: at its spaces if it has any, else after a hyphen or slash, else anywhere."""
    style, text = word.style, word.text
    if " " in text:
        yield from _fitting((_word(style, each, size) for each in text.split(" ")), size, measure)
        return
    pieces = [piece for joint in _JOINTS.findall(text) for piece in _chopped(style, joint, size, measure)]
    held = ""
    for piece in pieces:
        if held and width(style, held + piece) * size > measure:
            yield _word(style, held, size, glued=True)
            held = ""
        held += piece
    yield _word(style, held, size)


def _chopped(style: Style, text: str, size: float, measure: float) -> Iterator[str]:
    held = ""
    for mark in text:
        if held and width(style, held + mark) * size > measure:
            yield held
            held = ""
        held += mark
    if held:
        yield held


def _closed(line: _Open) -> SetLine:
    """The line's words as stretches; a space ends it, so that to a reader its last word does not run into the next."""
    stretches: list[Stretch] = []
    for word in line.words:
        text = word.text if word.glued else f"{word.text} "
        if stretches and stretches[-1].style is word.style:
            stretches[-1] = Stretch(word.style, stretches[-1].text + text)
        else:
            stretches.append(Stretch(word.style, text))
    return SetLine(tuple(stretches), line.width)
