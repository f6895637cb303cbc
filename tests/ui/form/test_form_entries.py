# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is typed and what it means."""

from datetime import date
from decimal import Decimal

import pytest

from imr_desktop.models.case import CaseHeader, InjuryDate, Party, ReReview
from imr_desktop.models.records import PageSize, PageSpan, SourceFile
from imr_desktop.ui.form import entries, lens
from imr_desktop.ui.form.case_pages import read_pages, show_pages
from imr_desktop.ui.form.entries import Unreadable

SOURCES = (
    SourceFile("a", "one.pdf", 1, 1, (PageSize(1, 1),) * 10),
    SourceFile("b", "two.pdf", 1, 11, (PageSize(1, 1),) * 5),
)


@pytest.mark.parametrize("text", ["7/1/2014", "07/01/2014", "2014-07-01", " 7-1-2014 ", "7.1.2014", "07\u200b/01/2014"])
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert entries.read_date(text) == date(2014, 7, 1)
    assert entries.show_date(entries.read_date(text)) == "07/01/2014"


@pytest.mark.parametrize("text", ["13/45/2014", "2/29/2013", "7/1/14", "yesterday", "7/1", "2014", "7/1/20144"])
def test_what_is_no_day_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(Unreadable, match=r"^[A-Z“].*\.$") as told:
        entries.read_date(text)
    assert text in str(told.value)


def test_nothing_is_no_day() -> None:
    assert entries.read_date("  ") is None
    assert entries.read_injury("") is None
    assert entries.show_date(None) == ""


@pytest.mark.parametrize(
    "text",
    [
        "1/1/2004 - 1/18/2005",
        "01/01/2004-01/18/2005",
        "2004-01-01/2005-01-18",
        "1/1/2004 to 1/18/2005",
        "1/1/2004–1/18/2005",
    ],
)
def test_a_cumulative_trauma_is_a_range(text: str) -> None:
    injury = entries.read_injury(text)
    assert injury == InjuryDate(date(2004, 1, 1), date(2005, 1, 18))
    assert entries.read_injury(entries.show_injury(injury)) == injury


@pytest.mark.parametrize("text", ["1/18/2005 - 1/1/2004", "CT 1/1/2004 - 1/18/2005", "1/1/2004 and 1/18/2005"])
def test_a_range_that_makes_no_sense_is_told(text: str) -> None:
    with pytest.raises(Unreadable):
        entries.read_injury(text)


def test_numbers_and_lists() -> None:
    assert entries.AMOUNT.read("2.50") == Decimal("2.50")
    assert entries.AMOUNT.show(Decimal("60")) == "60"
    assert entries.NUMBER.read("") is None
    assert entries.LISTED.read("L4-5, L5-S1") == ("L4-5", "L5-S1")
    assert entries.LINES.read("1 Street\n\n City \n") == ("1 Street", "City")
    assert entries.DATES.read("1/2/2014; 2014-02-03") == (date(2014, 1, 2), date(2014, 2, 3))
    for reading, text in (
        (entries.NUMBER, "six"),
        (entries.AMOUNT, "NaN"),
        (entries.AMOUNT, "-1"),
        (entries.YEAR, "16"),
    ):
        with pytest.raises(Unreadable):
            reading.read(text)


def test_pasted_text_leaves_no_hidden_marks() -> None:
    assert entries.cleaned("a\u200bb\u00adc\ufeff\u00a0d\r\ne\u2028f\x07\u202e") == "abc d\ne\nf"
    assert entries.cleaned("می‌خواهم") == "می‌خواهم"
    assert entries.cleaned("so\u200cft") == "soft"


def test_a_path_reads_and_replaces_one_field() -> None:
    header = lens.put(CaseHeader(), "employee.representative.name", "Attorney D")
    assert header.employee.representative == Party("Attorney D")
    assert lens.put(header, "employee.representative.name", "").employee.representative is None
    assert lens.get(CaseHeader(), "re_review_of.finding") == ""
    reopened = lens.put(CaseHeader(), "re_review_of.finding", "wrong side")
    assert reopened.re_review_of == ReReview("", "wrong side")


def test_case_pages_are_runs_of_files() -> None:
    spans = read_pages("9-12, 15", SOURCES)
    assert spans == (PageSpan("a", "one.pdf", 8, 9), PageSpan("b", "two.pdf", 0, 1), PageSpan("b", "two.pdf", 4, 4))
    assert show_pages(spans, SOURCES) == "9-12, 15"
    assert show_pages((PageSpan("", "sent.pdf", 2, 3),), SOURCES) == "sent.pdf 3-4"
    assert read_pages("", SOURCES) == ()


@pytest.mark.parametrize("text", ["16", "0", "14-16", "12-9", "twelve", "1-2-3"])
def test_pages_that_are_not_there_are_told(text: str) -> None:
    with pytest.raises(Unreadable):
        read_pages(text, SOURCES)


def test_a_case_without_pages_says_so() -> None:
    with pytest.raises(Unreadable, match="no pages yet"):
        read_pages("1", ())
