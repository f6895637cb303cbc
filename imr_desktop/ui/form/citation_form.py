# SPDX-License-Identifier: AGPL-3.0-or-later
"""One citation as a form: its class, the elements that the class asks for, and what is still missing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from imr_desktop.models.citations import (
    Citation,
    GuidelineCitation,
    MtusCitation,
    OtherCitation,
    StudyCitation,
)
from imr_desktop.ui.form import citing, registry
from imr_desktop.ui.form.binder import Binder, Compound
from imr_desktop.ui.form.entries import DATE, LINES, YEAR
from imr_desktop.ui.form.fields import ChoiceField, Field, LineField, LinesField, SuggestField
from imr_desktop.ui.form.labels import REASONS_OUTSIDE
from imr_desktop.ui.form.layout import Grid, Wrapped, menu_button

# 8 CCR 9792.21.1(a).
_SEARCH_ORDER = "In this order: the MTUS; current ACOEM or ODG; other nationally recognised guidelines; current studies"

Layout = tuple[tuple[str, Field, int], ...]


class CitationForm(Compound):
    """The chosen citation of a guideline line; ``decided_on`` gives the decision date for the editions offered."""

    def __init__(self, decided_on: Callable[[], date | None]) -> None:
        super().__init__()
        self._decided_on = decided_on
        self._value: Citation = MtusCitation("")
        self.kind = ChoiceField("Class", citing.CLASSES)
        self.kind.keep = lambda kind: self._keep(citing.turned(self._value, kind))
        self.chapter = SuggestField("Chapter", self._pick)
        self.missing = Wrapped("warn")
        self.missing.setAccessibleName("What the citation lacks")
        self._force = Wrapped("muted")
        self._add_section, self.menu = menu_button("Add a section")
        self._binders: dict[type, Binder] = {}
        self._pages: dict[type, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.kind)
        for kind, layout in self._layouts().items():
            column.addWidget(self._page(kind, layout))
        self._add_section_menu()
        column.addWidget(self._force)
        column.addWidget(self.missing)
        self.setFocusProxy(self.chapter)

    def show_value(self, value: Any) -> None:
        """Show a citation: the page of its class, and what it lacks."""
        self._value = value
        self.kind.show_value(type(value))
        for kind, page in self._pages.items():
            page.setVisible(kind is type(value))
        day = self._decided_on()
        self.chapter.offer([(chapter.name(), chapter) for chapter in registry.offered(day)])
        self._binders[type(value)].redraw()
        known = registry.sections(value.chapter, value.year) if isinstance(value, MtusCitation) else ()
        self._add_section.setEnabled(bool(known))
        self.missing.say(citing.missing_sentence(citing.missing(value, has_sections=bool(known))))
        mtus = isinstance(value, MtusCitation)
        self._force.say(registry.force_sentence(value.chapter, value.year, day) if mtus else "")
        self.setFocusProxy(self.chapter if mtus else self.kind)

    def commit(self) -> None:
        """Keep what was typed."""
        self._binders[type(self._value)].flush()

    def forget(self) -> None:
        """Let go of what was typed: another citation is coming."""
        for binder in self._binders.values():
            for editor in binder.editors.values():
                editor.forget()

    def field(self, path: str) -> QWidget | None:
        """The field of an element in the class that is shown."""
        return self._binders[type(self._value)].find(path)

    def _layouts(self) -> dict[type, Layout]:
        return {
            MtusCitation: (
                ("chapter", self.chapter, 4),
                ("year", LineField("Year", YEAR), 2),
                ("sections", LinesField("Sections, one on a line", LINES), 6),
                ("excerpt", LinesField("Text relied on"), 6),
            ),
            GuidelineCitation: (
                ("publisher", LineField("Publisher"), 4),
                ("year", LineField("Year", YEAR), 2),
                ("chapter", LineField("Chapter"), 3),
                ("section", LineField("Section"), 3),
                ("reason_outside", ChoiceField("Reason for going outside the MTUS", REASONS_OUTSIDE), 6),
                ("search_made", _search_made(), 6),
                ("excerpt", LinesField("Text relied on"), 6),
            ),
            StudyCitation: (
                ("authors", LineField("Authors (lead author first)"), 3),
                ("title", LineField("Article title"), 3),
                ("journal", LineField("Journal"), 2),
                ("year", LineField("Year", YEAR), 1),
                ("volume", LineField("Volume"), 1),
                ("pages", LineField("Pages"), 2),
                ("pmid", LineField("PMID"), 3),
                ("doi", LineField("DOI"), 3),
                ("reason_outside", ChoiceField("Reason for going outside the MTUS", REASONS_OUTSIDE), 6),
                ("search_made", _search_made(), 6),
                ("excerpt", LinesField("Text relied on"), 6),
            ),
            OtherCitation: (
                ("label", LineField("Name of the source"), 6),
                ("publisher", LineField("Publisher"), 4),
                ("date", LineField("Date"), 2),
                ("url", LineField("Address (URL)"), 4),
                ("accessed", LineField("Looked up on", DATE), 2),
                ("reason_outside", ChoiceField("Reason for going outside the MTUS", REASONS_OUTSIDE), 6),
                ("search_made", _search_made(), 6),
                ("excerpt", LinesField("Text relied on"), 6),
            ),
        }

    def _page(self, kind: type, layout: Layout) -> QWidget:
        binder = Binder(lambda _: self._value if type(self._value) is kind else None, self._keep)
        grid = Grid()
        for path, field, columns in layout:
            binder.bind(path, field)
            grid.add(field, columns)
            if path == "sections":
                grid.add(self._add_section)
        page = QWidget()
        page.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        self._binders[kind], self._pages[kind] = binder, page
        return page

    def _add_section_menu(self) -> None:
        self._add_section.setToolTip("Sections that the guideline table knows for this chapter")
        self.menu.aboutToShow.connect(self._offer_sections)

    def _offer_sections(self) -> None:
        self.menu.clear()
        cited = self._value
        if isinstance(cited, MtusCitation):
            for section in registry.sections(cited.chapter, cited.year):
                action = self.menu.addAction(section)
                action.setEnabled(section not in cited.sections)
                action.triggered.connect(lambda _=False, each=section: self._take_section(each))

    def _take_section(self, section: str) -> None:
        self.commit()
        if isinstance(self._value, MtusCitation):
            self._keep(replace(self._value, sections=(*self._value.sections, section)))

    def _pick(self, chapter: registry.Chapter) -> None:
        if isinstance(self._value, MtusCitation):
            self._keep(replace(self._value, chapter=chapter.title, year=chapter.year))

    def _keep(self, changed: Citation) -> None:
        self._value = changed
        self.keep(changed)
        self.show_value(self._value)


def _search_made() -> LinesField:
    field = LinesField("Search that was made, and what it found", rows=2)
    field.editor.setToolTip(_SEARCH_ORDER)
    return field
