# SPDX-License-Identifier: AGPL-3.0-or-later
"""The menu that a right click on a page opens: every act on words and page, each with its key."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from imr_desktop.ui.record.acts import CiteTarget

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane


def context_menu(pane: "RecordPane", position: QPointF) -> QMenu:
    """The menu for what lies at a position of the viewport; it deletes itself when it closes."""
    view = pane.view
    menu = QMenu(pane)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.setAccessibleName("With this page")
    has_selection = view.hand.chosen is not None
    for text, act in (
        ("Cite in &summary\tS", lambda: pane.cite(CiteTarget.SUMMARY)),
        ("Cite in current &item\tE", lambda: pane.cite(CiteTarget.ITEM)),
        ("&Copy as text\tCtrl+C", pane.copy),
    ):
        menu.addAction(text, act).setEnabled(has_selection)
    mark = view.hand.mark_at(position)
    if mark is not None:
        menu.addAction("Go to where this evidence is &used", lambda: pane.evidence_chosen.emit(mark.evidence))
    menu.addSeparator()
    menu.addAction("Select a &region\tR", pane.toggle_region)
    menu.addAction("&Turn this page clockwise\tCtrl+Shift++", lambda: pane.turn(90))
    menu.addAction("Turn this page &back\tCtrl+Shift+-", lambda: pane.turn(-90))
    page = view.current
    if page is not None and view.loader.failure(page.ref) is not None:
        menu.addAction("Try &again to show this page", lambda: view.loader.try_again(page.ref))
    menu.addSeparator()
    menu.addAction("&Go to page…\tCtrl+G", pane.ask_for_page)
    return menu
