# SPDX-License-Identifier: AGPL-3.0-or-later
"""A fact of a sentence that was copied from a page: where the page has the very words around it, and another value."""

from collections.abc import Collection
from typing import NamedTuple

from imr_desktop.checks.index import Index, Shown, forms
from imr_desktop.checks.reading import Kind, Mention
from imr_desktop.checks.reading import told as in_words

_WORDS = 6  # looked at on either side
_ROOM = 90
_ENOUGH = {Kind.DATE: 8}
_USUALLY = 5
_AHEAD = 3
_MANY_PAGES = 40
KINDS = frozenset((Kind.DATE, Kind.AGE, Kind.SIDE, Kind.LEVEL, Kind.SCORE, Kind.COUNT, Kind.STRENGTH, Kind.QUANTITY))


class Around(NamedTuple):
    """The searching forms of the words before and after a fact, the nearest first."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    def alike(self, other: "Around") -> int:
        """How many words stand at the same distance in both."""
        pairs = (*zip(self.before, other.before, strict=False), *zip(self.after, other.after, strict=False))
        return sum(one == two for one, two in pairs)


def around(text: str, begin: int, end: int) -> Around:
    """The words around part of a text."""
    first = text.find(" ", begin - _ROOM) if begin > _ROOM else 0
    before = forms(text[first:begin])[-_WORDS:]
    return Around(before[::-1], forms(text[end : end + _ROOM])[:_WORDS])


def against(index: Index, mention: Mention, sentence: str, scope: Collection[int] = ()) -> tuple[Shown, str] | None:
    """The words of a page that say the same with another value, and that value; None where the page agrees.

    ``scope`` are the only pages to look at where the sentence's day has some: what is said alike on another day is no
    contradiction. A page counts where at least five words (of a date eight, for visits are told alike) stand around
    its value as around the fact; and only if nothing with the fact's own value is nearly as like.
    """
    enough = _ENOUGH.get(mention.kind, _USUALLY)
    here = around(sentence, mention.begin, mention.end)
    if len(here.before) + len(here.after) < enough:
        return None
    same, best, found = 0, 0, None
    pages = [
        number for number in index.pages_of_all((*here.before[:2], *here.after[:2])) if not scope or number in scope
    ]
    for number in pages if len(pages) <= _MANY_PAGES else ():
        for each in index.facts(number, mention.kind):
            alike = here.alike(around(index.pages[number].text, each.begin, each.end))
            if each.value == mention.value:
                same = max(same, alike)
            elif alike > best and _of_one_thing(mention, each):
                best, found = alike, (index.shown(number, each.begin, each.end), in_words(each.value))
    return found if best >= max(enough, same + _AHEAD) else None


def _of_one_thing(mention: Mention, each: Mention) -> bool:
    """Whether both tell of one drug and one part of the body, in one unit."""
    if mention.about and each.about and mention.about != each.about:
        return False
    mine, other = mention.value, each.value
    return not (isinstance(mine, tuple) and isinstance(other, tuple)) or mine[-1] == other[-1]
