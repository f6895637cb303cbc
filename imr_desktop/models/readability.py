# SPDX-License-Identifier: AGPL-3.0-or-later
"""How hard a text is to read: the one reading grade that the window shows and a finding names."""

import re
from collections.abc import Iterable

from imr_desktop.models.narrative import Narrative

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z(])")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_SYLLABLE = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<![^aeiouy]l)e$")  # a last e is silent, but for that of table
_FEW = 20


def words(text: str) -> list[str]:
    """The words of a text, figures aside."""
    return _WORD.findall(text)


def sentences(narrative: Narrative) -> tuple[str, ...]:
    """The sentences of a narrative without its anchors."""
    paragraphs = narrative.printed(lambda _: "")
    return tuple(part for paragraph in paragraphs for part in _SENTENCE.split(paragraph) if _WORD.search(part))


def grade(told: Iterable[str]) -> float | None:
    """The school grade from which sentences can be read (Flesch-Kincaid, from 0); None for fewer than twenty words."""
    said = tuple(told)
    spoken = [word for sentence in said for word in words(sentence)]
    if len(spoken) < _FEW:
        return None
    syllables = sum(max(1, len(_SYLLABLE.findall(_SILENT.sub("", word.lower())))) for word in spoken)
    return max(0.0, 0.39 * len(spoken) / len(said) + 11.8 * syllables / len(spoken) - 15.59)
