# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reviewer exports reaches its place whole or not at all."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from imr_desktop.errors import Trouble


class CannotExport(Trouble):
    """A file could not be written where the reviewer wants it."""

    default_advice = "Choose another folder or make room there, then try again."


def replace_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it in: readers see the old file or the new one. CannotExport."""
    with all_or_none({path: content}):
        pass


@contextmanager
def all_or_none(contents: Mapping[Path, bytes]) -> Iterator[None]:
    """Write files beside their places, and move them in when the block has ended well; otherwise nothing stays.

    What the block does may fail until then without a file having appeared. CannotExport.
    """
    beside = {path: path.with_name(f"{path.name}.part") for path in contents}
    try:
        for path, content in contents.items():
            with _told(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(beside[path], content)
        yield
        for path, part in beside.items():
            with _told(path):
                part.replace(path)
    finally:
        for part in beside.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as why:
        raise CannotExport(f"{path.name} could not be written ({why.strerror}).", place=str(path)) from why


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write that appears at its place when the block has ended well; otherwise nothing stays. CannotExport.

    For what is too large to be held: it is written where it will lie, under a name that ends in ``.part``.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
