# SPDX-License-Identifier: AGPL-3.0-or-later
"""The manual inside the window: pages at the left, text at the right, searched by words; one page for every check."""

import re
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QShowEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from imr_desktop import assets
from imr_desktop.ui.parts import line_field, name_it, roomy, words

CHECKS = "checks"
_PAGE = Qt.ItemDataRole.UserRole


def pages() -> dict[str, tuple[str, str]]:
    """The pages of the manual by name, each with its title and its text (Markdown); the checks come last."""
    found = {}
    folder = assets.documents()
    for path in [*sorted((folder / "manual").glob("*.md")), folder / "checks.md"]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            title = next((line[2:] for line in text.splitlines() if line.startswith("# ")), path.stem)
            found[re.sub(r"^\d+-", "", path.stem)] = (title, text)
    return found


def why(check_id: str) -> str:
    """What the manual says of one check, by its id; empty if it has no word on it."""
    text = pages().get(CHECKS, ("", ""))[1]
    found = re.search(rf"^### {re.escape(check_id)}\b.*?(?=^### |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group().strip() if found else ""


class _Text(QTextBrowser):
    """Markdown with its pictures fitted to the width; links lead to other pages of the manual and nowhere else."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Pictures come from the manual's own folder, and nothing from anywhere else."""
        path = assets.documents() / "pictures" / Path(QUrl(name).path()).name
        if kind == QTextDocument.ResourceType.ImageResource.value and path.is_file():
            from PySide6.QtGui import QImage

            image = QImage(str(path))
            width = max(200, min(image.width(), self.viewport().width() - 40))
            return image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        return None


class Help(QDialog):
    """The manual. It stays beside the work; Escape closes it."""

    def __init__(self, page: str = "", check_id: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Manual")
        roomy(self, 960, 680)
        self._pages = pages()
        self._shown = ""
        self.search = line_field(shown="Search the manual")
        self.search.setAccessibleName("Search the manual")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._seek)
        self.list = QListWidget()
        name_it(self.list, "Pages of the manual")
        self.text = _Text()
        name_it(self.text, "The page")
        self.text.setOpenLinks(False)
        self.none = words("No page has all of these words.", "muted")
        self.none.hide()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        for each in (self.search, self.none, self.list):
            column.addWidget(each)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.addWidget(left)
        splitter.addWidget(self.text)
        splitter.setSizes([250, 700])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.addWidget(splitter, 1)
        whole.addWidget(buttons)
        self.list.currentItemChanged.connect(lambda *_: self._turn())
        self._seek("")
        self.show_page(page, check_id)

    def show_page(self, page: str, check_id: str = "") -> None:
        """Show a page of the manual; on the page of the checks, one check."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_PAGE) == (CHECKS if check_id else page):
                self.list.setCurrentRow(row)
        if check_id:
            self._find(check_id, heading=True)

    def _turn(self) -> None:
        if self.list.currentRow() < 0:
            return
        self._shown = str(self.list.currentItem().data(_PAGE))
        self.text.setMarkdown(self._pages[self._shown][1])
        if self.search.text().strip():
            self._find(self.search.text().split()[0])

    def showEvent(self, event: QShowEvent) -> None:
        """What was found before the page had its width is brought to the top now."""
        super().showEvent(event)
        self._to_top()

    def _find(self, sought: str, *, heading: bool = False) -> None:
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        while self.text.find(sought):
            # Other checks may name this one before its own heading comes.
            if not heading or self.text.textCursor().blockFormat().headingLevel():
                break
        self._to_top()

    def _to_top(self) -> None:
        """The place found stands at the top, with what follows it in view."""
        if self.text.textCursor().hasSelection():
            # Until the whole page is laid out, the bar does not reach as far as it must.
            self.text.document().documentLayout().documentSize()
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.value() + self.text.cursorRect().top() - 20)

    def _seek(self, sought: str) -> None:
        terms = sought.casefold().split()
        shown = self._shown
        self.list.clear()
        for name, (title, text) in self._pages.items():
            if all(term in text.casefold() for term in terms):
                row = QListWidgetItem(title)
                row.setData(_PAGE, name)
                self.list.addItem(row)
                if name == shown:
                    self.list.setCurrentItem(row)
        if self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)
        self.none.setVisible(not self.list.count())
