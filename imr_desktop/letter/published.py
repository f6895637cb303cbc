# SPDX-License-Identifier: AGPL-3.0-or-later
"""A published determination letter read back into a determination, with every word that the letter says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from imr_desktop.errors import Trouble
from imr_desktop.letter import (
    published_cover,
    published_credentials,
    published_header,
    published_items,
    published_review,
)
from imr_desktop.letter import wording as wordings
from imr_desktop.letter.published_credentials import HowMade
from imr_desktop.letter.published_header import HeaderRead
from imr_desktop.letter.published_items import ItemsRead
from imr_desktop.letter.published_lines import Row, rows_of_lines, rows_of_text
from imr_desktop.letter.published_paragraphs import Paragraph
from imr_desktop.letter.published_sections import Section, divide
from imr_desktop.models.case import Case, Imro, LetterText, Party, PrintedSection
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import LetterOutcome, letter_outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import TextLine
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.models.wording import Wording

_PREFERRED = "fdl-2016"
_OUT_OF_ORDER = 100
_SUMMARY_LEAD_IN = re.compile(r"The .{0,40}developed the following (?:clinical )?(?:case )?summary .*:$", re.IGNORECASE)


class NotALetter(Trouble):
    """What was given is not a determination letter that can be made sense of."""

    default_advice = "Give a published Independent Medical Review determination whose text can be selected."


@dataclass
class _Letter:
    """The letter's parts, before a wording has been chosen for it."""

    head: HeaderRead = field(default_factory=HeaderRead)
    how_made: HowMade | None = None
    summary: tuple[str, ...] = ()
    items: ItemsRead = field(default_factory=ItemsRead)
    imro: Imro = Imro()
    cc: tuple[Party, ...] = ()
    reviewer: Reviewer = Reviewer()
    titles: dict[str, str] = field(default_factory=dict)
    others: list[PrintedSection] = field(default_factory=list)

    def keep(self, heading: str, texts: Sequence[str], before: str) -> None:
        """Keep a part of the letter that no field of ours holds."""
        if heading or texts:
            self.others.append(PrintedSection(heading, tuple(texts), before))


def read(pages: Sequence[Sequence[TextLine]]) -> Determination:
    """The determination that a letter's printed lines say, page after page; NotALetter if they say none.

    Page numbers and running headers and footers alone are dropped. Lines come with their boxes in page points.
    """
    return _determination(rows_of_lines(pages))


def from_text(text: str) -> Determination:
    """The determination that a letter's plain text says; form feeds divide pages. NotALetter if it says none."""
    return _determination(_without_note(rows_of_text(text)))


def _without_note(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows without the sentence that a file begins with to say what follows, where the letter has no header."""
    noted = len(rows) > 1 and rows[1].gap and rows[0].text.endswith(".") and rows[1].text.isupper()
    return rows[1:] if noted else rows


def _determination(rows: Sequence[Row]) -> Determination:
    letter = _read(rows)
    if not letter.items.items:
        raise NotALetter("No disputed item with its decision was found in what was to be read as a letter.")
    formats = sorted(wordings.formats(), key=lambda name: name != _PREFERRED)
    attempts = [_worded(letter, wordings.load(name)) for name in formats]
    return min(attempts, key=lambda attempt: _cost(attempt, letter))


def _cost(determination: Determination, letter: _Letter) -> int:
    """How far a format is from the letter: what it would print otherwise, and parts that it puts elsewhere."""
    order = [part for part in wordings.parts(determination.wording, "public") if part in letter.titles]
    elsewhere = order != [part for part in letter.titles if part in order] or len(order) < len(letter.titles)
    printed = determination.case.letter.printed.values()
    return sum(max(1, len(kept)) for kept in printed) + _OUT_OF_ORDER * elsewhere


def _read(rows: Sequence[Row]) -> _Letter:
    head, sections = _with_items(*divide(rows))
    letter = _Letter()
    for at, section in enumerate(sections):
        later = (each.part for each in sections[at + 1 :])
        _take(section, next((part for part in later if part and part != "documents"), ""), letter)
    published_review.gather(sections, letter.items)
    _read_head(head, next((section.part for section in sections if section.part), ""), letter)
    return letter


def _read_head(parts: Sequence[Paragraph], before: str, letter: _Letter) -> None:
    """What stands above the first title: the header table, and a party letter's cover around it."""
    ours = wordings.load(_PREFERRED)
    parties, rest = published_cover.cells(parts, ours)
    cover = published_cover.read(rest, letter.imro, parties.get("employee"), _outcome(letter), ours)
    letter.imro = cover.imro
    letter.head = published_header.read(cover.kept)
    letter.head.facts |= parties | ({"employee": cover.employee} if cover.employee else {})
    first = [PrintedSection("", tuple(letter.head.above), "header")] if letter.head.above else []
    second = [PrintedSection("", tuple(letter.head.below), before)] if letter.head.below else []
    letter.others = [*first, *second, *letter.others]


def _outcome(letter: _Letter) -> LetterOutcome | None:
    return letter_outcome(published_items.build(letter.items.items, wordings.load(_PREFERRED)))


def _with_items(
    head: tuple[Paragraph, ...], sections: tuple[Section, ...]
) -> tuple[tuple[Paragraph, ...], tuple[Section, ...]]:
    """The same, with a section of items made out where none has its title."""
    if any(section.part in ("items", "issues") for section in sections):
        return head, sections
    for at, parts in enumerate((head, *(section.parts for section in sections))):
        start = published_items.first_heading(parts)
        if start is None:
            continue
        items = Section("items", "", parts[start:])
        if at == 0:
            return parts[:start], (items, *sections)
        cut = Section(sections[at - 1].part, sections[at - 1].title, parts[:start])
        return head, (*sections[: at - 1], cut, items, *sections[at:])
    return head, sections


def _take(section: Section, before: str, letter: _Letter) -> None:
    """Put a section where it belongs; ``before`` names the part that follows it."""
    known = section.part not in ("", "documents") and bool(section.parts)
    if section.part == "summary" and not _summary(section.texts, wordings.load(_PREFERRED))[1]:
        known = False
    if not known:
        letter.keep(section.title, section.texts, before)
        return
    letter.titles[section.part] = section.title
    if section.part == "how_made":
        letter.how_made = published_credentials.read(section.texts)
        letter.imro = replace(letter.imro, name=letter.how_made.imro_name)
        letter.keep("", letter.how_made.after, before)
    elif section.part == "summary":
        letter.summary = section.texts
    elif section.part == "items":
        ours = wordings.load(_PREFERRED)
        parts, letter.reviewer = published_cover.signature(section.parts, ours)
        parts, signatory, letter.cc = published_cover.closing(parts, letter.imro, ours)
        letter.imro = replace(letter.imro, signatory=signatory)
        letter.items = published_items.split(parts)


def _worded(letter: _Letter, wording: Wording) -> Determination:
    """The letter in one format: what its wording generates, and by slot what the letter prints otherwise."""
    summary_said, summary = _summary(letter.summary, wording)
    printed = _titles(letter, wording) | _labels(letter, wording) | summary_said
    printed |= {"how_made": ()} if letter.how_made is None else letter.how_made.printed(wording)
    if tuple(letter.items.lead_in) != _said(wording, "items_lead_in"):
        printed["items_lead_in"] = tuple(letter.items.lead_in)
    case = Case(
        id="",
        header=replace(letter.head.header(), cc=letter.cc),
        imro=_imro(letter, wording),
        clinical_summary=Narrative.of(*summary),
        items=published_items.build(letter.items.items, wording),
        letter=LetterText(wording.format, printed, tuple(letter.others)),
    )
    how_made = letter.how_made
    reviewer = letter.reviewer if how_made is None else replace(letter.reviewer, credentials=how_made.credentials)
    return Determination(case, reviewer, wording)


def _said(wording: Wording, slot: str) -> tuple[str, ...]:
    return tuple(text for text in wording.slots[slot].split("\n") if text)


def _titles(letter: _Letter, wording: Wording) -> dict[str, tuple[str, ...]]:
    """The titles that are printed otherwise; those of parts that are not there at all do not matter."""
    return {
        f"title_{part}": (title,) if title else ()
        for part, title in letter.titles.items()
        if title != wording.slots[f"title_{part}"]
    }


def _labels(letter: _Letter, wording: Wording) -> dict[str, tuple[str, ...]]:
    labels = {f"header_{name}": label for name, label in letter.head.labels.items()}
    if "priority" not in letter.head.facts:
        labels["header_priority"] = ""
    for name, slot in (("ca", "label_ca_guideline"), ("rationale", "label_rationale")):
        if name in letter.items.labels:
            labels[slot] = f"{letter.items.labels[name]}:" if letter.items.labels[name] else ""
    if letter.items.labels.get("reviewer") == "":
        labels["label_reviewer_guideline"] = ""
    return {
        slot: (label,) if label else () for slot, label in labels.items() if label != wording.slots.get(slot, label)
    }


def _summary(texts: Sequence[str], wording: Wording) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """What the lead-in says otherwise, and the summary's own paragraphs."""
    expected = _said(wording, "summary_lead_in")
    leads = tuple(texts[:1]) if texts and _SUMMARY_LEAD_IN.match(texts[0]) else ()
    if not texts or leads == expected:
        return {}, tuple(texts[len(leads) :])
    return {"summary_lead_in": leads}, tuple(texts[len(leads) :])


def _imro(letter: _Letter, wording: Wording) -> Imro:
    name = letter.imro.name
    label = letter.items.labels.get("reviewer", "")
    generated = wording.fill("guideline_label", imro=name) if name else ""
    return replace(letter.imro, guideline_label=label or generated)
