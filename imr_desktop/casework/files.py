# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reviewer exports reaches its place whole or not at all."""

import contextlib
import os
from pathlib import Path

from imr_desktop.errors import Trouble


class CannotExport(Trouble):
    """A file could not be written where the reviewer wants it."""

    default_advice = "Choose another folder or make room there, then try again."


def replace_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it in: readers see the old file or the new one. CannotExport."""
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as why:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise CannotExport(f"{path.name} could not be written ({why.strerror}).", place=str(path)) from why
