# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words of a page as prose to paste: no line breaks, broken words mended; the kept quote stays as it is."""

import re

_SOFT_HYPHEN = "\u00ad"
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_BROKEN = re.compile(r"(?P<head>\w+)[-\u2010]\s*\n\s*(?P<tail>\w+)")
_EDGES = ".,;:()[]\"'\u201c\u201d\u2019"


def prose(verbatim: str, page_words: frozenset[str] = frozenset()) -> str:
    """The words in one line.

    A hyphen at a line's end is taken out between small letters (``treat-`` / ``ment``) and kept beside a number or a
    capital (``L4-`` / ``L5``). ``page_words`` (see ``known_words``) decides where the page itself writes the whole word
    with its hyphen (``follow-up``).
    """

    def mended(match: re.Match[str]) -> str:
        head, tail = match["head"], match["tail"]
        compound = f"{head}-{tail}"
        kept = compound.casefold() in page_words or not (head[-1].islower() and tail[0].islower())
        return compound if kept else head + tail

    whole = verbatim.replace(_SOFT_HYPHEN + "\n", "").replace(_SOFT_HYPHEN, "").translate(_LIGATURES)
    return " ".join(_BROKEN.sub(mended, whole).split())


def known_words(texts: tuple[str, ...]) -> frozenset[str]:
    """Words as ``prose`` wants them: without the marks around them, and without regard to capitals."""
    return frozenset(text.strip(_EDGES).casefold() for text in texts)
