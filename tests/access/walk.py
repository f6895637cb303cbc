# SPDX-License-Identifier: AGPL-3.0-or-later
"""Walks the window's tree as a screen reader meets it, over AT-SPI, and prints what it met as JSON.

Run by the system's own Python, which has ``gi`` and the Atspi typelib; it imports nothing of the program. The names of
dialogs to be opened, as the menus have them, are its arguments.
"""

# mypy: ignore-errors
# (The binding has no types, and another Python than the program's runs this.)

import json
import sys
import time
import warnings

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

warnings.simplefilter("ignore")  # the binding's older names are those that every release has
STATES = ("FOCUSABLE", "ENABLED", "CHECKED", "CHECKABLE", "SELECTED", "EDITABLE", "EXPANDABLE")
LEAVING = ("Close", "Cancel", "Leave unchanged", "Leave it shut")
ESCAPE = 9  # the key's code under X
MOST_CHILDREN = 400


def waited(look, seconds=30.0):
    """What ``look`` finds, asked again until it finds something or the time is up."""
    end, why = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        try:
            found = look()
        except Exception as error:  # the tree changes while it is walked
            found, why = None, repr(error)
        if found:
            return found
        time.sleep(0.1)
    sys.stderr.write(f"not found: {why}\n")
    return None


def children(node):
    """The children that there are now."""
    for number in range(min(node.get_child_count(), MOST_CHILDREN)):
        child = node.get_child_at_index(number)
        if child is not None:
            yield child


def shows(node):
    """Whether it is on the screen."""
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def descend(node):
    """The node and all that shows below it; what is hidden hides what lies in it."""
    if shows(node):
        yield node
        for child in children(node):
            yield from descend(child)


def application():
    """The program, once it is known to the bus."""
    desktop = Atspi.get_desktop(0)
    return next((each for each in children(desktop) if each.get_name() == "imr-desktop"), None)


def told(node):
    """What a screen reader is told of one thing."""
    states = node.get_state_set()
    labels = [
        relation.get_target(number).get_name()
        for relation in node.get_relation_set()
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
        for number in range(relation.get_n_targets())
    ]
    text = node.get_text_iface()
    return {
        "role": node.get_role_name(),
        "name": node.get_name() or "",
        "labels": labels,
        "description": node.get_description() or "",
        "states": [name for name in STATES if states.contains(getattr(Atspi.StateType, name))],
        "inside": [each.get_name() or each.get_role_name() for each in above(node)],
        "text": "" if text is None else Atspi.Text.get_text(text, 0, min(200, Atspi.Text.get_character_count(text))),
    }


def above(node):
    """What it lies in, outermost first, without the application."""
    found = []
    node = node.get_parent()
    while node is not None and node.get_role_name() != "application":
        found.insert(0, node)
        node = node.get_parent()
    return found


def walk(window):
    """Everything that shows in a window."""
    return [told(node) for node in descend(window)]


def press(node):
    """Do what pressing it does."""
    actions = node.get_action_iface()
    if actions is None:
        return
    names = [Atspi.Action.get_action_name(actions, each) for each in range(Atspi.Action.get_n_actions(actions))]
    wanted = next((each for each in ("Press", "Toggle", "SetFocus") if each in names), names[0])
    Atspi.Action.do_action(actions, names.index(wanted))


def windows(program):
    """The windows that show."""
    return [each for each in children(program) if shows(each) and each.get_child_count()]


def leave(dialog):
    """Press the button that leaves a dialog, or Escape where it has none."""
    way = next((each for each in descend(dialog) if each.get_name() in LEAVING), None)
    if way is None:
        Atspi.generate_keyboard_event(ESCAPE, None, Atspi.KeySynthType.PRESSRELEASE)
    else:
        press(way)


def over(program, shell):
    """The dialog over the window, if there is one."""
    return next((each for each in windows(program) if each.get_name() != shell.get_name()), None)


def command(window, name):
    """The entry of a menu of this name; menus hold their entries whether they are open or not."""

    def find(node):
        if node.get_role_name() == "menu item" and (node.get_name() or "").rstrip(".\u2026") == name:
            return node
        return next((found for child in children(node) if (found := find(child)) is not None), None)

    bar = next(each for each in descend(window) if each.get_role_name() == "menu bar")
    return find(bar)


def main(dialogs):
    """Walk the case part by part, then each dialog; print everything."""
    Atspi.init()
    program = waited(application)
    if program is None:
        sys.exit("the program is not on the accessibility bus")
    shell = waited(lambda: next((each for each in windows(program) if each.get_name().startswith("CM")), None))
    if shell is None:
        sys.exit("the case did not open")
    met = {}
    parts = waited(lambda: [each for each in descend(shell) if each.get_role_name() == "page tab"][:8])
    for number in range(len(parts)):
        part = [each for each in descend(shell) if each.get_role_name() == "page tab"][number]
        name = part.get_name().split(",")[0]
        press(part)
        time.sleep(0.5)
        met[name] = walk(shell)
    for name in dialogs:
        entry = command(shell, name)
        if entry is None:
            met[name] = []
            continue
        press(entry)
        dialog = waited(
            lambda: next((each for each in windows(program) if each.get_name() != shell.get_name()), None), 10
        )
        time.sleep(0.3)
        met[name] = [] if dialog is None else walk(dialog)
        if dialog is not None:
            leave(dialog)
            waited(lambda: len(windows(program)) == 1, 5)
    json.dump(met, sys.stdout)


main(sys.argv[1:])
