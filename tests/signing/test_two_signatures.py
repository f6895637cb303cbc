# SPDX-License-Identifier: AGPL-3.0-or-later
"""A submission that the reviewer seals and the Medical Director countersigns, and what is tried against it."""

import io
from collections.abc import Callable

import pymupdf
import pytest

from imr_desktop.casework import finishing
from imr_desktop.casework.issue import shown
from imr_desktop.letter import Rendition, drawn, inspecting
from imr_desktop.signing import hands, identities, sealing, verifying
from imr_desktop.signing.identities import NewIdentity
from imr_desktop.signing.verifying import Status, Verdict
from tests.kit import tampering
from tests.kit.cases import demo_determination
from tests.signing.conftest import NOW

SAID = ("Reviewer's determination", "California")
BOTH = ["Reviewer", "MedicalDirector"]


@pytest.fixture(scope="module")
def director() -> NewIdentity:
    return identities.create("Medical Director Nguyễn", "Example Organization", now=NOW)


@pytest.fixture(scope="module")
def printed() -> bytes:
    return finishing.printed(demo_determination(), Rendition.SUBMISSION)


@pytest.fixture(scope="module")
def first(printed: bytes, office: NewIdentity) -> bytes:
    hand = hands.of_file(office.pkcs12, office.secret)
    face = shown(hand, SAID[0], NOW)
    return sealing.seal_by(hand, printed, field="Reviewer", said=SAID, when=NOW, appearance=face.pdf)


@pytest.fixture(scope="module")
def both(first: bytes, director: NewIdentity) -> bytes:
    hand = hands.of_file(director.pkcs12, director.secret)
    face = shown(hand, "Countersigned", NOW)
    return sealing.countersign(
        hand, first, field="MedicalDirector", said=("Countersigned", "California"), when=NOW, appearance=face.pdf
    )


@pytest.fixture
def judged(office: NewIdentity, director: NewIdentity) -> Callable[[bytes], Verdict]:
    roots = [office.certificate_der, director.certificate_der]
    return lambda pdf: verifying.verify(pdf, roots, BOTH, now=NOW)


def test_both_sign_in_their_places_and_every_earlier_byte_stays(
    printed: bytes, first: bytes, both: bytes, judged: Callable[[bytes], Verdict]
) -> None:
    assert first.startswith(printed)
    assert both.startswith(first)
    verdict = judged(both)
    assert verdict.status is Status.INTACT_CONFIRMED, verdict.sentences
    reviewer, director = verdict.signatures
    assert (reviewer.covers_whole_file, director.covers_whole_file) == (False, True)
    assert reviewer.certified
    assert verdict.unsigned == ()


def test_the_seals_are_seen_with_embedded_fonts_and_printed_as_text(both: bytes) -> None:
    assert inspecting.carried(both).fonts_embedded
    texts = [mark.text for page in drawn.pages_of(both) for mark in page if isinstance(mark, drawn.Text)]
    assert any("Office of Independent Review" in each for each in texts)
    assert any("Nguyễn" in each for each in texts)
    page = pymupdf.open(stream=both, filetype="pdf")[-1]
    (seal, second) = [each.rect for each in page.widgets()]
    assert min(page.get_pixmap(clip=seal).samples) < 100, "the reviewer's seal is drawn"
    assert min(page.get_pixmap(clip=second).samples) < 100, "the director's seal is drawn"


def test_a_letter_that_waits_for_the_director_says_so_and_is_not_complete(
    first: bytes, judged: Callable[[bytes], Verdict]
) -> None:
    verdict = verifying.verify(first, now=NOW)
    assert verdict.intact
    assert verdict.unsigned == ("MedicalDirector",)
    assert any("MedicalDirector is empty" in each for each in verdict.sentences)
    assert judged(first).status is Status.BROKEN, "cut back to the reviewer's revision"


def test_nobody_signs_twice_or_over_a_change(first: bytes, both: bytes, director: NewIdentity) -> None:
    hand = hands.of_file(director.pkcs12, director.secret)
    changed = bytearray(first)
    changed[first.index(b"stream") + 40] ^= 1
    for pdf, field in ((both, "MedicalDirector"), (first, "Third"), (bytes(changed), "MedicalDirector")):
        with pytest.raises(sealing.CannotSeal):
            sealing.countersign(hand, pdf, field=field, said=SAID, when=NOW)


def _added(pdf: bytes, change: Callable[[pymupdf.Document], object]) -> bytes:
    document = pymupdf.open(stream=pdf, filetype="pdf")
    change(document)
    made = io.BytesIO()
    document.save(made, incremental=False)
    return made.getvalue()


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(tampering.flipped, id="flipped bit"),
        pytest.param(tampering.zeroed, id="byte range of zeros"),
        pytest.param(tampering.shortened, id="byte range shortened"),
        pytest.param(tampering.wrapped, id="wrapped"),
        pytest.param(lambda pdf: tampering.wrapped(pdf, 0), id="first signature wrapped"),
        pytest.param(lambda pdf: pdf + b"\n% more\n", id="tail"),
        pytest.param(lambda pdf: pdf[:-200], id="cut short"),
        pytest.param(tampering.shadowed(tampering.CONTENT, tampering.PAGE), id="shadowed page"),
        pytest.param(tampering.shadowed(tampering.DATA, tampering.EMPTY_DATA), id="shadowed data"),
        pytest.param(tampering.shadowed(tampering.SEAL, tampering.EMPTY_SEAL), id="shadowed seal"),
        pytest.param(lambda pdf: _added(pdf, lambda d: d[0].add_freetext_annot((72, 72, 300, 99), "Void")), id="note"),
        pytest.param(lambda pdf: _added(pdf, lambda d: d.delete_page(0)), id="page removed"),
        pytest.param(lambda pdf: _added(pdf, lambda d: d.set_metadata({"title": "Another"})), id="title"),
    ],
)
@pytest.mark.parametrize("which", ["first", "both"])
def test_what_is_done_to_a_signed_submission_is_refused(
    which: str, attack: Callable[[bytes], bytes], first: bytes, both: bytes
) -> None:
    pdf = {"first": first, "both": both}[which]
    forged = attack(pdf)
    assert forged != pdf
    assert not verifying.verify(forged, now=NOW).intact


def test_a_third_signature_by_a_program_that_minds_no_lock_is_refused(
    both: bytes, first: bytes, office: NewIdentity
) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    signer = signers.SimpleSigner.load_pkcs12_data(office.pkcs12, other_certs=[], passphrase=office.secret.encode())
    for pdf in (first, both):
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        meta = signers.PdfSignatureMetadata(field_name="Third")
        forged = signers.PdfSigner(meta, signer=signer).sign_pdf(writer).getvalue()
        verdict = verifying.verify(forged, now=NOW)
        assert not verdict.intact, verdict
