# SPDX-License-Identifier: AGPL-3.0-or-later
"""Other names for what is searched: brand and generic, abbreviation and its words, a spinal level however written."""

import re
from collections.abc import Iterator

from imr_desktop import assets
from imr_desktop.casework.query import Words

_PARTS = re.compile(r"[^\W_]+")
_LEVEL = re.compile(r"([clst])(\d{1,2})", re.IGNORECASE)

Key = tuple[str, ...]


def others(words: Words) -> dict[Key, str]:
    """Other names under which a record may say these words, as words in a row, each with the name as it is printed.

    Nothing for the beginning of a word. The tables are ``search_words.toml`` and ``drugs.toml``.
    """
    if words.prefix:
        return {}
    key = tuple(word.lower() for word in words.words)
    found = dict(_groups().get(key, ()))
    found.update(_levels(key))
    found.pop(key, None)
    return found


def why(words: Words, other: str) -> str:
    """Why a hit was found that does not say what was typed, in a few words."""
    return f"{other} is another name for {' '.join(words.words)}"


def _levels(key: Key) -> Iterator[tuple[Key, str]]:
    """``L4-5``, ``L4/5``, ``L4-L5`` and ``L4 L5`` are one level."""
    if len(key) != 2:
        return
    first = _LEVEL.fullmatch(key[0])
    second = _LEVEL.fullmatch(key[1])
    if first is None:
        return
    if second is not None and second[1] == first[1]:
        yield (key[0], second[2]), f"{key[0].upper()}-{second[2]}"
    elif key[1].isdigit() and int(key[1]) == int(first[2]) + 1:
        yield (key[0], first[1] + key[1]), f"{key[0].upper()}-{(first[1] + key[1]).upper()}"


@assets.from_tables
def _groups() -> dict[Key, tuple[tuple[Key, str], ...]]:
    table: dict[Key, dict[Key, str]] = {}
    rows = [list(map(str, row)) for row in assets.table("tables/search_words.toml")["groups"]]
    drugs = [(row["name"], row["brands"]) for row in assets.table("tables/drugs.toml")["drugs"]]
    short = {name: [brand for brand in brands if len(brand) <= 5 and brand != name] for name, brands in drugs}
    rows += [list(dict.fromkeys(_drug_names(name, brands, short))) for name, brands in drugs]
    for row in rows:
        keys = {_key(name): name for name in row}
        for key in keys:
            table.setdefault(key, {}).update(keys)
    return {key: tuple(names.items()) for key, names in table.items()}


def _drug_names(name: str, brands: list[str], short: dict[str, list[str]]) -> Iterator[str]:
    yield name
    yield from brands
    parts = name.split("/")
    for at, part in enumerate(parts):
        if len(parts) > 1:
            # hydrocodone/APAP is hydrocodone/acetaminophen: the parts of a combination go by their short names too.
            for other in short.get(part, ()):
                yield "/".join((*parts[:at], other, *parts[at + 1 :]))


def _key(name: str) -> Key:
    return tuple(part.lower() for part in _PARTS.findall(name.replace("'", "")))
