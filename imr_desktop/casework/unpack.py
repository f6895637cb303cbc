# SPDX-License-Identifier: AGPL-3.0-or-later
"""A package (``.imrcase``) read: nothing of it is believed before its paths, sizes and digests are proven.

Nothing is unpacked to the disk. A source goes from the package into the vault's encrypted store; what the package names
but does not hold, holds but does not name, or holds otherwise than it says, refuses the whole.
"""

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from imr_desktop.casework import package
from imr_desktop.casework.package import Part
from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.storage import age

_BLOCK: Final = 1 << 20
_MOST_FILES: Final = 10_000
_LARGEST: Final = 4 << 30
_LARGEST_TEXT: Final = 256 << 20
_LARGEST_ENCRYPTED: Final = 2 << 30
_SHRINKS: Final = 100
"""How many times smaller than its content a file in a package may be; text shrinks less, a bomb a thousand times."""
_KINDS: Final = {
    "case": re.compile(r"case\.json"),
    "work": re.compile(r"work\.json"),
    "note": re.compile(r"READ-ME\.txt"),
    "sums": re.compile(r"SHA256SUMS"),
    "source": re.compile(r"sources/[\w .()+-]+"),
    "letter": re.compile(r"letters/[\w .()+-]+\.pdf", re.IGNORECASE),
}
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class NotAPackage(Trouble):
    """The file is no package, or not as it was packed; nothing of it was kept."""

    default_advice = "Ask for the package again, and compare its SHA-256 with what the sender says."


class KeyNeeded(Trouble):
    """The package is encrypted."""

    default_advice = "Give the age key file of the recipient: `--key FILE` on the command line."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself: the case's number, its determination's digest, and each file in it."""

    case_number: str
    determination: str
    packed: str
    parts: tuple[Part, ...]

    def of(self, kind: str) -> tuple[Part, ...]:
        """The files of one kind, in the package's order."""
        return tuple(part for part in self.parts if part.kind == kind)


class Package:
    """An open package whose directory agrees with its manifest; each file's digest is proven when it is read."""

    def __init__(self, name: str, whole: zipfile.ZipFile) -> None:
        self.name = name
        self._whole = whole
        self._entries = self._directory()
        self.manifest = self._manifest()

    def text(self, kind: str) -> Any:
        """The JSON of the one file of this kind; NotAPackage."""
        (part,) = self.manifest.of(kind) or (None,)
        if part is None:
            raise self.refusal(f"holds no {kind}.json")
        try:
            return json.loads(self.read(part, _LARGEST_TEXT))
        except (ValueError, RecursionError) as why:
            raise self.refusal(f"has a {part.path} that is not JSON") from why

    def read(self, part: Part, most: int = _LARGEST) -> bytes:
        """A file's bytes, proven; NotAPackage."""
        if part.byte_count > most:
            raise self.refusal(f"has a {part.path} that is larger than any real one")
        into = io.BytesIO()
        self._copy(part, into)
        return into.getvalue()

    @contextmanager
    def opened(self, part: Part) -> Iterator[BinaryIO]:
        """A file to read from; its digest is proven by who keeps it, or by ``prove``."""
        with self._read(part.path) as file:
            yield file

    def prove(self) -> Iterator[Progress]:
        """Read every file through and compare it with the manifest; NotAPackage at the first that differs."""
        for number, part in enumerate(self.manifest.parts):
            yield Progress(number, len(self.manifest.parts), f"Proving {part.path}")
            self._copy(part, None)

    def refusal(self, why: str) -> NotAPackage:
        """The Trouble that names this package."""
        return NotAPackage(f"The package {self.name} {why}; nothing of it was kept.", place=self.name)

    # -- how it is proven -------------------------------------------------------------------------------------

    def _directory(self) -> dict[str, zipfile.ZipInfo]:
        listed = self._whole.infolist()
        if len(listed) > _MOST_FILES:
            raise self.refusal("holds more files than any case has")
        entries: dict[str, zipfile.ZipInfo] = {}
        for entry in listed:
            path = entry.orig_filename
            known = path == package.MANIFEST or any(form.fullmatch(path) for form in _KINDS.values())
            if (
                not known
                or ".." in path.split("/")
                or entry.is_dir()
                or (entry.external_attr >> 16) & 0o170000 == 0o120000
            ):
                raise self.refusal(f"holds a file in an unsafe place ({_shown(path)})")
            if path.casefold() in {each.casefold() for each in entries}:
                raise self.refusal(f"holds {path} twice")
            if entry.flag_bits & 0x1:
                raise self.refusal("is locked by a zip password, which no package of ours is")
            if entry.file_size > _LARGEST or entry.file_size > _SHRINKS * max(entry.compress_size, 4096):
                raise self.refusal(f"holds {path} in a size that is not safe to unpack")
            entries[path] = entry
        if sum(entry.file_size for entry in entries.values()) > 2 * _LARGEST:
            raise self.refusal("is larger than any case")
        return entries

    def _manifest(self) -> Manifest:
        if package.MANIFEST not in self._entries:
            raise self.refusal("has no manifest")
        if self._entries[package.MANIFEST].file_size > _LARGEST_TEXT:
            raise self.refusal("has a manifest that is larger than any real one")
        try:
            with self._read(package.MANIFEST) as file:
                told = json.loads(file.read(_LARGEST_TEXT))
            if told["format"] != package.FORMAT:
                raise NotAPackage(
                    f"The package {self.name} is of a form that this version does not know.",
                    "Take it in with the version of IMR Desktop that made it, or a newer one.",
                )
            parts = tuple(self._part(each) for each in told["files"])
            manifest = Manifest(str(told["case_number"]), str(told["determination"]), str(told["packed"]), parts)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
            raise self.refusal("has a manifest that cannot be read") from why
        named = [part.path for part in parts]
        if sorted(named) != sorted(set(self._entries) - {package.MANIFEST}):
            raise self.refusal("does not hold exactly the files that its manifest names")
        return manifest

    def _part(self, told: dict[str, Any]) -> Part:
        about = {key: value for key, value in told.items() if key not in ("path", "kind", "bytes", "sha256")}
        part = Part(told["path"], told["kind"], told["bytes"], told["sha256"], about)
        if not (_KINDS[part.kind].fullmatch(part.path) and _DIGEST.fullmatch(part.sha256)):
            raise ValueError("a file out of its place")
        entry = self._entries.get(part.path)
        if entry is not None and entry.file_size != part.byte_count:
            raise self.refusal(f"holds a {part.path} of another size than its manifest says")
        return part

    def _copy(self, part: Part, into: BinaryIO | None) -> None:
        digest, size = hashlib.sha256(), 0
        with self._read(part.path) as file:
            while block := file.read(_BLOCK):
                size += len(block)
                if size > part.byte_count:
                    break
                digest.update(block)
                if into is not None:
                    into.write(block)
        if size != part.byte_count or digest.hexdigest() != part.sha256:
            raise self.refusal(f"holds a {part.path} that is not the one it was packed with")

    @contextmanager
    def _read(self, path: str) -> Iterator[Any]:
        try:
            with self._whole.open(self._entries[path]) as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as why:
            raise self.refusal(f"holds a {path} that is damaged") from why


@contextmanager
def open_package(path: Path, keys: str | None = None) -> Iterator[Package]:
    """A package opened and its directory proven; ``keys`` is the text of an age key file.

    NotAPackage, KeyNeeded, NotForYou.
    """
    try:
        with path.open("rb") as file:
            held: BinaryIO = file
            if file.read(len(age.MAGIC)) == age.MAGIC:
                held = io.BytesIO(_decrypted(path, keys))
            held.seek(0)
            with zipfile.ZipFile(held) as whole:
                yield Package(path.name, whole)
    except zipfile.BadZipFile as why:
        raise NotAPackage(
            f"{path.name} is no package, or it is damaged; nothing of it was kept.", place=str(path)
        ) from why
    except OSError as why:
        raise NotAPackage(
            f"{path.name} could not be read ({why.strerror}).", "Check that you may open it.", place=str(path)
        ) from why


def _decrypted(path: Path, keys: str | None) -> bytes:
    if not keys:
        raise KeyNeeded(f"The package {path.name} is encrypted.", place=str(path))
    if path.stat().st_size > _LARGEST_ENCRYPTED:
        raise NotAPackage(f"The package {path.name} is larger than any case.", place=str(path))
    return age.opened(path.read_bytes(), keys)


def _shown(path: str) -> str:
    """A path out of a package as a message may show it: short, and without what a terminal would obey."""
    return "".join(mark if mark.isprintable() else "?" for mark in path)[:60]
