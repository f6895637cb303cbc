# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small windows about one item: a note to come back by, why a decision changed, and its search terms."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QTreeWidgetItem, QVBoxLayout, QWidget

from imr_desktop.ui.form.layout import choose_row, tree
from imr_desktop.ui.parts import button, lines_field, roomy, words


class NoteDialog(QDialog):
    """Asks for a few words; ``keep`` gets them. Where they are ``needed``, nothing can be kept without."""

    def __init__(
        self,
        title: str,
        told: str,
        note: str,
        keep: Callable[[str], object],
        parent: QWidget,
        *,
        keeps: str = "&Keep",
        needed: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._keep, self._needed = keep, needed
        self.note = lines_field(note, rows=4)
        self.note.setAccessibleName(title)
        self.note.setTabChangesFocus(True)
        self.note.textChanged.connect(self._allow)
        self.go = button(keeps, self._done, "main")
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.buttons.addWidget(button("Cancel", self.reject, "quiet"))
        self.buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.addWidget(words(told, "lead"))
        column.addWidget(self.note)
        column.addLayout(self.buttons)
        roomy(self, 480, 240)
        self._allow()
        self.note.setFocus()

    def add_way(self, text: str, act: Callable[[], object]) -> None:
        """One more way to leave, at the left."""

        def leave() -> None:
            self.accept()
            act()

        self.buttons.insertWidget(0, button(text, leave))

    def _allow(self) -> None:
        self.go.setEnabled(not self._needed or bool(self.note.toPlainText().strip()))

    def _done(self) -> None:
        text = " ".join(self.note.toPlainText().split())
        self.accept()
        self._keep(text)


class TermsDialog(QDialog):
    """The search terms of an item with their hits: edited one on a line, shown in the record one by one or all lit."""

    def __init__(
        self,
        title: str,
        terms: Sequence[str],
        hits: Callable[[str], str],
        keep: Callable[[Sequence[str] | None], Sequence[str]],
        light: Callable[[Sequence[str]], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Search terms of the item")
        self._hits, self._keep, self._light = hits, keep, light
        self.text = QPlainTextEdit("\n".join(terms))
        self.text.setAccessibleName("Search terms, one on a line")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * 7 + 18)
        self.list = tree("Term", "In the record", rows=6, wide=0)
        self.list.setAccessibleName("Terms with their hits")
        self.list.itemActivated.connect(lambda row, _column: self._light([row.text(0)]))
        buttons = QHBoxLayout()
        self.all = button("&Light all on the pages", lambda: self._light(self.terms()), "main")
        self.keep = button("&Keep these terms", lambda: self._use(self.terms()))
        self.made = button("As &made from the wording", lambda: self._use(None))
        for each in (self.all, self.keep, self.made):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(button("Close", self.reject, "quiet"))
        column = QVBoxLayout(self)
        column.addWidget(words(title, "lead"))
        column.addWidget(words("One term on a line. Enter on a term below lights it in the record.", "muted"))
        column.addWidget(self.text)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        roomy(self, 620, 480)
        self._count(terms)
        self.text.setFocus()

    def terms(self) -> tuple[str, ...]:
        """The terms as they stand in the field."""
        lines = (" ".join(line.split()) for line in self.text.toPlainText().splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def _use(self, terms: Sequence[str] | None) -> None:
        now = self._keep(terms)
        self.text.setPlainText("\n".join(now))
        self._count(now)

    def _count(self, terms: Sequence[str]) -> None:
        self.list.clear()
        for term in terms:
            row = QTreeWidgetItem([term, self._hits(term)])
            row.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{term}: {row.text(1)}")
            self.list.addTopLevelItem(row)
        choose_row(self.list, 0 if terms else -1)
