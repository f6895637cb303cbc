# SPDX-License-Identifier: AGPL-3.0-or-later
"""The annex of cited pages for the reviewer's and the organisation's work file; no party letter ever carries it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imr_desktop.casework.desk import Desk
from imr_desktop.casework.evidence_use import not_cited, told, uses
from imr_desktop.casework.files import replace_whole
from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case
from imr_desktop.models.records import Box, Page
from imr_desktop.records import Draw, Drawn, Reader
from imr_desktop.storage import Kind

_SCALE = 150 / 72


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
        document = next((each for each in case.documents if each.holds(page.ref)), None)
        day = f", {document.date.month}/{document.date.day}/{document.date.year}" if document and document.date else ""
        name = "" if document is None else f": {document.title or document.type.value.replace('_', ' ')}{day}"
        cites = "; ".join(f"{number} {told(case, served[ids[number]])}" for number, _ in passages)
        made.append(Cited(page, f"Page {case_page}{name} (cited: {cites})", tuple(passages)))
    return tuple(made)


def write(desk: Desk, path: Path) -> Iterator[Progress | int]:
    """Write the annex, whole or not at all, and give its number of pages; NothingCited, PageNotDrawn."""
    from imr_desktop.letter import annex

    cited = cited_pages(desk.case)
    if not cited:
        raise NothingCited("No page of the record is cited yet.")
    sheets = []
    reader = Reader(desk.store.open_source, passwords=desk.store.passwords())
    try:
        for number, each in enumerate(cited, 1):
            drawn = reader.ask(Draw(each.page.ref, _SCALE))
            if not isinstance(drawn, Drawn):
                raise PageNotDrawn(f"Page {each.page.case_page} cannot be drawn.")
            pixels = (drawn.width, drawn.height, drawn.stride, bytes(drawn.pixels))
            sheets.append(annex.CitedPage(each.says, *pixels, drawn.scale, each.passages))
            yield Progress(number, len(cited), "Drawing the cited pages")
    finally:
        reader.close()
    whose = desk.case.header.case_number or "Case without a number"
    foot = f"{whose}: annex of cited pages, for the work file only"
    replace_whole(path, annex.bind(sheets, foot, len(sheets)))
    desk.store.record(Kind.EXPORTED, {"what": "annex of cited pages", "pages": len(sheets)})
    yield len(sheets)
