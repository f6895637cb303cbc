# SPDX-License-Identifier: AGPL-3.0-or-later
"""The menu that a right click on a page opens: every act on words, marks and page, each with its key."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QMenu

from imr_desktop.ui.record.addresses import document_of

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane

WORDS = (
    ("Cite in &summary\tS", "cite_summary"),
    ("Cite in current &item\tE", "cite_item"),
    ("Cite in another item…\tShift+E", "cite_chosen"),
    ("Into the chronology\tC", "cite_chronology"),
    ("A new item of these words\tI", "cite_new_item"),
    ("Copy as evidence\tShift+C", "copy_cited"),
    ("&Mark\tH", "highlight"),
    ("Mark with a &note\tN", "note"),
    ("Show other &places of these words\tCtrl+F3", "find_selected"),
    ("&Copy as text\tCtrl+C", "copy"),
    ("Copy with cita&tion\tCtrl+Shift+C", "copy_with_citation"),
)
PAGE = (
    ("Select a &region\tR", "toggle_region"),
    ("&Bookmark\tCtrl+B", "bookmark"),
    ("Turn this page cloc&kwise\tCtrl+Shift++", "turn_clockwise"),
    ("Turn this page back\tCtrl+Shift+-", "turn_back"),
    ("Turn the whole &document clockwise", "turn_document"),
)


def context_menu(pane: "RecordPane", position: QPointF) -> QMenu:
    """Open the menu for what lies at a position of the viewport; it deletes itself when it closes."""
    view = pane.view
    menu = QMenu(pane)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.setAccessibleName("With this page")
    has_selection = view.hand.chosen is not None
    for text, name in WORDS:
        menu.addAction(text, pane.acts[name]).setEnabled(has_selection)
    _add_marks(menu, pane, position)
    menu.addSeparator()
    for text, name in PAGE:
        menu.addAction(text, pane.acts[name])
    _add_page(menu, pane, position)
    menu.addSeparator()
    menu.addAction("&Go to page…\tCtrl+G", pane.acts["go_to_page"])
    menu.addAction("&Find…\tCtrl+F", pane.acts["find_in_record"])
    menu.popup(view.viewport().mapToGlobal(QPoint(round(position.x()), round(position.y()))))
    return menu


def _add_marks(menu: QMenu, pane: "RecordPane", position: QPointF) -> None:
    mark, own = pane.view.hand.mark_at(position), pane.view.hand.own_mark_at(position)
    if mark is not None:
        menu.addAction("Go to where this evidence is &used", lambda: pane.evidence_chosen.emit(mark.evidence))
    if own is not None:

        def on_own(name: str) -> None:
            pane.marking.chosen = own.id
            pane.acts[name]()

        menu.addAction("Note on this mark\tN", lambda: on_own("note"))
        menu.addAction("Remove this mark\tDel", lambda: on_own("remove_mark"))


def _add_page(menu: QMenu, pane: "RecordPane", position: QPointF) -> None:
    view = pane.view
    left, top = view.scrolled()
    at = view.stage.point_at(position.x() + left, position.y() + top)
    if at is None:
        return
    ref = view.stage.page(at.place).ref
    if view.stage.is_on_page(at):
        menu.addAction("Set a note &here", lambda: pane.marking.note_at(ref, at.x, at.y))
    if pane.coverage.state(ref).dismissal is None:
        menu.addAction("This page need not be read…\tCtrl+D", lambda: pane.marking.dismiss((ref,)))
        held = document_of(ref, pane.documents)
        if held is not None:
            refs = [page.ref for page in view.stage.run.pages if held.holds(page.ref)]
            menu.addAction("This document need not be read…", lambda: pane.marking.dismiss(refs))
    else:
        menu.addAction("Take this page up again", lambda: pane.marking.take_up((ref,)))
    if view.loader.failure(ref) is not None:
        menu.addAction("Try &again to show this page", lambda: view.loader.try_again(ref))
