# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demo: the whole job on a synthetic case, through the same doors as real work."""

import json
import re
import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from imr_desktop import assets
from imr_desktop.casework import exchange, identities, intake, reading
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.files import replace_whole
from imr_desktop.casework.issue import Issued, Sealers, finding_out, issue
from imr_desktop.casework.progress import Progress
from imr_desktop.models.case import Case
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import PageRef, PageWords, Word
from imr_desktop.records import Reader, ReadWords, WordsRead
from imr_desktop.storage import KdfCost, Vault

REVIEWER_IDENTITY, OFFICE_IDENTITY = "reviewer", "office"

# The demo vault lives for minutes and holds nobody's data, so its key need not be slow to derive.
_QUICK = KdfCost(memory_kib=8192, passes=1, lanes=1)


def make(folder: Path, passphrase: str, now: datetime) -> Vault:
    """A new vault in ``folder`` with the demo reviewer, two trial identities and the demo case, cited; it is open."""
    vault = Vault.create(folder, passphrase, cost=_QUICK)
    try:
        given = exchange.read_file(assets.path("demo/case.json"))
        vault.keep_reviewer(given.reviewer)
        organisation = given.case.imro.name
        identities.create(vault, REVIEWER_IDENTITY, given.reviewer.name, organisation, now)
        identities.create(vault, OFFICE_IDENTITY, f"{organisation}, Independent Medical Review", organisation, now)
        for step in intake.take_in(vault, [assets.path("demo")], case_data=assets.path("demo/case.json")):
            case_id = step.case_id
        _cite(Desk(vault.case(case_id)))
    except BaseException:
        vault.close()
        raise
    return vault


def headless(folder: Path, now: datetime) -> Iterator[Progress | Issued]:
    """The whole job without a screen; letters, ``case.json``, ``findings.json`` and certificates go to ``folder``."""
    with tempfile.TemporaryDirectory(prefix="imr-desktop-demo-") as scratch:
        yield Progress(0, 2, "Making the demo vault and case")
        with make(Path(scratch) / "vault", secrets.token_urlsafe(16), now) as vault:
            (case,) = vault.cases()
            desk = Desk(vault.case(case.id))
            sealers = Sealers(vault.identity(REVIEWER_IDENTITY), vault.identity(OFFICE_IDENTITY))
            yield from read_through(vault, desk, now)
            for said in issue(desk, vault.reviewer(), sealers, folder, now):
                yield said
                if isinstance(said, Issued):
                    _leave(vault, desk, said, folder)


def read_through(vault: Vault, desk: Desk, now: datetime) -> Iterator[Progress]:
    """What the reviewer does before issuing: reads every page, and answers what the checks ask."""
    yield from reading.read(desk.store, reading.Plan(ocr=False))
    for page in reading.pages_of(desk.case):
        desk.store.mark_seen(page.ref, now)
    reasons = {each["check"]: each["reason"] for each in assets.table("demo/citations.toml")["answer"]}
    for finding in desk.findings(vault.reviewer()):
        if finding.answerable and finding.id in reasons:
            desk.answer(finding, reasons[finding.id])


def _leave(vault: Vault, desk: Desk, issued: Issued, folder: Path) -> None:
    determination = desk.determination(vault.reviewer())
    replace_whole(folder / "case.json", exchange.dumps(determination).encode("utf-8"))
    found = json.dumps([finding_out(finding) for finding in issued.findings], indent=2, ensure_ascii=False)
    replace_whole(folder / "findings.json", f"{found}\n".encode())
    for name in (REVIEWER_IDENTITY, OFFICE_IDENTITY):
        identities.write_certificate(vault, name, folder / f"{name}.pem")


def _cite(desk: Desk) -> None:
    reader = Reader(desk.open_source)
    try:
        for cited in assets.table("demo/citations.toml")["cite"]:
            _cite_one(desk, reader, cited)
    finally:
        reader.close()


def _cite_one(desk: Desk, reader: Reader, cited: dict[str, Any]) -> None:
    case = desk.case
    source = next(source for source in case.sources if source.name == cited["source"])
    answer = reader.ask(ReadWords(PageRef(source.sha256, cited["page"] - 1)))
    if not isinstance(answer, WordsRead):
        raise TypeError(f"the reader answered ReadWords with {type(answer).__name__}")
    place, text = _narrative(case, cited["into"])
    at = text.text.index(cited["after"]) + len(cited["after"])
    desk.cite(_passage(answer.words, cited["words"]), place, at, text)


def _narrative(case: Case, into: str) -> tuple[Place, Narrative]:
    if into == "summary":
        return Place(Part.SUMMARY), case.clinical_summary
    item = case.items[int(into.removeprefix("item ")) - 1]
    return Place(Part.ITEMS, item.id, "rationale"), item.rationale


def _passage(page: PageWords, wanted: str) -> Passage:
    words = wanted.split()
    said = [_bare(word.text) for word in page.words]
    for start in range(len(said) - len(words) + 1):
        if said[start : start + len(words)] == [_bare(word) for word in words]:
            found = page.words[start : start + len(words)]
            return Passage((PassagePart(page.ref, _boxes(found)),), " ".join(word.text for word in found))
    raise LookupError(f"the demo's page {page.ref.page + 1} does not say: {wanted}")


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


def _boxes(words: tuple[Word, ...]) -> tuple[Any, ...]:
    lines: dict[tuple[int, int], Any] = {}
    for word in words:
        key = (word.block, word.line)
        lines[key] = word.box if key not in lines else lines[key].union(word.box)
    return tuple(lines.values())
