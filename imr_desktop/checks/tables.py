# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editable tables, each with its date and source, and what is wrong with a newer one before it is taken."""

import re
import tomllib
from typing import Any, NamedTuple

from imr_desktop import assets
from imr_desktop.checks import table_problems

NAMES = (
    "abbreviations",
    "body",
    "categories",
    "closings",
    "document_types",
    "drugs",
    "evidence_levels",
    "fact_labels",
    "guidelines",
    "holidays",
    "law",
    "mending",
    "plain_language",
    "protected_traits",
    "regions",
    "requests",
    "scaffold",
    "scope",
    "search_words",
    "specialties",
    "synonyms",
    "websites",
)


class Drug(NamedTuple):
    """One drug: its name, every name it goes by (the first is the name), and the strengths it is sold in."""

    name: str
    names: tuple[str, ...]
    strengths: frozenset[str]


def dated(name: str) -> tuple[str, str]:
    """The day of a table (ISO 8601) and where its rows come from."""
    table = assets.table(f"tables/{name}.toml")
    return str(table["date"]), str(table["source"])


def problems(name: str, text: str) -> tuple[str, ...]:
    """What keeps ``text`` from replacing the table ``name``, in sentences; none if it may."""
    if name not in NAMES:
        return (f"There is no table called {name}.",)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        return (f"The table cannot be read: {why}.",)
    said = [f"The table does not state its {key}." for key in ("date", "source") if not table.get(key)]
    return (*said, *table_problems.wrong(name, table, assets.shipped(f"tables/{name}.toml")))


@assets.from_tables
def drugs() -> dict[str, Drug]:
    """Every drug by each of its names, in small letters."""
    found: dict[str, Drug] = {}
    for row in assets.table("tables/drugs.toml")["drugs"]:
        called = tuple(name.lower() for name in (row["name"], *row["brands"]))
        drug = Drug(called[0], called, frozenset(row["strengths"]))
        found |= dict.fromkeys(drug.names, drug)
    return found


@assets.from_tables
def parts() -> dict[str, str]:
    """The part of the body that each word for it names."""
    return {word: row[0] for row in assets.table("tables/body.toml")["parts"] for word in row}


@assets.from_tables
def concepts() -> dict[str, tuple[str, ...]]:
    """The synonyms that say one thing, by its name."""
    table: dict[str, list[str]] = assets.table("tables/synonyms.toml")["concepts"]
    return {name: tuple(words) for name, words in table.items()}


@assets.from_tables
def values(name: str, key: str) -> tuple[Any, ...]:
    """One list of a table."""
    return tuple(assets.table(f"tables/{name}.toml")[key])


@assets.from_tables
def mapping(name: str, key: str) -> dict[str, str]:
    """One dictionary of a table."""
    return {str(each): str(value) for each, value in assets.table(f"tables/{name}.toml")[key].items()}


@assets.from_tables
def pattern(name: str, key: str) -> re.Pattern[str]:
    """One list of words or regular expressions of a table as a pattern of whole words, case aside."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(str, values(name, key)))})(?!\w)", re.IGNORECASE)


def alternation(words: Any) -> str:
    """Words as one regular expression, the longest first; what words begin with in common is looked at once."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[_END] = {}
    return _branches(tree)


_END = ""


def _branches(node: dict[str, Any]) -> str:
    """What may follow here; a word that ends here is tried after those that go on."""
    ways = [re.escape(letter) + _branches(after) for letter, after in node.items() if letter != _END]
    if not ways:
        return ""
    optional = "?" if _END in node else ""
    return f"(?:{'|'.join(ways)}){optional}" if len(ways) > 1 or optional else ways[0]
