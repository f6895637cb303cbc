# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed into the search field, understood: words, phrases, dates, AND, OR, NOT, NEAR, and their brackets."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from imr_desktop.errors import Trouble
from imr_desktop.models.days import days_in, writings, written_day

MOST_LEAVES = 60
_NEAR = 10
_TOKEN = re.compile(r'\s*(?:(NEAR\()|(NEAR(?:/\d+)?(?=\s|$))|([()])|"([^"]*)"|(")|([^\s()"]+))')
_WORDS = re.compile(r"[^\W_]+", re.UNICODE)
_LAST = re.compile(r'(?P<before>.*?)(?P<last>[^\s()"]*[^\W_])', re.DOTALL)
_IN_NEAR = re.compile(r"NEAR(/\d+\s|\s|\([^)]*)$")


class CannotSearch(Trouble):
    """A query that makes no sense as it stands."""

    default_advice = 'Type words, a "phrase in quotes", a date, or words joined by AND, OR, NOT and NEAR(word word, 5).'


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row; with ``prefix`` the last one is only the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day in any writing."""

    day: date


@dataclass(frozen=True, slots=True)
class Near:
    """Words or phrases within so many words of each other."""

    parts: tuple[Words, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts of which a page must have all (AND) or any (OR), or the first without the others (NOT)."""

    how: str
    parts: tuple["Node", ...]


Node = Words | Day | Near | Joined
Widen = Callable[[Words], tuple[str, ...]]


def parse(text: str) -> Node:
    """The query that was typed; CannotSearch with a sentence on what is wrong with it."""
    parser = _Parser(text)
    node = parser.any_of()
    parser.finish()
    if sum(1 for _ in leaves(node)) > MOST_LEAVES:
        raise CannotSearch(f"The search has more than {MOST_LEAVES} words.", "Search for fewer words at a time.")
    return node


def begun(text: str) -> str:
    """The query in which the word still being typed also finds all that begins with it; quotes and days stay."""
    found = _LAST.fullmatch(text)
    if found is None or text.count('"') % 2 or any(day.end == len(text) for day in days_in(text)):
        return text
    before, last = found.groups()
    if last.startswith("-") or re.fullmatch(r"AND|OR|NOT|NEAR(/\d+)?", last):
        return text
    if _IN_NEAR.search(before):
        return f"{before}{last}" if last.isdigit() else f"{before}{last}*"
    # The word itself stays among them, because only whole words are found under other names and when misread.
    return f"{before}({last}* OR {last})"


def leaves(node: Node) -> Iterator[Words | Day]:
    """The words and days of a query, those behind NOT included."""
    match node:
        case Words() | Day():
            yield node
        case Near(parts):
            yield from parts
        case Joined(_, parts):
            for part in parts:
                yield from leaves(part)


def expression(node: Node, widen: Widen = lambda _: (), *, without_not: bool = False) -> str:
    """The query in the words of SQLite's FTS5; ``widen`` gives further spellings under which words may stand.

    ``without_not`` leaves out what is behind NOT, and so finds too much.
    """
    match node:
        case Words():
            return _any((_quoted(node), *(f'"{other}"' for other in widen(node))))
        case Day(day):
            return _any(tuple(f'"{writing}"' for writing in writings(day)))
        case Near(parts, distance):
            return f"NEAR({' '.join(_quoted(part) for part in parts)}, {distance})"
        case Joined("NOT", parts) if without_not:
            return expression(parts[0], widen, without_not=True)
        case Joined(how, parts):
            joined = f" {how} ".join(expression(part, widen, without_not=without_not) for part in parts)
            return f"({joined})"


def _any(expressions: tuple[str, ...]) -> str:
    return expressions[0] if len(expressions) == 1 else f"({' OR '.join(expressions)})"


def _quoted(words: Words) -> str:
    return f'"{" ".join(words.words)}"{" *" if words.prefix else ""}'


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        if not self._tokens:
            raise CannotSearch("There is nothing to search for.")

    def finish(self) -> None:
        if self._peek() is not None:
            raise CannotSearch("A bracket is closed that was never opened.")

    def any_of(self) -> Node:
        parts = [self._all_of()]
        while self._peek() == ("sign", "OR"):
            self._take()
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else Joined("OR", tuple(parts))

    def _all_of(self) -> Node:
        wanted: list[Node] = [self._one()]
        unwanted: list[Node] = []
        while (token := self._peek()) is not None and token not in {("sign", "OR"), ("sign", ")")}:
            if token == ("sign", "AND"):
                self._take()
                if self._peek() != ("sign", "NOT"):
                    wanted.append(self._one())
                    continue
            if self._peek() == ("sign", "NOT"):
                self._take()
                unwanted.append(self._one())
            else:
                wanted.append(self._one())
        node = wanted[0] if len(wanted) == 1 else Joined("AND", tuple(wanted))
        return Joined("NOT", (node, *unwanted)) if unwanted else node

    def _one(self) -> Node:
        token = self._take()
        following = self._peek()
        if token is not None and token[0] == "words" and following is not None and following[0] == "near":
            self._take()
            other = self._take()
            if other is None or other[0] != "words":
                raise CannotSearch("NEAR needs a word before it and a word behind it.")
            return Near((_words(token[1]), _words(other[1])), int(following[1] or _NEAR))
        match token:
            case ("words", text):
                day = written_day(text)
                return Day(day) if day else _words(text)
            case ("sign", "("):
                node = self.any_of()
                if self._take() != ("sign", ")"):
                    raise CannotSearch("A bracket is opened and never closed.")
                return node
            case ("nearby", _):
                return self._nearby()
            case ("sign", sign) if sign in {"AND", "OR", "NOT"}:
                raise CannotSearch(f"{sign} needs something before it and something behind it.")
            case ("near", _):
                raise CannotSearch("NEAR needs a word before it and a word behind it.")
        raise CannotSearch("The search ends where another word should follow.")

    def _nearby(self) -> Node:
        parts: list[Words] = []
        distance = _NEAR
        while (token := self._take()) != ("sign", ")"):
            if token is None or token[0] != "words":
                raise CannotSearch("NEAR(...) takes words, then a comma and a number, and a closing bracket.")
            text, comma, number = token[1].rpartition(",") if "," in token[1] else (token[1], "", "")
            if comma and text:
                parts.append(_words(text))
            if comma and number.strip().isdigit():
                distance = int(number)
            elif not comma and parts and token[1].isdigit() and self._peek() == ("sign", ")"):
                distance = int(token[1])
            elif not comma:
                parts.append(_words(text))
        if len(parts) < 2:
            raise CannotSearch("NEAR(...) needs at least two words.")
        return Near(tuple(parts), min(distance, 1000))

    def _peek(self) -> tuple[str, str] | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> tuple[str, str] | None:
        token = self._peek()
        self._at += 1
        return token


def _words(text: str) -> Words:
    found = tuple(_WORDS.findall(text.replace("'", "")))
    if not found:
        raise CannotSearch(f"There is no word in {text.strip() or 'the quotes'}.")
    return Words(found, text.rstrip().endswith("*"))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Pieces of the query: a sign, NEAR, or words; words that together write a day are one piece."""
    pieces: list[tuple[str, str]] = []
    at = 0
    text = text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            break
        nearby, near, bracket, phrase, stray, word = found.groups()
        at = found.end()
        if stray:
            raise CannotSearch("A quotation mark is opened and never closed.")
        if phrase is not None:
            starred = at < len(text) and text[at] == "*"
            at += starred
            pieces.append(("words", phrase + "*" * starred))
        elif nearby:
            pieces.append(("nearby", ""))
        elif near:
            pieces.append(("near", near.partition("/")[2]))
        elif bracket or word in {"AND", "OR", "NOT"}:
            pieces.append(("sign", bracket or word))
        elif word.startswith("-") and len(word) > 1 and not word[1].isdigit():
            pieces += [("sign", "NOT"), ("words", word[1:])]
        elif _WORDS.search(word) or word.startswith(","):
            pieces.append(("words", word))
    yield from _days_joined(pieces)


def _days_joined(pieces: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(pieces):
        for length in (3, 2):
            run = pieces[at : at + length]
            text = " ".join(words for _, words in run)
            if len(run) == length and all(kind == "words" for kind, _ in run) and written_day(text):
                yield "words", text
                at += length
                break
        else:
            yield pieces[at]
            at += 1
