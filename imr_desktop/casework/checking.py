# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checking a case of the vault: the checks are given its record, what the other cases say, and the tables in force."""

import time
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import date

from imr_desktop import assets, checks
from imr_desktop.casework import case_facts, reading
from imr_desktop.checks import Finding, Index, Severity, subject_of
from imr_desktop.checks.digests import sentence_digest
from imr_desktop.checks.sentences import split
from imr_desktop.checks.subject import Subject
from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case
from imr_desktop.models.circumstances import Circumstances, NamedTreatment
from imr_desktop.models.determination import Determination
from imr_desktop.models.places import Part, Place
from imr_desktop.models.readable import Record
from imr_desktop.storage import CaseStore, Table

_USUAL = Circumstances()
_PATIENCE = 20.0  # seconds for which a window may check with what the pages said before


class Checker:
    """The checks of one open case; keeps the index of its record, so that a check after an edit asks little."""

    def __init__(self, store: CaseStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._index: Index | None = None
        self._memory = Index(Record())
        self._known: object = None
        self._made = 0.0
        self._elsewhere: frozenset[str] | None = None
        self._named: tuple[object, tuple[NamedTreatment, ...]] = (None, ())
        self._trouble: Trouble | None = None
        self._tables = assets.tables_revision()

    def close(self) -> None:
        """Forget every word of the case."""
        self._index, self._memory, self._known, self._elsewhere = None, Index(Record()), None, None
        self._named = (None, ())
        checks.forget()

    def findings(
        self, determination: Determination, today: date, around: Circumstances = _USUAL
    ) -> tuple[Finding, ...]:
        """What the checks say of the case as it stands and of all that its pages say now."""
        steps = self.in_steps(determination, today, around, fresh=True)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                told: tuple[Finding, ...] = end.value
                return told

    def in_steps(
        self, determination: Determination, today: date, around: Circumstances = _USUAL, *, fresh: bool = False
    ) -> Generator[None, None, tuple[Finding, ...]]:
        """The same, a little at a time. Unless ``fresh``, pages read within the last seconds may be left for later."""
        if self._tables != assets.tables_revision():
            # What was answered by the words of the old tables counts no more.
            self._tables = assets.tables_revision()
            self.close()
        subject = yield from self._subject(determination, today, around, fresh=fresh)
        yield
        said = yield from checks.in_steps(subject)
        if self._trouble is None:
            return said
        says = f"{self._trouble.happened} Nothing could be checked against the record."
        blind = Finding("QC-14", Severity.BLOCKS, says, Place(Part.RECORDS))
        return checks.gravest_first((*said, blind))

    def _subject(
        self, determination: Determination, today: date, around: Circumstances, *, fresh: bool
    ) -> Generator[None, None, Subject]:
        """What the checks look at; DamagedPages becomes a finding."""
        self._trouble = None
        try:
            index = yield from self._indexed(determination.case, fresh=fresh)
            named = self.named(determination.case)
        except Trouble as trouble:
            index, named, self._trouble = None, (), trouble
        yield
        around = replace(around, elsewhere=self.elsewhere(), named=named, work=self._store.kept(Table.WORK))
        return subject_of(determination, today, record=index, circumstances=around, memory=self._memory)

    def _indexed(self, case: Case, *, fresh: bool) -> Generator[None, None, Index | None]:
        """The index of the case's record; None for a case without files."""
        if not case.sources:
            return None
        known = (case.sources, self._store.pages.index.revision, self._attention())
        if known != self._known and (fresh or self._index is None or self._may_renew(known)):
            before = self._index
            if before is None or self._reread(known):
                record = reading.record(self._store, case)
            else:
                # Fetching every word of a long record would hold the window up each time that pages were seen.
                record = reading.attended(before.record, self._store)
            yield
            self._index = yield from (Index.in_steps(record) if before is None else before.renewed(record))
            self._known, self._made = known, self._clock()
        return self._index

    def named(self, case: Case) -> tuple[NamedTreatment, ...]:
        """The treatments that the application, the request and the denial list; DamagedPages."""
        if not case.sources:
            return ()
        known = (case.sources, case.documents, case.header.ur_decision_date, self._store.pages.index.revision)
        if known != self._named[0]:
            self._named = (known, case_facts.named_treatments(self._store, case))
        return self._named[1]

    def _attention(self) -> object:
        """What stands for the pages seen and dismissed; cheap enough to be asked at every pause in typing."""
        return len(self._store.seen()), self._store.kept(Table.CARE)

    def _may_renew(self, known: tuple[object, object, object]) -> bool:
        return not self._reread(known) or self._clock() - self._made > _PATIENCE

    def _reread(self, known: tuple[object, object, object]) -> bool:
        """Whether files came or pages were read since, not only seen."""
        return not isinstance(self._known, tuple) or self._known[:2] != known[:2]

    def without_source(self, determination: Determination, today: date) -> tuple[Finding, ...]:
        """The sentences that state facts without an anchor; needs no page, so it is told at once."""
        return checks.without_source(subject_of(determination, today, memory=self._index or self._memory))

    def elsewhere(self) -> frozenset[str]:
        """The sentences of the reviewer's other cases, by their digests."""
        if self._elsewhere is None:
            texts = self._store.texts_elsewhere()
            self._elsewhere = frozenset(sentence_digest(each.text) for text in texts for each in split(text))
        return self._elsewhere
