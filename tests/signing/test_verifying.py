# SPDX-License-Identifier: AGPL-3.0-or-later
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pymupdf
import pytest

from imr_desktop.signing import identities, sealing, verifying
from imr_desktop.signing.identities import NewIdentity
from imr_desktop.signing.verifying import Status
from tests.kit import tampering
from tests.signing.conftest import NOW


def flipped(sealed: bytes) -> bytes:
    at = sealed.index(b"The request is Upheld")
    return sealed[: at + 15] + b"Denied" + sealed[at + 21 :]


def resaved(change: Callable[[pymupdf.Document], object]) -> Callable[[bytes], bytes]:
    def changed(sealed: bytes) -> bytes:
        document = pymupdf.open(stream=sealed, filetype="pdf")
        change(document)
        made: bytes = document.tobytes(garbage=0, no_new_id=True)
        assert b"/ByteRange" in made
        return made

    return changed


def appended_object(body: bytes) -> Callable[[bytes], bytes]:
    """An incremental update written by hand: the catalog replaced by one with ``body`` added to it."""

    def changed(sealed: bytes) -> bytes:
        root = re.findall(rb"/Root (\d+) 0 R", sealed)[-1]
        size = re.findall(rb"/Size (\d+)", sealed)[-1]
        start = re.findall(rb"startxref\s+(\d+)", sealed)[-1]
        with pikepdf.open(io.BytesIO(sealed)) as pdf:
            catalog = pdf.Root.unparse(resolved=True)
        new = b"%s 0 obj\n%s\nendobj\n" % (root, catalog[:-2].rstrip() + b" " + body + b" >>")
        offset = len(sealed) + 1
        table = b"xref\n%s 1\n%010d 00000 n \n" % (root, offset)
        trailer = b"trailer\n<< /Size %s /Root %s 0 R /Prev %s >>\n" % (size, root, start)
        xref = offset + len(new)
        return sealed + b"\n" + new + table + trailer + b"startxref\n%d\n%%%%EOF\n" % xref

    return changed


def signed_again(sealed: bytes) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    other = identities.create("Somebody Else", "", now=NOW)
    signer = signers.SimpleSigner.load_pkcs12_data(other.pkcs12, [], other.secret.encode())

    class Careless(signers.PdfSigner):  # type: ignore[misc]
        def _enforce_certification_constraints(self, reader: object) -> None:
            """A forger's program does not respect that no changes are allowed."""

    meta = signers.PdfSignatureMetadata(field_name="Extra", subfilter=fields.SigSeedSubFilter.PADES)
    made: bytes = Careless(meta, signer=signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(sealed))).getvalue()
    return made


def resaved_by_pikepdf(sealed: bytes) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        pdf.save(made)
    return made.getvalue()


def annotated(document: pymupdf.Document) -> None:
    document[0].add_freetext_annot(pymupdf.Rect(72, 72, 300, 120), "Overturned")


def overlaid(document: pymupdf.Document) -> None:
    document[0].insert_text((72, 100), "Overturned")


TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {
    "content changed": flipped,
    "content overlaid": resaved(overlaid),
    "annotation added": resaved(annotated),
    "saved anew": resaved_by_pikepdf,
    "language changed by an update": appended_object(b"/Lang (es)"),
    "script added by an update": appended_object(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "attachment added by an update": appended_object(b"/AF []"),
    "byte range zeroed": tampering.zeroed,
    "byte range shortened": tampering.shortened,
    "signed part wrapped": tampering.wrapped,
    "bytes appended": lambda sealed: sealed + b"\n% a remark\n",
    "cut short": lambda sealed: sealed[: len(sealed) - 300],
    "signature value garbled": lambda sealed: re.sub(
        rb"(/Contents\s*<)([0-9a-fA-F]{200})", lambda found: found.group(1) + b"0" * 200, sealed, count=1
    ),
    "signed by somebody else besides": signed_again,
    "field renamed": lambda sealed: sealed.replace(b"(Issuer)", b"(Issuee)"),
    "cut back to before the signature": lambda sealed: sealed[: sealed.index(b"%%EOF") + 6],
}


def test_a_sealed_letter_is_intact_and_its_signer_known_only_if_trusted(office: NewIdentity, sealed: bytes) -> None:
    verdict = verifying.verify(sealed, [], ["Issuer"], now=NOW)
    assert verdict.status is Status.INTACT_UNCONFIRMED
    assert any("not confirmed" in sentence for sentence in verdict.sentences)
    (signature,) = verdict.signatures
    assert signature.signed_at == NOW
    assert signature.signer == "Office of Independent Review, Example Organization"
    assert signature.certified
    trusted = verifying.verify(sealed, [office.certificate_der], ["Issuer"], now=NOW)
    assert trusted.status is Status.INTACT_CONFIRMED
    stranger = identities.create("Stranger", "", now=NOW)
    assert verifying.verify(sealed, [stranger.certificate_der], now=NOW).status is Status.INTACT_UNCONFIRMED


@pytest.mark.parametrize("deed", TAMPERINGS)
def test_whatever_is_done_to_it_shows(deed: str, office: NewIdentity, sealed: bytes) -> None:
    changed = TAMPERINGS[deed](sealed)
    assert changed != sealed
    verdict = verifying.verify(changed, [office.certificate_der], ["Issuer"], now=NOW)
    assert not verdict.intact, verdict


def test_a_letter_without_signature_is_never_fine(letter: bytes) -> None:
    verdict = verifying.verify(letter, now=NOW)
    assert (verdict.status, verdict.intact) == (Status.UNSIGNED, False)
    assert verifying.verify(b"not a PDF at all", now=NOW).status is Status.NOT_VERIFIED


def test_another_field_than_expected_is_not_fine(office: NewIdentity, sealed: bytes) -> None:
    assert not verifying.verify(sealed, [office.certificate_der], ["Reviewer"], now=NOW).intact
    assert not verifying.verify(sealed, [office.certificate_der], ["Reviewer", "Issuer"], now=NOW).intact


def test_what_is_sealed_already_is_not_sealed_again(office: NewIdentity, sealed: bytes) -> None:
    with pytest.raises(sealing.CannotSeal, match="already"):
        sealing.seal(sealed, office.pkcs12, office.secret, field="Two", reason="r", location="CA", when=NOW)
    with pytest.raises(sealing.CannotSeal, match="not a PDF"):
        sealing.seal(b"plain text", office.pkcs12, office.secret, field="A", reason="r", location="CA", when=NOW)


def test_the_sealed_letter_begins_with_the_letter(letter: bytes, sealed: bytes) -> None:
    assert sealed.startswith(letter)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees(office: NewIdentity, sealed: bytes, tmp_path: Path) -> None:
    first, length, second, rest = tampering.byte_range(sealed)
    (tmp_path / "signed").write_bytes(sealed[first : first + length] + sealed[second : second + rest])
    hexed = sealed[first + length : second].strip(b"<>").rstrip(b"0")
    (tmp_path / "cms").write_bytes(bytes.fromhex((hexed + b"0" * (len(hexed) % 2)).decode()))
    (tmp_path / "root.pem").write_bytes(identities.certificate_pem(office.pkcs12, office.secret))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", "signed"]
    trust = ["-CAfile", "root.pem", "-purpose", "any", "-attime", str(int(NOW.timestamp())), "-out", "out"]
    told = subprocess.run([*command, *trust], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_poppler_agrees(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(sealed)
    told = subprocess.run(
        ["pdfsig", "-nocert", "letter.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Signature is Valid" in told.stdout
    assert "Total document signed" in told.stdout
