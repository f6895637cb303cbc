# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a large file comes to the reading process: in pieces, from a stream that may break, to a process made ready."""

import io

import psutil
import pymupdf
import pytest

from imr_desktop.errors import Trouble
from imr_desktop.models.records import PageRef
from imr_desktop.records import CannotReadPdf, Caps, Draw, Measure, Measured, Reader, ReadWords, Why, WordsRead
from imr_desktop.records.process import Standby
from imr_desktop.records.slot import Slot
from tests.kit.pdfs import pdf

PIECE = 1 << 20


def large_pdf() -> bytes:
    """A sound PDF of some five pieces: one page, and an attachment that does not compress."""
    with pymupdf.open(stream=pdf("the last word"), filetype="pdf") as document:
        document.embfile_add("noise", bytes(range(256)) * 20_000 + pymupdf.TOOLS.mupdf_version().encode())
        whole: bytes = document.tobytes()
    return whole + bytes(4 * PIECE)


class Stream(io.BytesIO):
    """A kept file that gives a piece at a time, and may turn out damaged behind some of them."""

    def __init__(self, data: bytes, sound_pieces: int = 1000, damage: Exception | None = None) -> None:
        super().__init__(data)
        self.given, self._sound, self._damage = 0, sound_pieces, damage

    def read(self, size: int | None = -1, /) -> bytes:
        if self.given == self._sound:
            if self._damage is None:
                return b""
            raise self._damage
        self.given += 1
        return super().read(min(PIECE, PIECE if size is None or size < 0 else size))


def test_a_file_of_many_pieces_is_read_whole() -> None:
    kept = Stream(large_pdf())
    with Reader(lambda _: kept) as reader:
        read = reader.ask(ReadWords(PageRef("0" * 64, 0)))
    assert isinstance(read, WordsRead)
    assert [word.text for word in read.words.words] == ["the", "last", "word"]
    assert kept.given >= 4
    assert kept.closed


def test_without_shared_memory_the_pipe_carries_the_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slot, "make", staticmethod(lambda: None))
    with Reader(lambda _: Stream(large_pdf())) as reader:
        assert isinstance(reader.ask(ReadWords(PageRef("0" * 64, 0))), WordsRead)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (Trouble("The kept file was changed.", "Restore the vault."), "The kept file was changed. Restore the vault."),
        (RuntimeError("a bug"), "could not be fetched"),
        (None, "could not be fetched"),
    ],
)
def test_a_kept_file_that_breaks_off_says_so_and_costs_no_other(damage: Exception | None, told: str) -> None:
    whole, broken = "1" * 64, "2" * 64
    streams = {whole: lambda: Stream(large_pdf()), broken: lambda: Stream(large_pdf(), 2, damage)}
    with Reader(lambda sha256: streams[sha256]()) as reader:
        with pytest.raises(CannotReadPdf, match=told) as refused:
            reader.ask(Draw(PageRef(broken, 0), 1.0))
        assert refused.value.why is Why.NO_SOURCE
        assert isinstance(reader.ask(Measure(whole)), Measured)
        with pytest.raises(CannotReadPdf, match=told):
            reader.ask(Draw(PageRef(broken, 0), 1.0))


def test_a_process_made_ready_is_the_one_that_reads() -> None:
    standby = Standby()
    standby.prepare()
    standby.prepare()
    waiting = standby.waiting
    assert waiting is not None
    gone = psutil.Process(waiting)
    with Reader(lambda _: pdf("one"), standby=standby) as reader:
        assert isinstance(reader.ask(Measure("0" * 64)), Measured)
        assert reader.pid == waiting
        assert standby.waiting is None
        with Reader(lambda _: pdf("two"), standby=standby) as second:
            assert isinstance(second.ask(Measure("0" * 64)), Measured)
            assert second.pid not in (None, waiting)
    assert not gone.is_running()


def test_what_was_never_needed_is_ended_with_the_program() -> None:
    standby = Standby()
    standby.prepare()
    assert standby.waiting is not None
    waiting = psutil.Process(standby.waiting)
    standby.close()
    assert not waiting.is_running()
    standby.prepare()
    assert standby.take(Caps()) is None
