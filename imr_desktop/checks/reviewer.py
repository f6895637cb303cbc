# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the reviewer: licence, specialty, freedom from conflicts, and the last reading."""

import re
from collections.abc import Iterator

from imr_desktop import assets
from imr_desktop.checks.finding import Said, Severity, Subject, check
from imr_desktop.checks.normalise import us
from imr_desktop.models import names
from imr_desktop.models.places import Part, Place


@check(
    "QC-60", Severity.BLOCKS, "A state of licensure and a specialty are stated, and the practice attestation is made."
)
def reviewer_is_qualified(subject: Subject) -> Said:
    """LC 139.5: licensed, certified where certification exists, in active practice. A public copy attests in words that
    its reader need not have kept.
    """
    reviewer = subject.determination.reviewer
    if not reviewer.credentials.states_of_licensure:
        yield "The reviewer's profile names no state of licensure.", _at("states_of_licensure")
    if not reviewer.credentials.certifications:
        yield "The reviewer's profile names no certification or licensed profession.", _at("certifications")
    if not reviewer.practice_attestation and not subject.published:
        yield "The reviewer has not attested to being in active practice.", _at("practice_attestation")


@check("QC-60", Severity.BLOCKS, "Licence and certification run beyond the decision date, without restriction.")
def licence_runs(subject: Subject) -> Said:
    """LC 139.5: an unrestricted licence and, for physicians, current board certification."""
    standing = subject.circumstances.standing
    day = subject.case.header.decision_date or subject.today
    if standing is None:
        return
    if standing.licence_until is not None and standing.licence_until < day:
        yield f"The licence ended on {us(standing.licence_until)}, before the decision.", _at("licence")
    if standing.certified_until is not None and standing.certified_until < day:
        yield f"The certification ended on {us(standing.certified_until)}, before the decision.", _at("certifications")
    if standing.restricted:
        yield f"The licence is restricted: {standing.restricted}.", _at("licence")


@check("QC-61", Severity.WARNS, "The reviewer's specialty is the same as or similar to the treatment's.")
def specialty_fits(subject: Subject) -> Said:
    """Mackie; 8 CCR 9792.10.6: only what is plainly far apart is told; the table is editable."""
    certified = subject.determination.reviewer.credentials.certifications
    if not certified:
        return
    for item in subject.case.items:
        heading = subject.headings[item.id]
        for why in _misfits(certified, f"{heading} {item.category} {item.subcategory}"):
            says = f"{subject.name(item)}: {why} ({', '.join(certified)}); record the reason."
            yield says, Place(Part.ITEMS, item.id, "heading")


def _misfits(certified: tuple[str, ...], wording: str) -> Iterator[str]:
    table = assets.table("tables/specialties.toml")
    for row in table["profession"]:
        alone = all(re.search(row["professions"], each, re.IGNORECASE) for each in certified)
        if alone and not re.search(row["treats"], wording, re.IGNORECASE):
            yield "the treatment lies outside the reviewer's profession"
    for row in table["treatment"]:
        fits = any(re.search(row["wants"], each, re.IGNORECASE) for each in certified)
        if not fits and re.search(row["treatment"], wording, re.IGNORECASE):
            yield "the treatment is surgery or dental work, the reviewer's specialty is neither"


@check("QC-62", Severity.BLOCKS, "The conflict attestation covers every party, and came before the record was opened.")
def conflicts_are_attested(subject: Subject) -> Said:
    """LC 139.5, URAC: no tie to employer, administrator, physicians, facilities, makers, worker, attorney."""
    around = subject.circumstances
    if not around.conflicts_asked:
        return
    if around.conflicts is None:
        yield "The attestation that no conflict of interest exists has not been made.", _at("conflicts")
        return
    if around.opened is not None and around.opened < around.conflicts.made:
        yield "The record was opened before the conflict attestation was made.", _at("conflicts")
    lacking = [
        name for name in _involved(subject) if not any(names.carries(told, name) for told in around.conflicts.names)
    ]
    if lacking:
        yield f"The conflict attestation does not name {', '.join(lacking)}.", _at("conflicts")


def _involved(subject: Subject) -> tuple[str, ...]:
    header = subject.case.header
    told = [header.employee.name, header.employer.name, header.claims_administrator.company]
    told += [header.requesting_physician.name, header.requesting_physician.organisation]
    told += [document.author_org for document in subject.case.documents]
    if header.employee.representative is not None:
        told.append(header.employee.representative.name or header.employee.representative.organisation)
    return tuple(dict.fromkeys(name for name in told if name.strip()))


@check("QC-76", Severity.BLOCKS, "The reviewer read the final pages after the last change.")
def final_pages_are_read(subject: Subject) -> Said:
    """Reference QC-76: what is signed is what was read."""
    around = subject.circumstances
    if around.changed is not None and (around.reread is None or around.reread < around.changed):
        yield "The final pages have not been read since the last change.", Place(Part.LETTER)


def _at(field: str) -> Place:
    return Place(Part.REVIEWER, field=field)
