# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issued letters are kept as they left, and never overwritten."""

from collections.abc import Callable
from pathlib import Path

import pytest

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.storage import CaseStore, DamagedLetter, LetterAlreadyFiled, NoSuchLetter, Vault


def test_a_letter_comes_back_as_it_was_issued(
    store: CaseStore, vault: Vault, folder: Path, reopen: Callable[[Vault], Vault]
) -> None:
    note = {"rendition": "party", "pages": 3, "fields": ["Signature"]}
    filed = store.file_letter("R2.pdf", b"%PDF party", "digest-2", note)
    store.file_letter("R3.pdf", b"%PDF public", "digest-3", {})
    again = reopen(vault).case(store.id)
    assert [letter.name for letter in again.letters()] == ["R2.pdf", "R3.pdf"]
    assert again.letters()[0] == filed
    assert (filed.digest, filed.note, filed.byte_count) == ("digest-2", note, 10)
    assert again.letter_bytes("R2.pdf") == b"%PDF party"
    assert not any("R2" in path.name for path in (folder / "letters").iterdir())


def test_a_letter_is_never_overwritten(store: CaseStore, vault: Vault) -> None:
    store.file_letter("R2.pdf", b"first", "one", {})
    with pytest.raises(LetterAlreadyFiled):
        store.file_letter("R2.pdf", b"second", "two", {})
    assert store.letter_bytes("R2.pdf") == b"first"
    other = vault.new_case(CaseHeader(), Imro(), LetterText())
    other.file_letter("R2.pdf", b"of another case", "three", {})
    assert store.letter_bytes("R2.pdf") == b"first"
    assert other.letter_bytes("R2.pdf") == b"of another case"


def test_a_letter_that_was_not_issued_is_trouble(store: CaseStore) -> None:
    with pytest.raises(NoSuchLetter):
        store.letter_bytes("R9.pdf")


def test_a_letter_that_was_changed_or_exchanged_is_damaged(store: CaseStore, folder: Path) -> None:
    store.file_letter("a", b"letter a", "1", {})
    (first,) = (folder / "letters").glob("*.enc")
    store.file_letter("b", b"letter b", "2", {})
    (second,) = set((folder / "letters").glob("*.enc")) - {first}
    whole = first.read_bytes()
    first.write_bytes(second.read_bytes())
    with pytest.raises(DamagedLetter):
        store.letter_bytes("a")
    first.write_bytes(whole[:-1])
    with pytest.raises(DamagedLetter, match="cut short"):
        store.letter_bytes("a")
    first.unlink()
    with pytest.raises(DamagedLetter, match="missing"):
        store.letter_bytes("a")
    assert store.letter_bytes("b") == b"letter b"


def test_a_note_that_is_no_plain_data_files_nothing(store: CaseStore, folder: Path) -> None:
    with pytest.raises(TypeError):
        store.file_letter("a", b"letter", "1", {"what": object()})
    assert store.letters() == ()
    assert list((folder / "letters").iterdir()) == []
