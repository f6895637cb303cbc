# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issue: the only way out. Check, print, proofread, seal, file; nothing leaves unless all of it succeeds."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from imr_desktop import letter
from imr_desktop.casework import exchange, finishing, tables, versions
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.files import all_or_none
from imr_desktop.casework.progress import Progress, meanwhile
from imr_desktop.casework.proofread import proofread
from imr_desktop.casework.published import Library
from imr_desktop.checks import Finding, Shown, open_findings
from imr_desktop.checks.mending import how_to_mend
from imr_desktop.errors import Trouble
from imr_desktop.letter import Rendition
from imr_desktop.models.case import Correction
from imr_desktop.models.determination import Determination
from imr_desktop.models.records import PageRef
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.signing import hands, sealing, stamping, verifying
from imr_desktop.signing.hands import Hand
from imr_desktop.signing.stamping import Clock
from imr_desktop.storage import KeptIdentity, LetterToFile

if TYPE_CHECKING:
    from imr_desktop.letter.seals import Face

FIELDS = {Rendition.SUBMISSION: "Reviewer", Rendition.PARTY: "Issuer", Rendition.PUBLIC: "Issuer"}
REASONS = {
    Rendition.SUBMISSION: "Reviewer's determination",
    Rendition.PARTY: "Final Determination",
    Rendition.PUBLIC: "Final Determination, public copy",
}


class CannotIssue(Trouble):
    """Findings stop the letter from leaving; ``findings`` are those that block, and the warnings without a reason."""

    default_advice = "Mend each place that the checks name, or record why a warning may pass, then issue again."

    def __init__(self, found: tuple[Finding, ...]) -> None:
        self.findings = found
        many = "one finding is open" if len(found) == 1 else f"{len(found)} findings are open"
        super().__init__(f"The determination cannot be issued: {many}, the first being: {found[0].says}")


class AlreadyIssued(Trouble):
    """The case's letter was issued, and what was issued never changes."""

    default_advice = "Look at the letters of the case; an issued letter is never issued over."


class AlreadyThere(Trouble):
    """A file of the letter's name is in the folder already; nothing is overwritten."""

    default_advice = "Choose another folder, or move the file away."


@dataclass(frozen=True, slots=True)
class Sealers:
    """Who seals what: the reviewer's own identity for the submission, one that names nobody for the others.

    Each is an identity of the vault, or a hand such as an open token gives.
    """

    submission: KeptIdentity | Hand
    others: KeptIdentity | Hand

    def of(self, rendition: Rendition) -> Hand:
        """The hand that seals this rendition."""
        chosen = self.submission if rendition is Rendition.SUBMISSION else self.others
        return chosen if isinstance(chosen, Hand) else hands.of_file(chosen.pkcs12, chosen.secret)


@dataclass(frozen=True, slots=True)
class Issued:
    """What left: each rendition's file, the determination's digest, and what the checks said of it."""

    files: tuple[Path, ...]
    digest: str
    findings: tuple[Finding, ...]


def file_name(determination: Determination, rendition: Rendition) -> str:
    """The name a letter leaves under: the case number, the rendition and which correction it is, nothing else."""
    number = determination.case.header.case_number or "determination"
    correction = determination.case.letter.correction
    after = "" if correction is None else f"-correction-{correction.number}"
    return f"{number}-{rendition.value}{after}.pdf"


def issue(
    desk: Desk,
    reviewer: Reviewer,
    sealers: Sealers,
    folder: Path,
    now: datetime,
    read: str | None = None,
    clock: Clock | None = None,
) -> Iterator[Progress | Issued]:
    """Issue the desk's case into ``folder``; yields progress and, last, what left.

    ``read`` is the digest of the determination whose final pages were read; where it is given, another one than that is
    not issued (QC-76). ``clock`` stamps the time of each letter, which uses the network. A case that was issued before
    is issued again only as a correction that says what it corrects (NothingCorrected).

    Raises CannotIssue for blocking findings, AlreadyThere, and any Trouble of printing, proofreading, sealing or
    stamping; then nothing has left and nothing is filed.
    """
    determination = desk.determination(reviewer)
    total = 2 + len(Rendition)
    yield Progress(0, total, "Checking")
    around = desk.circumstances()
    if read is not None:
        around = replace(around, changed=now, reread=now if read == determination.digest else None)
    said = desk.checker.findings(determination, now.astimezone().date(), around)
    if stops := open_findings(said):
        raise CannotIssue(stops)
    correction = versions.must_say(desk, determination)
    targets = {rendition: folder / file_name(determination, rendition) for rendition in Rendition}
    filed = {kept.name for kept in desk.store.letters()}
    for target in targets.values():
        if target.name in filed:
            raise AlreadyIssued(f"{target.name} was issued already.")
        if target.exists():
            raise AlreadyThere(f"There is a file {target.name} in the folder already.", place=str(target))
    sealed: dict[Rendition, bytes] = {}
    with Library() as library:
        for number, rendition in enumerate(Rendition):
            said_now = Progress(1 + number, total, f"Printing and sealing: {rendition.value}")
            yield said_now
            seal = partial(_sealed, determination, rendition, sealers, now, library)
            sealed[rendition] = yield from meanwhile(seal, said_now)
    if clock is not None:
        for rendition, data in sealed.items():
            asking = Progress(len(Rendition), total, f"Asking for the time: {rendition.value}")
            stamp = partial(_stamped, data, clock, FIELDS[rendition])
            sealed[rendition] = yield from meanwhile(stamp, asking, abandon=True)
    with all_or_none({targets[rendition]: data for rendition, data in sealed.items()}):
        yield Progress(1 + len(Rendition), total, "Filing")
        desk.store.file_letters(
            [
                LetterToFile(
                    targets[rendition].name,
                    data,
                    determination.digest,
                    {**_note(determination, rendition, data, said, now, correction), "pages_read": read is not None},
                )
                for rendition, data in sealed.items()
            ]
        )
    yield Progress(total, total, "Issued")
    yield Issued(tuple(targets.values()), determination.digest, said)


def _stamped(sealed: bytes, clock: Clock, field: str) -> bytes:
    made = stamping.stamp(sealed, clock.server, clock.trust_roots).pdf
    if not verifying.verify(made, (), expected_fields=(field,)).intact:
        raise stamping.CannotStamp("The server's time stamp does not hold.", "Issue without it, or ask another server.")
    return made


def _sealed(
    determination: Determination, rendition: Rendition, sealers: Sealers, now: datetime, library: Library
) -> bytes:
    printed = finishing.printed(determination, rendition)
    proofread(printed, determination, rendition, library.lines_of)
    refuse = () if rendition is Rendition.SUBMISSION else determination.reviewer.identifying()
    field = FIELDS[rendition]
    hand = sealers.of(rendition)
    face = shown(hand, REASONS[rendition], now)
    data = sealing.seal_by(
        hand,
        printed,
        field=field,
        said=(REASONS[rendition], "California"),
        when=now,
        refuse_names=refuse,
        appearance=face.pdf,
    )
    verdict = verifying.verify(data, (), expected_fields=(field,))
    if not verdict.intact:
        raise RuntimeError("a letter sealed a moment ago does not verify")
    name = file_name(determination, rendition)
    finished = finishing.examined(
        data, determination, rendition, name=name, wanted=printed, seal=face.lines, lines_of=library.lines_of
    )
    finishing.approve(finished, determination)
    return data


def shown(hand: Hand, reason: str, when: datetime) -> "Face":
    """What the seal shows on the page: who, when by the signer's clock, and what for."""
    at = when.astimezone(UTC)
    return letter.seal_face(
        (f"Digitally signed by {hand.subject}", f"{at:%m/%d/%Y %H:%M:%S} UTC", reason, "The seal in the file counts.")
    )


def _note(
    determination: Determination,
    rendition: Rendition,
    data: bytes,
    said: tuple[Finding, ...],
    now: datetime,
    correction: Correction | None,
) -> dict[str, object]:
    return {
        "version": 0 if correction is None else correction.number,
        "replaces": None if correction is None else correction.replaces,
        "rendition": rendition.value,
        "issued": now.isoformat(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "determination": determination.digest,
        "case": exchange.to_json(determination),
        "findings": [finding_out(finding) for finding in said],
        "tables": [asdict(each) for each in tables.in_force()],
    }


def finding_out(finding: Finding) -> dict[str, object]:
    """A finding as plain data for JSON."""
    place = finding.place
    return {
        "id": finding.id,
        "severity": finding.severity.value,
        "says": finding.says,
        "place": {
            "part": place.part.value,
            "row": place.row,
            "field": place.field,
            "span": None if place.span is None else list(place.span),
            "page": None if place.page is None else _page_out(place.page),
        },
        "shows": [_shown_out(shown) for shown in finding.shows],
        "unsearched": [_page_out(ref) for ref in finding.unsearched],
        "answerable": finding.answerable,
        "answer": None
        if finding.answer is None
        else {
            "reason": finding.answer.reason,
            "when": None if finding.answer.when is None else finding.answer.when.isoformat(),
        },
        "mend": how_to_mend(finding.id),
    }


def _shown_out(shown: Shown) -> dict[str, object]:
    words = list(shown.words)
    return {"page": _page_out(shown.page), "case_page": shown.case_page, "words": words, "text": shown.text}


def _page_out(ref: PageRef) -> dict[str, object]:
    return {"source": ref.source, "page": ref.page + 1}
