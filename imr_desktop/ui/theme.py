# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colours and type of the window: calm, light or dark as the system asks, every text at 4.5:1 or better."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from imr_desktop import assets


class Scheme(StrEnum):
    """Which colours to use; ``system`` follows the desktop and its changes."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "high contrast"


@dataclass(frozen=True, slots=True)
class Colours:
    """One set of colours, as ``#rrggbb``; on each ``*_back`` both ``text`` and its namesake can be read."""

    dark: bool
    window: str
    base: str
    raised: str
    text: str
    muted: str
    line: str
    edge: str
    accent: str
    on_accent: str
    accent_hover: str
    focus: str
    chosen: str
    chosen_text: str
    danger: str
    danger_back: str
    warn: str
    warn_back: str
    good: str
    good_back: str
    info: str
    info_back: str
    desk: str


LIGHT = Colours(
    dark=False,
    window="#f4f6f8",
    base="#ffffff",
    raised="#e9edf1",
    text="#17212b",
    muted="#51606e",
    line="#d3dae1",
    edge="#7f8c99",
    accent="#1d5c8f",
    on_accent="#ffffff",
    accent_hover="#174b75",
    focus="#0b6bcb",
    chosen="#d6e6f4",
    chosen_text="#0f2d47",
    danger="#a3241b",
    danger_back="#fbe9e7",
    warn="#7a4f00",
    warn_back="#fff4dc",
    good="#1c6438",
    good_back="#e4f4e9",
    info="#1d5c8f",
    info_back="#e6f0f9",
    desk="#8a939c",
)

DARK = Colours(
    dark=True,
    window="#1c2126",
    base="#14181c",
    raised="#272d34",
    text="#e7ebef",
    muted="#a9b4bf",
    line="#343c45",
    edge="#76828e",
    accent="#7fb6e6",
    on_accent="#0d1c29",
    accent_hover="#a2cbef",
    focus="#8ec5ff",
    chosen="#25465f",
    chosen_text="#f2f8fd",
    danger="#ff9a90",
    danger_back="#43201d",
    warn="#f1c069",
    warn_back="#3b2e14",
    good="#7fd6a0",
    good_back="#183424",
    info="#8fc3ef",
    info_back="#1a3042",
    desk="#0b0e11",
)

# Black, white and one colour for each meaning; every text at 7:1 or better, every edge as strong as a text.
CONTRAST = Colours(
    dark=True,
    window="#000000",
    base="#000000",
    raised="#1a1a1a",
    text="#ffffff",
    muted="#e6e6e6",
    line="#bfbfbf",
    edge="#ffffff",
    accent="#ffe14d",
    on_accent="#000000",
    accent_hover="#fff2a8",
    focus="#4de1ff",
    chosen="#00456b",
    chosen_text="#ffffff",
    danger="#ff9d9d",
    danger_back="#330000",
    warn="#ffd24d",
    warn_back="#2b1f00",
    good="#8dff9d",
    good_back="#00260a",
    info="#9dd6ff",
    info_back="#001d33",
    desk="#000000",
)
COLOURS = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK, Scheme.CONTRAST: CONTRAST}
SIZES = (100, 115, 130, 150, 175, 200)

_SHIPPED = ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", "DejaVuSans.ttf")
_STAND_INS = {"Sans Serif", "Serif", "Monospace"}
_SMALLEST = 10.0
_STYLE = "Fusion"
_OWN_POINTS = "imr_own_points"  # how large the desktop's text is, kept where a second theme finds it
_CASE_HUES = (208, 158, 30, 276, 344, 184, 52, 238, 100, 316)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def case_colour(case_id: str, colours: Colours) -> str:
    """The colour of a case's strip: the same for the same case, so that two open windows are not confused."""
    hue = _CASE_HUES[sum(case_id.encode("utf-8")) % len(_CASE_HUES)]
    return QColor.fromHsl(hue, 110, 150 if colours.dark else 105).name()


class Theme(QObject):
    """The colours in force. Tells those who draw for themselves when they change."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._scheme = Scheme.SYSTEM
        self._size = SIZES[0]
        self._told: tuple[Colours, int] | None = None
        self._listeners: list[Callable[[Colours], None]] = []
        self.colours = LIGHT
        self._points = _choose_font(application)
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self._follow()

    @property
    def scheme(self) -> Scheme:
        """Which colours were asked for."""
        return self._scheme

    @property
    def size(self) -> int:
        """How large text is, in percent of the desktop's own."""
        return self._size

    def use(self, scheme: Scheme, size: int | None = None) -> None:
        """Ask for these colours, and text of this size in percent, from now on."""
        self._scheme = scheme
        if size is not None and size != self._size and size in SIZES:
            self._size = size
            font = QFont(self._application.font())
            font.setPointSizeF(self._points * size / 100)
            self._application.setFont(font)
        self._follow()

    def listen(self, listener: Callable[[Colours], None]) -> Callable[[], None]:
        """Call ``listener`` now and whenever the colours change; gives back what stops it."""
        self._listeners.append(listener)
        listener(self.colours)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _follow(self) -> None:
        wanted = self._scheme
        if wanted is Scheme.SYSTEM:
            system = self._application.styleHints().colorScheme()
            wanted = Scheme.DARK if system is Qt.ColorScheme.Dark else Scheme.LIGHT
        told = (COLOURS[wanted], self._size)
        if told == self._told:
            return  # everything drawn anew would be seen, and felt: it takes a third of a second
        self._told = told
        self.colours = COLOURS[wanted]
        if self._application.style().objectName().lower() != _STYLE.lower():
            self._application.setStyle(_STYLE)  # polishes every widget anew: seconds while a case is open
        self._application.setPalette(qt_palette(self.colours))
        for listener in tuple(self._listeners):
            listener(self.colours)


def qt_palette(colours: Colours) -> QPalette:
    """The colours as Qt's palette, for whatever the style sheet does not name."""
    role = QPalette.ColorRole
    palette = QPalette()
    for each, name in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.base),
        (role.AlternateBase, colours.window),
        (role.Text, colours.text),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.danger),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.Light, colours.base),
        (role.Midlight, colours.raised),
        (role.Mid, colours.line),
        (role.Dark, colours.edge),
        (role.Shadow, colours.edge),
        (role.Accent, colours.accent),
    ):
        palette.setColor(each, QColor(name))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(colours.muted))
    return palette


def _choose_font(application: QApplication) -> float:
    """The desktop's own font; where there is none, the ones that ship with the letter. Gives its size in points.

    A second theme of one program begins at the same size, not at what the first enlarged it to.
    """
    font = QFont(application.font())
    known = application.property(_OWN_POINTS)
    if known is not None:
        font.setPointSizeF(known)
    if set(QFontDatabase.families()) <= _STAND_INS:
        loaded = [QFontDatabase.addApplicationFont(str(assets.path(f"fonts/{name}"))) for name in _SHIPPED]
        families = [family for each in loaded if each >= 0 for family in QFontDatabase.applicationFontFamilies(each)]
        if families:
            font.setFamilies(list(dict.fromkeys(families)))
    font.setPointSizeF(max(font.pointSizeF(), _SMALLEST))
    application.setFont(font)
    application.setProperty(_OWN_POINTS, font.pointSizeF())
    return font.pointSizeF()
