# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a letter says: a rendition becomes blocks in reading order, its fixed sentences taken from the wording table."""

from collections.abc import Callable, Iterator
from functools import partial

from imr_desktop.letter import blocks, cover, documents
from imr_desktop.letter import wording as wordings
from imr_desktop.letter.blocks import Block, Entry, ItemHeading, Lines, Origin, Paragraph, SectionTitle
from imr_desktop.letter.renditions import Letter, PrintedItem, PublicLetter, SubmissionLetter, rendition_of
from imr_desktop.letter.slots import Slots, listed
from imr_desktop.models.case import PrintedSection
from imr_desktop.models.places import Part, Place
from imr_desktop.models.reviewer import CredentialStyle
from imr_desktop.models.wording import credentials_sentence

words = blocks.words
texts = blocks.texts

_CLOSING_PARTS = ("signature", "signatory", "cc")
_CREDENTIALS = Origin("the statement of credentials", Place(Part.REVIEWER))


def compose(letter: Letter) -> tuple[Block, ...]:
    """The blocks of a letter in the order that its format gives to the rendition."""
    slots = Slots(letter.body.texts)
    order = wordings.parts(letter.body.texts.wording, rendition_of(letter))
    others = list(letter.body.texts.other_sections)
    composed: list[Block] = []
    for part in order:
        if part in _CLOSING_PARTS:
            composed += _others(others, lambda _: True)
        composed += _others(others, partial(_stands_before, part))
        composed += _PARTS[part](letter, slots)
    return (*composed, *_others(others, lambda _: True))


def _stands_before(part: str, section: PrintedSection) -> bool:
    return section.before in (part, f"title_{part}")


def _others(waiting: list[PrintedSection], due: Callable[[PrintedSection], bool]) -> Iterator[Block]:
    """The sections that no field of ours holds, taken from those still waiting."""
    for section in [each for each in waiting if due(each)]:
        waiting.remove(section)
        yield from _printed_section(section)


def _printed_section(section: PrintedSection) -> Iterator[Block]:
    origin = Origin(f"the section “{section.heading}”", Place(Part.LETTER, field="other_sections"))
    for text in listed(section.heading):
        yield SectionTitle(text, origin)
    for text in listed(*section.paragraphs):
        yield Paragraph(text, origin)


def _titled(part: str, slots: Slots, body: list[Block]) -> list[Block]:
    """A section: its title, and its body; nothing at all where there is no body."""
    origin = Origin(f"the title of the section “{part}”", Place(Part.LETTER, field=f"title_{part}"))
    return [*(SectionTitle(text, origin) for text in slots.paragraphs(f"title_{part}")), *body] if body else []


def _correction(letter: Letter, slots: Slots) -> list[Block]:
    """What a corrected letter says of itself; the public copy does not say why, which may be somebody's affair."""
    said = slots.texts.correction
    if said is None:
        return []
    slot = "correction_public" if isinstance(letter, PublicLetter) else "correction"
    fields = {
        "number": str(said.number),
        "issued": said.issued.strftime("%m/%d/%Y"),
        "what": said.what,
        "why": said.why,
    }
    origin = Origin("the statement of the correction", Place(Part.LETTER, field="correction"))
    return _titled("correction", slots, [Paragraph(text, origin) for text in slots.paragraphs(slot, **fields)])


def _how_made(letter: Letter, slots: Slots) -> list[Block]:
    credentials = letter.body.credentials
    named = bool(credentials.certifications or credentials.states_of_licensure)
    inline = credentials.credential_style is CredentialStyle.INLINE
    sentence = credentials_sentence(credentials, slots.texts.wording) if named and inline else ""
    fixed = slots.paragraphs("how_made", imro=cover.organisation(letter), credentials=sentence)
    body: list[Block] = [Paragraph(text, _CREDENTIALS) for text in fixed]
    if slots.is_own("credentials_block"):
        body.append(Lines(slots.paragraphs("credentials_block"), _CREDENTIALS))
    elif named and not inline:
        body.append(Lines(_credentials_block(letter, slots), _CREDENTIALS))
    return _titled("how_made", slots, [block for block in body if not isinstance(block, Lines) or block.lines])


def _credentials_block(letter: Letter, slots: Slots) -> tuple[str, ...]:
    """The block's lines, without those whose field is empty."""
    credentials = letter.body.credentials
    join = slots.texts.wording.fill("credentials_join")
    values = {
        "states": join.join(credentials.states_of_licensure),
        "certifications": join.join(credentials.certifications),
    }
    patterns = slots.texts.wording.slots["credentials_block"].split("\n")
    empty = [f"{{{name}}}" for name, value in values.items() if not value.strip()]
    return listed(*(line.format_map(values) for line in patterns if not any(name in line for name in empty)))


def _documents(letter: Letter, slots: Slots) -> list[Block]:
    if isinstance(letter, PublicLetter) or not letter.documents:
        return []
    lead_in = _lead_in("documents_lead_in", slots)
    numbered = isinstance(letter, SubmissionLetter)
    entries = (documents.itemised if numbered else documents.by_source)(letter.documents, slots)
    listed = [_entry(number, entry, numbered) for number, entry in enumerate(entries, 1)]
    return _titled("documents", slots, [*lead_in, *listed])


def _entry(number: int, text: str, numbered: bool) -> Entry:
    origin = Origin(f"the documents list, entry {number}", Place(Part.DOCUMENTS))
    return Entry(f"{number}." if numbered else "•", text, origin)


def _summary(letter: Letter, slots: Slots) -> list[Block]:
    body: list[Block] = []
    for number, text in enumerate(listed(*letter.body.clinical_summary), 1):
        body.append(Paragraph(text, Origin(f"the clinical case summary, paragraph {number}", Place(Part.SUMMARY))))
    lead_in = _lead_in("summary_lead_in", slots)
    return _titled("summary", slots, [*lead_in, *body] if body else [])


def _items(letter: Letter, slots: Slots) -> list[Block]:
    body = [block for item in letter.body.items for block in _item(letter, item, slots)]
    return _titled("items", slots, [*_lead_in("items_lead_in", slots), *body] if body else [])


def _lead_in(slot: str, slots: Slots) -> list[Block]:
    return [Paragraph(text, _wording(slot), leads_on=True) for text in slots.paragraphs(slot)]


def _item(letter: Letter, item: PrintedItem, slots: Slots) -> list[Block]:
    return [_heading(item, slots), *_guideline_lines(letter, item, slots), *_rationale(item, slots)]


def _heading(item: PrintedItem, slots: Slots) -> Block:
    outcome = "undecided" if item.outcome is None else item.outcome.value.lower()
    heading = slots.line("item_heading", heading=item.heading)
    return ItemHeading(heading, slots.line(f"outcome_{outcome}"), _in_item(item, "heading"))


def _guideline_lines(letter: Letter, item: PrintedItem, slots: Slots) -> list[Block]:
    leads_on = bool(item.rationale)
    found: list[Block] = []
    if item.ca_guideline is not None:
        label, text = slots.line("label_ca_guideline"), " ".join(listed(item.ca_guideline))
        found.append(Paragraph(text, _in_item(item, "ca_guideline"), label, leads_on=True))
    if item.reviewer_guideline is not None:
        label, text = _reviewer_label(letter, slots), " ".join(listed(item.reviewer_guideline))
        found.append(Paragraph(text, _in_item(item, "reviewer_guideline"), label, leads_on))
    return found


def _reviewer_label(letter: Letter, slots: Slots) -> str:
    named = letter.organisation if isinstance(letter, PublicLetter) else letter.imro
    label = named.guideline_label.strip() or slots.line("guideline_label", imro=named.name)
    return slots.line("label_reviewer_guideline", guideline_label=label)


def _rationale(item: PrintedItem, slots: Slots) -> list[Block]:
    label = slots.line("label_rationale")
    return [
        Paragraph(text, _in_item(item, "rationale", number), label if number == 1 else "")
        for number, text in enumerate(listed(*item.rationale), 1)
    ]


def _issues(letter: Letter, slots: Slots) -> list[Block]:
    """The items' headings alone, for formats that give guidelines and rationales sections of their own."""
    body = [_heading(item, slots) for item in letter.body.items]
    return _titled("issues", slots, [*_lead_in("items_lead_in", slots), *body] if body else [])


def _guidelines(letter: Letter, slots: Slots) -> list[Block]:
    return _titled("guidelines", slots, _apart(letter, slots, lambda item: _guideline_lines(letter, item, slots)))


def _rationales(letter: Letter, slots: Slots) -> list[Block]:
    return _titled("rationales", slots, _apart(letter, slots, lambda item: _rationale(item, slots)))


def _apart(letter: Letter, slots: Slots, part: Callable[[PrintedItem], list[Block]]) -> list[Block]:
    """One part of every item; where there are several items, each under its heading."""
    several = len(letter.body.items) > 1
    made: list[Block] = []
    for item in letter.body.items:
        body = part(item)
        if body:
            made += [_heading(item, slots), *body] if several else body
    return made


def _in_item(item: PrintedItem, field: str, paragraph: int = 0) -> Origin:
    said = {
        "heading": "its heading",
        "ca_guideline": "the claims administrator's guideline",
        "reviewer_guideline": "the reviewer's guideline",
        "rationale": f"the rationale, paragraph {paragraph}",
    }
    return Origin(f"item {item.ordinal}, {said[field]}", Place(Part.ITEMS, item.id, field))


def _wording(slot: str) -> Origin:
    return Origin(f"the letter's wording, “{slot}”", Place(Part.LETTER, field=slot))


_PARTS: dict[str, Callable[[Letter, Slots], list[Block]]] = {
    **cover.PARTS,
    "correction": _correction,
    "how_made": _how_made,
    "documents": _documents,
    "summary": _summary,
    "items": _items,
    "issues": _issues,
    "guidelines": _guidelines,
    "rationales": _rationales,
}
