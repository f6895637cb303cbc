# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person could not see in a window: texts that are cut, too faint, or out of reach, and a focus that hides."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLayout,
    QLineEdit,
    QStackedLayout,
    QWidget,
)

from imr_desktop.ui.parts import ElidedLabel
from imr_desktop.ui.theme import contrast

_SHARP = 2
_ROUNDS = 20
_HAIR = 2
_Told = QLabel | QAbstractButton | QComboBox | QLineEdit


def picture(window: QWidget) -> QImage:
    """The window as it is drawn on a screen of two pixels to a point."""
    drawn = QImage(window.size() * _SHARP, QImage.Format.Format_RGB32)
    drawn.setDevicePixelRatio(_SHARP)
    window.render(drawn)
    return drawn


def settle(window: QWidget) -> None:
    """Let the window lay itself out: one layout asks the next, each in a later round of events, until none moves."""
    before: list[QRect] = []
    for _ in range(_ROUNDS):
        QApplication.processEvents()
        now = [widget.geometry() for widget in (window, *window.findChildren(QWidget)) if widget.isVisible()]
        if now == before:
            return
        before = now


def told(window: QWidget) -> Iterator[tuple[_Told, str]]:
    """Every widget on the screen that says something in one piece, with what it says."""
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        if isinstance(widget, QComboBox):
            text = widget.currentText()
        elif isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            text = widget.text()
        else:
            continue
        if text.strip():
            yield widget, text


def cut(window: QWidget) -> list[str]:
    """What has not the room that its text needs, or lies where nothing can bring it into view."""
    found = []
    for widget, text in told(window):
        if isinstance(widget, ElidedLabel):
            continue  # says by dots that there is more, and has it whole in its tool tip
        if not _fits(widget, text):
            found.append(f"{type(widget).__name__} “{text[:40]}” has {widget.width()}x{widget.height()}")
        elif widget.visibleRegion().isEmpty() and not _scrolls(widget):
            found.append(f"{type(widget).__name__} “{text[:40]}” is out of reach")
    return found


def overlapping(window: QWidget) -> list[str]:
    """What its neighbour in the same layout covers, because there is less room than they need together."""
    found = []
    for parent in (window, *window.findChildren(QWidget)):
        layout = parent.layout()
        if layout is None or not parent.isVisible() or isinstance(layout, QStackedLayout):
            continue
        shown = [widget for widget in _laid(layout) if widget.isVisible()]
        for one, other in combinations(shown, 2):
            both = one.geometry().intersected(other.geometry())
            if both.width() > _HAIR and both.height() > _HAIR:
                found.append(f"{_called(one)} and {_called(other)} overlap by {both.width()}x{both.height()}")
    return found


def _laid(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        inner = None if item is None else item.layout()
        widget = None if item is None else item.widget()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid(inner)


def _called(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{widget.accessibleName()}”"


def faint(window: QWidget, least: float = 4.5) -> list[str]:
    """What stands out from its ground by less than ``least`` to one; disabled things are told apart and let be."""
    found, drawn = [], picture(window)
    for widget, text in told(window):
        if not widget.isEnabled():
            continue
        part = widget.visibleRegion().boundingRect()
        corner = widget.mapTo(window, part.topLeft())
        seen = QRect(corner, part.size()).adjusted(5, 3, -5, -3)
        if seen.width() > 4 and seen.height() > 6:
            best = _contrast(drawn, seen)
            if best < least:
                found.append(f"{type(widget).__name__} “{text[:40]}” has {best:.1f}")
    return found


def hidden_focus(window: QWidget) -> list[str]:
    """What looks the same with the focus as without."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not widget.isEnabled() or widget.window() is not window:
            continue
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy() is not None:
            continue
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if not widget.hasFocus() or widget.visibleRegion().isEmpty():
            continue
        # Drawn with the focus first: what scrolls it into view has happened by then, and does not count as a look.
        focused = _around(widget)
        widget.clearFocus()
        QApplication.processEvents()
        if _around(widget) == focused:
            found.append(f"{type(widget).__name__} {widget.accessibleName()} in {type(widget.parent()).__name__}")
    return found


def _around(widget: QWidget) -> QImage:
    """The widget with its surroundings, where its parent may draw the frame for it."""
    window = widget.window()
    at = widget.mapTo(window, QPoint(0, 0))
    part = QRect(at, widget.size()).adjusted(-3, -3, 3, 3).intersected(window.rect())
    drawn = QImage(part.size(), QImage.Format.Format_RGB32)
    window.render(drawn, QPoint(), QRegion(part))
    return drawn


def _fits(widget: _Told, text: str) -> bool:
    metrics = widget.fontMetrics()
    if isinstance(widget, QLabel):
        if widget.wordWrap() or widget.textFormat() is Qt.TextFormat.RichText:
            return widget.height() >= widget.heightForWidth(widget.width()) - 1
        return widget.width() >= widget.minimumSizeHint().width() and widget.height() >= metrics.height() - 1
    if isinstance(widget, QLineEdit):
        return widget.height() >= metrics.height() + 2
    wide = metrics.horizontalAdvance(text.replace("&", ""))
    extra = 24 if isinstance(widget, QCheckBox | QComboBox) else 8
    return widget.width() >= wide + extra and widget.height() >= metrics.height()


def _scrolls(widget: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractScrollArea):
            return True
        above = above.parentWidget()
    return False


def _contrast(drawn: QImage, part: QRect) -> float:
    whole = np.frombuffer(drawn.constBits(), np.uint32).reshape(drawn.height(), drawn.bytesPerLine() // 4)
    left, top = max(0, part.left()) * _SHARP, max(0, part.top()) * _SHARP
    colours, times = np.unique(
        whole[top : (part.bottom() + 1) * _SHARP, left : (part.right() + 1) * _SHARP] & 0xFFFFFF, return_counts=True
    )
    if not len(colours):
        return 21.0
    ground = f"#{colours[times.argmax()]:06x}"
    return max((contrast(f"#{each:06x}", ground) for each in colours[times >= 2]), default=21.0)
