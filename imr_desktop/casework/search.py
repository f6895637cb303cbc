# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search over a case or all cases; whatever is found or not, the pages that could not be searched are told with it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from imr_desktop.casework import attesting, field_words, query
from imr_desktop.casework.beginnings import Beginnings
from imr_desktop.casework.forgiving import Forgiving
from imr_desktop.casework.measuring import pages_in
from imr_desktop.casework.query import CannotSearch, Day, Joined, Near, Node, Words
from imr_desktop.casework.reading import pages_of
from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case
from imr_desktop.models.days import writings
from imr_desktop.models.records import Box, Document, DocumentType, PageRef
from imr_desktop.records.blanks import BLANK
from imr_desktop.storage import CaseStore, Vault
from imr_desktop.storage.page_search import PageMatch, PageSearch

__all__ = [
    "CannotSearch",
    "Found",
    "Hit",
    "Scope",
    "Search",
    "Unsearched",
    "boxes",
    "search",
    "search_all",
    "search_case",
    "stands",
]

_AROUND = 60
_SHUT = "The record stays shut until you attest, in the window, that you have no conflict of interest."


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and how to search. ``pages`` are case pages (first, last); ``dated`` the days (first, last) of documents.

    ``whole_word`` finds exactly the words typed and no other forms of them, ``match_case`` also as they are typed.
    ``forgiving`` also finds what OCR may have made of them, ``other_names`` also brands, generics and abbreviations.
    ``limit`` is the most pages that hits are taken from.
    """

    pages: tuple[int, int] | None = None
    documents: frozenset[str] = frozenset()
    types: frozenset[DocumentType] = frozenset()
    dated: tuple[date, date] | None = None
    whole_word: bool = False
    match_case: bool = False
    forgiving: bool = True
    other_names: bool = True
    by_rank: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where the words stand: its page, its words by number (from, to), and the words around it.

    ``as_read`` marks a hit that only the forgiving search took for the words looked for; ``why`` says in a few words
    why one is here that goes by another name (a brand, an abbreviation), and is empty otherwise.
    """

    case_id: str
    ref: PageRef
    case_page: int
    words: tuple[int, int]
    before: str
    text: str
    after: str
    as_read: bool = False
    document: Document | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Unsearched:
    """A page whose silence means nothing, and why."""

    ref: PageRef
    case_page: int
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found in one case, exact hits first, and always the pages that it could not look into.

    ``trouble`` says in a sentence why the whole case could not be searched, and is empty where it was.
    """

    case_id: str
    hits: tuple[Hit, ...]
    unsearched: tuple[Unsearched, ...]
    page_count: int
    trouble: str = ""

    def told(self) -> str:
        """The result in a sentence that never hides what was not searched."""
        if self.trouble:
            return f"None of its {self.page_count:,} pages were searched: {self.trouble}"
        count = len(self.hits)
        hits = "No hits" if not count else f"{count:,} hit{'s' if count > 1 else ''}"
        if not self.unsearched:
            return f"{hits}; all {self.page_count:,} pages were searched."
        return f"{hits}; {len(self.unsearched):,} of {self.page_count:,} pages have no readable text."

    def by_document(self) -> dict[str, int]:
        """How many hits each document has, by its id; under an empty id those outside every document."""
        return dict(Counter("" if hit.document is None else hit.document.id for hit in self.hits))


class Search:
    """Search over one open case; keeps what makes the next search quick."""

    def __init__(self, store: CaseStore, case: Case | None = None) -> None:
        self._store = store
        self._index = PageSearch(store.pages.index)
        self._forgiving = Forgiving(self._index)
        self.case = store.read() if case is None else case

    @property
    def case(self) -> Case:
        """The case as it stands; to be given anew after documents or sources have changed."""
        return self._case

    @case.setter
    def case(self, case: Case) -> None:
        self._case = case
        self._numbers = {page.ref: page.case_page for page in pages_of(case)}
        self._documents: dict[PageRef, Document] = {}
        for document in case.documents:
            for span in document.pages:
                for number in range(span.first, span.last + 1):
                    self._documents.setdefault(PageRef(span.source, number), document)

    def find(self, text: str, scope: Scope = Scope()) -> Found:
        """Search for what was typed; CannotSearch tells what is wrong with it."""
        hits = tuple(self.hits(text, scope))
        return Found(self._case.id, hits, tuple(self.unsearched(scope)), self._count(scope))

    def hits(self, text: str, scope: Scope = Scope()) -> Iterator[Hit]:
        """The same hits one by one, for those who show the first before the last is found; CannotSearch at once."""
        return self._hits(query.parse(text), scope)

    def unsearched(self, scope: Scope = Scope()) -> Iterator[Unsearched]:
        """The pages within the scope whose silence means nothing, in order."""
        states = self._index.silent(BLANK)
        if self._index.queued_count() < len(self._numbers):
            queued = self._index.queued()
            states |= {ref: "it has not been read yet" for ref in self._numbers if ref not in queued}
        found = [Unsearched(ref, self._numbers[ref], why) for ref, why in states.items() if self._within(ref, scope)]
        yield from sorted(found, key=lambda page: page.case_page)

    def _count(self, scope: Scope) -> int:
        if not _narrow(scope):
            return len(self._numbers)
        return sum(self._within(ref, scope) for ref in self._numbers)

    def _within(self, ref: PageRef, scope: Scope) -> bool:
        number, document = self._numbers.get(ref), self._documents.get(ref)
        if number is None or (scope.pages and not scope.pages[0] <= number <= scope.pages[1]):
            return False
        if scope.documents and (document is None or document.id not in scope.documents):
            return False
        if scope.types and (document is None or document.type not in scope.types):
            return False
        if scope.dated:
            day = None if document is None else document.date
            return day is not None and scope.dated[0] <= day <= scope.dated[1]
        return True

    def _hits(self, node: Node, scope: Scope) -> Iterator[Hit]:
        literal = scope.whole_word or scope.match_case
        beginnings = Beginnings(self._index, node)
        exact = query.expression(node, beginnings.widen, without_not=literal)
        held: dict[PageRef, tuple[tuple[int, int], ...]] = {}
        for match in self._matches(exact, scope):
            spans = _literal(node, match.text, scope.match_case) if literal else beginnings.answering(match)
            if spans:
                held[match.ref] = spans
                yield from self._of_page(match, spans, as_read=False)
        if literal:
            return
        exact = query.expression(node)
        if scope.other_names:
            yield from self._other_names(node, exact, scope, held)
        if not scope.forgiving:
            return
        wider = query.expression(node, self._forgiving.widen)
        if wider != exact:
            for match in self._matches(wider, scope):
                known = held.get(match.ref, ())
                fresh = [span for span in match.spans if not any(_meet(span, other) for other in known)]
                yield from self._of_page(match, fresh, as_read=True)

    def _other_names(
        self, node: Node, exact: str, scope: Scope, held: dict[PageRef, tuple[tuple[int, int], ...]]
    ) -> Iterator[Hit]:
        """Hits under other names of the field, each saying which; what is found is added to ``held``."""
        said: dict[tuple[str, ...], str] = {}

        def widen(words: Words) -> tuple[str, ...]:
            names = field_words.others(words)
            said.update({key: field_words.why(words, name) for key, name in names.items()})
            return tuple(" ".join(key) for key in names)

        wider = query.expression(node, widen)
        if wider == exact:
            return
        for match in self._matches(wider, scope):
            known = held.get(match.ref, ())
            fresh = tuple(span for span in match.spans if not any(_meet(span, other) for other in known))
            held[match.ref] = (*known, *fresh)
            for span in fresh:
                words = tuple(part.lower() for part in re.findall(r"[^\W_]+", match.text[span[0] : span[1]]))
                yield from self._of_page(match, (span,), as_read=False, why=said.get(words, "another name"))

    def _matches(self, expression: str, scope: Scope) -> Iterator[PageMatch]:
        limit = None if _narrow(scope) else scope.limit
        taken = 0
        for match in self._index.match(expression, by_rank=scope.by_rank, limit=limit):
            if self._within(match.ref, scope):
                yield match
                taken += 1
                if scope.limit and taken >= scope.limit:
                    return

    def _of_page(
        self, match: PageMatch, spans: Iterable[tuple[int, int]], *, as_read: bool, why: str = ""
    ) -> Iterator[Hit]:
        for begin, end in spans:
            first = match.text.count(" ", 0, begin)
            last = first + match.text.count(" ", begin, end) + 1
            yield Hit(
                self._case.id,
                match.ref,
                self._numbers[match.ref],
                (first, last),
                _tail(match.text[max(0, begin - _AROUND) : begin], begin > _AROUND),
                match.text[begin:end],
                _head(match.text[end : end + _AROUND], end + _AROUND < len(match.text)),
                as_read,
                self._documents.get(match.ref),
                why,
            )


def search(store: CaseStore, text: str, scope: Scope = Scope()) -> Found:
    """Search one case; CannotSearch."""
    return Search(store).find(text, scope)


def search_case(vault: Vault, case_id: str, text: str, scope: Scope = Scope()) -> Found:
    """Search a case of the vault; nothing of a record that may not be opened yet is shown. CannotSearch."""
    store = vault.case(case_id)
    case = store.read()
    if attesting.to_attest(vault, case) is None:
        return Search(store, case).find(text, scope)
    return Found(case_id, (), (), pages_in(case), _SHUT)


def search_all(vault: Vault, text: str, scope: Scope = Scope(), *, archived: bool = False) -> Iterator[Found]:
    """Search every case of the vault, one after the other, archived ones last; CannotSearch before the first."""
    query.parse(text)
    counts = vault.page_counts()
    ids = [case.id for case in vault.cases()] + [kept.case.id for kept in vault.archived() if archived]
    for case_id in ids:
        try:
            found = search_case(vault, case_id, text, scope)
        except Trouble as trouble:
            # A damaged case must not hide what the others say, nor be taken for one without hits.
            found = Found(case_id, (), (), counts.get(case_id, 0), trouble.happened)
        yield found


def stands(node: Node, text: str) -> tuple[tuple[int, int], ...]:
    """Where a text answers a query word for word (from, to); empty if it does not."""
    return _literal(node, text, match_case=False)


def boxes(store: CaseStore, hit: Hit) -> tuple[Box, ...]:
    """Where a hit stands on its page, one box a line, in page points."""
    return store.pages.where(hit.ref, *hit.words)


def _narrow(scope: Scope) -> bool:
    return bool(scope.pages or scope.documents or scope.types or scope.dated)


def _literal(node: Node, text: str, match_case: bool) -> tuple[tuple[int, int], ...]:
    """Where the words stand exactly as typed; empty if the page does not answer the query that way."""
    spans: list[tuple[int, int]] = []

    def holds(part: Node) -> bool:
        match part:
            case Words() | Day():
                found = [match.span() for match in _pattern(part, match_case).finditer(text)]
                spans.extend(found)
                return bool(found)
            case Near(parts) | Joined("AND", parts):
                return _each(holds, parts) == len(parts)
            case Joined("OR", parts):
                return _each(holds, parts) > 0
            case Joined(_, parts):
                kept = holds(parts[0])
                count = len(spans)
                refused = _each(holds, parts[1:])
                del spans[count:]
                return kept and not refused

    return tuple(sorted(set(spans))) if holds(node) else ()


def _each(holds: Callable[[Node], bool], parts: Iterable[Node]) -> int:
    """How many parts hold; every one is asked, because each notes where it stands."""
    return sum(map(holds, parts))


def _pattern(leaf: Words | Day, match_case: bool) -> re.Pattern[str]:
    if isinstance(leaf, Day):
        runs = [writing.split() for writing in writings(leaf.day)]
        ways = "|".join(r"[\W_]+".join(run) for run in runs)
        return re.compile(rf"(?<!\w)(?:{ways})(?!\w)", re.IGNORECASE)
    words = r"[\W_]+".join(map(re.escape, leaf.words))
    end = "" if leaf.prefix else r"(?![^\W_])"
    return re.compile(rf"(?<![^\W_]){words}{end}", 0 if match_case else re.IGNORECASE)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _tail(text: str, cut: bool) -> str:
    return "…" + text.partition(" ")[2] if cut else text


def _head(text: str, cut: bool) -> str:
    return text.rpartition(" ")[0] + "…" if cut else text
