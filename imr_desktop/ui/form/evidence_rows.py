# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of evidence as it is filtered and ordered: by what it serves, by page, by the day of its fact."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from imr_desktop.casework.evidence_use import Serves, Use, not_cited, uses
from imr_desktop.models.case import Case
from imr_desktop.models.evidence import Evidence
from imr_desktop.ui.form.naming import EvidenceNames


class Shown(StrEnum):
    """Which evidence the list shows; an item is chosen by its id instead."""

    ALL = "all"
    NOT_CITED = "not cited"
    SUMMARY = "summary"
    AGAINST = "against"
    NO_DAY = "no day"
    NO_WORDS = "no words"
    TYPED = "typed"


class Order(StrEnum):
    """How the list is ordered."""

    PAGE = "page"
    DAY = "day"
    KEPT = "kept"
    SERVES = "serves"


SHOWN = (
    (Shown.ALL, "All evidence"),
    (Shown.NOT_CITED, "Not cited yet"),
    (Shown.SUMMARY, "In the summary"),
    (Shown.AGAINST, "Speaks against an item"),
    (Shown.NO_DAY, "Without the day of the fact"),
    (Shown.NO_WORDS, "Regions without words"),
    (Shown.TYPED, "Words typed by the reviewer"),
)
ORDERS = (
    (Order.PAGE, "By page"),
    (Order.DAY, "By day of the fact"),
    (Order.KEPT, "As kept"),
    (Order.SERVES, "By what it serves"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: the evidence, where it stands, and what it serves."""

    evidence: Evidence
    page: int | None
    serves: tuple[Use, ...]


def shown_rows(case: Case, names: EvidenceNames, shown: str, order: Order, sought: str) -> tuple[Row, ...]:
    """The rows that pass the filter (``Shown`` or an item's id) and carry every word sought, in order."""
    served, unused = uses(case), frozenset(not_cited(case))
    terms = sought.casefold().split()
    rows = []
    for evidence in case.evidence:
        row = Row(evidence, names.case_page(evidence.passage.start), served[evidence.id])
        text = f"{names.label(evidence.id)} {names.quote(evidence.id)}".casefold()
        if _passes(row, shown, unused) and all(term in text for term in terms):
            rows.append(row)
    return tuple(rows if order is Order.KEPT else sorted(rows, key=_key(case, order)))


def _passes(row: Row, shown: str, unused: frozenset[str]) -> bool:
    evidence = row.evidence
    tests: dict[str, bool] = {
        Shown.ALL: True,
        Shown.NOT_CITED: evidence.id in unused,
        Shown.SUMMARY: any(use.how is Serves.SUMMARY for use in row.serves),
        Shown.AGAINST: any(use.how is Serves.AGAINST for use in row.serves),
        Shown.NO_DAY: evidence.fact_date is None,
        Shown.NO_WORDS: not evidence.passage.text,
        Shown.TYPED: evidence.typed,
    }
    return tests.get(shown, any(use.item == shown for use in row.serves))


def _key(case: Case, order: Order) -> Callable[[Row], Any]:
    ordinals = {item.id: number for number, item in enumerate(case.items, 1)}
    last = len(ordinals) + 1

    def of(row: Row) -> Any:
        page = row.page if row.page is not None else 10**9
        if order is Order.DAY:
            return row.evidence.fact_date or date.max, page
        if order is Order.SERVES:
            return min((0 if use.item is None else ordinals[use.item] for use in row.serves), default=last), page
        box = row.evidence.passage.parts[0].boxes
        return page, box[0].y0 if box else 0.0

    return of
