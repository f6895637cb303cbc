# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of pages come back where they stood, and every seen page is remembered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imr_desktop.models.placed import around
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, Word, WordsOrigin
from imr_desktop.storage import CaseStore, DamagedPages, Vault

REF = PageRef("a" * 64, 7)


def test_words_come_back_where_they_stood(store: CaseStore, vault: Vault, reopen: Callable[[Vault], Vault]) -> None:
    words = PageWords(
        REF,
        PageSize(612.0, 14400.5),
        (Word("range", Box(0.1, 2.5, 30.25, 14000.0), 0, 0), Word("of motion", Box(-1.0, 0.0, 1e6, 3.3), 2, 1)),
        WordsOrigin.OCR,
    )
    assert store.words(REF) is None
    store.keep_words(words)
    assert store.words(REF) == words
    again = reopen(vault).case(store.id)
    assert again.words(REF) == words
    assert again.words(PageRef(REF.source, 8)) is None
    unread = PageWords(REF, PageSize(1, 1))
    again.keep_words(unread)
    assert again.words(REF) == unread


_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_WORDS = st.builds(
    Word,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.builds(Box, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS),
    st.integers(0, 9999),
    st.integers(0, 9999),
)


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(_WORDS, max_size=6))
def test_any_words_come_back_exactly(store: CaseStore, words: list[Word]) -> None:
    kept = PageWords(REF, PageSize(612.0, 792.0), tuple(words), WordsOrigin.DIGITAL)
    store.keep_words(kept)
    assert store.words(REF) == kept
    # Lines are told by block and line, in the order of their first words, wherever those stand.
    for first, end in ((0, 1), (1, 3), (0, len(words)), (len(words), len(words) + 2)):
        inside = words[first:end]
        lines = dict.fromkeys((word.block, word.line) for word in inside)
        expected = [around([word.box for word in inside if (word.block, word.line) == line]) for line in lines]
        assert store.pages.where(REF, first, end) == tuple(expected)


def test_half_a_character_from_a_broken_font_costs_no_page(store: CaseStore) -> None:
    box = Box(0, 0, 1, 1)
    store.keep_words(PageWords(REF, PageSize(1, 1), (Word("a\ud800b", box, 0, 0), Word("next", box, 0, 0))))
    kept = store.words(REF)
    assert kept is not None
    assert [word.text for word in kept.words] == ["a?b", "next"]


def test_a_page_is_seen_from_the_first_time_on(
    store: CaseStore, vault: Vault, reopen: Callable[[Vault], Vault]
) -> None:
    early = datetime(2026, 1, 2, 9, 0, tzinfo=timezone(timedelta(hours=-8)))
    assert store.seen() == {}
    store.mark_seen(REF, early + timedelta(seconds=1.5))
    store.mark_seen(REF, early)
    store.mark_seen(REF, early)
    store.mark_seen(PageRef(REF.source, 1), early + timedelta(days=1))
    seen = reopen(vault).case(store.id).seen()
    assert seen == {REF: early, PageRef(REF.source, 1): early + timedelta(days=1)}
    assert seen[REF].tzinfo is UTC


def test_a_time_without_a_zone_is_refused(store: CaseStore) -> None:
    with pytest.raises(ValueError, match="time zone"):
        store.mark_seen(REF, datetime(2026, 1, 2))  # noqa: DTZ001


def test_a_damaged_page_index_is_told_and_leaves_the_case_open(
    store: CaseStore, vault: Vault, folder: Path, reopen: Callable[[Vault], Vault]
) -> None:
    store.mark_seen(REF, datetime.now(UTC))
    store.close()
    path = folder / "cases" / store.id / "pages.db"
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    again = reopen(vault).case(store.id)
    with pytest.raises(DamagedPages):
        again.seen()
    assert again.read().header.case_number == "CM00-0000001"
    assert path.read_bytes() == whole
