# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search field understands what is typed, and says in a sentence what it does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_desktop.casework.query import CannotSearch, Day, Joined, Near, Words, expression, parse


def test_operators() -> None:
    a, b, c = Words(("a",)), Words(("b",)), Words(("c",))
    assert parse("a b") == Joined("AND", (a, b))
    assert parse("a AND b OR c") == Joined("OR", (Joined("AND", (a, b)), c))
    assert parse("(a OR b) NOT c") == Joined("NOT", (Joined("OR", (a, b)), c))
    assert parse("a AND NOT c") == Joined("NOT", (a, c))
    assert parse('"a b" -c') == Joined("NOT", (Words(("a", "b")), c))
    assert parse("a*") == Words(("a",), prefix=True)
    assert parse("a NEAR/3 b") == Near((a, b), 3)
    assert parse('NEAR(a "b c", 4)') == Near((a, Words(("b", "c"))), 4)
    assert parse("L4-5") == Words(("L4", "5"))
    assert parse("July 1st, 2014 a") == Joined("AND", (Day(date(2014, 7, 1)), a))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "(a",
        "a)",
        '"a',
        "NOT a",
        "a OR",
        "AND",
        "a NEAR",
        "NEAR(a",
        "NEAR(a)",
        '""',
        "a OR OR b",
        "***",
        "()",
    ],
)
def test_a_wrong_query_gets_a_sentence(text: str) -> None:
    with pytest.raises(CannotSearch) as told:
        parse(text)
    assert told.value.happened.endswith(".")
    assert told.value.advice


def test_too_many_words_are_refused() -> None:
    with pytest.raises(CannotSearch):
        parse("a " * 100)


_PIECES = [*'ab19/-"()* ,;', " OR ", " NEAR ", "NEAR(", " NOT ", " NEAR/2 "]


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_anything_typed_is_understood_or_refused(text: str) -> None:
    try:
        node = parse(text)
    except CannotSearch:
        return
    assert expression(node)
