# SPDX-License-Identifier: AGPL-3.0-or-later
"""Other spellings under which OCR may have left a word: rn for m, l for 1, a letter wrong, a word split in two."""

from collections.abc import Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from imr_desktop.casework.query import Words
from imr_desktop.storage.page_search import PageSearch

_LOOKS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"))
_LETTERS = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "|": "l"})
_SHORTEST = 4
_MOST = 40
_SPLIT_FROM = 6


class Forgiving:
    """The words of one case's index as their looks, made once and used until the index changes."""

    def __init__(self, index: PageSearch) -> None:
        self._index = index
        self._terms: Mapping[str, int] = {}
        self._looks: dict[str, list[str]] = {}

    def widen(self, words: Words) -> tuple[str, ...]:
        """Terms or phrases that may be misreadings of these words; none for numbers, doses, dates and beginnings."""
        if words.prefix or any(_numeric(word) for word in words.words):
            return ()
        self._refresh()
        if len(words.words) == 1:
            return tuple(self._one(words.words[0]))
        return tuple(self._run(words.words))

    def _refresh(self) -> None:
        terms = self._index.terms()
        if terms is self._terms:
            return
        self._terms = terms
        self._looks = {}
        for term in terms:
            # A term of mostly digits is a number or a code, and never a misread word.
            if 2 * sum(map(str.isdigit, term)) < len(term):
                self._looks.setdefault(_look(term), []).append(term)

    def _one(self, word: str) -> Iterator[str]:
        word = word.lower()
        stems = self._index.stems([word])
        stem = stems.get(word, word)
        if len(word) >= _SHORTEST:
            for term in self._close(stem):
                if term != stem:
                    yield term
        if len(word) >= _SPLIT_FROM:
            yield from self._split(word)

    def _close(self, stem: str) -> list[str]:
        look = _look(stem)
        slips = min(3, max(1, len(look) // 4)) if len(look) >= _SHORTEST else 0
        found = process.extract(
            look, list(self._looks), scorer=Levenshtein.distance, score_cutoff=slips, limit=_MOST, processor=None
        )
        return [term for close, _, _ in found for term in self._looks[close]]

    def _split(self, word: str) -> Iterator[str]:
        halves = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        stems = self._index.stems([half for pair in halves for half in pair])
        for left, right in halves:
            if stems.get(left) in self._terms and stems.get(right) in self._terms:
                yield f"{left} {right}"

    def _run(self, words: tuple[str, ...]) -> Iterator[str]:
        """Phrases with one word misread, and the phrase run together."""
        for at, word in enumerate(words):
            if len(word) >= _SHORTEST:
                stem = self._index.stems([word.lower()]).get(word.lower(), word)
                for term in self._close(stem)[:_MOST]:
                    if term != stem:
                        yield " ".join((*words[:at], term, *words[at + 1 :]))
        joined = "".join(words).lower()
        if self._index.stems([joined]).get(joined) in self._terms:
            yield joined


def _numeric(word: str) -> bool:
    return any(char.isdigit() for char in word)


def _look(term: str) -> str:
    for seen, meant in _LOOKS:
        term = term.replace(seen, meant)
    return term.translate(_LETTERS)
