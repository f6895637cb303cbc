# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items reconciled three ways: what the application, the request and the denial name, each against its own item."""

from collections.abc import Mapping, Sequence

from imr_desktop.checks import treatments
from imr_desktop.checks.finding import Said, Severity, Shown, Subject, Told, check
from imr_desktop.models.circumstances import NamedTreatment
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import DocumentType

_ENOUGH = 0.34
CALLED = {
    DocumentType.APPLICATION: "The application",
    DocumentType.RFA: "The request for authorization",
    DocumentType.UR_DETERMINATION: "The UR denial",
}


@check(
    "QC-20",
    Severity.BLOCKS,
    "Every treatment that application, request or denial name is an item, or is dismissed for a reason.",
    answerable=True,
)
def every_named_treatment_is_settled(subject: Subject) -> Said:
    """LC 4610.6: none missing. UR may have authorised it, or the application may leave it out; the reviewer says so."""
    worded = {item.id: wordings(item, subject.headings[item.id]) for item in subject.case.items}
    told: set[str] = set()
    for named in unmatched(subject.circumstances.named, worded):
        says = f"{CALLED[named.source]} names “{named.wording}”, which no item decides."
        if says not in told:
            told.add(says)
            shown = Shown(named.page, named.case_page, (0, 0), named.wording)
            yield Told(says, Place(Part.ITEMS, page=named.page), (shown,), about=about(named))


def about(named: NamedTreatment) -> str:
    """What a dismissal of a named treatment is bound to: the document that names it, and its words."""
    return f"{named.source.value}: {named.wording}"


def wordings(item: DisputedItem, heading: str) -> tuple[str, ...]:
    """All that words an item: its heading, and its request where UR modified it."""
    return tuple(dict.fromkeys(each for each in (heading, item.heading, item.requested.wording) if each.strip()))


def unmatched(named: Sequence[NamedTreatment], worded: Mapping[str, Sequence[str]]) -> tuple[NamedTreatment, ...]:
    """The named treatments that have no item of their own."""
    found = matches(named, worded)
    return tuple(each for each in named if each not in found)


def matches(named: Sequence[NamedTreatment], worded: Mapping[str, Sequence[str]]) -> dict[NamedTreatment, str]:
    """Each named treatment with the id of its item: within one document no item stands for two treatments."""
    found: dict[NamedTreatment, str] = {}
    for source in CALLED:
        here = list(dict.fromkeys(each for each in named if each.source is source))
        found |= _paired(here, worded)
    return found


def _paired(named: Sequence[NamedTreatment], worded: Mapping[str, Sequence[str]]) -> dict[NamedTreatment, str]:
    """The likest first; who is left takes another's item where that one has a second choice (augmenting paths)."""
    likeness = {
        (each, item): max((_likeness(each.wording, wording) for wording in said), default=0.0)
        for each in named
        for item, said in worded.items()
    }
    owner: dict[str, NamedTreatment] = {}

    def place(each: NamedTreatment, tried: set[str]) -> bool:
        choices = sorted((item for item in worded if likeness[each, item]), key=lambda item: -likeness[each, item])
        for item in choices:
            if item in tried:
                continue
            tried.add(item)
            if item not in owner or place(owner[item], tried):
                owner[item] = each
                return True
        return False

    for each in sorted(named, key=lambda one: -max((likeness[one, item] for item in worded), default=0.0)):
        place(each, set())
    return {each: item for item, each in owner.items()}


def _likeness(one: str, other: str) -> float:
    alike = treatments.alike(one, other)
    if alike < _ENOUGH:
        return 0.0
    mine, theirs = set(one.casefold().split()), set(other.casefold().split())
    return alike + len(mine & theirs) / max(len(mine | theirs), 1)
