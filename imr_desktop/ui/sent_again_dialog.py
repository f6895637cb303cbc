# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file that was sent again: the evidence on the old one, where each piece stands in the new one, and what has no
match; what matches moves by one button.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from imr_desktop.casework import sent_again
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.sent_again import Followed, SentAgain
from imr_desktop.ui.form.layout import Wrapped, choose_row, tree
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.parts import button, roomy, words

_AT = Qt.ItemDataRole.UserRole
_NONE = (
    "No file with evidence on it has come again. Take the new file in as a late record first; the program compares "
    "its pages once it has read and sorted them."
)


class SentAgainDialog(QDialog):
    """Modeless. ``passage_wanted`` carries what to show: in the new file, or in the old one where nothing matches."""

    passage_wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("A file sent again")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self.found: SentAgain | None = None
        self._pairs = sent_again.pairs(desk.store, desk.case)
        self.choice = QComboBox()
        self.choice.setAccessibleName("The old file and the one sent again")
        for pair in self._pairs:
            sheets = "1 sheet" if pair.pages == 1 else f"{pair.pages} sheets"
            self.choice.addItem(f"{pair.old.name} → {pair.new.name} ({sheets} in both)")
        self.choice.currentIndexChanged.connect(lambda _: self.look())
        self._says = Wrapped("lead")
        self.list = tree("Evidence", "In the file sent again", "Words", rows=9, wide=2)
        self.list.setAccessibleName("Evidence on the old file")
        self.list.itemActivated.connect(lambda _item, _column: self._show())
        self.move_over = button("&Move what matches", self._move, "main", tip="One step; Undo takes it back")
        self.show_page = button("Show its &page", self._show, tip="Enter")
        buttons = QHBoxLayout()
        buttons.addWidget(self.move_over)
        buttons.addWidget(self.show_page)
        buttons.addStretch(1)
        buttons.addWidget(button("Close", self.reject, "quiet"))
        column = QVBoxLayout(self)
        column.addWidget(self._says)
        column.addWidget(self.choice)
        column.addWidget(self.list, 1)
        column.addWidget(words("Both files stay in the case. What has no match stays where it is.", "muted"))
        column.addLayout(buttons)
        roomy(self, 900, 460)
        self._stop = desk.listen(lambda _: self.look())
        self.finished.connect(lambda _: self._stop())
        self.look()
        self.list.setFocus()

    def look(self) -> None:
        """Compare anew: the case has changed, or another pair was chosen."""
        at = self.choice.currentIndex()
        self.choice.setVisible(bool(self._pairs))
        case = self._desk.case
        self.found = sent_again.follow(self._desk.store, case, self._pairs[at]) if self._pairs else None
        self._says.say(_NONE if self.found is None else self.found.told())
        names = EvidenceNames(case)
        self.list.clear()
        # What has no match is what asks for a look: it stands first.
        followed = () if self.found is None else sorted(self.found.followed, key=lambda each: each.moved is not None)
        for each in followed:
            page = None if each.moved is None else names.case_page(each.moved.start)
            texts = [names.label(each.evidence.id), f"Page {page}" if page else each.why, names.quote(each.evidence.id)]
            row = QTreeWidgetItem([" ".join(text.split()) for text in texts])
            row.setData(0, _AT, each)
            for number, text in enumerate(texts):
                row.setToolTip(number, text)
            self.list.addTopLevelItem(row)
        choose_row(self.list, 0)
        self.move_over.setEnabled(any(each.moved is not None for each in followed))
        self.show_page.setEnabled(bool(followed))

    def _move(self) -> None:
        if self.found is not None:
            sent_again.carry_over(self._desk, self.found)

    def _show(self) -> None:
        row = self.list.currentItem()
        if row is not None:
            each: Followed = row.data(0, _AT)
            self.passage_wanted.emit(each.evidence.passage if each.moved is None else each.moved)
