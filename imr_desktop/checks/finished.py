# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of a finished letter, read back from its bytes, and of the store: what no determination can show."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from imr_desktop.checks.finding import Finding, Severity
from imr_desktop.checks.release import private, told_private
from imr_desktop.models import names
from imr_desktop.models.determination import Determination
from imr_desktop.models.finished import FinishedLetter, StoreState
from imr_desktop.models.places import Part, Place

FINISHED_RULES = {
    "QC-70": "The finished letter carries no trace of the reviewer, in its text or around it.",
    "QC-71": "The finished public copy carries no party's name, number or address.",
    "QC-72": (
        "All sections are there in order, each page is numbered and names the case, fonts are embedded, "
        "nothing is active."
    ),
    "QC-73": "The seal holds over the whole file, and the file says what the reviewer saw.",
    "QC-75": "The case is encrypted, and no clear copy is left.",
}
_PAGE_OF = re.compile(r"\bpage\s+(\d+)\s+of\s+(\d+)\b", re.IGNORECASE)
# What stands between the tags of XML, or in their attributes.
_XML_VALUE = re.compile(r">([^<>]+)<|=\s*\"([^\"]*)\"|=\s*'([^']*)'")
_Said = Iterator[str]


def finished_findings(finished: FinishedLetter, determination: Determination) -> tuple[Finding, ...]:
    """What QC-70 to QC-73 say of a finished letter that was made from this determination; all of it blocks.

    A check that fails by itself becomes a finding that says so.
    """
    checks: dict[str, Callable[[FinishedLetter, Determination], _Said]] = {
        "QC-70": _reviewer_in,
        "QC-71": _parties_in,
        "QC-72": _whole,
        "QC-73": _sealed,
    }
    found = []
    for identifier, apply in checks.items():
        try:
            found += [_finding(identifier, says) for says in apply(finished, determination)]
        except Exception as why:
            found.append(_finding(identifier, f"The check {identifier} could not be made ({type(why).__name__})."))
    return tuple(found)


def store_findings(state: StoreState) -> tuple[Finding, ...]:
    """What QC-75 says of the store (Civil Code 56.36): encrypted at rest, and no clear copy outside."""
    found = [] if state.encrypted else [_finding("QC-75", "The case is not encrypted at rest.")]
    return (*found, *(_finding("QC-75", f"A clear copy is left: {copy}.") for copy in state.clear_copies))


def _finding(identifier: str, says: str) -> Finding:
    return Finding(identifier, Severity.BLOCKS, says, Place(Part.LETTER))


def _reviewer_in(finished: FinishedLetter, determination: Determination) -> _Said:
    if finished.rendition == "submission":
        return
    others = determination.case.named()
    # The letter's own label may use a word that is somebody's name.
    printed = (*others, determination.case.imro.guideline_label)
    places = [(f"page {number}", text) for number, text in enumerate(finished.pages, 1)]
    for identity in determination.reviewer.identifying():
        for place, text in places:
            if names.stands_in(text, identity, others):
                yield f"The reviewer's identity stands on {place} of the {finished.rendition} letter."
        for place, text in finished.carried:
            told = names.stands_in(text, identity, others)
            if told or any(names.stands_alone(value, identity, printed) for value in _values(text)):
                yield f"The reviewer's identity stands in the {place} of the {finished.rendition} letter."


def _values(text: str) -> Iterator[str]:
    """The single values of attached JSON or XML, which are read one by one; any other text as a whole."""
    start = text.lstrip()[:1]
    if start == "<":
        yield from ("".join(groups) for groups in _XML_VALUE.findall(text))
    elif start in ("{", "["):
        try:
            yield from _leaves(json.loads(text))
        except ValueError:
            yield text
    else:
        yield text


def _leaves(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _leaves(value)
    elif isinstance(data, list):
        for value in data:
            yield from _leaves(value)


def _parties_in(finished: FinishedLetter, determination: Determination) -> _Said:
    if finished.rendition != "public":
        return
    wanted = private(determination.case.header)
    texts = [(f"page {number}", text) for number, text in enumerate(finished.pages, 1)]
    for place, text in (*texts, *finished.carried):
        for says in told_private(text, wanted):
            yield f"{says} stands in the public copy ({place})."


def _whole(finished: FinishedLetter, determination: Determination) -> _Said:
    number = determination.case.header.case_number
    text = " ".join(" ".join(finished.pages).split()).casefold()
    at = 0
    for section in finished.sections:
        found = text.find(" ".join(section.split()).casefold(), at)
        if found < 0:
            where = "is missing" if " ".join(section.split()).casefold() not in text else "stands out of its order"
            yield f"The section “{section}” {where}."
        else:
            at = found
    if finished.rendition != "public":
        for page, words in enumerate(finished.pages, 1):
            if number and number not in words:
                yield f"Page {page} does not name the case."
            match = _PAGE_OF.search(words)
            if match is None or (int(match.group(1)), int(match.group(2))) != (page, len(finished.pages)):
                yield f"Page {page} is not numbered as page {page} of {len(finished.pages)}."
    if finished.fonts_embedded is False:
        yield "A font is not embedded."
    if finished.hidden_text:
        yield "The file holds hidden text."
    for active in finished.active_content:
        yield f"The file holds active content: {active}."


def _sealed(finished: FinishedLetter, determination: Determination) -> _Said:
    if finished.seal_intact is False:
        yield "The seal does not hold: the file was changed after it was sealed."
    if finished.seal_covers_all is False:
        yield "The seal does not cover the whole file."
    if finished.determination and finished.determination != determination.digest:
        yield "The file was made from another state of the determination."
    if finished.seal_intact is not None and not finished.file_digest:
        yield "The digest of the sealed file is not recorded."
    if finished.wanted is not None and tuple(finished.wanted) != tuple(" ".join(finished.pages).split()):
        yield "The file does not say, word for word, what the reviewer saw in the preview."
