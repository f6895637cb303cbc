# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bars above the pages: buttons and fields, the page's names, and what the reviewer should know just now."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from imr_desktop.ui.record.glyphs import glyph

_MARGIN = 12

_BESIDE, _BETWEEN = 6, 3


class PageField(QLineEdit):
    """Where a page is asked for; shows the case page being looked at while nobody types in it."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        # Room for the longest that is asked for, where the bar has it; a page number always stands whole.
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance("records:1234") + 24)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("1234") + 24)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName("Go to page")
        self.setToolTip('Go to a page: "413", "records:12", "7/1/2014" or "PR-2" (Ctrl+G)')

    def show_page(self, case_page: str) -> None:
        """Show this case page, unless somebody is typing."""
        self._shown = case_page
        if not self.hasFocus():
            self.setText(case_page)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Typing replaces what is there."""
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed and not asked for is dropped."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.setText(self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class ZoomField(QLineEdit):
    """How large pages are shown, in percent; a number typed here and Enter shows them so. ``asked`` gives it."""

    asked = Signal(float)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("1000 %") + 22)
        self.setToolTip("How large pages are shown: type a number and press Enter")
        self.returnPressed.connect(self._ask)

    def show_percent(self, percent: float) -> None:
        """Show this, unless somebody is typing."""
        self._shown = f"{percent:.0f} %"
        self.setAccessibleName(f"Zoom, {percent:.0f} percent")
        if not self.hasFocus():
            self.setText(self._shown)

    def _ask(self) -> None:
        figures = self.text().strip().rstrip("%").strip()
        try:
            wanted = float(figures)
        except ValueError:
            self.selectAll()
            return
        self.left.emit()
        self.asked.emit(wanted)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Typing replaces what is there."""
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed and not asked for is dropped."""
        super().focusOutEvent(event)
        self.setText(self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class Notice(QFrame):
    """A sentence or two over the foot of the pages, which stay where they are; it can be put away."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setProperty("box", "warns")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._over, self._stays = over, False
        self._passing = QTimer(self, singleShot=True, interval=10_000)
        self._passing.timeout.connect(self.hide)
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.undo = QPushButton("Undo")
        self.undo.setAccessibleName("Undo what was just done")
        self.undo.setMinimumWidth(self.undo.fontMetrics().horizontalAdvance("Undo") + 28)
        self.undo.clicked.connect(self._take_back)
        self._back: Callable[[], None] | None = None
        close = button("close", "Put this notice away", self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 4, 4)
        row.addWidget(self.words, 1)
        row.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        over.installEventFilter(self)
        self.hide()

    def say(self, sentences: str, *, stays: bool = False, undo: Callable[[], None] | None = None) -> None:
        """Say this until it is put away, or until the next action unless it ``stays``.

        With ``undo`` it stays for ten seconds and offers to take back what was done.
        """
        self._stays = stays or undo is not None
        self._back = undo
        self.undo.setVisible(undo is not None)
        self._passing.stop()
        if undo is not None:
            self._passing.start()
        self.words.setText(sentences)
        self.words.setAccessibleName(sentences)
        self.setVisible(bool(sentences))
        self._place()
        self.raise_()

    def _take_back(self) -> None:
        self.hide()
        if self._back is not None:
            self._back()

    def pass_away(self) -> None:
        """The reviewer has gone on: what does not stay goes."""
        if not self._stays:
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the foot of the pages when they have another size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        wide = max(self._over.width() - 2 * _MARGIN, 100)
        high = max(self.heightForWidth(wide), self.minimumSizeHint().height())
        self.setGeometry(_MARGIN, self._over.height() - high - _MARGIN, wide, high)


class ToolBar(QFrame):
    """The buttons over the pages; ``acts`` gives what each does by its name."""

    FITS = (
        ("fit_width", "Fit &width", "Ctrl+2"),
        ("fit_page", "Fit &page", "Ctrl+0"),
        ("fit_content", "Fit &content", "Ctrl+3"),
        ("actual_size", "&Actual size", "Ctrl+1"),
    )

    def __init__(self, acts: Mapping[str, Callable[[], object]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "bar")
        self.rail = button("rail", "Show or hide documents and pages (F9)", acts["toggle_rail"], checkable=True)
        self.back = button("back", "Back to where you were (Alt+Left)", acts["back"])
        self.forward = button("forward", "Forward again (Alt+Right)", acts["forward"])
        self.field = PageField()
        self.count = QLabel()
        self.percent = ZoomField()
        self.sizes = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup, autoRaise=True)
        self.sizes.setIcon(glyph("fit"))
        self.sizes.setIconSize(QSize(18, 18))
        self.sizes.setToolTip("How large pages are shown")
        self.sizes.setAccessibleName("How large pages are shown")
        self.looks = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup, autoRaise=True)
        self.looks.setIcon(glyph("looks"))
        self.looks.setIconSize(QSize(18, 18))
        self.looks.setToolTip("How pages look: one or two, margins, colours, faint faxes")
        self.looks.setAccessibleName("How pages look")
        self.looks.setMenu(QMenu(self.looks))
        self.seek = button("find", "Find words in the record (Ctrl+F)", acts["find_in_record"])
        self.region = button(
            "region", "Select a region by dragging (R, or hold Alt)", acts["toggle_region"], checkable=True
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(_BESIDE, 3, _BESIDE, 3)
        row.setSpacing(_BETWEEN)
        left: tuple[QWidget, ...] = (self.rail, self.back, self.forward, self.field, self.count)
        for widget in left:
            row.addWidget(widget)
        row.addStretch(1)
        smaller = button("smaller", "Smaller (Ctrl+-)", acts["zoom_out"])
        larger = button("larger", "Larger (Ctrl++)", acts["zoom_in"])
        turn = button("turn", "Turn this page clockwise (Ctrl+Shift++)", acts["turn_clockwise"])
        right = (smaller, self.percent, larger, self.sizes, self.looks, turn, self.region, self.seek)
        for widget in right:
            row.addWidget(widget)
        self._all: tuple[QWidget, ...] = (*left, *right)
        # What a narrow pane goes without first; keys, menus and the wheel still do it.
        self._spare: tuple[QWidget, ...] = (turn, smaller, larger, self.count, self.percent, self.region)
        self._fill_menu(acts)

    def minimumSizeHint(self) -> QSize:
        """Room for the buttons that always stay."""
        return QSize(self._needed(self._spare), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many buttons as there is room for."""
        super().resizeEvent(event)
        for count in range(len(self._spare) + 1):
            if self._needed(self._spare[:count]) <= event.size().width() or count == len(self._spare):
                for number, widget in enumerate(self._spare):
                    widget.setVisible(number >= count)
                return

    def _needed(self, without: tuple[QWidget, ...]) -> int:
        shown = [widget for widget in self._all if widget not in without]
        widths = (max(each.minimumSizeHint().width(), each.minimumWidth()) for each in shown)
        return 2 * _BESIDE + sum(width + _BETWEEN for width in widths)

    def _fill_menu(self, acts: Mapping[str, Callable[[], object]]) -> None:
        menu = QMenu(self.sizes)
        for name, text, keys in self.FITS:
            action = QAction(f"{text}\t{keys}", menu)
            action.triggered.connect(lambda _=False, act=acts[name]: act())
            menu.addAction(action)
        self.sizes.setMenu(menu)

    def show_percent(self, percent: float) -> None:
        """Show how large the page is: 100 is actual size."""
        self.percent.show_percent(percent)


def button(name: str, tip: str, act: Callable[[], object], *, checkable: bool = False) -> QToolButton:
    """A small button with a drawing; its tip is also what it is called for those who cannot see it."""
    made = QToolButton(autoRaise=True)
    made.setCheckable(checkable)
    made.setIcon(glyph(name))
    made.setIconSize(QSize(18, 18))
    made.setToolTip(tip)
    made.setAccessibleName(tip.split(" (")[0])
    made.clicked.connect(lambda _=False: act())
    return made
