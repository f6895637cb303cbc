# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of the record pane, as one table; single letters count only while a page has the focus.

They are read from key presses that nothing else took, so that a window that gives the same keys in its menus wins.
"""

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

KEYS: dict[str, str] = {
    "Ctrl+0": "fit_page",
    "Ctrl+1": "actual_size",
    "Ctrl+2": "fit_width",
    "Ctrl+3": "fit_content",
    "Ctrl++": "zoom_in",
    "Ctrl+=": "zoom_in",
    "Ctrl+-": "zoom_out",
    "Ctrl+Shift++": "turn_clockwise",
    "Ctrl+Shift+=": "turn_clockwise",
    "Ctrl+Shift+-": "turn_back",
    "Ctrl+Shift+_": "turn_back",
    "Ctrl+G": "go_to_page",
    "Alt+Left": "back",
    "Alt+Right": "forward",
    "Home": "first_page",
    "End": "last_page",
    "Ctrl+Home": "first_page",
    "Ctrl+End": "last_page",
    "Ctrl+PgDown": "next_document",
    "Ctrl+PgUp": "previous_document",
    "Ctrl+F": "find_in_record",
    "F3": "find_next",
    "Shift+F3": "find_previous",
    "Ctrl+F3": "find_selected",
    "F4": "next_term",
    "Shift+F4": "previous_term",
    "F7": "toggle_caret",
    "F8": "next_unseen",
    "F9": "toggle_rail",
    "Ctrl+B": "bookmark",
    "Ctrl+T": "term_sets",
    "Ctrl+D": "dismiss_page",
    "Ctrl+M": "record_map",
    "Ctrl+4": "continuous",
    "Ctrl+5": "one_page",
    "Ctrl+6": "two_pages",
    "Ctrl+7": "trim_margins",
    "Ctrl+8": "page_colours",
    "Ctrl+Shift+D": "fold_repeats",
    "Ctrl+\\": "split",
    "Ctrl+Shift+W": "tear_off",
    "Ctrl+C": "copy",
    "Ctrl+Shift+C": "copy_with_citation",
    "Escape": "give_up",
}
SINGLE_KEYS: dict[str, str] = {
    "E": "cite_item",
    "Shift+E": "cite_chosen",
    "S": "cite_summary",
    "C": "cite_chronology",
    "I": "cite_new_item",
    "Shift+C": "copy_cited",
    "R": "toggle_region",
    "H": "highlight",
    "N": "note",
    "O": "open_fold",
    "Del": "remove_mark",
}


def _written(modifiers: Qt.KeyboardModifier, key: int) -> str:
    return QKeySequence(QKeyCombination(modifiers, Qt.Key(key))).toString()


_ACTS = {QKeySequence(keys).toString(): name for keys, name in KEYS.items()}
_SINGLE_ACTS = {QKeySequence(keys).toString(): name for keys, name in SINGLE_KEYS.items()}


def act_of(event: QKeyEvent, *, single: bool) -> str | None:
    """The act that a key press asks for, if any; ``single`` says whether single letters count now."""
    pressed = _written(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, event.key())
    return _ACTS.get(pressed) or (_SINGLE_ACTS.get(pressed) if single else None)


def scroll_of(event: QKeyEvent, screen: int, line: int) -> tuple[int, int] | None:
    """How far a key press scrolls (across, down) where a screen and a line are so many pixels; None if it does not."""
    if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
        return None
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return {
        Qt.Key.Key_PageDown: (0, screen),
        Qt.Key.Key_PageUp: (0, -screen),
        Qt.Key.Key_Space: (0, -screen if shift else screen),
        Qt.Key.Key_Down: (0, line),
        Qt.Key.Key_Up: (0, -line),
        Qt.Key.Key_Left: (-line, 0),
        Qt.Key.Key_Right: (line, 0),
    }.get(Qt.Key(event.key()))
