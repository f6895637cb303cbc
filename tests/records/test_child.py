# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child may die at any moment, and leaves nothing behind; the parent never trusts what it says."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
import pytest

from imr_desktop.casework.measuring import is_about_file
from imr_desktop.models.records import PageRef
from imr_desktop.records import (
    CannotReadPdf,
    Caps,
    Draw,
    Drawn,
    Failed,
    Measure,
    Measured,
    Reader,
    ReadWords,
    Why,
    WordsRead,
    child,
    wire,
)
from imr_desktop.records.process import Launched, launch
from tests.kit.pdfs import Files, pdf
from tests.records.bare import content_bomb
from tests.records.conftest import OpenReader

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "spawn_main" in " ".join(each.cmdline())]


def child_of(reader: Reader, sound: str, before: set[int]) -> psutil.Process:
    assert isinstance(reader.ask(Measure(sound)), Measured)
    (child,) = (each for each in children() if each.pid not in before)
    return child


def wait_until(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, what
        threading.Event().wait(0.01)


def test_readers_that_begin_and_end_beside_one_another_end_quietly(files: Files) -> None:
    """Python's register of processes may have one reaped and not noted when another thread lets go of it."""
    faults = list[str]()

    def begin_and_end() -> None:
        for _ in range(60):
            launched = launch(Caps())
            try:
                launched.end()
            except ValueError as fault:
                faults.append(str(fault))

    threads = [threading.Thread(target=begin_and_end) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_bug_in_the_reader_leaves_nobody_waiting(
    files: Files, open_reader: OpenReader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reader, source, bomb = open_reader(Caps(seconds=1)), files.add(pdf("sound")), files.add(content_bomb())
    hear, faults = wire.hear, list[Exception]([MemoryError()])

    def heard(pipe: Connection) -> wire.Message:
        if faults:
            raise faults.pop()
        return hear(pipe)

    assert isinstance(reader.ask(ReadWords(PageRef(source, 0))), WordsRead)
    monkeypatch.setattr(wire, "hear", heard)
    assert isinstance(reader.ask(ReadWords(PageRef(source, 0))), WordsRead), "what has passed costs no page"
    faults += [MemoryError(), ZeroDivisionError()]
    with pytest.raises(CannotReadPdf, match="stopped in the middle of page 1"):
        reader.ask(ReadWords(PageRef(source, 0)))
    assert "ZeroDivisionError" in caplog.text
    # The guard still stops what takes too long.
    with pytest.raises(CannotReadPdf, match="takes too long"):
        reader.ask(ReadWords(PageRef(bomb, 0)))
    assert isinstance(reader.ask(ReadWords(PageRef(source, 0))), WordsRead)


def test_a_bug_in_the_start_leaves_nobody_waiting(
    files: Files, open_reader: OpenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as bug:
        bug.setattr(child, "launch", lambda _: 1 // 0)
        reader = open_reader()
        with pytest.raises(CannotReadPdf):
            reader.ask(Measure(files.add(pdf("sound"))), timeout=10)
    assert isinstance(reader.ask(Measure(files.add(pdf("sound")))), Measured)


def test_a_page_in_hand_is_the_only_one_lost(files: Files) -> None:
    sound, bomb = files.add(pdf("first", "second")), files.add(content_bomb())
    answers: list[tuple[int, Any]] = []
    came = threading.Semaphore(0)

    def answered(number: int, answer: Any) -> None:
        answers.append((number, answer))
        came.release()

    before = {each.pid for each in children()}
    with Reader(files, answered) as reader:
        child = child_of(reader, sound, before)
        assert isinstance(reader.ask(Measure(bomb)), Measured)
        used = sum(child.cpu_times()[:2])
        numbers = [
            reader.send(Draw(PageRef(bomb, 0), 1.0)),
            reader.send(Draw(PageRef(sound, 0), 1.0)),
            reader.send(ReadWords(PageRef(sound, 1))),
        ]
        wait_until(lambda: sum(child.cpu_times()[:2]) > used + 0.2, "the page is not in hand")
        child.kill()
        for _ in numbers:
            assert came.acquire(timeout=30)
        (fresh,) = (each for each in children() if each.pid not in before)
        assert fresh.pid != child.pid
    assert [number for number, _ in answers] == numbers
    lost, drawn, read = (answer for _, answer in answers)
    assert isinstance(lost, Failed)
    assert (lost.why, lost.request) == (Why.PAGE_KILLED, Draw(PageRef(bomb, 0), 1.0))
    assert "stopped in the middle of page 1" in lost.happened
    assert isinstance(drawn, Drawn)
    assert isinstance(read, WordsRead)
    assert [word.text for word in read.words.words] == ["second"]


def test_a_child_that_dies_between_pages_costs_none(files: Files, open_reader: OpenReader) -> None:
    source = files.add(pdf("still here"))
    before = {each.pid for each in children()}
    reader = open_reader()
    for _ in range(3):
        child = child_of(reader, source, before)
        child.kill()
        wait_until(lambda child=child: child.status() == psutil.STATUS_ZOMBIE, "not dead yet")  # type: ignore[misc]
        assert isinstance(reader.ask(ReadWords(PageRef(source, 0))), WordsRead)


def test_a_file_that_ruins_its_child_in_opening_is_not_tried_at_every_page(files: Files) -> None:
    source, sound = files.add(pdf("any")), files.add(pdf("sound"))
    before = {each.pid for each in children()}
    with Reader(lambda digest: bytes(1 << 28) if digest == source else files(digest)) as reader:
        child = child_of(reader, sound, before)
        fetched = threading.Thread(target=lambda: _kill_when_larger(child, 100 << 20))
        fetched.start()
        with pytest.raises(CannotReadPdf) as told:
            reader.ask(Draw(PageRef(source, 0), 1.0))
        fetched.join()
        # Either the kill came while the file was handed over, or the file had been refused just before.
        assert told.value.why in {Why.FILE_KILLED, Why.NOT_PDF}
        if told.value.why is Why.FILE_KILLED:
            alive = child_of(reader, sound, before).pid
            with pytest.raises(CannotReadPdf, match="in the middle of opening"):
                reader.ask(Draw(PageRef(source, 1), 1.0))
            assert child_of(reader, sound, before).pid == alive


def _kill_when_larger(child: psutil.Process, size: int) -> None:
    wait_until(lambda: child.memory_info().rss > size, "the file never came")
    child.kill()


def test_closing_stops_a_page_in_hand_and_frees_who_waits(files: Files) -> None:
    bomb = files.add(content_bomb())
    before = {each.pid for each in children()}
    reader = Reader(files)
    child = child_of(reader, bomb, before)
    told: list[CannotReadPdf] = []

    def wait() -> None:
        with pytest.raises(CannotReadPdf) as caught:
            reader.ask(Draw(PageRef(bomb, 0), 1.0))
        told.append(caught.value)

    waiting = [threading.Thread(target=wait) for _ in range(2)]
    used = sum(child.cpu_times()[:2])
    for thread in waiting:
        thread.start()
    wait_until(lambda: sum(child.cpu_times()[:2]) > used + 0.2, "the page is not in hand")
    reader.close()
    for thread in waiting:
        thread.join(30)
    assert [each.why for each in told] == [Why.CLOSED, Why.CLOSED]
    assert not {each.pid for each in children()} - before
    reader.close()
    with pytest.raises(RuntimeError, match="closed"):
        reader.send(Measure(bomb))


def test_who_cannot_wait_gets_the_trouble_and_others_their_pages(files: Files) -> None:
    source = files.add(pdf("a"))
    asked, hold = threading.Event(), threading.Event()

    def supply(digest: str) -> bytes:
        asked.set()
        hold.wait(30)
        return files(digest)

    with Reader(supply) as reader:
        reader.send(Measure(source))
        assert asked.wait(30)
        with pytest.raises(CannotReadPdf, match="still busy") as told:
            reader.ask(Measure(source), timeout=0.01)
        assert told.value.why is Why.NO_ANSWER
        hold.set()
        assert isinstance(reader.ask(Measure(source)), Measured)


def test_a_reader_that_does_not_start_is_not_called_busy(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    source, hold, room = files.add(pdf("a")), threading.Event(), threading.Event()

    def start(caps: Caps) -> Launched:
        hold.wait(30)
        if not room.is_set():
            raise OSError("no room for another process")
        return launch(caps)

    monkeypatch.setattr("imr_desktop.records.child.launch", start)
    with Reader(files) as reader:
        with pytest.raises(CannotReadPdf, match="has not started yet") as slow:
            reader.ask(Measure(source), timeout=0.01)
        hold.set()
        with pytest.raises(CannotReadPdf, match="could not be started") as never:
            reader.ask(Measure(source))
        assert (slow.value.why, never.value.why) == (Why.STARTING, Why.NOT_STARTED)
        assert not is_about_file(slow.value), "a machine without room says nothing about the file"
        room.set()
        assert isinstance(reader.ask(Measure(source)), Measured)


def test_a_listener_with_a_bug_costs_only_its_own_answer(files: Files, caplog: pytest.LogCaptureFixture) -> None:
    source = files.add(pdf("a"))
    with Reader(files, lambda *_: 1 / 0) as reader:  # type: ignore[arg-type]
        reader.send(Measure(source))
        assert isinstance(reader.ask(Measure(source)), Measured)
    assert "a listener failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "division by zero" not in caplog.text, "what a bug says could be words of a page"


def test_the_reader_may_be_closed_by_its_listener(files: Files) -> None:
    closed = threading.Event()

    def answered(*_: Any) -> None:
        reader.close()
        closed.set()

    reader = Reader(files, answered)
    reader.send(Measure(files.add(pdf("a"))))
    assert closed.wait(30)
    reader.close()


def test_its_own_thread_cannot_wait_for_itself(files: Files) -> None:
    caught: list[BaseException] = []
    done = threading.Event()

    def answered(*_: Any) -> None:
        try:
            reader.ask(Measure(source))
        except RuntimeError as why:
            caught.append(why)
        done.set()

    source = files.add(pdf("a"))
    with Reader(files, answered) as reader:
        reader.send(Measure(source))
        assert done.wait(30)
    assert "cannot wait" in str(caught[0])


def test_many_pages_of_many_files_leave_one_child_and_no_growth(files: Files, open_reader: OpenReader) -> None:
    sources = [files.add(pdf(f"file {number}", "second")) for number in range(5)]
    before = {each.pid for each in children()}
    reader = open_reader()
    child = child_of(reader, sources[0], before)
    for turn in range(200):
        ref = PageRef(sources[turn // 8 % 5], turn % 2)
        assert isinstance(reader.ask(Draw(ref, 1.0)), Drawn)
        if turn == 100:
            grown = child.memory_info().rss
    assert child.memory_info().rss < grown + (30 << 20)
    assert [each.pid for each in children() if each.pid not in before] == [child.pid]
    reader.close()
    assert not {each.pid for each in children()} - before


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_child_can_open_nothing(files: Files, open_reader: OpenReader) -> None:
    before = {each.pid for each in children()}
    child = child_of(open_reader(Caps(nice=5)), files.add(pdf("a")), before)
    limits = {
        line[:25].strip(): line[25:].split()[:2]
        for line in Path(f"/proc/{child.pid}/limits").read_text(encoding="ascii").splitlines()[1:]
    }
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max file size"] == ["0", "0"]
    # As many numbers as are taken: none is left for a file or a socket.
    assert int(limits["Max open files"][0]) <= child.num_fds()
    assert limits["Max address space"][0] != "unlimited"
    assert child.nice() >= 5
    # All that it holds is the slot of memory through which it hands over its pictures.
    assert [each.path for each in child.open_files() if not each.path.startswith(("/dev/shm/psm_", "/dev/null"))] == []


def test_a_program_that_forgets_to_close_ends_quietly_and_takes_its_child_along() -> None:
    script = (
        "import hashlib, os, psutil\n"
        "from imr_desktop.records import CannotReadPdf, Measure, Reader\n"
        "if __name__ == '__main__':\n"
        "    reader = Reader(lambda _: b'no pdf')\n"
        "    try:\n"
        "        reader.ask(Measure('0' * 64))\n"
        "    except CannotReadPdf as trouble:\n"
        "        print(trouble.happened)\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "The file is not a PDF."
    assert told.stderr == ""
