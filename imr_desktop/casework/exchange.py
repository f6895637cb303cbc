# SPDX-License-Identifier: AGPL-3.0-or-later
"""``imr-case/1``: a determination as JSON that other programs read and write, checked against its published schema."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError, best_match

from imr_desktop import assets
from imr_desktop.errors import Trouble
from imr_desktop.letter import wording as wordings
from imr_desktop.models.case import Case, CaseHeader, Imro, LetterText
from imr_desktop.models.citations import Citation, Guideline
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem, ItemKind
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.plain import from_plain, to_plain
from imr_desktop.models.records import Document, PageSpan
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.models.wording import Wording, generated_guideline

FORMAT = "imr-case/1"

_CA = "subject_claims_administrator"
_REVIEWER = "subject_expert_reviewer"
_CREDENTIALS = ("states_of_licensure", "certifications", "board_certified", "credential_style")
_NOT_EXCHANGED = ("id", "rfa_ref", "ur_ref", "depends_on", "rationale", "criteria", "heading")


class NotACase(Trouble):
    """The JSON given is not an ``imr-case/1`` object."""

    default_advice = "Mend the place named, or make the file again with the program that wrote it."


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(assets.path("schemas/imr-case-1.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def read_file(path: Path) -> Determination:
    """The determination in a JSON file; NotACase names the place of the first fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as why:
        raise NotACase(
            f"{path.name} could not be read ({why.strerror}).", "Check the file's name and that you may read it."
        ) from why
    except UnicodeDecodeError as why:
        raise NotACase(f"{path.name} is not UTF-8 text.", place=f"{path.name}, byte {why.start}") from why
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as why:
        line = f", line {why.lineno}" if isinstance(why, json.JSONDecodeError) else ""
        raise NotACase(f"{path.name} is not JSON.", place=f"{path.name}{line}") from why
    return from_json(data, path.name)


def from_json(data: Any, name: str = "case.json") -> Determination:
    """The determination that an ``imr-case/1`` object describes; NotACase where it breaks the schema."""
    fault = best_match(_validator().iter_errors(data))
    if fault is not None:
        place = f"{name} at {fault.json_path}"
        raise NotACase(f"{place}: {_said(fault)}.", place=place)
    try:
        return _determination(data)
    except (ValueError, KeyError, IndexError) as why:
        raise NotACase(f"{name} contradicts itself: {_plainly(why)}.", place=name) from why


def _said(fault: ValidationError) -> str:
    instance: Any = fault.instance
    rule: Any = fault.validator_value
    schema: Any = fault.schema
    if fault.validator == "required":
        return f"the field {next(key for key in rule if key not in instance)!r} is missing"
    if fault.validator == "additionalProperties":
        return f"the field {min(set(instance) - set(schema.get('properties', {})))!r} is unknown"
    return fault.message if len(fault.message) < 200 else f"{fault.message[:200]}…"


def _plainly(why: Exception) -> str:
    return str(why.args[0]) if why.args else type(why).__name__


def _determination(data: dict[str, Any]) -> Determination:
    letter = from_plain(data.get("letter", {}), LetterText)
    wording = wordings.load(letter.format)
    header = {**data["case"], "claim_number": data["case"].get("claim_number") or ""}
    case = Case(
        id="",
        header=from_plain(header, CaseHeader),
        imro=from_plain(data["imro"], Imro),
        documents=tuple(_document(number, each) for number, each in enumerate(data["documents"], 1)),
        clinical_summary=Narrative.of(*data["clinical_summary"]),
        items=tuple(_item(number, each, wording) for number, each in enumerate(data["items"], 1)),
        letter=letter,
    )
    ids = {item.id for item in case.items}
    for item in case.items:
        if item.depends_on is not None and (item.depends_on not in ids or item.depends_on == item.id):
            raise ValueError(f"item {case.ordinal(item.id)} depends on an item that is not there")
    return Determination(case, _reviewer(data["reviewer"]), wording)


def _reviewer(data: dict[str, Any]) -> Reviewer:
    credentials = {key: value for key, value in data.items() if key in _CREDENTIALS}
    rest = {key: value for key, value in data.items() if key not in _CREDENTIALS}
    return from_plain({**rest, "credentials": credentials}, Reviewer)


def _document(number: int, data: dict[str, Any]) -> Document:
    own = {key: value for key, value in data.items() if key not in ("source", "source_sha256", "pages", "more_pages")}
    spans = [data] if data.get("pages") else []
    pages = tuple(_span(span) for span in [*spans, *data.get("more_pages", [])])
    return from_plain({"id": f"d{number}", **own, "pages": to_plain(pages)}, Document)


def _span(data: dict[str, Any]) -> PageSpan:
    first, last = data["pages"]
    if last < first:
        raise ValueError(f"pages {first} to {last} run backwards")
    return PageSpan(data.get("source_sha256", ""), data.get("source", ""), first - 1, last - 1)


def _item(number: int, data: dict[str, Any], wording: Wording) -> DisputedItem:
    own = {key: value for key, value in data.items() if key not in (*_NOT_EXCHANGED, "ordinal")}
    parent = data.get("depends_on")
    return from_plain(
        {
            **own,
            "id": f"i{number}",
            "heading": _typed_heading(data, wording),
            "depends_on": None if parent is None else f"i{parent}",
            "ca_guideline": _guideline_in(data["ca_guideline"], _CA, wording),
            "reviewer_guideline": _guideline_in(data["reviewer_guideline"], _REVIEWER, wording),
            "rationale": to_plain(Narrative.of(*data["rationale"])),
            "criteria": data.get("criteria", []),
        },
        DisputedItem,
    )


def _typed_heading(data: dict[str, Any], wording: Wording) -> str:
    heading: str = data["heading"]
    if data.get("kind") == ItemKind.DEPENDENT:
        return heading.removeprefix(wording.fill("heading_dependent", heading=""))
    return heading


def _guideline_in(data: dict[str, Any] | None, subject: str, wording: Wording) -> dict[str, Any] | None:
    if data is None:
        return None
    citations = from_plain(data["citations"], tuple[Citation, ...])
    generated = generated_guideline(citations, subject, wording)
    return {"citations": data["citations"], "text": None if data["text"] in ("", generated) else data["text"]}


def to_json(determination: Determination) -> dict[str, Any]:
    """The determination as an ``imr-case/1`` object: what is printed, with the facts behind it."""
    case = determination.case
    header = to_plain(case.header)
    return {
        "format": FORMAT,
        "case": {**header, "claim_number": header["claim_number"] or None},
        "imro": to_plain(case.imro),
        "reviewer": _reviewer_out(determination.reviewer),
        "documents": [_document_out(document) for document in case.documents],
        "clinical_summary": list(determination.paragraphs(case.clinical_summary)),
        "items": [_item_out(determination, item) for item in case.items],
        "letter": to_plain(case.letter),
    }


def dumps(determination: Determination) -> str:
    """The determination as JSON text, the same for the same determination."""
    return json.dumps(to_json(determination), ensure_ascii=False, indent=2) + "\n"


def _reviewer_out(reviewer: Reviewer) -> dict[str, Any]:
    plain = to_plain(reviewer)
    credentials = plain.pop("credentials")
    return {**{key: value for key, value in plain.items() if value not in ("", False)}, **credentials}


def _document_out(document: Document) -> dict[str, Any]:
    plain = to_plain(document)
    spans = [
        {
            "source": span.name,
            **({"source_sha256": span.source} if span.source else {}),
            "pages": [span.first + 1, span.last + 1],
        }
        for span in document.pages
    ]
    plain.pop("pages")
    first = spans[0] if spans else {"source": "", "pages": None}
    return {**plain, **first, **({"more_pages": spans[1:]} if len(spans) > 1 else {})}


def _item_out(determination: Determination, item: DisputedItem) -> dict[str, Any]:
    case = determination.case
    plain = {key: value for key, value in to_plain(item).items() if key not in _NOT_EXCHANGED}
    return {
        "ordinal": case.ordinal(item.id),
        "heading": determination.heading(item),
        **plain,
        "depends_on": None if item.depends_on is None else case.ordinal(item.depends_on),
        "ca_guideline": _guideline_out(item.ca_guideline, determination.ca_sentence(item)),
        "reviewer_guideline": _guideline_out(item.reviewer_guideline, determination.reviewer_sentence(item)),
        "rationale": list(determination.paragraphs(item.rationale)),
        "criteria": [{"text": each.text, "met": to_plain(each.met)} for each in item.criteria],
    }


def _guideline_out(guideline: Guideline | None, sentence: str) -> dict[str, Any] | None:
    if guideline is None:
        return None
    return {"text": sentence, "citations": to_plain(guideline.citations, tuple[Citation, ...])}
