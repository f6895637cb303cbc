# SPDX-License-Identifier: AGPL-3.0-or-later
"""The finished letter: its data inside equals what it says, and whoever must not be known is found wherever planted."""

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest

from imr_desktop import letter
from imr_desktop.casework import exchange, finishing
from imr_desktop.casework.published import Library
from imr_desktop.checks import finished_findings
from imr_desktop.letter import Rendition, inspecting
from imr_desktop.letter.archival import DATA_NAME
from imr_desktop.models.determination import Determination
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.signing import identities, sealing
from tests.kit.cases import NOW, demo_determination

NAME, LICENCE, MAIL = "Ewa Brzęczyk-Kowalska", "A 123456", "ewa.bk@clinic.example"


@pytest.fixture(scope="module")
def library() -> object:
    with Library() as opened:
        yield opened


@pytest.fixture(scope="module")
def given() -> Determination:
    made = demo_determination()
    own = replace(made.reviewer, name=NAME, licence=LICENCE, email=MAIL, phone="(916) 555-0177")
    return replace(made, reviewer=own)


def _said(pdf: bytes, given: Determination, rendition: Rendition, library: Library, name: str = "x.pdf") -> list[str]:
    finished = finishing.examined(pdf, given, rendition, name=name, lines_of=library.lines_of)
    return [f"{each.id} {each.says}" for each in finished_findings(finished, given)]


@pytest.mark.parametrize("rendition", Rendition)
def test_the_data_inside_is_what_the_letter_says_to_this_reader(
    rendition: Rendition, given: Determination, library: Library
) -> None:
    pdf = finishing.printed(given, rendition)
    assert finishing.printed(given, rendition) == pdf
    assert _said(pdf, given, rendition, library) == []
    data = inspecting.attachment(pdf, DATA_NAME)
    assert data is not None
    inside = exchange.from_json(json.loads(data))
    assert letter.printed_words(inside, rendition) == letter.printed_words(given, rendition)
    text = data.decode("utf-8")
    header = given.case.header
    assert (NAME in text) is (rendition is Rendition.SUBMISSION)
    assert (header.employee.name in text) is (rendition is not Rendition.PUBLIC)
    assert inside.case.items == exchange.from_json(exchange.to_json(given)).case.items


def test_the_file_says_that_it_is_archival_and_accessible(given: Determination) -> None:
    with pikepdf.Pdf.open(io.BytesIO(finishing.printed(given, Rendition.PARTY))) as whole:
        with whole.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"], told["pdfuaid:part"]) == ("3", "A", "1")
            assert told["dc:title"] == str(whole.docinfo["/Title"])
        assert whole.Root.AF[0].AFRelationship == "/Data"
        assert whole.Root.OutputIntents[0].S == "/GTS_PDFA1"


# -- Q9: planted in twelve places, found in twelve ------------------------------------------------------------------


def _edited(change: Callable[[pikepdf.Pdf], None]) -> Callable[[bytes], bytes]:
    def edit(pdf: bytes) -> bytes:
        with pikepdf.Pdf.open(io.BytesIO(pdf)) as whole:
            change(whole)
            written = io.BytesIO()
            whole.save(written)
            return written.getvalue()

    return edit


def _property(key: str, value: str) -> Callable[[bytes], bytes]:
    return _edited(lambda whole: whole.docinfo.__setitem__(pikepdf.Name(key), pikepdf.String(value)))


def _xmp(whole: pikepdf.Pdf) -> None:
    with whole.open_metadata(set_pikepdf_as_editor=False) as told:
        told["dc:creator"] = [NAME]


def _annotation(key: str, value: str) -> Callable[[bytes], bytes]:
    def add(whole: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9])
        note[key] = pikepdf.String(value)
        whole.pages[0].obj.Annots = pikepdf.Array([whole.make_indirect(note)])

    return _edited(add)


def _attached(whole: pikepdf.Pdf) -> None:
    whole.attachments["notes.txt"] = pikepdf.AttachedFileSpec(whole, f"Draft by Dr. {NAME}.".encode())


def _attached_name(whole: pikepdf.Pdf) -> None:
    whole.attachments["kowalska.txt"] = pikepdf.AttachedFileSpec(whole, b"Draft.", filename="kowalska.txt")


def _spoken(whole: pikepdf.Pdf) -> None:
    whole.Root.StructTreeRoot.K.Alt = pikepdf.String(f"Signed by {NAME}")


def _sealed_by(name: str, reason: str = "Final Determination") -> Callable[[bytes], bytes]:
    def seal(pdf: bytes) -> bytes:
        made = identities.create(name, "Example", now=NOW)
        return sealing.seal(
            pdf, made.pkcs12, made.secret, field="Issuer", reason=reason, location="California", when=NOW
        )

    return seal


PLANTED: dict[str, Callable[[bytes], bytes]] = {
    "author": _property("/Author", NAME),
    "near spelling in a property": _property("/Keywords", "Brzeczyk Kowalska, Ewa"),
    "producer": _property("/Producer", f"Printed at {MAIL}"),
    "XMP": _edited(_xmp),
    "annotation's author": _annotation("/T", NAME),
    "annotation's words": _annotation("/Contents", "licence A-123-456"),
    "attached file": _edited(_attached),
    "attached file's name": _edited(_attached_name),
    "words for a screen reader": _edited(_spoken),
    "certificate": _sealed_by(f"Dr. {NAME}"),
    "reason of the signature": _sealed_by("Office", f"Signed for {NAME}"),
}


@pytest.fixture(scope="module")
def party(given: Determination) -> bytes:
    return finishing.printed(given, Rendition.PARTY)


@pytest.mark.parametrize("place", PLANTED)
def test_the_reviewer_is_found_where_planted(place: str, given: Determination, party: bytes, library: Library) -> None:
    planted = PLANTED[place](party)
    assert any(each.startswith("QC-70") for each in _said(planted, given, Rendition.PARTY, library))


@pytest.mark.parametrize(
    "typed", [NAME, "Dr. Kowalska", "Ewa Brzeczyk Kowalska", "E. Brzęczyk-Kowalska", "my licence A123456", MAIL.upper()]
)
def test_the_reviewer_is_found_in_typed_words_and_in_the_files_name(
    typed: str, given: Determination, library: Library
) -> None:
    item = given.case.items[0]
    told = replace(item, rationale=Narrative.of("The request is not supported.", f"This was written by {typed} alone."))
    case = replace(given.case, items=(told, *given.case.items[1:]))
    wrong = replace(given, case=case)
    for rendition in (Rendition.PARTY, Rendition.PUBLIC):
        said = _said(finishing.printed(wrong, rendition), wrong, rendition, library)
        assert any("QC-70" in each and "page" in each for each in said)
        assert any("QC-70" in each and "attached file" in each for each in said)
    name = "Kowalska-party.pdf"
    assert any(
        "file name" in each
        for each in _said(finishing.printed(given, Rendition.PARTY), given, Rendition.PARTY, library, name)
    )


def test_a_party_is_found_in_the_public_copy(given: Determination, library: Library) -> None:
    worker = given.case.header.employee.name
    told = replace(given.case.items[0], rationale=Narrative.of(f"{worker} was examined."))
    wrong = replace(given, case=replace(given.case, items=(told, *given.case.items[1:])))
    assert any(
        "QC-71" in each for each in _said(finishing.printed(wrong, Rendition.PUBLIC), wrong, Rendition.PUBLIC, library)
    )
    assert not any(
        "QC-71" in each for each in _said(finishing.printed(wrong, Rendition.PARTY), wrong, Rendition.PARTY, library)
    )


def test_a_reviewer_named_like_a_word_does_not_stop_a_letter(given: Determination, library: Library) -> None:
    named = replace(given, reviewer=replace(given.reviewer, name="Mary Young", licence="Physician", email="", phone=""))
    told = replace(given.case.items[0], rationale=Narrative.of("The young worker was examined."))
    case = replace(named.case, items=(told, *named.case.items[1:]))
    named = replace(named, case=case)
    assert _said(finishing.printed(named, Rendition.PARTY), named, Rendition.PARTY, library) == []
    assert isinstance(named.reviewer, Reviewer)
