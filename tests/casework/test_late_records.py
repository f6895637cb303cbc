# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records that come late: what of them is new, what was there already, and which sentences they bear on (C3)."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from imr_desktop.casework import intake, reading, sorting
from imr_desktop.casework.desk import Desk
from imr_desktop.checks import Finding
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import Table
from tests.kit.cases import new_vault
from tests.kit.records import digital

FIRST_DAY = datetime(2026, 11, 2, 18, tzinfo=UTC)
WORDS = ("therapy", "visit", "lumbar", "knee", "exam", "range", "motion", "strength", "reflex", "gait", "plan", "chart")


def page_of(number: int) -> list[str]:
    """A page that says something of its own."""
    chance = random.Random(number)
    return [f"Visit {number} of the clinic"] + [" ".join(chance.choices(WORDS, k=9)) + f" {number}" for _ in range(12)]


def read(desk: Desk) -> None:
    """Have the machine read and sort the case."""
    for _ in (*reading.read(desk.store, reading.Plan(ocr=False)), *sorting.sort(desk.store)):
        pass


def told(desk: Desk, identifier: str) -> list[Finding]:
    return [each for each in desk.findings(Reviewer()) if each.id == identifier]


def test_forty_late_pages_of_which_twenty_five_are_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, late = tmp_path / "first.pdf", tmp_path / "late.pdf"
    first.write_bytes(digital(*(page_of(number) for number in range(25))))
    fresh = [page_of(number) for number in range(100, 115)]
    fresh[7].append("He did a home exercise program every day with benefit.")
    late.write_bytes(digital(*(page_of(number) for number in range(25)), *fresh))
    day = [FIRST_DAY]
    monkeypatch.setattr(intake, "_today", lambda: day[0].date())
    with new_vault(tmp_path / "vault") as vault:
        *_, came = intake.take_in(vault, [first])
        desk = Desk(vault.case(came.case_id), now=lambda: day[0])
        with desk.store.step("Item") as step:
            step.put(Table.ITEM, "i1", DisputedItem("i1", "Six visits of acupuncture"), 0.0)
        desk.write_rationale("i1", Narrative("There is no documentation of a home exercise program."))
        read(desk)
        for page in reading.pages_of(desk.case):
            desk.mark_seen(page.ref)
        assert told(desk, "QC-10") == []
        assert told(desk, "QC-51") == []
        before = {each.key for each in desk.findings(Reviewer())}

        day[0] += timedelta(days=9)
        for _ in intake.take_in(vault, [late], into=desk.case.id):
            pass
        desk = Desk(vault.case(desk.case.id), now=lambda: day[0])
        read(desk)
        new = [each for each in desk.findings(Reviewer()) if each.key not in before]
        (unseen,) = [each for each in new if each.id == "QC-10"]
        assert "pages 51-65 were neither seen nor dismissed" in unseen.says
        (came_late,) = [each for each in new if each.id == "QC-16" and "came late" in each.says]
        assert "40 pages came late" in came_late.says
        assert "25 pages repeated" in came_late.says
        assert "15 pages not seen yet (pages 51-65)" in came_late.says
        (absent,) = [each for each in new if each.id == "QC-51"]
        assert [shown.case_page for shown in absent.shows] == [58]
