# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search finds words however they stand on the page, and never hides what it could not search."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from imr_desktop.casework import attesting, reading, search
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.search import CannotSearch, Scope
from imr_desktop.models.records import (
    Box,
    Document,
    DocumentType,
    PageRef,
    PageSize,
    PageSpan,
    PageWords,
    Word,
    WordsOrigin,
)
from imr_desktop.storage import CaseStore, Vault
from imr_desktop.storage.page_index import PageReading, Stage
from imr_desktop.storage.page_search import PageSearch
from tests.kit.cases import PASSPHRASE, new_vault
from tests.kit.records import case_with, digital

PAGES = (
    "Hydrocodone/APAP 10/325 mg was refilled on July 1st, 2014 with functional improvement",
    "Seen on 07-01-2014 for the lumbar spine. Functioning improved. Pain at work",
    "Visit of 7/1/14: pain of the lumbar spine and pain of the knee",
    "Hydrocod0ne 16/325 rnedication was denied on 7/2/2014 by the Claims Administrator",
    "Acu puncture was requested; cyclobenzaprinc refused",
)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with new_vault(tmp_path_factory.mktemp("search") / "vault") as made:
        yield made


@pytest.fixture(scope="module")
def store(vault: Vault) -> CaseStore:
    """A case whose pages were read as planted, with one page that could not be."""
    store = case_with(vault, a=digital(*([text[:40]] for text in (*PAGES, "unread"))))
    for number, page in enumerate(reading.pages_of(store.read())):
        state = PageReading(page.ref, page.case_page, Stage.UNREADABLE, why="handwriting")
        words: tuple[Word, ...] = ()
        if number < len(PAGES):
            state = PageReading(page.ref, page.case_page, Stage.READ)
            words = tuple(
                Word(text, Box(50 * at, 10, 50 * at + 40, 20), 0, at // 8)
                for at, text in enumerate(PAGES[number].split())
            )
        store.pages.keep_read(PageWords(page.ref, PageSize(612, 792), words, WordsOrigin.OCR), state)
    return store


def pages(store: CaseStore, text: str, **scope: object) -> list[int]:
    found = search.search(store, text, Scope(**scope))  # type: ignore[arg-type]
    assert [page.why for page in found.unsearched] in (["handwriting"], [])
    return sorted({hit.case_page for hit in found.hits})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("functional improvement", [1, 2]),
        ('"functional improvement"', [1, 2]),
        ('"functional improvement" NOT functioning', []),
        ("lumbar AND knee", [3]),
        ("knee OR refilled", [1, 3]),
        ("lumbar NOT knee", [2]),
        ("admin*", [4]),
        ("administratio*", []),
        ("improvem*", [1]),
        ("functional improvem*", [1]),
        ("lumbar improvem*", []),
        ("visi*", [3]),
        ("NEAR(pain knee, 2)", [3]),
        ("NEAR(seen work, 3)", []),
        ("refilled NEAR/3 hydrocodone", []),
        ("(knee OR refilled) AND lumbar", [3]),
        ("10/325", [1]),
        ("hydrocodone -refilled", [4]),
    ],
)
def test_each_operator(store: CaseStore, text: str, expected: list[int]) -> None:
    assert pages(store, text) == expected


@pytest.mark.parametrize("text", ["7/1/14", "07-01-2014", "July 1st, 2014", "2014-07-01", "1 July 2014"])
def test_any_way_of_writing_finds_the_day(store: CaseStore, text: str) -> None:
    assert pages(store, text) == [1, 2, 3]


def test_misreadings_are_found_behind_what_is_exact_and_marked(store: CaseStore) -> None:
    found = search.search(store, "hydrocodone")
    assert [(hit.case_page, hit.text, hit.as_read) for hit in found.hits] == [
        (1, "Hydrocodone", False),
        (4, "Hydrocod0ne", True),
    ]
    assert pages(store, "medication") == [4]
    assert pages(store, "acupuncture") == [5]
    assert pages(store, "cyclobenzaprine") == [5]
    assert pages(store, "hydrocodone", forgiving=False) == [1]


def test_numbers_and_doses_are_never_guessed(store: CaseStore) -> None:
    assert pages(store, "16/325") == [4]
    assert pages(store, "15/325") == []
    assert pages(store, "7/3/2014") == []


def test_whole_words_and_case(store: CaseStore) -> None:
    assert pages(store, "function*") == [1, 2]
    assert pages(store, "functioning") == [1, 2]
    assert pages(store, "functioning", whole_word=True) == [2]
    assert pages(store, "pain NOT functioning", whole_word=True) == [3]
    assert pages(store, "Pain", match_case=True) == [2]
    assert pages(store, "seen", match_case=True) == []


def test_a_hit_knows_its_place(store: CaseStore) -> None:
    hit = search.search(store, '"lumbar spine"', Scope(pages=(3, 3))).hits[0]
    assert (hit.words, hit.text, hit.before.split()[-1], hit.after.split()[0]) == ((6, 8), "lumbar spine", "the", "and")
    assert search.boxes(store, hit) == (Box(300, 10, 390, 20),)


def test_scopes(store: CaseStore) -> None:
    source = store.read().sources[0]
    desk = Desk(store)
    span = PageSpan(source.sha256, source.name, 1, 2)
    made = desk.add_document(Document("", DocumentType.PROGRESS_REPORT, "PR-2", date=date(2014, 7, 1), pages=(span,)))
    assert pages(store, "pain OR refilled", types=frozenset({DocumentType.PROGRESS_REPORT})) == [2, 3]
    assert pages(store, "pain OR refilled", documents=frozenset({made})) == [2, 3]
    assert pages(store, "pain OR refilled", dated=(date(2014, 7, 2), date(2015, 1, 1))) == []
    assert pages(store, "pain OR refilled", pages=(1, 2)) == [1, 2]
    assert len(search.search(store, "pain", Scope(limit=1)).hits) == 1
    assert search.search(store, "pain").by_document() == {made: 3}
    desk.undo()


def test_nothing_found_still_tells_what_was_not_searched(store: CaseStore) -> None:
    found = search.search(store, "bicycle")
    assert found.told() == "No hits; 1 of 6 pages have no readable text."
    with pytest.raises(CannotSearch):
        search.search(store, '"open')


def test_a_page_read_anew_is_found_by_its_new_words_only(vault: Vault) -> None:
    store = case_with(vault, a=digital(["x"]))
    ref = PageRef(store.read().sources[0].sha256, 0)
    for text in ("first", "second"):
        store.keep_words(PageWords(ref, PageSize(1, 1), (Word(text, Box(0, 0, 1, 1), 0, 0),), WordsOrigin.OCR))
    assert [len(search.search(store, text).hits) for text in ("first", "second")] == [0, 1]


def test_all_cases_are_searched(vault: Vault, store: CaseStore) -> None:
    found = {result.case_id: len(result.hits) for result in search.search_all(vault, "knee")}
    assert found[store.id] == 1
    assert len(found) == len(vault.cases())


def test_a_record_that_may_not_be_opened_yet_shows_none_of_its_words(vault: Vault) -> None:
    store = case_with(vault, a=digital(["Lasting words"]))
    list(reading.read(store, reading.Plan(ocr=False)))
    attesting.ask(vault, True)
    try:
        (found,) = (each for each in search.search_all(vault, "lasting") if each.case_id == store.id)
        assert found.hits == ()
        assert "stays shut until you attest" in found.told()
        assert search.search_case(vault, store.id, "lasting").hits == ()
        attesting.attest(vault, store.read(), datetime(2025, 1, 2, tzinfo=UTC))
        (found,) = (each for each in search.search_all(vault, "lasting") if each.case_id == store.id)
        assert len(found.hits) == 1
    finally:
        attesting.ask(vault, False)


def test_the_index_survives_a_restart(tmp_path: Path) -> None:
    with new_vault(tmp_path / "vault") as first:
        made = case_with(first, a=digital(["Lasting words"]))
        list(reading.read(made, reading.Plan(ocr=False)))
        identity = made.id
    with Vault.open(tmp_path / "vault", PASSPHRASE) as again:
        assert len(search.search(again.case(identity), "lasting").hits) == 1


SOFT = Scope()


def test_other_names_of_the_field_are_found_and_say_why(vault: Vault) -> None:
    pages = (
        ["Refill of hydrocodone/APAP 10/325"],
        ["Norco was denied"],
        ["Disc bulge at L4/5"],
        ["ROM is restricted at L4-L5"],
        ["range of motion is full"],
        ["tylenol at night"],
    )
    store = case_with(vault, a=digital(*pages))
    list(reading.read(store, reading.Plan(ocr=False)))

    def found(text: str, scope: Scope = SOFT) -> list[tuple[int, str, str]]:
        return [(hit.case_page, hit.text, hit.why) for hit in search.search(store, text, scope).hits]

    assert found("Norco") == [
        (2, "Norco", ""),
        (1, "hydrocodone/APAP", "hydrocodone/apap is another name for Norco"),
    ]
    assert [page for page, _, _ in found("hydrocodone/APAP")] == [1, 2]
    assert found("L4-5") == [(3, "L4/5", ""), (4, "L4-L5", "L4-L5 is another name for L4 5")]
    assert found('"range of motion"') == [
        (5, "range of motion", ""),
        (4, "ROM", "ROM is another name for range of motion"),
    ]
    assert [page for page, _, _ in found("acetaminophen")] == [1, 6]
    assert found("Norco", Scope(other_names=False)) == [(2, "Norco", "")]


def test_pages_read_out_of_turn_are_found_in_the_order_of_the_case(vault: Vault) -> None:
    store = case_with(vault, b=digital(*([f"page {number}"] for number in range(9))))
    pages = reading.pages_of(store.read())
    index = PageSearch(store.pages.index)

    def keep(*numbers: int, queued: bool = True) -> list[int]:
        for number in numbers:
            words = PageWords(pages[number].ref, PageSize(612, 792), (Word("pain", Box(1, 1, 2, 2), 0, 0),))
            if queued:
                store.pages.keep_read(words, PageReading(pages[number].ref, number + 1, Stage.READ))
            else:
                store.pages.keep(words)
        found = [match.ref.page for match in index.match("pain")]
        assert [match.ref.page for match in index.match("pain", limit=3)] == found[:3]
        return found

    assert keep(4, 5) == [4, 5]
    assert keep(0, 1, 6) == [0, 1, 4, 5, 6]
    # The words of a page may be kept before it is queued: until then it has no place, and stands first.
    assert keep(3, queued=False) == [3, 0, 1, 4, 5, 6]
    store.pages.index.expect(pages)
    assert keep(7, 2) == [0, 1, 2, 3, 4, 5, 6, 7]
