# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the pages come out: the same bytes every time, nothing parted that belongs together, every name printable."""

import hashlib
import os
import pickle
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from imr_desktop import letter
from imr_desktop.letter import MissingGlyph, Rendition
from imr_desktop.models.case import Case, Employee
from imr_desktop.models.citations import Guideline
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.reviewer import Reviewer

Print = Callable[[Determination, Rendition], Any]
Change = Callable[..., Determination]

SENTENCE = "The claimant was seen again and range of motion of the mid and low back remained restricted on that day."


def items(count: int, sentences: int = 6) -> tuple[DisputedItem, ...]:
    return tuple(
        DisputedItem(
            f"i{number}",
            f"Treatment number {number} of the low back",
            ca_guideline=Guideline(text=f"Decision based on guideline {number}."),
            reviewer_guideline=Guideline(
                text=f"Decision based on another guideline {number}, and one more besides it."
            ),
            outcome=Outcome.OVERTURNED if number % 3 else Outcome.UPHELD,
            rationale=Narrative.of(f"Reason {number} begins. " + SENTENCE * sentences, SENTENCE * sentences),
        )
        for number in range(1, count + 1)
    )


@pytest.mark.parametrize("rendition", Rendition)
def test_the_same_determination_gives_the_same_bytes(rendition: Rendition, seed: Determination) -> None:
    assert letter.render(seed, rendition) == letter.render(seed, rendition)


def test_the_bytes_are_the_same_in_another_process_with_another_hash_seed(seed: Determination) -> None:
    program = (
        "import sys, pickle, hashlib; from imr_desktop import letter; determination = pickle.load(sys.stdin.buffer);"
        "print(*(hashlib.sha256(letter.render(determination, each)).hexdigest() for each in letter.Rendition))"
    )
    here = [hashlib.sha256(letter.render(seed, each)).hexdigest() for each in Rendition]
    root = str(Path(letter.__file__).parents[2])
    for number in ("1", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            input=pickle.dumps(seed),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": number, "PYTHONPATH": root, "TZ": "Asia/Tokyo"},
        )
        assert run.stdout.decode().split() == here


def test_printing_loads_reportlab_and_nothing_before_it_does() -> None:
    program = "import sys, imr_desktop.letter.content, imr_desktop.letter.wording; print('reportlab' in sys.modules)"
    root = str(Path(letter.__file__).parents[2])
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, env={**os.environ, "PYTHONPATH": root}
    )
    assert run.stdout.decode().strip() == "False"


@pytest.mark.parametrize("rendition", Rendition)
def test_every_page_carries_its_number_and_the_case(rendition: Rendition, changed: Change, printed: Print) -> None:
    found = printed(changed(items=items(6)), rendition)
    total = len(found.pages)
    assert total > 3
    for number, page in enumerate(found.pages, 1):
        lines = [line.strip() for line in page]
        assert f"Page {number} of {total}" in lines
        assert "Case Number CM14-0123456" in lines
    assert not any(line.strip().startswith("Page ") for page in found.body for line in page)


def test_furniture_is_told_from_what_the_letter_says(seed: Determination) -> None:
    for line in ("Page 3 of 17", "Case Number CM14-0123456", "Case Number CM14-0123456 Page 1 of 2 "):
        assert letter.is_furniture(line, seed)
    for line in ("", "Case Number:", "CM14-0123456", "Page 3 of 17 of the report", "Case Number CM14-0123457"):
        assert not letter.is_furniture(line, seed)


def test_every_font_is_embedded_and_none_is_a_standard_one(changed: Change, printed: Print) -> None:
    summary = Narrative("Range ≥ 90° → improved by ½; 工人甲, Łódź; ✓ done")
    found = printed(changed(clinical_summary=summary), Rendition.SUBMISSION)
    assert found.fonts
    for name, extension, _, data in found.fonts:
        assert extension == "ttf", name
        assert len(data) > 500, name
    names = {name.partition("+")[2] for name, *_ in found.fonts}
    assert {"LiberationSerif", "LiberationSerif-Bold", "DroidSansFallback"} <= names
    assert not any("Helvetica" in name or "Times" in name for name in names)


@pytest.mark.parametrize(
    "name",
    [
        "Người lao động bị thương Ễ",
        "Pracownik Żółć-Łódź Ą",
        "Señor Empleado Ñ",
        "受伤工人甲",
        "Εργάτης Ω",
        "Работник Я",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_any_name_is_printed(name: str, form: Literal["NFC", "NFD"], changed: Change, printed: Print) -> None:
    given = unicodedata.normalize(form, name)
    party = printed(changed(of_header={"employee": Employee(given)}), Rendition.PARTY)
    assert f"Dear {name}:" in party.text
    assert f"Employee: {name}" in party.text


def test_signs_of_clinical_text_are_printed(changed: Change, printed: Print) -> None:
    signs = "≥ ≤ → ° ½ ± × µ • “quoted” – — … C5‑C6 ☐ ☒ ² ³ α β ∆"
    assert signs in printed(changed(clinical_summary=Narrative(signs)), Rendition.PUBLIC).text


def test_pasted_marks_without_a_shape_leave_no_trace(changed: Change, printed: Print) -> None:
    pasted = "The\u00a0claimant\u200b was\tseen\ufeff; medi\u00adcation \uf0b7 helped\u202e."
    assert (
        "The claimant was seen; medication • helped."
        in printed(changed(clinical_summary=Narrative(pasted)), Rendition.PUBLIC).text
    )


@pytest.mark.parametrize(
    ("change", "character", "where"),
    [
        ({"clinical_summary": Narrative("Fine.\nNot 𝌆 fine.")}, "𝌆", "the clinical case summary, paragraph 2"),
        ({"of_header": {"employee": Employee("Worker ދ")}}, "ދ", "the addressee"),
        ({"of_header": {"claim_number": "A\U0001f600"}}, "😀", "the header table, Claim Number"),
        ({"items": (DisputedItem("i1", "Brace \ue123"),)}, "\ue123", "item 1, its heading"),
        ({"of_header": {"case_number": "CM14-012345\u0e01"}}, "ก", "the header table, Case Number"),
        ({"clinical_summary": Narrative("שלום")}, "ש", "the clinical case summary, paragraph 1"),
    ],
)
def test_a_character_without_a_shape_is_trouble_that_names_it_and_its_place(
    change: dict[str, Any], character: str, where: str, changed: Change
) -> None:
    with pytest.raises(MissingGlyph) as caught:
        letter.render(changed(**change), Rendition.PARTY)
    assert caught.value.character == character
    assert caught.value.place == where
    assert f"U+{ord(character):04X}" in caught.value.happened


def test_twenty_one_items_are_all_there_in_order(changed: Change, printed: Print) -> None:
    many = changed(items=items(21))
    found = printed(many, Rendition.PARTY)
    assert len(found.pages) > 10
    assert tuple(found.words) == letter.printed_words(many, Rendition.PARTY)


def stands(line: str) -> str:
    if line.startswith("Treatment number"):
        return "heading"
    if "guideline:" in line or line.startswith("besides"):
        return "guideline"
    return "title" if line.isupper() else "text"


@pytest.mark.parametrize("filler", range(0, 44, 2))
def test_no_heading_or_guideline_ends_a_page_and_no_line_stands_alone(
    filler: int, changed: Change, printed: Print
) -> None:
    summary = Narrative.of(*[SENTENCE[: 40 + filler]] * (filler // 2), SENTENCE * (filler % 7 + 1))
    found = printed(changed(clinical_summary=summary, items=items(4, sentences=1 + filler % 4)), Rendition.PUBLIC)
    for page in found.body[:-1]:
        assert [stands(line.strip()) for line in page[-2:]] == ["text", "text"], page[-3:]
    for page, before in zip(found.body[1:], found.body, strict=False):
        starts, ends = page[0].strip(), before[-1].strip()
        if not ends.endswith(".") and stands(starts) == "text":
            assert not (page[1].strip()[:1].isupper() and page[0].strip().endswith(".")), page[:3]


def test_a_heading_longer_than_a_page_is_still_printed(changed: Change, printed: Print) -> None:
    huge = DisputedItem("i1", SENTENCE * 80, outcome=Outcome.UPHELD, rationale=Narrative(SENTENCE))
    case = changed(items=(huge,), of_header={"treatments_in_dispute_raw": "\n".join([SENTENCE] * 90)})
    found = printed(case, Rendition.SUBMISSION)
    assert tuple(found.words) == letter.printed_words(case, Rendition.SUBMISSION)


ADDRESS = "https://www.example.org/" + "guidelines-of-treatment/" * 8 + "low-back.html"


@pytest.mark.parametrize("word", [ADDRESS, "x" * 300, "汉" * 200, "Wort-" * 60])
def test_a_word_wider_than_the_line_is_broken_without_added_characters(
    word: str, changed: Change, printed: Print
) -> None:
    case = changed(clinical_summary=Narrative(f"See {word} for more."))
    found = printed(case, Rendition.PUBLIC)
    assert "".join(found.words) == "".join(letter.printed_words(case, Rendition.PUBLIC))
    pieces = [line.strip() for page in found.body for line in page if len(line.strip()) > 5 and line.strip() in word]
    assert len(pieces) > 1
    if "-" in word:
        assert all(piece.endswith(("-", "/")) for piece in pieces)


def test_a_word_that_ends_in_a_hyphen_never_ends_a_line(changed: Change, printed: Print) -> None:
    text = "anti- depressants and pre/ post measures were used " * 40
    found = printed(changed(clinical_summary=Narrative(text)), Rendition.PUBLIC)
    assert not [line for page in found.body for line in page if line.strip().endswith(("-", "/"))]
    assert text.strip() in found.text.replace("  ", " ") or tuple(text.split()) == tuple(
        found.words[found.words.index("anti-") :][: len(text.split())]
    )


def test_an_empty_case_still_prints(seed: Determination, printed: Print) -> None:
    empty = replace(seed, case=Case("c1"), reviewer=Reviewer())
    for rendition in Rendition:
        assert "Page 1 of 1" in printed(empty, rendition).text


def test_a_korean_name_is_printed() -> None:
    import pymupdf

    from tests.kit.cases import demo_determination

    determination = demo_determination()
    header = replace(determination.case.header, employee=Employee("김민준"))
    named = replace(determination, case=replace(determination.case, header=header))
    with pymupdf.open(stream=letter.render(named, Rendition.PARTY), filetype="pdf") as pdf:
        assert "김민준" in pdf[0].get_text()
        assert all(font[1] != "n/a" for page in pdf for font in page.get_fonts())
