# SPDX-License-Identifier: AGPL-3.0-or-later
"""The annex for the reviewer's and the organisation's work file: criteria with their evidence and searches, then the
cited pages; no party letter ever carries it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from imr_desktop.casework.desk import Desk
from imr_desktop.casework.evidence_use import not_cited, told, uses
from imr_desktop.casework.files import replace_whole
from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case
from imr_desktop.models.citations import MtusCitation, OutsideCitation, ReasonOutside
from imr_desktop.models.items import Criterion, CriterionMet, DisputedItem
from imr_desktop.models.records import Box, Page
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.models.work import ItemWork
from imr_desktop.records import Draw, Drawn, Reader
from imr_desktop.storage import Kind, Table

_SCALE = 150 / 72
_MET = {
    None: "Not judged",
    CriterionMet.MET: "Met",
    CriterionMet.NOT_MET: "Not met",
    CriterionMet.NOT_DOCUMENTED: "Not documented",
}
_REASONS = {
    None: "no reason given",
    ReasonOutside.MTUS_SILENT: "the MTUS does not address the treatment",
    ReasonOutside.PRESUMPTION_REBUTTED: "the MTUS presumption is rebutted",
}
_COLUMNS = ("Criterion", "The record says", "Where, or the search that was made")


class NothingCited(Trouble):
    """No page is cited yet."""

    default_advice = "Cite evidence in the summary, a rationale or a criterion first."


class PageNotDrawn(Trouble):
    """A cited page cannot be drawn."""

    default_advice = "Look at the page in the record; a damaged file must be asked for again."


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited page, the line that is printed above it, and its passages: each by its number and its boxes."""

    page: Page
    says: str
    passages: tuple[tuple[str, tuple[Box, ...]], ...]


def source_line(case: Case, page: Page) -> str:
    """Where a copied page comes from: the case, the file with its page, and the case page."""
    name = next((source.name for source in case.sources if source.sha256 == page.ref.source), "a file that is not here")
    return f"{_numbered(case)}  ·  {name} {page.ref.page + 1}  ·  case page {page.case_page}"


def _numbered(case: Case) -> str:
    return case.header.case_number or "Case without a number"


def cited_pages(case: Case) -> tuple[Cited, ...]:
    """Every page that cited evidence stands on, in the order of the case, passages numbered in that order."""
    idle = frozenset(not_cited(case))
    served = uses(case)
    pages = {page.ref: page for source in case.sources for page in source.pages()}
    kept = [evidence for evidence in case.evidence if evidence.id not in idle]
    places = sorted(
        (pages[part.page].case_page, part.boxes[0].y0 if part.boxes else 0.0, evidence.id, part)
        for evidence in kept
        for part in evidence.passage.parts
        if part.page in pages
    )
    numbers = {each: str(number) for number, each in enumerate(dict.fromkeys(place[2] for place in places), 1)}
    found: dict[int, list[tuple[str, tuple[Box, ...]]]] = {}
    for case_page, _, evidence_id, part in places:
        found.setdefault(case_page, []).append((numbers[evidence_id], part.boxes))
    by_number = {page.case_page: page for page in pages.values()}
    ids = {number: evidence_id for evidence_id, number in numbers.items()}
    made = []
    for case_page, passages in found.items():
        page = by_number[case_page]
        document = case.document_at(page.ref)
        day = f", {document.date.month}/{document.date.day}/{document.date.year}" if document and document.date else ""
        name = "" if document is None else f": {document.title or document.type.value.replace('_', ' ')}{day}"
        cites = "; ".join(f"{number} {told(case, served[ids[number]])}" for number, _ in passages)
        made.append(Cited(page, f"Page {case_page}{name} (cited: {cites})", tuple(passages)))
    return tuple(made)


def criteria(case: Case, headings: Sequence[str], work: Sequence[ItemWork]) -> tuple[tuple[str, ...], ...]:
    """The rows of the criteria table: an item's heading (one cell), its criteria (three cells), and the search behind
    each source outside the MTUS (one cell); nothing of items that have neither.
    """
    notes = {each.id: each for each in work}
    pages = {page.ref: page.case_page for source in case.sources for page in source.pages()}
    where = {each.id: pages.get(each.passage.start) for each in case.evidence}
    rows: list[tuple[str, ...]] = []
    for number, (item, heading) in enumerate(zip(case.items, headings, strict=True), 1):
        judged = [_judged(criterion, where, notes.get(item.id)) for criterion in item.criteria]
        outside = [_outside(cited) for cited in _cited(item)]
        if judged or outside:
            rows.append((f"Item {number}: {heading}",))
            rows += [_COLUMNS, *judged] if judged else []
            rows += [(says,) for says in outside]
    return tuple(rows)


def _judged(criterion: Criterion, where: Mapping[str, int | None], notes: ItemWork | None) -> tuple[str, ...]:
    stands = [f"Page {page}" for each in criterion.evidence if (page := where.get(each)) is not None]
    made = () if notes is None else notes.sought
    sought = [each.told() for each in made if each.criterion == criterion.text]
    told = "; ".join(dict.fromkeys((*stands, *sought))) or "No evidence and no search"
    return " ".join(criterion.text.split()) or "Not worded", _MET[criterion.met], told


def _cited(item: DisputedItem) -> Iterator[OutsideCitation]:
    for cited in item.reviewer_guideline.citations if item.reviewer_guideline else ():
        if not isinstance(cited, MtusCitation):
            yield cited


def _outside(cited: OutsideCitation) -> str:
    search = " ".join(cited.search_made.split()) or "not recorded"
    name = cited.printed() or "A source not named yet"
    return f"Outside the MTUS: {name} ({_REASONS[cited.reason_outside]}). Search that was made: {search}"


def write(desk: Desk, path: Path) -> Iterator[Progress | int]:
    """Write the annex, whole or not at all, and give its number of cited pages; NothingCited, PageNotDrawn."""
    from imr_desktop.letter import annex

    cited = cited_pages(desk.case)
    whole = desk.determination(Reviewer())
    table = criteria(desk.case, [whole.heading(item) for item in desk.case.items], desk.store.kept(Table.WORK))
    if not cited and not table:
        raise NothingCited("No page of the record is cited yet.")
    sheets = []
    reader = Reader(desk.store.open_source, passwords=desk.store.passwords())
    try:
        for number, each in enumerate(cited, 1):
            drawn = reader.ask(Draw(each.page.ref, _SCALE))
            if not isinstance(drawn, Drawn):
                raise PageNotDrawn(f"Page {each.page.case_page} cannot be drawn.")
            pixels = (drawn.width, drawn.height, drawn.stride, bytes(drawn.pixels))
            source = source_line(desk.case, each.page)
            sheets.append(annex.CitedPage(each.says, source, *pixels, drawn.scale, each.passages))
            yield Progress(number, len(cited), "Drawing the cited pages")
    finally:
        reader.close()
    foot = f"{_numbered(desk.case)}: annex of cited pages, for the work file only"
    heads = [cells == _COLUMNS or (len(cells) == 1 and cells[0].startswith("Item ")) for cells in table]
    rows = [annex.Row(cells, bold) for cells, bold in zip(table, heads, strict=True)]
    replace_whole(path, annex.bind(sheets, foot, len(sheets), rows))
    desk.store.record(Kind.EXPORTED, {"what": "annex of cited pages", "pages": len(sheets)})
    yield len(sheets)
