# SPDX-License-Identifier: AGPL-3.0-or-later
"""A package taken in: the case goes on in this vault where it stood, its sources, its work and its letters with it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from imr_desktop.casework import exchange
from imr_desktop.casework.intake import CannotTakeIn
from imr_desktop.casework.package import SUFFIX, Part
from imr_desktop.casework.progress import Progress
from imr_desktop.casework.unpack import Package, open_package
from imr_desktop.errors import Trouble
from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.records import PageRef, SourceFile
from imr_desktop.records import Measure, Measured, Reader
from imr_desktop.storage import CaseStore, LetterToFile, Table, Vault, rows
from imr_desktop.storage.rows import dumps
from imr_desktop.storage.trail import Kind

MakeReader = Callable[[Callable[[str], bytes]], Reader]
_Row = tuple[Table, str, float, Any]


def is_package(path: Path) -> bool:
    """Whether a file is named as a package."""
    return path.suffix.lower() == SUFFIX


def take_in_package(
    vault: Vault, path: Path, *, keys: str | None = None, make_reader: MakeReader = Reader
) -> Iterator[Progress]:
    """Take a package in as a case of this vault; the last Progress names the case.

    NotAPackage, KeyNeeded, NotForYou, CannotTakeIn or CannotReadPdf, before anything of it is kept.
    """
    with open_package(path, keys) as given:
        yield from given.prove()
        exchange.from_json(given.text("case"), f"{path.name}: case.json")
        work = given.text("work")
        kept = _rows(given, work)
        header = next((value for table, _, _, value in kept if table is Table.HEADER), CaseHeader())
        _refuse_known(vault, header.case_number)
        sources = _sources(given, kept)
        for number, (part, source) in enumerate(sources):
            yield Progress(number, len(sources), f"Opening {source.name}")
            _measure(given, part, source, make_reader)
        total = len(sources) + 2
        with vault.at_once():
            store = vault.new_case(header, _one(kept, Table.IMRO, Imro()), _one(kept, Table.LETTER, LetterText()))
            with store.step("Take in a package") as step:
                for number, (part, source) in enumerate(sources):
                    yield Progress(number, total, f"Keeping {source.name}", store.id)
                    with given.opened(part) as file:
                        store.add_source(source, file)
                for table, row_id, position, value in kept:
                    if table is not Table.SOURCE:
                        step.put(table, row_id, value, position)
            yield Progress(total - 1, total, "Keeping letters and the pages seen", store.id)
        try:
            _bring(given, work, store, sources)
        except BaseException:
            vault.remove_case(store.id)
            raise
        store.record(Kind.PACKAGE, {"determination": given.manifest.determination, "packed": given.manifest.packed})
    yield Progress(total, total, "The case is in.", store.id)


def _rows(given: Package, work: Any) -> list[_Row]:
    try:
        return [
            (
                Table(row["table"]),
                str(row["id"]),
                float(row["position"]),
                rows.decode(row["table"], dumps(row["value"])),
            )
            for row in work["rows"]
        ]
    except (ValueError, KeyError, TypeError, Trouble) as why:
        raise given.refusal("has a work.json that this version cannot read") from why


def _one(kept: list[_Row], table: Table, otherwise: Any) -> Any:
    return next((value for kind, _, _, value in kept if kind is table), otherwise)


def _refuse_known(vault: Vault, number: str) -> None:
    if number and any(case.header.case_number == number for case in vault.cases()):
        raise CannotTakeIn(
            f"The case {number} is in the vault already.",
            "Go on with that one; what was issued and written there is not replaced by a package.",
        )


def _sources(given: Package, kept: list[_Row]) -> list[tuple[Part, SourceFile]]:
    parts = {part.sha256: part for part in given.manifest.of("source")}
    known: list[SourceFile] = [value for table, _, _, value in kept if table is Table.SOURCE]
    if {source.sha256 for source in known} != set(parts):
        if not parts:
            raise given.refusal("was packed without the records, so that no case can go on from it")
        raise given.refusal("does not hold the records that its work.json names")
    return [(parts[source.sha256], source) for source in sorted(known, key=lambda each: each.first_case_page)]


def _measure(given: Package, part: Part, source: SourceFile, make_reader: MakeReader) -> None:
    """See that a source has the pages that the case counts on; one that never could be opened is taken as it is."""
    if source.broken:
        return
    reader = make_reader(lambda _: given.read(part))
    try:
        answer = reader.ask(Measure(source.sha256))
    except Trouble as trouble:
        raise CannotTakeIn(f"{source.name}: {trouble.happened}", trouble.advice) from trouble
    finally:
        reader.close()
    if not isinstance(answer, Measured) or len(answer.sizes) != source.page_count:
        raise given.refusal(f"counts other pages of {source.name} than there are")


def _bring(given: Package, work: Any, store: CaseStore, sources: list[tuple[Part, SourceFile]]) -> None:
    pages = {source.sha256: source.page_count for _, source in sources}
    for source, page, when in work.get("seen", ()):
        if source in pages and 0 <= page < pages[source]:
            store.mark_seen(PageRef(source, page), datetime.fromisoformat(when))
    letters = [
        LetterToFile(
            str(part.about.get("name", part.path.rpartition("/")[2])),
            given.read(part),
            str(part.about.get("digest", "")),
            {**_plain(part.about.get("note")), "filed_first": part.about.get("filed")},
        )
        for part in given.manifest.of("letter")
    ]
    if letters:
        store.file_letters(letters)


def _plain(note: Any) -> dict[str, Any]:
    return note if isinstance(note, dict) else {}


__all__ = ["is_package", "take_in_package"]
