# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a finished file carries beside the words on its pages: properties, attachments, annotations, active content."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Object, Pdf

_ACTIVE = ("/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/URI", "/SubmitForm", "/ImportData", "/RichMedia")
_INVISIBLE = re.compile(rb"(?<![\d.])[37]\s+Tr\b")
_TEXT = re.compile(rb"<[0-9A-Fa-f\s]{4,}>|\((?:\\.|[^\\()]){3,}\)", re.DOTALL)
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Carried:
    """Every text beside the pages' words, with a name for where; whether fonts are embedded; what is active."""

    texts: tuple[tuple[str, str], ...]
    fonts_embedded: bool
    active_content: tuple[str, ...]
    hidden_text: bool


def carried(pdf: bytes) -> Carried:
    """Look through a finished file. Every string in every object counts, however deep; signatures' values do not."""
    with Pdf.open(io.BytesIO(pdf)) as whole:
        texts = tuple(dict.fromkeys(_texts(whole)))
        fonts = [each for each in whole.objects if isinstance(each, Dictionary) and each.get("/Type") == "/Font"]
        active = sorted({key for each in whole.objects for key in _keys(each) if key in _ACTIVE})
        hidden = any(_INVISIBLE.search(_content(page)) for page in whole.pages)
        return Carried(texts, all(map(_embedded, fonts)), tuple(key[1:] for key in active), hidden)


def attachment(pdf: bytes, name: str) -> bytes | None:
    """The bytes of an attached file; None if there is none of this name."""
    with Pdf.open(io.BytesIO(pdf)) as whole:
        if name not in whole.attachments:
            return None
        return whole.attachments[name].get_file().read_bytes()


def _texts(whole: Pdf) -> Iterator[tuple[str, str]]:
    for key, value in whole.docinfo.items():
        yield f"document property {key[1:]}", str(value)
    for number, each in enumerate(whole.objects):
        if isinstance(each, pikepdf.Stream):
            kind = str(each.get("/Type", ""))
            if kind == "/Metadata":
                yield "XMP metadata", each.read_bytes().decode("utf-8", "replace")
            elif kind == "/EmbeddedFile":
                yield "attached file", each.read_bytes().decode("utf-8", "replace")
            yield from _strings(each.stream_dict, f"object {number}", 0)
        else:
            yield from _strings(each, f"object {number}", 0)


def _strings(each: Object, where: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(each, pikepdf.String):
        text = str(each)
        # Binary values, such as a file's ID, are no text of anybody's.
        if len(text) > 2 and sum(mark.isprintable() for mark in text) > 0.8 * len(text):
            yield where, text
    elif isinstance(each, pikepdf.Array):
        for inner in each:
            if isinstance(inner, Object) and not inner.is_indirect:
                yield from _strings(inner, where, depth + 1)
    elif isinstance(each, Dictionary):
        kind = str(each.get("/Type", each.get("/Subtype", ""))).strip("/")
        for key, inner in each.items():
            if key == "/Contents" and "/ByteRange" in each:
                continue
            if isinstance(inner, Object) and not inner.is_indirect:
                yield from _strings(inner, f"{kind} {key[1:]}".strip() if kind else f"{where} {key[1:]}", depth + 1)


def _keys(each: Object) -> Iterator[str]:
    held = each.stream_dict if isinstance(each, pikepdf.Stream) else each
    if isinstance(held, Dictionary):
        for key, value in held.items():
            yield key
            if isinstance(value, pikepdf.Name):
                yield str(value)
            elif isinstance(value, Dictionary) and not value.is_indirect:
                yield from _keys(value)


def _embedded(font: Dictionary) -> bool:
    if font.get("/Subtype") == "/Type0":
        return all(isinstance(each, Dictionary) and _embedded(each) for each in font.DescendantFonts)
    if font.get("/Subtype") == "/Type3":
        return True
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, Dictionary) and any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))


def _content(page: pikepdf.Page) -> bytes:
    contents = page.obj.get("/Contents")
    if contents is None:
        return b""
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    # Words that happen to read like an operator are no operator.
    return _TEXT.sub(b"", b"\n".join(part.read_bytes() for part in parts))
