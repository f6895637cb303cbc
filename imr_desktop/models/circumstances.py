# SPDX-License-Identifier: AGPL-3.0-or-later
"""Circumstances of a determination that stand in none of its fields: attestations, licences, times, other texts."""

from dataclasses import dataclass
from datetime import date, datetime

from imr_desktop.models.records import DocumentType, PageRef
from imr_desktop.models.work import ItemWork


@dataclass(frozen=True, slots=True)
class ConflictAttestation:
    """The reviewer's word, given before the record was opened, that no tie exists to those named (LC 139.5)."""

    made: datetime
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How long licence and certification run, where the profile records it; ``restricted`` says how, if they are."""

    licence_until: date | None = None
    certified_until: date | None = None
    restricted: str = ""


@dataclass(frozen=True, slots=True)
class NamedTreatment:
    """A treatment as the application, the request (RFA) or the denial words it, its page, and UR's verdict."""

    wording: str
    source: DocumentType
    page: PageRef
    case_page: int
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the checks need besides the determination and its record; None where the caller cannot tell.

    ``published`` is whether this is a public letter read back, which cannot have what public copies omit; None lets
    the checks judge by what is empty. ``conflicts_asked`` is whether the case asks for an attestation at all.
    ``opened`` is when the record was first opened, ``changed`` when the determination last changed, ``reread`` when
    the reviewer last read the final pages to the end. ``elsewhere`` holds digests (``sentence_digest``) of the
    sentences of the reviewer's other cases. ``terminated`` holds the ids of items that the claims administrator has
    since authorised; ``converted`` is the day on which the review became expedited. ``named`` holds the treatments that
    the record's application, request and denial list. ``work`` holds the reviewer's notes on items; None where the
    caller has none to give. ``holidays`` are the days that are no working days; None: as the table of this computer.
    """

    published: bool | None = None
    conflicts_asked: bool = False
    conflicts: ConflictAttestation | None = None
    standing: Standing | None = None
    opened: datetime | None = None
    changed: datetime | None = None
    reread: datetime | None = None
    elsewhere: frozenset[str] = frozenset()
    terminated: frozenset[str] = frozenset()
    converted: date | None = None
    named: tuple[NamedTreatment, ...] = ()
    work: tuple[ItemWork, ...] | None = None
    holidays: frozenset[date] | None = None
