# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that an engine read column by column, put back as a form is read: each label with what stands beside it."""

from itertools import groupby

from imr_desktop.records.skew import level, slope

# A word in pixels of the upright picture: text, x0, y0, x1, y1, block, line.
Row = tuple[str, float, float, float, float, int, int]

_PROSE = 4.5  # words a line from which a block is running text, to be read to its end


def in_rows(words: list[Row]) -> list[Row]:
    """The words with blocks that stand beside each other, and are no running text, read row by row."""
    fall = slope([word[1:5] for word in line] for _, line in groupby(words, key=lambda word: (word[5], word[6])))
    blocks = [list(block) for _, block in groupby(words, key=lambda word: word[5])]
    if len(blocks) > 1 and not _has_columns(blocks):
        # The engine's own order of blocks goes wrong where one of them reaches around another.
        return _by_rows(words, 0, fall)
    groups: list[list[list[Row]]] = []
    for block in blocks:
        beside = None if _is_prose(block) else next((group for group in groups if _stands_beside(group, block)), None)
        if beside is None:
            groups.append([block])
        else:
            beside.append(block)
    ordered: list[Row] = []
    for number, group in enumerate(groups):
        if len(group) == 1:
            ordered += [(*word[:5], number, word[6]) for word in group[0]]
        else:
            ordered += _by_rows([word for block in group for word in block], number, fall)
    return ordered


def _is_prose(block: list[Row]) -> bool:
    lines = len({word[6] for word in block})
    return lines > 1 and len(block) / lines >= _PROSE


def _is_text(block: list[Row]) -> bool:
    """Whether a block is more than a speck or a stray mark: two lines of words at least."""
    words = [word for word in block if sum(map(str.isalnum, word[0])) > 1]
    return len(words) >= 4 and len({word[6] for word in words}) > 1


def _has_columns(blocks: list[list[Row]]) -> bool:
    """Whether running text stands beside anything else, so that reading across would mix the two."""
    for block in blocks:
        if not _is_prose(block):
            continue
        top, bottom = _edges(block)
        left, right = min(word[1] for word in block), max(word[3] for word in block)
        line = (bottom - top) / len({word[6] for word in block})
        for other in blocks:
            above, below = _edges(other)
            apart = min(word[1] for word in other) >= right or max(word[3] for word in other) <= left
            if other is not block and _is_text(other) and apart and min(bottom, below) - max(top, above) > line:
                return True
    return False


def _stands_beside(group: list[list[Row]], block: list[Row]) -> bool:
    if _is_prose(group[0]):
        return False
    top, bottom = _edges(block)
    above, below = _edges([word for other in group for word in other])
    overlap = min(bottom, below) - max(top, above)
    return overlap > 0.5 * min(bottom - top, below - above)


def _edges(words: list[Row]) -> tuple[float, float]:
    return min(word[2] for word in words), max(word[4] for word in words)


def _by_rows(words: list[Row], number: int, fall: float) -> list[Row]:
    rows: list[list[Row]] = []
    for word in sorted(words, key=lambda word: sum(level(word[1:5], fall))):
        top, bottom = level(word[1:5], fall)
        above, below = level(rows[-1][0][1:5], fall) if rows else (0.0, 0.0)
        if rows and above < (top + bottom) / 2 < below:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [
        (*word[:5], number, line) for line, row in enumerate(rows) for word in sorted(row, key=lambda word: word[1])
    ]
