# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rail's list of term sets: each lit or not, with its hits in all and in each document."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import zip_longest

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.models.terms import TermSet
from imr_desktop.ui.parts import roomy
from imr_desktop.ui.record.bars import button
from imr_desktop.ui.record.lighting import LitSet
from imr_desktop.ui.record.painting_marks import term_colours

_SET, _DOCUMENT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class TermPanel(QWidget):
    """Sets with a box to light them; below each the documents that have hits. Signals carry the id of the set.

    ``lit_wished`` comes with whether it is to be lit, ``document_wanted`` with the id of a document,
    ``stepped`` with the set chosen (or None) and the way to go.
    """

    lit_wished = Signal(str, bool)
    document_wanted = Signal(str, str)
    stepped = Signal(object, int)
    new_wanted = Signal()
    edit_wanted = Signal(str)
    remove_wanted = Signal(str)
    unsearched_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._filling = False
        self.list = QTreeWidget()
        self.list.setHeaderHidden(True)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName("Term sets of the case")
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setColumnCount(2)
        head = self.list.header()
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(20)
        head.setSectionResizeMode(0, head.ResizeMode.Stretch)
        head.setSectionResizeMode(1, head.ResizeMode.ResizeToContents)
        self.list.setIndentation(16)
        self.list.setIconSize(QSize(14, 14))
        self.list.itemChanged.connect(self._changed)
        self.list.itemActivated.connect(self._activated)
        self.list.itemClicked.connect(self._clicked)
        self.list.currentItemChanged.connect(lambda *_: self._allow())
        self.unsearched = QPushButton()
        self.unsearched.setProperty("kind", "link")
        self.unsearched.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.unsearched.setAccessibleName("Pages that could not be searched for terms")
        self.unsearched.clicked.connect(self.unsearched_wanted)
        self.unsearched.hide()
        self.new = _push("&New…", self.new_wanted.emit)
        self.edit = _push("E&dit…", lambda: self.edit_wanted.emit(self.current() or ""))
        self.remove = button("close", "Remove the set", lambda: self.remove_wanted.emit(self.current() or ""))
        row = QHBoxLayout()
        row.setContentsMargins(6, 4, 6, 6)
        row.setSpacing(4)
        for widget in (self.new, self.edit, self.remove):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(button("up", "Previous lit term (Shift+F4)", lambda: self.stepped.emit(self.current(), -1)))
        row.addWidget(button("down", "Next lit term (F4)", lambda: self.stepped.emit(self.current(), 1)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(self.unsearched)
        column.addLayout(row)
        self.setFocusProxy(self.list)
        self._allow()

    def current(self) -> str | None:
        """The set that is chosen, by itself or by one of its documents."""
        row = self.list.currentItem()
        return None if row is None else str(row.data(0, _SET))

    def show_sets(
        self, sets: Sequence[LitSet], counts: Callable[[LitSet], Counter[str]], name: Callable[[str], str]
    ) -> None:
        """Show these sets; what is open and chosen stays so."""
        chosen = self.current()
        known = [self._row(number).data(0, _SET) for number in range(self.list.topLevelItemCount())]
        opened = {self._row(number).data(0, _SET) for number, _ in enumerate(known) if self._row(number).isExpanded()}
        self._filling = True
        if known != [each.terms.id for each in sets]:
            self.list.clear()
            for each in sets:
                row = QTreeWidgetItem()
                row.setData(0, _SET, each.terms.id)
                self.list.addTopLevelItem(row)
                row.setExpanded(each.terms.id in opened)
                if each.terms.id == chosen:
                    self.list.setCurrentItem(row)
        for number, each in enumerate(sets):
            self._fill(self._row(number), each, counts(each), name)
        self._filling = False
        self._allow()

    def say_unsearched(self, count: int, pages: int, said: str) -> None:
        """How many of the pages could not be searched, and in ``said`` why; empty where all could be."""
        self.unsearched.setText(f"{count:,} of {pages:,} pages not searched" if said else "")
        self.unsearched.setToolTip(said)
        self.unsearched.setAccessibleDescription(said)
        self.unsearched.setVisible(bool(said))

    def _fill(self, row: QTreeWidgetItem, lit: LitSet, counts: Counter[str], name: Callable[[str], str]) -> None:
        terms, total = lit.terms, sum(counts.values())
        state = Qt.CheckState.Checked if terms.lit else Qt.CheckState.Unchecked
        if row.checkState(0) != state or not row.text(0):
            row.setCheckState(0, state)
        row.setText(0, terms.name)
        row.setIcon(0, _swatch(lit.colour, self.devicePixelRatioF()))
        many = "" if not terms.lit else f"{total:,}" + ("" if lit.finding.done else "+")
        row.setText(1, many)
        trouble = lit.finding.trouble if terms.lit else ""
        row.setToolTip(0, trouble or f"{terms.name}: {', '.join(terms.terms)}")
        said = trouble or (f"{many} hits in {len(counts)} documents" if terms.lit else "not lit")
        row.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{terms.name}, {said}")
        wanted = list(counts.items()) if terms.lit else []
        held = [child for at in range(row.childCount()) if (child := row.child(at)) is not None]
        for child in held[len(wanted) :]:
            row.removeChild(child)
        for (document, count), child in zip_longest(wanted, held[: len(wanted)]):
            if child is None:
                child = QTreeWidgetItem(row)
            child.setData(0, _SET, terms.id)
            child.setData(0, _DOCUMENT, document)
            child.setText(0, name(document))
            child.setToolTip(0, name(document))
            child.setText(1, f"{count:,}")

    def _row(self, number: int) -> QTreeWidgetItem:
        row = self.list.topLevelItem(number)
        if row is None:
            raise IndexError(number)
        return row

    def _changed(self, row: QTreeWidgetItem, column: int) -> None:
        if not self._filling and column == 0 and row.parent() is None:
            self.lit_wished.emit(str(row.data(0, _SET)), row.checkState(0) is Qt.CheckState.Checked)

    def _clicked(self, row: QTreeWidgetItem, _column: int) -> None:
        if row.parent() is not None:
            self._activated(row, 0)

    def _activated(self, row: QTreeWidgetItem, _column: int) -> None:
        if row.parent() is None:
            self.stepped.emit(str(row.data(0, _SET)), 1)
        else:
            self.document_wanted.emit(str(row.data(0, _SET)), str(row.data(0, _DOCUMENT)))

    def _allow(self) -> None:
        self.edit.setEnabled(self.current() is not None)
        self.remove.setEnabled(self.current() is not None)


class TermSetDialog(QDialog):
    """Asks for a set's name, its terms, one on a line, and whether it is one of every case; ``kept`` carries all."""

    kept = Signal(str, object, bool)

    def __init__(self, terms: TermSet | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Term set")
        self.name = QLineEdit("" if terms is None else terms.name)
        self.name.setAccessibleName("Name of the set")
        self.name.setPlaceholderText("Red flags")
        self.text = QPlainTextEdit("" if terms is None else "\n".join(terms.terms), tabChangesFocus=True)
        self.text.setAccessibleName("Terms, one on a line")
        told = QLabel("One term on a line: a word, words in a row, a beginning* or a day. They stay lit on the pages.")
        told.setWordWrap(True)
        told.setProperty("says", "muted")
        self.everywhere = QCheckBox("Offer this set in &every case")
        self.everywhere.setAccessibleDescription("It moves to other laptops with a settings pack; name nobody in it.")
        self.everywhere.setToolTip(self.everywhere.accessibleDescription())
        self.everywhere.setChecked(terms is not None and terms.everywhere)
        self.everywhere.setVisible(terms is None or terms.is_own)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText("&Keep and light")
        self.buttons.accepted.connect(self._keep)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (QLabel("Name"), self.name, QLabel("Terms"), self.text, told, self.everywhere, self.buttons):
            column.addWidget(widget)
        for field in (self.name, self.text):
            field.textChanged.connect(self._allow)
        if terms is not None and not terms.is_own:
            self.name.setReadOnly(True)
        roomy(self, 420, 360)
        self._allow()
        (self.text if terms is not None else self.name).setFocus()

    def terms(self) -> tuple[str, ...]:
        """The terms as typed, without doubles and empty lines."""
        lines = (" ".join(line.split()) for line in self.text.toPlainText().splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def _allow(self) -> None:
        ready = bool(self.name.text().strip() and self.terms())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)

    def _keep(self) -> None:
        name, terms = " ".join(self.name.text().split()), self.terms()
        self.accept()
        self.kept.emit(name, terms, self.everywhere.isChecked())


def _push(text: str, act: Callable[[], object]) -> QToolButton:
    """A button no wider than its words: the rail is narrow."""
    made = QToolButton()
    made.setText(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAccessibleName(text.replace("&", "").rstrip("…"))
    made.clicked.connect(lambda _=False: act())
    return made


def _swatch(number: int, ratio: float) -> QIcon:
    """The colour in which a set is lit, with the line that tells it from others without colour."""
    picture = QPixmap(round(14 * ratio), round(14 * ratio))
    picture.setDevicePixelRatio(ratio)
    colour, pen = term_colours(number)
    picture.fill(colour)
    painter = QPainter(picture)
    painter.setPen(pen)
    painter.drawLine(1, 11, 13, 11)
    painter.end()
    return QIcon(picture)
