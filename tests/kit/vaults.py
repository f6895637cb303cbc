# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault with something of every kind in it, and what of it must be the same after anything that happened to it."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from imr_desktop.models.case import Case, CaseHeader, Imro, LetterText
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, SourceFile, Word
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import CaseStore, KdfCost, Table, Vault

PASSPHRASE = "four words for testing"
TINY = KdfCost(memory_kib=64, passes=1, lanes=1)
SEEN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
T = TypeVar("T")


def source_of(data: bytes, first_page: int = 1) -> SourceFile:
    """What the row of a source file with this content says."""
    digest = hashlib.sha256(data).hexdigest()
    return SourceFile(digest, f"{digest[:6]}.pdf", len(data), first_page, (PageSize(612, 792),))


def add_case(vault: Vault, number: int, *, extra: int = 0) -> CaseStore:
    """A case with a source file, words, edits and a letter; ``extra`` bytes make the source larger."""
    store = vault.new_case(CaseHeader(case_number=f"CM26-{number:07}"), Imro(name="An organization"), LetterText())
    data = f"%PDF of case {number} ".encode() + bytes(range(256)) * (extra // 256)
    source = source_of(data)
    with store.step("Take in the record") as step:
        store.add_source(source, data)
    for text in ("first words", "first words, mended"):
        with store.step("Write the summary") as step:
            step.put(Table.SUMMARY, "", Narrative(f"{text} of case {number}"))
    with store.step("Add an item") as step:
        step.put(Table.ITEM, "a", DisputedItem("a", heading=f"Treatment {number}"))
    page = PageRef(source.sha256, 0)
    store.keep_words(PageWords(page, PageSize(612, 792), (Word(f"word{number}", Box(0, 0, 1, 1), 0, 0),)))
    store.mark_seen(page, SEEN)
    store.file_letter(f"letter-{number}.pdf", f"%PDF letter {number}".encode(), "digest", {"number": number})
    return store


def full_vault(folder: Path, cases: int = 3, *, extra: int = 0) -> tuple[str, ...]:
    """Make a vault with cases in it and close it; gives the cases' ids."""
    with Vault.create(folder, PASSPHRASE, cost=TINY) as vault:
        vault.keep_reviewer(Reviewer(name="Physician Reviewer", licence="A00000"))
        vault.keep_setting("theme", "dark")
        return tuple(add_case(vault, number, extra=extra).id for number in range(1, cases + 1))


def content(store: CaseStore) -> dict[str, Any]:
    """Everything of a case that a reviewer could miss."""
    case: Case = store.read()
    return {
        "case": case,
        "history": [(entry.number, entry.deed, entry.label) for entry in store.history()],
        "undo": store.undo_label,
        "redo": store.redo_label,
        "sources": {source.sha256: store.source_bytes(source.sha256) for source in case.sources},
        "words": {source.sha256: store.words(PageRef(source.sha256, 0)) for source in case.sources},
        "seen": store.seen(),
        "letters": {letter.name: store.letter_bytes(letter.name) for letter in store.letters()},
    }


def contents(vault: Vault) -> dict[str, dict[str, Any]]:
    """Everything of every case, by id."""
    return {case.id: content(vault.case(case.id)) for case in vault.cases()}


def last(said: Iterable[Any], kind: type[T]) -> T:
    """Let long work go on to its end and give what it ended with."""
    *_, end = said
    assert isinstance(end, kind)
    return end


def flip(path: Path, at: int, bit: int = 0) -> None:
    """Change one bit of a file."""
    with path.open("rb+") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))


def places(size: int, count: int) -> list[int]:
    """Offsets spread over a file of this size, its first and last byte among them."""
    return sorted({(size - 1) * number // max(1, count - 1) for number in range(count)})


Damage = Callable[[Path], None]
