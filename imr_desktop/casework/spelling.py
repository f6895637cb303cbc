# SPDX-License-Identifier: AGPL-3.0-or-later
"""Spelling, offline: an American English dictionary, the words of medicine and drugs, and the reviewer's own words.

The dictionary is Hunspell's, read by spylls; see ``docs/decisions/0007-writing.md``.
"""

import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from imr_desktop import assets
from imr_desktop.models.case import Case

if TYPE_CHECKING:
    from spylls.hunspell import Dictionary

OWN_WORDS = "spelling_words"
"""The setting of the vault that holds the words which the reviewer added."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOT_PROSE = re.compile(r"\S*(?:://|www\.|@)\S*|\[\[e:[0-9a-z]+\]\]|‹[^›]*›|\{[^}]*\}")
_LONGEST_ABBREVIATION = 5
_SUGGESTIONS = 6


class Speller:
    """Says which words are not spelled as any dictionary knows them; ``never`` are words that are right here."""

    def __init__(self, own: Iterable[str] = (), never: Iterable[str] = ()) -> None:
        self._own = {_folded(word) for word in own}
        self._never = {_folded(word) for word in never}
        self._ignored: set[str] = set()
        self._known: dict[str, bool] = {}

    @property
    def own(self) -> tuple[str, ...]:
        """The words that the reviewer added, in alphabetical order."""
        return tuple(sorted(self._own))

    def wrong(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where words stand that are spelled wrong: from, to, as positions in the text."""
        return tuple((start, start + len(word)) for start, word in _words(text) if not self.right(word))

    def right(self, word: str) -> bool:
        """Whether a word is spelled as some dictionary knows it, or need not be."""
        folded = _folded(word)
        if len(word) < 2 or folded in self._ignored or folded in self._never or folded in self._own:
            return True
        if word not in self._known:
            self._known[word] = _knows(word)
        return self._known[word]

    def suggest(self, word: str) -> tuple[str, ...]:
        """What may have been meant, likeliest first."""
        near = _near_medical(word)
        found = dict.fromkeys(near)
        found.update(dict.fromkeys(each for each in _english().suggest(word) if " " not in each and "-" not in each))
        found.pop(word, None)
        return tuple(_cased(each, word) for each in found)[:_SUGGESTIONS]

    def ignore(self, word: str) -> None:
        """Say no more about a word while this case is open."""
        self._ignored.add(_folded(word))

    def add(self, word: str) -> None:
        """Take a word among the reviewer's own."""
        self._own.add(_folded(word))

    def forget(self, word: str) -> None:
        """Take a word from the reviewer's own."""
        self._own.discard(_folded(word))


def names_in(case: Case) -> frozenset[str]:
    """The words of the case's own names: parties, authors of documents, files; never told as misspelled."""
    header = case.header
    texts: list[Any] = [
        header.employee.name,
        header.employer.name,
        header.requesting_physician.name,
        header.requesting_physician.organisation,
        header.claims_administrator.company,
        header.claims_administrator.examiner,
        case.imro.name,
        case.imro.guideline_label,
        *(document.author for document in case.documents),
        *(document.author_org for document in case.documents),
    ]
    if header.employee.representative is not None:
        texts.append(header.employee.representative.name)
    return frozenset(word for text in texts for _, word in _words(text))


def warm_up() -> None:
    """Read the dictionaries, which takes most of a second."""
    _english()
    _medical()


def _words(text: str) -> Iterator[tuple[int, str]]:
    prose = _NOT_PROSE.sub(lambda found: " " * len(found.group()), text)
    for found in _WORD.finditer(prose):
        start, end = found.span()
        # A word that touches a digit is a code, a level or a strength: L4, C5-6, q4h.
        touches = prose[max(0, start - 1) : start].isdigit() or prose[end : end + 1].isdigit()
        if not touches:
            yield start, found.group()


def _knows(word: str) -> bool:
    plain = word.replace("’", "'")
    if plain.isupper() and len(plain) <= _LONGEST_ABBREVIATION:
        return True
    stem = plain.removesuffix("'s").removesuffix("'")
    if stem.rstrip("s").isupper() and len(stem) <= _LONGEST_ABBREVIATION + 1:
        return True
    if _is_medical(stem.casefold()):
        return True
    return bool(_english().lookup(plain) or _english().lookup(stem))


def _is_medical(word: str) -> bool:
    known = _medical()
    return word in known or any(word.endswith(end) and word.removesuffix(end) in known for end in ("s", "al", "ally"))


def _near_medical(word: str) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    found = process.extract(word.casefold(), sorted(_medical()), scorer=fuzz.ratio, limit=3, score_cutoff=80)
    return tuple(each for each, _, _ in found)


def _cased(suggestion: str, like: str) -> str:
    return suggestion[:1].upper() + suggestion[1:] if like[:1].isupper() else suggestion


def _folded(word: str) -> str:
    return word.replace("’", "'").casefold()


@cache
def _english() -> "Dictionary":
    from spylls.hunspell import Dictionary, readers
    from spylls.hunspell.readers.file_reader import BaseReader

    class _Text(BaseReader):  # type: ignore[misc]
        """A dictionary's file read whole: spylls' own reader leaves files open."""

        def __init__(self, name: str) -> None:
            self._text = assets.path(name).read_text(encoding="utf-8")
            super().__init__(io.StringIO(self._text))

        def reset_encoding(self, _encoding: str) -> None:
            """Begin again at the same line; both files are UTF-8 from the start."""
            self.reset_io(io.StringIO(self._text))

    aff, context = readers.read_aff(_Text("dictionaries/en_US.aff"))
    return Dictionary(aff, readers.read_dic(_Text("dictionaries/en_US.dic"), aff=aff, context=context))


@assets.from_tables
def _medical() -> frozenset[str]:
    lines = assets.path("dictionaries/medical.txt").read_text(encoding="utf-8").splitlines()
    texts = [line for line in lines if not line.startswith("#")]
    for drug in assets.table("tables/drugs.toml")["drugs"]:
        texts += [drug["name"], *drug["brands"]]
    texts += [" ".join(part) for part in assets.table("tables/body.toml")["parts"]]
    abbreviations = assets.table("tables/abbreviations.toml")
    texts += [*abbreviations["common"], *abbreviations["meanings"]]
    for chapter in assets.table("tables/guidelines.toml")["chapter"]:
        texts += [chapter["title"], *chapter.get("sections", ())]
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text) if len(word) > 1)
