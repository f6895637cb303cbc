# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases taken in by the command line, for tests that call it."""

import json
from collections.abc import Callable
from pathlib import Path

Command = Callable[..., tuple[int, str, str]]


def taken_in(command: Command, folder: Path, **files: bytes) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}.pdf").write_bytes(data)
    status, out, err = command("import", *sorted(folder.glob("*.pdf")), "--json")
    assert status == 0, err
    return str(json.loads(out)["id"])
