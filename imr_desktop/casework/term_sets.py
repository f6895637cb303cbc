# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search terms made from a disputed item by itself: its drug under every name, its procedure, part, side and level."""

import re

from imr_desktop import assets
from imr_desktop.casework.request_wording import quantity_of
from imr_desktop.models.items import DisputedItem

TERM_SETS = "term sets"
"""The setting of the vault that holds the sets of every case, by name."""


def terms_of(item: DisputedItem) -> tuple[str, ...]:
    """The terms proposed for an item, the treatment first; the reviewer takes what is of use (row F11)."""
    wording = " ".join((item.heading or item.requested.wording).split())
    low, found = wording.casefold(), dict[str, None]()
    for drug in assets.table("tables/drugs.toml")["drugs"]:
        names = [drug["name"], *drug["brands"]]
        if any(_stands(name, low) for name in names):
            found.update(dict.fromkeys(names))
    for treatment in assets.table("tables/requests.toml")["treatments"]:
        if _stands(treatment, low, "/-"):
            found[treatment] = None
    for name, written in assets.table("tables/synonyms.toml")["concepts"].items():
        if any(_stands(each.casefold(), low) for each in written):
            found[name] = None
    read = quantity_of(wording)
    parts = [part for part in read.body_part.split(", ") if part]
    side = "" if read.side is None else f"{read.side.value} "
    found.update(dict.fromkeys(f"{side}{part}" for part in parts))
    found.update(dict.fromkeys(read.spinal_levels))
    if not found and wording:
        found[wording] = None
    return tuple(found)


def _stands(name: str, low: str, also: str = "") -> bool:
    """Whether a name stands in a text by itself; ``also`` are marks that would make it part of another word."""
    # Most names of the tables are not in the text at all, and a pattern made for each costs a hundred times more.
    return name in low and re.search(rf"(?<![\w{also}]){re.escape(name)}(?![\w{also}])", low) is not None
