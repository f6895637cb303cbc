# SPDX-License-Identifier: AGPL-3.0-or-later
"""Precedents: published determinations added to the local library in bulk, and found again with their outcomes."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from imr_desktop import assets
from imr_desktop.casework import exchange, many, published, query
from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.models.citations import Citation
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import Outcome
from imr_desktop.models.precedents import Precedent, PrecedentCounts, PrecedentHit, PrecedentItem
from imr_desktop.storage import RANKED, Vault

KINDS: Final = (".pdf", ".txt", ".json", ".jsonl")
_BATCH = 40
_AROUND = 110


class NothingToAdd(Trouble):
    """No published letter is at the places named."""

    default_advice = "Name PDF or text files of published determinations, imr-case/1 files, or folders of them."


@dataclass(frozen=True, slots=True)
class Added:
    """What an addition did: how many precedents are new, how many were there, and what could not be read."""

    added: int
    known: int
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words anywhere, and words in the treatment, body part or guideline; an outcome or any."""

    words: str = ""
    treatment: str = ""
    body_part: str = ""
    guideline: str = ""
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the counts over the whole library, and the first hits."""

    counts: PrecedentCounts
    hits: tuple[PrecedentHit, ...]
    by_rank: bool


# -- adding -------------------------------------------------------------------------------------------------------


def add(vault: Vault, paths: Sequence[Path], workers: int = 1) -> Iterator[Progress | Added]:
    """Add published letters to the library: PDFs, texts, ``imr-case/1`` files with one object or one a line, folders.

    Yields how far it is and, last, what was done. What is kept stays when it is stopped; the next run goes on from
    there. NothingToAdd, DamagedPrecedents, DiskFull.
    """
    files = letters_in(paths)
    if not files:
        raise NothingToAdd("No published letter was found there.")
    library = vault.precedents()
    total, done, known, added = len(files), 0, 0, 0
    troubles: list[Trouble] = []
    fresh: list[Path] = []
    for number, path in enumerate(files, 1):
        try:
            digest = hashlib.sha256(published.bytes_of(path)).hexdigest()
        except Trouble as trouble:
            troubles.append(trouble)
            done += 1
            continue
        if library.known([digest]):
            known += 1
            done += 1
        else:
            fresh.append(path)
        if number % 200 == 0:
            yield Progress(done, total, "Looking for what is new")
    waiting: list[Precedent] = []
    for told in many.over(read_precedents, fresh, workers):
        done += 1
        if told.trouble is not None:
            troubles.append(told.trouble)
        waiting += told.result or ()
        if len(waiting) >= _BATCH:
            new = library.add(waiting)
            added, known, waiting = added + new, known + len(waiting) - new, []
        yield Progress(done, total, f"Read {told.path.name}", troubles=tuple(troubles))
    new = library.add(waiting)
    added, known = added + new, known + len(waiting) - new
    if added > 2000:
        yield Progress(total, total, "Putting the index in order")
        library.optimise()
    yield Added(added, known, tuple(troubles))


def letters_in(paths: Iterable[Path]) -> list[Path]:
    """The files that may be published letters, each once: those named, and those in folders named, by name."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for each in inside:
            if not path.is_dir() or (each.suffix.lower() in KINDS and each.is_file()):
                found[each] = None
    return list(found)


def read_precedents(path: Path) -> tuple[Precedent, ...]:
    """The precedents in one file; CannotReadFile, CannotReadPdf, NotALetter, NotACase."""
    data = published.bytes_of(path)
    digest = hashlib.sha256(data).hexdigest()
    kind = path.suffix.lower()
    if kind == ".json":
        return (_precedent(exchange.read_file(path), digest, path.name),)
    if kind == ".jsonl":
        lines = data.decode("utf-8", errors="replace").splitlines()
        return tuple(_of_line(line, f"{path.name}, line {at}") for at, line in enumerate(lines, 1) if line.strip())
    determination = published.of_this_process().read(data, text=kind == ".txt")
    return (_precedent(determination, digest, path.name),)


def _of_line(line: str, name: str) -> Precedent:
    try:
        plain = json.loads(line)
    except ValueError as why:
        raise exchange.NotACase(f"{name} is not JSON.", place=name) from why
    return _precedent(exchange.from_json(plain, name), hashlib.sha256(line.encode()).hexdigest(), name)


def _precedent(determination: Determination, digest: str, name: str) -> Precedent:
    case = determination.case
    summary = " ".join(determination.paragraphs(case.clinical_summary))
    items = []
    for number, item in enumerate(case.items, 1):
        if item.outcome is None:
            continue
        heading = determination.heading(item)
        rationale = " ".join(determination.paragraphs(item.rationale))
        guidelines = f"{determination.reviewer_sentence(item)} {determination.ca_sentence(item)}"
        category = " ".join(filter(None, (item.category, item.subcategory)))
        items.append(
            PrecedentItem(
                number,
                heading,
                item.outcome.value,
                treatment=" ".join([heading, category, *_other_names(heading)]),
                # The part that is treated, where the heading names one; else those that the letter speaks of.
                body=" ".join(parts_in(heading) or parts_in(f"{rationale} {summary}")),
                guideline=guidelines,
                words=f"{rationale} {summary} {case.header.case_number}",
            )
        )
    content = json.dumps(exchange.to_json(determination), ensure_ascii=False)
    return Precedent(digest, name, case.header.case_number, case.header.decision_date, tuple(items), content)


@assets.from_tables
def _parts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows: list[list[str]] = assets.table("tables/regions.toml")["parts"]
    return tuple((row[0], re.compile(rf"\b(?:{'|'.join(map(re.escape, row))})\b", re.IGNORECASE)) for row in rows)


def parts_in(text: str) -> tuple[str, ...]:
    """The parts of the body that a text names, by their first name in ``tables/regions.toml``."""
    return tuple(name for name, pattern in _parts() if pattern.search(text))


@assets.from_tables
def _drugs() -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    rows: list[dict[str, Any]] = assets.table("tables/drugs.toml")["drugs"]
    names = [frozenset([row["name"], *row["brands"]]) for row in rows]
    return tuple(
        (each, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(each)))})(?!\w)", re.IGNORECASE))
        for each in names
    )


def _other_names(heading: str) -> Iterator[str]:
    for names, pattern in _drugs():
        if pattern.search(heading):
            yield from sorted(names)


# -- searching ----------------------------------------------------------------------------------------------------


def search(vault: Vault, wanted: Wanted, limit: int = 50) -> Found:
    """What the library has of it, with counts of upheld and overturned; CannotSearch, DamagedPrecedents.

    The most telling first; of very many the newest first.
    """
    library = vault.precedents()
    asked = _expression(wanted)
    if asked is None:
        counts = library.count()[1]
        # Every decided item has an outcome, so this is all of them.
        every = "outcome : (upheld OR overturned)"
        return Found(counts, library.search(every, limit, by_rank=False), by_rank=False)
    counts = library.counts(asked)
    by_rank = counts.items <= RANKED
    return Found(counts, library.search(asked, limit, by_rank=by_rank), by_rank)


def _expression(wanted: Wanted) -> str | None:
    parts = []
    for columns, text in (
        ("{treatment body guideline words}", wanted.words),
        ("{treatment}", wanted.treatment),
        ("{body}", _as_parts(wanted.body_part)),
        ("{guideline}", wanted.guideline),
    ):
        if text.strip():
            parts.append(f"{columns} : ({query.expression(query.parse(text))})")
    if wanted.outcome is not None:
        parts.append(f"{{outcome}} : {wanted.outcome.value.lower()}")
    return " AND ".join(parts) or None


def _as_parts(text: str) -> str:
    named = parts_in(text)
    return " OR ".join(f'"{name}"' for name in named) if named else text


def around(hit: PrecedentHit, words: str) -> str:
    """The words of the precedent around the first word that was looked for; the rationale's beginning otherwise."""
    item = item_of(hit)
    text = " ".join([*item.get("rationale", []), *json.loads(hit.content).get("clinical_summary", [])])
    places = [
        found.start()
        for word in re.findall(r"\w{3,}", words)
        if (found := re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE))
    ]
    begin = max(0, min(places, default=0) - _AROUND)
    end = min(len(text), begin + 3 * _AROUND)
    return f"{'…' if begin else ''}{text[begin:end].strip()}{'…' if end < len(text) else ''}"


def item_of(hit: PrecedentHit) -> dict[str, Any]:
    """The item that was found, as ``imr-case/1`` has it."""
    items: list[dict[str, Any]] = json.loads(hit.content)["items"]
    return items[hit.ordinal - 1]


def citations_of(hit: PrecedentHit) -> tuple[Citation, ...]:
    """What the expert reviewer of the precedent cited for the item; empty where it could not be told apart."""
    determination = exchange.from_json(json.loads(hit.content), hit.name)
    guideline = determination.case.items[hit.ordinal - 1].reviewer_guideline
    return () if guideline is None else guideline.citations
