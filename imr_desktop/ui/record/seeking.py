# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding in one pane: bar, hits on pages, in the rail and in the scroll bar, and the other places of a word."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from imr_desktop import assets
from imr_desktop.models.days import written_day
from imr_desktop.ui.record.find_bar import FindBar
from imr_desktop.ui.record.finding import Finding
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.searching import Finder, Hit, NoFinder, Query
from imr_desktop.ui.record.selection import WordRange

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane

_EDGES = ".,;:()[]\"'\u201c\u201d\u2019"
_SHOW_EVERY_MS = 120


class Seeking(QObject):
    """Finding as one pane does it."""

    def __init__(self, pane: "RecordPane", finder: Finder | None = None) -> None:
        super().__init__(pane)
        self._pane = pane
        self.finding = Finding(finder or NoFinder(lambda: tuple(page.ref for page in pane.view.stage.run.pages)), self)
        self.bar = FindBar()
        self._shown = 0
        self._start: tuple[int, int] | None = None
        self._late = QTimer(self, singleShot=True, interval=_SHOW_EVERY_MS)
        self._late.timeout.connect(self._show)

    def connect_parts(self) -> None:
        """Once the pane has its parts."""
        self.bar.asked.connect(self._ask)
        self.bar.entered.connect(self._move_on)
        self.bar.stepped.connect(self.step)
        self.bar.left.connect(self.leave)
        self.bar.unsearched_wanted.connect(self._show_unsearched)
        self.finding.changed.connect(self._changed)
        self.finding.arrived.connect(self._go_to_first)
        self._pane.view.acted_on.connect(self._move_on)
        self._pane.view.spot_left.connect(self._move_on)
        self._pane.rail.hit_chosen.connect(lambda number: self._go_to(self.finding.choose(number)))

    def show_run(self, run: PageRun) -> None:
        """These are the pages."""
        self.finding.show_run(run)

    # Acts

    def find(self) -> None:
        """Open the find bar; what is typed is looked for from the page that is read now."""
        self._move_on()
        self._here()
        self.bar.open()

    def find_selected(self) -> None:
        """Find the selected words everywhere."""
        passage = self._pane.selection()
        if passage is None or not passage.text:
            self.find()
            return
        words = passage.text.replace('"', " ").split()
        self.find_words(words[0] if len(words) == 1 else f'"{" ".join(words)}"')

    def find_words(self, words: str) -> None:
        """Find these words everywhere, and list them."""
        self._move_on()
        self.bar.open(words)
        self._ask(self.bar.query(), True)
        self._pane.view.setFocus()
        self._pane.open_rail("hits")

    def step(self, by: int) -> None:
        """The next or the previous hit."""
        if not self.finding.query.words.strip():
            self.find()
            return
        hit = self.finding.step(by)
        self._move_on()
        if hit is None:
            self._pane.notice.say(self._nothing())
        else:
            self._go_to(hit)

    def leave(self) -> None:
        """Stop finding; the pages stay where they are."""
        self._move_on()
        self.finding.clear()
        self.bar.hide()
        self._pane.view.setFocus()

    def word_chosen(self) -> None:
        """A word was double-clicked: where else a day or a drug stands is shown; other words wait to be asked."""
        chosen = self._pane.view.hand.chosen
        passage = self._pane.selection()
        if not isinstance(chosen, WordRange) or passage is None:
            return
        word = passage.text.strip(_EDGES)
        if written_day(word) is not None or word.casefold() in drug_names():
            self._move_on()
            self.bar.open(word)
            self.finding.query = Query("")
            self.finding.ask(self.bar.query(), self._here(), at_once=True)
            self._pane.view.setFocus()
            self._pane.open_rail("hits")

    # Within

    def _ask(self, query: Query, at_once: bool) -> None:
        self.finding.ask(query, self._here(), at_once=at_once)

    def _here(self) -> tuple[int, int]:
        """Where looking begins: the page that was read when typing began, whatever its first letters jumped to."""
        if self._start is None:
            place = self._pane.view.current_place()
            self._start = 0 if place is None else place, 0
        return self._start

    def _move_on(self) -> None:
        """The reviewer has gone elsewhere: what is typed next is looked for from there."""
        self._start = None

    def _go_to_first(self, hit: Hit) -> None:
        if self._pane.view.hand.chosen is None:
            start = self._start
            self._go_to(hit)
            self._start = start

    def _go_to(self, hit: Hit) -> None:
        self._pane.view.overlays.current = hit
        self._pane.go_to(hit.page, hit.boxes)

    def _changed(self) -> None:
        self.bar.show_state(self.finding, len(self._pane.view.stage.run.pages))
        if self.finding.done or not self.finding.hits:
            self._show()
        elif not self._late.isActive():
            self._late.start()

    def _show(self) -> None:
        pane = self._pane
        pane.view.overlays.show_hits(self.finding.hits, self.finding.current_hit)
        if len(self.finding.hits) != self._shown:
            self._shown = len(self.finding.hits)
            pane.coverage.count_hits(self.finding.counts())
        pane.show_bar_marks()
        pane.view.viewport().update()

    def _nothing(self) -> str:
        words = FindBar.unsearched_words(self.finding, len(self._pane.view.stage.run.pages))
        return f"Nothing was found. {words}." if words else "Nothing was found on any page."

    def _show_unsearched(self) -> None:
        """List the pages that could not be searched."""
        unread, unreadable = self.finding.not_searched()
        self._pane.list_pages([*unreadable, *unread], "could not be searched")


@assets.from_tables
def drug_names() -> frozenset[str]:
    """The names and brands of drugs, in small letters, from the editable table."""
    names: set[str] = set()
    for drug in assets.table("tables/drugs.toml").get("drugs", ()):
        for name in (drug["name"], *drug.get("brands", ())):
            names.add(name.casefold())
            names.update(part for part in name.casefold().replace("/", " ").split() if len(part) > 4)
    return frozenset(names)
