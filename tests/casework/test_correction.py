# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issued is issued: what left stays as it is, and a correction is a new version that names what changed and why."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from imr_desktop import assets, letter
from imr_desktop.casework import demo, exchange, guideline_registry, versions
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.guideline_registry import Chapter
from imr_desktop.casework.issue import Issued, Sealers, issue
from imr_desktop.casework.published import lines_of
from imr_desktop.casework.versions import NothingCorrected
from imr_desktop.checks import tables
from imr_desktop.letter import Rendition
from imr_desktop.models.items import Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.signing import verifying
from imr_desktop.storage import FiledLetter, Vault
from tests.kit.cases import PASSPHRASE, demo_determination, look_through

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WHAT = "The rationale of item 1 names the date of the examination correctly."
WHY = "The letter named a date on which the worker was not examined."


def _issue(vault: Vault, folder: Path, when: datetime) -> Issued:
    desk = Desk(vault.case(vault.cases()[0].id))
    sealers = Sealers(vault.identity(demo.REVIEWER_IDENTITY), vault.identity(demo.OFFICE_IDENTITY))
    look_through(desk, vault.reviewer())
    *_, last = issue(desk, vault.reviewer(), sealers, folder, when)
    assert isinstance(last, Issued)
    return last


def _words(pdf: bytes) -> str:
    return " ".join(" ".join(line.text for page in lines_of(pdf) for line in page).split())


def _own_tables(filed: FiledLetter) -> list[str]:
    """The reviewer's own tables among those that a letter says it was made with."""
    told = filed.note["tables"]
    assert isinstance(told, list)
    assert {each["name"] for each in told} == set(tables.NAMES)
    return [f"{each['name']} of {each['date']}" for each in told if each["own"]]


@pytest.fixture
def _room_for_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("IMR_DESKTOP_TABLES", str(tmp_path / "tables"))
    yield
    monkeypatch.undo()
    assets.forget_tables()


@pytest.mark.usefixtures("_room_for_tables")
def test_a_correction_names_what_and_why_and_the_first_letter_stays(tmp_path: Path) -> None:
    with demo.make(tmp_path / "vault", PASSPHRASE, NOW) as vault:
        first = _issue(vault, tmp_path / "first", NOW)
        desk = Desk(vault.case(vault.cases()[0].id))
        held = {path.name: path.read_bytes() for path in first.files}
        assert versions.last_issued(desk) is not None

        # Nothing is issued twice in silence, and no correction without a change and its reason.
        with pytest.raises(NothingCorrected, match="was issued on 11/23/2026"):
            _issue(vault, tmp_path / "again", NOW)
        versions.keep_correction(desk, WHAT, WHY)
        with pytest.raises(NothingCorrected, match="nothing else"):
            _issue(vault, tmp_path / "again", NOW)
        item = desk.case.items[0]
        desk.write_rationale(item.id, Narrative.of(*item.rationale.text.split("\n"), "Examined on July 2, 2026."))
        versions.keep_correction(desk, WHAT, "")
        with pytest.raises(NothingCorrected):
            _issue(vault, tmp_path / "again", NOW)
        assert not (tmp_path / "again").exists() or not list((tmp_path / "again").iterdir())

        versions.keep_correction(desk, WHAT, WHY)
        # Another edition of a chapter needs no new program, and the letter says that it was made with it.
        editions = (*guideline_registry.chapters(), Chapter("Music Therapy", 2027))
        guideline_registry.keep(editions, date(2027, 1, 5))
        second = _issue(vault, tmp_path / "second", NOW + timedelta(days=1))
        assert all(path.name.endswith("-correction-1.pdf") for path in second.files)
        for path in second.files:
            said = _words(path.read_bytes())
            assert "CORRECTED DETERMINATION" in said
            assert "correction 1 of the determination issued on 11/23/2026" in said
            assert WHAT in said
            assert (WHY in said) is ("public" not in path.name)

        known = versions.versions(desk.store.letters())
        assert [version.name for version in known] == ["First determination", "Correction 1"]
        for version, issued in zip(known, (first, second), strict=True):
            assert version.digest == issued.digest
            assert version.determination().case.items[0].outcome is desk.case.items[0].outcome
            for filed in version.letters:
                data = desk.store.letter_bytes(filed.name)
                assert filed.sha256 == filed.note["sha256"] == hashlib.sha256(data).hexdigest()
                assert verifying.verify(data).intact
                assert isinstance(filed.note["findings"], list)
        assert [_own_tables(version.letters[0]) for version in known] == [[], ["guidelines of 2027-01-05"]]
        assert {each.name: desk.store.letter_bytes(each.name) for each in known[0].letters} == held
        assert known[1].note["replaces"] == first.digest
        assert not desk.store.audit().faults
        # The next one is correction 2, and has to be said anew.
        due = versions.correction_due(desk)
        assert due is not None
        assert (due.number, due.what, due.replaces) == (2, "", second.digest)


def test_changes_are_told_part_by_part() -> None:
    before = demo_determination()
    item = before.case.items[0]
    other = Outcome.UPHELD if item.outcome is Outcome.OVERTURNED else Outcome.OVERTURNED
    items = (replace(item, outcome=other), *before.case.items[1:])
    after = replace(before, case=replace(before.case, items=items))
    assert versions.changes(before, before) == ()
    changed = versions.changes(before, after)
    assert ("item 1, its heading", item.outcome.value if item.outcome else "", other.value) in [
        (each.where, each.before, each.after) for each in changed
    ]
    removed = replace(before, case=replace(before.case, clinical_summary=Narrative()))
    assert any(each.before and not each.after for each in versions.changes(before, removed))


def test_what_was_issued_reads_back_as_the_letter_that_was_printed() -> None:
    given = demo_determination()
    again = exchange.from_json(exchange.to_json(given))
    for rendition in Rendition:
        assert letter.printed_words(again, rendition) == letter.printed_words(given, rendition)
