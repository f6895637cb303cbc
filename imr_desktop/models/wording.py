# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter's fixed wording, and the sentences that are generated from it: headings, guidelines, credentials."""

from dataclasses import dataclass

from imr_desktop.models.citations import Citation, Guideline, MtusCitation
from imr_desktop.models.items import DisputedItem, ItemKind
from imr_desktop.models.reviewer import Credentials


@dataclass(frozen=True, slots=True)
class Wording:
    """One format of the letter: the paragraphs and sentence patterns of ``resources/wording/<format>.toml``.

    ``slots`` holds every text by its name; patterns carry ``{fields}``.
    """

    format: str
    slots: dict[str, str]

    def fill(self, slot: str, **fields: str) -> str:
        """The text of a slot with its fields filled in; KeyError for a slot or field that is not there."""
        return self.slots[slot].format_map(fields)


def heading(item: DisputedItem, wording: Wording) -> str:
    """The item's heading as printed before its outcome (reference 3.6): typed, or generated for a modified request."""
    parts = {
        "requested": item.requested.wording,
        "authorized": item.authorized.wording,
        "remaining": item.remaining.wording,
    }
    if item.kind is ItemKind.UR_MODIFIED_REMAINDER and all(parts.values()):
        return wording.fill("heading_remainder", **parts)
    if item.kind is ItemKind.UR_MODIFIED_SUBSTITUTION and parts["requested"] and parts["authorized"]:
        return wording.fill("heading_substitution", **parts)
    if item.kind is ItemKind.DEPENDENT:
        return wording.fill("heading_dependent", heading=item.heading)
    return item.heading


def guideline_sentence(guideline: Guideline | None, subject: str, wording: Wording) -> str:
    """What the guideline line says after its label; ``subject`` is the slot naming who cites."""
    if guideline is not None and guideline.text is not None:
        return guideline.text
    return generated_guideline(() if guideline is None else guideline.citations, subject, wording)


def generated_guideline(citations: tuple[Citation, ...], subject: str, wording: Wording) -> str:
    """The guideline sentence made from citations alone (reference 3.6): inside the MTUS, outside, both or none."""
    who = wording.fill(subject)
    inside = [cited.printed() for cited in citations if isinstance(cited, MtusCitation)]
    outside = [cited.printed() for cited in citations if not isinstance(cited, MtusCitation)]
    if not citations:
        return wording.fill("guideline_none", subject=who)
    sentences = []
    if inside:
        sentences.append(
            wording.fill(
                "guideline_mtus",
                citations=wording.fill("guideline_mtus_join").join(inside),
            )
        )
    elif outside:
        sentences.append(wording.fill("guideline_outside_lead", subject=who))
    if outside:
        cited = wording.fill("guideline_outside_join").join(outside)
        sentences.append(wording.fill("guideline_outside", citations=cited))
    return " ".join(sentences)


def credentials_sentence(credentials: Credentials, wording: Wording) -> str:
    """The inline statement of credentials: certified or licensed in what, and licensed to practice where."""
    slot = "credentials_inline_board" if credentials.board_certified else "credentials_inline"
    return wording.fill(
        slot,
        certifications=_listed(credentials.certifications),
        states=_listed(credentials.states_of_licensure),
    )


def _listed(texts: tuple[str, ...]) -> str:
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"
