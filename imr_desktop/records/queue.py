# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which page to draw next: what is looked at, then what comes next, and nothing else."""

from collections.abc import Collection


def next_page(seen: range, drawn: Collection[int], down: bool, pages: int) -> int | None:
    """The next page (from 0) worth drawing, or None when all is drawn that anyone is about to see.

    ``seen`` are the pages in view, ``down`` the direction of the last scroll, ``pages`` how many there are. Two pages
    ahead and one behind follow the visible ones; asking anew after each answer keeps the order fresh.
    """
    below = [seen.stop, seen.stop + 1]
    above = [seen.start - 1, seen.start - 2]
    around = [*below, above[0]] if down else [*above, below[0]]
    return next((page for page in (*seen, *around) if 0 <= page < pages and page not in drawn), None)
