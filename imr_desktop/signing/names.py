# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names compared as people read them: letters without case or accents, parts in any order, titles aside."""

import re
import unicodedata

_TITLES = frozenset({"dr", "md", "do", "phd", "dc", "lac", "mr", "mrs", "ms", "prof"})


def carries(text: str, name: str) -> bool:
    """Whether ``text`` carries ``name``: every part of it of two or more letters stands in the text as a word."""
    wanted = parts(name)
    return bool(wanted) and wanted <= parts(text)


def parts(name: str) -> frozenset[str]:
    """The parts by which a name is known."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(mark for mark in bare if not unicodedata.combining(mark))
    return frozenset(word for word in re.findall(r"\w+", letters) if len(word) > 1) - _TITLES
