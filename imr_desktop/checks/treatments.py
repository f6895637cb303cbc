# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a treatment's wording tells: the words that name it, and its amounts, so that two wordings can be compared."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from imr_desktop.checks import reading, tables
from imr_desktop.checks.index import forms
from imr_desktop.checks.reading import Kind, Mention
from imr_desktop.checks.remembering import remembered

_SAYS_LITTLE = frozenset(
    forms(
        "a an and the of for to with without in on at by per or from as is be x times time week weeks day "
        "days month months year daily original request requested associated surgical service services item "
        "visit"
        " visits session sessions treatment treatments trial additional further more one two three four five "
        "six seven eight nine ten twelve quantity qty units unit mg ml mcg gm tab tabs tablet tablets cap "
        "capsule capsules oral refill refills left right bilateral both retrospective dos date retro "
        "possible post op postoperative post-op preoperative initial continue continued rental purchase "
        "authorized administrator claims remaining portion eligible imr was include including other various"
    )
)
_WHERE = frozenset(
    form
    for word in (
        *tables.parts(),
        "spine lumbar cervical thoracic lumbosacral neck back low lower upper mid head trunk body area",
    )
    for form in forms(word)
)
_SAME = (
    ("mri", "magnetic resonance imaging"),
    ("physical therapy", "physiotherapy"),
    ("pt", "physical therapy"),
    ("ot", "occupational therapy"),
    ("emg", "electromyography"),
    ("ncv", "nerve conduction"),
    ("ncs", "nerve conduction"),
    ("ct", "computed tomography"),
    ("esi", "epidural steroid injection"),
    ("uds", "urine drug screen"),
    ("tens", "transcutaneous electrical nerve stimulation"),
    ("dme", "durable medical equipment"),
    ("x-ray", "radiograph"),
    ("low back", "lumbar"),
    ("neck", "cervical"),
)
_SAME_FORMS = tuple((frozenset(forms(one)), frozenset(forms(other))) for one, other in _SAME)


# "PT 3x2": so many times a week for so many weeks. Only of what is done in visits; 4x4 gauze is a size.
_WEEKS = re.compile(
    r"(?<![\w./#-])(\d)\s?x\s?(\d{1,2})\b(?!\s?(?:[x./]|cm|mm|mg|in\b|inch|feet|ft|days?|months?))", re.IGNORECASE
)
_IN_VISITS = re.compile(
    r"\b(?:PT|OT|therapy|physiotherapy|acupuncture|chiropractic|massage|manipulation|visits?|sessions?)\b",
    re.IGNORECASE,
)


class Amounts(NamedTuple):
    """The amounts in a treatment's wording, by kind; an empty set where the wording states none."""

    strengths: frozenset[object]
    quantities: frozenset[object]
    counts: frozenset[object]
    frequencies: frozenset[object]
    durations: frozenset[object]
    sides: frozenset[object]
    levels: frozenset[object]
    drugs: frozenset[object]


@remembered
def mentions(wording: str) -> tuple[Mention, ...]:
    """The facts in a treatment's wording."""
    return reading.mentions(wording)


@remembered
def amounts(wording: str) -> Amounts:
    """The amounts that a wording states."""
    found = mentions(wording)

    def of(*kinds: Kind) -> frozenset[object]:
        return frozenset(each.value for each in found if each.kind in kinds)

    counts = {value[0] for value in of(Kind.COUNT) if isinstance(value, tuple) and value[1] != "refill"}
    weekly = [*_WEEKS.finditer(wording)] if _IN_VISITS.search(wording) else []
    frequencies = {(float(each[1]), "week") for each in weekly}
    durations = {(float(each[2]), "week") for each in weekly}
    names = {level for value in of(Kind.LEVEL) if isinstance(value, frozenset) for level in value}
    return Amounts(
        of(Kind.STRENGTH),
        of(Kind.QUANTITY),
        frozenset(counts),
        of(Kind.FREQUENCY) | frequencies,
        of(Kind.DURATION) | durations,
        of(Kind.SIDE),
        frozenset(names),
        of(Kind.DRUG),
    )


@remembered
def naming(wording: str) -> frozenset[str]:
    """The searching forms of the words that name a treatment: no amounts, no sides, no filling words. Brands and
    generic names count as one.
    """
    text = wording.lower()
    for each in sorted(mentions(wording), key=lambda each: -each.begin):
        if each.kind is Kind.DRUG:
            text = f"{text[: each.begin]} {each.value} {text[each.end :]}"
    return frozenset(
        form for form in forms(text) if len(form) > 1 and form not in _SAYS_LITTLE and not form[0].isdigit()
    )


@remembered
def telling(wording: str) -> frozenset[str]:
    """The one or two words by which a treatment would be found in a file: its drug, or its longest words."""
    drugs = [str(each.value) for each in mentions(wording) if each.kind is Kind.DRUG]
    if drugs:
        return frozenset(forms(drugs[0])[:1])
    words = sorted(naming(wording) - _WHERE, key=lambda word: (-len(word), word))
    return frozenset(words[:2])


@remembered
def alike(one: str, other: str) -> float:
    """How far two wordings name the same treatment: the share of the shorter one's naming words found in the other.

    Where a treatment is given counts only between wordings that name nothing else.
    """
    mine, theirs = naming(one), naming(other)
    mine = _widened(mine, theirs)
    if mine - _WHERE and theirs - _WHERE:
        mine, theirs = mine - _WHERE, theirs - _WHERE
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0


def _widened(words: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The words with synonyms turned into those that the other wording uses."""
    for one, other in _SAME_FORMS:
        for mine, theirs in ((one, other), (other, one)):
            if mine <= words and theirs <= others and not theirs <= words:
                words = (words - mine) | theirs
    return words


@remembered
def entries(listed: str) -> tuple[str, ...]:
    """The treatments of a free-text list: divided by semicolons, line breaks or numbering."""
    parts: Iterable[str] = re.split(r";|\n|(?:^|\s)\(?\d{1,2}[.)]\s+(?=[A-Z])", listed)
    return tuple(part.strip(" ,.") for part in parts if part.strip(" ,."))
