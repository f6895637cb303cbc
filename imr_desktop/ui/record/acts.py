# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every act of the record pane by its name; buttons, keys and menus all give these."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane

Act = Callable[[], object]


class CiteTarget(StrEnum):
    """Where a passage is to be cited."""

    SUMMARY = "summary"
    ITEM = "item"


def acts_of(pane: "RecordPane") -> dict[str, Act]:
    """What each act does in this pane."""
    return {
        "zoom_in": pane.zoom_in,
        "zoom_out": pane.zoom_out,
        "fit_page": pane.fit_page,
        "fit_width": pane.fit_width,
        "fit_content": pane.fit_content,
        "actual_size": pane.actual_size,
        "go_to_page": pane.ask_for_page,
        "back": pane.back,
        "forward": pane.forward,
        "first_page": lambda: pane.go_to_place(0),
        "last_page": lambda: pane.go_to_place(-1),
        "next_document": lambda: pane.step_document(1),
        "previous_document": lambda: pane.step_document(-1),
        "next_unseen": pane.next_unseen,
        "turn_clockwise": lambda: pane.turn(90),
        "turn_back": lambda: pane.turn(-90),
        "toggle_rail": pane.toggle_rail,
        "toggle_region": pane.toggle_region,
        "cite_item": lambda: pane.cite(CiteTarget.ITEM),
        "cite_summary": lambda: pane.cite(CiteTarget.SUMMARY),
        "copy": pane.copy,
        "give_up": pane.give_up,
    }


def offers_of(acts: dict[str, Act]) -> tuple[tuple[str, Act], ...]:
    """What the bar beside a selection offers."""
    return (
        ("Cite in summary (S)", acts["cite_summary"]),
        ("Cite in current item (E)", acts["cite_item"]),
        ("Copy as text (Ctrl+C)", acts["copy"]),
    )
