# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names compared as people read them: letters without case or accents, parts in any order, titles aside."""

import re
import unicodedata

_TITLES = frozenset(
    {"dr", "md", "do", "phd", "dc", "lac", "mr", "mrs", "ms", "prof", "jr", "sr", "ii", "iii", "iv", "esq"}
)
# Letters that Unicode does not take apart into a plain one and an accent; apostrophes join what they stand between.
_PLAIN = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "þ": "th", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("'’ʼ`´", "")
)


def carries(text: str, name: str) -> bool:
    """Whether ``text`` tells ``name``: all its parts of two or more letters stand in the text as words.

    A given name together with a part of the family name tells it too: certificates often leave middle names out. An
    e-mail address is looked for as a whole.
    """
    if "@" in name:
        return _bare(name).strip() in _bare(text)
    found = frozenset(_words(text))
    wanted = parts(name)
    if wanted and wanted <= found:
        return True
    given, family = _given_and_family(name)
    return given in found and bool(family & found)


def stands_in(text: str, name: str) -> bool:
    """Whether a running text tells ``name``: its parts, initials too, stand in it as words close to one another.

    A certificate's subject holds a name and little else; a letter of many words may hold all parts of a name that it
    does not tell.
    """
    if "@" in name:
        return _bare(name).strip() in _bare(text)
    wanted = [word for word in _all_words(name) if word not in _TITLES]
    telling = {word for word in wanted if len(word) > 1}
    if len(telling) < 2:
        telling = set(wanted)
    words = _all_words(text)
    width = len(wanted) + 2
    near = (set(words[start : start + width]) for start in range(len(words)))
    return bool(telling) and any(telling <= found for found in near)


def parts(name: str) -> frozenset[str]:
    """The parts by which a name is known: without titles, unless there is nothing else."""
    words = frozenset(_words(name))
    return words - _TITLES or words


def _given_and_family(name: str) -> tuple[str, frozenset[str]]:
    """The first given name and the family name's parts of ``Ana Maria Nunez-Soto`` or ``Nunez Soto, Ana Maria``."""
    before, _, after = name.partition(",")
    if (named := _lettered(before)) and (given := _lettered(after)):
        return given[0], frozenset(named)
    groups = [group for group in map(_lettered, before.split()) if group]
    return (groups[0][0], frozenset(groups[-1])) if len(groups) > 1 else ("", frozenset())


def _lettered(text: str) -> list[str]:
    return [word for word in _words(text) if word.isalpha() and word not in _TITLES]


def _words(text: str) -> list[str]:
    return [word for word in _all_words(text) if len(word) > 1]


def _all_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _bare(text))


def _bare(text: str) -> str:
    marks = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in marks if not unicodedata.combining(mark)).casefold().translate(_PLAIN)
