# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages as the reviewer names them, ``413-416``, and the runs of source files that they mean."""

import re
from collections.abc import Sequence

from imr_desktop.models.records import PageSpan, SourceFile
from imr_desktop.ui.form.entries import Unreadable, cleaned


def show_pages(spans: Sequence[PageSpan], sources: Sequence[SourceFile]) -> str:
    """Case pages such as ``413-416, 420``; a run of a file that is not in the case is named by the file."""
    first = {source.sha256: source.first_case_page for source in sources}
    shown: list[tuple[int, int] | str] = []
    for span in spans:
        if span.source not in first:
            name = span.name or "file"
            shown.append(f"{name} {span.first + 1}-{span.last + 1}")
            continue
        start, end = first[span.source] + span.first, first[span.source] + span.last
        before = shown[-1] if shown else ""
        if isinstance(before, tuple) and before[1] + 1 == start:
            shown[-1] = (before[0], end)
        else:
            shown.append((start, end))
    return ", ".join(each if isinstance(each, str) else _run(*each) for each in shown)


def read_pages(text: str, sources: Sequence[SourceFile]) -> tuple[PageSpan, ...]:
    """The runs that case pages mean; Unreadable for what is no page or not in the case."""
    spans: list[PageSpan] = []
    for part in re.split(r"[,;]", cleaned(text)):
        if not part.strip():
            continue
        numbers = re.fullmatch(r"\s*(\d+)\s*(?:(?:-|–|—|to)\s*(\d+)\s*)?", part)
        if numbers is None:
            raise Unreadable(f"“{part.strip()}” is not a page or a run of pages; write it like 413-416.")
        start = int(numbers.group(1))
        end = int(numbers.group(2) or start)
        if end < start:
            raise Unreadable(f"The pages {start}-{end} run backwards.")
        spans.extend(_spans(start, end, sources))
    return tuple(spans)


def _spans(start: int, end: int, sources: Sequence[SourceFile]) -> list[PageSpan]:
    found: list[PageSpan] = []
    for source in sources:
        first, last = source.first_case_page, source.first_case_page + source.page_count - 1
        if start <= last and end >= first and source.page_count:
            found.append(PageSpan(source.sha256, source.name, max(start, first) - first, min(end, last) - first))
    if sum(span.last - span.first + 1 for span in found) != end - start + 1:
        raise Unreadable(_beyond(sources))
    return found


def _beyond(sources: Sequence[SourceFile]) -> str:
    pages = sum(source.page_count for source in sources)
    if not pages:
        return "The case has no pages yet."
    last = max(source.first_case_page + source.page_count - 1 for source in sources)
    return f"The case has the pages 1 to {last}."


def _run(start: int, end: int) -> str:
    return str(start) if start == end else f"{start}-{end}"
