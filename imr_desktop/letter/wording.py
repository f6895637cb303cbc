# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter's fixed wording: one editable table for each format that letters have had over the years."""

from functools import cache
from typing import Any

from imr_desktop import assets
from imr_desktop.errors import Trouble
from imr_desktop.models.wording import Wording

_FOLDER = "wording"
_CELLS = ", "


class UnknownFormat(Trouble):
    """A letter names a format for which there is no wording table."""

    default_advice = "Choose one of the formats that the program knows."


@cache
def formats() -> tuple[str, ...]:
    """The formats that can be printed; each is a file ``resources/wording/<format>.toml``."""
    return tuple(sorted(file.stem for file in assets.path(_FOLDER).glob("*.toml")))


@cache
def load(format: str) -> Wording:  # noqa: A002  (the word of the case file)
    """The wording of a format; UnknownFormat if there is none.

    Slots are the entries of the table ``[slots]``. A slot of several lines holds several paragraphs. The lists of
    ``[order]`` and ``[header_rows]`` become the slots ``order_<rendition>`` (one part a line) and
    ``header_rows_<rendition>`` (one row a line, its cells divided by ", "), so that a wording is texts alone.
    """
    if format not in formats():
        known = ", ".join(formats())
        raise UnknownFormat(
            f"The letter format {format!r} is unknown.", f"Choose one of: {known}.", place=f"letter format {format!r}"
        )
    table = assets.table(f"{_FOLDER}/{format}.toml")
    return Wording(format, {**table["slots"], **_folded(table)})


def _folded(table: dict[str, Any]) -> dict[str, str]:
    orders = {f"order_{rendition}": "\n".join(parts) for rendition, parts in table["order"].items()}
    rows = {
        f"header_rows_{rendition}": "\n".join(_CELLS.join(row) for row in listed)
        for rendition, listed in table["header_rows"].items()
    }
    return {**orders, **rows}


def parts(wording: Wording, rendition: str) -> tuple[str, ...]:
    """The parts of a rendition (``submission``, ``party``, ``public``) in the order in which they are printed."""
    return tuple(wording.slots[f"order_{rendition}"].split("\n"))


def header_rows(wording: Wording, rendition: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a rendition's header table: the names of one or two cells each."""
    return tuple(tuple(row.split(_CELLS)) for row in wording.slots[f"header_rows_{rendition}"].split("\n"))
