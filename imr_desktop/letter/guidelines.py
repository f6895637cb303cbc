# SPDX-License-Identifier: AGPL-3.0-or-later
"""Guideline sentences read back into citations, but only where the citations print exactly the same sentence again."""

import re
from collections.abc import Iterator

from imr_desktop.models.citations import (
    Citation,
    Guideline,
    GuidelineCitation,
    MtusCitation,
    OtherCitation,
    StudyCitation,
)
from imr_desktop.models.wording import Wording, generated_guideline

SUBJECT_CLAIMS_ADMINISTRATOR = "subject_claims_administrator"
SUBJECT_EXPERT_REVIEWER = "subject_expert_reviewer"

_YEAR = re.compile(r"^(?P<chapter>.+) (?P<year>(?:19|20)\d\d)$")
_SECTIONS = ", Section(s): "
_NUMBERED = re.compile(r"\d+(\.\d+)*\.? ")
_PUBLISHERS = re.compile(
    r"(?P<publisher>(?:The )?(?:"
    r"Official Disability Guidelines?(?: \(ODG\))?(?: Treatment in Workers' Compensation(?: \(TWC\))?)?|ODG(?:-TWC)?"
    r"|American College of Occupational and Environmental Medicine(?: \(ACOEM\))?"
    r"|ACOEM(?: Occupational Medicine)?(?: Practice)?(?: Guidelines?)?(?:, \d\w\w ed(?:\.|ition)| \d\w\w Edition)?"
    r"|American Medical Association(?: \(AMA\))?|AMA(?: Guides?)?"
    r"|American Academy of Orthopaedic Surgeons(?: \(AAOS\))?|AAOS"
    r"|Centers for Disease Control(?: and Prevention)?(?: \(CDC\))?|CDC"
    r"|Work Loss Data Institute|National Guideline Clearinghouse|UpToDate|Medscape"
    r"))(?:, (?P<rest>.+))?"
)
_AUTHORS = re.compile(r"[A-Z][\w'’-]+ [A-Z]{1,3}(?:, (?:[A-Z][\w'’-]+ [A-Z]{1,3}|et al))*")
_PLACE = re.compile(r"(?P<year>(?:19|20)\d\d)(?:;(?P<volume>[^:;]+))?(?::(?P<pages>[^:;]+))?")
_CHAPTER_ENDS = ("Guidelines", "Complaints", "Treatment")
_LONGEST_CHAPTER = 120


def parse(sentence: str, subject: str, wording: Wording) -> Guideline:
    """The citations behind a printed guideline sentence; ``subject`` is the wording slot naming who cites.

    Where they would not print exactly this sentence, the sentence itself is kept word for word.
    """
    printed = " ".join(sentence.split())
    for citations in _attempts(printed, subject, wording):
        if generated_guideline(citations, subject, wording) == printed:
            return Guideline(citations)
    return Guideline(text=printed)


def _attempts(printed: str, subject: str, wording: Wording) -> Iterator[tuple[Citation, ...]]:
    yield ()
    for inside, outside in _halves(printed, subject, wording):
        within = _mtus(inside, wording) if inside else ()
        if inside and not within:
            continue
        for beyond in _outside_readings(outside, wording):
            yield (*within, *beyond)


def _halves(printed: str, subject: str, wording: Wording) -> Iterator[tuple[str, str]]:
    """What may stand inside the MTUS sentence and what in the sentence on sources outside it."""
    before, after = _around("guideline_mtus", wording)
    outer_before, outer_after = _around("guideline_outside", wording)
    if _framed(printed, before, after):
        seam = f"{after} {outer_before}"
        at = printed.find(seam)
        while at >= 0 and printed.endswith(outer_after):
            yield printed[len(before) : at], printed[at + len(seam) : len(printed) - len(outer_after)]
            at = printed.find(seam, at + 1)
        if outer_before not in printed:
            yield printed[len(before) : len(printed) - len(after)], ""
    lead = wording.fill("guideline_outside_lead", subject=wording.fill(subject)) + " " + outer_before
    if _framed(printed, lead, outer_after):
        yield "", printed[len(lead) : len(printed) - len(outer_after)]


def _around(slot: str, wording: Wording) -> tuple[str, str]:
    before, _, after = wording.slots[slot].partition("{citations}")
    return before, after


def _framed(printed: str, before: str, after: str) -> bool:
    return printed.startswith(before) and printed.endswith(after) and len(printed) > len(before) + len(after)


def _mtus(text: str, wording: Wording) -> tuple[MtusCitation, ...]:
    """Chapters with year and sections; a chapter such as “Forearm, Wrist, and Hand Complaints” is not cut in two."""
    join = wording.fill("guideline_mtus_join")
    parts = text.split(join)
    pieces = parts[:1]
    for index, part in enumerate(parts[1:], 1):
        if _complete(pieces[-1]) and _begins_a_chapter(parts[index:], join):
            pieces.append(part)
        else:
            pieces[-1] += join + part
    cited = tuple(_chapter(piece) for piece in pieces)
    return cited if all(_plausible(each) for each in cited) else ()


def _complete(piece: str) -> bool:
    return _SECTIONS in piece or _names_a_chapter(piece)


def _names_a_chapter(text: str) -> bool:
    return _YEAR.match(text) is not None or text.endswith(_CHAPTER_ENDS)


def _begins_a_chapter(parts: list[str], join: str) -> bool:
    """Whether the words from here on, before any sections, are a whole chapter's title."""
    title = ""
    for part in parts:
        named = part.split(_SECTIONS)[0]
        title += named
        if _names_a_chapter(title):
            return True
        if named != part:
            return False
        title += join
    return False


def _chapter(piece: str) -> MtusCitation:
    named, _, listed = piece.partition(_SECTIONS)
    dated = _YEAR.match(named)
    sections = _sections(listed) if listed else ()
    if dated is None:
        return MtusCitation(named, None, sections)
    return MtusCitation(dated["chapter"], int(dated["year"]), sections)


def _plausible(cited: MtusCitation) -> bool:
    return len(cited.chapter) <= _LONGEST_CHAPTER and not re.search(r"[:;]|\. |MTUS", cited.chapter)


def _sections(listed: str) -> tuple[str, ...]:
    """Sections divided at commas, save those within brackets or within one section's own title."""
    numbered = _NUMBERED.match(listed) is not None
    sections: list[str] = []
    for part in listed.split(", "):
        if sections and (_open(sections[-1]) or not _begins_a_section(part, numbered)):
            sections[-1] += ", " + part
        else:
            sections.append(part)
    return _series_rejoined(sections)


def _open(section: str) -> bool:
    return section.count("(") > section.count(")")


def _begins_a_section(part: str, numbered: bool) -> bool:
    return _NUMBERED.match(part) is not None if numbered else part[:1].isupper() or part[:1].isdigit()


def _series_rejoined(sections: list[str]) -> tuple[str, ...]:
    """“Forearm”, “Wrist, & Hand” is one section: what ends in a series of one-word parts belongs to it."""
    for index, section in enumerate(sections):
        if re.search(r", (?:&|and) ", section):
            start = index
            while start > 0 and " " not in sections[start - 1]:
                start -= 1
            return (*sections[:start], ", ".join(sections[start : index + 1]), *_series_rejoined(sections[index + 1 :]))
    return tuple(sections)


def _outside_readings(text: str, wording: Wording) -> Iterator[tuple[Citation, ...]]:
    if not text:
        yield ()
        return
    join = wording.fill("guideline_outside_join")
    yield tuple(_outside(piece) for piece in text.split(join))
    yield (OtherCitation(text),)


def _outside(piece: str) -> Citation:
    for read in (_published(piece), _study(piece)):
        if read is not None and read.printed() == piece:
            return read
    return OtherCitation(piece)


def _published(piece: str) -> GuidelineCitation | None:
    """A guideline of a known publisher; None where a second publisher shows that the parts cannot be told apart."""
    found = _PUBLISHERS.fullmatch(piece)
    if found is None:
        return None
    rest = found["rest"] or ""
    if re.search(r"Official Disability|ACOEM|http", rest):
        return None
    first, comma, later = rest.partition(", ")
    year = None
    if re.fullmatch(r"(?:19|20)\d\d", first):
        year, rest = int(first), later if comma else ""
    chapter, section = _chapter_and_section(rest)
    return GuidelineCitation(found["publisher"], year, chapter, section)


def _chapter_and_section(rest: str) -> tuple[str, str]:
    """The chapter up to its comma; “Forearm, Wrist, and Hand” is one chapter."""
    parts = rest.split(", ")
    size = 1
    for index, part in enumerate(parts[1:3], 1):
        if part.startswith(("and ", "& ")):
            size = index + 1
    while size < len(parts) and _open(", ".join(parts[:size])):
        size += 1
    return ", ".join(parts[:size]), ", ".join(parts[size:])


def _study(piece: str) -> StudyCitation | None:
    parts = piece.split(". ")
    if len(parts) != 4 or not _AUTHORS.fullmatch(parts[0]):
        return None
    place = _PLACE.fullmatch(parts[3])
    if place is None:
        return None
    return StudyCitation(parts[0], parts[1], parts[2], int(place["year"]), place["volume"] or "", place["pages"] or "")
