# SPDX-License-Identifier: AGPL-3.0-or-later
"""Source files come back byte for byte, whole or in part, and a changed one is never believed."""

import hashlib
import io
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imr_desktop.models.records import PageSize, SourceFile
from imr_desktop.storage import CaseStore, DamagedSource, SourceChanged, Table, Vault

MIB = 1 << 20
HEADER = 56
SEALED_CHUNK = MIB + 16


def source_of(data: bytes, first_case_page: int = 1) -> SourceFile:
    return SourceFile(
        hashlib.sha256(data).hexdigest(), "records.pdf", len(data), first_case_page, (PageSize(612, 792),)
    )


def take_in(store: CaseStore, data: bytes) -> str:
    source = source_of(data)
    with store.step("Import") as step:
        store.add_source(source, data)
    assert step.change is not None
    assert step.change.rows == {(Table.SOURCE, source.sha256)}
    return source.sha256


def kept_file(folder: Path, store: CaseStore, sha256: str) -> Path:
    return folder / "cases" / store.id / "sources" / f"{sha256}.enc"


@pytest.mark.parametrize("size", [0, 1, 1000, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 12345])
def test_a_source_comes_back_as_it_was(store: CaseStore, folder: Path, size: int) -> None:
    data = os.urandom(size)
    sha256 = take_in(store, data)
    assert store.source_bytes(sha256) == data
    assert store.read().sources == (source_of(data),)
    assert kept_file(folder, store, sha256).stat().st_size == HEADER + size + 16 * max(1, -(-size // MIB))


def test_a_source_may_come_as_a_stream_or_in_pieces_of_any_size(store: CaseStore) -> None:
    def pieces(data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), 99_999):
            yield data[at : at + 99_999]
            yield b""

    for make in (pieces, io.BytesIO, lambda data: bytes(data)):
        data = os.urandom(2 * MIB + 5)
        source = source_of(data)
        with store.step("Import"):
            store.add_source(source, make(data))
        assert store.source_bytes(source.sha256) == data


def test_any_part_of_a_source_can_be_read_alone(store: CaseStore) -> None:
    data = os.urandom(3 * MIB + 777)
    with store.open_source(take_in(store, data)) as file:
        assert file.length == len(data)
        for offset, size in ((0, 10), (MIB - 5, 10), (len(data) - 3, 100), (5, 2 * MIB), (len(data), 1), (10**9, 1)):
            assert file.read_at(offset, size) == data[offset : offset + size]
        buffered = io.BufferedReader(file, 64)
        buffered.seek(-1000, os.SEEK_END)
        assert buffered.read() == data[-1000:]
        buffered.seek(2 * MIB - 3)
        assert buffered.read(6) == data[2 * MIB - 3 : 2 * MIB + 3]
        assert buffered.tell() == 2 * MIB + 3
        buffered.seek(0)
        assert buffered.read() == data
        with pytest.raises(ValueError, match="before the beginning"):
            file.seek(-1)


def test_a_source_can_be_read_from_another_thread(store: CaseStore) -> None:
    data = os.urandom(MIB)
    sha256 = take_in(store, data)
    got: list[bytes] = []
    thread = threading.Thread(target=lambda: got.append(store.source_bytes(sha256)))
    thread.start()
    thread.join(timeout=30)
    assert got == [data]


def _flip(at: int) -> Callable[[bytes], bytes]:
    def do(whole: bytes) -> bytes:
        changed = bytearray(whole)
        changed[at] ^= 0x80
        return bytes(changed)

    return do


def _swap_first_two(whole: bytes) -> bytes:
    first, second = HEADER + SEALED_CHUNK, HEADER + 2 * SEALED_CHUNK
    return whole[:HEADER] + whole[first:second] + whole[HEADER:first] + whole[second:]


def _without_the_second(whole: bytes) -> bytes:
    return whole[: HEADER + SEALED_CHUNK] + whole[HEADER + 2 * SEALED_CHUNK :]


def _one_chunk_less_with_a_length_to_match(whole: bytes) -> bytes:
    length = (2 * MIB).to_bytes(8, "big")
    return whole[:16] + length + whole[24 : HEADER + 2 * SEALED_CHUNK]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda whole: whole[:-1], "cut short", id="last byte missing"),
        pytest.param(lambda whole: whole[: HEADER + 2 * SEALED_CHUNK], "cut short", id="last chunk missing"),
        pytest.param(lambda whole: whole[:20], "cut short", id="header cut"),
        pytest.param(lambda whole: b"", "cut short", id="emptied"),
        pytest.param(lambda whole: whole + b"x", "changed", id="byte added"),
        pytest.param(_without_the_second, "cut short", id="middle chunk missing"),
        pytest.param(_one_chunk_less_with_a_length_to_match, "changed", id="cut with the header adapted"),
        pytest.param(_swap_first_two, "changed", id="chunks in another order"),
        *(pytest.param(_flip(at), "", id=f"header byte {at}") for at in range(0, HEADER, 3)),
        pytest.param(_flip(HEADER + 5), "changed", id="first chunk"),
        pytest.param(_flip(HEADER + SEALED_CHUNK + 5), "changed", id="second chunk"),
        pytest.param(_flip(-1), "changed", id="last byte"),
    ],
)
def test_a_changed_file_is_refused(store: CaseStore, folder: Path, change: Callable[[bytes], bytes], said: str) -> None:
    data = os.urandom(2 * MIB + 100)
    sha256 = take_in(store, data)
    path = kept_file(folder, store, sha256)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(DamagedSource) as caught:
        store.source_bytes(sha256)
    assert said in caught.value.happened
    with store.step("Import again"):
        store.add_source(source_of(data), data)
    assert store.source_bytes(sha256) == data


def test_the_sound_part_of_a_damaged_source_can_be_read(store: CaseStore, folder: Path) -> None:
    data = os.urandom(3 * MIB)
    sha256 = take_in(store, data)
    path = kept_file(folder, store, sha256)
    path.write_bytes(_flip(HEADER + SEALED_CHUNK + 5)(path.read_bytes()))
    with store.open_source(sha256) as file:
        assert file.read_at(2 * MIB, MIB) == data[2 * MIB :]
        with pytest.raises(DamagedSource):
            file.read_at(MIB, 1)


def test_one_file_cannot_stand_in_for_another_or_for_another_cases(
    store: CaseStore, vault: Vault, folder: Path
) -> None:
    one, two = take_in(store, b"one"), take_in(store, b"two")
    kept_file(folder, store, one).replace(kept_file(folder, store, two))
    other = vault.new_case(store.read().header, store.read().imro, store.read().letter)
    take_in(other, b"two")
    with pytest.raises(DamagedSource, match="changed outside"):
        store.source_bytes(two)
    with pytest.raises(DamagedSource, match="missing"):
        store.source_bytes(one)
    kept_file(folder, other, two).replace(kept_file(folder, store, two))
    with pytest.raises(DamagedSource, match="changed outside"):
        store.source_bytes(two)


@pytest.mark.parametrize("came", [b"other bytes!", b"the same length but other", b"short", b""])
def test_bytes_that_are_not_the_announced_ones_are_not_kept(store: CaseStore, folder: Path, came: bytes) -> None:
    source = source_of(b"the bytes that were seen.")
    with pytest.raises(SourceChanged), store.step("Import"):
        store.add_source(source, came)
    assert store.read().sources == ()
    assert list(kept_file(folder, store, source.sha256).parent.iterdir()) == []


def test_a_step_that_fails_leaves_no_file_behind_and_takes_none_away(store: CaseStore, folder: Path) -> None:
    kept = take_in(store, b"kept")
    new = source_of(b"new")

    def fail() -> None:
        with store.step("Import"):
            store.add_source(new, b"new")
            store.add_source(source_of(b"kept"), b"kept")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not kept_file(folder, store, new.sha256).exists()
    assert store.source_bytes(kept) == b"kept"


def test_undo_of_an_import_keeps_the_file_for_redo(store: CaseStore) -> None:
    sha256 = take_in(store, b"data")
    store.undo()
    assert store.read().sources == ()
    store.redo()
    assert store.read().sources[0].sha256 == sha256
    assert store.source_bytes(sha256) == b"data"


def test_sources_stand_in_the_order_of_their_case_pages(store: CaseStore) -> None:
    with store.step("Import"):
        store.add_source(source_of(b"later", 50), b"later")
        store.add_source(source_of(b"first", 1), b"first")
    assert [source.first_case_page for source in store.read().sources] == [1, 50]


def test_a_source_comes_in_within_a_step_and_under_a_digest(store: CaseStore, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        store.add_source(source_of(b"x"), b"x")
    for name in ("../../escape", "A" * 64, ""):
        with pytest.raises(ValueError, match="not a SHA-256"):
            store.source_bytes(name)


def test_what_a_killed_import_left_is_cleared_away(
    store: CaseStore, vault: Vault, folder: Path, reopen: Callable[[Vault], Vault]
) -> None:
    sha256 = take_in(store, b"data")
    part = kept_file(folder, store, sha256).with_suffix(".enc.part")
    part.write_bytes(b"half")
    again = reopen(vault).case(store.id)
    assert not part.exists()
    assert again.source_bytes(sha256) == b"data"
