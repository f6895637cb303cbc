# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk: the open case and the one door through which it is edited; every edit is one step that can be undone."""

import secrets
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from io import RawIOBase
from typing import Any

from imr_desktop.casework.checking import Checker
from imr_desktop.casework.documents import joined, split
from imr_desktop.casework.measuring import unlocked
from imr_desktop.casework.scaffold import scaffold
from imr_desktop.checks import Finding
from imr_desktop.letter import wording as wordings
from imr_desktop.models.answers import Answer
from imr_desktop.models.case import Case, CaseHeader, Imro, LetterText
from imr_desktop.models.circumstances import Circumstances
from imr_desktop.models.deadlines import Deadline, deadline
from imr_desktop.models.determination import Determination
from imr_desktop.models.evidence import Evidence, Passage, Weight
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Document, DocumentType, PageRef, SourceFile
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import CaseStore, Change, Earlier, Removed, Step, Table


def new_id() -> str:
    """A fresh identifier for a row: 12 hexadecimal digits."""
    return secrets.token_hex(6)


def _now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """One open case. Each editing method is one transaction and one undoable step; listeners redraw from its Change."""

    def __init__(
        self, store: CaseStore, *, now: Callable[[], datetime] = _now, new_id: Callable[[], str] = new_id
    ) -> None:
        self.store = store
        self._now = now
        self._new_id = new_id
        self._listeners: list[Callable[[Change], None]] = []
        self._present: Case | None = None
        self.circumstances: Callable[[], Circumstances] = Circumstances
        self.holidays: Callable[[], Collection[date] | None] = lambda: None
        self.checker = Checker(store)

    @property
    def case(self) -> Case:
        """The case as it stands after the last step."""
        if self._present is None:
            self._present = self.store.read()
        return self._present

    def due(self) -> Deadline | None:
        """When the determination is due, by the holidays that count in this vault."""
        return deadline(self.case.header, self.holidays())

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``listener`` after every step, undo and redo; gives back what stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # -- header, organisation, letter -------------------------------------------------------------------------

    def keep_header(self, header: CaseHeader) -> None:
        """Replace identifiers, dates and parties."""
        self._put("Edit the case facts", Table.HEADER, Table.HEADER.value, header)

    def keep_imro(self, imro: Imro) -> None:
        """Replace the organisation as the letter names it."""
        self._put("Edit the organisation", Table.IMRO, Table.IMRO.value, imro)

    def keep_letter(self, letter: LetterText) -> None:
        """Replace the letter's format and what it words differently."""
        self._put("Edit the letter's wording", Table.LETTER, Table.LETTER.value, letter)

    # -- narratives -------------------------------------------------------------------------------------------

    def write_summary(self, text: Narrative) -> None:
        """Replace the clinical case summary."""
        self._put("Write the summary", Table.SUMMARY, Table.SUMMARY.value, text)

    def write_rationale(self, item_id: str, text: Narrative) -> None:
        """Replace an item's rationale."""
        item = self.case.item(item_id)
        self._put(f"Write the rationale of item {self.case.ordinal(item_id)}", *_row(replace(item, rationale=text)))

    def rewrite(self, label: str, summary: Narrative, items: Sequence[DisputedItem]) -> None:
        """Put other texts in the place of the summary's and the items', in one step."""
        with self._step(label) as step:
            step.put(Table.SUMMARY, Table.SUMMARY.value, summary)
            for item in items:
                step.put(*_row(item))

    def write_scaffold(self) -> int:
        """Put the scaffold of what was gathered behind the summary's text, in one step; gives its sentences' number."""
        made, added = scaffold(self.case, self._new_id)
        if not made:
            return 0
        before = self.case.clinical_summary.text.rstrip()
        whole = Narrative(f"{before}\n{made.text}" if before else made.text)
        with self._step("Scaffold the summary") as step:
            for evidence in added:
                step.put(Table.EVIDENCE, evidence.id, evidence)
            step.put(Table.SUMMARY, Table.SUMMARY.value, whole)
        return made.text.count("]].") or 1

    def earlier_texts(self, item_id: str | None = None) -> tuple[Earlier, ...]:
        """Every text that the summary, or an item's rationale, ever had, oldest first and the present one last."""
        if item_id is None:
            return self.store.narrative_history(Table.SUMMARY, Table.SUMMARY.value)
        return self.store.narrative_history(Table.ITEM, item_id)

    def bring_back(self, item_id: str | None, text: Narrative) -> None:
        """Put an earlier text of the summary (None), or of an item's rationale, in the present one's place."""
        if item_id is None:
            self._put("Bring back an earlier summary", Table.SUMMARY, Table.SUMMARY.value, text)
            return
        label = f"Bring back an earlier rationale of item {self.case.ordinal(item_id)}"
        self._put(label, *_row(replace(self.case.item(item_id), rationale=text)))

    def removed_items(self) -> tuple[Removed, ...]:
        """The items that were removed from the case, each as it last stood, the last removed first."""
        return self.store.removed(Table.ITEM)

    def bring_back_item(self, item: DisputedItem) -> None:
        """Put a removed item back at the end, under the id it had, so that its rationale keeps its history."""
        parent = item.depends_on if any(each.id == item.depends_on for each in self.case.items) else None
        with self._step("Bring back a removed item") as step:
            position = self.store.next_position(Table.ITEM)
            step.put(Table.ITEM, item.id, replace(item, depends_on=parent), position)

    # -- disputed items ---------------------------------------------------------------------------------------

    def add_item(self, heading: str = "") -> str:
        """Add a disputed item at the end; gives its id."""
        return self.keep_new_item(DisputedItem(id="", heading=heading))

    def keep_new_item(self, item: DisputedItem) -> str:
        """Add an item that already carries its fields, under a fresh id."""
        fresh = replace(item, id=self._new_id())
        with self._step("Add an item") as step:
            step.put(Table.ITEM, fresh.id, fresh, self.store.next_position(Table.ITEM))
        return fresh.id

    def keep_new_items(self, items: Sequence[DisputedItem]) -> tuple[str, ...]:
        """Add several items in one step; gives their ids."""
        fresh = [replace(item, id=self._new_id()) for item in items]
        with self._step("Add an item" if len(fresh) == 1 else f"Add {len(fresh)} items") as step:
            for item in fresh:
                step.put(Table.ITEM, item.id, item)
        return tuple(item.id for item in fresh)

    def keep_item(self, item: DisputedItem) -> None:
        """Replace an item; KeyError if it is not there."""
        ordinal = self.case.ordinal(item.id)
        self._put(f"Edit item {ordinal}", *_row(item))

    def remove_item(self, item_id: str) -> None:
        """Remove an item; items that depended on it no longer name a parent."""
        self.case.item(item_id)
        with self._step(f"Remove item {self.case.ordinal(item_id)}") as step:
            step.remove(Table.ITEM, item_id)
            rest = [item for item in self.case.items if item.id != item_id]
            for position, item in enumerate(rest):
                orphan = replace(item, depends_on=None) if item.depends_on == item_id else item
                step.put(Table.ITEM, item.id, orphan, float(position))

    def move_item(self, item_id: str, to: int) -> None:
        """Move an item to this place in the letter, from 0."""
        item = self.case.item(item_id)
        order = [each for each in self.case.items if each.id != item_id]
        order.insert(max(0, min(to, len(order))), item)
        with self._step(f"Move item {self.case.ordinal(item_id)}") as step:
            for position, each in enumerate(order):
                step.put(Table.ITEM, each.id, each, float(position))

    def decide(self, item_id: str, outcome: Outcome | None, reason: str = "") -> None:
        """Set an item's outcome, or take it back; the journal keeps what it was before and why it changed."""
        item = self.case.item(item_id)
        label = f"Decide item {self.case.ordinal(item_id)}: {outcome.value if outcome else 'undecided'}"
        if item.outcome not in (None, outcome):
            label += f" instead of {item.outcome}" + (f", because {reason.strip()}" if reason.strip() else "")
        self._put(label, *_row(replace(item, outcome=outcome)))

    # -- documents and evidence -------------------------------------------------------------------------------

    def add_document(self, document: Document) -> str:
        """Add a document under a fresh id; gives the id."""
        fresh = replace(document, id=self._new_id())
        with self._step("Add a document") as step:
            step.put(Table.DOCUMENT, fresh.id, fresh, self.store.next_position(Table.DOCUMENT))
        return fresh.id

    def keep_document(self, document: Document) -> None:
        """Replace a document; every citation of it follows."""
        self._put("Edit a document", Table.DOCUMENT, document.id, document)

    def split_document(self, document_id: str, at: PageRef) -> str:
        """Make two of a document, the second beginning with this page; gives the second's id. CannotSplit."""
        documents = self.case.documents
        index = next(number for number, each in enumerate(documents) if each.id == document_id)
        first, rest = split(documents[index], at)
        rest = replace(rest, id=self._new_id())
        with self._step("Split a document") as step:
            for position, each in enumerate((*documents[:index], first, rest, *documents[index + 1 :])):
                step.put(Table.DOCUMENT, each.id, each, float(position))
        return rest.id

    def join_documents(self, document_id: str, *others: str) -> None:
        """Make one document of several, under the first's id; copies of the others become copies of it."""
        known = {document.id: document for document in self.case.documents}
        made = joined([known[document_id], *(known[other] for other in others)])
        with self._step("Join documents") as step:
            step.put(Table.DOCUMENT, made.id, made)
            for other in others:
                step.remove(Table.DOCUMENT, other)
            for document in known.values():
                if document.duplicate_of in others and document.id not in (made.id, *others):
                    step.put(Table.DOCUMENT, document.id, replace(document, duplicate_of=made.id))

    def remove_document(self, document_id: str) -> None:
        """Remove a document from the list; its pages stay."""
        with self._step("Remove a document") as step:
            step.remove(Table.DOCUMENT, document_id)

    def cite(self, passage: Passage, into: Place, at: int, text: Narrative) -> str:
        """Keep a passage as evidence and put its anchor into a narrative, in one step; gives the evidence's id.

        ``text`` is the narrative as it stands in the field, ``at`` the position in its text at which the anchor goes.
        """
        evidence = Evidence(self._new_id(), passage)
        cited = text.with_anchor(evidence.id, at)
        with self._step("Cite a passage") as step:
            step.put(Table.EVIDENCE, evidence.id, evidence, self.store.next_position(Table.EVIDENCE))
            if into.part is Part.SUMMARY:
                step.put(Table.SUMMARY, Table.SUMMARY.value, cited)
            else:
                step.put(*_row(replace(self.case.item(into.row or ""), rationale=cited)))
        return evidence.id

    def add_evidence(self, passage: Passage, note: str = "") -> str:
        """Keep a passage without citing it yet; gives the evidence's id."""
        evidence = Evidence(self._new_id(), passage, note)
        with self._step("Keep evidence") as step:
            step.put(Table.EVIDENCE, evidence.id, evidence, self.store.next_position(Table.EVIDENCE))
        return evidence.id

    def item_from_passage(self, passage: Passage, item: DisputedItem) -> str:
        """Add an item and the evidence of where the file words it, in one step; gives the item's id.

        The evidence is kept as the RFA's wording where it stands in an RFA, else as that of the UR decision.
        """
        evidence = Evidence(self._new_id(), passage)
        document = self.case.document_at(passage.start)
        from_rfa = document is not None and document.type is DocumentType.RFA
        worded = {"rfa_ref" if from_rfa else "ur_ref": (evidence.id,)}
        fresh = replace(item, id=self._new_id(), **worded)  # type: ignore[arg-type]
        with self._step("Add an item from the record") as step:
            step.put(Table.EVIDENCE, evidence.id, evidence, self.store.next_position(Table.EVIDENCE))
            step.put(Table.ITEM, fresh.id, fresh, self.store.next_position(Table.ITEM))
        return fresh.id

    def weigh(self, evidence_id: str, item_id: str, weight: Weight | None) -> None:
        """Say which way a piece of evidence speaks on an item, or that it does not bear on it."""
        evidence = next(each for each in self.case.evidence if each.id == evidence_id)
        label = f"Weigh evidence for item {self.case.ordinal(item_id)}"
        self._put(label, Table.EVIDENCE, evidence_id, evidence.weighed(item_id, weight))

    def keep_evidence(self, evidence: Evidence) -> None:
        """Replace a piece of evidence: its note, the day its fact is about."""
        self._put("Edit evidence", Table.EVIDENCE, evidence.id, evidence)

    def remove_evidence(self, evidence_id: str) -> None:
        """Remove a piece of evidence; anchors that pointed at it stay and are told by the checks."""
        with self._step("Remove evidence") as step:
            step.remove(Table.EVIDENCE, evidence_id)

    def keep_on_pages(self, label: str, table: Table, keep: Iterable[Any] = (), remove: Iterable[str] = ()) -> None:
        """Keep the reviewer's own things on pages (marks, bookmarks, what was done with a page) as one step.

        ``keep`` takes the place of what has the same id; ``remove`` names the ids of those that go.
        """
        with self._step(label) as step:
            for value in keep:
                step.put(table, value.id, value)
            for row_id in remove:
                step.remove(table, row_id)

    # -- answers to findings ----------------------------------------------------------------------------------

    def answer(self, finding: Finding, reason: str) -> None:
        """Keep why a finding may pass; ValueError if it may not, or without a reason. It lapses with its sentence."""
        if not finding.answerable or not reason.strip():
            raise ValueError("this finding passes by no answer" if reason.strip() else "an answer needs its reason")
        given = Answer(finding.key, reason.strip(), self._now())
        self._put(f"Answer {finding.id}", Table.ANSWERS, Table.ANSWERS.value, self.case.answers.with_answer(given))

    def take_back_answer(self, finding: Finding) -> None:
        """Have a finding asked again."""
        left = self.case.answers.without(finding.key)
        self._put(f"Take back the answer to {finding.id}", Table.ANSWERS, Table.ANSWERS.value, left)

    # -- undo -------------------------------------------------------------------------------------------------

    @property
    def undo_label(self) -> str | None:
        """What undo would take back; None if there is nothing."""
        return self.store.undo_label

    @property
    def redo_label(self) -> str | None:
        """What redo would do again; None if there is nothing."""
        return self.store.redo_label

    def undo(self) -> Change | None:
        """Take back the last step; None if there is nothing to take back."""
        return self._announce(self.store.undo())

    def redo(self) -> Change | None:
        """Do again the step last taken back; None if there is none."""
        return self._announce(self.store.redo())

    # -- the record -------------------------------------------------------------------------------------------

    def open_source(self, sha256: str) -> RawIOBase:
        """A source file to read from, decrypted as it is read; DamagedSource if it is not what was received."""
        return self.store.open_source(sha256)

    def open_protected(self, sha256: str, password: str) -> SourceFile:
        """Open a protected source file with its password, as one step; its pages come last. NeedsPassword."""
        source, opened_with = unlocked(self.store, self.case, sha256, password)
        with self._step("Open a protected file with its password") as step:
            step.put(Table.SOURCE, sha256, source, float(source.first_case_page))
            if opened_with is not None:
                step.put(Table.PASSWORD, sha256, opened_with)
        return source

    def mark_seen(self, ref: PageRef) -> None:
        """Note that the reviewer has seen a page."""
        self.store.mark_seen(ref, self._now())

    def seen(self) -> Collection[PageRef]:
        """The pages that the reviewer has seen."""
        return self.store.seen().keys()

    # -- what comes of it -------------------------------------------------------------------------------------

    def determination(self, reviewer: Reviewer) -> Determination:
        """The case frozen as it stands, for checks and letter."""
        return Determination(self.case, reviewer, wordings.load(self.case.letter.format))

    def findings(self, reviewer: Reviewer) -> tuple[Finding, ...]:
        """What the checks say of the case as it stands, and of all that its record says."""
        return self.checker.findings(self.determination(reviewer), self.today(), self.circumstances())

    def checking(self, reviewer: Reviewer, *, fresh: bool = False) -> Generator[None, None, tuple[Finding, ...]]:
        """A little at a time, for a window that must stay alive; unless ``fresh``, pages just read may be left out."""
        return self.checker.in_steps(self.determination(reviewer), self.today(), self.circumstances(), fresh=fresh)

    def without_source(self) -> tuple[Finding, ...]:
        """The sentences of summary and rationales that state facts without an anchor."""
        return self.checker.without_source(self.determination(Reviewer()), self.today())

    def today(self) -> date:
        """The calendar day where the reviewer is."""
        return self._now().astimezone().date()

    # -- how an edit is made ----------------------------------------------------------------------------------

    def _put(self, label: str, table: Table, row_id: str, value: object) -> None:
        with self._step(label) as step:
            step.put(table, row_id, value)

    @contextmanager
    def _step(self, label: str) -> Iterator[Step]:
        with self.store.step(label) as step:
            yield step
        self._announce(step.change)

    def _announce(self, change: Change | None) -> Change | None:
        if change is not None:
            self._present = None
            for listener in tuple(self._listeners):
                listener(change)
        return change


def _row(item: DisputedItem) -> tuple[Table, str, DisputedItem]:
    return Table.ITEM, item.id, item
