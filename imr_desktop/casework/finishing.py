# SPDX-License-Identifier: AGPL-3.0-or-later
"""The finished letter: printed with its data inside, and looked at from its bytes before it may leave."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from imr_desktop import letter
from imr_desktop.casework import exchange
from imr_desktop.casework.proofread import Lines
from imr_desktop.casework.published import lines_of
from imr_desktop.checks import Finding, finished_findings
from imr_desktop.errors import Trouble
from imr_desktop.letter import Rendition, inspecting
from imr_desktop.models.case import CaseHeader, Imro
from imr_desktop.models.determination import Determination
from imr_desktop.models.finished import FinishedLetter
from imr_desktop.models.places import PrintedAt
from imr_desktop.models.records import TextLine
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.signing import certificates, verifying

_PUBLIC_FIELDS = (
    "case_number", "date_of_injury", "ur_decision_date", "application_received", "date_assigned", "decision_date",
    "priority",
)  # fmt: skip


class LetterUnfit(Trouble):
    """The finished letter may not leave: a check of its bytes blocks it; ``findings`` are those that do."""

    default_advice = "Mend the words that the check names, then issue again; nothing has left."

    def __init__(self, found: tuple[Finding, ...]) -> None:
        self.findings = found
        super().__init__(f"{found[0].says} [{found[0].id}]")


def printed(determination: Determination, rendition: Rendition) -> bytes:
    """The letter's PDF as it will be signed, with the data of this rendition in it; MissingGlyph."""
    return printed_with_places(determination, rendition)[0]


def printed_with_places(determination: Determination, rendition: Rendition) -> tuple[bytes, tuple[PrintedAt, ...]]:
    """As ``printed``, with where each printed line comes from; MissingGlyph."""
    return letter.render_with_places(determination, rendition, data_of(determination, rendition))


def data_of(determination: Determination, rendition: Rendition) -> bytes:
    """The determination as ``imr-case/1``, as far as the rendition's reader may see it.

    The party letter's data has no reviewer but the qualifications; the public copy's has no party, document or address
    either, and none of the words of a printed field that the public copy does not print.
    """
    seen = determination if rendition is Rendition.SUBMISSION else _for_parties(determination)
    if rendition is Rendition.PUBLIC:
        seen = _for_the_public(seen)
    return json.dumps(exchange.to_json(seen), ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def _for_parties(determination: Determination) -> Determination:
    return replace(determination, reviewer=Reviewer(credentials=determination.reviewer.credentials))


def _for_the_public(determination: Determination) -> Determination:
    case = determination.case
    header = CaseHeader(**{name: getattr(case.header, name) for name in _PUBLIC_FIELDS})
    correction = case.letter.correction
    said = replace(case.letter, printed={}, correction=None if correction is None else replace(correction, why=""))
    # Anchors are read out first: what they read from is not part of the public copy.
    bare = exchange.from_json(exchange.to_json(determination))
    public = replace(
        bare.case,
        header=header,
        imro=Imro(case.imro.name, case.imro.guideline_label),
        documents=(),
        letter=said,
    )
    return replace(determination, case=public)


def examined(
    pdf: bytes,
    determination: Determination,
    rendition: Rendition,
    *,
    name: str = "",
    wanted: bytes | None = None,
    seal: Sequence[str] = (),
    lines_of: Lines = lines_of,
) -> FinishedLetter:
    """What a finished file says and carries, read back from its bytes; ``wanted`` is the preview that was confirmed.

    ``seal`` are the lines that the seal shows: they are no words of the letter's, and count among what it carries.
    """
    pages = _pages(_without(lines_of(pdf), seal))
    found = inspecting.carried(pdf)
    verdict = verifying.verify(pdf)
    told = [
        *found.texts,
        *(("certificate", text) for text in certificates.told(pdf)),
        *(("seal", text) for text in seal),
        ("file name", name),
    ]
    return FinishedLetter(
        rendition=rendition.value,
        pages=pages,
        carried=tuple((where, text) for where, text in told if text),
        wanted=None if wanted is None else tuple(" ".join(_pages(lines_of(wanted))).split()),
        fonts_embedded=found.fonts_embedded,
        active_content=found.active_content,
        hidden_text=found.hidden_text,
        seal_intact=verdict.intact if verdict.signatures else None,
        seal_covers_all=all(each.covers_whole_file for each in verdict.signatures) if verdict.signatures else None,
        determination=determination.digest,
        file_digest=hashlib.sha256(pdf).hexdigest(),
    )


def approve(finished: FinishedLetter, determination: Determination) -> None:
    """Have a sealed letter judged by the checks of finished letters (QC-70 to QC-73); LetterUnfit if one blocks."""
    found = finished_findings(finished, determination)
    if found:
        raise LetterUnfit(found)


def _without(pages: Sequence[Sequence[TextLine]], seal: Sequence[str]) -> list[list[TextLine]]:
    """The pages' lines but those of the seal, each taken away once: from the end, where the seal stands."""
    left = list(seal)
    kept: list[list[TextLine]] = []
    for page in reversed(pages):
        kept.insert(0, [])
        for line in reversed(page):
            if line.text.strip() in left:
                left.remove(line.text.strip())
            else:
                kept[0].insert(0, line)
    return kept


def _pages(lines: Sequence[Sequence[TextLine]]) -> tuple[str, ...]:
    return tuple(" ".join(line.text for line in page) for page in lines)
