# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the command palette can go to in an open case: its items, its documents, a page by its number."""

from collections.abc import Callable, Sequence
from functools import partial

from imr_desktop.models.case import Case
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import PageRef
from imr_desktop.ui.palette import Entry


def entries(
    case: Case, sought: str, show_place: Callable[[Place], object], go_to: Callable[[PageRef], object]
) -> Sequence[Entry]:
    """The entries, a page first where its number was typed."""
    made = [
        Entry(
            f"Item {number}: {item.heading or 'no heading yet'}",
            "Disputed item",
            partial(show_place, Place(Part.ITEMS, item.id)),
        )
        for number, item in enumerate(case.items, 1)
    ]
    for document in case.documents:
        day = "" if document.date is None else f", {document.date:%m/%d/%Y}"
        title = document.title or document.type.value.replace("_", " ")
        made.append(Entry(f"{title}{day}", "Document", partial(show_place, Place(Part.DOCUMENTS, document.id))))
    if sought.strip().isdigit():
        number = int(sought)
        page = next((page for source in case.sources for page in source.pages() if page.case_page == number), None)
        if page is not None:
            made.insert(0, Entry(f"Page {number}", "Case page", partial(go_to, page.ref)))
    return made
