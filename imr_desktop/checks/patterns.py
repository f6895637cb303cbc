# SPDX-License-Identifier: AGPL-3.0-or-later
"""How one fact may be written on a page: a pattern that finds it, and words that its pages must hold."""

import functools
import re

from imr_desktop.checks import tables
from imr_desktop.checks.index import form
from imr_desktop.checks.normalise import NUMBER_WORDS
from imr_desktop.checks.reading import Kind, Mention

_WORDS_OF = {number: name for name, number in NUMBER_WORDS.items()}
_COUNTED = {
    "visit": r"visits?|sessions?|treatments?|appointments?|times",
    "injection": r"injections?|blocks?|shots?",
    "tablet": r"tab(?:let)?s?|cap(?:sule)?s?|pills?",
    "patch": r"patch(?:es)?",
    "refill": r"refills?",
    "block": r"blocks?|injections?",
}
_UNITS = {
    "mg": "mg|milligrams?", "mcg": "mcg|µg|ug|micrograms?", "g": "gm?|grams?", "ml": "ml|cc", "%": "%|percent",
    "unit": "units?|iu", "meq": "meq", "lb": "lbs?|pounds?", "kg": "kg", "cm": "cm", "mm": "mm", "in": 'inch(?:es)?|"',
    "ft": "feet|ft|foot", "mile": "miles?", "h": "hours?|hrs?", "min": "minutes?|min", "step": "steps?",
}  # fmt: skip
_SIDES = {
    "left": r"left|lt\.?|l\.?|\(l\)|bilateral(?:ly)?|both|b/l",
    "right": r"right|rt\.?|r\.?|\(r\)|bilateral(?:ly)?|both|b/l",
    "bilateral": r"bilateral(?:ly)?|both|b/l|left and right|right and left",
}
_AROUND = 64
_MIDDLE = r"(?:(?!left\b|right\b|than\b|from\b|to\b|of\b|the\b)[a-z'./]+[\s-]+){0,2}?"
_MOTION = r"flexion|extension|rotation|abduction|adduction|bending|raise|raising|deviation|pronation|supination"


def found_by(mention: Mention) -> re.Pattern[str] | None:
    """A pattern that finds the fact however it is written on a page; None for kinds with an index of their own."""
    make = _MAKERS.get(mention.kind)
    return None if make is None else _compiled(make(mention))


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def first(pattern: re.Pattern[str], mention: Mention, text: str) -> tuple[int, int] | None:
    """Where the fact first stands in a page's text, looked for only around words that it cannot do without."""
    needles = _needles(mention)
    small = text.lower()
    if not needles or len(small) != len(text):
        match = pattern.search(text)
        return match.span() if match else None
    for needle in needles:
        at = small.find(needle)
        while at >= 0:
            end = at + len(needle)
            if not (small[at - 1 : at].isdigit() or small[end : end + 1].isdigit()):
                start = max(0, at - _AROUND)
                match = pattern.search(text[start : end + _AROUND])
                if match:
                    return start + match.start(), start + match.end()
            at = small.find(needle, end)
    return None


def _needles(mention: Mention) -> tuple[str, ...]:
    value = mention.value
    if mention.kind is Kind.SIDE and isinstance(value, tuple):
        return tuple(word for word, part in tables.parts().items() if part == value[1])
    if mention.kind in (Kind.AGE, Kind.SCORE, Kind.QUANTITY, Kind.ANGLE, Kind.STRENGTH):
        number = str(value[0]).split("/")[0] if isinstance(value, tuple) else str(value)
        return (f"{float(number):g}",)
    if mention.kind is Kind.COUNT and isinstance(value, tuple) and isinstance(value[0], float):
        return (f"{value[0]:g}", *_spelt(value[0]))
    return ()


def must_hold(mention: Mention) -> tuple[tuple[str, ...], ...]:
    """Searching forms that a page with the fact must hold: one of each group."""
    value = mention.value
    if mention.kind is Kind.SIDE and isinstance(value, tuple):
        words = [word for word, part in tables.parts().items() if part == value[1]]
        sides = {"left": ("left", "lt", "l"), "right": ("right", "rt", "r")}.get(str(value[0]), ("left",))
        return tuple({form(word.split()[0]) for word in words}), tuple(
            map(form, (*sides, "bilateral", "bilaterally", "both", "b"))
        )
    if mention.kind is Kind.DRUG:
        return (tuple({form(re.split(r"[\s/-]", name)[0]) for name in names_of(str(value))}),)
    if mention.kind is Kind.STRENGTH and isinstance(value, tuple):
        amounts, unit = str(value[0]).split("/"), str(value[1])
        glued = [form(f"{amount}{each}") for amount in amounts for each in _plain_units(unit)]
        return tuple((amount.split(".")[0], *glued) for amount in amounts)
    if mention.kind in (Kind.MEASURE, Kind.ANGLE, Kind.SCORE, Kind.AGE, Kind.QUANTITY):
        number = value[0] if isinstance(value, tuple) else value
        if isinstance(number, float | int | str):
            bare = f"{float(number):g}".split(".")[0]
            return ((bare, *(form(f"{bare}{each}") for each in ("yo", "y", "cm", "lb", "lbs", "deg", "kg", "x"))),)
    if isinstance(value, tuple) and isinstance(value[0], float):
        return (
            (
                f"{value[0]:g}".split(".")[0],
                *_spelt(value[0], searching=True),
                form(f"x{value[0]:g}"),
                form(f"{value[0]:g}x"),
            ),
        )
    return ()


def names_of(drug: str) -> tuple[str, ...]:
    """Every name that a drug goes by."""
    found = tables.drugs().get(drug)
    return found.names if found is not None else (drug,)


def _plain_units(unit: str) -> list[str]:
    return [each for each in re.sub(r"\(.*?\)|\?|\\b", "", _UNITS.get(unit, unit)).split("|") if each.isalpha()]


def _spelt(number: float, *, searching: bool = False) -> tuple[str, ...]:
    word = _WORDS_OF.get(int(number)) if number == int(number) else None
    if word is None:
        return ()
    return (form(word.split("-")[0]),) if searching else (word,)


def _number(number: object) -> str:
    """A number in digits, with or without trailing zeros, or in words."""
    if not isinstance(number, int | float):
        return re.escape(str(number))
    return rf"(?:{'|'.join((_digits(number), *_spelt(float(number))))})"


def _digits(number: float | str) -> str:
    bare = re.escape(f"{float(number):g}")
    # What must not stand before is looked at last: a pattern that begins with its digits is found many times faster.
    return rf"{bare}(?<![\d.]{bare})(?:\.0+)?(?![\d]|\.\d)"


def _pair(mention: Mention) -> tuple[object, str]:
    value = mention.value
    return (value[0], str(value[1])) if isinstance(value, tuple) else (value, "")


def _age(mention: Mention) -> str:
    return rf"\b{mention.value}[\s-]*(?:years?|yrs?|y)[\s./-]*(?:old|o\b|of age)|\baged?\W{{0,3}}{mention.value}\b"


def _score(mention: Mention) -> str:
    amount, whole = _pair(mention)
    number, over = _digits(str(amount)), rf"[+-]?\s?(?:/|out of)\s?{whole}(?![\d/])"
    pattern = rf"{number}[+-]?(?:\s?(?:-|to)\s?\d+(?:\.\d)?)?{over}|\d[+-]?\s?(?:-|to)\s?{number}{over}"
    if whole == "10":
        pattern += (
            rf"|\b(?:pain|vas|level|score|rated|scale|severity|intensity)\b\D{{0,30}}{number}(?!\s?(?:/|%|"
            rf"mg|week|day|month|year|visit|session))"
        )
    return pattern


def _strength(mention: Mention) -> str:
    amounts, unit = _pair(mention)
    joined = r"\s?(?:mg)?\s?[-/]\s?".join(_digits(part) for part in str(amounts).split("/"))
    return rf"{joined}\s?-?(?:{_UNITS.get(unit, re.escape(unit))})(?![a-z])"


def _quantity(mention: Mention) -> str:
    number = _digits(str(mention.value))
    return (
        rf"#\s?{number}|\b(?:quantity|qty\.?|disp\w*|count|no\.?)\W{{0,4}}(?:of )?#?{number}"
        rf"|{number}\s?(?:tab|cap|pill|patch|unit|count|ea\b|day)|(?:mg|%|tablets?|capsules?|tabs?)\W{{0,4}}#?"
        rf"{number}|\bx\s?{number}"
    )


def _count(mention: Mention) -> str:
    amount, unit = _pair(mention)
    number, named = _number(amount), _COUNTED.get(unit, re.escape(unit))
    return (
        rf"(?<![\w./]){number}(?:\s?\(\d+\))?(?:\s?(?:-|to|of)\s?\w+)?\s+(?:[a-z/-]+\s+){{0,3}}?(?:{named})\b"
        rf"|\b(?:{named})\s?(?:completed|attended|requested|authori[sz]ed)?[\s,:(x-]{{1,4}}{number}|\b(?:x|"
        rf"times|of|#)\s?{number}"
        rf"|(?<![\w./]){number} of \d+\b"
        rf"|\b\w+\s?(?:-|to)\s?{number}\s+(?:[a-z/-]+\s+){{0,3}}?(?:{named})\b"
    )


def _frequency(mention: Mention) -> str:
    amount, unit = _pair(mention)
    number = _number(amount)
    extra = {1.0: "|once", 2.0: "|twice|b\\.?i\\.?d", 3.0: "|t\\.?i\\.?d", 4.0: "|q\\.?i\\.?d"}.get(
        float(str(amount)), ""
    )
    return rf"(?:{number}(?:\s?(?:-|to)\s?\w+)?\s?(?:x|times?)\s?(?:a|per|each|/|every)?\s?{unit}{extra})"


def _duration(mention: Mention) -> str:
    amount, unit = _pair(mention)
    return (
        rf"(?<![\w./]){_number(amount)}(?:\s?(?:-|to)\s?\w+)?[\s-]+{unit}s?\b|\bto\s{_number(amount)}[\s-]+{unit}s?\b"
    )


def _measure(mention: Mention) -> str:
    amount, unit = _pair(mention)
    return rf"{_number(amount)}\s?-?(?:{_UNITS.get(unit, re.escape(unit))})(?![a-z])"


def _angle(mention: Mention) -> str:
    number = _digits(str(mention.value))
    return rf"{number}\s?(?:°|degrees?|deg\b)|\b(?:{_MOTION})\b\D{{0,25}}{number}"


def _side(mention: Mention) -> str:
    side, part = _pair(mention)
    words = tables.alternation(word for word, named in tables.parts().items() if named == part)
    other = {"left": rf"|right and left\s+(?:{words})\b", "right": rf"|left and right\s+(?:{words})\b"}.get(
        str(side), ""
    )
    return (
        rf"(?<!\w)(?:{_SIDES[str(side)]})(?:[- ]sided)?[\s-]+{_MIDDLE}(?:[a-z]+\s?/\s?)?(?:{words})\b"
        rf"|\b(?:{words})\s?[,(:-]{{1,"
        rf"2}}\s?(?:{_SIDES[str(side)]})(?!\w)(?![\s-]+(?:[a-z]+\s+)?(?:{tables.alternation(tables.parts())})\b){other}"
    )


def _sex(mention: Mention) -> str:
    words = "male|man|gentleman|m" if mention.value == "male" else "female|woman|lady|f"
    return rf"(?:\bold|\by/?o|\bsex|\bgender)\b\W{{1,3}}(?:[a-z-]+\s+){{0,2}}?(?:{words})\b"


def _drug(mention: Mention) -> str:
    return rf"(?<!\w)(?:{tables.alternation(names_of(str(mention.value)))})(?!\w)"


def _bare(mention: Mention) -> str:
    return _number(mention.value)


_MAKERS = {
    Kind.AGE: _age,
    Kind.SEX: _sex,
    Kind.SIDE: _side,
    Kind.SCORE: _score,
    Kind.STRENGTH: _strength,
    Kind.QUANTITY: _quantity,
    Kind.COUNT: _count,
    Kind.FREQUENCY: _frequency,
    Kind.DURATION: _duration,
    Kind.MEASURE: _measure,
    Kind.ANGLE: _angle,
    Kind.DRUG: _drug,
    Kind.NUMBER: _bare,
}
