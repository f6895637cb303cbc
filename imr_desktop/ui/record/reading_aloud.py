# SPDX-License-Identifier: AGPL-3.0-or-later
"""The text of the page for screen readers: its words in reading order, with page and document announced."""

from functools import cache
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAccessibleTextCursorEvent, QAccessibleTextInterface
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import VoidPtr, getCppPointer

from imr_desktop.models.records import WordsOrigin
from imr_desktop.ui.record.texts import PageText
from imr_desktop.ui.record.view import RecordView

_NO_TEXT = "The machine can read no words on this page."
_ORIGINS = {WordsOrigin.OCR: "Recognised from a scan. ", WordsOrigin.DIGITAL: "", WordsOrigin.NONE: ""}


def page_text(view: RecordView) -> PageText | None:
    """The words of the current page as one text; None while they are not known, and where there are none."""
    page = view.current
    text = None if page is None else view.loader.texts.page(page.ref)
    return text if text is not None and len(text) else None


class PageAccess(QAccessibleWidget, QAccessibleTextInterface):
    """The pages as a screen reader meets them: a document whose text is that of the current page."""

    def __init__(self, view: RecordView) -> None:
        QAccessibleWidget.__init__(self, view, QAccessible.Role.Document, view.accessibleName())
        QAccessibleTextInterface.__init__(self)
        self._view = view

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """The address of what this also is: the text; for all else what a plain widget is, or address 0.

        Qt must be given addresses: an object, or None, ends the program as soon as a screen reader asks.
        """
        if kind == QAccessible.InterfaceType.TextInterface:
            return VoidPtr(getCppPointer(self)[1])
        plain = QAccessibleWidget.interface_cast(self, kind)
        return VoidPtr(0) if plain is None else plain

    def text(self, *what: Any) -> str:
        """With one argument what the pages are called; with two the characters from the first to the second."""
        if len(what) == 2:
            return self._whole()[what[0] : what[1]]
        if what[0] == QAccessible.Text.Description:
            text = page_text(self._view)
            how = _ORIGINS[text.origin] if text is not None else ""
            return f"{how}{self._view.accessibleDescription()}"
        return QAccessibleWidget.text(self, what[0])

    def _whole(self) -> str:
        text = page_text(self._view)
        return _NO_TEXT if text is None else text.text

    def characterCount(self) -> int:  # noqa: N802 (the name is Qt's)
        """How many characters the page has."""
        return len(self._whole())

    def cursorPosition(self) -> int:  # noqa: N802
        """Where the caret stands in the page's text."""
        at, text = self._view.caret.at, page_text(self._view)
        if at is None or text is None or at.place != self._view.current_place():
            return 0
        return text.start(min(at.word, len(text) - 1))

    def setCursorPosition(self, position: int) -> None:  # noqa: N802
        """Put the caret at the word that holds the position."""
        text, place = page_text(self._view), self._view.current_place()
        if text is not None and place is not None:
            self._view.caret.put(place, text.word_at(position))

    def characterRect(self, offset: int) -> QRect:  # noqa: N802
        """Where a character's word stands on the screen."""
        text, place = page_text(self._view), self._view.current_place()
        if text is None or place is None:
            return QRect()
        rect = self._view.sheet(place).rect_of(text.box(text.word_at(offset))).toRect()
        corner = self._view.viewport().mapToGlobal(rect.topLeft())
        return QRect(corner, rect.size())

    def offsetAtPoint(self, point: QPoint) -> int:  # noqa: N802
        """The first character of the word at a point of the screen; -1 beside all words."""
        text, place = page_text(self._view), self._view.current_place()
        if text is None or place is None:
            return -1
        at = self._view.viewport().mapFromGlobal(point)
        sheet = self._view.sheet(place)
        for number in range(len(text)):
            if sheet.rect_of(text.box(number)).contains(at):
                return text.start(number)
        return -1

    def selectionCount(self) -> int:  # noqa: N802
        """Selections are told by the words themselves."""
        return 0

    def selection(self, _number: int) -> tuple[int, int]:
        """None."""
        return (0, 0)

    def addSelection(self, _start: int, _end: int) -> None:  # noqa: N802
        """Selecting is done by the keys of the caret."""

    def removeSelection(self, _number: int) -> None:  # noqa: N802
        """Selecting is done by the keys of the caret."""

    def setSelection(self, _number: int, _start: int, _end: int) -> None:  # noqa: N802
        """Selecting is done by the keys of the caret."""

    def attributes(self, _offset: int) -> tuple[str, int, int]:
        """All characters are alike."""
        return ("", 0, self.characterCount())

    def scrollToSubstring(self, start: int, _end: int) -> None:  # noqa: N802
        """Bring the word at a position into view."""
        self.setCursorPosition(start)


_kept: dict[int, PageAccess] = {}


def _made(_name: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, RecordView):
        return None
    key = id(thing)
    if key not in _kept:
        _kept[key] = PageAccess(thing)
        thing.destroyed.connect(lambda: _kept.pop(key, None))
    return _kept[key]


@cache
def speak_for_pages() -> None:
    """Views made from now on have an accessible text.

    To be called before the first is made: with a screen reader listening, Qt asks for the interface while a view is
    being built, and keeps what it got.
    """
    QAccessible.installFactory(_made)


def tell_screen_readers(view: RecordView) -> None:
    """The caret's moves and new pages are told."""
    view.caret_moved.connect(lambda _: _tell(view))
    view.page_changed.connect(lambda _: _tell(view))


def _tell(view: RecordView) -> None:
    if QAccessible.isActive():
        access = QAccessible.queryAccessibleInterface(view)
        if isinstance(access, PageAccess):
            QAccessible.updateAccessibility(QAccessibleTextCursorEvent(view, access.cursorPosition()))
