# SPDX-License-Identifier: AGPL-3.0-or-later
"""Icons: our own small line drawings, drawn in the theme's colour and sharp at any scale."""

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from imr_desktop import assets


class _Drawing(QIconEngine):
    """Draws one SVG in the colour of the text around it, whatever the theme is when it is drawn."""

    def __init__(self, name: str, role: str | None = None) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._text = assets.path(f"icons/{name}.svg").read_text(encoding="utf-8")

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw into ``rect``; disabled icons take the muted colour."""
        colours = QApplication.palette()
        named = colours.placeholderText() if mode is QIcon.Mode.Disabled else colours.buttonText()
        colour = self._role or named.color().name()
        drawing = QSvgRenderer(QByteArray(self._text.replace("currentColor", colour).encode("utf-8")))
        drawing.render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """A picture of this size in device pixels."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> "QIconEngine":
        """A copy, as Qt asks for one when an icon is shared."""
        return _Drawing(self._name, self._role)


def icon(name: str, colour: str | None = None) -> QIcon:
    """The icon ``resources/icons/<name>.svg``; in ``colour`` (``#rrggbb``) or, without one, in the text's colour."""
    return QIcon(_Drawing(name, colour))


def picture(name: str, size: int, colour: str, scale: float = 1.0) -> QPixmap:
    """The icon as a picture of ``size`` logical pixels on a screen of this scale."""
    pixels = round(size * scale)
    drawn = _Drawing(name, colour).pixmap(QSize(pixels, pixels), QIcon.Mode.Normal, QIcon.State.Off)
    drawn.setDevicePixelRatio(scale)
    return drawn
