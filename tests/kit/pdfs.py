# SPDX-License-Identifier: AGPL-3.0-or-later
"""PDFs made for a test, and the files that a vault would hand out."""

import hashlib
from typing import Any

import pymupdf


class Files:
    """PDFs by their digest, as the vault would hand them out; counts how often each is asked for."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}
        self.asked: list[str] = []

    def add(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.data[digest] = data
        return digest

    def __call__(self, digest: str) -> bytes:
        self.asked.append(digest)
        return self.data[digest]


def pdf(*pages: str, size: tuple[float, float] = (612, 792), **saving: Any) -> bytes:
    """A PDF with one line of text a page at (72, 100); the same bytes each time, unless it is encrypted."""
    document = pymupdf.open()
    for text in pages:
        page = document.new_page(width=size[0], height=size[1])
        page.insert_text((72, 100), text, fontsize=12)
    data: bytes = document.tobytes(**{"no_new_id": "encryption" not in saving, **saving})
    document.close()
    return data
