# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages are cut into documents by what they say of themselves, and every proposal gives its reason."""

from datetime import date

import pytest

from imr_desktop.models.records import Box, DocumentType, PageRef, Word
from imr_desktop.records.blanks import says_blank
from imr_desktop.records.ocr_order import Row, in_rows
from imr_desktop.records.ocr_strokes import ILLEGIBLE, Guess, sifted
from imr_desktop.records.repeats import differences, repeats
from imr_desktop.records.sorting import Proposal, Sheet, cut, sheet, signs
from imr_desktop.records.strays import Belongs, stray
from imr_desktop.records.text_quality import agreement, broken


def sheets(*pages: str, source: str = "a") -> list[Proposal]:
    return list(cut(signs(Sheet(PageRef(source, n), tuple(page.split("\n")))) for n, page in enumerate(pages)))


PR2 = (
    "PRIMARY TREATING PHYSICIAN'S PROGRESS REPORT (PR-2)\nPatient: Injured Worker A\n"
    "Date of Injury: 1/18/2005\nDate of Exam: 7/1/2014"
)


def test_documents_are_cut_typed_and_dated() -> None:
    made = sheets(
        f"{PR2}\nPage 1 of 2",
        "PR-2 Injured Worker A\nThe operative report of 3/3/2012 was reviewed."
        "\nPhysician B, M.D.  Date: 7/1/2014\nPage 2 of 2",
        "0PERATIVE REP0RT\nDate of Birth: 2/2/1960\nDate of Procedure: March 3, 2012",
        "Continued description of the procedure.",
        "MRI REPORT\nDate of Study: 05/06/2013\nRadiologist C, M.D.",
    )
    assert [(one.type, one.first, one.last, one.date) for one in made] == [
        (DocumentType.PROGRESS_REPORT, 0, 1, date(2014, 7, 1)),
        (DocumentType.OPERATIVE, 2, 3, date(2012, 3, 3)),
        (DocumentType.IMAGING, 4, 4, date(2013, 5, 6)),
    ]
    assert [one.author for one in made] == ["Physician B", "", "Radiologist C"]
    assert all(one.reason and 0 < one.confidence <= 1 for one in made)


def test_the_injury_and_the_birth_are_nobodys_document_date() -> None:
    (made,) = sheets("PROGRESS REPORT\nDate of Injury: 1/18/2005\nDOB: 2/2/1960\nNext visit date: 9/9/2014")
    assert made.date is None


def test_a_fax_counter_holds_pages_together_and_parts_them() -> None:
    banner = "01/02/2015 10:00 FROM: CLINIC TO: CLAIMS P.00{}/002"
    made = sheets(banner.format(1) + "\nSomething", banner.format(2) + "\nmore", banner.format(1) + "\nelse")
    assert [(one.first, one.last) for one in made] == [(0, 1), (2, 2)]


def test_prose_that_names_a_report_is_no_title() -> None:
    (made,) = sheets("The operative report of last year was reviewed together with the patient and his wife at length.")
    assert made.type is DocumentType.OTHER
    assert made.confidence < 0.5


NOTE = (
    "Visit {n} on {m}/{d}/2014 pain {p} of 10 pressure {a} over {b} weight {w} "
    "The patient walks {k} minutes and returns in four weeks for review"
)


def note(seed: int) -> str:
    numbers = {"n": seed, "m": 1 + seed % 12, "d": 1 + seed % 27, "p": seed % 9, "a": 100 + 3 * seed}
    numbers |= {"b": 60 + seed, "w": 150 + 7 * seed, "k": 5 * seed}
    return NOTE.format(**numbers)


def test_copies_are_found_and_next_months_note_is_not_one() -> None:
    texts = [(PageRef("a", n), note(n + 1)) for n in range(12)]
    copy = note(4).replace("patient", "patlent").replace("minutes", "rninutes") + " RECEIVED 2015"
    found = [one for one in repeats([*texts, (PageRef("b", 0), copy), (PageRef("b", 1), note(7))]) if one]
    assert [(one.page, one.of) for one in found] == [
        (PageRef("b", 0), PageRef("a", 3)),
        (PageRef("b", 1), PageRef("a", 6)),
    ]
    assert found[1].likeness == 1.0 > found[0].likeness
    assert differences(note(4), copy)[1][0] == "2015"


def test_pages_of_two_kinds_are_never_the_same_sheet() -> None:
    texts = [(PageRef("a", 0), note(4)), (PageRef("a", 1), note(4) + " more")]
    assert [one for one in repeats(texts, {texts[0][0]: "rfa", texts[1][0]: "application"}) if one] == []


def test_the_same_form_of_another_day_is_no_copy() -> None:
    proof = "PROOF OF SERVICE On {} I served the document on the parties by mail. Clerk H Date: {} Case 775 894"
    april, later = proof.format("April 6, 2022", "4/6/2022"), proof.format("April 16, 2022", "4/16/2022")
    misread = april.replace("4/6/2022", "4/8/2022")
    others = [note(n + 1) for n in range(12)]
    texts = [(PageRef("a", n), text) for n, text in enumerate((april, later, misread, *others))]
    assert [(one.page.page, one.of.page) for one in repeats(texts) if one] == [(2, 0)]
    # A single day may be a misreading of the other, but not where the file itself says both.
    (_, last) = texts[-1]
    texts.append((PageRef("b", 0), last.replace("1/13/2014", "1/18/2014")))
    assert (PageRef("b", 0), PageRef("a", 14)) in [(one.page, one.of) for one in repeats(texts) if one]
    digital = {ref for ref, _ in texts}
    assert all(one.page.source == "a" for one in repeats(texts, digital=digital) if one)


BELONGS = Belongs("Injured Worker A", date(1960, 2, 2), "WC-775894")


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (["Patient: Injured Worker A", "DOB: 2/2/1960"], None),
        (["Patient: A, Injured Worker"], None),
        (["Patient: 1njured Worker A   Claim: WC-775B94"], None),
        (["Nothing about anybody"], None),
        (["Patient: Somebody Else"], "name"),
        (["Patient Name: Somebody Else   Date of Birth: 3/3/1971"], "birth date"),
        (["DOB 03-03-1971"], "birth date"),
        (["Claim Number: XX-120391"], "claim number"),
        (["Patient: Somebody Else", "Claim Number: WC-775894"], None),
    ],
)
def test_pages_of_somebody_else(lines: list[str], what: str | None) -> None:
    found = stray(lines, BELONGS)
    assert (found and found.what) == what


def test_nobody_is_a_stranger_to_a_case_without_facts() -> None:
    assert stray(["Patient: Somebody Else", "DOB 3/3/1971"], Belongs()) is None


def words(text: str) -> list[Word]:
    return [Word(word, Box(0, 0, 1, 1), 0, 0) for word in text.split()]


SOUND = (
    "The patient has completed six sessions of physical therapy with moderate functional improvement "
    "of the lumbar spine and returns"
)


def test_broken_encodings_are_told_from_language() -> None:
    assert not broken(words(SOUND))
    assert not broken(words("CPT 97110 ROM WNL PT x12 TTD DWC RFA EMG NCV MRI BLE LBP ADL HEP"))
    assert not broken(
        words("El paciente refiere dolor lumbar constante con irradiación a la pierna derecha desde hace meses")
    )
    assert broken(words("".join(chr(ord(c) - 29) if c.isalpha() else c for c in SOUND)))
    assert broken(words("".join(chr(0xE000 + ord(c)) if c.isalpha() else c for c in SOUND)))
    assert not broken([])


def test_two_readings_agree_or_not() -> None:
    assert agreement(SOUND.split(), [*SOUND.split()[1:], "The."]) == 1.0
    assert agreement(SOUND.split(), ["other"]) < 0.1
    assert agreement([], []) == 1.0


def test_a_page_may_say_that_it_is_blank() -> None:
    assert says_blank(words("This page intentionally left blank"))
    assert not says_blank(words(SOUND + " left blank"))


def test_labels_and_what_stands_beside_them_are_read_row_by_row() -> None:
    labels: list[Row] = [("Patient:", 0, 10, 50, 20, 0, 0), ("Claim:", 0, 30, 50, 40, 0, 1)]
    values: list[Row] = [("Worker", 100, 10, 150, 20, 1, 0), ("WC-1", 100, 30, 150, 40, 1, 1)]
    assert [row[0] for row in in_rows([*labels, *values])] == ["Patient:", "Worker", "Claim:", "WC-1"]


def test_columns_of_prose_are_read_to_their_end() -> None:
    def column(x: int, block: int) -> list[Row]:
        return [
            (f"{block}{line}{n}", x + 20 * n, 20 * line, x + 20 * n + 15, 20 * line + 12, block, line)
            for line in range(3)
            for n in range(6)
        ]

    both = [*column(0, 0), *column(300, 1)]
    assert [row[0] for row in in_rows(both)] == [row[0] for row in both]


def test_signatures_and_ticks_are_marked_and_no_words() -> None:
    def line(number: int, *words: tuple[str, float, float]) -> list[Guess]:
        """Words with their height and how sure they are, 12 pixels a letter unless they are taller."""
        at, made = 0.0, []
        for text, tall, sure in words:
            wide = len(text) * (12 if tall <= 30 else tall)
            made.append(Guess((text, at, 0, at + wide, tall, 0, number), sure))
            at += wide + 10
        return made

    guesses = [
        *line(0, ("|", 30, 90), ("declare", 30, 96), ("189", 30, 96), ("Ib", 30, 70), (";", 3, 20), ("pain", 30, 12)),
        *line(1, ("L]", 30, 40), ("Refer", 30, 95), ("Spurling", 30, 95), ("+", 30, 40), ("7.5-mg", 30, 30)),
        *line(2, ("CN", 70, 30), ("NON", 60, 41)),
        *line(3, ("12/27/2024", 70, 0)),
    ]
    assert [row[0] for row in sifted(guesses, 92.0)] == [
        *("I", "declare", "189", "lb", "pain"),
        *(ILLEGIBLE, "Refer", "Spurling", "+", "7.5-mg"),
        ILLEGIBLE,
        "12/27/2024",
    ]
    assert sifted(guesses, 92.0)[-2][1:5] == (0.0, 0, 330.0, 70)
    # On a page of which little is sure, a tick is not told from a word.
    assert [row[0] for row in sifted(guesses, 80.0)][5] == "L]"


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read_along_its_own_lines(turned: int) -> None:
    lines = ("PROOF OF SERVICE", "Clerk H Date: 12/2572022", "page foot")
    upright = [
        Word(text, Box(10 + 60 * across, 10 + 20 * down, 60 + 60 * across, 22 + 20 * down), 0, down)
        for down, line in enumerate(lines)
        for across, text in enumerate(line.split())
    ]

    def shown(box: Box) -> Box:
        corners = [(box.x0, box.y0), (box.x1, box.y1)]
        for _ in range(turned // 90):
            corners = [(792 - y, x) for x, y in corners]
        (x0, y0), (x1, y1) = corners
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    page = sheet(PageRef("a", 0), [word._replace(box=shown(word.box)) for word in upright], turned=turned)
    assert page.lines == lines
    # A slash taken for a 7 is still the slash of a day.
    assert [(made.type, made.date) for made in cut([signs(page)])] == [(DocumentType.LEGAL, date(2022, 12, 25))]
