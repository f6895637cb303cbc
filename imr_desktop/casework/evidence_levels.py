# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conflicting recommendations weighed as 8 CCR 9792.25.1 asks: whose study applies, and at which level of evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from imr_desktop import assets
from imr_desktop.models.items import DisputedItem

_TABLE = "tables/evidence_levels.toml"


@dataclass(frozen=True, slots=True)
class Level:
    """One level for one clinical question: its name, the design it stands for, and whether our table is unsure."""

    name: str
    design: str
    unsure: bool = False

    def told(self) -> str:
        """``1b: randomized controlled trial with low risk of bias``."""
        return f"{self.name}: {self.design}" + (" (not confirmed)" if self.unsure else "")


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One of the recommendations at variance: its source, what it says, the study below it, and how that was judged.

    ``applies`` is whether the study is applicable to this worker; a study that is not supports nothing.
    """

    source: str
    says: str = ""
    study: str = ""
    level: str = ""
    applies: bool | None = None


def questions() -> tuple[str, ...]:
    """The clinical questions of the table."""
    return tuple(assets.table(_TABLE)["questions"])


def levels(question: str) -> tuple[Level, ...]:
    """The levels for a clinical question, highest first."""
    at = questions().index(question)
    return tuple(
        Level(row["name"], row["designs"][at], question in row.get("unsure", ()))
        for row in assets.table(_TABLE)["level"]
    )


def sources(item: DisputedItem) -> tuple[str, ...]:
    """What both sides cite on an item, the reviewer's first."""
    cited = [
        citation.printed()
        for side in (item.reviewer_guideline, item.ca_guideline)
        for citation in (side.citations if side is not None else ())
    ]
    return tuple(dict.fromkeys(each for each in cited if each.strip()))


def lacking(weighed: Sequence[Recommendation]) -> str:
    """What is missing before they can be compared, in a sentence; empty when nothing is."""
    if len(weighed) < 2:
        return "Two recommendations at least are needed to be at variance."
    for number, each in enumerate(weighed, 1):
        wanted = (
            (not each.source.strip(), "its source"),
            (not each.says.strip(), "what it recommends"),
            (not each.study.strip(), "the study that supports it"),
            (each.applies is None, "whether that study applies to this worker"),
            (bool(each.applies) and not each.level, "the level of evidence"),
        )
        for missing, what in wanted:
            if missing:
                return f"Recommendation {number} lacks {what}."
    return ""


def best(weighed: Sequence[Recommendation], question: str) -> Recommendation | None:
    """The one that the best applicable evidence supports; None where two share the highest level, or none applies."""
    order = [level.name for level in levels(question)]
    apt = [each for each in weighed if each.applies and each.level in order]
    highest = min((order.index(each.level) for each in apt), default=None)
    there = [each for each in apt if order.index(each.level) == highest]
    return there[0] if len(there) == 1 else None


def paragraph(weighed: Sequence[Recommendation], question: str) -> str:
    """The comparison as a paragraph for the rationale: what each says, its study, its level, and which is followed."""
    designs = {level.name: level.design for level in levels(question)}
    said = ["The recommendations that were cited are at variance."]
    for each in weighed:
        judged = (
            f"evidence level {each.level} ({designs[each.level]})"
            if each.applies
            else "which does not apply to this worker and supports nothing here"
        )
        said.append(f"{_capital(each.source)} states: {_plain(each.says)}. It rests on {_plain(each.study)}, {judged}.")
    chosen = best(weighed, question)
    if chosen is not None:
        said.append(
            f"Under 8 CCR 9792.25.1 the recommendation of {chosen.source}, supported by the best available evidence, "
            "is followed."
        )
    else:
        said.append("‹Say which recommendation is followed, and why: the levels alone do not decide›")
    return " ".join(said)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
