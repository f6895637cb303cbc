# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forgeries that keep every signed byte in place for the digest and still show another page.

Each is first shown to work on readers (MuPDF reads the forged words), so that its refusal says something.
"""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pikepdf
import pymupdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from imr_desktop.signing import hands, identities, sealing, verifying
from imr_desktop.signing.identities import NewIdentity
from imr_desktop.signing.verifying import Status
from tests.kit.tampering import byte_range
from tests.signing.conftest import NOW

FORGED = b"BT /F1 12 Tf 72 700 Td (The request is Overturned.) Tj ET"


def signed_bytes(data: bytes) -> bytes:
    start, before, resumes, rest = byte_range(data, 0)
    return data[start : start + before] + data[resumes : resumes + rest]


def literal(value: bytes) -> bytes:
    marks = {b"(": b"\\(", b")": b"\\)", b"\\": b"\\\\", b"\r": b"\\r"}
    return b"(" + b"".join(marks.get(bytes([each]), bytes([each])) for each in value) + b")"


def with_forged_middle(sealed: bytes, value: Callable[[bytes, int], bytes], size: Callable[[int, bytes], int]) -> bytes:
    """The signed tail moved behind a tail of the attacker's, whose cross-references lie where startxref points."""
    _, before, resumes, rest = byte_range(sealed, 0)
    tail = sealed[resumes:]
    contents = bytes.fromhex(sealed[before + 1 : resumes - 1].decode()).rstrip(b"\0")
    table_at = int(re.findall(rb"startxref\s+(\d+)", sealed)[-1])
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        page = pdf.pages[0].Contents.objgen[0]
    written = value(contents, table_at - before - 900)
    gap = size(len(contents), written)
    end = tail.index(b"endobj") + 6
    ranged = b"/ByteRange [0 %d %d %d]" % (before, before + gap, rest)
    middle = written + re.sub(rb"/ByteRange\s*\[[^\]]*\]", ranged, tail[:end], count=1)
    at = before + len(middle) + 1
    middle += b"\n%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (page, len(FORGED), FORGED)
    middle = middle.ljust(table_at - before)
    table, trailer = tail[tail.index(b"xref") : tail.index(b"trailer")], tail[tail.index(b"trailer") :]
    middle += table.rstrip() + b" \n%d 1\n%010d 00000 n \n" % (page, at) + trailer
    assert len(middle) <= gap
    return sealed[:before] + middle.ljust(gap) + tail


def wrapped(sealed: bytes) -> bytes:
    """Signature wrapping as published: the value stays in hexadecimal, the gap is simply larger."""
    return with_forged_middle(sealed, lambda value, room: hexed(value, room), lambda _, written: len(written) + 4000)


def hexed(value: bytes, room: int) -> bytes:
    return b"<" + value.hex().encode().ljust((room - 2) // 2 * 2, b"0") + b">"


def fitted(sealed: bytes) -> bytes:
    """The value as a literal string, padded so that its length explains a gap twice as large as it is."""
    padded: list[bytes] = []

    def value(contents: bytes, room: int) -> bytes:
        padded.append(contents + b"\0" * (room - len(literal(contents))))
        return literal(padded[-1])

    return with_forged_middle(sealed, value, lambda _length, _written: 2 * len(padded[-1]) + 2)


@pytest.mark.parametrize("forge", [wrapped, fitted])
def test_a_forgery_that_keeps_the_signed_bytes_is_refused(
    forge: Callable[[bytes], bytes], office: NewIdentity, sealed: bytes
) -> None:
    forged = forge(sealed)
    assert "Overturned" in pymupdf.open(stream=forged, filetype="pdf")[0].get_text()
    assert signed_bytes(forged) == signed_bytes(sealed), "else the digest alone would have told"
    verdict = verifying.verify(forged, [office.certificate_der], ["Issuer"], now=NOW)
    assert verdict.status is Status.BROKEN
    (facts,) = verdict.signatures
    assert not facts.covers_whole_file
    assert not facts.trusted


def spaced(sealed: bytes) -> bytes:
    _, before, resumes, rest = byte_range(sealed, 0)
    return sealed[:before] + sealed[before:resumes].replace(b"0" * 40, b" " * 40, 1) + sealed[resumes : resumes + rest]


def test_only_the_value_may_stand_in_the_gap(office: NewIdentity, sealed: bytes) -> None:
    assert not verifying.verify(spaced(sealed), [office.certificate_der], now=NOW).intact


def pikepdf_changed(change: Callable[[pikepdf.Pdf], object]) -> Callable[[bytes], bytes]:
    def changed(sealed: bytes) -> bytes:
        made = io.BytesIO()
        with pikepdf.open(io.BytesIO(sealed)) as pdf:
            change(pdf)
            pdf.save(made)
        return made.getvalue()

    return changed


def without_form(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm
    del pdf.Root.Perms
    for page in pdf.pages:
        page.Annots = pikepdf.Array()


def without_value(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm.Fields[0].V


def retitled(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "Another letter"


def swapped(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["case.json"] = pikepdf.AttachedFileSpec(pdf, b'{"outcome": "Overturned"}', filename="case.json")


@pytest.mark.parametrize("change", [without_form, without_value, retitled, swapped])
def test_a_letter_made_anew_around_the_signature_is_refused(
    change: Callable[[pikepdf.Pdf], object], office: NewIdentity, sealed: bytes
) -> None:
    verdict = verifying.verify(pikepdf_changed(change)(sealed), [office.certificate_der], ["Issuer"], now=NOW)
    assert not verdict.intact


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.set_metadata({"title": "Another letter"}),
        lambda document: document.embfile_add("case.json", b"{}"),
        lambda document: document[0].add_highlight_annot(pymupdf.Rect(72, 72, 200, 90)),
        lambda document: document.delete_page(1),
    ],
    ids=["metadata", "attachment", "highlight", "page removed"],
)
def test_what_mupdf_changes_shows(
    change: Callable[[pymupdf.Document], object], office: NewIdentity, sealed: bytes
) -> None:
    document = pymupdf.open(stream=sealed, filetype="pdf")
    change(document)
    assert not verifying.verify(document.tobytes(), [office.certificate_der], ["Issuer"], now=NOW).intact


def self_signed(since: datetime, until: datetime, **usage: Any) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Office 7")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 7).not_valid_before(since).not_valid_after(until)
    for extension in usage.values():
        made = made.add_extension(extension, critical=False)
    signed = made.sign(key, hashes.SHA256())
    locked = serialization.BestAvailableEncryption(b"secret")
    return pkcs12.serialize_key_and_certificates(None, key, signed, None, locked)


def sealed_regardless(letter: bytes, data: bytes, when: datetime) -> bytes:
    """A seal as a program makes it that does not ask whether the certificate may sign."""
    hand = hands.of_file(data, "secret")
    return sealing._signed(hand, letter, "Issuer", ("r", "California"), when, b"", second=False)


def root_of(data: bytes) -> bytes:
    certificate = identities.opened(data, "secret").certificate
    return certificate.public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [(-30, -10, "expired on"), (10, 30, "not valid before")],
    ids=["expired when sealed", "not yet valid when sealed"],
)
def test_a_certificate_that_could_not_sign_then_is_not_fine_even_if_trusted(
    since: int, until: int, says: str, letter: bytes
) -> None:
    data = self_signed(NOW + timedelta(days=since), NOW + timedelta(days=until))
    verdict = verifying.verify(sealed_regardless(letter, data, NOW), [root_of(data)], now=NOW)
    assert verdict.status is Status.BROKEN
    assert any(says in sentence for sentence in verdict.sentences)
    assert not any("not what was sealed" in sentence for sentence in verdict.sentences)


def test_a_letter_outlives_its_certificate_but_not_its_signers_confirmation(letter: bytes) -> None:
    data = self_signed(NOW, NOW + timedelta(days=10))
    sealed = sealed_regardless(letter, data, NOW + timedelta(days=1))
    then, later = NOW + timedelta(days=2), NOW + timedelta(days=20)
    assert verifying.verify(sealed, [root_of(data)], now=then).status is Status.INTACT_CONFIRMED
    verdict = verifying.verify(sealed, [root_of(data)], now=later)
    assert verdict.status is Status.INTACT_UNCONFIRMED
    assert any("expired on" in sentence for sentence in verdict.sentences)


def test_a_time_of_signing_yet_to_come_is_not_confirmed(letter: bytes) -> None:
    data = self_signed(NOW, NOW + timedelta(days=90))
    sealed = sealed_regardless(letter, data, NOW + timedelta(days=60))
    assert verifying.verify(sealed, [root_of(data)], now=NOW).status is Status.INTACT_UNCONFIRMED


def test_hostile_files_are_trouble_to_seal_and_never_fine_to_verify(office: NewIdentity, letter: bytes) -> None:
    for length in range(9, len(letter), 97):
        broken = letter[:length]
        assert not verifying.verify(broken, now=NOW).intact
        with pytest.raises(sealing.CannotSeal):
            sealing.seal(broken, office.pkcs12, office.secret, field="F", reason="r", location="CA", when=NOW)


def test_encrypted_letters_are_not_sealed(office: NewIdentity, letter: bytes) -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        pdf.save(made, encryption=pikepdf.Encryption(owner="owner", user=""))
    with pytest.raises(sealing.CannotSeal):
        sealing.seal(made.getvalue(), office.pkcs12, office.secret, field="F", reason="r", location="CA", when=NOW)
