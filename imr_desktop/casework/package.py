# SPDX-License-Identifier: AGPL-3.0-or-later
"""The package (``.imrcase``): a whole case in one file, with a manifest of digests, for the organisation or a laptop.

A package is a zip: ``manifest.json`` names every other file with its size and SHA-256; ``case.json`` is the case as
``imr-case/1``; ``work.json`` the rows from which another vault goes on; ``sources/`` and ``letters/`` what came and
what was issued. ``SHA256SUMS`` says the same digests for ``sha256sum -c``. Encrypted, the zip is inside an age file.
"""

import contextlib
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from imr_desktop import assets
from imr_desktop.casework import exchange
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.files import replace_whole, written_whole
from imr_desktop.casework.progress import Progress
from imr_desktop.models.records import SourceFile
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import FiledLetter, Table, age
from imr_desktop.storage.trail import Kind

FORMAT: Final = "imr-package/1"
SUFFIX: Final = ".imrcase"
MANIFEST, CASE, WORK, SUMS, NOTE = "manifest.json", "case.json", "work.json", "SHA256SUMS", "READ-ME.txt"

_BLOCK: Final = 1 << 20
_UNFIT: Final = re.compile(r"[^\w .()+-]")
_ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a package: where in it, what it is, its size in bytes, SHA-256, and what else is known of it."""

    path: str
    kind: str
    byte_count: int
    sha256: str
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was written: where, how large, its SHA-256, and whether it is encrypted."""

    path: Path
    byte_count: int
    sha256: str
    encrypted: bool
    parts: int


def pack(
    desk: Desk,
    reviewer: Reviewer,
    path: Path,
    now: datetime,
    *,
    recipients: tuple[str, ...] = (),
    with_sources: bool = True,
) -> Iterator[Progress | Packed]:
    """Write the desk's case as a package; yields progress and, last, what was written.

    With ``recipients`` (age1…) it is encrypted to them before it touches the disk. CannotExport, NotARecipient, and
    storage's Trouble for a damaged source or letter; then nothing has been written.
    """
    if recipients:
        held = io.BytesIO()
        yield from _zipped(desk, reviewer, held, now, with_sources=with_sources)
        replace_whole(path, age.encrypted(held.getvalue(), recipients))
    else:
        with written_whole(path) as file:
            yield from _zipped(desk, reviewer, file, now, with_sources=with_sources)
    packed = _measured(path, encrypted=bool(recipients))
    letters = len(desk.store.letters())
    detail = {"what": "package", "sha256": packed.sha256, "bytes": packed.byte_count, "encrypted": bool(recipients)}
    desk.store.record(Kind.EXPORTED, {**detail, "letters": letters, "sources": len(desk.case.sources) * with_sources})
    yield packed


def _zipped(desk: Desk, reviewer: Reviewer, file: BinaryIO, now: datetime, *, with_sources: bool) -> Iterator[Progress]:
    case, letters = desk.case, desk.store.letters()
    sources = case.sources if with_sources else ()
    total = 2 + len(sources) + len(letters)
    parts: list[Part] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        yield Progress(0, total, "Packing the case")
        determination = desk.determination(reviewer)
        parts.append(_text(whole, CASE, "case", exchange.dumps(determination)))
        parts.append(_text(whole, WORK, "work", _work(desk)))
        names: set[str] = set()
        for number, source in enumerate(sources, 1):
            yield Progress(number, total, f"Packing {source.name}")
            parts.append(_source(whole, desk, source, _free(f"sources/{_fit(source.name)}", names)))
        for number, letter in enumerate(letters, 1 + len(sources)):
            yield Progress(number, total, f"Packing {letter.name}")
            parts.append(_letter(whole, desk, letter, _free(f"letters/{_fit(letter.name)}", names)))
        parts.append(_text(whole, NOTE, "note", assets.path("wording/package-note.txt").read_text(encoding="utf-8")))
        sums = "".join(f"{part.sha256}  {part.path}\n" for part in parts)
        parts.append(_text(whole, SUMS, "sums", sums))
        yield Progress(total - 1, total, "Writing the manifest")
        _text(whole, MANIFEST, "manifest", _manifest(case.header.case_number, determination.digest, parts, now))
    yield Progress(total, total, "Packed")


def _manifest(number: str, digest: str, parts: list[Part], now: datetime) -> str:
    told = {
        "format": FORMAT,
        "case_number": number,
        "determination": digest,
        "packed": now.isoformat(timespec="seconds"),
        "files": [
            {"path": part.path, "kind": part.kind, "bytes": part.byte_count, "sha256": part.sha256, **part.about}
            for part in parts
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _work(desk: Desk) -> str:
    """The rows of the case and the pages seen: what another vault needs to go on."""
    rows = [
        {"table": table.value, "id": row_id, "position": position, "value": json.loads(value)}
        for table, row_id, position, value in desk.store.kept_rows()
        # A package is not encrypted, so the passwords of protected files stay here.
        if table is not Table.PASSWORD
    ]
    pages = sorted(desk.store.seen().items(), key=lambda each: (each[0].source, each[0].page))
    seen = [[page.source, page.page, when.isoformat()] for page, when in pages]
    return json.dumps({"rows": rows, "seen": seen}, ensure_ascii=False, indent=1) + "\n"


def _source(whole: zipfile.ZipFile, desk: Desk, source: SourceFile, path: str) -> Part:
    # A PDF is compressed in itself: it is stored as it is, so that its bytes can be found in the package.
    digest, size = hashlib.sha256(), 0
    with (
        contextlib.closing(desk.store.open_source(source.sha256)) as file,
        whole.open(_entry(path, zipfile.ZIP_STORED), "w", force_zip64=True) as into,
    ):
        while block := file.read_at(size, min(_BLOCK, file.length - size)):
            digest.update(block)
            into.write(block)
            size += len(block)
    about = {"name": source.name, "pages": source.page_count}
    return Part(path, "source", size, digest.hexdigest(), about)


def _letter(whole: zipfile.ZipFile, desk: Desk, letter: FiledLetter, path: str) -> Part:
    data = desk.store.letter_bytes(letter.name)
    whole.writestr(_entry(path, zipfile.ZIP_STORED), data)
    about = {"name": letter.name, "digest": letter.digest, "filed": letter.filed.isoformat(), "note": letter.note}
    return Part(path, "letter", len(data), hashlib.sha256(data).hexdigest(), about)


def _text(whole: zipfile.ZipFile, path: str, kind: str, text: str) -> Part:
    data = text.encode("utf-8", "surrogatepass")
    whole.writestr(_entry(path, zipfile.ZIP_DEFLATED), data)
    return Part(path, kind, len(data), hashlib.sha256(data).hexdigest())


def _entry(path: str, method: int) -> zipfile.ZipInfo:
    # No day and no owner: the manifest says when, and nobody's account name leaves with the case.
    made = zipfile.ZipInfo(path, _ZIP_DAY)
    made.compress_type = method
    made.external_attr = 0o600 << 16
    return made


def _fit(name: str) -> str:
    """A file name that every system takes: its last part, with letters, digits and few marks."""
    fit = _UNFIT.sub("_", Path(name.replace("\\", "/")).name).strip(" .")
    return fit[-120:] or "file"


def _free(path: str, taken: set[str]) -> str:
    stem, dot, suffix = path.rpartition(".")
    free, number = path, 2
    while free.casefold() in taken:
        free = f"{stem} ({number}){dot}{suffix}" if dot else f"{path} ({number})"
        number += 1
    taken.add(free.casefold())
    return free


def _measured(path: Path, *, encrypted: bool) -> Packed:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    parts = 0
    if not encrypted:
        with zipfile.ZipFile(path) as whole:
            parts = len(whole.infolist())
    return Packed(path, size, digest.hexdigest(), encrypted, parts)
