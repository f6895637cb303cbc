# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of 2013, in which issues, guidelines and rationales are sections of their own: put together item by item."""

from collections.abc import Sequence

from imr_desktop.letter.published_items import ItemRead, ItemsRead, outcome_of, put_under
from imr_desktop.letter.published_sections import Section


def gather(sections: Sequence[Section], found: ItemsRead) -> None:
    """Add to ``found`` the items that the sections of this form tell of, each part under its item's heading."""
    told = {section.part: section for section in sections}
    if "issues" not in told:
        return
    for text in told["issues"].texts:
        item = outcome_of(text)
        if item is not None:
            found.items.append(item)
        elif found.items:
            found.items[-1].loose.append(text)
        else:
            found.lead_in.append(text)
    for part in ("guidelines", "rationales"):
        if part in told and found.items:
            _share_out(told[part].texts, found, rationales=part == "rationales")


def _share_out(texts: Sequence[str], found: ItemsRead, *, rationales: bool) -> None:
    """Give each paragraph to the item under whose heading it stands; the first where there are no headings."""
    headings = [item.heading for item in found.items]
    into: ItemRead = found.items[0]
    at = -1
    for text in texts:
        named = outcome_of(text)
        if named is not None and len(found.items) > 1 and named.heading in headings[at + 1 :]:
            at = headings.index(named.heading, at + 1)
            into = found.items[at]
        else:
            put_under(into, text, found.labels, rationale=rationales)
