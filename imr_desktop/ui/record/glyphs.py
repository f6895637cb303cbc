# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small drawings on the record's buttons, in the colour of the text around them and sharp at any scale."""

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}" stroke-width="1.9" '
    'stroke-linecap="round" stroke-linejoin="round">'
)
GLYPHS = {
    "rail": '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M9.5 4.5v15M5.8 8.5h1.4M5.8 11.5h1.4"/>',
    "back": '<path d="M19 12H5.5M11 6l-6 6 6 6"/>',
    "forward": '<path d="M5 12h13.5M13 6l6 6-6 6"/>',
    "smaller": '<path d="M6 12h12"/>',
    "larger": '<path d="M6 12h12M12 6v12"/>',
    "fit": '<path d="M3.5 12h17M6.8 8.5 3.5 12l3.3 3.5M17.2 8.5l3.3 3.5-3.3 3.5"/>',
    "turn": '<path d="M18.6 14.5a7 7 0 1 1-.8-6.2M19 3.8v5h-5"/>',
    "region": '<path stroke-dasharray="3.2 2.6" d="M4.5 6.5v-2h15v15h-15z"/>',
    "up": '<path d="M6 14.5l6-6 6 6"/>',
    "down": '<path d="M6 9.5l6 6 6-6"/>',
    "find": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5.5 5.5"/>',
    "looks": '<circle cx="12" cy="12" r="8"/><path fill="{colour}" d="M12 4a8 8 0 0 1 0 16z"/>',
    "split": '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M12 4.5v15"/>',
    "window": '<rect x="3.5" y="8.5" width="12" height="11" rx="1.5"/><path d="M8 8.5v-4h12.5v11h-5"/>',
    "tab-documents": '<path d="M6 3.5h8l4 4v13H6zM14 3.5v4h4M9 12h6M9 15.5h6"/>',
    "tab-pages": '<path d="M4 4.5h6v7H4zM14 4.5h6v7h-6zM4 15h6v5H4zM14 15h6v5h-6z"/>',
    "tab-bookmarks": '<path d="M7 4h10v16l-5-4-5 4z"/>',
    "tab-hits": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5.5 5.5"/>',
    "tab-evidence": '<path d="M5 17.5V12c0-3 1.5-5 4.5-6M5 12.5h5v5H5z"/>'
    '<path d="M14 17.5V12c0-3 1.5-5 4.5-6M14 12.5h5v5h-5z"/>',
    "tab-terms": '<path d="M4 20h16M7 16l9.5-9.5 3 3L10 19H7z"/>',
    "tab-map": '<path d="M4 4h4v4H4zM10 4h4v4h-4zM16 4h4v4h-4zM4 10h4v4H4zM10 10h4v4h-4z"/>'
    '<path d="M16 10h4v4h-4zM4 16h4v4H4zM10 16h4v4h-4z"/>',
    "close": '<path d="M7 7l10 10M17 7 7 17"/>',
}


class _Glyph(QIconEngine):
    """Draws one glyph in the colour that the theme has at that moment."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw into ``rect``; fainter where the button cannot be used."""
        group = QPalette.ColorGroup.Disabled if mode is QIcon.Mode.Disabled else QPalette.ColorGroup.Active
        colour = QApplication.palette().color(group, QPalette.ColorRole.ButtonText).name()
        drawing = _HEAD.format(colour=colour) + GLYPHS[self._name].replace("{colour}", colour) + "</svg>"
        painter.save()
        painter.setOpacity(0.45 if mode is QIcon.Mode.Disabled else 1.0)
        QSvgRenderer(QByteArray(drawing.encode("utf-8"))).render(painter, QRectF(rect))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """A picture of this size in device pixels."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """A copy, as Qt asks for one when an icon is shared."""
        return _Glyph(self._name)


def glyph(name: str) -> QIcon:
    """The drawing of this name; KeyError if there is none."""
    if name not in GLYPHS:
        raise KeyError(name)
    return QIcon(_Glyph(name))
