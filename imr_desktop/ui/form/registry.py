# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editable tables that the form offers: guideline chapters with their editions, categories, closing sentences."""

from collections.abc import Iterable
from datetime import date

from imr_desktop import assets
from imr_desktop.casework.guideline_registry import Chapter, chapters
from imr_desktop.models.items import DisputedItem
from imr_desktop.ui.form.entries import show_date

__all__ = ["Chapter", "categories", "chapters", "closing", "edition", "force_sentence", "offered", "sections"]


def offered(day: date | None) -> tuple[Chapter, ...]:
    """The editions with those in force on the decision date first."""
    if day is None:
        return chapters()
    order = {True: 0, None: 1, False: 2}
    return tuple(sorted(chapters(), key=lambda chapter: order[chapter.in_force(day)]))


def edition(title: str, year: int | None) -> Chapter | None:
    """The edition in the table that a citation names; without a year, the only one there is."""
    named = [chapter for chapter in chapters() if chapter.title.casefold() == title.strip().casefold()]
    exact = [chapter for chapter in named if chapter.year == year]
    if exact:
        return exact[0]
    return named[0] if year is None and len(named) == 1 else None


def sections(title: str, year: int | None) -> tuple[str, ...]:
    """The sections that the table knows for a chapter; those of every edition where no one is named."""
    found = edition(title, year)
    if found is not None:
        return found.sections
    return _once(
        section
        for chapter in chapters()
        if chapter.title.casefold() == title.strip().casefold()
        for section in chapter.sections
    )


def force_sentence(title: str, year: int | None, day: date | None) -> str:
    """Whether the edition cited was in force on the decision date, if the table knows the edition."""
    found = edition(title, year)
    if found is None or day is None:
        return ""
    state = found.in_force(day)
    if state is None:
        return f"The table does not know since when {found.name()} is in force."
    if state:
        return f"In force on the decision date, {show_date(day)}."
    since = show_date(found.effective_from) or "an unknown day"
    until = f"until {show_date(found.effective_to)}" if found.effective_to else "on"
    return f"Not in force on the decision date, {show_date(day)}: in force from {since} {until}."


@assets.from_tables
def categories() -> dict[str, tuple[str, ...]]:
    """The categories of treatment, each with its subcategories."""
    rows = assets.table("tables/categories.toml")["category"]
    return {row["name"]: tuple(row["subcategories"]) for row in rows}


def closing(item: DisputedItem) -> str:
    """The closing sentence that an item's rationale is offered; nothing while it is undecided or has no wording."""
    wording = item.heading.strip() or item.remaining.wording.strip() or item.requested.wording.strip()
    if item.outcome is None or not wording:
        return ""
    pattern: str = assets.table("tables/closings.toml")[item.outcome.value]
    return pattern.format(heading=wording)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
