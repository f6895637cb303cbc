# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages about another person: the name, birth date or claim number that they print is not this case's (QC-14)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from imr_desktop.models.days import days_in

_NAME = re.compile(
    r"\b(?:patient(?:'s)?(?: name)?|injured worker|employee(?: name)?|claimant|applicant|name of patient)\s*[:;]\s*"
    r"([A-Z][\w,.' -]{4,60}?)"
    r"(?=\s{2,}|\s+(?:claim|d\.?o\.?[bi]|date|dob|ssn|employer|sex|age|mrn|phone|address)\b|[|;]|$)",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"\b(?:date of birth|birth ?date|d\.?o\.?b\.?)\s*[:;]?\s*", re.IGNORECASE)
_CLAIM = re.compile(r"\bclaim\s*(?:number|no\.?|#|num)?\s*[:;#]\s*([A-Z0-9][A-Z0-9 -]{4,30}\d)\b", re.IGNORECASE)
_SAME_NAME, _SAME_CLAIM = 78.0, 72.0


@dataclass(frozen=True, slots=True)
class Belongs:
    """Whom the case is about; what is empty or None is not compared."""

    name: str = ""
    birth_date: date | None = None
    claim_number: str = ""


@dataclass(frozen=True, slots=True)
class Stray:
    """What on a page is another's (``name``, ``birth date`` or ``claim number``), and what the page says there."""

    what: str
    says: str


def stray(lines: Sequence[str], belongs: Belongs) -> Stray | None:
    """Whether a page is about somebody else; a single misread letter or digit is forgiven, and silence says nothing.

    Where the page also states something that does fit, it is not flagged for a name alone.
    """
    names = [found[1].strip() for line in lines for found in _NAME.finditer(line)] if belongs.name else []
    claims = [found[1].strip() for line in lines for found in _CLAIM.finditer(line)] if belongs.claim_number else []
    births = _births(lines) if belongs.birth_date else []
    fits = any(_same_claim(claim, belongs.claim_number) for claim in claims) or belongs.birth_date in births
    if births and belongs.birth_date not in births:
        return Stray("birth date", births[0].strftime("%m/%d/%Y"))
    if names and not fits and not any(_same_name(name, belongs.name) for name in names):
        return Stray("name", names[0])
    if claims and not any(_same_claim(claim, belongs.claim_number) for claim in claims):
        same_name = any(_same_name(name, belongs.name) for name in names)
        if not same_name:
            return Stray("claim number", claims[0])
    return None


def _births(lines: Sequence[str]) -> list[date]:
    found = []
    for line in lines:
        for label in _BIRTH.finditer(line):
            day = next((day for day in days_in(line[label.end() :]) if day.begin <= 2), None)
            if day:
                found.append(day.day)
    return found


def _same_name(one: str, other: str) -> bool:
    return bool(fuzz.token_set_ratio(one.lower().replace(",", " "), other.lower().replace(",", " ")) >= _SAME_NAME)


def _same_claim(one: str, other: str) -> bool:
    plain = [re.sub(r"[^a-z0-9]", "", text.lower()) for text in (one, other)]
    return bool(fuzz.ratio(*plain) >= _SAME_CLAIM)
