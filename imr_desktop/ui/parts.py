# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small parts that all windows are made of: words, buttons, and fields that carry their names."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.ui.icons import icon

# How high a dialog may be on a screen of 720 points, its frame and the task bar left out.
_LOWEST_SCREEN = 690
_WIDEST = 1200
_TITLE_BAR = 40
_LARGE_TEXT = 15.0


def words(text: str, says: str = "", *, wrap: bool = True) -> QLabel:
    """Words on the window; ``says`` is their voice: title, heading, lead, muted, danger, warn, good."""
    label = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=wrap)
    if says:
        label.setProperty("says", says)
    return label


def voice(widget: QWidget, name: str, value: str) -> None:
    """Change a property that the style sheet looks at, and have it looked at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(text: str, doing: Callable[[], object], kind: str = "", *, picture: str = "", tip: str = "") -> QPushButton:
    """A button; ``kind`` is main, quiet, link or nothing."""
    made = QPushButton(text)
    if kind:
        made.setProperty("kind", kind)
    if picture:
        made.setIcon(icon(picture))
    made.setToolTip(tip)
    made.setAccessibleName(text.replace("&", "").rstrip("…"))
    made.setAutoDefault(kind == "main")
    made.clicked.connect(lambda _=False: doing())
    return made


def focused_button(within: QWidget) -> QPushButton | None:
    """The button that has the focus in this part of the window, if one has it."""
    focused = within.focusWidget()
    return focused if isinstance(focused, QPushButton) else None


def is_return(event: QKeyEvent) -> bool:
    """Whether this is Return or Enter alone, pressed once and not held down."""
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
    return plain and not event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def card(*, box: str = "card", margin: int = 16) -> tuple[QFrame, QVBoxLayout]:
    """A framed ground and the column in it."""
    frame = QFrame()
    frame.setProperty("box", box)
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin, margin, margin)
    return frame, column


def fit(dialog: QDialog, width: int) -> None:
    """Make a dialog as high as its wrapped words need at this width; Qt alone would cut them on a low screen."""
    layout = dialog.layout()
    width = enlarged(width)
    dialog.setMinimumWidth(width)
    if layout is not None:
        dialog.resize(width, min(layout.totalHeightForWidth(width), _LOWEST_SCREEN))


def grow(dialog: QDialog) -> None:
    """Give a dialog the height that its words need now, where it has less; it never shrinks under the hand."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        dialog.resize(dialog.width(), max(dialog.height(), layout.totalHeightForWidth(dialog.width())))


def text_is_large() -> bool:
    """Whether text is so large that a low screen has not the room for all that usually stays in view."""
    return QApplication.font().pointSizeF() >= _LARGE_TEXT


def enlarged(width: int) -> int:
    """A width in points that grows with the text, as far as the smallest screen goes."""
    return min(_WIDEST, int(width * max(10.0, QApplication.font().pointSizeF()) / 10))


def roomy(dialog: QDialog, width: int, height: int) -> None:
    """Make a dialog this large, and larger with the text, as far as the smallest screen goes."""
    dialog.resize(enlarged(width), min(_LOWEST_SCREEN, enlarged(height)))


def resize_on_screen(window: QWidget, width: int, height: int) -> None:
    """Make a window this large, as far as its screen has room for it and for its title bar."""
    room = window.screen().availableGeometry()
    window.resize(min(width, room.width()), min(height, room.height() - _TITLE_BAR))


def rule() -> QFrame:
    """A thin line between two parts."""
    line = QFrame()
    line.setProperty("box", "rule")
    return line


def name_it(widget: QWidget, name: str) -> None:
    """Give a widget its name for screen readers; a choice's list carries it too."""
    widget.setAccessibleName(name)
    if isinstance(widget, QComboBox):
        widget.view().setAccessibleName(name)


class ElidedLabel(QLabel):
    """Words in one line, cut with dots where there is no room; the tool tip has them whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, words: str) -> None:
        """Say this from now on."""
        self.setText(words)
        self.setToolTip(words)
        self.setAccessibleName(words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as much as fits."""
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class Fields(QGridLayout):
    """Fields under one another, each with its label at the left, its name for screen readers, and a hint below."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(14)
        self.setVerticalSpacing(8)
        self.setColumnStretch(1, 1)
        self.setColumnMinimumWidth(0, 96)

    def add(self, name: str, widget: QWidget, hint: str = "", *, beside: QWidget | None = None) -> None:
        """Add a field under a name (with ``&`` where it has an access key), and a button beside it."""
        row = self.rowCount()
        label = QLabel(name)
        label.setBuddy(widget)
        name_it(widget, name.replace("&", ""))
        tall = isinstance(widget, QPlainTextEdit)
        label.setAlignment(
            (Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter) | Qt.AlignmentFlag.AlignLeft
        )
        self.addWidget(label, row, 0)
        self.addWidget(widget, row, 1, 1, 1 if beside else 2)
        if beside is not None:
            self.addWidget(beside, row, 2)
        if hint:
            widget.setAccessibleDescription(hint)
            self.addWidget(words(hint, "muted"), row + 1, 1, 1, 2)

    def add_wide(self, widget: QWidget, hint: str = "") -> None:
        """Add a field that names itself, such as a check box, in the column of the fields."""
        row = self.rowCount()
        self.addWidget(widget, row, 1, 1, 2)
        if hint:
            widget.setAccessibleDescription(hint)
            self.addWidget(words(hint, "muted"), row + 1, 1, 1, 2)


def line_field(text: str = "", *, shown: str = "", secret: bool = False) -> QLineEdit:
    """A field of one line; ``shown`` is what stands in it while it is empty."""
    field = QLineEdit(text)
    field.setPlaceholderText(shown)
    if secret:
        field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def lines_field(text: str = "", *, rows: int = 3) -> QPlainTextEdit:
    """A field of a few lines; Tab leaves it."""
    field = QPlainTextEdit(text)
    field.setTabChangesFocus(True)
    field.setFixedHeight(field.fontMetrics().lineSpacing() * rows + 18)
    return field


def listed(text: str) -> tuple[str, ...]:
    """``California, Texas`` as its parts."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def lines_of(field: QPlainTextEdit) -> tuple[str, ...]:
    """The lines written in a field, empty ones left out."""
    return tuple(line.strip() for line in field.toPlainText().splitlines() if line.strip())


class SavedLabel(QLabel):
    """Every step is on the disk before the next is made; the tool tip names the last one."""

    def __init__(self) -> None:
        super().__init__("✓ All work saved")
        self.show_saved("")

    def show_saved(self, step: str) -> None:
        """This was the last step that was kept."""
        self.setToolTip(f"Last kept: {step}" if step else "Everything is kept as it is typed")
