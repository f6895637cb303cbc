# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small sound case of two items with its record, to plant one fault in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from imr_desktop.checks import Finding, findings
from imr_desktop.models.case import Case
from imr_desktop.models.determination import Determination
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage
from tests.checks import planted

TRUTH = planted.truth(4)
TODAY = planted.TODAY
SOUND = planted.determination_of(TRUTH)
RECORD = planted.record_of(TRUTH)
Change = Callable[[Case], Case]


def said(case: Case | Determination = SOUND, **around: Any) -> tuple[Finding, ...]:
    """What the checks say of a case, by default of the sound one."""
    determination = case if isinstance(case, Determination) else replace(SOUND, case=case)
    return findings(determination, TODAY, **around)


def ids(found: tuple[Finding, ...]) -> set[str]:
    """The ids of findings."""
    return {finding.id for finding in found}


def only(found: tuple[Finding, ...], identifier: str) -> Finding:
    """The one finding with this id."""
    [finding] = [finding for finding in found if finding.id == identifier]
    return finding


def header(**changes: Any) -> Case:
    """The sound case with another header."""
    return replace(SOUND.case, header=replace(SOUND.case.header, **changes))


def item(number: int, **changes: Any) -> Case:
    """The sound case with one item changed; from 1."""
    items = list(SOUND.case.items)
    items[number - 1] = replace(items[number - 1], **changes)
    return replace(SOUND.case, items=tuple(items))


def rationale(number: int, text: str) -> Case:
    """The sound case with a sentence put before an item's rationale."""
    return item(number, rationale=Narrative(f"{text} {SOUND.case.items[number - 1].rationale.text}"))


def summary(text: str) -> Case:
    """The sound case with a sentence put after its summary."""
    return replace(SOUND.case, clinical_summary=Narrative(f"{SOUND.case.clinical_summary.text} {text}"))


def page(number: int, text: str, **changes: Any) -> Record:
    """The sound case's record with another text on one page; from 1."""
    pages = list(RECORD.pages)
    pages[number - 1] = replace(pages[number - 1], text=text, **changes)
    return Record(tuple(pages))


def more(*pages: RecordPage) -> Record:
    """The sound case's record with further pages."""
    return Record((*RECORD.pages, *pages))
