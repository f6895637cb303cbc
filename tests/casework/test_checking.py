# SPDX-License-Identifier: AGPL-3.0-or-later
"""The checks over a case of the vault: its record, its answers, the other cases, and what left with the letters."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from imr_desktop import assets
from imr_desktop.casework import reading, tables
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.intake import organisation
from imr_desktop.checks import Finding, blocking, open_findings
from imr_desktop.models.care import Dismissal, PageCare, Reason, care_id
from imr_desktop.models.case import CaseHeader, LetterText
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, SourceFile, Word, WordsOrigin
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import DamagedPages, Table, Vault
from imr_desktop.storage.page_index import PageIndex, PageReading, Stage
from tests.kit.cases import new_vault

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
REVIEWER = Reviewer(name="Expert Reviewer E", practice_attestation=True)
SAYS = "The injured worker was seen on 3/4/2024. There is no documentation of a home exercise program."
PAGES = (
    "Progress report of 3/4/2024. Pain 6/10 in the low back.",
    "He performs a home exercise program every day with benefit.",
    "",
)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with new_vault(tmp_path / "vault") as made:
        yield made


@pytest.fixture
def desk(vault: Vault) -> Desk:
    """A case of three pages, the last of them without words, and one item."""
    desk = Desk(vault.new_case(CaseHeader(case_number="CM24-0000001"), organisation(), LetterText()), now=lambda: NOW)
    data = b"three pages"
    sha = hashlib.sha256(data).hexdigest()
    sizes = (PageSize(612, 792),) * 3
    source = SourceFile(sha, "record.pdf", len(data), 1, sizes)
    with desk.store.step("Take in") as step:
        desk.store.add_source(source, data)
        step.put(Table.ITEM, "i1", DisputedItem("i1", "Six visits of acupuncture", outcome=Outcome.UPHELD), 0.0)
    for number, text in enumerate(PAGES):
        ref = PageRef(sha, number)
        words = tuple(Word(each, Box(0, 0, 9, 9), 0, at) for at, each in enumerate(text.split()))
        origin = WordsOrigin.DIGITAL if text else WordsOrigin.NONE
        stage = Stage.READ if text else Stage.UNREADABLE
        page = PageReading(ref, number + 1, stage, why="" if text else "nothing can be made out", origin=origin)
        desk.store.pages.keep_read(PageWords(ref, sizes[0], words, origin), page)
    desk.write_rationale("i1", Narrative(SAYS))
    return desk


def absence(found: tuple[Finding, ...]) -> Finding:
    [finding] = [each for each in found if each.id == "QC-51"]
    return finding


def test_an_absence_claim_is_searched_in_the_pages_of_the_case(desk: Desk) -> None:
    finding = absence(desk.findings(REVIEWER))
    assert [shown.case_page for shown in finding.shows] == [2]
    assert "home exercise program" in finding.shows[0].text
    assert [ref.page for ref in finding.unsearched] == [2]
    assert "1 of 3 pages could not be searched" in finding.says
    assert finding in blocking(desk.findings(REVIEWER))


def test_an_answer_is_kept_undone_and_lapses_with_its_sentence(desk: Desk) -> None:
    reason = "seen, not sufficient because it was not supervised"
    desk.answer(absence(desk.findings(REVIEWER)), reason)
    answered = absence(desk.findings(REVIEWER))
    assert answered.answer is not None
    assert (answered.answer.reason, answered.answer.when) == (reason, NOW)
    assert answered not in open_findings(desk.findings(REVIEWER))
    assert desk.store.read().answers.given[0].reason == reason
    desk.write_rationale("i1", Narrative(f"{SAYS} Another sentence."))
    assert absence(desk.findings(REVIEWER)).answer is not None, "another sentence changed"
    desk.write_rationale("i1", Narrative(SAYS.replace("a home", "any home")))
    assert absence(desk.findings(REVIEWER)).answer is None, "its own sentence changed"
    desk.undo()
    assert absence(desk.findings(REVIEWER)).answer is not None
    desk.take_back_answer(absence(desk.findings(REVIEWER)))
    assert absence(desk.findings(REVIEWER)).answer is None
    assert desk.undo_label == "Take back the answer to QC-51"


def test_a_fault_passes_by_no_answer(desk: Desk) -> None:
    fault = next(each for each in desk.findings(REVIEWER) if each.id == "QC-01")
    with pytest.raises(ValueError, match="no answer"):
        desk.answer(fault, "because")
    with pytest.raises(ValueError, match="reason"):
        desk.answer(absence(desk.findings(REVIEWER)), "  ")


def test_pages_seen_since_count_at_once(desk: Desk) -> None:
    assert any(each.id == "QC-10" for each in desk.findings(REVIEWER))
    for source in desk.case.sources:
        for page in source.pages():
            desk.mark_seen(page.ref)
    assert not [each for each in desk.findings(REVIEWER) if each.id == "QC-10"]


def test_looking_at_pages_fetches_no_word_of_the_record_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks follow the pages seen while somebody reads a long record, so they must cost next to nothing."""
    before = desk.findings(REVIEWER)
    fetched: list[str] = []
    texts = PageIndex.texts

    def counted(index: PageIndex) -> dict[PageRef, str]:
        fetched.append("texts")
        return texts(index)

    monkeypatch.setattr(PageIndex, "texts", counted)
    first, second, *_ = (page.ref for source in desk.case.sources for page in source.pages())
    desk.mark_seen(first)
    desk.keep_on_pages(
        "Put aside", Table.CARE, [PageCare(care_id(second), second, dismissal=Dismissal(Reason.BLANK))], []
    )
    after = desk.findings(REVIEWER)
    assert after != before
    assert fetched == []
    assert after == Desk(desk.store, now=lambda: NOW).findings(REVIEWER), "as of one who checks for the first time"
    assert fetched == ["texts"]


def test_a_page_read_since_is_searched(desk: Desk) -> None:
    ref = PageRef(desk.case.sources[0].sha256, 2)
    words = tuple(
        Word(each, Box(0, 0, 9, 9), 0, at) for at, each in enumerate(["Home", "exercise", "program", "continued."])
    )
    page = PageReading(ref, 3, Stage.READ, origin=WordsOrigin.OCR)
    absence(desk.findings(REVIEWER))
    desk.store.pages.keep_read(PageWords(ref, PageSize(612, 792), words, WordsOrigin.OCR), page)
    finding = absence(desk.findings(REVIEWER))
    assert [shown.case_page for shown in finding.shows] == [2, 3]
    assert finding.unsearched == ()


def test_a_window_may_check_a_step_at_a_time(desk: Desk) -> None:
    told: list[tuple[Finding, ...]] = []

    def work() -> Iterator[None]:
        told.append((yield from desk.checking(REVIEWER)))

    assert len(list(work())) > 60
    assert told == [desk.findings(REVIEWER)]


def test_a_sentence_of_another_case_is_told(vault: Vault, desk: Desk) -> None:
    other = Desk(vault.new_case(CaseHeader(), organisation(), LetterText()))
    item = other.add_item("Massage")
    other.write_rationale(item, Narrative("On 3/4/2024 the 45-year-old patient had pain of 6/10."))
    desk.write_rationale("i1", Narrative("On 3/4/2024 the 45-year-old patient had pain of 6/10."))
    desk.checker.close()
    assert any(each.id == "QC-55" for each in desk.findings(REVIEWER))


def test_a_damaged_page_index_is_a_finding_and_hides_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise DamagedPages("The page index of this case (pages.db) is damaged.")

    monkeypatch.setattr(reading, "record", broken)
    found = desk.findings(REVIEWER)
    assert any("could be checked against the record" in each.says for each in blocking(found))
    assert any(each.id == "QC-01" for each in found)


def test_the_days_of_a_case_are_those_of_its_desk(desk: Desk) -> None:
    desk.keep_header(replace(desk.case.header, decision_date=date(2026, 11, 21)))
    assert any(each.id == "QC-02" and "future" in each.says.lower() for each in desk.findings(REVIEWER))


def test_a_table_that_is_replaced_counts_at_once(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_DESKTOP_TABLES", str(tmp_path / "tables"))
    desk.write_rationale("i1", Narrative("There is no documentation of a quixotic stretching session."))
    try:
        assert [each.shows for each in desk.findings(REVIEWER) if each.id == "QC-51" and each.shows] == []
        text = tables.text_of("synonyms").replace(
            "[concepts]", '[concepts]\nquixotic = ["quixotic stretching session", "home exercise program"]'
        )
        tables.replace_text(text.replace(tables_day(text), "2027-03-01", 1), "synonyms")
        (finding,) = [each for each in desk.findings(REVIEWER) if each.id == "QC-51" and each.shows]
        assert [shown.case_page for shown in finding.shows] == [2]
    finally:
        monkeypatch.undo()
        assets.forget_tables()


def tables_day(text: str) -> str:
    """The day that a table states."""
    return next(line.partition("=")[2].strip() for line in text.splitlines() if line.startswith("date"))
