# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records that the file names and does not hold, and the request for them to all parties."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from imr_desktop.models.case import Case
from imr_desktop.models.days import days_in
from imr_desktop.models.records import PageRef
from imr_desktop.storage import Vault

_REPORTS: Final = (
    (r"MRI|magnetic resonance imaging", "MRI report"),
    (r"CT(?: scan)?|computed tomography", "CT report"),
    (r"x-?rays?|radiographs?", "X-ray report"),
    (r"EMG(?:\s*/\s*NC[VS])?|NC[VS]|(?:electrodiagnostic|nerve conduction) stud(?:y|ies)", "Electrodiagnostic study"),
    (r"operative report|surgery report", "Operative report"),
    (r"(?:QME|AME|PQME)(?: report| evaluation)?", "Medical-legal report"),
    (r"PR-?2s?|progress report", "Progress report"),
    (r"(?:urine )?(?:drug|toxicology) (?:screen|test)(?: report)?|UDS", "Drug screen"),
    (r"RFA|request for authorization", "Request for authorization"),
)
_NAMED = re.compile("|".join(f"(?P<r{at}>\\b(?:{words})\\b)" for at, (words, _) in enumerate(_REPORTS)), re.IGNORECASE)
# The day must belong to the report: dated, of, from, performed on; with hardly anything between.
_BETWEEN = re.compile(
    r"^[\s,(]*(?:report|scan|study|evaluation)?(?:\s+(?:of|for)\s+(?:the\s+)?(?:[a-z]+\s+){1,4}?)?[\s,(]*"
    r"(?:was|were)?\s*(?:dated|done|performed|obtained|taken|from|of|on)?\s*(?:on)?\s*:?\s*$",
    re.IGNORECASE,
)
_REACH: Final = 60


@dataclass(frozen=True, slots=True)
class Missing:
    """A report that is not in the file: what it is, its day, and where in the file it is named (case page from 1)."""

    report: str
    day: date
    named_on: int | None = None
    named_by: str = ""


def gaps(case: Case, texts: Mapping[PageRef, str]) -> tuple[Missing, ...]:
    """The reports that pages name by day although no document, and no page of the file, is of that day."""
    there = {document.date for document in case.documents if document.date is not None}
    found: dict[tuple[str, date], Missing] = {}
    for source in case.sources:
        for page in source.pages():
            text = texts.get(page.ref, "")
            if not text:
                continue
            holder = case.document_at(page.ref)
            by = "" if holder is None else _called(holder.title or holder.type.value, holder.date)
            for report, day in _named(text):
                if day not in there and (report, day) not in found:
                    found[report, day] = Missing(report, day, page.case_page, by)
    return tuple(sorted(found.values(), key=lambda each: (each.day, each.report)))


def _named(text: str) -> Iterator[tuple[str, date]]:
    days = list(days_in(text))
    for match in _NAMED.finditer(text):
        report = _REPORTS[int(str(match.lastgroup)[1:])][1]
        for written in days:
            gap = written.begin - match.end()
            if 0 <= gap <= _REACH and _BETWEEN.match(text[match.end() : written.begin]):
                yield report, written.day
                break


def _called(title: str, day: date | None) -> str:
    name = title.replace("_", " ")
    return f"{name} dated {day:%m/%d/%Y}" if day else name


def log(vault: Vault, case_id: str, at: datetime, reports: int) -> None:
    """Keep the day of a request and how many records it asked for."""
    asked = requests(vault, case_id)
    vault.keep_setting(
        f"requested {case_id}", [*([day.isoformat(), count] for day, count in asked), [at.isoformat(), reports]]
    )


def requests(vault: Vault, case_id: str) -> tuple[tuple[datetime, int], ...]:
    """When records were requested for a case (UTC), and how many."""
    return tuple((datetime.fromisoformat(day), count) for day, count in vault.setting(f"requested {case_id}") or ())


def draft(case: Case, missing: tuple[Missing, ...], today: date) -> str:
    """The request as text: the case, each report with its day and who named it, and to whom it goes."""
    header = case.header
    lines = [
        f"{today:%m/%d/%Y}",
        "",
        f"Request for missing records, IMR case {header.case_number or '(number not known)'}",
        "",
        "To the Independent Medical Review Organization, for all parties (8 CCR 9792.10.5, 9792.10.6):",
        "",
        "The file names the following records and does not hold them. Please ask the claims administrator, and copy",
        "every party, to send them; the review goes on meanwhile with what is there.",
        "",
    ]
    for number, each in enumerate(missing, 1):
        by = f", named by {each.named_by}" if each.named_by else ""
        where = f" (case page {each.named_on})" if each.named_on else ""
        lines.append(f"{number}. {each.report} dated {each.day:%m/%d/%Y}{by}{where}")
    lines += ["", "The Expert Reviewer"]
    return "\n".join(lines) + "\n"
