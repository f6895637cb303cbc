# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reviewer and medical director on one letter: what the locks allow, and what is refused although each digest fits."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pymupdf
import pytest

from imr_desktop.letter import inspecting
from imr_desktop.signing import sealing, verifying
from imr_desktop.signing.credentials import FileCredential
from imr_desktop.signing.identities import NewIdentity
from imr_desktop.signing.verifying import Status
from tests.signing.conftest import NOW, terms
from tests.signing.test_forgery import fitted, hexed, retitled, swapped, with_forged_middle, without_form, without_value
from tests.signing.test_verifying import TAMPERINGS

BOTH = ["Reviewer", "Director"]


def test_both_sign_and_both_are_confirmed(office: NewIdentity, director: NewIdentity, both_signed: bytes) -> None:
    roots = [office.certificate_der, director.certificate_der]
    verdict = verifying.verify(both_signed, roots, BOTH, now=NOW)
    assert verdict.status is Status.INTACT_CONFIRMED, verdict
    assert [(each.field, each.certified) for each in verdict.signatures] == [("Reviewer", True), ("Director", False)]
    one = verifying.verify(both_signed, roots[:1], BOTH, now=NOW)
    assert one.status is Status.INTACT_UNCONFIRMED
    assert [each.trusted for each in one.signatures] == [True, False]


def test_a_letter_that_waits_or_was_cut_back_to_its_first_signature_is_not_whole(
    office: NewIdentity, waiting: bytes, first_signed: bytes, both_signed: bytes
) -> None:
    assert both_signed.startswith(first_signed)
    assert first_signed.startswith(waiting)
    cut = both_signed[: len(first_signed)]
    verdict = verifying.verify(cut, [office.certificate_der], now=NOW)
    assert (verdict.status, verdict.waiting, verdict.intact) == (Status.WAITING, ("Director",), False)
    assert "Director is missing" in verdict.sentences[0]
    assert verifying.verify(waiting, now=NOW).status is Status.UNSIGNED


def test_the_fields_are_forms_of_the_structure_and_their_fonts_are_embedded(both_signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(both_signed)) as pdf:
        tree = pdf.Root.StructTreeRoot
        nums = list(tree.ParentTree.Nums)
        parents = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
        fields = list(pdf.Root.AcroForm.Fields)
        assert [str(each.T) for each in fields] == BOTH
        for field in fields:
            form = parents[int(field.StructParent)]
            assert form.S == "/Form"
            assert form.K.Obj.objgen == field.objgen
            assert str(field.TU).startswith("Signature of the ")
        assert len(set(map(int, nums[::2]))) == len(nums) // 2 == int(tree.ParentTreeNextKey)
    assert inspecting.carried(both_signed).fonts_embedded


def test_the_signature_is_seen_and_its_words_can_be_read(first_signed: bytes) -> None:
    page = pymupdf.open(stream=first_signed, filetype="pdf")[-1]
    (widget, _) = page.widgets()
    inside = pymupdf.open(stream=first_signed, filetype="pdf")[-1].get_pixmap(clip=widget.rect, dpi=100)
    assert min(inside.samples) < 90, "the field is empty"
    assert "Łukasz Nguyễn 王" in page.get_textbox(widget.rect)


def flipped(whole: bytes) -> bytes:
    at = whole.index(b"stream\n") + 40
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


def wrapped(whole: bytes) -> bytes:
    return with_forged_middle(whole, hexed, lambda _, written: len(written) + 16_000)


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    **TAMPERINGS,
    "content changed": flipped,
    "field renamed": lambda whole: whole.replace(b"(Director)", b"(Directer)"),
    "wrapping as published": wrapped,
    "wrapping with a value that fits": fitted,
    "bytes after the end": lambda whole: whole + b"\n",
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_done_after_both_have_signed_shows(
    change: str, office: NewIdentity, director: NewIdentity, both_signed: bytes
) -> None:
    changed = CHANGES[change](both_signed)
    assert changed != both_signed
    verdict = verifying.verify(changed, [office.certificate_der, director.certificate_der], BOTH, now=NOW)
    assert not verdict.intact, verdict


@pytest.mark.parametrize("change", [without_form, without_value, retitled, swapped])
def test_a_countersigned_letter_made_anew_is_refused(
    change: Callable[[pikepdf.Pdf], object], both_signed: bytes
) -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(both_signed)) as pdf:
        change(pdf)
        pdf.save(made)
    assert not verifying.verify(made.getvalue(), (), BOTH, now=NOW).intact


def with_other_data(letter: pymupdf.Document) -> None:
    with pikepdf.open(letter.name) as pdf:
        data = pdf.attachments["case.json"].obj.EF.F.objgen[0]
    letter.update_stream(data, b'{"outcome": "Overturned"}')


SHADOWS: dict[str, Callable[[pymupdf.Document], object]] = {
    "hide": lambda letter: letter[-1].draw_rect(pymupdf.Rect(60, 60, 500, 200), color=1, fill=1),
    "replace": lambda letter: letter[-1].insert_text((72, 110), "Overturned"),
    "note": lambda letter: letter[-1].add_freetext_annot(pymupdf.Rect(72, 72, 300, 120), "Overturned"),
    "highlight": lambda letter: letter[-1].add_highlight_annot(pymupdf.Rect(72, 72, 300, 120)),
    "data swapped": with_other_data,
    "page added": lambda letter: letter.new_page(),
    "page turned": lambda letter: letter[-1].set_rotation(90),
}


@pytest.mark.parametrize("shape", SHADOWS)
@pytest.mark.parametrize("signed", ["first_signed", "both_signed"])
def test_an_update_that_keeps_every_signed_byte_is_refused(
    shape: str, signed: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    whole: bytes = request.getfixturevalue(signed)
    file = tmp_path / "letter.pdf"
    file.write_bytes(whole)
    with pymupdf.open(file) as letter:
        SHADOWS[shape](letter)
        letter.saveIncr()
    changed = file.read_bytes()
    assert changed.startswith(whole)
    assert len(changed) > len(whole)
    verdict = verifying.verify(changed, now=NOW)
    assert (verdict.status, verdict.intact) in ((Status.BROKEN, False), (Status.NOT_VERIFIED, False)), verdict


def test_only_the_letter_that_waits_is_countersigned(
    office: NewIdentity, director: NewIdentity, waiting: bytes, first_signed: bytes, both_signed: bytes
) -> None:
    by = FileCredential(director.pkcs12, director.secret)
    broken = first_signed.replace(b"(Reviewer 7)", b"(Reviewer 8)") + b"\n"
    for wrong in (waiting, both_signed, broken):
        with pytest.raises(sealing.CannotSeal):
            sealing.countersign(wrong, by, terms("Director"))
    with pytest.raises(sealing.CannotSeal, match="second signature"):
        sealing.certify(waiting, by, terms("Reviewer"))


def test_a_director_whose_certificate_names_the_reviewer_does_not_sign(
    director: NewIdentity, first_signed: bytes
) -> None:
    by = FileCredential(director.pkcs12, director.secret)
    with pytest.raises(sealing.IdentityNamesReviewer):
        sealing.countersign(first_signed, by, terms("Director", refuse_names=("Medical Director",)))
