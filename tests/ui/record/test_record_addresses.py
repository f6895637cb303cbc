# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page has four names; the reviewer's words find it, or say why not."""

from datetime import date

import pytest

from imr_desktop.models.records import Document, Page, PageRef, PageSize, PageSpan, SourceFile
from imr_desktop.ui.record.addresses import NoSuchPage, document_label, document_step, find_page, page_label
from imr_desktop.ui.record.pages import PageRun

LETTER = PageSize(612, 792)
RUN = PageRun(
    (
        SourceFile("a", "application.pdf", 1, 1, (LETTER,) * 3),
        SourceFile("b", "Provider records.pdf", 1, 4, (LETTER,) * 20),
        SourceFile("c", "Provider letters.pdf", 1, 24, (LETTER,) * 2),
    )
)
DOCUMENTS = (
    Document("d1", title="PR-2", date=date(2014, 7, 1), pages=(PageSpan("b", "Provider records.pdf", 11, 14),)),
    Document("d2", title="MRI of the lumbar spine", date=date(2014, 3, 9), pages=(PageSpan("b", "", 5, 6),)),
    Document("d4", title="Fax cover 8/2/2023", date=date(2023, 8, 2), pages=(PageSpan("c", "", 0, 0),)),
    Document("d5", title="Sheet 2/2", pages=(PageSpan("c", "", 1, 1),)),
    Document("d3", title="Absent", date=date(2010, 1, 1), pages=(PageSpan("", "gone.pdf", 0, 1),)),
)


@pytest.mark.parametrize(
    ("words", "ref"),
    [
        ("1", PageRef("a", 0)),
        (" 4 ", PageRef("b", 0)),
        ("25", PageRef("c", 1)),
        ("Provider records:12", PageRef("b", 11)),
        ("provider records.pdf:12", PageRef("b", 11)),
        ("records : 12", PageRef("b", 11)),
        ("7/1/2014", PageRef("b", 11)),
        ("07-01-14", PageRef("b", 11)),
        ("2014-03-09", PageRef("b", 5)),
        ("PR-2", PageRef("b", 11)),
        ("mri", PageRef("b", 5)),
        ("lumb", PageRef("b", 5)),
        ("July 1, 2014", PageRef("b", 11)),
        ("Mar 9, 2014", PageRef("b", 5)),
        ("7/1", PageRef("b", 11)),
        ("8/2", PageRef("c", 0)),
        ("2/2", PageRef("c", 1)),
        ("p. 4", PageRef("b", 0)),
        ("Page 4", PageRef("b", 0)),
        ("p25", PageRef("c", 1)),
        ("records: p. 12", PageRef("b", 11)),
    ],
)
def test_words_find_a_page(words: str, ref: PageRef) -> None:
    assert find_page(words, RUN, DOCUMENTS) == ref


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("26", "pages 1 to 25"),
        ("0", "no case page 0"),
        ("provider:3", "2 files"),
        ("nowhere:3", 'No file of this case is called "nowhere"'),
        ("application:4", "it has 3"),
        ("application:0", "no page 0"),
        ("1/2014", 'called "1/2014"'),
        ("7/1/20", 'called "7/1/20"'),
        ("p. 26", "pages 1 to 25"),
        ("umbar", 'called "umbar"'),
        ("EMG", 'called "EMG"'),
        ("13/45/2014", "No page or document"),
        ("Absent", "No page or document"),
        ("", "No page was named"),
    ],
)
def test_words_that_name_no_page_are_told_why(words: str, says: str) -> None:
    with pytest.raises(NoSuchPage, match=says):
        find_page(words, RUN, DOCUMENTS)


def test_a_record_without_pages_says_so() -> None:
    with pytest.raises(NoSuchPage, match="no pages yet"):
        find_page("1", PageRun(), ())


def test_the_label_names_case_page_file_page_printed_label_and_document() -> None:
    page = RUN.pages[14]
    assert page_label(page, RUN, DOCUMENTS) == "15 · Provider records.pdf 12 · PR-2 7/1/2014"
    labelled = Page(page.ref, page.case_page, page.size, "A-7")
    assert page_label(labelled, RUN, ()) == "15 · Provider records.pdf 12 · label A-7"


def test_a_title_that_names_its_day_does_not_say_it_twice() -> None:
    told = Document("d", title="PR-2 (07/01/2014)", date=date(2014, 7, 1))
    other = Document("d", title="MRI of 3/9/2014", date=date(2014, 7, 1))
    assert document_label(told) == "PR-2 (07/01/2014)"
    assert document_label(other) == "MRI of 3/9/2014 7/1/2014"


def test_stepping_from_document_to_document() -> None:
    starts = []
    place: int = 0
    while (ref := document_step(place, 1, RUN, DOCUMENTS)) is not None:
        place = RUN.place(ref) or 0
        starts.append(place)
    assert starts == [3, 8, 14, 23, 24]
    assert document_step(15, -1, RUN, DOCUMENTS) == PageRef("b", 11)
    assert document_step(0, -1, RUN, DOCUMENTS) is None
