# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that lie beside a record and are no PDF: each kind with a word on what to do to have it in the case."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from imr_desktop.errors import Trouble

_PICTURE = "Print it to a PDF with your picture viewer and add that as a late record; its text is then recognised."
_WORD = "Open it in a word processor, save it as PDF, and add that as a late record."
ADVICE: Final[dict[str, tuple[str, str]]] = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".heic", ".gif"), ("a picture", _PICTURE)),
    **dict.fromkeys((".doc", ".docx", ".rtf", ".odt"), ("a word processor's document", _WORD)),
    **dict.fromkeys((".xls", ".xlsx", ".ods"), ("a spreadsheet", _WORD.replace("word processor", "spreadsheet"))),
    **dict.fromkeys((".zip", ".7z", ".rar"), ("an archive", "Unpack it, and add what is in it.")),
    **dict.fromkeys((".eml", ".msg"), ("an e-mail", "Print it to a PDF with your mail program, and add that.")),
    **dict.fromkeys((".dcm",), ("a medical image", "Ask for the report of the study as PDF, and add that.")),
}


def files_that_need_a_word(paths: Sequence[Path]) -> list[Trouble]:
    """What among these files and folders does not come into the case, and what to do about each."""
    found = []
    for path in _all(paths):
        kind = ADVICE.get(path.suffix.lower())
        if kind is not None:
            name, advice = kind
            found.append(Trouble(f"{path.name} was left out: it is {name}, not a PDF.", advice, place=str(path)))
    return found


def _all(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path
