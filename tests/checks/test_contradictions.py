# SPDX-License-Identifier: AGPL-3.0-or-later
"""A score that is cited and given otherwise on another page of the same day is offered with both pages."""

from datetime import date

import pytest

from imr_desktop.checks import Finding, Severity, findings
from imr_desktop.models.case import Case
from imr_desktop.models.determination import Determination
from imr_desktop.models.evidence import Evidence, Passage, PassagePart
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import Document, DocumentType, PageRef, PageSize, PageSpan, SourceFile, WordsOrigin
from imr_desktop.models.reviewer import Reviewer
from tests.checks.kit import SOUND, TODAY

FILE = "a" * 64
DAY, ANOTHER = date(2014, 7, 1), date(2014, 7, 2)


def said(other: str, day: date = DAY) -> list[Finding]:
    texts = ("Low back pain is 4/10 today", other)
    pages = tuple(RecordPage(PageRef(FILE, n), n + 1, text, WordsOrigin.DIGITAL) for n, text in enumerate(texts))
    documents = tuple(
        Document(str(n), DocumentType.PROGRESS_REPORT, "PR-2", date=on, pages=(PageSpan(FILE, "r.pdf", n, n),))
        for n, on in enumerate((DAY, day))
    )
    evidence = Evidence("e1", Passage((PassagePart(PageRef(FILE, 0), ()),), "pain is 4/10"))
    case = Case(
        "c",
        sources=(SourceFile(FILE, "r.pdf", 1, 1, (PageSize(1, 1),) * 2),),
        documents=documents,
        evidence=(evidence,),
        clinical_summary=Narrative("The pain was 4/10 [[e:e1]]."),
    )
    made = Determination(case, Reviewer(), SOUND.wording)
    return [each for each in findings(made, TODAY, record=Record(pages)) if "gives" in each.says and each.id == "QC-52"]


def test_a_planted_contradiction_is_offered_with_both_pages() -> None:
    (found,) = said("Pain is rated 8/10 on this visit")
    assert found.severity is Severity.INFORMS
    assert "page 1; page 2 gives" in found.says
    assert "07/01/2014" in found.says
    assert [(each.case_page, "4/10" in each.text or "8/10" in each.text) for each in found.shows] == [
        (1, True),
        (2, True),
    ]


@pytest.mark.parametrize(
    ("other", "day"),
    [
        ("Pain is rated 8/10 on this visit", ANOTHER),
        ("Pain is 4/10 with medication and 8/10 without", DAY),
        ("Motor strength is 4/5 in the right leg", DAY),
        ("No pain scale was recorded", DAY),
    ],
)
def test_another_day_another_scale_or_the_same_value_is_no_contradiction(other: str, day: date) -> None:
    assert said(other, day) == []
