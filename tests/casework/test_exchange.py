# SPDX-License-Identifier: AGPL-3.0-or-later
import copy
import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from imr_desktop import assets
from imr_desktop.casework import exchange
from imr_desktop.errors import Trouble
from imr_desktop.models.case import DisputeKind, Priority
from imr_desktop.models.citations import MtusCitation
from imr_desktop.models.items import Contrast, CriterionMet, ItemKind, Outcome, RentalOrPurchase, Side, StandardRank
from imr_desktop.models.records import Disposition, DocumentType
from imr_desktop.models.reviewer import CredentialStyle

SCHEMA = json.loads(assets.path("schemas/imr-case-1.schema.json").read_text(encoding="utf-8"))

# The example of the public contract, word for word.
CONTRACT: dict[str, Any] = {
    "format": "imr-case/1",
    "case": {
        "case_number": "CM14-0123456",
        "claim_number": "...",
        "date_of_injury": "2005-01-18",
        "ur_decision_date": "2014-10-30",
        "application_received": "2014-11-20",
        "date_assigned": "2014-12-05",
        "documents_complete": None,
        "decision_date": "2015-01-08",
        "priority": "Standard",
        "dispute_kind": "general",
        "employee": {"name": "...", "address": ["..."]},
        "requesting_physician": {},
        "employer": {},
        "claims_administrator": {},
        "cc": [],
    },
    "imro": {"name": "MAXIMUS Federal Services", "guideline_label": "MAXIMUS guideline"},
    "reviewer": {
        "licence": "...",
        "states_of_licensure": ["California"],
        "certifications": ["Acupuncture"],
        "credential_style": "block",
    },
    "documents": [
        {
            "type": "progress_report",
            "title": "PR-2",
            "author": "...",
            "date": "2014-07-01",
            "source": "records.pdf",
            "pages": [12, 15],
        }
    ],
    "clinical_summary": ["paragraph", "paragraph"],
    "items": [
        {
            "ordinal": 1,
            "heading": "Six visits of Acupuncture for the low back",
            "kind": "plain",
            "ca_guideline": {
                "text": "The Claims Administrator did not cite any medical evidence for its decision.",
                "citations": [],
            },
            "reviewer_guideline": {
                "text": "Decision based on MTUS Acupuncture Treatment Guidelines.",
                "citations": [
                    {"class": "mtus", "chapter": "Acupuncture Treatment Guidelines", "year": None, "sections": []}
                ],
            },
            "outcome": "Upheld",
            "rationale": ["paragraph"],
        }
    ],
}


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_contracts_example_is_read_and_written_back() -> None:
    determination = exchange.from_json(CONTRACT)
    (item,) = determination.case.items
    assert item.reviewer_guideline is not None
    assert item.reviewer_guideline.citations == (MtusCitation("Acupuncture Treatment Guidelines"),)
    # What the citations generate is not kept a second time.
    assert item.reviewer_guideline.text is None
    (document,) = determination.case.documents
    assert (document.pages[0].first, document.pages[0].last) == (11, 14)
    written = exchange.to_json(determination)
    for part in ("format", "clinical_summary"):
        assert written[part] == CONTRACT[part]
    for key, value in CONTRACT["items"][0].items():
        if key != "reviewer_guideline":
            assert written["items"][0][key] == value
    assert written["items"][0]["reviewer_guideline"]["text"] == CONTRACT["items"][0]["reviewer_guideline"]["text"]
    assert exchange.from_json(written) == determination


def test_the_demo_case_survives_the_exchange() -> None:
    determination = exchange.read_file(assets.path("demo/case.json"))
    assert exchange.from_json(json.loads(exchange.dumps(determination))) == determination
    assert list(Draft202012Validator(SCHEMA).iter_errors(exchange.to_json(determination))) == []


def test_wording_that_citations_cannot_generate_is_kept_word_for_word() -> None:
    data = copy.deepcopy(CONTRACT)
    data["items"][0]["ca_guideline"] = {"text": "The claims examiner quoted a web page.", "citations": []}
    item = exchange.from_json(data).case.items[0]
    assert item.ca_guideline is not None
    assert item.ca_guideline.text == "The claims examiner quoted a web page."


def lose(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        del data[path[-1]]

    return change


def put(value: object, *path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (lose("items"), "$", "'items' is missing"),
        (lose("case", "decision_date"), "$.case", "'decision_date' is missing"),
        (put(1, "case", "colour"), "$.case", "'colour' is unknown"),
        (put("Denied", "items", 0, "outcome"), "$.items[0].outcome", "Denied"),
        (put("2015-02-30", "case", "decision_date"), "$.case.decision_date", "2015-02-30"),
        (put("01/18/2005", "case", "date_of_injury"), "$.case.date_of_injury", "01/18/2005"),
        (put("imr-case/2", "format"), "$.format", "imr-case/1"),
        (put(7, "items", 0, "depends_on"), "case.json", "depends on an item that is not there"),
        (put([15, 12], "documents", 0, "pages"), "case.json", "run backwards"),
        (put({"format": "unheard-of"}, "letter"), "unheard-of", "unheard-of"),
    ],
)
def test_a_fault_is_told_with_its_place(change: Callable[[dict[str, Any]], None], place: str, says: str) -> None:
    data = copy.deepcopy(CONTRACT)
    change(data)
    with pytest.raises(Trouble) as told:
        exchange.from_json(data)
    assert says in str(told.value)
    assert place in str(told.value)
    assert told.value.advice


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"{", "is not JSON"), (b"\xff\xfe", "is not UTF-8"), (b"[1]", "imr-case"), (b"[" * 100_000, "is not JSON")],
)
def test_a_file_that_is_no_case_is_told(content: bytes, says: str, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(content)
    with pytest.raises(exchange.NotACase) as told:
        exchange.read_file(file)
    assert says in str(told.value) or "case.json" in str(told.value)
    with pytest.raises(exchange.NotACase, match="could not be read"):
        exchange.read_file(tmp_path / "missing.json")


ENUMS: list[tuple[type[StrEnum], list[Any]]] = [
    (Priority, SCHEMA["properties"]["case"]["properties"]["priority"]["enum"]),
    (DisputeKind, SCHEMA["properties"]["case"]["properties"]["dispute_kind"]["enum"]),
    (DocumentType, SCHEMA["$defs"]["document"]["properties"]["type"]["enum"]),
    (Disposition, SCHEMA["$defs"]["document"]["properties"]["disposition"]["enum"]),
    (ItemKind, SCHEMA["$defs"]["item"]["properties"]["kind"]["enum"]),
    (Outcome, SCHEMA["$defs"]["item"]["properties"]["outcome"]["enum"]),
    (StandardRank, SCHEMA["$defs"]["item"]["properties"]["standard_rank"]["enum"]),
    (Side, SCHEMA["$defs"]["quantity"]["properties"]["side"]["enum"]),
    (Contrast, SCHEMA["$defs"]["quantity"]["properties"]["contrast"]["enum"]),
    (RentalOrPurchase, SCHEMA["$defs"]["quantity"]["properties"]["rental_or_purchase"]["enum"]),
    (CriterionMet, SCHEMA["$defs"]["criterion"]["properties"]["met"]["enum"]),
    (CredentialStyle, SCHEMA["properties"]["reviewer"]["properties"]["credential_style"]["enum"]),
]


@pytest.mark.parametrize(("kind", "listed"), ENUMS, ids=lambda value: getattr(value, "__name__", ""))
def test_the_schema_knows_every_value_and_no_other(kind: type[StrEnum], listed: list[Any]) -> None:
    assert {value for value in listed if value is not None} == {member.value for member in kind}
