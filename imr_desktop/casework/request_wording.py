# SPDX-License-Identifier: AGPL-3.0-or-later
"""A request in free text, cut into treatments and read for quantity; a proposal that nothing accepts by itself.

The wording stays word for word. A part of the quantity is read only where the request states it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from imr_desktop import assets
from imr_desktop.models.items import Contrast, DisputedItem, Quantity, RentalOrPurchase, Side, Treatment

_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[-•*])\s+")
_PIECE = re.compile(r"\s*(?:;|\n|,(?!\d{3}\b)|\s\+\s)\s*")
_AND = re.compile(r",?\s+(?:and|&)\s+", re.IGNORECASE)
_LEVEL = re.compile(r"\b([CTLS])\s?(\d{1,2})(?:\s?[-/–]\s?([CTLS])?\s?(\d{1,2}))?\b", re.IGNORECASE)
_STRENGTH = re.compile(
    r"\b(\d+(?:\.\d+)?(?:\s?[/-]\s?\d+(?:\.\d+)?)*)\s?(mcg/hr?|mcg|mg/ml|mg|milligrams?|%)(?![\w/])", re.IGNORECASE
)
_REFILLS = re.compile(
    r"\b(?:(no|zero)\s+refills?|(?:with\s+|x\s?)?({n})\s+(?:additional\s+)?refills?|refills?\s*(?:x|:|of)?\s*({n})\b)",
)
_TIMES = re.compile(r"\b(\d{1,2})\s?[x×]\s?(\d{1,2})\b(?!\s?(?:mg|mcg|%))", re.IGNORECASE)
_DURATION = r"(?:for|x|×|times|over)\s*(?:the\s+next\s+)?({n})\s*(day|week|wk|month|mo|year)s?\b"
_WEEKLY = r"\b({n})\s*(?:x|×|times?|visits?|sessions?)?\s*(?:/|per|a|each|every)\s*(day|week|wk|month)\b"
_VISITS = (
    r"(?:\bx\s?|×\s?|#\s?)?\b({n})\s+(?:\w+\s+){0,3}?(?:visits?|sessions?|treatments?)\b"
    r"|\b(?:visits?|sessions?)\s*[x×#:]?\s*({n})\b"
)
_AMOUNT = r"(?:#|\bqty\.?:?|\bquantity:?|\bcount:?)\s*({n})\b(?:\s*({u})\b)?|\b({n})\s*({u})\b"
_OFTEN = re.compile(
    r"\b(?:b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?h\.?s|q\.?d|prn|q\s?\d{1,2}(?:\s?-\s?\d{1,2})?\s?h(?:rs?|ours?)?"
    r"|(?:once|twice|two times|three times|four times) (?:a|per) day|once daily|twice daily|daily|nightly|at bedtime"
    r"|every \d{1,2}(?:\s?(?:-|to)\s?\d{1,2})? hours)\b\.?",
    re.IGNORECASE,
)
_CONTRAST = (
    (Contrast.WITH_AND_WITHOUT, re.compile(r"\bwith and without contrast|w/?wo contrast", re.IGNORECASE)),
    (Contrast.WITHOUT, re.compile(r"\bwithout (?:\w+ )?contrast|w/o contrast|non-?contrast", re.IGNORECASE)),
    (Contrast.WITH, re.compile(r"\bwith (?:\w+ )?contrast", re.IGNORECASE)),
)
_SIDES = (
    (Side.BILATERAL, re.compile(r"\bbilateral(?:ly)?\b|\bboth\b|\bB/L\b", re.IGNORECASE)),
    (Side.LEFT, re.compile(r"\bleft\b|\bL(?=\s+(?:knee|shoulder|hip|ankle|wrist|elbow|hand|foot)\b)", re.IGNORECASE)),
    (Side.RIGHT, re.compile(r"\bright\b|\bR(?=\s+(?:knee|shoulder|hip|ankle|wrist|elbow|hand|foot)\b)", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class RequestPart:
    """One treatment as the request words it, and what its words say about how much."""

    wording: str
    quantity: Quantity = Quantity()

    def told(self) -> str:
        """What was read, in a few words: ``60, 10/325 mg, 2 refills``; empty where nothing was."""
        read = self.quantity
        parts = (
            "" if read.amount is None else f"{read.amount:f} {read.unit}".strip(),
            read.strength,
            "" if read.sessions is None else f"{read.sessions} sessions",
            read.frequency,
            "" if not read.duration else f"for {read.duration}",
            "" if read.refills is None else f"{read.refills} refills",
            "" if read.side is None else read.side.value,
            read.body_part,
            " ".join(read.spinal_levels),
            "" if read.contrast is None else f"{read.contrast.value.replace('_', ' ')} contrast",
            "" if read.rental_or_purchase is None else read.rental_or_purchase.value,
        )
        return ", ".join(part for part in parts if part)

    def item(self) -> DisputedItem:
        """The part as a new disputed item, undecided."""
        return DisputedItem("", self.wording, requested=Treatment(self.wording, self.quantity), quantity=self.quantity)


def split_request(text: str) -> tuple[RequestPart, ...]:
    """The treatments of a request, in order, each with its quantity; nothing for no words.

    A piece that names no treatment of its own (``with 2 refills``, ``left``) stays with the one before.
    """
    wordings: list[str] = []
    for line in text.replace("\r", "").split("\n"):
        numbered = _NUMBERED.match(line) is not None
        bare = _NUMBERED.sub("", line).strip()
        for index, (gap, piece) in enumerate(_pieces(bare)):
            begins = _names_treatment(piece)
            if wordings and not begins and not (numbered and index == 0):
                wordings[-1] += gap + piece if index else f" {piece}"
            else:
                wordings += _halves(piece)
    return tuple(
        RequestPart(worded, quantity_of(worded)) for worded in (each.strip(" .,;") for each in wordings) if worded
    )


def quantity_of(wording: str) -> Quantity:
    """What a treatment's wording says about how much, how often, how long, where."""
    made = Quantity()
    strength = _STRENGTH.search(wording)
    rest = wording
    if strength is not None:
        unit = strength[2].lower()
        number = re.sub(r"\s", "", strength[1])
        made = replace(made, strength=number + unit if unit == "%" else f"{number} {unit}")
        rest = _without(rest, strength)
    refills = _compiled(_REFILLS.pattern).search(rest)
    if refills is not None:
        told = refills[2] or refills[3]
        made = replace(made, refills=0 if refills[1] else _number(told))
        rest = _without(rest, refills)
    made, rest = _visits(made, rest)
    amount = _compiled(_AMOUNT).search(rest)
    if amount is not None and made.sessions is None:
        count, unit = (amount[1], amount[2]) if amount[1] else (amount[3], amount[4])
        made = replace(made, amount=Decimal(_number(count)), unit=(unit or "").lower())
    often = _OFTEN.search(rest)
    if often is not None and not made.frequency:
        made = replace(made, frequency=often.group().rstrip("."))
    return _where(made, wording)


def _visits(made: Quantity, rest: str) -> tuple[Quantity, str]:
    times = _TIMES.search(rest)
    if times is not None:
        often, weeks = int(times[1]), int(times[2])
        sessions = often * weeks
        made = replace(made, frequency=f"{often} times a week", duration=f"{weeks} weeks", sessions=sessions)
        return made, _without(rest, times)
    weekly, lasting = _compiled(_WEEKLY).search(rest), _compiled(_DURATION).search(rest)
    visits = _compiled(_VISITS).search(_without(rest, weekly) if weekly else rest)
    if visits is not None:
        made = replace(made, sessions=_number(visits[1] or visits[2]))
    if weekly is not None:
        count, unit = _number(weekly[1]), _unit(weekly[2])
        made = replace(made, frequency=f"{count} time{'s' if count > 1 else ''} a {unit}")
    if lasting is not None:
        count, unit = _number(lasting[1]), _unit(lasting[2])
        made = replace(made, duration=f"{count} {unit}{'s' if count > 1 else ''}")
        if weekly is not None and _unit(weekly[2]) == unit and made.sessions is None:
            made = replace(made, sessions=_number(weekly[1]) * count)
    for found in (weekly, lasting):
        rest = rest if found is None else _without(rest, found)
    return made, rest


def _where(made: Quantity, wording: str) -> Quantity:
    side = next((side for side, pattern in _SIDES if pattern.search(wording)), None)
    levels = tuple(dict.fromkeys(_level(found) for found in _LEVEL.finditer(wording)))
    contrast = next((contrast for contrast, pattern in _CONTRAST if pattern.search(wording)), None)
    rental = None
    if re.search(r"\brent(?:al|ed)?\b", wording, re.IGNORECASE):
        rental = RentalOrPurchase.RENTAL
    elif re.search(r"\bpurchase\b", wording, re.IGNORECASE):
        rental = RentalOrPurchase.PURCHASE
    form = next((form for form in _table()["forms"] if re.search(rf"\b{form}(?:s|es)?\b", wording, re.IGNORECASE)), "")
    part = _body_part(wording)
    return replace(
        made, side=side, spinal_levels=levels, contrast=contrast, rental_or_purchase=rental, form=form, body_part=part
    )


def _body_part(wording: str) -> str:
    low = wording.casefold()
    found: list[tuple[int, int, str]] = []
    for name, written in _parts():
        for each in written:
            at = re.search(rf"(?<![\w/-]){re.escape(each)}(?![\w/-])", low)
            if at is not None:
                found.append((at.start(), -len(each), name))
    # Where "lumbar" lies within "lumbar spine" the longer writing stands for both; several parts are all named.
    return ", ".join(dict.fromkeys(name for _, _, name in sorted(found)))


def _level(found: re.Match[str]) -> str:
    region, first, second, last = found[1].upper(), found[2], (found[3] or "").upper(), found[4]
    if last is None:
        return f"{region}{first}"
    return f"{region}{first}-{'' if second in ('', region) else second}{last}"


def _pieces(line: str) -> Iterable[tuple[str, str]]:
    start, gap = 0, ""
    for found in _PIECE.finditer(line):
        if line[start : found.start()].strip():
            yield gap, line[start : found.start()].strip()
        start, gap = found.end(), found.group()
    if line[start:].strip():
        yield gap, line[start:].strip()


def _halves(piece: str) -> list[str]:
    """``Norco #60 and physical therapy 2x6`` are two; ``EMG and NCV of both arms`` is one study."""
    parts = _AND.split(piece)
    if len(parts) < 2 or not all(_names_treatment(part) and _says_how_much(part) for part in parts):
        return [piece]
    return parts


def _says_how_much(piece: str) -> bool:
    read = quantity_of(piece)
    return any((read.amount is not None, read.sessions is not None, read.strength, read.spinal_levels, read.duration))


def _names_treatment(piece: str) -> bool:
    low = piece.casefold()
    # What only adds to a treatment begins so, whatever it names: "with 2 refills", "to include x-rays".
    if re.match(r"(?:with|without|for|to|including|include|of|at|per|every|x\s?\d|#|qty|quantity|refill)", low):
        return False
    return any(re.search(rf"(?<![\w/-]){re.escape(word)}(?![\w/-])", low) for word in _treatment_words())


def _without(text: str, found: re.Match[str]) -> str:
    return text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]


def _number(told: str) -> int:
    words: dict[str, int] = _table()["numbers"]
    return words.get(told.casefold(), 0) or int(told)


def _unit(told: str) -> str:
    return {"wk": "week", "mo": "month"}.get(told.lower(), told.lower())


@assets.from_tables
def _compiled(pattern: str) -> re.Pattern[str]:
    numbers = "|".join(sorted(_table()["numbers"], key=len, reverse=True))
    units = "|".join(sorted(_table()["units"], key=len, reverse=True))
    return re.compile(pattern.replace("{n}", rf"\d{{1,4}}|{numbers}").replace("{u}", units), re.IGNORECASE)


@assets.from_tables
def _treatment_words() -> tuple[str, ...]:
    words = list(_table()["treatments"])
    for drug in assets.table("tables/drugs.toml")["drugs"]:
        words += [drug["name"], *drug["brands"], *re.split(r"[/ ]", drug["name"])]
    return tuple(dict.fromkeys(word.casefold() for word in words if len(word) > 1))


@assets.from_tables
def _parts() -> tuple[tuple[str, tuple[str, ...]], ...]:
    spine = tuple((name, tuple(written)) for name, written in _table()["spine"].items())
    return (*spine, *((row[0], tuple(row)) for row in assets.table("tables/body.toml")["parts"]))


@assets.from_tables
def _table() -> dict[str, Any]:
    return assets.table("tables/requests.toml")
