# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the letter reads: plain language, doubled words, drug names, dates in the form of the country."""

import re
from collections.abc import Iterator
from functools import partial

from imr_desktop import assets
from imr_desktop.checks import tables
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.normalise import NUMBER_WORDS
from imr_desktop.checks.remembering import remembered
from imr_desktop.checks.subject import Text
from imr_desktop.models import readability
from imr_desktop.models.places import Part, Place

_ABBREVIATION = re.compile(r"(?<![\w/.-])[A-Z][A-Z]{1,5}s?(?![\w/-])")
_EXPANDED = re.compile(r"\(([A-Z]{2,6}s?)\)|\b([A-Z]{2,6}s?)\s*\([a-z]")
_DOUBLED = re.compile(r"\b([A-Za-z]{2,})\s+\1\b", re.IGNORECASE)
_MAY_DOUBLE = frozenset(("that", "had", "is", "as", *NUMBER_WORDS))
_MIXED = re.compile(r"(?<![\w.#/-])(?![A-Za-z]\d)[a-z]{2,}\d[a-z]{1,}\b")
_OTHER_DATE = re.compile(
    r"(?<![\d/.-])(?:(?:1[3-9]|2\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:\d{4}|\d{2})|(?:19|20)\d\d[-/.]\d{"
    r"1,2}[-/.]\d{1,2})(?![\d/.-])"
)
_LONG_WORD = re.compile(r"[A-Za-z]{6,}")
_SHORT = 60


@check("QC-56", Severity.INFORMS, "The letter is plain: abbreviations explained, sentences that can be followed.")
def letter_is_plain(subject: Subject) -> Said:
    """LC 4610.6(d)(1): layperson's terms to the maximum extent practicable. Told once a text, at most."""
    table = assets.table("tables/abbreviations.toml")
    common, meanings = frozenset(table["common"]), table["meanings"]
    whole = " ".join(text.narrative.text for text in subject.texts)
    explained = {name for match in _EXPANDED.finditer(whole) for name in match.groups() if name}
    told: dict[str, None] = {}
    for name in _ABBREVIATION.findall(whole):
        if name in meanings and name not in common and name not in explained:
            told.setdefault(name)
    if told:
        listed = ", ".join(f"{name} ({meanings[name]})" for name in list(told)[:8])
        yield Told(f"Abbreviations that the letter does not explain: {listed}.", subject.summary.place)
    for text in subject.texts:
        yield from _too_hard(subject, text)


def _too_hard(subject: Subject, text: Text) -> Iterator[Told]:
    """A long text whose own sentences are too hard; the grade told is that of all of it, as the window shows."""
    own = [each.text for each in text.sentences if not subject.is_guideline(each.text)]
    most = float(assets.table("tables/plain_language.toml")["grade"])
    mine = subject.memory.remember(("grade", *own), lambda: _grade(tuple(own)))
    if mine <= most:
        return
    grade = _grade(readability.sentences(text.narrative))
    if grade > most:
        yield Told(f"{text.name} reads at grade {grade:.0f}; shorter sentences would help the reader.", text.place)


def _grade(sentences: tuple[str, ...]) -> float:
    """The reading grade; 0 for a text so short that one long sentence says little."""
    if sum(len(readability.words(each)) for each in sentences) < _SHORT:
        return 0.0
    return readability.grade(sentences) or 0.0


@check("QC-74", Severity.INFORMS, "No doubled word, no misspelt drug, no date in another country's form.")
def spelling_is_sound(subject: Subject) -> Said:
    """Reference QC-74. Drug names against the local list: a word one letter off, which is no other word of it."""
    for text, sentence in subject.told():
        for match, says in subject.memory.remember(("style", sentence.text), partial(_all_slips, sentence.text)):
            yield Told(says, text.at(sentence, *match), about=sentence.text)
    for item in subject.case.items:
        for _, says in _slips(subject.headings[item.id]):
            yield f"{subject.name(item)}: {says[0].lower()}{says[1:]}", Place(Part.ITEMS, item.id, "heading")


def _all_slips(sentence: str) -> tuple[tuple[tuple[int, int], str], ...]:
    return tuple(_slips(sentence))


def _slips(sentence: str) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _DOUBLED.finditer(sentence):
        if match.group(1).lower() not in _MAY_DOUBLE:
            yield match.span(), f"A word stands twice: “{match.group()}”."
    for match in _MIXED.finditer(sentence):
        yield match.span(), f"A digit stands in a word: “{match.group()}”."
    for match in _OTHER_DATE.finditer(sentence):
        yield match.span(), f"A date is not written month first: “{match.group()}”."
    for match in _LONG_WORD.finditer(sentence):
        meant = _misspelt(match.group().lower())
        if meant:
            yield match.span(), f"“{match.group()}” may be {meant}."


@assets.from_tables
def _deletions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in tables.drugs():
        if name.isalpha() and len(name) >= 6:
            for at in range(len(name)):
                found.setdefault(name[:at] + name[at + 1 :], name)
    return found


@remembered
def _misspelt(word: str) -> str:
    """The drug that a word is one letter away from; empty for a drug, and for any other word."""
    if word in tables.drugs() or word.rstrip("s") in tables.drugs():
        return ""
    near = _deletions()
    for at in range(len(word)):
        shorter = word[:at] + word[at + 1 :]
        if shorter in tables.drugs() and len(shorter) >= 6:
            return shorter
        if shorter in near and abs(len(near[shorter]) - len(word)) <= 1 and _one_off(word, near[shorter]):
            return near[shorter]
    return near.get(word, "")


def _one_off(word: str, name: str) -> bool:
    if len(word) != len(name):
        return False
    differing = [at for at, (one, other) in enumerate(zip(word, name, strict=True)) if one != other]
    swapped = (
        len(differing) == 2 and word[differing[0]] == name[differing[1]] and word[differing[1]] == name[differing[0]]
    )
    return len(differing) == 1 or swapped
