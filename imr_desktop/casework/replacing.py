# SPDX-License-Identifier: AGPL-3.0-or-later
"""Find and replace across the letter: the summary, each item's wording, reason and rationale; anchors are never cut."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import Case
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative, plain
from imr_desktop.models.places import Part, Place

_AROUND = 40
_FIELDS = ("heading", "ur_reason", "rationale")
_TOKEN = re.compile(r"\[\[e:[0-9a-z]+\]\]")


@dataclass(frozen=True, slots=True)
class Sought:
    """What to find in the letter."""

    text: str
    match_case: bool = False
    whole_word: bool = False

    def pattern(self) -> re.Pattern[str]:
        """The words as a pattern; any run of blanks matches any other."""
        words = r"\s+".join(map(re.escape, self.text.split()))
        if self.whole_word:
            words = rf"(?<!\w){words}(?!\w)"
        return re.compile(words, 0 if self.match_case else re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """One place in the letter where the words stand, with the words around it."""

    place: Place
    before: str
    text: str
    after: str


def found(case: Case, sought: Sought) -> tuple[Spot, ...]:
    """Every place where the words stand, in the letter's order; nothing for no words."""
    if not sought.text.strip():
        return ()
    spots: list[Spot] = []
    for place, text in _texts(case):
        for start, end in _matches(sought, text):
            around = text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND]
            spots.append(Spot(replace(place, span=(start, end)), *around))
    return tuple(spots)


def replace_all(desk: Desk, sought: Sought, by: str) -> int:
    """Replace the words everywhere in the letter, as one step that can be taken back; gives how often."""
    case, by = desk.case, plain(by)
    if not sought.text.strip():
        return 0
    count = 0

    def changed(text: str) -> str:
        nonlocal count
        matches = _matches(sought, text)
        count += len(matches)
        for start, end in reversed(matches):
            text = text[:start] + by + text[end:]
        return text

    summary = Narrative(changed(case.clinical_summary.text))
    items = [_item(item, changed) for item in case.items]
    desk.rewrite(f"Replace “{sought.text}”", summary, items)
    return count


def replace_one(desk: Desk, spot: Spot, by: str) -> None:
    """Replace the words at one place; nothing happens where they no longer stand there."""
    case, place = desk.case, spot.place
    start, end = place.span or (0, 0)
    summary, items = case.clinical_summary, list(case.items)

    def changed(text: str) -> str:
        return text[:start] + plain(by) + text[end:] if text[start:end] == spot.text else text

    if place.part is Part.SUMMARY:
        summary = Narrative(changed(summary.text))
    else:
        items = [_field(item, place.field or "", changed) if item.id == place.row else item for item in items]
    desk.rewrite(f"Replace “{spot.text}”", summary, items)


def _texts(case: Case) -> list[tuple[Place, str]]:
    texts = [(Place(Part.SUMMARY), case.clinical_summary.text)]
    for item in case.items:
        for field in _FIELDS:
            value = getattr(item, field)
            texts.append((Place(Part.ITEMS, item.id, field), value.text if isinstance(value, Narrative) else value))
    return texts


def _matches(sought: Sought, text: str) -> list[tuple[int, int]]:
    kept = [match.span() for match in _TOKEN.finditer(text)]
    spans = [match.span() for match in sought.pattern().finditer(text)]
    return [(start, end) for start, end in spans if not any(start < last and first < end for first, last in kept)]


def _item(item: DisputedItem, changed: Callable[[str], str]) -> DisputedItem:
    for field in _FIELDS:
        item = _field(item, field, changed)
    return item


def _field(item: DisputedItem, field: str, changed: Callable[[str], str]) -> DisputedItem:
    value = getattr(item, field)
    fresh = Narrative(changed(value.text)) if isinstance(value, Narrative) else changed(value)
    return replace(item, **{field: fresh})  # type: ignore[arg-type]
