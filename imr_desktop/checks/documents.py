# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the documents list: what the law wants in it, and what other documents name that is not there."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from imr_desktop.checks import normalise
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.index import Index, Shown
from imr_desktop.checks.normalise import us
from imr_desktop.models.deadlines import law
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Document, DocumentType

REQUIRED = {
    DocumentType.APPLICATION: "the application for review",
    DocumentType.UR_DETERMINATION: "the UR determination",
}
NOT_MEDICAL = frozenset(
    {
        DocumentType.APPLICATION,
        DocumentType.UR_DETERMINATION,
        DocumentType.PRIOR_UR,
        DocumentType.PRIOR_IMR,
        DocumentType.RFA,
        DocumentType.CORRESPONDENCE,
        DocumentType.LEGAL,
        DocumentType.OTHER,
    }
)
NAMING = frozenset({DocumentType.RFA, DocumentType.UR_DETERMINATION})
_REPORT = (
    r"PR-?2|progress (?:report|note)|(?:MRI|CT|X-?ray|EMG|NCV|NCS|EMG/NC[SV]|ultrasound)(?: (?:report|scan"
    r"|study))?|operative report|"
    r"(?:initial|consultation|evaluation|therapy|AME|QME|medical-legal|narrative|first|office|clinic) "
    r"(?:report|note|visit)|report|note"
)
_NAMED = re.compile(rf"\b({_REPORT})\b[^.;\n]{{0,40}}?\b(?:dated|of|from|on)\s+", re.IGNORECASE)


@check("QC-11", Severity.BLOCKS, "The documents list has the application and the UR determination.")
def required_documents_are_listed(subject: Subject) -> Said:
    """8 CCR 9792.10.6(d): the letter lists what was reviewed. A public copy has no such list."""
    if subject.published:
        return
    listed = {document.type for document in subject.case.documents}
    for kind, name in REQUIRED.items():
        if kind not in listed:
            yield f"The documents list lacks {name}.", Place(Part.DOCUMENTS)


@check(
    "QC-11",
    Severity.BLOCKS,
    "Every page of the record stands in a document of the list, is blank, or is dismissed.",
    of_record=True,
)
def every_page_is_listed(subject: Subject) -> Said:
    """8 CCR 9792.10.6(d): pages in no document would be reviewed and not listed. Copies follow their first."""
    index = subject.index
    if index is None:
        return
    loose = [
        page
        for page in index.pages
        if page.ref not in subject.documents_at and not (page.blank or page.dismissed or page.repeats)
    ]
    if loose:
        numbers = runs([page.case_page for page in loose])
        place = Place(Part.DOCUMENTS, page=loose[0].ref)
        yield f"No document of the list holds {numbers}.", place


@check("QC-12", Severity.BLOCKS, "At least one medical record besides the UR determination supports the decision.")
def a_medical_record_is_listed(subject: Subject) -> Said:
    """8 CCR 9792.10.6(b)(2): a determination never rests on the UR determination alone."""
    if not subject.published and all(document.type in NOT_MEDICAL for document in subject.case.documents):
        yield "The documents list has no medical record, so the decision rests on none.", Place(Part.DOCUMENTS)


@check("QC-13", Severity.WARNS, "The record covers the six months before the request.")
def six_months_are_covered(subject: Subject) -> Said:
    """8 CCR 9792.10.5(a)(1): the claims administrator owes the records of the six months before the request."""
    documents = subject.case.documents
    requests = sorted(each.date for each in documents if each.type is DocumentType.RFA and each.date)
    medical = [each for each in documents if each.type not in NOT_MEDICAL and each.date is not None]
    if not requests or not medical:
        return
    request = requests[-1]
    months = law("records_months")
    start = request - timedelta(days=round(months * 30.5))
    if not any(_overlaps(each, start, request) for each in medical):
        latest = max(each.date_to or each.date or date.min for each in medical)
        says = (
            f"No medical record of the {months} months before the request ({us(request)}) is listed; "
            f"the latest is dated {us(latest)}."
        )
        yield says, Place(Part.DOCUMENTS)


@check(
    "QC-13",
    Severity.WARNS,
    "Every report that the request or the UR determination names is in the record.",
    of_record=True,
)
def named_reports_are_there(subject: Subject) -> Said:
    """8 CCR 9792.10.5(a)(1): anything named in RFA or UR belongs to the record. The naming words are shown."""
    index = subject.index
    if index is None:
        return
    known = {each.date for each in subject.case.documents}
    for document in subject.case.documents:
        if document.type not in NAMING:
            continue
        missing: dict[tuple[str, date], Shown] = {}
        for name, day, shown in _names(subject, index, document):
            if day not in known and not _begins_a_page(index, day):
                missing.setdefault((name, day), shown)
        if missing:
            listed = ", ".join(f"{name} of {us(day)}" for name, day in missing)
            many = "a report that is" if len(missing) == 1 else f"{len(missing)} reports that are"
            says = f"“{document.title or document.type.value}” names {many} not in the record: {listed}."
            yield Told(says, Place(Part.DOCUMENTS, document.id), tuple(missing.values()), index.unsearched, listed)


def _names(subject: Subject, index: Index, document: Document) -> Iterator[tuple[str, date, Shown]]:
    for number in subject.pages_of(document):
        page = index.pages[number]
        for match in _NAMED.finditer(page.text):
            for each in normalise.dates(page.text[match.end() : match.end() + 20]):
                if each.begin == 0 and each.day <= subject.today:
                    yield match.group(1), each.day, index.shown(number, match.start(), match.end() + each.end)
                break


def _begins_a_page(index: Index, day: date) -> bool:
    """Whether a page is itself dated this day: the date stands in its head or beside its signature."""
    for number in index.dates.get(day, ()):
        text = index.pages[number].text
        ends = text[:700] + " . " + text[-220:] if len(text) > 920 else text
        for each in normalise.dates(ends):
            naming = list(_NAMED.finditer(ends, max(0, each.begin - 90), each.begin))
            if each.day == day and not (naming and naming[-1].end() >= each.begin):
                return True
    return False


def _overlaps(document: Document, start: date, end: date) -> bool:
    return document.date is not None and document.date <= end and (document.date_to or document.date) >= start


def runs(numbers: list[int]) -> str:
    """Case pages in words: ``pages 3-5 and 9``."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = [str(first) if first == last else f"{first}-{last}" for first, last in spans]
    if len(told) > 12:
        told = [*told[:11], f"{len(told) - 11} more runs"]
    if not told:
        return "no page"
    listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return f"page {listed}" if len(set(numbers)) == 1 else f"pages {listed}"
