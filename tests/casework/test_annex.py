# SPDX-License-Identifier: AGPL-3.0-or-later
"""The annex has one sheet a cited page, with the passages framed, and nothing of pages that nothing cites."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pymupdf
import pytest

from imr_desktop.casework import annex, item_work
from imr_desktop.casework.annex import NothingCited
from imr_desktop.casework.desk import Desk
from imr_desktop.models.citations import Guideline, GuidelineCitation, MtusCitation, ReasonOutside
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.items import Criterion, CriterionMet, DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Box, PageRef, PageWords
from imr_desktop.models.reviewer import Reviewer
from tests.kit.cases import new_vault
from tests.kit.records import case_with, digital

BOX = Box(72, 80, 300, 94)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with new_vault(tmp_path / "vault") as vault:
        yield Desk(case_with(vault, a=digital(*([f"Page {number}"] for number in range(1, 6)))))


def passage(desk: Desk, *pages: int) -> Passage:
    source = desk.case.sources[0].sha256
    return Passage(tuple(PassagePart(PageRef(source, page), (BOX,)) for page in pages), "Page")


def test_each_cited_page_has_one_sheet_with_its_passages_framed(desk: Desk, tmp_path: Path) -> None:
    desk.cite(passage(desk, 3), Place(Part.SUMMARY), 0, Narrative("It hurts."))
    desk.cite(passage(desk, 0, 1), Place(Part.SUMMARY), 0, desk.case.clinical_summary)
    desk.add_evidence(passage(desk, 4))
    steps = list(annex.write(desk, tmp_path / "annex.pdf"))
    assert steps[-1] == 3
    with pymupdf.open(tmp_path / "annex.pdf") as made:
        heads = [page.get_text().split("\n")[0].strip() for page in made]
        assert [head.split(" (")[0] for head in heads] == ["Page 1", "Page 2", "Page 4"]
        assert heads[0].endswith("(cited: 1 Summary)")
        assert heads[2].endswith("(cited: 2 Summary)")
        assert all("for the work file only" in page.get_text() for page in made)
        pixels = made[2].get_pixmap(dpi=72)
        # The frame stands where the words do: the sheet shows the page at 84 % of its size.
        red = [
            (x, y)
            for y in range(pixels.height)
            for x in range(pixels.width)
            if pixels.pixel(x, y)[0] > 140 and pixels.pixel(x, y)[1] < 90
        ]
        left, top = min(x for x, _ in red), min(y for _, y in red)
        right = max(x for x, _ in red)
        fits = min(468 / 612, (792 - 116) / 792)
        assert abs((right - left) - (300 - 72) * fits) < 25
        assert abs(top - (58 + 80 * fits)) < 6


def test_an_annex_of_nothing_is_refused_and_no_letter_carries_one(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NothingCited):
        list(annex.write(desk, tmp_path / "annex.pdf"))
    assert not (tmp_path / "annex.pdf").exists()
    assert "annex" not in str(desk.determination(Reviewer())).lower()


def test_the_table_of_criteria_with_its_searches_stands_before_the_pages(desk: Desk, tmp_path: Path) -> None:
    evidence = desk.add_evidence(passage(desk, 2))
    outside = GuidelineCitation(
        "Official Disability Guidelines (ODG)",
        2020,
        "Low Back",
        "MRI",
        ReasonOutside.MTUS_SILENT,
        search_made="MTUS Low Back Disorders 2019: no section on repeat imaging; then ODG.",
    )
    item = DisputedItem(
        "",
        "Lumbar MRI",
        criteria=(
            Criterion("Red flags", CriterionMet.MET, (evidence,)),
            Criterion("Failed conservative care", CriterionMet.NOT_DOCUMENTED),
        ),
        reviewer_guideline=Guideline((MtusCitation("Low Back Disorders", 2019), outside)),
    )
    item_id = desk.keep_new_item(item)
    desk.add_item("Cane")
    when = datetime(2015, 1, 8, 12, tzinfo=UTC)
    for page in desk.case.sources[0].pages():
        desk.store.keep_words(PageWords(page.ref, page.size))
    item_work.seek(desk, item_id, "Failed conservative care", "physical therapy", when)
    assert list(annex.write(desk, tmp_path / "annex.pdf"))[-1] == 1, "the sheets of the cited pages are counted"
    with pymupdf.open(tmp_path / "annex.pdf") as made:
        assert made.page_count == 2
        said = " ".join(made[0].get_text().split())
    assert "Item 1: Lumbar MRI Criterion The record says" in said
    assert "Red flags Met Page 3" in said
    assert "Failed conservative care Not documented “physical therapy” sought on 1/8/2015: no hits on 5 pages" in said
    assert "Outside the MTUS: Official Disability Guidelines (ODG), 2020, Low Back, MRI (the MTUS does not" in said
    assert "no section on repeat imaging; then ODG." in said
    assert "Cane" not in said
