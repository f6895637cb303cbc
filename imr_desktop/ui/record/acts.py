# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every act of the record pane by its name; buttons, keys and menus all give these."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from imr_desktop.ui.record.layout import Flow

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane

Act = Callable[[], object]


class CiteTarget(StrEnum):
    """Where a passage is to be cited."""

    SUMMARY = "summary"
    ITEM = "item"
    CHOSEN_ITEM = "chosen_item"
    NEW_ITEM = "new_item"
    CHRONOLOGY = "chronology"
    COPY = "copy"


def acts_of(pane: "RecordPane") -> dict[str, Act]:
    """What each act does in this pane."""
    going, taking = pane.going, pane.taking
    return {
        "zoom_in": going.zoom_in,
        "zoom_out": going.zoom_out,
        "fit_page": going.fit_page,
        "fit_width": going.fit_width,
        "fit_content": going.fit_content,
        "actual_size": going.actual_size,
        "continuous": lambda: pane.looks.set_flow(Flow.CONTINUOUS),
        "one_page": lambda: pane.looks.set_flow(Flow.ONE),
        "two_pages": lambda: pane.looks.set_flow(Flow.TWO),
        "trim_margins": pane.looks.toggle_trim,
        "fold_repeats": pane.looks.toggle_folds,
        "open_fold": pane.looks.open_fold,
        "page_colours": pane.looks.next_tone,
        "go_to_page": going.ask_for_page,
        "back": going.back,
        "forward": going.forward,
        "first_page": lambda: going.go_to_place(0),
        "last_page": lambda: going.go_to_place(-1),
        "next_document": lambda: going.step_document(1),
        "previous_document": lambda: going.step_document(-1),
        "next_unseen": going.next_unseen,
        "turn_clockwise": lambda: going.turn(90),
        "turn_back": lambda: going.turn(-90),
        "turn_document": lambda: going.turn_document(90),
        "toggle_caret": going.toggle_caret,
        "find_in_record": pane.seeking.find,
        "find_next": lambda: pane.seeking.step(1),
        "find_previous": lambda: pane.seeking.step(-1),
        "find_selected": pane.seeking.find_selected,
        "term_sets": lambda: pane.open_rail("terms"),
        "next_term": lambda: pane.terming.step(None, 1),
        "previous_term": lambda: pane.terming.step(None, -1),
        "toggle_rail": pane.toggle_rail,
        "record_map": lambda: pane.open_rail("map"),
        "toggle_region": taking.toggle_region,
        "cite_item": lambda: taking.cite(CiteTarget.ITEM),
        "cite_summary": lambda: taking.cite(CiteTarget.SUMMARY),
        "cite_chosen": lambda: taking.cite(CiteTarget.CHOSEN_ITEM),
        "cite_new_item": lambda: taking.cite(CiteTarget.NEW_ITEM),
        "cite_chronology": lambda: taking.cite(CiteTarget.CHRONOLOGY),
        "copy_cited": lambda: taking.cite(CiteTarget.COPY),
        "copy": taking.copy,
        "copy_with_citation": taking.copy_with_citation,
        "highlight": pane.marking.highlight,
        "note": pane.marking.note,
        "remove_mark": pane.marking.remove_chosen,
        "bookmark": pane.marking.toggle_bookmark,
        "dismiss_page": pane.marking.dismiss,
        "split": pane.split_wanted.emit,
        "tear_off": pane.window_wanted.emit,
        "give_up": taking.give_up,
    }


def offers_of(acts: dict[str, Act]) -> tuple[tuple[str, Act], ...]:
    """What the bar beside a selection offers."""
    return (
        ("Cite in summary (S)", acts["cite_summary"]),
        ("Cite in current item (E)", acts["cite_item"]),
        ("Mark (H)", acts["highlight"]),
        ("Copy (Ctrl+C)", acts["copy"]),
    )
