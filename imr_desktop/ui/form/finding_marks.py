# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that a finding is about, underlined where the reviewer wrote them, with the finding in their menu."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QMenu, QTextEdit

from imr_desktop.checks import Finding, Severity
from imr_desktop.models.places import Part
from imr_desktop.ui.form.narrative_edit import NarrativeEdit

_LINE = QTextCharFormat.UnderlineStyle
# Told apart by their shape too, and from a misspelling's wave.
_LOOKS = {
    Severity.BLOCKS: (_LINE.DashUnderline, QColor(196, 43, 28)),
    Severity.WARNS: (_LINE.DotLine, QColor(190, 120, 0)),
}
_SHORTENED = 110


class FindingMarks(QObject):
    """The findings about one narrative field. ``wanted`` tells which finding was chosen in the menu."""

    wanted = Signal(object)

    def __init__(self, field: NarrativeEdit, part: Part, row: Callable[[], str | None] = lambda: None) -> None:
        super().__init__(field)
        self.field, self._part, self._row = field, part, row
        self._told: tuple[Finding, ...] = ()
        self._marked: list[tuple[QTextEdit.ExtraSelection, Finding]] = []
        field.menu_asked.connect(self._add_to_menu)

    @property
    def marked(self) -> tuple[tuple[str, Finding], ...]:
        """The words that are underlined, each with its finding."""
        return tuple((mark.cursor.selectedText(), finding) for mark, finding in self._marked)

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Underline the words of what is still open of these; what was answered is no longer underlined."""
        self._told = tuple(each for each in found if each.answer is None and each.severity in _LOOKS)
        self.look()

    def look(self) -> None:
        """Another row may be shown: underline what is found there."""
        row = self._row()
        self._marked = []
        for finding in self._told:
            place = finding.place
            ours = place.part is self._part and place.row == row and place.field in (None, "rationale")
            if ours and place.span is not None:
                self._marked.append((self._mark(finding, *place.span), finding))
        self.field.show_marks("findings", [mark for mark, _ in self._marked])

    def _mark(self, finding: Finding, start: int, end: int) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        shape = QTextCharFormat()
        line, colour = _LOOKS[finding.severity]
        shape.setUnderlineStyle(line)
        shape.setUnderlineColor(colour)
        mark.cursor, mark.format = self.field.cursor_over(start, end), shape
        return mark

    def _add_to_menu(self, menu: QMenu, position: int) -> None:
        here = [
            finding
            for mark, finding in self._marked
            if mark.cursor.selectionStart() <= position <= mark.cursor.selectionEnd()
        ]
        first = menu.actions()[0]
        for finding in here:
            says = finding.says if len(finding.says) <= _SHORTENED else f"{finding.says[:_SHORTENED]}…"
            action = menu.addAction(f"{finding.id}: {says}")
            action.triggered.connect(lambda _=False, which=finding: self.wanted.emit(which))
            menu.insertAction(first, action)
        if here:
            menu.insertSeparator(first)
