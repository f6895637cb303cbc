# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the record: the documents that the law wants listed are there."""

from imr_desktop.checks.finding import Said, Severity, Subject, check
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import DocumentType

REQUIRED = {
    DocumentType.APPLICATION: "the application for review",
    DocumentType.UR_DETERMINATION: "the UR determination",
}
NOT_MEDICAL = frozenset(
    {
        DocumentType.APPLICATION,
        DocumentType.UR_DETERMINATION,
        DocumentType.PRIOR_UR,
        DocumentType.PRIOR_IMR,
        DocumentType.RFA,
        DocumentType.CORRESPONDENCE,
        DocumentType.LEGAL,
        DocumentType.OTHER,
    }
)


@check("QC-11", Severity.BLOCKS, "The documents list has the application and the UR determination.")
def required_documents_are_listed(subject: Subject) -> Said:
    """8 CCR 9792.10.6(d): the letter lists what was reviewed."""
    listed = {document.type for document in subject.determination.case.documents}
    for kind, name in REQUIRED.items():
        if kind not in listed:
            yield f"The documents list lacks {name}.", Place(Part.DOCUMENTS)


@check("QC-12", Severity.BLOCKS, "At least one medical record besides the UR determination supports the decision.")
def a_medical_record_is_listed(subject: Subject) -> Said:
    """8 CCR 9792.10.6(b)(2): a determination never rests on the UR determination alone."""
    if all(document.type in NOT_MEDICAL for document in subject.determination.case.documents):
        yield "The documents list has no medical record, so the decision rests on none.", Place(Part.DOCUMENTS)


@check("QC-50", Severity.WARNS, "Every anchor leads to evidence that is still kept.")
def anchors_lead_somewhere(subject: Subject) -> Said:
    """An anchor whose evidence was removed prints nothing, and its sentence rests on nothing."""
    case = subject.determination.case
    kept = {evidence.id for evidence in case.evidence}
    if not kept.issuperset(case.clinical_summary.anchors()):
        yield "The summary cites evidence that was removed.", Place(Part.SUMMARY)
    for item in case.items:
        if not kept.issuperset(item.rationale.anchors()):
            says = f"The rationale of item {case.ordinal(item.id)} cites evidence that was removed."
            yield says, Place(Part.ITEMS, item.id, "rationale")
