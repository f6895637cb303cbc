# SPDX-License-Identifier: AGPL-3.0-or-later
"""Characters as a letter prints them: one form for each, nothing invisible, and a plain word about those it cannot."""

import unicodedata

from imr_desktop.errors import Trouble

# What Word pastes for its Symbol and Wingdings bullets and signs, as the characters that they show.
_SYMBOLS = {
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF076: "❖",
    0xF0D8: "➢",
    0xF0FC: "✓",
    0xF0E0: "→",
    0xF0B0: "°",
    0xF0B1: "±",
    0xF0B3: "≥",
    0xF0A3: "≤",
    0xF061: "α",
    0xF062: "β",
    0xF06D: "µ",
}
_INVISIBLE = ("Cc", "Cf")
_FROM_RIGHT = ("R", "AL")


class MissingGlyph(Trouble):
    """A character stands in the letter for which no font of ours has a shape."""

    default_advice = "Write it with other characters there, or spell it out."

    def __init__(self, character: str, where: str) -> None:
        self.character = character
        code = f"U+{ord(character):04X}"
        name = unicodedata.name(character, "a character without a name")
        shown = f"“{character}” ({code}, {name})" if character.isprintable() else f"{code} ({name})"
        super().__init__(f"The letter cannot print the character {shown} in {where}.", place=where)


def clean(text: str) -> str:
    """The text as it is printed: composed characters, single spaces, without what has no shape on paper."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    kept = [_kept(mark) for mark in unicodedata.normalize("NFC", text)]
    return " ".join("".join(kept).split())


def _kept(mark: str) -> str:
    if mark.isspace():
        return mark
    if unicodedata.category(mark) in _INVISIBLE or 0xFE00 <= ord(mark) <= 0xFE0F:
        return ""
    return _SYMBOLS.get(ord(mark), mark)


def runs_from_left(mark: str) -> bool:
    """Whether a character is set from left to right; scripts that are not would come out in the wrong order."""
    return unicodedata.bidirectional(mark) not in _FROM_RIGHT


def is_private(mark: str) -> bool:
    """Whether the character's meaning depends on a font of the author's, so that ours would show something else."""
    return unicodedata.category(mark) == "Co"
