# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many planted errors the checks find, how many sound letters they trouble, and how long they take.

With ``IMR_BENCH_WRITE=1`` the figures go to docs/checks.json, from which ``python tests/checks/manual.py`` writes the
manual. The seeds are others than those with which the checks were made.
"""

import json
import os
import random
import time
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from imr_desktop.checks import Finding, Index, Severity, findings, forget
from imr_desktop.models.circumstances import Circumstances
from imr_desktop.models.determination import Determination
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import PageRef, WordsOrigin
from tests.benchmarks import faxed
from tests.checks import mutations, planted
from tests.kit import seed_case_file
from tests.kit.timing import side_by_side

FIGURES = Path(__file__).parents[2] / "docs" / "checks.json"
SEEDS = range(1000, 1040)
FAXED = range(9100, 9103)
FRESH = 4000
_USUAL = Circumstances()
PUBLIC = Circumstances(published=True)
GRAVE = (Severity.BLOCKS, Severity.WARNS)


class Tally:
    """Errors planted and found by kind, which checks found them, and what was said of sound letters."""

    def __init__(self) -> None:
        self.planted: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.by: dict[str, Counter[str]] = defaultdict(Counter)
        self.troubled: Counter[tuple[str, str]] = Counter()
        self.letters = 0

    def sound(self, said: tuple[Finding, ...]) -> None:
        """Count what is said of a letter in which nothing is wrong."""
        self.letters += 1
        self.troubled.update((each.id, each.severity.value) for each in said)

    def error(self, kind: str, said: list[Finding]) -> None:
        """Count a planted error and the grave findings that it brought about."""
        self.planted[kind] += 1
        self.found[kind] += bool(said)
        for identifier in {each.id for each in said}:
            self.by[kind][identifier] += 1

    def trouble(self, severity: Severity) -> float:
        """How many findings of a severity a sound letter gets."""
        told = sum(count for (_, each), count in self.troubled.items() if each == severity)
        return round(told / self.letters, 2)

    def line(self, title: str) -> str:
        """The tally in one sentence."""
        total, found = sum(self.planted.values()), sum(self.found.values())
        grave = [f"{self.trouble(severity):.2f}" for severity in GRAVE]
        weak = [
            f"{kind} {self.found[kind]} of {number}"
            for kind, number in sorted(self.planted.items())
            if self.found[kind] < 0.95 * number
        ]
        short = f" Below 95 %: {'; '.join(weak)}." if weak else ""
        return (
            f"{title}: {found} of {total} planted errors found ({100 * found / total:.1f} %); {grave[0]} blocking and "
            f"{grave[1]} warning findings a sound letter ({self.letters} letters).{short}"
        )

    def show(self, title: str) -> None:
        """Print the tally."""
        TALLIES[title] = self
        print(f"\n{title}")
        for kind, number in sorted(self.planted.items()):
            by = ", ".join(f"{identifier} {count}" for identifier, count in self.by[kind].most_common(4))
            print(f"  {kind:16} {self.found[kind]:5} of {number:5} {100 * self.found[kind] / number:6.1f} %   {by}")
        total = sum(self.planted.values())
        if total:
            found = sum(self.found.values())
            print(f"  {'all':16} {found:5} of {total:5} {100 * found / total:6.1f} %")
        for severity in Severity:
            told = {key: count for key, count in self.troubled.items() if key[1] == severity}
            by = ", ".join(f"{identifier} {count}" for (identifier, _), count in sorted(told.items()))
            print(f"  {severity.value:8} a sound letter: {sum(told.values()) / self.letters:5.2f}   {by}")


TALLIES: dict[str, Tally] = {}


def _published(speed: str) -> dict[str, Any]:
    """What the manual says of the measuring: in all, and check by check; of the speed alone if nothing was counted."""
    if not TALLIES:
        known: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
        return {**known, "summary": [*known["summary"][:-1], speed]}
    checks: dict[str, Counter[str]] = defaultdict(Counter)
    for tally in TALLIES.values():
        for kind in tally.by.values():
            for identifier, count in kind.items():
                checks[identifier]["found"] += count
        for (identifier, severity), count in tally.troubled.items():
            checks[identifier][severity] += count
    return {
        "day": f"{datetime.now(UTC):%B %d, %Y}",
        "summary": [*(tally.line(title) for title, tally in TALLIES.items()), speed],
        "tallies": {
            title: {
                "planted": dict(sorted(tally.planted.items())),
                "found": dict(sorted(tally.found.items())),
                **{severity.value: tally.trouble(severity) for severity in GRAVE},
            }
            for title, tally in TALLIES.items()
        },
        "letters": sum(tally.letters for tally in TALLIES.values()),
        "checks": {identifier: dict(sorted(counts.items())) for identifier, counts in sorted(checks.items())},
    }


def _new(
    determination: Determination, index: Index | None, known: set[str], around: Circumstances = _USUAL
) -> list[Finding]:
    said = findings(determination, planted.TODAY, record=index, circumstances=around)
    return [each for each in said if each.says not in known and each.severity in GRAVE]


def _count(tally: Tally, truth: planted.Truth, index: Index) -> None:
    """Check the sound letter of a generated case, and the letter with each planted error."""
    said = findings(planted.determination_of(truth), planted.TODAY, record=index)
    tally.sound(said)
    known = {each.says for each in said}
    for error in planted.plantings(truth):
        tally.error(error.kind, _new(error.determination, index, known))


def test_generated_cases() -> None:
    for ocr in (False, True):
        tally = Tally()
        for seed in SEEDS:
            truth = planted.truth(seed)
            _count(tally, truth, Index(planted.record_of(truth, noise=20, ocr=ocr)))
        tally.show(f"Generated cases, {'pages as OCR leaves them' if ocr else 'digital pages'}")


@pytest.mark.skipif(not seed_case_file.TOOL.exists(), reason=seed_case_file.SKIP)
def test_faxed_cases(tmp_path: Path) -> None:
    for level, title in (("scan_fax", "faxed and read by OCR"), ("fax_poor", "poorly faxed and read by OCR")):
        tally = Tally()
        for seed in FAXED:
            truth = planted.truth(seed)
            record = faxed.read(planted.record_of(truth), level, seed_case_file.generator(), seed, tmp_path)
            _count(tally, truth, Index(record))
        tally.show(f"Generated cases, {title}")


def test_public_letters() -> None:
    letters = mutations.letters()
    for with_record in (False, True):
        tally = Tally()
        for seed, letter in enumerate(letters, FRESH):
            record = mutations.record_of(letter, seed)
            index = Index(record) if with_record else None
            whole = mutations.listing(letter, record) if with_record else letter
            said = findings(whole, planted.TODAY, record=index, circumstances=PUBLIC)
            tally.sound(said)
            known = {each.says for each in said}
            for change in mutations.changes(whole, seed):
                kind = f"{change.kind}, {'summary' if change.in_summary else 'rationale'}"
                tally.error(kind, _new(change.determination, index, known, PUBLIC))
        tally.show(f"Public letters, {'with a record that says the same' if with_record else 'alone'}")


def test_speed() -> None:
    determination, record = _large()
    items = len(determination.case.items)
    print()
    index, indexed, (taken, worked) = _first_check(determination, record)
    numbers = iter(range(10_000))

    def edited() -> None:
        text = f"{determination.case.items[3].rationale.text} On 11/{next(numbers) % 27 + 1}/2016 pain was 3/10."
        first = replace(determination.case.items[3], rationale=Narrative(text))
        others = determination.case.items
        changed = replace(determination.case, items=(*others[:3], first, *others[4:]))
        findings(replace(determination, case=changed), planted.TODAY, record=index)

    again = side_by_side("Check again after one edit", {"one rationale edited": edited}, rounds=20)
    if os.environ.get("IMR_BENCH_WRITE"):
        speed = (
            f"{items} items on {len(record.pages):,} pages: indexed in {indexed:.0f} ms, checked in {taken:.0f} ms "
            f"({worked:.0f} ms of them the processor's), checked again after one edit in "
            f"{again['one rationale edited']:.0f} ms."
        )
        FIGURES.write_text(json.dumps(_published(speed), indent=1) + "\n", encoding="utf-8")


def _first_check(determination: Determination, record: Record) -> tuple[Index, float, tuple[float, float]]:
    """The index, its milliseconds, those of the first check and the processor's share of them: the best of three."""
    best: tuple[float, tuple[float, float]] | None = None
    for _ in range(3):
        forget()
        begun = time.perf_counter()
        index = Index(record)
        indexed = (time.perf_counter() - begun) * 1000
        begun, used = time.perf_counter(), time.process_time()
        said = findings(determination, planted.TODAY, record=index)
        taken, worked = (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000
        print(
            f"{len(record.pages):,} pages indexed: {indexed:.0f} ms; first check of {len(determination.case.items)} "
            f"items: {taken:.0f} ms ({worked:.0f} ms of work), {len(said)} findings"
        )
        if best is None or taken < best[1][0]:
            best = indexed, (taken, worked)
    assert best is not None
    return index, *best


def _large() -> tuple[Determination, Record]:
    """A letter of 20 items, and a record of 3,000 pages."""
    chance = random.Random(1)
    truth = planted.truth(7)
    letters = mutations.letters()
    items = tuple(item for letter in letters for item in letter.case.items)[:20]
    items = tuple(replace(item, id=f"i{number}", depends_on=None) for number, item in enumerate(items))
    base = planted.determination_of(truth)
    wording = letters[0].wording
    words = " ".join(letter.case.clinical_summary.text for letter in letters).split()
    pages = list(planted.record_of(truth).pages)
    for number in range(len(pages), 3000):
        start = chance.randrange(len(words) - 340)
        said = [f"page{number}", f"{chance.randrange(1, 13)}/{chance.randrange(1, 28)}/{chance.randrange(2012, 2025)}"]
        text = " ".join((*said, *words[start : start + 340]))
        pages.append(
            RecordPage(PageRef(planted.SOURCE, number), number + 1, text, WordsOrigin.DIGITAL, seen=planted.SEEN)
        )
    listed = "; ".join(item.heading for item in items)
    header = replace(base.case.header, treatments_in_dispute_raw=listed)
    return replace(base, wording=wording, case=replace(base.case, items=items, header=header)), Record(tuple(pages))
