# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done to signed PDFs by those who forge them; each takes the bytes of a file and gives those of another."""

import io
import re
from collections.abc import Callable

import pikepdf

Tampering = Callable[[bytes], bytes]

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
CONTENT, DATA, SEAL = 0, 1, 2


def byte_range(pdf: bytes, which: int = -1) -> tuple[int, int, int, int]:
    """What a signature says that it covers; ``which`` counts the signatures in the order of the file."""
    start, before, resumes, rest = map(int, list(_RANGE.finditer(pdf))[which].groups())
    return start, before, resumes, rest


def with_range(pdf: bytes, numbers: tuple[int, int, int, int], which: int = -1) -> bytes:
    """The signature says that it covers something else; no byte moves."""
    found = list(_RANGE.finditer(pdf))[which]
    said = b"/ByteRange [%d %d %d %d]" % numbers
    return pdf[: found.start()] + said.ljust(found.end() - found.start()) + pdf[found.end() :]


def flipped(pdf: bytes) -> bytes:
    """One bit of the first stream."""
    changed = bytearray(pdf)
    changed[pdf.index(b"stream") + 40] ^= 1
    return bytes(changed)


def zeroed(pdf: bytes) -> bytes:
    """The last signature covers nothing."""
    return with_range(pdf, (0, 0, 0, 0))


def shortened(pdf: bytes) -> bytes:
    """The last signature covers all but the end."""
    start, before, resumes, rest = byte_range(pdf)
    return with_range(pdf, (start, before, resumes, rest - 40))


def wrapped(pdf: bytes, which: int = -1) -> bytes:
    """The signed tail is moved away behind a tail of the attacker's, and the signature points at the moved one."""
    start, before, resumes, rest = byte_range(pdf, which)
    tail = pdf[resumes : resumes + rest]
    return with_range(pdf, (start, before, len(pdf) + 1, rest), which) + b"\n" + tail


def shadowed(which: int, body: bytes) -> Tampering:
    """An incremental update puts ``body`` in the place of the first page's content, the attached data or a seal."""
    return lambda pdf: _updated(pdf, objects(pdf)[which], body)


def objects(pdf: bytes) -> tuple[int, int, int]:
    """Numbers of the first page's content, of the attached data, and of the first seal as it is shown."""
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        root = whole.Root
        return (
            whole.pages[0].Contents.objgen[0],
            root.AF[0].EF.F.objgen[0],
            root.AcroForm.Fields[0].AP.N.objgen[0],
        )


def stream(content: bytes, kind: bytes = b"") -> bytes:
    """The body of a stream object."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (kind, len(content), content)


PAGE = stream(b"BT /F1 12 Tf 72 700 Td (Overturned.) Tj ET")
EMPTY_DATA = stream(b"{}", b"/Type /EmbeddedFile")
EMPTY_SEAL = stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")


def _updated(pdf: bytes, number: int, body: bytes) -> bytes:
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    size = max(int(each) for each in re.findall(rb"/Size (\d+)", pdf))
    before = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    made = pdf + b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(pdf))
    trailer = b"trailer\n<< /Size %d /Root %s /Prev %d >>\n" % (size, root, before)
    return made + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(made)
