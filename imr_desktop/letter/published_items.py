# SPDX-License-Identifier: AGPL-3.0-or-later
"""The disputed items of a published letter: heading and outcome, both guideline lines, rationale."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from imr_desktop.errors import Trouble
from imr_desktop.letter.guidelines import SUBJECT_CLAIMS_ADMINISTRATOR, SUBJECT_EXPERT_REVIEWER, parse
from imr_desktop.letter.published_header import day_of
from imr_desktop.letter.published_paragraphs import Paragraph, paragraph
from imr_desktop.models.citations import Guideline
from imr_desktop.models.items import DisputedItem, ItemKind, Outcome, Treatment
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.wording import Wording, heading

CA_LABEL = re.compile(r"(?P<label>Claims? Administrator(?:['’]s)? guidelines?) ?:(?: |$)", re.IGNORECASE)
REVIEWER_LABEL = re.compile(r"(?P<label>(?!Claims? Administrator)\w[^:.;]{0,50}? guidelines?) ?:(?: |$)", re.IGNORECASE)
RATIONALE_LABEL = re.compile(
    r"(?P<label>(?:The )?(?:(?:Expert|Physician) Reviewer(?:['’]s)? )?(?:Decision )?rationale(?: for the decision)?)"
    r" ?:(?: |$)",
    re.IGNORECASE,
)
_CA_SENTENCE = re.compile(r"(?P<label>)The Claims Administrator (?:based|did not|cited|relied)\b", re.IGNORECASE)
_REVIEWER_SENTENCE = re.compile(
    r"(?P<label>)The (?:Expert|Physician) Reviewer (?:based|did not|cited|relied|found)\b", re.IGNORECASE
)
_TYPICAL = re.compile(r"Decision based|The (?:Expert|Physician) Reviewer", re.IGNORECASE)
_TYPICAL_VOTES = 10
_LABELS = {
    "ca": (CA_LABEL, _CA_SENTENCE),
    "rationale": (RATIONALE_LABEL,),
    "reviewer": (REVIEWER_LABEL, _REVIEWER_SENTENCE),
}
_OUTCOME = re.compile(r"^(?P<heading>.+?) ?: ?(?P<outcome>Upheld|Overturned)\.?$", re.IGNORECASE)
_VERDICT = re.compile(
    r"^(?P<heading>.{3,400}? is (?P<no>not )?medically necessary(?: and appropriate)?)\.?$", re.IGNORECASE
)
_STOP = re.compile(r"[.!?][\"'”’)\]]*$")
_MODIFIED = re.compile(r"\bwas the original\b|\bthe original request\.")
_ALONE = re.compile(r"^(?:Upheld|Overturned)\.?$", re.IGNORECASE)
_DOS = re.compile(r"\b(?:DOS|Dates? of Services?)\b", re.IGNORECASE)
_DAY = re.compile(r"\b\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})\b")


_LONGEST_HEADING = 400
_UNCLEAR = re.compile(
    r"^.{3,}?(?:\s[-–—]\s*(?:partially )?(?:upheld|overturned|uphold|overturn)"
    r"|:\s*(?:partially (?:upheld|overturned)|uphold|overturn|modified))\.?$",
    re.IGNORECASE,
)


class UnclearOutcome(Trouble):
    """A letter decides an item in words that cannot be told with certainty."""

    default_advice = "Enter this letter by hand; nothing of it was taken over."


@dataclass
class ItemRead:
    """One item as found: paragraphs by the label they stand under; None for a label that is not there."""

    heading: str
    outcome: Outcome
    ca: list[str] | None = None
    reviewer: list[str] | None = None
    rationale: list[str] | None = None
    loose: list[str] = field(default_factory=list)
    latest: list[str] | None = None


@dataclass
class ItemsRead:
    """The items section: what stands before the first item, the items, and the labels as printed ("": none)."""

    lead_in: list[str] = field(default_factory=list)
    items: list[ItemRead] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    own_label: str = ""


def is_label(text: str) -> bool:
    """Whether a line begins one of the labelled parts of an item."""
    return CA_LABEL.match(text) is not None or re.match(r"Decision rationale ?:", text, re.IGNORECASE) is not None


def own_label(lines: Iterable[str]) -> str:
    """The label of the reviewer's guideline in this letter; a cited title such as “Disability Guidelines:” is none."""
    votes: Counter[str] = Counter()
    below = False
    for line in lines:
        label = REVIEWER_LABEL.match(line) if below and line[:1].isupper() else None
        if label is not None:
            votes[label["label"]] += _TYPICAL_VOTES if _TYPICAL.match(line, label.end()) else 1
        below = below or CA_LABEL.match(line) is not None
    return votes.most_common(1)[0][0] if votes else ""


def is_outcome(text: str) -> bool:
    """Whether a line is nothing but an outcome, so that the words before it are its heading."""
    return _ALONE.match(text) is not None


def outcome_of(text: str) -> ItemRead | None:
    """The item that a heading begins; None if the text is no heading with an outcome at its end."""
    found = _OUTCOME.match(text)
    return None if found is None else ItemRead(found["heading"], Outcome(found["outcome"].title()))


def first_heading(parts: Sequence[Paragraph]) -> int | None:
    """Where the first item begins that a labelled part follows; None if there is none."""
    texts = [part.text for part in parts]
    return next((at for at in _sure(texts, outcome_of) or _sure(texts, _verdict_of)), None)


def split(parts: Sequence[Paragraph]) -> ItemsRead:
    """Divide the section's paragraphs into items."""
    texts = [part.text for part in headings_apart(parts)]
    begins, starts = _headings(texts)
    _refuse_unclear(texts, starts)
    found = ItemsRead(lead_in=texts[: starts[0]] if starts else texts, own_label=own_label(texts))
    for start, end in pairwise([*starts, len(texts)]):
        item = begins(texts[start])
        if item is not None:
            found.items.append(item)
            for text in texts[start + 1 : end]:
                put_under(found, item, text)
    return found


def _refuse_unclear(texts: Sequence[str], starts: Sequence[int]) -> None:
    """An outcome that is written in a way we do not know may not be taken for a part of the text: UnclearOutcome."""
    for at, text in enumerate(texts):
        if at not in starts and len(text) < _LONGEST_HEADING and _UNCLEAR.match(text) and not _is_labelled(text):
            raise UnclearOutcome(f"The outcome of an item is written in a way that is not known: “{text[-80:]}”.")


def put_under(found: ItemsRead, item: ItemRead, text: str, default: str = "") -> None:
    """Put a paragraph of an item under its label; without one it goes on with what came before.

    ``default`` names what it begins where it has no label and that is not begun yet.
    """
    name, label = ("", None) if item.rationale is not None else _begun(found, item, text, default)
    if name:
        printed = label["label"] if label else ""
        said = text[label.end() :].strip() if label and printed else text
        if found.labels.setdefault(name, printed) != printed:
            said = text
        item.latest = [said] if said else []
        setattr(item, name, item.latest)
    elif item.latest is None:
        item.loose.append(text)
    else:
        item.latest.append(text)


def _begun(found: ItemsRead, item: ItemRead, text: str, default: str) -> tuple[str, re.Match[str] | None]:
    for name, labels in _LABELS.items():
        label = next((match for match in (each.match(text) for each in labels) if match), None)
        own = not label or name != "reviewer" or label["label"] in ("", found.own_label or label["label"])
        if label and own and getattr(item, name) is None:
            return name, label
    return (default, None) if default and getattr(item, default) is None else ("", None)


def headings_apart(parts: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """A heading that ran on from the sentence above it, or whose outcome stands apart, as one paragraph of its own."""
    whole: list[Paragraph] = []
    for part in parts:
        if whole and is_outcome(part.text) and whole[-1].text.endswith(":"):
            whole[-1] = paragraph((*whole[-1].rows, *part.rows))
        else:
            whole.append(part)
    for index, part in enumerate(whole):
        labelled = index + 1 < len(whole) and _is_labelled(whole[index + 1].text)
        cut = _cut_before_heading(part) if labelled and _OUTCOME.match(part.text) else 0
        if cut:
            yield paragraph(part.rows[:cut])
            yield paragraph(part.rows[cut:])
        else:
            yield part


def _cut_before_heading(part: Paragraph) -> int:
    """The row from which on a paragraph is a heading; 0 where it is one from its beginning."""
    ends = [at for at, row in enumerate(part.rows) if at and _STOP.search(part.rows[at - 1].text)]
    modified = next((at for at, row in enumerate(part.rows) if _MODIFIED.search(row.text)), None)
    if modified is not None:
        ends = [at for at in ends if at <= modified]
    if _is_labelled(part.text):
        return ends[-1] if ends else len(part.rows) - 1
    return ends[-1] if ends and part.rows[ends[-1]].opens_page else 0


_Begins = Callable[[str], ItemRead | None]


def _headings(texts: Sequence[str]) -> tuple[_Begins, list[int]]:
    """Where items begin: at an outcome that a labelled part follows; at any outcome where none has such a part."""
    for begins in (outcome_of, _verdict_of):
        sure = _sure(texts, begins)
        if sure:
            return begins, sure
    return outcome_of, [at for at, text in enumerate(texts) if outcome_of(text) and not _is_labelled(text)]


def _sure(texts: Sequence[str], begins: _Begins) -> list[int]:
    """Headings with a labelled part under them; another label than the letter's own belongs to a rationale."""
    own = own_label(texts)
    found = []
    for at, (text, following) in enumerate(pairwise(texts)):
        label = REVIEWER_LABEL.match(following)
        if (
            begins(text)
            and not _is_labelled(text)
            and _is_labelled(following)
            and (not label or label["label"] == (own or label["label"]))
        ):
            found.append(at)
    return found


def _verdict_of(text: str) -> ItemRead | None:
    """The item that a heading of early letters begins: “… is not medically necessary and appropriate”."""
    found = _VERDICT.match(text)
    return found and ItemRead(found["heading"], Outcome.UPHELD if found["no"] else Outcome.OVERTURNED)


def _is_labelled(text: str) -> bool:
    return any(label.match(text) for labels in _LABELS.values() for label in labels)


def build(found: Sequence[ItemRead], wording: Wording) -> tuple[DisputedItem, ...]:
    """The items as the case keeps them, in the letter's order."""
    return tuple(_built(number, item, wording) for number, item in enumerate(found, 1))


def _built(number: int, found: ItemRead, wording: Wording) -> DisputedItem:
    item = _headed(DisputedItem(id=f"i{number}", heading=found.heading), wording)
    return replace(
        item,
        outcome=found.outcome,
        ca_guideline=_guideline(found.ca, SUBJECT_CLAIMS_ADMINISTRATOR, wording),
        reviewer_guideline=_guideline(found.reviewer, SUBJECT_EXPERT_REVIEWER, wording),
        rationale=Narrative.of(*found.loose, *(found.rationale or ())),
    )


def _guideline(said: list[str] | None, subject: str, wording: Wording) -> Guideline | None:
    return None if said is None else parse(" ".join(said), subject, wording)


def _headed(item: DisputedItem, wording: Wording) -> DisputedItem:
    """The item with its kind, wherever the heading can be printed again from the parts exactly as it was."""
    printed = item.heading
    for attempt in (_modified(item, wording), _dependent(item, wording)):
        if attempt is not None and heading(attempt, wording) == printed:
            return attempt
    if printed.casefold().startswith("retrospective") or (_DOS.search(printed) and _dates_of_service(printed)):
        return replace(item, kind=ItemKind.RETROSPECTIVE, dos=_dates_of_service(printed))
    return item


def _modified(item: DisputedItem, wording: Wording) -> DisputedItem | None:
    for slot, kind in (
        ("heading_remainder", ItemKind.UR_MODIFIED_REMAINDER),
        ("heading_substitution", ItemKind.UR_MODIFIED_SUBSTITUTION),
    ):
        parts = _pattern(wording.slots[slot]).fullmatch(item.heading)
        if parts is not None:
            said = {name: Treatment(text) for name, text in parts.groupdict().items()}
            requested, authorized = said.get("requested", item.requested), said.get("authorized", item.authorized)
            remaining = said.get("remaining", item.remaining)
            return replace(item, kind=kind, requested=requested, authorized=authorized, remaining=remaining)
    return None


def _pattern(template: str) -> re.Pattern[str]:
    """What a heading's pattern matches: each field once freely, and again as the same words."""
    seen: set[str] = set()
    pieces = []
    for piece in re.split(r"(\{\w+\})", template):
        if not piece.startswith("{"):
            pieces.append(re.escape(piece))
        elif piece in seen:
            pieces.append(f"(?P={piece[1:-1]})")
        else:
            seen.add(piece)
            pieces.append(f"(?P<{piece[1:-1]}>.+?)")
    return re.compile("".join(pieces))


def _dependent(item: DisputedItem, wording: Wording) -> DisputedItem | None:
    before, _, after = wording.slots["heading_dependent"].partition("{heading}")
    if not item.heading.startswith(before) or not item.heading.endswith(after):
        return None
    own = item.heading[len(before) : len(item.heading) - len(after)]
    return replace(item, heading=own, kind=ItemKind.DEPENDENT, dos=_dates_of_service(item.heading))


def _dates_of_service(printed: str) -> tuple[date, ...]:
    marked = _DOS.search(printed)
    days = [day_of(each) for each in _DAY.findall(printed[marked.end() :])] if marked else []
    return tuple(day for day in days if day is not None)
