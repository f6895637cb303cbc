# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planted words are found nowhere but in memory while a case is being worked on, and nowhere at all after."""

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import psutil
import pytest

from imr_desktop.casework import backups, intake, recovery
from imr_desktop.casework.backups import Plan
from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import Employee
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.items import Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, Word
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.records import Draw, Reader, ReadWords
from imr_desktop.storage import KeptIdentity, Vault
from tests.kit.cases import NOW
from tests.kit.pdfs import pdf
from tests.kit.vaults import PASSPHRASE, TINY

pytestmark = [pytest.mark.torture, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

CANARIES = ("Zeisigzwitscher", "Quarkstrudelheim", "Vlindervleugel")


class Scan:
    """Looks for the planted words, in several ways of writing them, and counts what it looked through."""

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self.files = self.bytes = self.times = 0
        # Hundreds of files of other tests stay open, and much memory shared, until the end of this process.
        self.before = {where for where, _ in _open_of(psutil.Process().pid)}
        words = [word for canary in CANARIES for word in (canary, canary.lower(), canary.upper())]
        self.needles = [word.encode(code) for word in words for code in ("utf-8", "utf-16-le", "utf-16-be")]
        self.needles += [canary.encode().hex().encode() for canary in CANARIES]

    def found(self) -> list[str]:
        """Where a planted word stands: in a file or a file's name, in an open file, deleted or not, of any process."""
        self.times += 1
        seen = [str(path) for folder in self.folders for path in folder.rglob("*") if self._in(path, str(path))]
        for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
            opened = _open_of(process.pid)
            seen += [where for where, path in opened if where not in self.before and self._in(path, where)]
        return seen

    def _in(self, path: Path, where: str) -> bool:
        name = path.name.lower()
        if any(canary.lower() in name or canary.lower() in where.lower() for canary in CANARIES):
            return True
        try:
            if not path.is_file():
                return False
            # Shared memory is mostly empty; a text in UTF-16 may end with a zero of its own.
            whole = path.read_bytes().rstrip(b"\0") + bytes(1)
        except OSError:
            return False
        self.files += 1
        self.bytes += len(whole)
        return any(needle in whole for needle in self.needles)


def _open_of(pid: int) -> Iterator[tuple[str, Path]]:
    """The files that a process has open or mapped for writing."""
    try:
        handles = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return
    for handle in handles:
        try:
            target = str(handle.readlink())
        except OSError:
            continue
        if target.startswith("/") and not target.startswith(("/dev/", "/proc/")):
            yield f"{target} open in {pid}", handle
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        parts = line.split(maxsplit=5)
        if len(parts) == 6 and parts[5].startswith("/") and "w" in parts[1] and "s" in parts[1]:
            yield f"{parts[5]} mapped in {pid}", Path(parts[5])


def test_no_planted_word_is_found(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    figures: Callable[[str], None],
) -> None:
    caplog.set_level(logging.DEBUG)
    name, words, text = CANARIES
    folder, temporary, disk, incoming = (tmp_path / each for each in ("vault", "temporary", "disk", "incoming"))
    for each in (temporary, disk, incoming):
        each.mkdir()
    for variable in ("TMPDIR", "TMP", "TEMP", "HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    (incoming / f"{name}.pdf").write_bytes(pdf(*(f"{words} page {number}" for number in range(6))))
    scan = Scan(folder, temporary, disk)
    # The scan sees what it looks for: in a file, in a name, and in a file that is open and was deleted.
    with tempfile.TemporaryFile() as planted:
        planted.write(text.upper().encode("utf-16-le"))
        planted.flush()
        (temporary / "a").write_text(f"some {words}")
        (temporary / name.lower()).touch()
        assert len(scan.found()) == 3
    for planted_file in temporary.iterdir():
        planted_file.unlink()

    vault = Vault.create(folder, f"{PASSPHRASE} {name}", cost=TINY)
    vault.keep_reviewer(Reviewer(name=name))
    vault.keep_identity(KeptIdentity(name, name.encode(), name))
    backups.keep_plan(vault, Plan(disk))
    case_id = ""
    before = None
    for step in intake.take_in(vault, [incoming]):
        case_id = step.case_id or case_id
        # The same step is told again and again while a thread is at it.
        assert step is before or scan.found() == []
        before = step
    desk = Desk(vault.case(case_id))
    source = desk.case.sources[0]
    reader = Reader(desk.store.source_bytes)
    for page in range(3):
        ref = PageRef(source.sha256, page)
        reader.ask(Draw(ref, 1.0))
        reader.ask(ReadWords(ref))
        desk.store.keep_words(PageWords(ref, PageSize(612, 792), (Word(words, Box(0, 0, 1, 1), 0, 0),) * 500))
        desk.mark_seen(ref)
        assert scan.found() == []
    desk.keep_header(replace(desk.case.header, employee=Employee(name=name)))
    item = desk.add_item(f"{words} therapy")
    for number in range(20):
        desk.write_summary(Narrative(f"{text} " * 200 * number))
        desk.write_rationale(item, Narrative(f"{text} {number} " * 300))
    passage = Passage((PassagePart(PageRef(source.sha256, 0), (Box(0, 0, 1, 1),)),), words)
    desk.cite(passage, Place(Part.SUMMARY), 3, desk.case.clinical_summary)
    desk.decide(item, Outcome.OVERTURNED)
    desk.undo()
    desk.redo()
    assert scan.found() == []
    desk.store.file_letter(f"{name}.pdf", pdf(text), "digest", {name: words})
    for _ in backups.run(vault, NOW):
        assert scan.found() == []
    sheet = recovery.make_sheet(vault, date(2026, 11, 23))
    assert vault.check().faults == ()
    assert scan.found() == []
    vault = vault.rekey(f"{PASSPHRASE} {name}")
    assert scan.found() == []
    vault.archive_case(case_id)
    vault.remove_case(case_id)
    reader.close()
    vault.close()
    assert scan.found() == []
    scan.needles = [group.encode() for group in sheet.code.split()]
    assert [where for where in scan.found() if "open in" not in where] == []
    said = "".join(capfd.readouterr()) + caplog.text
    assert not any(canary.lower() in said.lower() for canary in CANARIES)
    figures(
        f"canary: 3 planted words, {scan.times} scans while a case was worked on, {scan.files} files and open files, "
        f"{scan.bytes // 1_000_000} MB looked through, 0 found"
    )
