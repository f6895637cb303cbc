# SPDX-License-Identifier: AGPL-3.0-or-later
"""One window for one vault: a second start raises the first, several at once make one, a crash bars nobody (Y6)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from imr_desktop.casework.desk import Desk
from imr_desktop.casework.intake import take_in
from imr_desktop.casework.package import pack
from imr_desktop.casework.progress import Progress
from imr_desktop.storage import Vault
from imr_desktop.ui.errand import Errand
from imr_desktop.ui.file_opened import FileOpened
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.single import Single
from tests.kit.vaults import TINY, last
from tests.ui.conftest import NOW, REVIEWER

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime folder of this test alone."""
    place = tmp_path / "run"
    place.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
    return place


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Start]:
    """Start the program itself over a vault."""
    begun: list[subprocess.Popen[str]] = []

    def start(vault: Path, *arguments: str) -> "subprocess.Popen[str]":
        begun.append(
            subprocess.Popen(
                [sys.executable, "-m", "imr_desktop", "--vault", str(vault), *arguments],
                env={**os.environ, "XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)},
                cwd=Path(__file__).parents[2], stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        return begun[-1]

    yield start
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait(until: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def test_a_second_start_raises_the_first_window(qtbot: QtBot, filled: Path, program: Start, unlocked: Shell) -> None:
    single = Single(filled)
    assert single.first()
    single.listen()
    single.raised.connect(unlocked.come_forward)
    unlocked.showMinimized()
    with qtbot.waitSignal(single.raised, timeout=30_000):
        second = program(filled)
    assert not unlocked.windowState() & Qt.WindowState.WindowMinimized
    assert second.wait(30) == 0
    assert second.stderr is not None
    assert "brought to the front" in second.stderr.read()
    single.close()


def test_a_package_that_is_opened_comes_into_the_window_that_is_open(
    qtbot: QtBot, filled: Path, program: Start, unlocked: Shell, make_pdf: Callable[..., Path], tmp_path: Path
) -> None:
    package = tmp_path / "Case of Somebody.imrcase"
    with Vault.create(tmp_path / "elsewhere", "other words", cost=TINY) as vault:
        case_id = last(take_in(vault, [make_pdf("record.pdf", 2)]), Progress).case_id
        for _ in pack(Desk(vault.case(case_id)), REVIEWER, package, NOW):
            pass
    single = Single(filled)
    assert single.first()
    single.listen()
    single.asked.connect(unlocked.errands.take)
    assert program(filled, str(package)).wait(30) == 0
    qtbot.waitUntil(lambda: unlocked.worklist.model.rowCount() == 4, timeout=30_000)
    assert "in the vault as one case" in unlocked.notice.text
    assert program(filled, "show", "CM14-0000001", "--page", "413").wait(30) == 0
    qtbot.waitUntil(lambda: "no page 413" in unlocked.notice.text, timeout=30_000)
    assert unlocked.case is not None
    single.close()


def test_an_errand_waits_for_the_vault_and_for_an_open_dialog(qtbot: QtBot, unlocked: Shell, tmp_path: Path) -> None:
    unlocked.commander.run("about")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    opened = FileOpened(unlocked.errands.take, unlocked)
    assert opened.eventFilter(unlocked, QFileOpenEvent(str(tmp_path / "none.imrcase")))
    assert not unlocked.importing.running
    dialog.reject()
    qtbot.waitUntil(lambda: "none.imrcase" in unlocked.notice.text)
    unlocked.lock()
    unlocked.errands.take(Errand(package=tmp_path / "some.imrcase"))
    assert unlocked.notice.text.startswith("some.imrcase is taken in once the vault is open")


@pytest.mark.parametrize("line", ["", "no json", "[]", "{}", '{"page": 3, "package": 4}'])
def test_what_is_no_errand_asks_for_nothing(line: str) -> None:
    assert Errand.heard(line) == Errand()
    assert Errand.heard(Errand(("CM14-0000001", 3), Path("/a b.imrcase")).told()) == Errand(
        ("CM14-0000001", 3), Path("/a b.imrcase")
    )


def test_another_vault_has_a_window_of_its_own(tmp_path: Path) -> None:
    one, other = Single(tmp_path / "one"), Single(tmp_path / "other")
    assert one.first()
    assert other.first()
    one.close()
    again = Single(tmp_path / "one")
    assert again.first()
    for each in (again, other):
        each.close()


def test_starts_at_once_make_one_window_and_a_killed_one_locks_nobody_out(
    filled: Path, program: Start, passphrase: str, runtime: Path
) -> None:
    begun = [program(filled) for _ in range(3)]
    _wait(lambda: sum(each.poll() is not None for each in begun) == 2)
    (first,) = (each for each in begun if each.poll() is None)
    assert [each.returncode for each in begun if each is not first] == [0, 0]
    first.kill()
    first.wait(10)
    left = {path.name for path in runtime.iterdir()}
    assert any(name.endswith(".lock") for name in left), "the killed one left its lock behind"
    taken = Single(filled)
    assert taken.first()
    taken.close()
    with Vault.open(filled, passphrase) as vault:
        assert not vault.check().faults


def test_what_is_left_behind_names_no_vault(tmp_path: Path, runtime: Path) -> None:
    single = Single(tmp_path / "Patient Name")
    assert single.first()
    single.listen()
    for path in runtime.iterdir():
        assert "Patient" not in path.name
        if path.is_file():
            assert b"Patient" not in path.read_bytes()
    single.close()
