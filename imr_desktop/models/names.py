# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names compared as people read them: letters without case or accents, parts in any order, titles aside."""

import re
import unicodedata
from collections.abc import Collection, Iterable

# What stands before or behind a name and shows that it is one.
_BEFORE = frozenset({"dr", "prof", "doctor"})
_BEHIND = frozenset({"md", "phd", "lac", "do", "dc"})
# "Do" and "DC" are words of other kinds too, and tell a person only where they follow the name.
_BESIDE = (_BEFORE | _BEHIND) - {"do", "dc"}
# So many words are a label; what has more characters than a sentence is read as running text.
_A_LABEL, _A_SENTENCE = 3, 400
# Shorter words are a slip away from too many others.
_LONG_ENOUGH = 6
_TITLES = frozenset(
    {"dr", "md", "do", "phd", "dc", "lac", "mr", "mrs", "ms", "prof", "jr", "sr", "ii", "iii", "iv", "esq"}
)
# Letters that Unicode does not take apart into a plain one and an accent; apostrophes join what they stand between.
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


def stands_alone(text: str, name: str, others: Iterable[str] = ()) -> bool:
    """Whether a short text, such as a property or a field of attached data, tells ``name`` by its family name alone.

    Among a few words any writing of it counts; in a sentence it has to be capitalised where no sentence begins. What
    one of the ``others`` is called counts in neither.
    """
    family = _given_and_family(name)[1] - {part for other in others for part in _words(other)}
    if len(text.split()) <= _A_LABEL:
        return carries(text, name) and (not _given_and_family(name)[1] or bool(family & set(_words(text))))
    if len(text) > _A_SENTENCE:
        return False
    named = re.findall(r"(?<=[^\W_][\s,;(])[^\W_]+", unicodedata.normalize("NFC", text))
    return any(word[0].isupper() and _is(plain, family) for word in named for plain in _all_words(word))


def stands_in(text: str, name: str, others: Iterable[str] = ()) -> bool:
    """Whether a running text tells ``name``: its parts, initials too, stand in it as words close to one another.

    A certificate's subject holds a name and little else; a letter of many words may hold all parts of a name that it
    does not tell. A family name beside a title, a degree or the given name's initial tells it as well, however it is
    capitalised; so does a longer name with one slip in it. A family name shared with one of the ``others`` whom the
    text may name tells nothing by its title alone. A number is found however it is divided.
    """
    if "@" in name:
        return _bare(name).strip() in _bare(text)
    if any(mark.isdigit() for mark in name):
        number = "".join(_all_words(name))
        return len(number) > 3 and number in "".join(_all_words(text))
    return _stands_whole(text, name) or _stands_titled(text, name, others)


def _stands_titled(text: str, name: str, others: Iterable[str]) -> bool:
    given, family = _given_and_family(name)
    shared = family & {part for other in others for part in _words(other)}
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text))
    meant = {word for word in set(words) if any(_is(plain, family) for plain in _all_words(word))}
    return any(
        word in meant and _shows_a_name(words, at, given, titled=not family & shared) for at, word in enumerate(words)
    )


def _shows_a_name(words: list[str], at: int, given: str, *, titled: bool) -> bool:
    around = (*words[max(0, at - 2) : at], *words[at + 1 : at + 3])
    capital = words[at][0].isupper()
    # A capital alone is an initial where an article would be small.
    if capital and any(each == each.upper() and each.casefold() == given[:1] for each in around):
        return True
    if not titled:
        return False
    before, behind = words[max(0, at - 1) : at], words[at + 1 : at + 2]
    if any(each.casefold() in _BEFORE for each in before) or any(each.casefold() in _BEHIND for each in behind):
        return True
    return capital and any(each.casefold() in _BESIDE for each in around)


def _is(word: str, wanted: Collection[str]) -> bool:
    """Whether a word is one of these, or a longer one of them with one slip in it."""
    return word in wanted or any(len(each) >= _LONG_ENOUGH and _one_slip(word, each) for each in wanted)


def _one_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter that is wrong, missing, too many, or changed places with the next."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, wanted = one[same:], other[same:]
    if len(rest) == len(wanted):
        return rest[1:] == wanted[1:] or (rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:])
    return rest[1:] == wanted or rest == wanted[1:]


def _stands_whole(text: str, name: str) -> bool:
    wanted = [word for word in _all_words(name) if word not in _TITLES]
    telling = {word for word in wanted if len(word) > 1}
    if len(telling) < 2:
        telling = set(wanted)
    words = _all_words(text)
    meant = {word: each for word in set(words) for each in telling if _is(word, (each,))}
    words = [meant.get(word, word) for word in words]
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
