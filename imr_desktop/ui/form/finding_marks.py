# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that a finding is about, underlined where the reviewer wrote them, with the finding in their menu."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat
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
_QUIET = (_LINE.DashDotDotLine, QColor(128, 128, 128))
_SHORTENED = 110
_TYPING = (QEvent.Type.KeyPress, QEvent.Type.InputMethod)


class FindingMarks(QObject):
    """The findings about one narrative field. ``wanted`` tells which finding was chosen in the menu, ``excused`` of
    which sentence the reviewer says that it needs no source.

    Sentences without a source are marked quietly, and only until somebody types in the field.
    """

    wanted = Signal(object)
    excused = Signal(object)

    def __init__(self, field: NarrativeEdit, part: Part, row: Callable[[], str | None] = lambda: None) -> None:
        super().__init__(field)
        self.field, self._part, self._row = field, part, row
        self._told: tuple[Finding, ...] = ()
        self._marked: list[tuple[QTextEdit.ExtraSelection, Finding]] = []
        self._bare: tuple[Finding, ...] = ()
        self._quiet: list[tuple[QTextEdit.ExtraSelection, Finding]] = []
        field.menu_asked.connect(self._add_to_menu)
        field.installEventFilter(self)

    @property
    def marked(self) -> tuple[tuple[str, Finding], ...]:
        """The words that are underlined, each with its finding."""
        return tuple((mark.cursor.selectedText(), finding) for mark, finding in self._marked)

    @property
    def quiet(self) -> tuple[str, ...]:
        """The sentences that are marked as without a source."""
        return tuple(mark.cursor.selectedText() for mark, _ in self._quiet)

    def show_without_source(self, found: Sequence[Finding]) -> None:
        """Mark the sentences of these quietly; none takes the marks away."""
        self._bare = tuple(found)
        self._look_quietly()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever types is not to be reminded: the quiet marks go until they are asked for again."""
        if self._bare and event.type() in _TYPING and (not isinstance(event, QKeyEvent) or event.text()):
            self.show_without_source(())
        return super().eventFilter(watched, event)

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Underline the words of what is still open of these; what was answered is no longer underlined."""
        self._told = tuple(each for each in found if each.answer is None and each.severity in _LOOKS)
        self.look()

    def look(self) -> None:
        """Another row may be shown: underline what is found there."""
        self._marked = [(self._mark(each, *_LOOKS[each.severity]), each) for each in self._here(self._told)]
        self.field.show_marks("findings", [mark for mark, _ in self._marked])
        self._look_quietly()

    def _look_quietly(self) -> None:
        # What a graver line underlines already is not marked twice.
        louder = {finding.place.span for _, finding in self._marked}
        bare = (each for each in self._here(self._bare) if each.place.span not in louder)
        self._quiet = [(self._mark(each, *_QUIET), each) for each in bare]
        self.field.show_marks("sources", [mark for mark, _ in self._quiet])

    def _here(self, found: Sequence[Finding]) -> Iterator[Finding]:
        row = self._row()
        for finding in found:
            place = finding.place
            ours = place.part is self._part and place.row == row and place.field in (None, "rationale")
            if ours and place.span is not None:
                yield finding

    def _mark(self, finding: Finding, line: QTextCharFormat.UnderlineStyle, colour: QColor) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        shape = QTextCharFormat()
        shape.setUnderlineStyle(line)
        shape.setUnderlineColor(colour)
        mark.cursor, mark.format = self.field.cursor_over(*(finding.place.span or (0, 0))), shape
        return mark

    def _add_to_menu(self, menu: QMenu, position: int) -> None:
        here = [finding for mark, finding in self._marked if _holds(mark, position)]
        bare = [finding for mark, finding in self._quiet if _holds(mark, position)]
        first = menu.actions()[0]
        for finding in here:
            says = finding.says if len(finding.says) <= _SHORTENED else f"{finding.says[:_SHORTENED]}…"
            action = menu.addAction(f"{finding.id}: {says}")
            action.triggered.connect(lambda _=False, which=finding: self.wanted.emit(which))
            menu.insertAction(first, action)
        for finding in bare:
            excuse = menu.addAction("Needs no source: do not mark this sentence")
            excuse.triggered.connect(lambda _=False, which=finding: self.excused.emit(which))
            menu.insertAction(first, excuse)
        if here or bare:
            menu.insertSeparator(first)


def _holds(mark: QTextEdit.ExtraSelection, position: int) -> bool:
    return mark.cursor.selectionStart() <= position <= mark.cursor.selectionEnd()
