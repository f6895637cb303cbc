# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the values of the case are called on the screen."""

from imr_desktop.models.case import DisputeKind, Priority
from imr_desktop.models.citations import ReasonOutside
from imr_desktop.models.items import (
    Contrast,
    CriterionMet,
    ItemKind,
    RentalOrPurchase,
    Side,
    StandardRank,
    UrOutcome,
)
from imr_desktop.models.records import Disposition, Document, DocumentType
from imr_desktop.ui.form.entries import show_date

PRIORITIES = ((Priority.STANDARD, "Standard"), (Priority.EXPEDITED, "Expedited"))
DISPUTE_KINDS = ((DisputeKind.GENERAL, "General"), (DisputeKind.FORMULARY, "Drug formulary"))
ITEM_KINDS = (
    (ItemKind.PLAIN, "Requested and denied"),
    (ItemKind.UR_MODIFIED_REMAINDER, "Modified by UR: the remainder is in dispute"),
    (ItemKind.UR_MODIFIED_SUBSTITUTION, "Modified by UR: something else was authorized"),
    (ItemKind.DEPENDENT, "Associated service: depends on another item"),
    (ItemKind.RETROSPECTIVE, "Retrospective: already provided"),
)
UR_OUTCOMES = ((None, "Not stated"), (UrOutcome.DENIED, "Denied"), (UrOutcome.MODIFIED, "Modified"))
STANDARD_RANKS = (
    (StandardRank.A, "A: MTUS"),
    (StandardRank.B, "B: Peer-reviewed evidence"),
    (StandardRank.C, "C: Nationally recognized professional standards"),
    (StandardRank.D, "D: Expert opinion"),
    (StandardRank.E, "E: Generally accepted practice"),
    (StandardRank.F, "F: Likely benefit where others fail"),
)
SIDES = ((None, "Not stated"), (Side.LEFT, "Left"), (Side.RIGHT, "Right"), (Side.BILATERAL, "Both sides"))
RENTAL_OR_PURCHASE = (
    (None, "Not stated"),
    (RentalOrPurchase.RENTAL, "Rental"),
    (RentalOrPurchase.PURCHASE, "Purchase"),
)
CONTRASTS = (
    (None, "Not stated"),
    (Contrast.WITH, "With contrast"),
    (Contrast.WITHOUT, "Without contrast"),
    (Contrast.WITH_AND_WITHOUT, "With and without"),
)
CRITERION_MET = (
    (None, "Not judged yet"),
    (CriterionMet.MET, "Met"),
    (CriterionMet.NOT_MET, "Not met"),
    (CriterionMet.NOT_DOCUMENTED, "Not documented"),
)
REASONS_OUTSIDE = (
    (None, "No reason given yet"),
    (ReasonOutside.MTUS_SILENT, "The MTUS does not address the treatment"),
    (ReasonOutside.PRESUMPTION_REBUTTED, "The MTUS presumption is rebutted"),
)
DOCUMENT_TYPES = (
    (DocumentType.APPLICATION, "Application for IMR"),
    (DocumentType.UR_DETERMINATION, "UR determination"),
    (DocumentType.RFA, "Request for authorization (RFA)"),
    (DocumentType.PROGRESS_REPORT, "Progress report (PR-2)"),
    (DocumentType.CONSULTATION, "Consultation"),
    (DocumentType.INITIAL_REPORT, "Initial report (DFR)"),
    (DocumentType.IMAGING, "Imaging"),
    (DocumentType.LAB, "Laboratory"),
    (DocumentType.EMG_NCS, "EMG / NCS"),
    (DocumentType.OPERATIVE, "Operative report"),
    (DocumentType.THERAPY_NOTE, "Therapy note"),
    (DocumentType.MED_LEGAL, "Medical-legal report"),
    (DocumentType.PHARMACY, "Pharmacy record"),
    (DocumentType.PRIOR_IMR, "Earlier IMR decision"),
    (DocumentType.PRIOR_UR, "Earlier UR decision"),
    (DocumentType.CORRESPONDENCE, "Correspondence"),
    (DocumentType.LEGAL, "Legal paper"),
    (DocumentType.OTHER, "Other"),
)
DISPOSITIONS = (
    (None, "Not dealt with yet"),
    (Disposition.READ, "Read"),
    (Disposition.NOT_RELEVANT, "Not relevant"),
    (Disposition.UNREADABLE, "Unreadable"),
)
_TYPE_NAMES = dict(DOCUMENT_TYPES)


def type_name(kind: DocumentType) -> str:
    """What a type of document is called."""
    return _TYPE_NAMES[kind]


def document_name(document: Document) -> str:
    """A document in a list: its title (or type) and its date."""
    named = document.title or type_name(document.type)
    return f"{named} {short_date(document)}".strip()


def short_date(document: Document) -> str:
    """``7/1/2014`` or ``7/1/2014 - 8/2/2014``; nothing for an undated document."""
    days = [f"{day.month}/{day.day}/{day.year}" for day in (document.date, document.date_to) if day is not None]
    return " - ".join(days)


def document_dates(document: Document) -> str:
    """``07/01/2014``, with the last day where the document covers several."""
    return " - ".join(show_date(day) for day in (document.date, document.date_to) if day is not None)
