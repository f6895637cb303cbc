# SPDX-License-Identifier: AGPL-3.0-or-later
import errno
import os
from pathlib import Path

import pytest

from imr_desktop.casework.files import CannotExport, all_or_none, replace_whole


def test_files_appear_together_and_only_at_the_end(tmp_path: Path) -> None:
    first, second = tmp_path / "new" / "a.pdf", tmp_path / "new" / "b.pdf"
    with all_or_none({first: b"one", second: b"two"}):
        assert not first.exists()
        assert not second.exists()
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert sorted(path.name for path in first.parent.iterdir()) == ["a.pdf", "b.pdf"]


def test_what_fails_meanwhile_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), all_or_none({tmp_path / "a.pdf": b"one"}):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fails", [1, 2])
def test_a_full_disk_leaves_what_was_there(fails: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")
    written = 0

    def full(_: int) -> None:
        nonlocal written
        written += 1
        if written == fails:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with (
        pytest.raises(CannotExport, match="No space left"),
        all_or_none({tmp_path / "a.pdf": b"new", tmp_path / "b.pdf": b"new"}),
    ):
        pass
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.pdf", b"old")]


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "letters").write_bytes(b"")
    with pytest.raises(CannotExport) as told:
        replace_whole(tmp_path / "letters" / "a.pdf", b"x")
    assert told.value.place == str(tmp_path / "letters" / "a.pdf")
