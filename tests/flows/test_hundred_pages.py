# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case file of a hundred pages with its truth: taken in, drawn, searched by eye, cited, decided, issued."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from imr_desktop.casework import identities, intake
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.issue import Issued, Sealers, issue
from imr_desktop.models.case import CaseHeader, ClaimsAdministrator, Employee, InjuryDate, RequestingPhysician
from imr_desktop.models.citations import Guideline, MtusCitation
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.items import Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Document, DocumentType, PageRef, PageSpan, WordsOrigin
from imr_desktop.models.reviewer import Credentials, Reviewer
from imr_desktop.records import Draw, Drawn, Reader, ReadWords, WordsRead
from imr_desktop.signing import verifying
from tests.kit.cases import NOW, look_through, new_vault

TOOL = Path(__file__).parent.parent.parent.parent / "shared" / "tools" / "make_case_file.py"
REVIEWER = Reviewer(
    "Zeta Reviewer", credentials=Credentials(("California",), ("Pain Management",)), practice_attestation=True
)
KINDS = {"imr_application": DocumentType.APPLICATION, "ur_determination": DocumentType.UR_DETERMINATION}

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="the generator of case files is not beside this checkout")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case file")
    command = [sys.executable, str(TOOL), str(folder), "--pages", "100", "--seed", "7", "--levels", "digital,scan_fax"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def header(truth: dict[str, Any]) -> CaseHeader:
    case = truth["case"]
    return CaseHeader(
        case_number="CM25-0000100",
        claim_number=case["claim"],
        date_of_injury=InjuryDate.from_iso(case["date_of_injury"]),
        ur_decision_date=date.fromisoformat(case["ur_date"]),
        application_received=date.fromisoformat(case["application_date"]),
        date_assigned=date.fromisoformat(case["application_date"]),
        decision_date=NOW.date(),
        employee=Employee("Injured Worker A"),
        requesting_physician=RequestingPhysician("Treating Physician A"),
        claims_administrator=ClaimsAdministrator("Claims Administrator C"),
    )


def test_a_case_of_a_hundred_pages_is_issued(made: Path, tmp_path: Path) -> None:
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    with new_vault(tmp_path / "vault") as vault:
        case_id = [step.case_id for step in intake.take_in(vault, [made])][-1]
        desk = Desk(vault.case(case_id), now=lambda: NOW)
        case = desk.case
        assert sum(source.page_count for source in case.sources) == 100
        assert [source.name for source in case.sources] == [file["name"] for file in truth["files"]]
        pages = [page for source in case.sources for page in source.pages()]
        assert [page.case_page for page in pages] == list(range(1, 101))
        reader = Reader(desk.open_source)
        try:
            for page in (pages[0], pages[57], pages[99]):
                drawn = reader.ask(Draw(page.ref, 1.0))
                assert isinstance(drawn, Drawn)
                assert (drawn.width, drawn.height) == (round(page.size.width), round(page.size.height))
            cited = decide_all(desk, truth, reader)
        finally:
            reader.close()
        identities.create(vault, "office", "Office of Independent Review", "", NOW)
        vault.keep_reviewer(REVIEWER)
        desk.keep_header(header(truth))
        office = vault.identity("office")
        look_through(desk, REVIEWER)
        said = list(issue(desk, REVIEWER, Sealers(office, office), tmp_path / "letters", NOW))
        issued = said[-1]
        assert isinstance(issued, Issued)
        assert all(verifying.verify(file.read_bytes()).intact for file in issued.files)
        assert len(desk.case.evidence) == cited == len(truth["disputed_items"])
        assert {letter.name for letter in desk.store.letters()} == {file.name for file in issued.files}


def decide_all(desk: Desk, truth: dict[str, Any], reader: Reader) -> int:
    """List the documents, enter every disputed item with its words cited from the page the truth names."""
    sources = {source.name: source for source in desk.case.sources}
    for each in truth["documents"]:
        source = sources[each["file"]]
        first = each["first_page"] + 1 - source.first_case_page
        span = PageSpan(source.sha256, source.name, first, first + each["last_page"] - each["first_page"])
        kind = KINDS.get(each["type"], DocumentType.PROGRESS_REPORT)
        desk.add_document(
            Document("", kind, each["title"], each["author"], "", date.fromisoformat(each["date"]), pages=(span,))
        )
    desk.write_summary(Narrative("The injured worker was examined."))
    for planted in truth["disputed_items"]:
        item = desk.add_item(planted["description"])
        stated = Guideline((MtusCitation("Chronic Pain Medical Treatment", 2016),))
        desk.keep_item(replace(desk.case.item(item), ca_guideline=Guideline(), reviewer_guideline=stated))
        desk.decide(item, Outcome.UPHELD)
        passage = find(desk, reader, planted)
        text = Narrative("The request is in the file. It is not medically necessary.")
        desk.cite(passage, Place(Part.ITEMS, item, "rationale"), len("The request is in the file"), text)
    return len(desk.case.evidence)


def find(desk: Desk, reader: Reader, planted: dict[str, Any]) -> Passage:
    pages = [page.ref for source in desk.case.sources for page in source.pages()]
    wanted = planted["description"].split()
    for number in [page for places in planted["pages"].values() for page in places]:
        found = on_page(reader, pages[number], wanted)
        if found is not None:
            return found
    pytest.fail(f"no page carries {planted['description']}")


def on_page(reader: Reader, ref: PageRef, wanted: list[str]) -> Passage | None:
    answer = reader.ask(ReadWords(ref))
    assert isinstance(answer, WordsRead)
    if answer.words.origin is WordsOrigin.NONE:
        return None
    words = answer.words.words
    for start in range(len(words) - len(wanted) + 1):
        run = words[start : start + len(wanted)]
        if [word.text.rstrip(":") for word in run] == wanted:
            return Passage((PassagePart(ref, tuple(word.box for word in run)),), " ".join(word.text for word in run))
    return None
