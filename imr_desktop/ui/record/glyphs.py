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
        drawing = _HEAD.format(colour=colour) + GLYPHS[self._name] + "</svg>"
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
