# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names compared as people read them: letters without case or accents, parts in any order, titles aside."""

import re
import unicodedata

_TITLES = frozenset(
    {"dr", "md", "do", "phd", "dc", "lac", "mr", "mrs", "ms", "prof", "jr", "sr", "ii", "iii", "iv", "esq"}
)
# Letters that Unicode does not take apart into a plain one and an accent; apostrophes join what they stand between.
# What stands beside a name and shows that it is one.
_BESIDE = frozenset({"dr", "md", "phd", "lac", "prof", "doctor"})
_PLAIN = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "þ": "th", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("'’ʼ`´", "")
)


def carries(text: str, name: str) -> bool:
    """Whether a certificate's ``text`` tells ``name``: by all its parts, or by a part of the family name alone.

    An e-mail address is looked for as a whole.
    """
    if "@" in name:
        return _bare(name).strip() in _bare(text)
    found = frozenset(_words(text))
    wanted = parts(name)
    if wanted and wanted <= found:
        return True
    # A family name alone tells it too: who reads a certificate looks for no more.
    return bool(_given_and_family(name)[1] & found)


def stands_in(text: str, name: str) -> bool:
    """Whether a running text tells ``name``: its parts, initials too, stand in it as words close to one another.

    A certificate's subject holds a name and little else; a letter of many words may hold all parts of a name that it
    does not tell. A family name beside a title, a degree or the given name's initial tells it as well. A number is
    found however it is divided.
    """
    if "@" in name:
        return _bare(name).strip() in _bare(text)
    if any(mark.isdigit() for mark in name):
        number = "".join(_all_words(name))
        return len(number) > 3 and number in "".join(_all_words(text))
    return _stands_whole(text, name) or _stands_titled(text, name)


def _stands_titled(text: str, name: str) -> bool:
    given, family = _given_and_family(name)
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text))
    return any(
        word[0].isupper() and family & set(_all_words(word)) and _shows_a_name(words, at, given)
        for at, word in enumerate(words)
    )


def _shows_a_name(words: list[str], at: int, given: str) -> bool:
    around = (*words[max(0, at - 2) : at], *words[at + 1 : at + 3])
    # A capital alone is an initial where an article would be small.
    return any(each.casefold() in _BESIDE or (each == each.upper() and each.casefold() == given[:1]) for each in around)


def _stands_whole(text: str, name: str) -> bool:
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
