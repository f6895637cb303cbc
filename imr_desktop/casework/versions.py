# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was issued, version by version, and what a correction changes: an issued letter itself never does."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from imr_desktop import letter
from imr_desktop.casework import exchange
from imr_desktop.casework.desk import Desk
from imr_desktop.errors import Trouble
from imr_desktop.letter import Rendition
from imr_desktop.models.case import Correction
from imr_desktop.models.determination import Determination
from imr_desktop.storage import FiledLetter


class NothingCorrected(Trouble):
    """A correction was to be issued that does not say what it is."""

    default_advice = "Say in the Letter panel what is corrected and why, or leave what was issued as it stands."


@dataclass(frozen=True, slots=True)
class Version:
    """What was issued at one time: number (0 is the first determination, then corrections), when, and its letters."""

    number: int
    issued: datetime
    digest: str
    letters: tuple[FiledLetter, ...]
    note: dict[str, Any]

    @property
    def name(self) -> str:
        """“First determination” or “Correction 2”."""
        return f"Correction {self.number}" if self.number else "First determination"

    def determination(self) -> Determination:
        """The determination as it was issued; NotACase if its record cannot be read."""
        return exchange.from_json(self.note["case"], self.name)


@dataclass(frozen=True, slots=True)
class Changed:
    """A part of the letter that a correction changes: where, and its text before and after (empty: not there)."""

    where: str
    before: str
    after: str


def versions(letters: Sequence[FiledLetter]) -> tuple[Version, ...]:
    """The versions that these letters are of, first issued first."""
    grouped: dict[int, list[FiledLetter]] = {}
    for each in letters:
        grouped.setdefault(int(each.note.get("version", 0)), []).append(each)
    return tuple(_version(number, grouped[number]) for number in sorted(grouped))


def _version(number: int, letters: list[FiledLetter]) -> Version:
    note = next((each.note for each in letters if "case" in each.note), letters[0].note)
    told = note.get("issued")
    issued = datetime.fromisoformat(told) if isinstance(told, str) else letters[0].filed
    return Version(number, issued, letters[0].digest, tuple(letters), note)


def last_issued(desk: Desk) -> Version | None:
    """The version that stands now; None if nothing was issued."""
    known = versions(desk.store.letters())
    return known[-1] if known else None


def correction_due(desk: Desk) -> Correction | None:
    """The correction that the next letter of this case is, with what was said of it so far; None for the first."""
    last = last_issued(desk)
    if last is None:
        return None
    said = desk.case.letter.correction
    fresh = Correction(last.number + 1, last.issued.date(), last.digest)
    if said is not None and said.number == fresh.number:
        return replace(fresh, what=said.what, why=said.why)
    return fresh


def keep_correction(desk: Desk, what: str, why: str) -> Correction | None:
    """Say in the case what the next letter corrects and why, as one step; None where nothing was issued yet."""
    due = correction_due(desk)
    if due is None:
        return None
    said = replace(due, what=what.strip(), why=why.strip())
    if said != desk.case.letter.correction:
        desk.keep_letter(replace(desk.case.letter, correction=said))
    return said


def changes(before: Determination, after: Determination) -> tuple[Changed, ...]:
    """What the submission of one determination says otherwise than the other's, part by part in reading order.

    The statement of a correction itself is no change.
    """
    old, new = _parts(before), _parts(after)
    found: list[Changed] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for number in range(max(b - a, d - c)):
            gone = old[a + number] if a + number < b else ("", "")
            come = new[c + number] if c + number < d else ("", "")
            found.append(Changed(come[0] or gone[0], gone[1], come[1]))
    return tuple(found)


def _parts(determination: Determination) -> list[tuple[str, str]]:
    bare = replace(determination.case, letter=replace(determination.case.letter, correction=None))
    return [
        (where, text)
        for where, text in letter.printed_parts(replace(determination, case=bare), Rendition.SUBMISSION)
        if text.strip()
    ]


def must_say(desk: Desk, determination: Determination) -> Correction | None:
    """The correction that the next letter is; NothingCorrected where it does not say so, or changes nothing."""
    due = correction_due(desk)
    if due is None:
        return None
    said = determination.case.letter.correction
    if said is None or said != due or not (said.what.strip() and said.why.strip()):
        raise NothingCorrected(
            f"The determination of this case was issued on {due.issued:%m/%d/%Y}, and what is issued now corrects it."
        )
    last = last_issued(desk)
    if last is not None and "case" in last.note and not changes(last.determination(), determination):
        raise NothingCorrected("The letter says nothing else than the one that was issued.")
    return said
