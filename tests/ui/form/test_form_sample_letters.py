# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every item of the 23 sample letters, entered through the form, reads as it was published."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from imr_desktop.casework.desk import Desk
from imr_desktop.casework.published import read_file
from imr_desktop.models.citations import Citation, GuidelineCitation, MtusCitation, OtherCitation, StudyCitation
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem, ItemKind
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.ui.form import citing
from imr_desktop.ui.form.citation_editor import CitationEditor
from imr_desktop.ui.form.entries import show_date
from imr_desktop.ui.form.fields import Field
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.form.labels import ITEM_KINDS
from tests.kit.hands import pick

LETTERS = sorted((Path(__file__).parents[2] / "samples" / "determinations").glob("*.txt"))
ELEMENTS: dict[type[Citation], tuple[str, ...]] = {
    MtusCitation: ("chapter", "year", "sections"),
    GuidelineCitation: ("publisher", "year", "chapter", "section"),
    StudyCitation: ("authors", "title", "journal", "year", "volume", "pages", "pmid", "doi"),
    OtherCitation: ("label", "publisher", "date", "url"),
}
Write = Callable[[QWidget, str], None]


class Typist:
    """Enters one item after another into the form, field by field, with keys."""

    def __init__(self, form: CaseForm, desk: Desk, write: Write) -> None:
        self.form, self.desk, self.write = form, desk, write
        self.items = form.items_panel
        form.show_panel("Items")

    def text(self, path: str, text: str) -> None:
        field = self.items.form.binder.find(path)
        assert isinstance(field, Field), path
        self.write(field.editor, text)

    def enter(self, published: DisputedItem) -> str:
        QTest.mouseClick(self.items.add, Qt.MouseButton.LeftButton)
        item = self.form.current_item() or ""
        pick(self.items.form.binder.find("kind"), dict(ITEM_KINDS)[published.kind])
        if published.heading:
            self.text("heading", published.heading)
        for part in ("requested", "authorized", "remaining"):
            wording = getattr(published, part).wording
            if wording and self.items.form.binder.find(f"{part}.wording") is not None:
                self.text(f"{part}.wording", wording)
        if published.dos:
            self.text("dos", ", ".join(map(show_date, published.dos)))
        self.guideline(self.items.form.ca_guideline, published.ca_guideline)
        self.guideline(self.items.form.reviewer_guideline, published.reviewer_guideline)
        if published.outcome is not None:
            QTest.mouseClick(self.items.form.outcome.buttons[published.outcome], Qt.MouseButton.LeftButton)
        rationale = self.items.form.rationale
        rationale.setFocus()
        rationale.insertPlainText(published.rationale.text)
        self.form.flush()
        return item

    def guideline(self, editor: CitationEditor, value: Any) -> None:
        state = citing.stated(value)
        pick(editor.stated, dict(citing.STATED)[state])
        if state is citing.Stated.WORDS:
            self.write(editor.text.editor, value.text)
        if state is not citing.Stated.CITATIONS:
            return
        for number, citation in enumerate(value.citations):
            if number:
                QTest.mouseClick(editor.citations.rows.add, Qt.MouseButton.LeftButton)
            else:
                editor.citations.rows.choose(0)
            pick(editor.citations.form.kind, citing.class_name(citation))
            for element in ELEMENTS[type(citation)]:
                said = getattr(citation, element)
                field = editor.citations.form.field(element)
                assert isinstance(field, Field)
                if said:
                    self.write(field.editor, "\n".join(said) if isinstance(said, tuple) else str(said))


@pytest.mark.parametrize("letter", LETTERS, ids=lambda path: path.stem)
def test_the_items_of_a_published_letter_are_entered_and_read_as_printed(
    form: CaseForm, desk: Desk, write: Write, letter: Path
) -> None:
    published = read_file(letter)
    desk.keep_letter(published.case.letter)
    desk.keep_imro(published.case.imro)
    typist = Typist(form, desk, write)
    for item in published.case.items:
        typist.enter(item)
    entered = desk.determination(Reviewer())
    assert len(entered.case.items) == len(published.case.items) > 0
    for made, wanted in zip(entered.case.items, published.case.items, strict=True):
        assert printed(entered, made) == printed(published, wanted)
        assert made.outcome is wanted.outcome
        assert isinstance(made.kind, ItemKind)


def printed(determination: Determination, item: DisputedItem) -> tuple[Any, ...]:
    return (
        determination.heading(item),
        determination.ca_sentence(item),
        determination.reviewer_sentence(item),
        determination.paragraphs(item.rationale),
    )


def test_every_odg_citation_without_its_year_in_the_sample_letters_is_told() -> None:
    """Row D8: 8 CCR 9792.21.1(d) asks for the year, and published letters leave it out."""
    cited = [
        citation
        for path in LETTERS
        for item in read_file(path).case.items
        for side in (item.ca_guideline, item.reviewer_guideline)
        for citation in (side.citations if side is not None else ())
        if isinstance(citation, GuidelineCitation) and "Official Disability" in citation.publisher
    ]
    bare = [citation for citation in cited if citation.year is None]
    assert len(bare) == 17
    assert all("year of publication" in citing.missing(citation) for citation in bare)
    assert not any("year of publication" in citing.missing(citation) for citation in cited if citation.year)
