# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the form is laid out: fields in a grid, sections that fold, areas that scroll up and down only, an undo bar."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.ui.parts import button, card, text_is_large, words

UNDO_SHOWN_MS = 10_000
COLUMNS = 6


class Grid(QGridLayout):
    """Fields side by side on six columns; each takes as many as it needs."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(10)
        self.setVerticalSpacing(8)
        for column in range(COLUMNS):
            self.setColumnStretch(column, 1)
            self.setColumnMinimumWidth(column, 1)
        self._row, self._column = 0, 0
        # Large text wants the width for fewer fields.
        self._wide = 2 if text_is_large() else 1

    def add(self, widget: QWidget, columns: int = COLUMNS) -> None:
        """Add a widget after the last one, on a new row where it no longer fits."""
        columns = min(COLUMNS, columns * self._wide)
        if self._column + columns > COLUMNS:
            self._row, self._column = self._row + 1, 0
        self.addWidget(widget, self._row, self._column, 1, columns, Qt.AlignmentFlag.AlignTop)
        self._column += columns

    def add_all(self, *widgets: QWidget, columns: int = COLUMNS) -> None:
        """Add several widgets of the same width."""
        for widget in widgets:
            self.add(widget, columns)


class Section(QWidget):
    """A part of a form under its heading; the heading folds it away and opens it again."""

    def __init__(self, title: str, content: QWidget | QGridLayout | QVBoxLayout, *, opened: bool = True) -> None:
        super().__init__()
        self.head = QToolButton()
        self.head.setText(title)
        self.head.setAccessibleName(title)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setCheckable(True)
        self.head.setChecked(opened)
        self.head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.head.setStyleSheet("QToolButton { font-weight: 600; background: transparent; text-align: left; }")
        self.body = content if isinstance(content, QWidget) else QWidget()
        if not isinstance(content, QWidget):
            self.body.setLayout(content)
        self.body.setContentsMargins(4, 0, 0, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addWidget(self.body)
        self.head.toggled.connect(self.open)
        self.open(opened)

    def open(self, opened: bool = True) -> None:
        """Show what is under the heading, or fold it away."""
        self.head.setChecked(opened)
        self.head.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self.head.setAccessibleDescription("open" if opened else "folded")
        self.body.setVisible(opened)


class Scroll(QScrollArea):
    """An area that scrolls up and down; what is in it is as wide as the area."""

    def __init__(self, content: QWidget | None = None) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if content is not None:
            self.setWidget(content)

    def settle(self) -> None:
        """Lay out what is in it now, so that places in it are known."""
        content = self.widget()
        layout = None if content is None else content.layout()
        if layout is not None:
            layout.activate()

    def minimumSizeHint(self) -> QSize:
        """As wide as what is in it must be, however low."""
        content = self.widget()
        wide = 0 if content is None else content.minimumSizeHint().width()
        return QSize(wide + self.verticalScrollBar().sizeHint().width(), 80 if text_is_large() else 120)


def scrolling(*parts: QWidget) -> Scroll:
    """Parts under one another in an area that scrolls."""
    inside = QWidget()
    inside.setObjectName("inside")
    column = QVBoxLayout(inside)
    column.setContentsMargins(10, 8, 10, 10)
    column.setSpacing(10)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return Scroll(inside)


def show_inside(widget: QWidget) -> None:
    """Open the folded sections around a widget and scroll it into view."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, Section):
            around.open()
        around = around.parentWidget()
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, Scroll):
            around.settle()
            around.ensureWidgetVisible(widget, 10, 40)
        around = around.parentWidget()


class UndoBar(QFrame):
    """Says what has just been removed and offers to bring it back, for ten seconds or until the next edit."""

    def __init__(self, undo: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("box", "informs")
        self._undo = undo
        self._says = words("")
        self.button = button("Undo", self._bring_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.addWidget(self._says, 1)
        row.addWidget(self.button)
        self._timer = QTimer(self, singleShot=True, interval=UNDO_SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def offer(self, sentence: str) -> None:
        """Show the sentence with its button."""
        self._says.setText(sentence)
        self.button.setAccessibleName(f"Undo: {sentence}")
        self.show()
        self._timer.start()

    def _bring_back(self) -> None:
        self.hide()
        self._undo()


class Wrapped(QLabel):
    """Words that wrap and never ask for more height than they need at the width they have."""

    def __init__(self, says: str = "") -> None:
        super().__init__(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.setProperty("says", says)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def say(self, text: str) -> None:
        """Show the words; nothing shown takes no room."""
        self.setText(text)
        self.setVisible(bool(text))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the new width asks for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(max(0, self.heightForWidth(max(1, self.width()))))


def preview(title: str) -> tuple[QFrame, Wrapped]:
    """A framed place that shows what the letter will say, with its title."""
    frame, column = card(margin=8)
    column.setSpacing(2)
    column.addWidget(words(title, "muted"))
    says = Wrapped()
    says.setAccessibleName(title)
    column.addWidget(says)
    return frame, says


def tree(*headings: str, rows: int, wide: int, made: QTreeWidget | None = None) -> QTreeWidget:
    """A list of rows under headings, without branches; the column ``wide`` takes what room is left."""
    made = QTreeWidget() if made is None else made
    made.setHeaderLabels(list(headings))
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setAlternatingRowColors(True)
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setTabKeyNavigation(False)
    if text_is_large():
        rows = 1  # rather than take the room of what lies below
    made.setMinimumHeight(made.fontMetrics().lineSpacing() * (rows + 1) + 20 + 6 * rows)
    head = made.header()
    head.setStretchLastSection(False)
    head.setMinimumSectionSize(24)
    for column in range(len(headings)):
        mode = head.ResizeMode.Stretch if column == wide else head.ResizeMode.ResizeToContents
        head.setSectionResizeMode(column, mode)
    return made


def speak_empty(row: QTreeWidgetItem, *headings: str) -> None:
    """Have the empty cells of a row say what is not there: a screen reader would be silent on them."""
    for column, heading in enumerate(headings):
        if not row.text(column):
            row.setData(column, Qt.ItemDataRole.AccessibleTextRole, f"no {heading.lower()}")


def choose_row(shown: QTreeWidget, index: int) -> None:
    """Choose a row of a list; -1 for none."""
    shown.setCurrentIndex(QModelIndex() if index < 0 else shown.model().index(index, 0))


def menu_button(text: str) -> tuple[QPushButton, QMenu]:
    """A button that opens a menu, no wider than its words."""
    made = QPushButton(text)
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    menu = QMenu(made)
    made.setMenu(menu)
    return made, menu
