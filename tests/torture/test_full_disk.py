# SPDX-License-Identifier: AGPL-3.0-or-later
"""A disk that is full at any write: what was before, or what was to be, and never anything in between.

Two ways to fail. The system refuses every write beyond a size of file (RLIMIT_FSIZE), which is swept from nothing to
more than is needed, so that the database's own writes fail one after another; and the k-th write, sync, rename or new
folder of our own fails, for every k. On Linux a third: a real file system of a few megabytes with less and less room.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "win32":
    import resource

from imr_desktop.casework import intake
from imr_desktop.casework.desk import Desk
from imr_desktop.errors import Trouble
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import PageSize
from imr_desktop.records import Measured
from imr_desktop.storage import LetterToFile, Placed, Vault, move, remove_old, restore
from tests.kit.vaults import PASSPHRASE, TINY, content, full_vault, last
from tests.storage.vaults import make as kept
from tests.torture.zygote import ROOT

pytestmark = pytest.mark.torture

Deed = Callable[[Path], None]
FIRST = Path(kept.__file__).with_name("0001-first.zip")


class Measuring:
    """Stands for the reader of PDFs, which is not what is tried here."""

    def __init__(self, _: object) -> None:
        pass

    def ask(self, request: Any) -> Measured:
        return Measured(request.source, (PageSize(612, 792),), ("1",))

    def close(self) -> None:
        pass


def _vault(folder: Path) -> Path:
    return folder / "vault"


def edit(folder: Path) -> None:
    with Vault.open(_vault(folder), PASSPHRASE) as vault:
        Desk(vault.case(vault.cases()[0].id)).write_summary(Narrative("new words " * 2000))


def take_in(folder: Path) -> None:
    with Vault.open(_vault(folder), PASSPHRASE) as vault:
        list(intake.take_in(vault, [folder / "in"], make_reader=Measuring))  # type: ignore[arg-type]


def take_in_more(folder: Path) -> None:
    with Vault.open(_vault(folder), PASSPHRASE) as vault:
        into = vault.cases()[0].id
        list(intake.take_in(vault, [folder / "in"], into=into, make_reader=Measuring))  # type: ignore[arg-type]


def file_letters(folder: Path) -> None:
    with Vault.open(_vault(folder), PASSPHRASE) as vault:
        letters = [LetterToFile(f"R{number}.pdf", bytes([number]) * 30_000) for number in range(3)]
        vault.case(vault.cases()[0].id).file_letters(letters)


def back_up(folder: Path) -> None:
    with Vault.open(_vault(folder), PASSPHRASE) as vault:
        list(vault.backup(folder / "out" / "a.imrbackup"))


def put_back(folder: Path) -> None:
    list(restore(folder / "made.imrbackup", _vault(folder), PASSPHRASE))


def change_passphrase(folder: Path) -> None:
    with Vault.open(_vault(folder), PASSPHRASE) as vault:
        vault.ways_in.change_passphrase(PASSPHRASE, "new words", cost=TINY)


def rekey(folder: Path) -> None:
    with Vault.open(_vault(folder), PASSPHRASE) as vault:
        vault.rekey(PASSPHRASE).close()


def migrate(folder: Path) -> None:
    Vault.open(folder / "old", kept.PASSPHRASE).close()


def remove_a_case(folder: Path) -> None:
    with Vault.open(_vault(folder), PASSPHRASE) as vault:
        vault.remove_case(vault.cases()[0].id)


def move_away(folder: Path) -> None:
    assert remove_old(last(move(_vault(folder), folder / "elsewhere"), Placed))


DEEDS: dict[str, Deed] = {
    "edit": edit,
    "import": take_in,
    "import into a case": take_in_more,
    "issue": file_letters,
    "backup": back_up,
    "restore": put_back,
    "migration": migrate,
    "passphrase": change_passphrase,
    "new data key": rekey,
    "deleting a case": remove_a_case,
    "moving": move_away,
}


def _prepare(folder: Path) -> Path:
    folder.mkdir()
    (folder / "in").mkdir()
    (folder / "out").mkdir()
    for number in range(3):
        (folder / "in" / f"CM26-7777777 {number}.pdf").write_bytes(b"%PDF-1.7 " + os.urandom(20_000))
    full_vault(_vault(folder), cases=2)
    with Vault.open(_vault(folder), PASSPHRASE) as vault:
        list(vault.backup(folder / "made.imrbackup"))
        Desk(vault.case(vault.cases()[0].id)).write_summary(Narrative("after the backup"))
    with zipfile.ZipFile(FIRST) as packed:
        packed.extractall(folder / "old")
    return folder


def state(folder: Path) -> str:
    """What both vaults and the folder of backups come to, told so that two runs of the same deed compare."""
    told: list[object] = [sorted(path.name for path in (folder / "out").iterdir())]
    stands = "vault" if Vault.exists(_vault(folder)) else "elsewhere"
    for name, words in ((stands, (PASSPHRASE, "new words")), ("old", (kept.PASSPHRASE,))):
        told.append(_of_vault(folder / name, words))
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _of_vault(folder: Path, words: tuple[str, ...]) -> list[object]:
    held = folder.with_name(f"{folder.name} looked at")
    shutil.copytree(folder, held)
    try:
        for number, word in enumerate(words):
            try:
                with Vault.open(held, word) as vault:
                    assert vault.notices == ()
                    assert vault.check().faults == ()
                    # Ids are chance; what a case is, is not.
                    cases = [content(vault.case(case.id)) for case in vault.cases()]
                    return [number, len(cases), *(repr({**case, "case": _unnamed(case)}) for case in cases)]
            except Trouble:
                if number == len(words) - 1:
                    raise
    finally:
        shutil.rmtree(held)
    raise AssertionError("unreachable")


def _unnamed(case: dict[str, Any]) -> str:
    return repr(case["case"]).replace(case["case"].id, "")


@contextmanager
def _files_no_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _failing_at(number: int) -> Iterator[list[str]]:
    """Let the k-th write, sync, rename or making of a folder fail as on a full disk; gives the calls that were made."""
    calls: list[str] = []
    patched = {name: getattr(os, name) for name in ("write", "fsync", "replace", "rename", "mkdir")}

    def failing(name: str) -> Callable[..., Any]:
        def do(*arguments: Any, **named: Any) -> Any:
            calls.append(name)
            if len(calls) == number + 1:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return patched[name](*arguments, **named)

        return do

    try:
        for name in patched:
            setattr(os, name, failing(name))
        yield calls
    finally:
        for name, real in patched.items():
            setattr(os, name, real)


def _run(name: str, template: Path, scratch: Path, fail: Any) -> tuple[bool, str]:
    """Do a deed on a copy under a failure; whether it was done, and the state that it left."""
    folder = scratch / "try"
    shutil.copytree(template, folder)
    try:
        try:
            with fail:
                DEEDS[name](folder)
            done = True
        except Trouble:
            done = False
        return done, state(folder)
    finally:
        shutil.rmtree(folder)
        for left in scratch.glob("try*"):
            shutil.rmtree(left)


def _after(name: str, template: Path, scratch: Path) -> str:
    folder = scratch / "done"
    shutil.copytree(template, folder)
    DEEDS[name](folder)
    told = state(folder)
    shutil.rmtree(folder)
    return told


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _prepare(tmp_path_factory.mktemp("full disk") / "template")


@pytest.mark.parametrize("name", DEEDS)
def test_every_call_that_fails(
    name: str, template: Path, tmp_path: Path, many: Callable[[int, int], int], figures: Callable[[str], None]
) -> None:
    before, after = state(template), _after(name, template, tmp_path)
    tried = failed = number = 0
    while True:
        fail = _failing_at(number)
        done, told = _run(name, template, tmp_path, fail)
        assert told == (after if done else before) or (not done and told == after), f"call {number}: in between"
        tried += 1
        failed += not done
        if number >= _calls_of(name, template, tmp_path):
            assert done
            break
        number += many(2, 1)
    figures(
        f"full disk, {name}: the k-th write, sync, rename or new folder fails, {tried} values of k, {failed} refused, "
        "0 in between"
    )


_counted: dict[str, int] = {}


def _calls_of(name: str, template: Path, scratch: Path) -> int:
    if name not in _counted:
        folder = scratch / "count"
        shutil.copytree(template, folder)
        with _failing_at(1 << 30) as calls:
            DEEDS[name](folder)
        _counted[name] = len(calls)
        shutil.rmtree(folder)
    return _counted[name]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
@pytest.mark.parametrize("name", DEEDS)
def test_every_write_that_is_refused(
    name: str, template: Path, tmp_path: Path, many: Callable[[int, int], int], figures: Callable[[str], None]
) -> None:
    before, after = state(template), _after(name, template, tmp_path)
    largest = max(path.stat().st_size for path in template.rglob("*") if path.is_file())
    tried = failed = size = 0
    while True:
        done, told = _run(name, template, tmp_path, _files_no_larger_than(size))
        assert told in {before, after}, f"no file beyond {size} bytes: in between"
        assert not done or told == after
        tried += 1
        failed += not done
        if done and size > 2 * largest:
            break
        # Fine steps where the small files end, then page by page of the database.
        size += many(97 if size < 400 else 40960 if size < 2 * largest else 1 << 20, 61 if size < 2000 else 1024)
    figures(f"full disk, {name}: every write beyond a size is refused, {tried} sizes, {failed} refused, 0 in between")


_REAL = """
import sys
from pathlib import Path
from tests.torture import test_full_disk as torture
template, disk, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
print(torture.on_a_real_disk(template, disk, count))
"""


def on_a_real_disk(template: Path, disk: Path, count: int) -> str:
    """Do every deed on a small disk with less and less room; gives the figures."""
    tried = failed = 0
    for name in DEEDS:
        before, after = state(template), _after(name, template, template.parent)
        for share in range(count):
            folder = disk / "try"
            shutil.copytree(template, folder)
            room = shutil.disk_usage(disk).free * share // count // 4 // 4096 * 4096
            with (disk / "ballast").open("wb") as ballast:
                os.posix_fallocate(ballast.fileno(), 0, max(1, shutil.disk_usage(disk).free - room))
            try:
                DEEDS[name](folder)
                done = True
            except Trouble:
                done = False
            (disk / "ballast").unlink()
            told = state(folder)
            assert told in {before, after}, (name, room)
            assert not done or told == after
            tried, failed = tried + 1, failed + (not done)
            for left in disk.iterdir():
                shutil.rmtree(left)
    return f"{tried} {failed}"


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_disk_that_is_really_full(
    template: Path, tmp_path: Path, many: Callable[[int, int], int], figures: Callable[[str], None]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f'mount -t tmpfs -o size=12m none "{disk}" && exec "{sys.executable}" -c "$0" "$@"'
    told = subprocess.run(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            _REAL,
            template,
            disk,
            str(many(3, 40)),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in told.stderr or "mount:" in told.stderr:
        pytest.skip("this system lets nobody mount a small disk")
    assert told.returncode == 0, told.stderr
    tried, failed = told.stdout.split()
    figures(
        f"full disk, all deeds on a real disk of 12 MB: {tried} times with less and less room, {failed} refused, "
        "0 in between"
    )
