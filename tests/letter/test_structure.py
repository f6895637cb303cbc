# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a screen reader is told of a letter: every text belongs to a part, and the parts stand in reading order."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pikepdf
import pytest

from imr_desktop import letter
from imr_desktop.letter import Rendition
from imr_desktop.models.determination import Determination
from imr_desktop.models.narrative import Narrative

_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"}


@pytest.fixture(params=list(Rendition), ids=str)
def opened(request: pytest.FixtureRequest, seed: Determination) -> Iterator[pikepdf.Pdf]:
    long = replace(
        seed.case, clinical_summary=Narrative("\n".join(["The claimant was seen again on that day. " * 30] * 4))
    )
    with pikepdf.Pdf.open(io.BytesIO(letter.render(replace(seed, case=long), request.param))) as pdf:
        assert len(pdf.pages) > 1
        yield pdf


def _kids(element: Any) -> list[Any]:
    """What an element holds; one thing alone may stand without a list around it."""
    held = element.get("/K", [])
    return [held] if isinstance(held, pikepdf.Dictionary) else list(held)


def _elements(element: Any) -> Iterator[Any]:
    yield element
    for child in _kids(element):
        if child.get("/S") is not None:
            yield from _elements(child)


def _tags(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S)[1:] for element in _elements(pdf.Root.StructTreeRoot.K)]


def _marked(page: Any) -> list[int | None]:
    """For every operator that leaves a mark on the page, the number it is marked with; None for an artifact."""
    open_: list[int | str] = []
    found: list[int | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = list(instruction.operands), str(instruction.operator)
        if name in ("BDC", "BMC"):
            open_.append("artifact" if str(operands[0]) == "/Artifact" else int(operands[1].MCID))
        elif name == "EMC":
            open_.pop()
        elif name in _SHOWS_TEXT | _PAINTS:
            assert len(open_) == 1, f"{name} is marked {len(open_)} times"
            number = open_[-1]
            assert isinstance(number, int) or number == "artifact"
            found.append(number if isinstance(number, int) else None)
    assert open_ == []
    return found


def test_every_text_and_line_is_of_the_letter_or_of_the_page(opened: pikepdf.Pdf) -> None:
    for page in opened.pages:
        numbers = [number for number in _marked(page) if number is not None]
        assert sorted(set(numbers)) == list(range(len(set(numbers))))
        assert numbers == sorted(numbers)


def test_the_tree_and_the_pages_name_each_other(opened: pikepdf.Pdf) -> None:
    tree = opened.Root.StructTreeRoot
    nums = list(tree.ParentTree.Nums)
    parents = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
    for page in opened.pages:
        numbers = {number for number in _marked(page) if number is not None}
        listed = parents[int(page.obj.StructParents)]
        assert len(listed) == len(numbers)
        for number, element in enumerate(listed):
            holds = [kid for kid in _kids(element) if kid.get("/MCID") == number and kid.Pg.objgen == page.obj.objgen]
            assert len(holds) == 1
        assert page.obj.Tabs == pikepdf.Name.S


def test_the_tree_is_read_in_the_order_of_the_pages(opened: pikepdf.Pdf) -> None:
    order = {page.obj.objgen: number for number, page in enumerate(opened.pages)}
    read = [
        (order[kid.Pg.objgen], int(kid.MCID))
        for element in _elements(opened.Root.StructTreeRoot.K)
        for kid in _kids(element)
        if kid.get("/MCID") is not None
    ]
    assert read == sorted(read)
    assert len(read) == sum(len({n for n in _marked(page) if n is not None}) for page in opened.pages)


def test_headings_begin_at_the_first_level_and_skip_none(opened: pikepdf.Pdf) -> None:
    levels = [int(tag[1:]) for tag in _tags(opened) if tag[0] == "H" and tag[1:].isdigit()]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_headers_and_lists_have_labels(opened: pikepdf.Pdf) -> None:
    rows = 0
    for element in _elements(opened.Root.StructTreeRoot.K):
        inside = [str(kid.S)[1:] for kid in _kids(element) if kid.get("/S") is not None]
        if element.S == "/TR":
            rows += 1
            assert inside in (["TH", "TD"], ["TH", "TD", "TH", "TD"])
        if element.S == "/TH":
            assert element.A.Scope == "/Row"
        if element.S == "/L":
            assert set(inside) == {"LI"}
        if element.S == "/LI":
            assert inside == ["Lbl", "LBody"]
    assert rows >= 4


def test_language_title_and_tags_are_declared(opened: pikepdf.Pdf) -> None:
    assert str(opened.Root.Lang) == "en-US"
    assert bool(opened.Root.MarkInfo.Marked)
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
    assert "CM14-0123456" in str(opened.docinfo.Title)
    assert set(opened.docinfo.keys()) == {"/Title", "/CreationDate", "/ModDate"}
    assert opened.pdf_version == "1.7"
    assert "/Names" not in opened.Root


def test_places_for_seals_are_tagged_locked_and_told_to_screen_readers(opened: pikepdf.Pdf) -> None:
    forms = [each for each in _elements(opened.Root.StructTreeRoot.K) if each.S == "/Form"]
    fields = list(opened.Root.AcroForm.Fields) if "/AcroForm" in opened.Root else []
    names = [str(field.T) for field in fields]
    assert names in ([], ["Issuer"], ["Reviewer", "MedicalDirector"])
    assert [str(form.K.Obj.T) for form in forms] == names
    nums = list(opened.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
    for form, field in zip(forms, fields, strict=True):
        assert parents[int(field.StructParent)].objgen == form.objgen
        assert str(field.TU)
        assert field.AP.N.Subtype == "/Form"
        assert field.Lock.Action == ("/Include" if field.T == "Reviewer" else "/All")
        left, low, right, high = (float(each) for each in field.Rect)
        assert (right - left, high - low) >= (200, 42)
        assert 72 <= left < right <= 540


def test_wrapped_lines_end_with_a_space(seed: Determination, printed: Callable[..., Any]) -> None:
    text = " ".join(f"word{number}" for number in range(200))
    case = replace(seed.case, clinical_summary=Narrative(text))
    lines = [line for page in printed(replace(seed, case=case), Rendition.PUBLIC).body for line in page]
    within = [line for line in lines if line.startswith("word")]
    assert len(within) > 10
    assert all(line.endswith(" ") and not line.endswith("  ") for line in within)


def test_letters_printed_side_by_side_do_not_spoil_each_other(seed: Determination) -> None:
    alone = [letter.render(seed, rendition) for rendition in Rendition]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda rendition: letter.render(seed, rendition), list(Rendition) * 6))
    assert together == alone * 6
