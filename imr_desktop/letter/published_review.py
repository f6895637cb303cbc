# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of 2013, in which issues, guidelines and rationales are sections of their own: put together item by item."""

from collections.abc import Sequence

from imr_desktop.letter.published_items import ItemRead, ItemsRead, headings_apart, outcome_of, own_label, put_under
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
    found.own_label = own_label(told["guidelines"].texts) if "guidelines" in told else ""
    for part in ("guidelines", "rationales"):
        if part in told and found.items:
            _share_out(
                [each.text for each in headings_apart(told[part].parts)],
                found,
                "rationale" if part == "rationales" else "reviewer",
            )


def _share_out(texts: Sequence[str], found: ItemsRead, default: str) -> None:
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
            put_under(found, into, text, default)
