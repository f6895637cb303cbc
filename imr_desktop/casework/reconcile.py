# SPDX-License-Identifier: AGPL-3.0-or-later
"""The three-way table: each treatment as application, request and denial word it, its item, or why it is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imr_desktop.casework.case_facts import same_treatment
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.request_wording import quantity_of
from imr_desktop.checks import Finding
from imr_desktop.checks.three_ways import CALLED, about, matches, wordings
from imr_desktop.models.circumstances import NamedTreatment
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem, Treatment
from imr_desktop.models.records import DocumentType

SOURCES = tuple(CALLED)


@dataclass(frozen=True, slots=True)
class Line:
    """One treatment: its item (None for none), how each document words it, and the findings that ask about it."""

    item: str | None
    ordinal: int
    named: Mapping[DocumentType, NamedTreatment]
    findings: tuple[Finding, ...] = ()

    @property
    def wording(self) -> str:
        """The treatment as the weightiest document words it; empty for an item that no document names."""
        return next((self.named[source].wording for source in SOURCES if source in self.named), "")

    @property
    def reason(self) -> str:
        """Why it is no item; empty while nobody said so."""
        answers = [finding.answer for finding in self.findings]
        return answers[0].reason if answers and all(answers) and answers[0] is not None else ""

    @property
    def state(self) -> str:
        """``Item 2``; ``Open``; ``Dismissed: authorised on 1/2/2015``; an item that no document names says so."""
        if self.item is not None:
            return f"Item {self.ordinal}" if self.named else f"Item {self.ordinal}: named nowhere"
        return f"Dismissed: {self.reason}" if self.reason else "Open"


def lines(
    determination: Determination, named: Sequence[NamedTreatment], findings: Sequence[Finding] = ()
) -> tuple[Line, ...]:
    """The table: the items in their order, then the treatments that have none, worded alike in one line."""
    case = determination.case
    found = matches(named, {item.id: wordings(item, determination.heading(item)) for item in case.items})
    made = [
        Line(item.id, ordinal, {each.source: each for each, owner in found.items() if owner == item.id})
        for ordinal, item in enumerate(case.items, 1)
    ]
    asked = {finding.about: finding for finding in findings if finding.id == "QC-20" and finding.about}
    left: list[list[NamedTreatment]] = []
    for each in named:
        if each in found:
            continue
        for group in left:
            if same_treatment(group[0].wording, each.wording) and each.source not in {one.source for one in group}:
                group.append(each)
                break
        else:
            left.append([each])
    for group in left:
        told = tuple(asked[about(each)] for each in group if about(each) in asked)
        made.append(Line(None, 0, {each.source: each for each in group}, told))
    return tuple(made)


def take_in(desk: Desk, line: Line) -> str:
    """Make the treatment of a line a disputed item, worded as its weightiest document words it; gives the id."""
    wording = line.wording
    quantity = quantity_of(wording)
    return desk.keep_new_item(DisputedItem("", wording, requested=Treatment(wording, quantity), quantity=quantity))


def dismiss(desk: Desk, line: Line, reason: str) -> None:
    """Say why the treatment of a line is no item; ValueError without a reason."""
    if not reason.strip():
        raise ValueError("a dismissal needs its reason")
    for finding in line.findings:
        desk.answer(finding, reason)


def open_lines(made: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that still block: no item, and no reason given."""
    return tuple(line for line in made if line.item is None and not line.reason)
