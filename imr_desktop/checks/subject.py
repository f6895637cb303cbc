# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the checks look at: the determination with its texts cut into sentences, the record's index, the day."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any, TypeVar

from imr_desktop.checks import reading, sentences
from imr_desktop.checks.index import Index
from imr_desktop.checks.reading import Kind, Mention
from imr_desktop.checks.sentences import Sentence
from imr_desktop.models.case import Case
from imr_desktop.models.circumstances import Circumstances
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.readable import Record
from imr_desktop.models.records import Document, PageRef

T = TypeVar("T")

_GUIDELINE = r"(?:MTUS|ODG|ACOEM|UpToDate|FDA|(?:treatment |practice |disability |evidence.?d? based )?guidelines?)"
_OF_GUIDELINE = re.compile(
    rf"^(?:as (?:noted|stated|per) |per |according to |based on |under |in accordance with )?[^.;:]{{0,60}}"
    rf"\b{_GUIDELINE}\b"
    r"[^.;]{0,140}?\b(?:recommend|state|note|support|suggest|address|indicat|specif|limit|mak|defin|requir"
    r"|score|advi[sc]|"
    r"say|allow|consider|provid|list|describ|criteri|contraindicat|does not|do not|may be|should|are|is|can)",
    re.IGNORECASE,
)
_RECOMMENDED = re.compile(
    r"\b(?:is|are|be|not|only|as|also|generally|if|when)\s+(?:\w+\s+)?recommended\b|\brecommended (?:as|"
    r"for|if|when|in)\b"
    r"|^\(?\d\)|\bcriteria (?:for|include)\b|\bis defined as\b|^(?:this medication|efficacy|most patients|these)\b"
    r"|\b(?:by|from) the FDA\b|\b(?:any compounded product|no other commercially)\b|\b(?:randomi[sz]ed|"
    r"controlled) (?:trial|stud)",
    re.IGNORECASE,
)
_OF_WORKER = re.compile(
    r"\b(?:the |this )?(?:patient(?:'s)?|injured worker(?:'s)?|IW(?:'s)?|claimant(?:'s)?|applicant(?:'s)?|"
    r"individual(?:'s)?|worker(?:'s)?|here|however|"
    r"in this case|the (?:request|requested|medical records|records|documentation|clinical|submitted|"
    r"provider|physician))\b",
    re.IGNORECASE,
)
_BY_UR = re.compile(
    r"\b(?:utili[sz]ation review(?:er)?|claims administrator|prior (?:determination|review)|UR (?:denied|"
    r"review|decision|"
    r"determination|letter|physician)|(?:was|were|is) (?:previously )?(?:denied|non-?certified|not certified|modified)"
    r"|previous(?:ly)? (?:denied|non-?certified|review(?:er)?))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Text:
    """One text of the letter that the reviewer wrote: its place, its name for a sentence, its sentences, its item."""

    place: Place
    name: str
    narrative: Narrative
    sentences: tuple[Sentence, ...]
    item: DisputedItem | None = None

    def at(self, sentence: Sentence, begin: int = 0, end: int | None = None) -> Place:
        """The place of words of one of its sentences, or of the whole sentence."""
        span = sentence.span(begin, len(sentence.text) if end is None else end)
        return Place(self.place.part, self.place.row, self.place.field, span)


@dataclass(frozen=True)
class Subject:
    """What the checks look at: the determination, the day on which it is checked, its record, and its circumstances.

    ``index`` is None where no record was given: then nothing can be said about it, neither presence nor absence.
    """

    determination: Determination
    today: date
    index: Index | None = None
    circumstances: Circumstances = Circumstances()
    memory: Index = field(default_factory=lambda: Index(Record()))
    _once: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What several rules want of this very determination, made once."""
        if name not in self._once:
            self._once[name] = make()
        found: T = self._once[name]
        return found

    @property
    def case(self) -> Case:
        """The case."""
        return self.determination.case

    @cached_property
    def published(self) -> bool:
        """Whether this is a public copy read back: what such a copy omits is then no fault.

        Where nobody says so, it is taken for one when it is decided and yet has no source, no document, no claim
        number and no party at all; a case in work always has one of these.
        """
        told = self.circumstances.published
        if told is not None:
            return told
        case, header = self.case, self.case.header
        parties = (
            header.employee.name,
            header.employee.representative,
            header.requesting_physician.name,
            header.employer.name,
            header.claims_administrator.company,
        )
        omitted = not (case.sources or case.documents or header.claim_number or any(parties))
        return omitted and any(item.outcome is not None and item.rationale for item in case.items)

    @cached_property
    def frame(self) -> object:
        """What stands for everything but the texts and items: the same object as long as all of it is the same."""
        case = self.case
        around = (case.header, case.imro, case.sources, case.documents, case.evidence, self.circumstances, self.today)
        return self.memory.remember(("frame", around), object)

    @cached_property
    def summary(self) -> Text:
        """The clinical case summary."""
        narrative = self.case.clinical_summary
        return Text(Place(Part.SUMMARY), "The summary", narrative, self._split(narrative))

    @cached_property
    def rationales(self) -> tuple[Text, ...]:
        """The items' rationales, in order."""
        return tuple(
            Text(
                Place(Part.ITEMS, item.id, "rationale"),
                f"The rationale of item {number}",
                item.rationale,
                self._split(item.rationale),
                item,
            )
            for number, item in enumerate(self.case.items, 1)
        )

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Summary and rationales."""
        return (self.summary, *self.rationales)

    @cached_property
    def headings(self) -> dict[str, str]:
        """Each item's heading as printed, by the item's id."""
        return {item.id: self.determination.heading(item) for item in self.case.items}

    @cached_property
    def documents_at(self) -> dict[PageRef, Document]:
        """The document that each page of the record stands in."""
        index = self.index
        return {} if index is None else index.remember(("documents at", self.frame), lambda: self._placed(index))

    def pages_of(self, document: Document) -> tuple[int, ...]:
        """The places of a document's pages in the index, in order."""
        index = self.index
        if index is None:
            return ()
        return index.remember(("pages of", self.frame), lambda: self._by_document(index)).get(document.id, ())

    def _by_document(self, index: Index) -> dict[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for number, page in enumerate(index.pages):
            document = self.documents_at.get(page.ref)
            if document is not None:
                found.setdefault(document.id, []).append(number)
        return {key: tuple(numbers) for key, numbers in found.items()}

    def _placed(self, index: Index) -> dict[PageRef, Document]:
        found: dict[PageRef, Document] = {}
        for document in self.case.documents:
            for span in document.pages:
                for number in range(span.first, min(span.last, span.first + len(index.pages)) + 1):
                    found.setdefault(PageRef(span.source, number), document)
        return found

    def name(self, item: DisputedItem) -> str:
        """How a sentence names an item: by its number."""
        return f"Item {self.case.ordinal(item.id)}"

    def told(self) -> Iterator[tuple[Text, Sentence]]:
        """Every sentence of summary and rationales."""
        for text in self.texts:
            for sentence in text.sentences:
                yield text, sentence

    def factual(self) -> Iterator[tuple[Text, Sentence]]:
        """The sentences that speak of this worker, not of what a guideline says."""
        for text, sentence in self.told():
            if text.item is None or not self.is_guideline(sentence.text):
                yield text, sentence

    def mentions(self, sentence: str, *kinds: Kind) -> tuple[Mention, ...]:
        """The facts in a sentence, of these kinds or of all."""
        found = self.memory.remember(("mentions", sentence), lambda: reading.mentions(sentence))
        return tuple(each for each in found if each.kind in kinds) if kinds else found

    def found(self, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
        """Where a pattern that lives as long as the program first stands in a text; looked for once."""
        return self.memory.remember((id(pattern), text), partial(pattern.search, text))

    def is_guideline(self, sentence: str) -> bool:
        """Whether a sentence tells what a guideline says rather than what is so with this worker."""
        return self.memory.remember(("guideline", sentence), lambda: _is_guideline(sentence))

    def is_of_worker(self, sentence: str) -> bool:
        """Whether a sentence names the worker, the provider, the request or the records."""
        return self.memory.remember(("worker", sentence), lambda: _OF_WORKER.search(sentence) is not None)

    def is_of_ur(self, sentence: str) -> bool:
        """Whether a sentence tells what the utilization review said."""
        return self.memory.remember(("ur", sentence), lambda: _BY_UR.search(sentence) is not None)

    def _split(self, narrative: Narrative) -> tuple[Sentence, ...]:
        return self.memory.remember(("sentences", narrative.text), lambda: sentences.of(narrative))


def _is_guideline(sentence: str) -> bool:
    found = _OF_GUIDELINE.search(sentence) or _RECOMMENDED.search(sentence)
    if not found:
        return False
    worker = _OF_WORKER.search(sentence)
    return worker is None or worker.start() > found.start()
