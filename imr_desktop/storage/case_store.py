# SPDX-License-Identifier: AGPL-3.0-or-later
"""One case in the vault: its present, its steps, its encrypted source files, its pages and its issued letters."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from imr_desktop.models.answers import Answers
from imr_desktop.models.case import Case, CaseHeader, Imro, LetterText
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import PageRef, PageWords, SourceFile
from imr_desktop.storage import files, keys, rows, sealed, sql
from imr_desktop.storage.audit import AuditReport, audit_case
from imr_desktop.storage.history import Earlier, Removed, narrative_history, removed_rows
from imr_desktop.storage.journal import Deed, Entry, Journal
from imr_desktop.storage.letters import FiledLetter, Letters, LetterToFile
from imr_desktop.storage.pages import Pages
from imr_desktop.storage.rows import Change, Kept, Table
from imr_desktop.storage.sources import SourceData, Sources
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import Kind, Trail
from imr_desktop.storage.troubles import DamagedPages, DamagedVault


class Step:
    """One edit while it is being made. After it was kept, ``change`` says what it touched; None if nothing changed."""

    def __init__(self, db: Database, case_id: str) -> None:
        self.change: Change | None = None
        self._db = db
        self._case = case_id
        self._over = False
        self._noted: dict[tuple[Table, str], tuple[Kept | None, Kept | None]] = {}

    def put(self, table: Table, row_id: str, value: Any, position: float | None = None) -> None:
        """Make a row hold ``value``; without a position it keeps its place, or goes behind the last of its kind.

        For a case's one header, IMRO, letter and summary ``row_id`` and position do not matter.
        """
        row_id = rows.row_id_of(table, row_id)
        encoded = rows.encode(table, row_id, value)
        before = rows.find(self._db, self._case, table, row_id)
        if position is None:
            position = rows.end_of(self._db, self._case, table) if before is None else before.position
        self._place(table, row_id, before, Kept(float(position), encoded))

    def remove(self, table: Table, row_id: str) -> None:
        """Take a row away; one that is not there stays away."""
        row_id = rows.row_id_of(table, row_id)
        self._place(table, row_id, rows.find(self._db, self._case, table, row_id), None)

    def _place(self, table: Table, row_id: str, before: Kept | None, after: Kept | None) -> None:
        if self._over:
            raise RuntimeError("the step is over")
        if before == after:
            return
        first, _ = self._noted.get((table, row_id), (before, None))
        rows.place(self._db, self._case, table, row_id, after)
        self._noted[table, row_id] = (first, after)

    def end(self) -> dict[tuple[Table, str], tuple[Kept | None, Kept | None]]:
        """Take no more; each row that the step leaves other than it found it, before and after."""
        self._over = True
        return {row: pair for row, pair in self._noted.items() if pair[0] != pair[1]}


class CaseStore:
    """The one way to read and change a case. All but the reading of source files belongs to the vault's thread."""

    def __init__(
        self, db: Database, folder: Path, case_id: str, key: bytearray, letters: Letters, who: Callable[[], str]
    ) -> None:
        self.id = case_id
        self._db = db
        self._folder = folder
        self._sources = Sources(folder / "sources", keys.subkey(key, "sources"))
        self._pages_key = keys.subkey(key, "pages.db")
        keys.wipe(key)
        self._letters = letters
        self._trail = Trail(db, case_id, who)
        self._journal = Journal(db, case_id, self._trail)
        self._pages: Pages | None = None
        self._closed = False
        self._step: Step | None = None
        self._new_files: list[Path] = []
        self._decoded: dict[tuple[Table, str], tuple[str, Any]] = {}

    def read(self) -> Case:
        """The present of the case."""
        with sql.troubles(damaged):
            found = self._db.execute(
                "select kind, id, value from case_row where case_id = ? order by kind, position, id", (self.id,)
            ).fetchall()
        return build(self.id, [self._decode(Table(kind), row_id, value) for kind, row_id, value in found])

    def kept_rows(self) -> tuple[tuple[Table, str, float, str], ...]:
        """Every row as it is kept: its kind, id, place among its like, and value as JSON."""
        with sql.troubles(damaged):
            found = self._db.execute(
                "select kind, id, position, value from case_row where case_id = ? order by kind, position, id",
                (self.id,),
            ).fetchall()
        return tuple((Table(kind), row_id, float(position), value) for kind, row_id, position, value in found)

    def kept(self, table: Table) -> tuple[Any, ...]:
        """Every row of one kind, in its order; the way to what is no part of the letter: marks, bookmarks, cares."""
        with sql.troubles(damaged):
            found = self._db.execute(
                "select id, value from case_row where case_id = ? and kind = ? order by position, id", (self.id, table)
            ).fetchall()
        return tuple(self._decode(table, row_id, value)[1] for row_id, value in found)

    def passwords(self) -> dict[str, str]:
        """The passwords of protected source files, by SHA-256; to be asked on the vault's thread."""
        return {each.id: each.password for each in self.kept(Table.PASSWORD)}

    def texts_elsewhere(self) -> Iterator[str]:
        """The summaries and rationales of all other cases in the vault, for finding what was copied from them."""
        with sql.troubles(damaged):
            found = self._db.execute(
                "select kind, value from case_row where case_id != ? and kind in (?, ?)",
                (self.id, Table.SUMMARY, Table.ITEM),
            ).fetchall()
        for kind, value in found:
            row = rows.decode(Table(kind), value)
            yield row.text if isinstance(row, Narrative) else row.rationale.text

    def next_position(self, table: Table) -> float:
        """A position behind every row of this kind."""
        with sql.troubles(damaged):
            (last,) = self._db.execute(
                "select max(position) from case_row where case_id = ? and kind = ?", (self.id, table)
            ).fetchone()
        return 0.0 if last is None else float(last) + 1.0

    @contextmanager
    def step(self, label: str) -> Iterator[Step]:
        """One undoable edit as one transaction: all of it is kept at the end of the block, or none of it.

        A step that changes nothing leaves no trace. DiskFull and CannotWrite leave the state before.
        """
        self._outside_a_step()
        step = self._step = Step(self._db, self.id)
        self._new_files = []
        try:
            with sql.troubles(damaged), self._db.atomic():
                yield step
                noted = step.end()
                change = self._journal.note(Deed.EDIT, label, noted) if noted else None
            step.change = change
        except BaseException:
            files.remove(*self._new_files)
            raise
        finally:
            step.end()
            self._step = None

    def undo(self) -> Change | None:
        """Take the last step back; None if there is none, or it lies more than ``UNDOABLE`` steps back."""
        self._outside_a_step()
        with sql.troubles(damaged):
            return self._journal.undo()

    def redo(self) -> Change | None:
        """Do the step again that was taken back last; None if there is none, or another was made since."""
        self._outside_a_step()
        with sql.troubles(damaged):
            return self._journal.redo()

    @property
    def undo_label(self) -> str | None:
        """What ``undo`` would take back."""
        with sql.troubles(damaged):
            return self._journal.undo_label

    @property
    def redo_label(self) -> str | None:
        """What ``redo`` would do again."""
        with sql.troubles(damaged):
            return self._journal.redo_label

    def history(self) -> tuple[Entry, ...]:
        """Everything that was ever done in the case, undone and redone steps included, in order."""
        with sql.troubles(damaged):
            return self._journal.entries()

    def add_source(self, source: SourceFile, data: SourceData) -> None:
        """Within a step: keep a source file's bytes, encrypted, then its row. An open file is read from where it is.

        SourceChanged if the bytes are not those that ``source`` announces (size and SHA-256); DiskFull; CannotWrite.
        """
        self.add_sealed(source, is_new=self.seal_source(source, data))

    def seal_source(self, source: SourceFile, data: SourceData) -> bool:
        """Within a step: keep a source file's bytes, encrypted, ahead of its row; gives whether they are new here.

        May be called from another thread, which ends before the step does. Raises as ``add_source``.
        """
        if self._step is None:
            raise RuntimeError("a source file comes in within a step")
        path = self._sources.add(source, data)
        if path is not None:
            self._new_files.append(path)
        return path is not None

    def add_sealed(self, source: SourceFile, *, is_new: bool) -> None:
        """Within a step: add the row of a source file whose bytes ``seal_source`` has kept."""
        if self._step is None:
            raise RuntimeError("a source file comes in within a step")
        if is_new:
            detail = {"sha256": source.sha256, "bytes": source.byte_count, "pages": source.page_count}
            self._trail.add(Kind.SOURCE, detail)
        self._step.put(Table.SOURCE, source.sha256, source, position=source.first_case_page)

    def source_bytes(self, sha256: str) -> bytes:
        """A source file as it was received; DamagedSource. May be called from any thread."""
        with self.open_source(sha256) as file:
            return file.read_at(0, file.length)

    def open_source(self, sha256: str) -> sealed.SealedFile:
        """A source file to read from anywhere in it, decrypted as it is read; DamagedSource. From any thread."""
        return self._sources.open(sha256)

    def keep_words(self, words: PageWords) -> None:
        """Keep the words of a page."""
        self._open_pages().keep(words)

    def words(self, page: PageRef) -> PageWords | None:
        """The words of a page; None while it has not been read."""
        return self._open_pages().words(page)

    @property
    def pages(self) -> Pages:
        """The page index of the case, for those who read and search it; DamagedPages."""
        return self._open_pages()

    def mark_seen(self, page: PageRef, when: datetime) -> None:
        """Note that a page was seen; ``when`` carries its time zone."""
        self._open_pages().mark_seen(page, when)

    def seen(self) -> dict[PageRef, datetime]:
        """Every page that was seen, with the first time (UTC)."""
        return self._open_pages().seen()

    def file_letter(self, name: str, data: bytes, digest: str, note: dict[str, Any]) -> FiledLetter:
        """Keep an issued letter for ever; LetterAlreadyFiled if the case has one of this name."""
        return self.file_letters([LetterToFile(name, data, digest, note)])[0]

    def file_letters(self, letters: Sequence[LetterToFile]) -> tuple[FiledLetter, ...]:
        """Keep letters that were issued together, all of them or none; LetterAlreadyFiled."""
        self._outside_a_step()
        self.note_coverage()
        with sql.troubles(damaged):
            return self._letters.file(self.id, letters, self._trail)

    def letters(self) -> tuple[FiledLetter, ...]:
        """The issued letters, first issued first."""
        with sql.troubles(damaged):
            return self._letters.of(self.id)

    def letter_bytes(self, name: str) -> bytes:
        """An issued letter as it left; NoSuchLetter, DamagedLetter."""
        with sql.troubles(damaged):
            return self._letters.read(self.id, name)

    def narrative_history(self, table: Table, row_id: str = "") -> tuple[Earlier, ...]:
        """The texts of the summary, or of the rationale of item ``row_id``, oldest first and the present one last.

        Putting an earlier text back is an ordinary step.
        """
        with sql.troubles(damaged):
            return narrative_history(self._journal, table, row_id)

    def removed(self, table: Table) -> tuple[Removed, ...]:
        """The rows of a kind that were in the case and are not any more, the last removed first."""
        with sql.troubles(damaged):
            present = self._db.execute(
                "select id from case_row where case_id = ? and kind = ?", (self.id, table.value)
            ).fetchall()
            return removed_rows(self._journal, table, [row_id for (row_id,) in present])

    def audit(self) -> AuditReport:
        """Who did what when, and whether all of it still stands as it was recorded."""
        with sql.troubles(damaged):
            letters = (*self._letters.known(self.id), *self._letters.slips(self.id))
            return audit_case(self._db, self.id, dict.fromkeys(letters))

    def record(self, kind: str, detail: Mapping[str, Any]) -> None:
        """Add something that is no edit to the audit trail, such as an export; plain data, no words of the case."""
        self._outside_a_step()
        with sql.troubles(damaged), self._db.atomic():
            self._trail.add(kind, detail)

    def note_coverage(self) -> None:
        """Record how many pages were seen, if that changed since it was last recorded."""
        if self._closed or (self._pages is None and not (self._folder / "pages.db").exists()):
            return
        try:
            counted = {"seen": len(self.seen())}
        except DamagedPages:
            return
        with sql.troubles(damaged):
            known = self._trail.last(Kind.COVERAGE)
        if counted["seen"] and known != counted:
            self.record(Kind.COVERAGE, counted)

    def check_source(self, sha256: str) -> None:
        """Read a source file through: DamagedSource if it is not the one that came in."""
        self._sources.check(sha256)

    def sources_ever(self) -> set[str]:
        """The digests of all files that ever came into the case, those of steps that were taken back too."""
        with sql.troubles(damaged):
            return self._journal.ever(Table.SOURCE)

    def stored_sources(self) -> tuple[Path, ...]:
        """Every file in the folder of sources."""
        return self._sources.stored()

    def copy_pages(self, path: Path) -> bool:
        """A consistent encrypted copy of the page index at ``path``; False if there is no index."""
        if self._pages is None and not (self._folder / "pages.db").exists():
            return False
        self._open_pages().copy_to(path, self._pages_key)
        return True

    def check_pages(self) -> None:
        """Read the page index through: DamagedPages."""
        if self._pages is not None or (self._folder / "pages.db").exists():
            self._open_pages().check()

    def close(self) -> None:
        """Close the page index and let the keys go; the vault calls it."""
        if self._pages is not None:
            self._pages.close()
            self._pages = None
        self._decoded.clear()
        self._closed = True
        self._sources.close()
        keys.wipe(self._pages_key)

    def _decode(self, table: Table, row_id: str, value: str) -> tuple[Table, Any]:
        # Most rows are as they were at the last reading, and their values cannot change.
        held = self._decoded.get((table, row_id))
        if held is None or held[0] != value:
            held = self._decoded[table, row_id] = (value, rows.decode(table, value))
        return table, held[1]

    def _open_pages(self) -> Pages:
        if self._closed:
            raise RuntimeError("the vault is closed")
        if self._pages is None:
            files.make_private(self._folder)
            self._pages = Pages(self._folder / "pages.db", self._pages_key)
        return self._pages

    def _outside_a_step(self) -> None:
        if self._step is not None:
            raise RuntimeError("a step is open")


def build(case_id: str, found: Iterable[tuple[Table, Any]]) -> Case:
    """A case from its rows, given in the order of their positions."""
    of: dict[Table, list[Any]] = {table: [] for table in Table}
    for table, value in found:
        of[table].append(value)

    def single(table: Table, otherwise: Callable[[], Any]) -> Any:
        return of[table][0] if of[table] else otherwise()

    return Case(
        id=case_id,
        header=single(Table.HEADER, CaseHeader),
        imro=single(Table.IMRO, Imro),
        sources=tuple(of[Table.SOURCE]),
        documents=tuple(of[Table.DOCUMENT]),
        evidence=tuple(of[Table.EVIDENCE]),
        clinical_summary=single(Table.SUMMARY, Narrative),
        items=tuple(of[Table.ITEM]),
        letter=single(Table.LETTER, LetterText),
        answers=single(Table.ANSWERS, Answers),
    )


def damaged() -> DamagedVault:
    """The Trouble for a damaged ``vault.db``."""
    return DamagedVault(
        "The vault's database vault.db is damaged.",
        "Save what can be read with `imr-desktop vault salvage`, which keeps the damaged file, or put your newest "
        "backup back with `imr-desktop vault restore FILE`; the window offers both.",
        place="vault.db",
    )
