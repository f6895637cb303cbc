# SPDX-License-Identifier: AGPL-3.0-or-later
"""Term sets lit on the pages: each set is looked for in the whole record, one after the other, and counted."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from imr_desktop.casework.query import CannotSearch, parse
from imr_desktop.models.records import PageRef
from imr_desktop.models.terms import TermSet
from imr_desktop.ui.record.finding import Finding
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.searching import Finder, Hit, Query

_REST_MS = 3000


def query_of(terms: Sequence[str]) -> str:
    """One query for the terms of a set: a date or ``begin*`` as it is typed, other terms as they stand in a row."""
    return " OR ".join(dict.fromkeys(part for part in map(_part, terms) if part))


def _part(term: str) -> str:
    plain = " ".join(term.replace('"', " ").split())
    if not plain or " " in plain:
        return f'"{plain}"' if plain else ""
    try:
        parse(plain)
    except CannotSearch:
        return f'"{plain}"'
    return plain


@dataclass
class LitSet:
    """A set with what was found of it; ``colour`` is its number among the sets, by which it is told apart."""

    terms: TermSet
    colour: int
    finding: Finding
    old: bool = True


class Lighting(QObject):
    """The term sets of one record. ``changed`` tells that sets, hits or counts are others."""

    changed = Signal()

    def __init__(self, finder: Finder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._finder = finder
        self._run = PageRun()
        self.sets: list[LitSet] = []
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._all_anew)

    def show_run(self, run: PageRun) -> None:
        """These are the pages."""
        if run != self._run:
            self._run = run
            for each in self.sets:
                each.finding.show_run(run)
            self._all_anew()

    def show(self, sets: Sequence[TermSet]) -> None:
        """These are the sets; what was found of those that did not change stays."""
        known = {each.terms.id: each for each in self.sets}
        self.sets = [self._of(terms, number, known.pop(terms.id, None)) for number, terms in enumerate(sets)]
        for gone in known.values():
            gone.finding.clear()
            gone.finding.deleteLater()
        self._next()
        self.changed.emit()

    def refresh(self) -> None:
        """More pages can be searched than before; looked for again after a rest, because many may come in a row."""
        if not self._rest.isActive() and any(each.terms.lit for each in self.sets):
            self._rest.start()

    def stop(self) -> None:
        """Look no further: the case is being closed."""
        self._rest.stop()
        for each in self.sets:
            each.old = False
            each.finding.stop()

    def on(self, ref: PageRef) -> list[tuple[int, Hit]]:
        """The hits of lit sets on a page, each with the colour of its set."""
        return [(each.colour, hit) for each in self.sets if each.terms.lit for hit in each.finding.on(ref)]

    def step(self, set_id: str | None, by: int, here: tuple[int, int]) -> Hit | None:
        """The next or previous place of a set (of all lit sets without one) from here on, and round.

        ``here`` is the place of a page in the run and the number of a word on it.
        """
        places = self._places(set_id)
        if not places:
            return None
        if by > 0:
            return next((hit for at, hit in places if at > here), places[0][1])
        return next((hit for at, hit in reversed(places) if at < here), places[-1][1])

    def _places(self, set_id: str | None) -> list[tuple[tuple[int, int], Hit]]:
        found = [
            ((place, hit.first), hit)
            for each in self.sets
            if (each.terms.lit if set_id is None else each.terms.id == set_id)
            for hit in each.finding.hits
            if (place := self._run.place(hit.page)) is not None
        ]
        return sorted(found, key=lambda pair: pair[0])

    def asked(self) -> LitSet | None:
        """The first lit set that was looked for: what it could not search, no set could."""
        return next((each for each in self.sets if each.terms.lit and each.finding.query.words), None)

    def not_searched(self) -> tuple[tuple[PageRef, ...], tuple[PageRef, ...]]:
        """The pages not read yet, and those without readable text, as of the last look for any set."""
        lit = self.asked()
        return ((), ()) if lit is None else lit.finding.not_searched()

    # -- inside -----------------------------------------------------------------------------------------------

    def _of(self, terms: TermSet, colour: int, known: LitSet | None) -> LitSet:
        if known is None:
            finding = Finding(self._finder, self)
            finding.show_run(self._run)
            finding.changed.connect(self._went_on)
            return LitSet(terms, colour, finding)
        known.old = known.old or known.terms.terms != terms.terms
        known.terms, known.colour = terms, colour
        return known

    def _all_anew(self) -> None:
        for each in self.sets:
            each.old = True
        self._next()

    def _went_on(self) -> None:
        self._next()
        self.changed.emit()

    def _next(self) -> None:
        """Look for the first set that is lit and was not looked for since it changed; one at a time."""
        if any(not each.finding.done for each in self.sets):
            return
        for each in self.sets:
            if each.old and each.terms.lit:
                each.old = False
                each.finding.clear()
                # Misreadings are left to the find bar: a long set would light half the page with guesses.
                each.finding.ask(Query(query_of(each.terms.terms), tolerant=False), at_once=True)
                return


def counts_of(lit: LitSet, document_of: Callable[[PageRef], str]) -> Counter[str]:
    """How many hits each document has, by its id; under an empty id those outside every document."""
    return Counter(document_of(hit.page) for hit in lit.finding.hits)
