# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each editable table states its date and source, and a newer one is looked at before it is taken."""

import re
from datetime import date
from pathlib import Path

import pytest

from imr_desktop import assets
from imr_desktop.checks import RULES, tables
from imr_desktop.checks.finished import FINISHED_RULES
from imr_desktop.checks.mending import how_to_mend
from imr_desktop.models.deadlines import state_holidays

MANUAL = Path(__file__).parent.parent.parent / "docs" / "checks.md"
CHECKS = sorted({rule.id for rule in RULES} | set(FINISHED_RULES))


@pytest.mark.parametrize("name", tables.NAMES)
def test_a_table_states_its_date_and_source(name: str) -> None:
    day, source = tables.dated(name)
    assert date.fromisoformat(day) <= date(2026, 12, 31)
    assert source.endswith(".")
    assert tables.problems(name, assets.path(f"tables/{name}.toml").read_text(encoding="utf-8")) == ()


def test_a_table_that_does_not_fit_is_told() -> None:
    assert tables.problems("nothing", "") == ("There is no table called nothing.",)
    assert "cannot be read" in tables.problems("drugs", "drugs = [")[0]
    told = tables.problems("drugs", 'date = 2027-01-01\nsource = "x"\n')
    assert told == ("The table has no drugs.",)
    assert tables.problems("drugs", 'drugs = 3\nsource = "x"\n')[0] == "The table does not state its date."


def test_patterns_of_the_tables_can_be_read() -> None:
    for name, key in (("websites", "general"), ("protected_traits", "traits"), ("protected_traits", "clinical")):
        assert tables.pattern(name, key)
    for key in ("causation", "acceptance", "cost", "credibility", "law"):
        assert tables.pattern("scope", key)
    for row in assets.table("tables/specialties.toml")["profession"]:
        assert re.compile(row["professions"])
        assert re.compile(row["treats"])


def test_thanksgiving_is_no_working_day() -> None:
    assert date(2026, 11, 26) in state_holidays()
    assert date(2026, 11, 25) not in state_holidays()


def test_the_manual_explains_every_check() -> None:
    explained = re.findall(r"^### (QC-\d\d)", MANUAL.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(explained) == CHECKS


@pytest.mark.parametrize("identifier", CHECKS)
def test_every_check_says_how_to_mend(identifier: str) -> None:
    assert how_to_mend(identifier).endswith((".", "..."))
    assert f"To mend: {how_to_mend(identifier)}" in MANUAL.read_text(encoding="utf-8")
