# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printed lines become paragraphs: nothing is lost but page furniture, and breaks of line and page leave no trace."""

import pytest

from imr_desktop.letter.published_lines import Row, rows_of_lines, rows_of_text
from imr_desktop.letter.published_paragraphs import joined, paragraphs
from imr_desktop.models.records import Box, TextLine

LONG = (
    "The applicant reported ongoing issues with low back pain that radiates to both legs, and\n"
    "medication was continued while the applicant was placed off of work until the next visit"
)


def read(text: str) -> list[str]:
    return [part.text for part in paragraphs(rows_of_text(text), lambda before, row: False)]


def placed(*lines: tuple[float, str], x0: float = 72.0) -> list[TextLine]:
    return [TextLine(text, Box(x0, y, x0 + 5 * len(text), y + 12)) for y, text in lines]


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("pain of the", "low back", "pain of the low back"),
        ("dated 10-30-", "2016, the", "dated 10-30-2016, the"),
        ("anti-", "depressants", "anti-depressants"),
        ("two-", "and three-level", "two- and three-level"),
        ("pre-", "or postoperative", "pre- or postoperative"),
        ("Low Back -", "MRIs", "Low Back - MRIs"),
        ("from 10/14/", "2016.", "from 10/14/2016."),
        ("and/", "or", "and/or"),
        ("either /", "or", "either / or"),
        ("http://example.org/a-", "b", "http://example.org/a-b"),
        ("physio\u00ad", "therapy", "physiotherapy"),
    ],
)
def test_lines_are_joined(before: str, after: str, whole: str) -> None:
    assert joined(before, after) == whole


def test_an_empty_line_divides_paragraphs_and_a_line_break_does_not() -> None:
    assert read(f"{LONG}.\n\nSecond  paragraph.\n") == [f"{LONG}.".replace("\n", " "), "Second paragraph."]


def test_a_page_break_within_a_sentence_leaves_no_trace() -> None:
    first, second = LONG.split("\n")
    assert read(f"{first}\n\n\f{second}.") == [f"{first} {second}."]


def test_a_page_break_after_a_short_last_line_divides() -> None:
    assert read(f"{LONG}\nbut one.\n\f{LONG}.") == [
        f"{LONG}\nbut one.".replace("\n", " "),
        f"{LONG}.".replace("\n", " "),
    ]


def test_double_spaced_text_is_not_all_paragraphs() -> None:
    lines = (LONG + " and\n" + LONG.lower() + ".").split("\n")
    text = "\n\n".join(lines) + "\n\n\nSecond."
    assert read(text) == [" ".join(lines), "Second."]


def test_a_list_keeps_its_lines() -> None:
    text = "The records included:\n• Application\n• Utilization review that\n  goes on\n1. Norco\n2. Motrin"
    assert read(text) == [
        "The records included:",
        "• Application",
        "• Utilization review that goes on",
        "1. Norco",
        "2. Motrin",
    ]


def test_a_number_that_wraps_to_the_margin_is_no_list() -> None:
    text = (
        "Frequency and duration may be performed as follows: (1) time to produce improvement, up to\n"
        "(2) treatments in all and no more than that, as the guideline has it for all such therapies."
    )
    assert len(read(text)) == 1


def test_an_indented_line_begins_a_paragraph() -> None:
    text = LONG + " again.\n    " + LONG + "."
    assert len(read(text)) == 2


PAGE = "{head}\n" + LONG + "\n{body}\n" + LONG + "\n\n{foot}\n"


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("", "Page {n} of 3"),
        ("", "- {n} -"),
        ("Final Determination Letter for IMR Case Number CM14-0123456 {n}\n", ""),
        ("Case Number: CM14-0123456\n", "Page {n}"),
        ("", "Final Determination Letter for IMR Case Number CM14-0123456  {n}"),
        ("Some Review Organization, Independent Medical Review\n", "{n} of 3"),
    ],
)
def test_page_furniture_falls_away(head: str, foot: str) -> None:
    pages = [
        PAGE.format(head=head.format(n=n) if n > 1 else "", foot=foot.format(n=n), body=f"page {n} of the record")
        for n in (1, 2, 3)
    ]
    whole = " ".join(read("\f".join(pages)))
    assert whole == " ".join(" ".join(f"{LONG} page {n} of the record {LONG}".split()) for n in (1, 2, 3))


def test_a_sentence_that_ends_two_pages_alike_is_kept() -> None:
    pages = [LONG + "\nTherefore it is\nnot necessary.\n"] * 3
    assert " ".join(read("\f".join(pages))).count("not necessary.") == 3


def test_the_same_guideline_at_the_top_of_two_pages_is_kept() -> None:
    line = "MAXIMUS guideline: Decision based on MTUS Acupuncture Treatment 2007"
    pages = ["First.\n", line + "\n\n" + LONG + "\n", line + "\n\n" + LONG + "\n"]
    assert " ".join(read("\f".join(pages))).count(line) == 2


def test_pieces_of_one_line_are_put_side_by_side() -> None:
    page = [
        TextLine("11/18/2016", Box(180, 105.4, 240, 118)),
        TextLine("Date Assigned:", Box(72, 105.2, 155, 118), "Date Assigned:"),
        TextLine("Decision Date:", Box(72, 118.4, 151, 131), "Decision Date:"),
    ]
    rows = rows_of_lines([page])
    assert [row.text for row in rows] == ["Date Assigned: 11/18/2016", "Decision Date:"]
    assert rows[0].bold == "Date Assigned:"


def test_space_above_a_line_divides_paragraphs() -> None:
    page = placed((100, "one line of a sentence"), (114, "that goes on here"), (142, "another one"))
    rows = rows_of_lines([page])
    assert [row.gap for row in rows] == [False, False, True]


def test_joined_letters_are_read_as_letters() -> None:
    assert [row.text for row in rows_of_lines([placed((10, "\ufb01rst o\ufb03ce"))])] == ["first office"]


def test_nothing_gives_nothing() -> None:
    assert rows_of_text("\n \f\n") == ()
    assert rows_of_lines([[], []]) == ()


def test_rows_know_their_page() -> None:
    rows: tuple[Row, ...] = rows_of_text("one\n\ftwo\n")
    assert [(row.page, row.opens_page) for row in rows] == [(0, False), (1, True)]
