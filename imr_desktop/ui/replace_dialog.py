# SPDX-License-Identifier: AGPL-3.0-or-later
"""Find and replace across the letter: every place with the words around it, replaced one by one or all at once."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from imr_desktop.casework import replacing
from imr_desktop.casework.replacing import Sought, Spot
from imr_desktop.models.places import Part
from imr_desktop.ui.form.layout import choose_row, tree
from imr_desktop.ui.parts import Fields, button, line_field, roomy, words

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.ui.form.form import CaseForm

_NAMES = {"heading": "wording", "ur_reason": "UR's reason", "rationale": "rationale"}


class ReplaceDialog(QDialog):
    """Modeless. ``place_wanted`` leads to the place that is chosen."""

    place_wanted = Signal(object)

    def __init__(self, desk: "Desk", form: "CaseForm", words_sought: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Find and replace")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._form = desk, form
        self._spots: tuple[Spot, ...] = ()
        self.sought, self.by = line_field(words_sought), line_field()
        self.match_case, self.whole_word = QCheckBox("Match &case"), QCheckBox("Whole &words")
        self.list = tree("Where", "Words", rows=6, wide=1)
        self.list.setAccessibleName("Where the words stand")
        self.list.itemActivated.connect(lambda _item, _column: self._go())
        self.count = words("", "muted", wrap=False)
        self.one = button("&Replace", self._one, "main", tip="Replace at the chosen place and go on")
        self.all = button("Replace &all", self._all, tip="Replace everywhere in the letter, as one step")
        fields = Fields()
        fields.add("&Find", self.sought)
        fields.add("Replace &by", self.by)
        options = QHBoxLayout()
        options.addWidget(self.match_case)
        options.addWidget(self.whole_word)
        options.addStretch(1)
        options.addWidget(self.count)
        buttons = QHBoxLayout()
        for each in (self.one, self.all, button("&Show the place", self._go)):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(button("Close", self.reject, "quiet"))
        column = QVBoxLayout(self)
        column.addLayout(fields)
        column.addLayout(options)
        column.addWidget(self.list)
        column.addLayout(buttons)
        roomy(self, 620, 420)
        self.sought.textChanged.connect(self.look)
        self.match_case.toggled.connect(self.look)
        self.whole_word.toggled.connect(self.look)
        self._stop = desk.listen(lambda _: self.look())
        self.finished.connect(lambda _: self._stop())
        self.look()
        self.sought.setFocus()
        self.sought.selectAll()

    def look(self) -> None:
        """Show where the words stand now."""
        self._spots = replacing.found(self._desk.case, self._what())
        at = max(0, self.list.currentIndex().row())
        self.list.clear()
        for spot in self._spots:
            row = QTreeWidgetItem([self._name(spot), f"{spot.before}{spot.text}{spot.after}".replace("\n", " ")])
            self.list.addTopLevelItem(row)
        choose_row(self.list, min(at, len(self._spots) - 1))
        number = len(self._spots)
        self.count.setText("1 place" if number == 1 else f"{number} places")
        for each in (self.one, self.all):
            each.setEnabled(bool(number))

    def _what(self) -> Sought:
        return Sought(self.sought.text(), self.match_case.isChecked(), self.whole_word.isChecked())

    def _name(self, spot: Spot) -> str:
        if spot.place.part is Part.SUMMARY:
            return "Summary"
        ordinal = self._desk.case.ordinal(spot.place.row or "")
        return f"Item {ordinal}, {_NAMES[spot.place.field or '']}"

    def _chosen(self) -> Spot | None:
        row = self.list.currentIndex().row()
        return self._spots[row] if 0 <= row < len(self._spots) else None

    def _go(self) -> None:
        spot = self._chosen()
        if spot is not None:
            self.place_wanted.emit(spot.place)

    def _one(self) -> None:
        self._form.flush()
        spot = self._chosen()
        if spot is not None:
            replacing.replace_one(self._desk, spot, self.by.text())

    def _all(self) -> None:
        self._form.flush()
        count = replacing.replace_all(self._desk, self._what(), self.by.text())
        self.count.setText(f"Replaced {count}. Undo (Ctrl+Z) takes all of it back.")
