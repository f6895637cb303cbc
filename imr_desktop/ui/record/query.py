# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words to be found, taken apart: phrases, beginnings of words, days, and how they are to stand to each other."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from imr_desktop.ui.record.dates import day_pattern, read_day
from imr_desktop.ui.record.searching import BadQuery, Query

_TOKEN = re.compile(r'"([^"]*)"|(NEAR(?:/(\d+))?|AND|OR|NOT)(?=\s|$)|(\S+)')
_NEAR = 10
_BETWEEN = r"\W{1,4}"
_EDGES = "\u201c\u201d.,;:()[]"

Variants = Callable[[str], tuple[str, ...]]


class Span(NamedTuple):
    """Where something stands in a page's text, and whether it stands there to the letter."""

    start: int
    end: int
    exact: bool


@dataclass(frozen=True)
class Phrase:
    """Words in a row, as patterns: ``exact`` finds what was typed, ``loose`` also what was misread for it."""

    exact: re.Pattern[str]
    loose: re.Pattern[str] | None = None

    def spans(self, text: str) -> list[Span]:
        """Where the phrase stands, in order."""
        found = [Span(*match.span(), True) for match in self.exact.finditer(text) if match.end() > match.start()]
        if self.loose is None:
            return found
        taken = [span[:2] for span in found]
        for match in self.loose.finditer(text):
            start, end = match.span()
            if end > start and not any(start < other_end and end > other_start for other_start, other_end in taken):
                found.append(Span(start, end, False))
        return sorted(found)


@dataclass(frozen=True)
class Group:
    """Phrases that are to stand near each other: each within so many words of the one before."""

    phrases: tuple[Phrase, ...]
    distances: tuple[int, ...] = ()
    negated: bool = False


@dataclass(frozen=True)
class Meaning:
    """A query understood: alternatives, each of groups that must all be on the page (or, negated, must not be)."""

    alternatives: tuple[tuple[Group, ...], ...]


class _Op(NamedTuple):
    name: str
    distance: int = 0


def meaning(query: Query, variants: Variants) -> Meaning:
    """What a query means; BadQuery if it cannot be understood."""
    alternatives: list[tuple[Group, ...]] = []
    for part in _split(list(_tokens(query)), "OR"):
        groups = tuple(_group(each, query, variants) for each in _split(part, "AND"))
        if all(group.negated for group in groups):
            raise BadQuery("Only what must not stand there was asked for.")
        alternatives.append(groups)
    return Meaning(tuple(alternatives))


def _tokens(query: Query) -> Iterator[_Op | tuple[str, bool]]:
    """Operators, and runs of words with whether they stood in quotes."""
    # A quotation mark that is not closed yet is still being typed.
    words = query.words + '"' if query.words.count('"') % 2 else query.words
    run: list[str] = []
    for quoted, operator, distance, word in _TOKEN.findall(words):
        if word:
            run.append(word)
            continue
        if run:
            yield " ".join(run), False
            run = []
        if operator:
            yield _Op(operator.split("/")[0], int(distance) if distance else _NEAR)
        elif quoted.strip():
            yield quoted, True
    if run:
        yield " ".join(run), False


def _split(tokens: list[_Op | tuple[str, bool]], name: str) -> list[list[_Op | tuple[str, bool]]]:
    parts: list[list[_Op | tuple[str, bool]]] = [[]]
    for token in tokens:
        if isinstance(token, _Op) and token.name == name:
            parts.append([])
        elif name == "AND" and isinstance(token, _Op) and token.name == "NOT" and parts[-1]:
            parts.append([token])
        else:
            parts[-1].append(token)
    if any(not part for part in parts):
        raise BadQuery(f"Words are missing beside {name}." if len(parts) > 1 else "No words to find were given.")
    return parts


def _group(tokens: list[_Op | tuple[str, bool]], query: Query, variants: Variants) -> Group:
    negated = isinstance(tokens[0], _Op) and tokens[0].name == "NOT"
    rest = tokens[1:] if negated else tokens
    phrases: list[Phrase] = []
    distances: list[int] = []
    wants_words = True
    for token in rest:
        if isinstance(token, _Op):
            if wants_words or token.name != "NEAR":
                raise BadQuery(f"Words are missing before {token.name}.")
            distances.append(token.distance)
            wants_words = True
        elif wants_words:
            phrases.append(_phrase(*token, query, variants))
            wants_words = False
        else:
            # A phrase in quotes beside plain words: they follow each other closely.
            distances.append(1)
            phrases.append(_phrase(*token, query, variants))
    if wants_words:
        raise BadQuery("Words are missing at the end.")
    return Group(tuple(phrases), tuple(distances), negated)


def _phrase(words: str, quoted: bool, query: Query, variants: Variants) -> Phrase:
    day = read_day(words)
    if day is not None:
        return Phrase(re.compile(day_pattern(day), re.IGNORECASE))
    pieces = [word for word in words.split() if word.strip("*")]
    if not pieces:
        raise BadQuery("No words to find were given.")
    whole = query.whole or quoted
    exact = _pattern([_exact(piece, query, whole) for piece in pieces], whole)
    if not query.tolerant or quoted or query.case:
        return Phrase(exact)
    loose = [_loose(piece, query, whole, variants) for piece in pieces]
    if loose == [_exact(piece, query, whole) for piece in pieces]:
        return Phrase(exact)
    return Phrase(exact, _pattern(loose, whole=True))


def _pattern(pieces: list[str], whole: bool) -> re.Pattern[str]:
    joined = _BETWEEN.join(pieces)
    return re.compile(rf"(?<!\w){joined}(?!\w)" if whole else joined)


def _exact(piece: str, query: Query, whole: bool) -> str:
    day = read_day(piece)
    if day is not None:
        return day_pattern(day)
    word = piece if query.case else piece.lower()
    stem = re.escape(word.rstrip("*"))
    return rf"{stem}\w*" if word.endswith("*") and (whole or len(word) > 1) else stem


def _loose(piece: str, query: Query, whole: bool, variants: Variants) -> str:
    word = piece.strip(_EDGES).lower()
    others = variants(word)
    if not word.isalpha() or len(word) < 4:
        return _exact(piece, query, whole)
    broken = r"(?:-? )?".join(re.escape(letter) for letter in word)
    return f"(?:{'|'.join([broken, *map(re.escape, others)])})"
