# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items three ways: each treatment as application, request and denial name it; what has no item is settled here."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from imr_desktop.casework import reconcile
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.reconcile import SOURCES, Line
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.ui.form.layout import Wrapped, choose_row, tree
from imr_desktop.ui.parts import button, line_field, roomy, words

_AT = Qt.ItemDataRole.UserRole
_NOT_NAMED = "–"


class ReconcileDialog(QDialog):
    """Modeless. Enter shows the page that names the chosen treatment; ``page_wanted`` carries its PageRef."""

    page_wanted = Signal(object)

    def __init__(self, desk: Desk, reviewer: Callable[[], Reviewer], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Items three ways")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._reviewer = desk, reviewer
        self.lines: tuple[Line, ...] = ()
        self._says = Wrapped("lead")
        self.list = tree("State", "Application", "Request", "UR denial", rows=8, wide=1)
        self.list.setAccessibleName("Treatments three ways")
        self.list.setWordWrap(True)
        self.list.setUniformRowHeights(False)
        head = self.list.header()
        for column in range(1, len(SOURCES) + 1):
            head.setSectionResizeMode(column, head.ResizeMode.Stretch)
        self.list.itemActivated.connect(lambda _item, _column: self._show_page())
        self.list.currentItemChanged.connect(lambda _now, _before: self._allow())
        self.reason = line_field(shown="Why it is no item: authorised on appeal, not applied for, ...")
        self.reason.setAccessibleName("Why the chosen treatment is no item")
        self.reason.textChanged.connect(lambda _: self._allow())
        self.reason.returnPressed.connect(self._dismiss)
        self.take = button("&Take in as an item", self._take_in, "main")
        self.take.setAutoDefault(False)  # Enter in the reason dismisses.
        self.dismiss = button("&Dismiss", self._dismiss, tip="Keep the reason; it is filed with the letters")
        self.show_page = button("Show its &page", self._show_page, tip="The page that names it (Enter)")
        QShortcut(QKeySequence("G"), self.list, self._show_page).setContext(Qt.ShortcutContext.WidgetShortcut)
        self._lay_out()
        self._stop = desk.listen(lambda _: self.look())
        self.finished.connect(lambda _: self._stop())
        self.look()
        self.list.setFocus()

    def look(self) -> None:
        """Show how the treatments stand now."""
        at = max(0, self.list.currentIndex().row())
        whole = self._desk.determination(self._reviewer())
        findings = self._desk.findings(self._reviewer())
        self.lines = reconcile.lines(whole, self._desk.checker.named(whole.case), findings)
        self.list.blockSignals(True)
        self.list.clear()
        for number, line in enumerate(self.lines):
            texts = [line.state, *(_cell(line, source) for source in SOURCES)]
            row = QTreeWidgetItem(texts)
            row.setData(0, _AT, number)
            for column, text in enumerate(texts):
                row.setToolTip(column, text)
            self.list.addTopLevelItem(row)
        self.list.blockSignals(False)
        choose_row(self.list, min(at, len(self.lines) - 1))
        left = len(reconcile.open_lines(self.lines))
        if not self.lines:
            said = "No document of the record lists a treatment yet. Read and sort the record first."
        elif left:
            many = "1 treatment has" if left == 1 else f"{left} treatments have"
            said = f"{many} no item. Take it in, or say why it is none; until then the letter cannot be issued."
        else:
            said = "Every treatment that the documents name is an item or dismissed for a reason."
        self._says.say(said)
        self._allow()

    def chosen(self) -> Line | None:
        """The line that is chosen."""
        row = self.list.currentItem()
        return None if row is None else self.lines[row.data(0, _AT)]

    def _allow(self) -> None:
        line = self.chosen()
        loose = line is not None and line.item is None
        self.take.setEnabled(loose)
        self.dismiss.setEnabled(loose and bool(self.reason.text().strip()))
        self.reason.setEnabled(loose)
        self.show_page.setEnabled(line is not None and bool(line.named))

    def _take_in(self) -> None:
        line = self.chosen()
        if line is not None and line.item is None:
            reconcile.take_in(self._desk, line)

    def _dismiss(self) -> None:
        line, reason = self.chosen(), self.reason.text()
        if line is not None and line.item is None and reason.strip():
            self.reason.clear()
            reconcile.dismiss(self._desk, line, reason)

    def _show_page(self) -> None:
        line = self.chosen()
        if line is not None and line.named:
            self.page_wanted.emit(next(line.named[source].page for source in SOURCES if source in line.named))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for each in (self.take, self.show_page):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(button("Close", self.reject, "quiet"))
        why = QHBoxLayout()
        why.addWidget(self.reason, 1)
        why.addWidget(self.dismiss)
        column = QVBoxLayout(self)
        column.addWidget(self._says)
        column.addWidget(self.list, 1)
        column.addWidget(words("A treatment that is no item of this letter:", "muted"))
        column.addLayout(why)
        column.addLayout(buttons)
        roomy(self, 980, 460)


def _cell(line: Line, source: object) -> str:
    named = next((each for kind, each in line.named.items() if kind is source), None)
    if named is None:
        return _NOT_NAMED
    verdict = f", {named.verdict}" if named.verdict else ""
    return f"{named.wording}\nPage {named.case_page}{verdict}"
