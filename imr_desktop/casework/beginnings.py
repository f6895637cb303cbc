# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words of which only the beginning was typed: the index keeps stems, which may be shorter than what was typed."""

import re
import unicodedata
from collections.abc import Iterator

from imr_desktop.casework.query import Day, Joined, Near, Node, Words, leaves
from imr_desktop.storage.page_search import PageMatch, PageSearch

_SHORTEST = 2
# What a stem may have besides the beginning of its words: taking is kept as take, disability as disabl.
_STEM_ENDS = ("", "e", "l", "le")


class Beginnings:
    """The beginnings within one query: under which stems their words may stand, and which of those begin so."""

    def __init__(self, index: PageSearch, node: Node) -> None:
        self._index, self._node = index, node
        self._words = [leaf for leaf in leaves(node) if isinstance(leaf, Words)]
        self._begun = [_plain(leaf.words[-1]) for leaf in self._words if leaf.prefix]
        self._heads = self._known_heads() if self._begun else {}

    def widen(self, words: Words) -> tuple[str, ...]:
        """The stems, shorter than the beginning, that its words may have; none for whole words."""
        if not words.prefix:
            return ()
        last, terms = _plain(words.words[-1]), self._index.terms()
        stems = (last[:count] + end for count in range(_SHORTEST, len(last)) for end in _STEM_ENDS)
        return tuple(" ".join((*words.words[:-1], stem)) for stem in dict.fromkeys(stems) if stem in terms)

    def answering(self, match: PageMatch) -> tuple[tuple[int, int], ...]:
        """What stands on the page and does begin so; empty where the page only has words of a shorter stem."""
        if not self._begun:
            return match.spans
        kept = {span: set(_words_of(match.text[span[0] : span[1]])) for span in match.spans}
        kept = {span: words for span, words in kept.items() if self._is_meant(words)}
        found = set().union(*kept.values())
        return tuple(kept) if self._holds(self._node, found) else ()

    def _known_heads(self) -> dict[str, tuple[str, ...]]:
        words = [_plain(word) for leaf in self._words for word in leaf.words]
        stems = self._index.stems(words)
        return {word: tuple(_heads(word, stems.get(word, word))) for word in words}

    def _is_meant(self, words: set[str]) -> bool:
        if any(word.startswith(heads) for word in words for heads in self._heads.values()):
            return True
        return not any(word.startswith(begun[:_SHORTEST]) for word in words for begun in self._begun)

    def _holds(self, node: Node, found: set[str]) -> bool:
        match node:
            case Words(words):
                return any(word.startswith(self._heads[_plain(words[-1])]) for word in found)
            case Day() | Near():
                return True
            case Joined("OR", parts):
                return any(self._holds(part, found) for part in parts)
            case Joined("AND", parts):
                return all(self._holds(part, found) for part in parts)
            case Joined(_, parts):
                return self._holds(parts[0], found)


def _heads(word: str, stem: str) -> Iterator[str]:
    """How all words begin that the index keeps under the stem of this one, or that go on from it."""
    yield word
    if stem != word:
        yield stem[:-1]
    elif word.endswith("i"):
        yield f"{word[:-1]}y"


def _words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _plain(text))


def _plain(text: str) -> str:
    """Small letters without accents, as the index has them."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
