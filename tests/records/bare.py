# SPDX-License-Identifier: AGPL-3.0-or-later
"""PDFs written object by object, for faults that no library would make."""

import zlib

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def bare_pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """These objects, numbered from 1 (the catalog), with the table and trailer that make a PDF of them."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    last = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(data))
    return data + head + table + last


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n" % (entries, len(content)) + content + b"\nendstream"


def one_page(box: bytes = b"0 0 200 300", entries: bytes = b"", *more: bytes) -> bytes:
    """One page; ``more`` are objects from number 4 on, to which ``entries`` may point."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]%s>>" % (box, entries)
    return bare_pdf(CATALOG, ONE_PAGE, page, *more)


def content_bomb() -> bytes:
    """A few kilobytes that unfold into gigabytes of lines to draw."""
    line = b"0 0 m 9 9 l S " * 70_000
    packed = zlib.compressobj(9)
    unfolding = packed.compress(line) + packed.flush(zlib.Z_FULL_FLUSH)
    again = packed.compress(line) + packed.flush(zlib.Z_FULL_FLUSH)
    content = unfolding + again * 2000 + packed.flush()
    return one_page(b"0 0 200 300", b"/Contents 4 0 R", stream(content, b"/Filter/FlateDecode"))
