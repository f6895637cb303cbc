# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bill of materials and the licence notices of what is installed with the program.

    python packaging/sbom.py FOLDER

writes ``sbom.cdx.json`` (CycloneDX 1.6) and ``NOTICES.txt`` into FOLDER: the program, every distribution that it needs
here, directly or through another, and the fonts that ship with it.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

PROGRAM = "imr-desktop"
_TEXTS = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)
_ROOT = Path(__file__).resolve().parent.parent


def needed(name: str = PROGRAM, extras: tuple[str, ...] = ("ocr",)) -> dict[str, metadata.Distribution]:
    """Every distribution that is installed and needed, by its normal name; the program itself first."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [(name, extras)]
    while waiting:
        each, wanted = waiting.pop()
        key = re.sub(r"[-_.]+", "-", each).lower()
        if key in found:
            continue
        try:
            found[key] = distribution = metadata.distribution(each)
        except metadata.PackageNotFoundError:
            continue
        for text in distribution.requires or ():
            requirement = Requirement(text)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *wanted)):
                waiting.append((requirement.name, tuple(requirement.extras)))
    return found


def licence_of(distribution: metadata.Distribution) -> str:
    """What a distribution says of its licence: the SPDX expression, else its classifier, else its words."""
    told = distribution.metadata
    expression = told.get("License-Expression")
    if expression:
        return str(expression)
    classified = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or () if line.startswith("License ::")
    ]
    words = (told.get("License") or "").strip().splitlines()
    return "; ".join(classified) or (words[0] if words else "not stated")


def bill(found: dict[str, metadata.Distribution]) -> dict[str, Any]:
    """The bill of materials as CycloneDX 1.6."""
    components = [_component(key, each) for key, each in sorted(found.items()) if key != PROGRAM]
    components += [
        {
            "type": "file",
            "name": font.name,
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(font.read_bytes()).hexdigest()}],
        }
        for font in sorted((_ROOT / "resources" / "fonts").glob("*.ttf"))
    ]
    program = found[PROGRAM]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", **_component(PROGRAM, program)}},
        "components": components,
    }


def _component(key: str, distribution: metadata.Distribution) -> dict[str, Any]:
    return {
        "type": "application" if key == PROGRAM else "library",
        "name": distribution.metadata["Name"],
        "version": distribution.version,
        "purl": f"pkg:pypi/{key}@{distribution.version}",
        "licenses": [{"license": {"name": licence_of(distribution)}}],
    }


def notices(found: dict[str, metadata.Distribution]) -> Iterator[str]:
    """The licence texts, each under the name of what it belongs to."""
    yield "IMR Desktop is free software under the GNU Affero General Public License, version 3 or later (LICENSE).\n"
    yield "It is delivered with the following, each under its own licence.\n"
    for _, each in sorted(found.items()):
        yield f"\n{'=' * 100}\n{each.metadata['Name']} {each.version}: {licence_of(each)}\n"
        for file in each.files or ():
            if _TEXTS.search(str(file)) and not str(file).endswith((".py", ".pyc")):
                path = Path(str(file.locate()))
                if path.is_file():
                    yield f"\n-- {file.name}\n{path.read_text(encoding='utf-8', errors='replace').strip()}\n"
    for text in sorted((_ROOT / "resources" / "fonts").glob("*.txt")):
        yield f"\n{'=' * 100}\nFont: {text.stem}\n\n{text.read_text(encoding='utf-8', errors='replace').strip()}\n"


def main(folder: Path) -> None:
    """Write both files."""
    found = needed()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.cdx.json").write_text(json.dumps(bill(found), indent=2) + "\n", encoding="utf-8")
    (folder / "NOTICES.txt").write_text("".join(notices(found)), encoding="utf-8")
    sys.stdout.write(f"{len(found)} parts are listed in {folder / 'sbom.cdx.json'}.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
