# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter's place, behind its tab or beside the form in the record's stead, and the way from a field to its line."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from imr_desktop.models.places import Part, Place
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.letter_panel import LetterPanel
from imr_desktop.ui.parts import button, words
from imr_desktop.ui.record import RecordViews

_REST_MS = 150


class LetterBeside(QStackedWidget):
    """What stands behind the Letter tab. ``left`` is what stands beside the form: the record, or the letter."""

    def __init__(self, letter: LetterPanel, form: CaseForm, record: RecordViews) -> None:
        super().__init__()
        self._letter, self._form = letter, form
        self.left = QStackedWidget()
        self.left.addWidget(record)
        self._note = QWidget()
        column = QVBoxLayout(self._note)
        column.addWidget(words("The letter is shown beside the form, in the place of the record.", "muted"))
        column.addWidget(button("Bring the &record back", self.toggle))
        column.addStretch(1)
        self.addWidget(letter)
        self.addWidget(self._note)
        letter.follows = self._follows
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._go_along)
        for text in (form.summary_panel.text, form.items_panel.form.rationale):
            text.cursorPositionChanged.connect(self._rest.start)
        # While it is hidden, a page is gone to only where somebody asked to see it.
        record.page_changed.connect(lambda _: self.show_record())

    @property
    def is_beside(self) -> bool:
        """Whether the letter stands beside the form now."""
        return self.left.indexOf(self._letter) >= 0

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the commands do here."""
        return {"letter_beside": self.toggle, "in_letter": self.show_in_letter}

    def toggle(self) -> None:
        """Put the letter beside the form, or the record back there."""
        to = self if self.is_beside else self.left
        to.addWidget(self._letter)
        to.setCurrentWidget(self._letter)
        if to is self.left:
            self.setCurrentWidget(self._note)

    def show_record(self) -> None:
        """Bring the record back where the letter stands in its place."""
        if self.is_beside:
            self.toggle()

    def of_record(self, act: Callable[[], object]) -> Callable[[], object]:
        """An act of the record, which is brought back for it."""

        def done() -> object:
            self.show_record()
            return act()

        return done

    def restore(self, beside: object) -> None:
        """Stand as it was left."""
        if beside is True and not self.is_beside:
            self.toggle()

    def show_in_letter(self) -> None:
        """Point out in the letter what the field with the caret says, its sentence in a narrative."""
        place, caret = self._here()
        self._form.flush()
        if not self.is_beside and place.part is not Part.LETTER:
            self._form.show_panel("Letter")
        if place.part is not Part.LETTER:
            self._letter.show_place(place, caret)

    def _go_along(self) -> None:
        wanted = self._follows()
        if wanted is not None:
            self._letter.show_place(*wanted)

    def _here(self) -> tuple[Place, int]:
        place = self._form.place()
        narrative = place.part is Part.SUMMARY or (place.part is Part.ITEMS and place.field == "rationale")
        field = self._form.narrative_field("summary" if place.part is Part.SUMMARY else "item")
        return place, field.caret_offset() if narrative else 0

    def _follows(self) -> tuple[Place, int] | None:
        """While the letter stands beside the form it goes along with what is written."""
        place, caret = self._here()
        return (place, caret) if self.is_beside and place.part is not Part.LETTER else None
