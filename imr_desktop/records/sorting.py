# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cutting a record into documents: where each begins, what it is, its date and author; always with a reason."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import fuzz

from imr_desktop import assets
from imr_desktop.models.days import days_in
from imr_desktop.models.records import Box, DocumentType, PageRef, Word
from imr_desktop.records.fax import FAX_LINE, FAX_PAGE
from imr_desktop.records.skew import level, slope

_TOP_LINES = 9
_TITLE_FITS = 86.0
_PAGE_OF = re.compile(r"\bpage\s*[:#]?\s*(\d{1,3}|[lI])\s*(?:of|/)\s*(\d{1,3})\b", re.IGNORECASE)
# A slash is easily taken for a 7 or a 1; with the other one and the century there, nothing else is meant.
_SLASHES = re.compile(r"\b(\d{1,2})(?:/(\d{1,2})[71]|[71](\d{1,2})/)((?:19|20)\d\d)\b")
_LABELLED = re.compile(r"[A-Za-z ]{2,20}:\s")
_NOT_ITS_DATE = re.compile(
    r"\binjury\b|birth|\bd\.?o\.?[bi]\b|hired?|next|ur determination|(?<!bill )received|"
    r"last|since|accident|expire|print",
    re.IGNORECASE,
)
_TITLES = (
    r"M\.?D|D\.?O|D\.?C|P\.?T|D\.?P\.?T|O\.?T|L\.?\s?Ac|Ph\.?\s?D|Psy\.?D|N\.?P|F\.?N\.?P|PA-?C|P\.?A|D\.?P\.?M|R\.?N"
    r"|D\.?D\.?S"
)
_CREDENTIAL = re.compile(rf"^(?:by:?\s*)?([A-Z][\w.' -]{{3,60}}?),\s*(?:{_TITLES})\b\.?")
_SIGNED = re.compile(
    r"(?:signed by|dictated by|provider|author|attending|interpreted by)\s*:?\s*([A-Z][\w.' -]{3,60})", re.IGNORECASE
)
_BESIDE_DATE = re.compile(r"^([A-Z][\w.' -]{3,60}?)\s*(?:\([^)]*\))?\s{0,6}Date:?\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """How documents of one type call themselves and their date (from the editable table)."""

    type: DocumentType
    titles: tuple[str, ...]
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What sorting sees of one page: its printed lines from the top, or that it is blank."""

    ref: PageRef
    lines: tuple[str, ...]
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Signs:
    """What one page says about the document it belongs to; ``number`` and ``count`` are its own "page 2 of 5"."""

    sheet: Sheet
    kind: Kind | None = None
    title: str = ""
    fit: float = 0.0
    number: int = 0
    count: int = 0
    faxed: int = 0
    fax_count: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A document that the machine proposes: pages ``first`` to ``last`` of one source file, from 0.

    ``confidence`` (0 to 1) and ``reason`` say why; a proposal becomes a document only by the reviewer's hand.
    """

    source: str
    first: int
    last: int
    type: DocumentType = DocumentType.OTHER
    title: str = ""
    author: str = ""
    date: dt.date | None = None
    confidence: float = 0.0
    reason: str = ""


@assets.from_tables
def kinds() -> tuple[Kind, ...]:
    """The kinds of document that the table knows."""
    rows = assets.table("tables/document_types.toml")["kind"]
    return tuple(Kind(DocumentType(row["type"]), tuple(row["titles"]), tuple(row["dates"])) for row in rows)


def sheet(ref: PageRef, words: Sequence[Word], *, blank: bool = False, turned: int = 0) -> Sheet:
    """A page as sorting sees it; ``turned`` is how far its content lies turned clockwise, in degrees."""
    # Labels and what they label often come as two lines of one row: they are read as they stand on the sheet.
    upright = words if not turned else [word._replace(box=_upright(word.box, turned)) for word in words]
    return Sheet(ref, _rows(upright), blank)


def signs(page: Sheet) -> Signs:
    """What one page says about its document."""
    top = [line for line in page.lines if not (FAX_LINE.search(line) or _PAGE_OF.search(line))][:_TOP_LINES]
    kind, title, fit = _title(top)
    text = "\n".join(page.lines)
    own, fax = _last(_PAGE_OF, text), _last(FAX_PAGE, text)
    return Signs(page, kind, title, fit, *own, *fax)


def cut(pages: Iterable[Signs]) -> Iterator[Proposal]:
    """The documents that pages, in the order of the case, seem to be."""
    run: list[Signs] = []
    why = ""
    for page in pages:
        reason = _begins(run, page)
        if reason and run:
            yield _proposal(run, why)
            run = []
        if not run:
            why = reason
        run.append(page)
    if run:
        yield _proposal(run, why)


def _begins(run: Sequence[Signs], page: Signs) -> str:
    """Why a page begins a new document; empty if it goes on with the one before."""
    if not run:
        return "first page"
    before = run[-1]
    if before.sheet.ref.source != page.sheet.ref.source or before.sheet.ref.page + 1 != page.sheet.ref.page:
        return "first page of its file"
    if page.sheet.blank:
        return ""
    if page.number:
        if page.number == 1:
            return f"says page 1 of {page.count}"
        if before.number in {0, page.number - 1} or not page.kind:
            return ""
    if page.faxed and page.fax_count:
        if page.faxed == 1:
            return f"first of {page.fax_count} faxed pages"
        if page.faxed == before.faxed + 1 and page.fax_count == before.fax_count:
            return ""
    if page.kind is not None:
        return f"headed {page.title}"
    written = [sign for sign in run if not sign.sheet.blank]
    if written and (written[-1].number and written[-1].number == written[-1].count):
        return "the document before it is complete"
    return ""


def _proposal(run: Sequence[Signs], why: str) -> Proposal:
    first = next((page for page in run if not page.sheet.blank), run[0])
    kind = first.kind
    day, label = _date(run, kind)
    reasons = [
        f"headed {first.title}" if kind else "no title that is known",
        why,
        f"dated by {label}" if day else "no date",
    ]
    sure = (0.5 if kind else 0.1) + (0.3 if "page" in why else 0.15) + (0.2 if label not in {"", "its text"} else 0.0)
    return Proposal(
        first.sheet.ref.source,
        run[0].sheet.ref.page,
        run[-1].sheet.ref.page,
        kind.type if kind else DocumentType.OTHER,
        first.title,
        _author(run),
        day,
        round(min(1.0, sure * (first.fit / 100 if kind else 1.0)), 2),
        "; ".join(dict.fromkeys(reasons)),
    )


def _title(lines: Sequence[str]) -> tuple[Kind | None, str, float]:
    best: tuple[float, Kind | None, str, float] = (0.0, None, "", 0.0)
    for number, line in enumerate(lines):
        if _LABELLED.match(line) or not _like_a_title(line):
            continue
        plain = _plain(line)
        for kind in kinds():
            for title in kind.titles:
                # A title stands in a line of its own, or makes up most of it; prose that mentions it does not count.
                if not 0.8 * len(title) <= len(plain) <= 2 * len(title) + 8:
                    continue
                fit = fuzz.partial_ratio(title, plain)
                weight = fit * len(title) ** 0.5 - 25 * number
                if fit >= _TITLE_FITS and weight > best[0]:
                    best = (weight, kind, line.strip(), fit)
    return best[1:]


def _like_a_title(line: str) -> bool:
    """Whether most longer words begin with a capital, as in headings and not in sentences."""
    long = [word for word in re.findall(r"[^\W_]+", line) if len(word) > 3]
    return 2 * sum(not word[0].islower() for word in long) > len(long)


def _date(run: Sequence[Signs], kind: Kind | None) -> tuple[dt.date | None, str]:
    labels = kind.dates if kind else ("date of service", "date of exam", "report date", "date of report", "date")
    found: list[tuple[int, int, dt.date, str]] = []
    lines = [line for page in run for line in page.sheet.lines if not FAX_LINE.search(line)]
    for number, line in enumerate(lines):
        line = _SLASHES.sub(lambda found: f"{found[1]}/{found[2] or found[3]}/{found[4]}", line)
        for written in days_in(line):
            before = line[: written.begin]
            label = _plain(re.split(r"[.;]|\d", before)[-1] or before)
            if _NOT_ITS_DATE.search(label):
                continue
            if not label and number < _TOP_LINES + 3:
                found.append((len(labels), number, written.day, "the day at its head"))
                continue
            rank = _rank(label, labels)
            if rank is not None:
                found.append((rank, number, written.day, f"“{labels[rank]}”"))
    if not found:
        return None, ""
    best = min(found, key=lambda one: (one[0], one[1]))
    # At the same label the day that is written most often is the one that was not misread.
    same = [one[2] for one in found]
    equals = [one for one in found if one[0] == best[0]]
    chosen = max(equals, key=lambda one: (same.count(one[2]), -one[1]))
    return chosen[2], chosen[3]


def _rank(label: str, labels: Sequence[str]) -> int | None:
    for rank, wanted in enumerate(labels):
        if fuzz.ratio(label[-len(wanted) :], wanted) >= 84:
            return rank
    return None


def _author(run: Sequence[Signs]) -> str:
    for page in reversed(run):
        for line in reversed(page.sheet.lines):
            for pattern in (_CREDENTIAL, _BESIDE_DATE, _SIGNED):
                found = pattern.search(line.strip())
                if found and not _NOT_ITS_DATE.search(found[1]):
                    return found[1].strip(" ,.")
    return ""


def _upright(box: Box, turned: int) -> Box:
    """A box as it would stand if the page were turned back, about its corner."""
    x0, y0, x1, y1 = box
    return {90: Box(y0, -x1, y1, -x0), 180: Box(-x1, -y1, -x0, -y0), 270: Box(-y1, x0, -y0, x1)}.get(turned, box)


def _rows(words: Sequence[Word]) -> tuple[str, ...]:
    """The words as rows from the top, whatever blocks they belong to, on a sheet that may lie askew."""
    fall = slope([word.box for word in line] for _, line in groupby(words, key=lambda word: (word.block, word.line)))
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (sum(level(word.box, fall)), word.box.x0)):
        top, bottom = level(word.box, fall)
        above, below = level(rows[-1][0].box, fall) if rows else (0.0, 0.0)
        if rows and above < (top + bottom) / 2 < below:
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(" ".join(word.text for word in sorted(row, key=lambda word: word.box.x0)) for row in rows)


def _last(pattern: re.Pattern[str], text: str) -> tuple[int, int]:
    found = [match.groups() for match in pattern.finditer(text)]
    if not found:
        return 0, 0
    number, count = found[-1]
    values = (int(number) if number.isdigit() else 1, int(count))
    return values if 0 < values[0] <= values[1] else (0, 0)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", text.lower().replace("'", "").replace("’", "")).split())
