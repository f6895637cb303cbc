# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that belong to another person, and earlier decisions on the same treatment that were not acknowledged."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from imr_desktop.checks import normalise
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.index import Index, Shown, form, forms
from imr_desktop.checks.treatments import telling
from imr_desktop.models import names
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.places import Part, Place
from imr_desktop.models.readable import RecordPage
from imr_desktop.models.records import Disposition, DocumentType, PageRef

_CLAIM_LABELS = ("claim number", "claim no", "claim no.", "claim num", "claim")
_NAME_LABELS: tuple[str, ...] = ("patient", "employee", "worker", "claimant", "applicant")
_NAME_LABELS += tuple(f"{label}{end}" for label in _NAME_LABELS for end in (" name", "'s name"))
_BIRTH_LABELS = ("dob", "d.o.b.", "date of birth", "birth date", "birthdate")
_NUMBER = re.compile(r"\s*([A-Z0-9][A-Z0-9./-]{4,24})", re.IGNORECASE)
_NAME = re.compile(r"\s*([A-Z][\w'’.-]*(?:[ ,]+[A-Z][\w'’.-]*){1,3})")
_STOP = frozenset(
    ("claim", "date", "employer", "dob", "injury", "doi", "sex", "age", "address", "file", "case", "mrn", "no")
)
_STOP |= {"number", "exam"}
# In small letters, and beginning with letters: so a page is passed over many times faster.
_EARLIER_IMR = re.compile(
    r"i(?<!\wi)(?:ndependent medical review|mr)\b[^.]{0,80}\bdetermination\b|cm(?<!\wcm)\d{2}-\d{7,8}\b"
)
_DECIDED = ("determination", "decision", "report", "letter")
_NUMBERED = re.compile(r"cm\d\d")
_EARLIER_UR = re.compile(r"utili(?<!\wutili)[sz]ation review (?:determination|decision|report|letter)\b")
_ACKNOWLEDGED = re.compile(
    r"\b(?:prior|previous|earlier|past|former|preceding|first|initial)(?:ly)?\b[^.]{0,60}\b(?:IMR|UR|utili"
    r"[sz]ation review|independent "
    r"medical review|determination|decision|denial|denied|certif\w+|authori[sz]\w+|approv\w+|review)\b",
    re.IGNORECASE,
)


@check("QC-14", Severity.BLOCKS, "No page that belongs to another person is cited or listed as read.", of_record=True)
def no_cited_stray(subject: Subject) -> Said:
    """Reference QC-14: a stray page counts when evidence was taken from it; then the determination rests on it."""
    cited = {part.page for evidence in subject.case.evidence for part in evidence.passage.parts}
    for page, shown, why in _strays(subject):
        if page.ref in cited:
            says = f"Page {page.case_page} is cited, but {why}."
            yield Told(says, Place(Part.RECORDS, page=page.ref), (shown,), about=f"{page.ref.source}:{page.ref.page}")


@check(
    "QC-14",
    Severity.WARNS,
    "Pages that belong to another person are dismissed or stand in no document that was read.",
    of_record=True,
)
def strays_are_set_aside(subject: Subject) -> Said:
    """Reference QC-14: name, claim number and birth date as labelled on the page, OCR's slips allowed for."""
    cited = {part.page for evidence in subject.case.evidence for part in evidence.passage.parts}
    aside = (Disposition.NOT_RELEVANT, Disposition.UNREADABLE)
    for page, shown, why in _strays(subject):
        document = subject.documents_at.get(page.ref)
        settled = page.dismissed or (document is not None and document.disposition in aside)
        if page.ref not in cited and not settled:
            about = f"{page.ref.source}:{page.ref.page}"
            yield Told(f"On page {page.case_page}, {why}.", Place(Part.RECORDS, page=page.ref), (shown,), about=about)


def _strays(subject: Subject) -> list[tuple[RecordPage, Shown, str]]:
    index = subject.index
    if index is None:
        return []
    header = subject.case.header
    known = (header.claim_number, header.employee.name, header.employee.birth_date)
    return index.remember(("strays", known), lambda: list(_found(index, *known)))


def _found(index: Index, claim: str, name: str, born: date | None) -> Iterator[tuple[RecordPage, Shown, str]]:
    named, claimed = frozenset(index.pages_of_all(forms(name))), frozenset(index.pages_of_all(forms(claim)))
    for number, page in enumerate(index.pages):
        if born is None and number in named and number in claimed:
            continue
        for match, why in _signs(page.text, claim, name, born, right_name=number in named):
            yield page, index.shown(number, *match), why
            break


def _signs(
    text: str, claim: str, name: str, born: date | None, *, right_name: bool
) -> Iterator[tuple[tuple[int, int], str]]:
    """What on a page speaks for another person. The right name or claim number on it outweighs a single other sign."""
    labelled = list(_labelled(text))
    claims = [
        match
        for label, at in labelled
        if label.endswith(_CLAIM_LABELS)
        and (match := _NUMBER.match(text, at))
        and any(map(str.isdigit, match.group(1)))
    ]
    right_claim = claim and any(_is_number(text[match.start(1) :], claim) for match in claims)
    for label, at in labelled if name and not right_name else ():
        match = _NAME.match(text, at) if label.endswith(_NAME_LABELS) else None
        told = _name_of(match.group(1)) if match else ""
        if match and len(names.parts(told)) > 1 and not _one_name(told, name):
            yield match.span(), f"the {label.split()[-1]} is called {told}"
    if claim and claims and not right_claim and not right_name:
        yield claims[0].span(), f"the claim number is {claims[0].group(1)}, not {claim}"
    for label, at in labelled if born is not None and not (right_name and right_claim) else ():
        if label.endswith(_BIRTH_LABELS):
            days = [each.day for each in normalise.dates(text[at : at + 24]) if each.begin <= 2]
            if days and days[0] != born:
                yield (at, at + 12), f"the birth date is {normalise.us(days[0])}"


def _labelled(text: str) -> Iterator[tuple[str, int]]:
    """The labels of a page, in small letters, each with where what it labels begins."""
    at = 0
    for part in text.replace("#:", " :").replace("#", ":").split(":")[:-1]:
        at += len(part) + 1
        label = part[-24:].strip().lower()
        if label:
            yield label, at


def _name_of(words: str) -> str:
    kept = []
    for word in words.split():
        if word.strip(",.:").lower() in _STOP:
            break
        kept.append(word)
    return " ".join(kept).strip(" ,.")


def _one_name(told: str, name: str) -> bool:
    """Whether two names may be one person's: they share a part, or a part that OCR may have misread."""
    mine = {form(part) for part in names.parts(name)}
    return any(_near(part, other) for part in map(form, names.parts(told)) for other in mine)


def _is_number(text: str, number: str) -> bool:
    """Whether a text begins with the number, or with part of it, blanks and one misread or lost mark aside."""
    told, wanted = _marks(_NUMBER.match(text)), _squeezed(number)
    if told in wanted or wanted in told:
        return True
    rest = _squeezed(text[: 2 * len(number) + 8])
    return any(_one_edit(rest[: len(wanted) + more], wanted) for more in (-1, 0, 1))


def _marks(match: re.Match[str] | None) -> str:
    return _squeezed(match.group(1)) if match else ""


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", normalise.small(text)).translate(_LOOKS)


def _one_edit(one: str, other: str) -> bool:
    """Whether one mark changed, lost or put in makes one text of the other; short texts must be the same."""
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1:
        return one == other
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    behind = (len(one) > len(other)) - (len(one) < len(other))
    return one[same + (behind >= 0) :] == other[same + (behind <= 0) :]


_LOOKS = str.maketrans({"o": "0", "l": "1", "i": "1", "s": "5", "b": "8", "z": "2"})


def _near(one: str, other: str) -> bool:
    if len(one) != len(other):
        return one == other
    return sum(a != b for a, b in zip(one, other, strict=True)) <= (1 if len(one) > 4 else 0)


@check("QC-15", Severity.WARNS, "An earlier IMR or UR decision on the same treatment is acknowledged.")
def earlier_decisions_are_acknowledged(subject: Subject) -> Said:
    """Bowen 2019: an earlier favourable decision in the file that the determination passes over in silence."""
    index = subject.index
    if index is None:
        return
    earlier = index.remember(("earlier", subject.frame), lambda: _earlier(subject, index))
    if not earlier:
        return
    for item, text in zip(subject.case.items, subject.rationales, strict=True):
        words = telling(subject.headings[item.id])
        hits = index.remember(("earlier about", subject.frame, words), partial(_hits, index, earlier, words))
        if not hits or _is_acknowledged(subject, item, {hit.page for hit in hits}):
            continue
        pages = ", ".join(str(hit.case_page) for hit in hits[:8])
        says = (
            f"{subject.name(item)}: an earlier decision on this treatment is in the file (page {pages}) and is"
            f" not mentioned."
        )
        about = f"{text.narrative.text} {pages}"
        yield Told(says, text.place, tuple(hits), index.unsearched, about)


def _earlier(subject: Subject, index: Index) -> dict[int, Shown]:
    """Pages of decisions other than the one under review, with what makes them so."""
    header = subject.case.header
    kinds = (DocumentType.PRIOR_IMR, DocumentType.PRIOR_UR)
    found: dict[int, Shown] = {}
    named = {*index.pages_of_all(forms("independent medical review")), *index.pages_of(form("imr"))}
    told = {*index.pages_of_all(forms("utilization review")), *index.pages_of_all(forms("utilisation review"))}
    decided = {page for word in _DECIDED for page in index.pages_of(form(word))}
    telling_pages = (
        (named & {*index.pages_of(form("determination"))}) | (told & decided) | {*index.pages_with(_NUMBERED)}
    )
    listed = {number for each in subject.case.documents if each.type in kinds for number in subject.pages_of(each)}
    for number in sorted(telling_pages | listed):
        page = index.pages[number]
        document = subject.documents_at.get(page.ref)
        if document is not None and document.type in kinds:
            found[number] = index.shown(number, 0, min(60, len(page.text)))
        elif document is None or document.type is DocumentType.OTHER:
            small = normalise.small(page.text)
            match = _EARLIER_IMR.search(small) or _EARLIER_UR.search(small)
            if match is None or (header.case_number and header.case_number in page.text):
                continue
            if header.ur_decision_date not in index.days_on.get(number, frozenset()):
                found[number] = index.shown(number, *match.span())
    return found


def _hits(index: Index, earlier: dict[int, Shown], words: frozenset[str]) -> list[Shown]:
    return [shown for number, shown in earlier.items() if words and _is_about(index, number, words)]


def _is_about(index: Index, number: int, words: frozenset[str]) -> bool:
    return words <= index.forms_set(number)


def _is_acknowledged(subject: Subject, item: DisputedItem, pages: set[PageRef]) -> bool:
    anchored = {*item.rationale.anchors(), *subject.case.clinical_summary.anchors()}
    if any(each.id in anchored and each.passage.start in pages for each in subject.case.evidence):
        return True
    return any(
        subject.found(_ACKNOWLEDGED, sentence.text)
        for text in subject.texts
        if text.item is None or text.item.id == item.id
        for sentence in text.sentences
    )
