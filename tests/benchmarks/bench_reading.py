# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading a generated case file against its truth: letters, boundaries, types, dates, blanks, repeats.

``IMR_CASE_FILE`` names a folder made by the case-file generator; ``IMR_NO_OCR`` leaves the pictures unread.
"""

import json
import os
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from rapidfuzz.distance import Levenshtein

from imr_desktop.casework import intake, reading, sorting
from imr_desktop.models.records import DocumentType, PageRef
from imr_desktop.storage import CaseStore
from tests.kit.cases import new_vault

_OURS = {
    "imr_application": {DocumentType.APPLICATION},
    "ur_determination": {DocumentType.UR_DETERMINATION, DocumentType.PRIOR_UR},
    "first_report": {DocumentType.INITIAL_REPORT},
    "operative_report": {DocumentType.OPERATIVE},
    "qme_report": {DocumentType.MED_LEGAL},
    "proof_of_service": {DocumentType.LEGAL},
    "fax_cover": {DocumentType.CORRESPONDENCE},
    "billing": {DocumentType.OTHER},
    "pharmacy_record": {DocumentType.PHARMACY},
    "emg": {DocumentType.EMG_NCS},
    "letter": {DocumentType.CORRESPONDENCE},
}


def run(folder: Path, *, ocr: bool = True) -> None:
    """Take in, read, sort and judge one generated folder."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as place, new_vault(Path(place) / "vault") as vault:
        case_id = [progress.case_id for progress in intake.take_in(vault, [folder])][-1]
        store = vault.case(case_id)
        begun = time.perf_counter()
        told = [progress.what for progress in reading.read(store, reading.Plan(ocr=ocr))][-1]
        print(f"{told} {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()
        for _ in sorting.sort(store):
            pass
        print(f"sorted in {time.perf_counter() - begun:.1f} s")
        judge(store, truth)


def judge(store: CaseStore, truth: dict[str, Any]) -> None:
    """Print the figures of a case that was read and sorted."""
    sources = {source.name: source.sha256 for source in store.read().sources}
    refs = [PageRef(sources[page["file"]], page["page_in_file"]) for page in truth["pages"]]
    number = {ref: at for at, ref in enumerate(refs)}
    _letters(store, truth, refs)
    _documents(store, truth, number)
    _blanks(store, truth, refs)
    true = {
        tuple(sorted((page["page"], page["duplicate_of"])))
        for page in truth["pages"]
        if page["duplicate_of"] is not None
    }
    groups = {frozenset(group) for group in truth["duplicate_page_groups"]}
    found = [(number[ref], number[of]) for ref, (of, _) in sorting.repeated(store).items()]
    right = sum(any({*pair} <= group for group in groups) for pair in found)
    print(f"repeats: precision {right / max(1, len(found)):.3f}, recall {right / max(1, len(true)):.3f} of {len(true)}")


def _letters(store: CaseStore, truth: dict[str, Any], refs: list[PageRef]) -> None:
    errors: dict[str, list[float]] = defaultdict(list)
    for page, ref in zip(truth["pages"], refs, strict=True):
        words = store.words(ref)
        want = page["text"].split()
        if not want or page["blank"]:
            continue
        got = [] if words is None else [word.text for word in words.words]
        errors[page["level"]].append(_cer(got, want, page["furniture"]))
    for level, values in errors.items():
        print(
            f"CER {level:11} {100 * mean(values):6.2f} %"
            f"  (median {100 * sorted(values)[len(values) // 2]:.2f}) n={len(values)}"
        )
    print(f"CER all         {100 * mean([one for values in errors.values() for one in values]):6.2f} %")


def _cer(got: list[str], want: list[str], furniture: list[str]) -> float:
    """Letters wrong of all letters, order of lines aside: furniture may be read, and costs nothing."""
    text, wanted = " ".join(got), " ".join(want)
    extra = len(" ".join(furniture))
    distance = Levenshtein.distance(text, wanted)
    return max(0, distance - (extra + len(furniture) if furniture else 0)) / len(wanted)


def _documents(store: CaseStore, truth: dict[str, Any], number: dict[PageRef, int]) -> None:
    made = {number[PageRef(one.source, one.first)]: one for one in sorting.proposals(store)}
    true = {one["first_page"]: one for one in truth["documents"]}
    hit = made.keys() & true.keys()
    precision, recall = len(hit) / len(made), len(hit) / len(true)
    print(f"boundaries: F1 {2 * precision * recall / (precision + recall):.3f} (p {precision:.3f}, r {recall:.3f})")
    kind = [made[at].type in _OURS.get(true[at]["type"], {true[at]["type"]}) for at in hit]
    day = [str(made[at].date) == true[at]["date"] for at in hit]
    author = [true[at]["author"].lower() in made[at].author.lower() for at in hit]
    print(f"types {mean(kind):.3f}, dates {mean(day):.3f}, authors {mean(author):.3f} of {len(hit)}")
    for at in sorted(hit):
        one, other = made[at], true[at]
        if one.type not in _OURS.get(other["type"], {other["type"]}) or str(one.date) != other["date"]:
            level = truth["pages"][at]["level"]
            print(f"   page {at}: {one.type} {one.date} for {other['type']} {other['date']} ({level})")


def _blanks(store: CaseStore, truth: dict[str, Any], refs: list[PageRef]) -> None:
    blank = {page.ref for page in reading.record(store).pages if page.blank}
    true = {ref for ref, page in zip(refs, truth["pages"], strict=True) if page["blank"]}
    right = len(blank & true)
    print(f"blanks: precision {right / max(1, len(blank)):.3f}, recall {right / max(1, len(true)):.3f} of {len(true)}")


def test_reading_against_the_truth() -> None:
    place = os.environ.get("IMR_CASE_FILE")
    if place is None:
        pytest.skip("IMR_CASE_FILE names no folder made by the case-file generator")
    run(Path(place), ocr=os.environ.get("IMR_NO_OCR") is None)
