# SPDX-License-Identifier: AGPL-3.0-or-later
"""Precedents: published determinations as the local library keeps them and as a search finds them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PrecedentItem:
    """One decided treatment of a precedent, and the words by which it is found.

    ``treatment`` is the heading with other names of what it names, ``body`` the parts of the body, ``guideline`` what
    both sides relied on, ``words`` everything said about it. ``outcome`` is ``Upheld`` or ``Overturned``.
    """

    ordinal: int
    heading: str
    outcome: str
    treatment: str = ""
    body: str = ""
    guideline: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A published determination: the SHA-256 of its file, its case number, its day, and its whole content as JSON."""

    sha256: str
    name: str
    case_number: str
    decided: date | None
    items: tuple[PrecedentItem, ...]
    content: str


@dataclass(frozen=True, slots=True)
class PrecedentHit:
    """One decided treatment that a search found; ``content`` is the whole determination as ``imr-case/1`` JSON."""

    precedent_id: int
    name: str
    case_number: str
    decided: date | None
    ordinal: int
    heading: str
    outcome: str
    content: str


@dataclass(frozen=True, slots=True)
class PrecedentCounts:
    """How many decided treatments a search found, and how they were decided."""

    items: int
    upheld: int
    overturned: int
