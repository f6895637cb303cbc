# SPDX-License-Identifier: AGPL-3.0-or-later
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from imr_desktop import assets
from imr_desktop.casework import intake, reading, worklist
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.exchange import NotACase
from imr_desktop.casework.intake import CannotTakeIn
from imr_desktop.casework.measuring import NeedsPassword
from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case
from imr_desktop.storage import Table, Vault, rows
from imr_desktop.ui.record.addresses import find_page, page_label
from imr_desktop.ui.record.pages import PageRun
from tests.kit.cases import NOW, new_vault
from tests.kit.pdfs import pdf


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with new_vault(tmp_path / "vault") as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "CM25-0001234"
    made.mkdir()
    (made / "b records.pdf").write_bytes(pdf("third", "fourth", "fifth"))
    (made / "a denial.PDF").write_bytes(pdf("first", "second"))
    (made / "notes.txt").write_text("not a record")
    return made


def taken(vault: Vault, *paths: Path, case_data: Path | None = None, into: str | None = None) -> Case:
    case_id = ""
    for step in intake.take_in(vault, paths, case_data=case_data, into=into):
        case_id = step.case_id or case_id
    return vault.case(case_id).read()


def test_a_folder_becomes_a_case_with_its_pages_in_order(vault: Vault, folder: Path) -> None:
    case = taken(vault, folder)
    assert case.header.case_number == "CM25-0001234"
    assert [(source.name, source.first_case_page, source.page_count) for source in case.sources] == [
        ("a denial.PDF", 1, 2),
        ("b records.pdf", 3, 3),
    ]
    assert case.imro.name
    assert vault.case(case.id).source_bytes(case.sources[0].sha256) == (folder / "a denial.PDF").read_bytes()


def test_the_labels_printed_on_pages_are_kept_and_name_them(vault: Vault, tmp_path: Path) -> None:
    with pymupdf.open(stream=pdf("a", "b", "c", "d"), filetype="pdf") as document:
        document.set_page_labels(
            [
                {"startpage": 0, "prefix": "A-", "style": "D", "firstpagenum": 1},
                {"startpage": 3, "prefix": "", "style": "r", "firstpagenum": 1},
            ]
        )
        document.save(tmp_path / "labelled.pdf")
    (tmp_path / "plain.pdf").write_bytes(pdf("e"))
    case = taken(vault, tmp_path / "labelled.pdf", tmp_path / "plain.pdf")
    run = PageRun(case.sources)
    assert [page.label for page in run.pages] == ["A-1", "A-2", "A-3", "i", ""]
    for words in ("A-3", "label A-3", "Label a-3"):
        assert find_page(words, run, ()) == run.pages[2].ref
    assert find_page("label i", run, ()) == run.pages[3].ref
    assert page_label(run.pages[2], run, ()) == "3 · labelled.pdf 3 · label A-3"


def test_a_file_that_was_kept_before_its_labels_were_still_opens(vault: Vault, folder: Path) -> None:
    source = taken(vault, folder).sources[0]
    kept = json.loads(rows.encode(Table.SOURCE, source.sha256, source))
    del kept["labels"]
    before = rows.decode(Table.SOURCE, json.dumps(kept))
    assert before == source
    assert [page.label for page in before.pages()] == ["", ""]


def test_late_records_are_appended_and_what_is_there_already_is_not_doubled(
    vault: Vault, folder: Path, tmp_path: Path
) -> None:
    case = taken(vault, folder)
    late = tmp_path / "late.pdf"
    late.write_bytes(pdf("late"))
    more = taken(vault, late, folder / "a denial.PDF", into=case.id)
    assert more.id == case.id
    assert [(source.name, source.first_case_page) for source in more.sources] == [
        ("a denial.PDF", 1),
        ("b records.pdf", 3),
        ("late.pdf", 6),
    ]
    with pytest.raises(CannotTakeIn, match="in the case already"):
        taken(vault, late, into=case.id)


def test_what_is_known_of_the_case_comes_in_with_it(vault: Vault) -> None:
    case = taken(vault, assets.path("demo"), case_data=assets.path("demo/case.json"))
    assert case.header.claim_number == "SYN-CLM-117392"
    assert len(case.items) == 2
    denial = next(document for document in case.documents if document.title == "UR determination")
    assert case.sources[0].pages()[1].ref in denial.pages[0]


def encrypted() -> bytes:
    return pdf("secret", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="u", owner_pw="o")


BAD = {"empty": (b"", "empty"), "no PDF": (b"GIF89a", "not a PDF"), "broken": (b"%PDF-1.4 nothing", "broken")}


@pytest.mark.parametrize("name", BAD)
def test_one_bad_file_among_sound_ones_comes_in_as_what_it_is(name: str, vault: Vault, folder: Path) -> None:
    data, says = BAD[name]
    (folder / "a bad.pdf").write_bytes(data)
    *_, last = intake.take_in(vault, [folder])
    sources = vault.case(last.case_id).read().sources
    (bad,) = (source for source in sources if source.name == "a bad.pdf")
    sound = [source for source in sources if source is not bad]
    assert says in bad.broken
    assert bad.pages() == ()
    assert [(source.first_case_page, source.page_count, source.broken) for source in sound] == [(1, 2, ""), (3, 3, "")]
    assert vault.case(last.case_id).source_bytes(bad.sha256) == data, "what was sent is kept as it was sent"
    (told,) = last.troubles
    assert says in told.happened
    assert told.place == str(folder / "a bad.pdf")


@pytest.mark.parametrize("name", BAD)
def test_a_record_of_bad_files_alone_is_no_case(name: str, vault: Vault, tmp_path: Path) -> None:
    data, says = BAD[name]
    (tmp_path / "c bad.pdf").write_bytes(data)
    with pytest.raises(CannotTakeIn, match=says) as told:
        taken(vault, tmp_path / "c bad.pdf")
    assert "c bad.pdf" in str(told.value)
    assert told.value.place == str(tmp_path / "c bad.pdf")
    assert vault.cases() == ()


def test_a_protected_file_opens_with_its_password_which_the_vault_keeps(vault: Vault, folder: Path) -> None:
    (folder / "c secret.pdf").write_bytes(encrypted())
    for passwords in ((), ("wrong",)):
        with pytest.raises(NeedsPassword, match="is protected"):
            list(intake.take_in(vault, [folder], passwords=passwords))
        assert vault.cases() == ()
    *_, last = intake.take_in(vault, [folder], passwords=("wrong", "u"))
    store = vault.case(last.case_id)
    secret = store.read().sources[-1]
    assert (secret.first_case_page, secret.page_count) == (6, 1)
    assert store.passwords() == {secret.sha256: "u"}
    for _ in reading.read(store, reading.Plan(ocr=False)):
        pass
    assert reading.record(store).pages[-1].text == "secret"


def test_a_protected_file_that_came_in_shut_is_opened_later_and_its_pages_come_last(
    vault: Vault, folder: Path, tmp_path: Path
) -> None:
    (folder / "a0 secret.pdf").write_bytes(encrypted())
    *_, last = intake.take_in(vault, [folder], locked_too=True)
    desk = Desk(vault.case(last.case_id))
    shut = next(source for source in desk.case.sources if source.broken)
    assert "protected" in shut.broken
    with pytest.raises(NeedsPassword, match="None of the passwords"):
        desk.open_protected(shut.sha256, "no")
    opened = desk.open_protected(shut.sha256, "u")
    assert (opened.first_case_page, opened.page_count, opened.broken) == (6, 1, "")
    assert [source.first_case_page for source in desk.case.sources] == [1, 3, 6]
    desk.undo()
    assert desk.store.passwords() == {}
    assert next(source for source in desk.case.sources if source.broken) == shut


def test_a_bad_file_leaves_an_open_case_untouched(vault: Vault, folder: Path, tmp_path: Path) -> None:
    case = taken(vault, folder)
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"no")
    with pytest.raises(CannotTakeIn):
        taken(vault, bad, into=case.id)
    assert vault.case(case.id).read() == case


def test_a_bad_description_keeps_the_case_out(vault: Vault, folder: Path, tmp_path: Path) -> None:
    description = tmp_path / "case.json"
    description.write_text('{"format": "imr-case/1"}')
    with pytest.raises(NotACase, match="is missing"):
        taken(vault, folder, case_data=description)
    assert vault.cases() == ()


def test_nothing_there_to_take_in_is_told(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(CannotTakeIn, match="no file or folder"):
        taken(vault, tmp_path / "missing")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CannotTakeIn, match="no PDF in empty"):
        taken(vault, empty)


def test_a_full_disk_keeps_the_whole_case_out(vault: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0
    real = os.fsync

    def full(descriptor: int) -> None:
        nonlocal written
        written += 1
        if written > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Trouble, match="full"):
            taken(vault, folder)
    assert vault.cases() == ()
    assert list((vault.folder / "cases").iterdir()) == []


def test_a_file_that_changes_while_it_comes_in_is_noticed(vault: Vault, folder: Path) -> None:
    work = iter(intake.take_in(vault, [folder]))
    while "a denial.PDF" in next(work).what:
        pass
    (folder / "a denial.PDF").write_bytes(pdf("other", "words"))
    with pytest.raises(Trouble, match=r"not the same|changed"):
        list(work)
    assert vault.cases() == ()


def test_stopping_an_intake_leaves_nothing(vault: Vault, folder: Path) -> None:
    work = intake.take_in(vault, [folder])
    for step in work:
        if step.what.startswith("Keeping"):
            break
    work.close()  # type: ignore[attr-defined]
    assert vault.cases() == ()


def test_the_worklist_shows_the_most_urgent_case_first(vault: Vault, folder: Path) -> None:
    taken(vault, folder)
    taken(vault, assets.path("demo"), case_data=assets.path("demo/case.json"))
    rows = worklist.rows(vault, NOW.date())
    assert [row.case_number for row in rows] == ["CM24-0000156", "CM25-0001234"]
    assert (rows[0].items_decided, rows[0].items, rows[0].pages, rows[0].status) == (2, 2, 16, "Decided")
    assert rows[0].due is not None
    assert rows[0].due.due.isoformat() == "2024-09-01"
    assert rows[1].due is None


def test_another_cases_files_are_not_taken_in_silently(vault: Vault, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotTakeIn, match="CM25-0001234") as told:
        taken(vault, folder, case_data=assets.path("demo/case.json"))
    assert "CM24-0000156" in str(told.value)
    case = taken(vault, folder)
    other = tmp_path / "CM25-0009999 late.pdf"
    other.write_bytes(pdf("of another case"))
    with pytest.raises(CannotTakeIn, match="CM25-0009999"):
        taken(vault, other, into=case.id)
    with pytest.raises(CannotTakeIn, match="in the vault already"):
        taken(vault, folder)
    assert [each.id for each in vault.cases()] == [case.id]


def test_files_of_several_cases_are_refused_and_a_number_deeper_in_the_folder_counts(
    vault: Vault, tmp_path: Path
) -> None:
    mixed = tmp_path / "inbox"
    mixed.mkdir()
    for name in ("CM25-0001111_001.pdf", "CM25-0002222_001.pdf"):
        (mixed / name).write_bytes(pdf(name))
    for paths in ([mixed], sorted(mixed.iterdir())):
        with pytest.raises(CannotTakeIn, match="named by 2 cases") as told:
            taken(vault, *paths)
        assert "CM25-0001111, CM25-0002222" in told.value.happened
    several = tmp_path / "several"
    for name in ("one", "two"):
        (several / name).mkdir(parents=True)
        (several / name / "scan.pdf").write_bytes(pdf(name))
        (several / name / "data.json").write_text("{}")
    with pytest.raises(CannotTakeIn, match=r"data of several cases.*\(one, two\)"):
        taken(vault, several)
    assert vault.cases() == ()
    deep = tmp_path / "today" / "CM25-0009999"
    deep.mkdir(parents=True)
    (deep / "scan.pdf").write_bytes(pdf("a record"))
    taken(vault, tmp_path / "today")
    # The folder that is handed in names the case, also where a record of an earlier one lies in it.
    own = tmp_path / "CM25-0008888"
    own.mkdir()
    (own / "CM24-0000001 earlier determination.pdf").write_bytes(pdf("an earlier letter"))
    taken(vault, own)
    assert {case.header.case_number for case in vault.cases()} == {"CM25-0009999", "CM25-0008888"}
