# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking words from the pages: citing, copying with or without where they stand, and offering both."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from imr_desktop.models.evidence import Passage
from imr_desktop.ui.record.addresses import document_label, document_of
from imr_desktop.ui.record.prose import known_words, prose
from imr_desktop.ui.record.selection import Region

if TYPE_CHECKING:
    from imr_desktop.ui.record.acts import CiteTarget
    from imr_desktop.ui.record.pane import RecordPane


class Taking:
    """What one pane does with selected words."""

    def __init__(self, pane: "RecordPane") -> None:
        self._pane = pane
        self._announced: Passage | None = None

    def cite(self, target: "CiteTarget") -> None:
        """Ask that the selected passage be cited there; says so where nothing can be cited yet."""
        pane = self._pane
        passage = pane.selection()
        if passage is not None:
            pane.clear_selection()
            pane.cite_requested.emit(passage, target.value)
        elif pane.view.selection_is_waiting():
            pane.notice.say("A page of the selection is still being read. Wait a moment, then press the key again.")
        else:
            pane.notice.say("Nothing is selected. Drag over the words to cite, or hold Alt and drag a region.")

    def copy(self) -> None:
        """Put the selected words on the clipboard as prose: no line breaks, hyphens mended."""
        words = self._words()
        if words is not None:
            QGuiApplication.clipboard().setText(words)

    def copy_with_citation(self) -> None:
        """The same, with where the words stand behind them."""
        words, passage = self._words(), self._pane.selection()
        if words is not None and passage is not None:
            QGuiApplication.clipboard().setText(f"\u201c{words}\u201d ({self.citation(passage)})")

    def citation(self, passage: Passage) -> str:
        """Where a passage stands: document, its day, case page, file and page."""
        run = self._pane.view.stage.run
        document = document_of(passage.start, self._pane.documents)
        pages = [run.pages[place].case_page for part in passage.parts if (place := run.place(part.page)) is not None]
        which = f"case page {pages[0]}" if len(set(pages)) < 2 else f"case pages {pages[0]}\u2013{pages[-1]}"
        parts = [document_label(document)] if document is not None else []
        return ", ".join([*parts, which, f"{run.name(passage.start)} {passage.start.page + 1}"])

    def _words(self) -> str | None:
        pane = self._pane
        passage = pane.selection()
        if passage is None or not passage.text:
            pane.notice.say("There are no selected words to copy. Drag over words that the machine can read.")
            return None
        places = [place for part in passage.parts if (place := pane.view.stage.run.place(part.page)) is not None]
        texts = tuple(word.text for place in places for word in pane.view.words_at(place) or ())
        return prose(passage.text, known_words(texts))

    def toggle_region(self) -> None:
        """The next drag selects a region; or no longer does."""
        self._pane.view.hand.set_region_mode(not self._pane.view.hand.region_mode)
        self._pane.refresh_tools()

    def give_up(self) -> None:
        """Leave what was begun, one thing at a time: peek, region, caret, search, selection, marks, notice."""
        pane = self._pane
        if pane.peeking.isVisible():
            pane.peeking.hide()
            return
        pane.view.hand.set_region_mode(False)
        pane.view.caret.leave()
        pane.clear_selection()
        pane.view.acted()
        pane.notice.hide()
        if pane.seeking.finding.query.words:
            pane.seeking.leave()
        pane.refresh_tools()

    def settled(self) -> None:
        """A selection has come to rest: offer what can be done with it."""
        pane = self._pane
        pane.refresh_tools()
        chosen = pane.view.hand.chosen
        if chosen is None:
            self._announced = None
            pane.bar.withdraw()
            return
        pane.bar.offer(pane.view.selection_area)
        if isinstance(chosen, Region) and pane.view.words_at(chosen.place) == ():
            pane.notice.say("The machine cannot read words on this page, so a region was selected.")
        self._announce()

    def words_came(self) -> None:
        """Words have been read that a selection may have waited for."""
        if self._pane.view.hand.chosen is not None:
            self._announce()

    def _announce(self) -> None:
        passage = self._pane.selection()
        if passage is not None and passage != self._announced and not self._pane.view.hand.busy:
            self._announced = passage
            self._pane.passage_selected.emit(passage)
