# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a page's digital words are language, or what a broken encoding made of it; and whether two texts agree."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache

from imr_desktop import assets
from imr_desktop.models.records import Word

_ENOUGH = 12  # words below which nothing can be said by counting
_ENOUGH_LETTERS, _LEAST_VOWELS, _MOST_VOWELS = 80, 0.24, 0.62
_BAD_LETTERS, _BAD_WORDS = 0.08, 0.45
_VOWELS = set("aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿ")
_LETTERS = re.compile(r"[^\W\d_]+")
# A letter beside a sign that no spelling puts there, or a digit wrapped in letters ("WR\\LQWR", "7KH").
_MIXED = re.compile(r"[^\W\d_][\\^~|<>{}\[\]=+*%$#@!?\"]+[^\W\d_]|^\d[^\W\d_]{2,}$")
# What serial numbers, doses, and codes look like; nobody takes these for words.
_CODE = re.compile(r"\d")
_ABBREVIATION_LETTERS = 5
_SPELLED, _ENOUGH_SPELLED, _BEYOND_LATIN = 3, 20, 0x250
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly")


def broken(words: Sequence[Word]) -> bool:
    """Whether the words of a page are mostly not language: letters of unknown meaning, or an alphabet shifted.

    Few words are given the benefit of the doubt, unless their letters mean nothing.
    """
    text = "".join(word.text for word in words)
    if not text:
        return False
    if sum(map(_meaningless, text)) > _BAD_LETTERS * len(text):
        return True
    judged = [word.text for word in words if _is_latin(word.text)]
    if len(judged) < _ENOUGH:
        return False
    letters = "".join(char for word in judged if not _CODE.search(word) for char in word.casefold() if char.isalpha())
    vowels = sum(char in _VOWELS for char in letters) / max(1, len(letters))
    odd = len(letters) >= _ENOUGH_LETTERS and not _LEAST_VOWELS <= vowels <= _MOST_VOWELS
    return odd or sum(map(_garbled, judged)) > _BAD_WORDS * len(judged)


def agreement(one: Sequence[str], other: Sequence[str]) -> float:
    """How far two readings of one page say the same (0 to 1): words in common of all words, order aside."""
    mine, theirs = Counter(map(_plain, one)), Counter(map(_plain, other))
    mine.pop("", None)
    theirs.pop("", None)
    common, together = (mine & theirs).total(), (mine | theirs).total()
    return common / together if together else 1.0


def known_share(words: Sequence[str]) -> float:
    """The share (0 to 1) of the words which are English or of medicine; 1.0 where they are too few to tell."""
    spelled = [part for word in words for part in _LETTERS.findall(word) if len(part) >= _SPELLED]
    if len(spelled) < _ENOUGH_SPELLED:
        # Words of which hardly a letter is of our alphabet tell enough by themselves.
        strange = sum(char.isalpha() and ord(char) >= _BEYOND_LATIN for word in words for char in word)
        letters = sum(char.isalpha() for word in words for char in word)
        return 0.0 if letters >= _ENOUGH_SPELLED and 2 * strange > letters else 1.0
    return sum(map(_is_known, spelled)) / len(spelled)


def _is_known(word: str) -> bool:
    plain, known = word.casefold(), _dictionary()
    if plain in known:
        return True
    stems = [plain[: -len(ending)] for ending in _ENDINGS if plain.endswith(ending)]
    return any(stem in known or f"{stem}e" in known for stem in stems)


@cache
def _dictionary() -> frozenset[str]:
    """The spellings of the dictionaries without their endings, in small letters."""
    english = assets.path("dictionaries/en_US.dic").read_text(encoding="utf-8").splitlines()[1:]
    medical = assets.path("dictionaries/medical.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.partition("/")[0].strip().casefold() for line in (*english, *medical))


def _plain(word: str) -> str:
    return "".join(char for char in word.casefold() if char.isalnum())


def _meaningless(char: str) -> bool:
    return char == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(char) in {"Co", "Cn", "Cc"}


def _is_latin(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    return len(letters) >= 3 and all(ord(char) < 0x250 for char in letters)


def _garbled(word: str) -> bool:
    if _MIXED.search(word):
        return True
    if _CODE.search(word):
        return False
    longest = max((part for part in _LETTERS.findall(word)), key=len, default="")
    if len(longest) < _ABBREVIATION_LETTERS and longest.isupper():
        return not set(longest.casefold()) & _VOWELS and len(longest) > 3
    return not set(longest.casefold()) & _VOWELS
