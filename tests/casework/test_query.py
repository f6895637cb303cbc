# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search field understands what is typed, and says in a sentence what it does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_desktop.casework.query import CannotSearch, Day, Joined, Near, Words, begun, expression, parse


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


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("shoul", "(shoul* OR shoul)"),
        ("left shoul", "left (shoul* OR shoul)"),
        ("left OR (right shoul", "left OR (right (shoul* OR shoul)"),
        ("left NEAR/5 kn", "left NEAR/5 kn*"),
        ("NEAR(left kn", "NEAR(left kn*"),
        ("NEAR(left knee, 5", "NEAR(left knee, 5"),
        ('"left shoul', '"left shoul'),
        ('"left shoulder"', '"left shoulder"'),
        ("shoul*", "shoul*"),
        ("left AND", "left AND"),
        ("left NEAR/5", "left NEAR/5"),
        ("left -kn", "left -kn"),
        ("seen 7/1/2014", "seen 7/1/2014"),
        ("July 1, 2014", "July 1, 2014"),
        ("July 1, 20", "July 1, (20* OR 20)"),
        ("left ", "left "),
        ("", ""),
    ],
)
def test_the_word_being_typed_may_go_on(text: str, asked: str) -> None:
    assert begun(text) == asked


_PIECES = [*'ab19/-"()* ,;', " OR ", " NEAR ", "NEAR(", " NOT ", " NEAR/2 "]


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_anything_typed_is_understood_or_refused(text: str) -> None:
    try:
        node = parse(text)
    except CannotSearch:
        return
    assert expression(node)


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_what_is_understood_is_understood_while_it_is_typed(text: str) -> None:
    try:
        parse(text)
    except CannotSearch:
        return
    assert expression(parse(begun(text)))
