# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault kept from the command line: check, backup, restore, ways in, audit."""

import json
from collections.abc import Callable
from pathlib import Path

import keyring
import pyrage
import pytest

from imr_desktop import assets
from imr_desktop.storage import Vault
from tests.kit.cases import PASSPHRASE
from tests.kit.ring import Held
from tests.kit.vaults import flip

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(command: Command) -> Command:
    """The same, on a vault that holds the demo case."""
    assert command("import", assets.path("demo"), "--case", assets.path("demo/case.json"))[0] == 0
    return command


def test_a_sound_vault_passes_and_a_damaged_source_is_named(command: Command, tmp_path: Path) -> None:
    status, out, _ = command("vault", "check", "--json")
    assert status == 0
    assert json.loads(out) == {"cases": 1, "sources": 3, "letters": 0, "faults": []}
    damaged = next((tmp_path / "vault").rglob("*.enc"))
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(bytes(data))
    status, out, _ = command("vault", "check", "--json")
    assert status == 1
    (fault,) = json.loads(out)["faults"]
    assert fault["advice"]
    shown = command("show", "CM24-0000156")[1]
    assert fault["place"].endswith(".pdf")
    assert f"  {fault['place']}: case pages" in shown
    assert "1 case, 3 source files and no letters were read: 1 fault." in command("vault", "check")[1]
    # The rest of the vault still works.
    assert command("show", "CM24-0000156")[0] == 0


def test_a_backup_opens_elsewhere_by_passphrase(command: Command, tmp_path: Path) -> None:
    status, out, _ = command("vault", "backup", tmp_path / "a.imrbackup", "--json")
    assert status == 0
    assert json.loads(out)["faults"] == []
    assert command("vault", "backup", tmp_path / "a.imrbackup")[0] == 2
    status, out, err = command("vault", "restore", tmp_path / "a.imrbackup", "--vault", tmp_path / "other", "--json")
    assert (status, json.loads(out)["set_aside"]) == (0, None), err
    status, out, _ = command("cases", "--vault", tmp_path / "other", "--json")
    assert [row["case"] for row in json.loads(out)] == ["CM24-0000156"]


def test_restoring_sets_what_is_there_aside(command: Command, tmp_path: Path) -> None:
    assert command("vault", "backup", tmp_path / "a.imrbackup")[0] == 0
    status, out, err = command("vault", "restore", tmp_path / "a.imrbackup", "--json")
    assert status == 0, err
    aside = Path(json.loads(out)["set_aside"])
    assert (aside / "vault.db").exists()
    assert command("vault", "check")[0] == 0


def test_a_cut_backup_is_refused_and_changes_nothing(command: Command, tmp_path: Path) -> None:
    assert command("vault", "backup", tmp_path / "a.imrbackup")[0] == 0
    whole = (tmp_path / "a.imrbackup").read_bytes()
    (tmp_path / "cut.imrbackup").write_bytes(whole[: len(whole) - 1000])
    status, _, err = command("vault", "restore", tmp_path / "cut.imrbackup")
    assert status == 2
    assert err
    assert command("vault", "check")[0] == 0


def test_sheet_and_organisation_open_a_backup_when_the_passphrase_is_lost(command: Command, tmp_path: Path) -> None:
    status, out, _ = command("vault", "slot", "add-sheet")
    assert status == 0
    lines = out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("    "))
    # As the sheet prints it, in two lines.
    (tmp_path / "code").write_text(f"{lines[start]}\n{lines[start + 1]}\n", encoding="utf-8")
    identity = pyrage.x25519.Identity.generate()
    assert command("vault", "slot", "add-organisation", str(identity.to_public()), "--label", "Office")[0] == 0
    (tmp_path / "age").write_text(str(identity), encoding="utf-8")
    kinds = [slot["kind"] for slot in json.loads(command("vault", "slot", "list", "--json")[1])]
    assert sorted(kinds) == ["organisation", "passphrase", "sheet"]
    assert command("vault", "backup", tmp_path / "a.imrbackup")[0] == 0
    for option, name in (("--recovery-code-file", "code"), ("--age-key-file", "age")):
        place = tmp_path / f"by {name}"
        status, _, err = command(
            "vault", "restore", tmp_path / "a.imrbackup", option, tmp_path / name, "--vault", place
        )
        assert status == 0, err
        assert command("vault", "check", "--vault", place)[0] == 0


def test_the_passphrase_changes_and_the_passphrase_slot_stays(command: Command, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("another passphrase of mine\n", encoding="utf-8")
    assert command("vault", "passphrase", "--new-passphrase-file", tmp_path / "new")[0] == 0
    assert command("cases")[0] == 2
    assert command("cases", "--passphrase-file", tmp_path / "new")[0] == 0
    (slot,) = json.loads(command("vault", "slot", "list", "--json", "--passphrase-file", tmp_path / "new")[1])
    assert command("vault", "slot", "remove", slot["id"], "--passphrase-file", tmp_path / "new")[0] == 2


def test_a_new_key_changes_nothing_that_is_kept(command: Command, tmp_path: Path) -> None:
    before = command("show", "CM24-0000156", "--json")[1]
    assert command("vault", "rekey")[0] == 0
    assert command("show", "CM24-0000156", "--json")[1] == before
    assert command("vault", "check")[0] == 0


def test_the_trail_tells_who_did_what(command: Command) -> None:
    status, out, _ = command("audit", "CM24-0000156", "--json")
    assert status == 0
    told = json.loads(out)
    assert told["faults"] == []
    assert [event["number"] for event in told["events"]] == list(range(1, len(told["events"]) + 1))
    assert told["head"]["number"] == len(told["events"])
    assert command("audit")[0] == 0


def test_a_forgotten_passphrase_is_replaced_by_the_recovery_code(command: Command, tmp_path: Path) -> None:
    status, sheet, _ = command("vault", "slot", "add-sheet")
    assert status == 0
    rows = [line.split() for line in sheet.splitlines() if line.startswith("    ")]
    code, new = tmp_path / "code.txt", tmp_path / "new.txt"
    code.write_text(" ".join(group for row in rows for group in row))
    new.write_text("words chosen anew\n")
    ways = ("--recovery-code-file", code, "--new-passphrase-file", new)
    status, _, err = command("vault", "passphrase", *ways)
    assert status == 0, err
    assert command("cases")[0] == 2, "the forgotten passphrase opens nothing any more"
    assert command("cases", "--passphrase-file", new)[0] == 0


def test_a_backup_is_tried_out_and_nothing_is_changed(command: Command, tmp_path: Path) -> None:
    backup = tmp_path / "a.imrbackup"
    assert command("vault", "backup", backup)[0] == 0
    status, out, _ = command("vault", "restore", backup, "--rehearse", "--json")
    told = json.loads(out)
    assert (status, told["cases"], told["sources"], told["faults"]) == (0, 1, 3, [])
    assert not list(tmp_path.glob("vault.*"))
    flip(backup, backup.stat().st_size // 2)
    assert command("vault", "restore", backup, "--rehearse")[0] == 2


def test_a_damaged_vault_is_saved_and_the_wreck_stays(command: Command, tmp_path: Path) -> None:
    database = tmp_path / "vault" / "vault.db"
    middle = database.stat().st_size // 8192 * 4096
    for at in range(300, 2800, 500):
        flip(database, middle + at)
    status, _, err = command("cases")
    assert status == 2
    assert "damaged" in err
    status, out, _ = command("vault", "salvage", "--json")
    saved = json.loads(out)
    assert saved["cases"] == 1
    assert status == (1 if saved["faults"] else 0)
    assert Path(saved["wreck"]).exists()
    assert command("cases")[0] == 0


def test_the_vault_is_moved(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = command("vault", "move", tmp_path / "new", "--json")
    assert (status, json.loads(out)["emptied"]) == (0, True)
    assert command("cases")[0] == 2
    assert command("cases", "--vault", tmp_path / "new")[0] == 0
    assert command("vault", "check", "--vault", tmp_path / "new")[0] == 0


def test_a_case_is_archived_listed_when_due_and_deleted_only_when_said_twice(command: Command, tmp_path: Path) -> None:
    number = "CM24-0000156"
    with Vault.open(tmp_path / "vault", PASSPHRASE) as vault:
        vault.case(vault.cases()[0].id).file_letter("party.pdf", b"%PDF signed", "digest", {})
    assert [each["name"] for each in json.loads(command("letters", number, "--json")[1])] == ["party.pdf"]
    assert json.loads(command("letters", "--json")[1]) == [], "no case is deleted yet"
    assert command("archive", "add", number)[0] == 0
    assert json.loads(command("cases", "--json")[1]) == []
    for look in ("audit", "show", "history"):
        assert command(look, number)[0] == 0, look
    assert command("archive", "keep", "0")[0] == 0
    (due,) = json.loads(command("archive", "list", "--due", "--json")[1])
    assert due["case"] == number
    assert command("archive", "back", number)[0] == 0
    assert command("archive", "list")[0] == 0
    assert command("archive", "delete", number, "--confirm", number)[0] == 2, "it is not in the archive"
    assert command("archive", "add", number)[0] == 0
    assert command("archive", "delete", number)[0] == 2
    assert command("archive", "delete", number, "--confirm", number)[0] == 0
    assert json.loads(command("archive", "list", "--json")[1]) == []
    assert command("vault", "check")[0] == 0
    # The case is gone; its letters are listed and saved.
    (left,) = json.loads(command("letters", "--json")[1])
    assert left["name"] == "party.pdf"
    assert command("letters", left["case_id"], "--out", tmp_path / "saved")[0] == 0
    assert (tmp_path / "saved" / "party.pdf").read_bytes() == b"%PDF signed"
    assert command("letters", "--out", tmp_path / "saved")[0] == 2, "nothing is overwritten"
    assert command("vault", "check")[0] == 0


def test_an_earlier_summary_is_shown_and_brought_back(command: Command) -> None:
    number = "CM24-0000156"
    status, out, _ = command("history", number, "--json")
    assert status == 0
    texts = json.loads(out)
    assert texts[-1]["text"]
    assert command("history", number, "--bring-back", "1")[0] == 0
    again = json.loads(command("history", number, "--json")[1])
    assert again[-1]["text"] == texts[0]["text"]
    assert command("history", number, "--bring-back", "99")[0] == 2
    assert command("history", number, "--item", "1")[0] == 0
    assert command("history", number, "--item", "99")[0] == 2


def test_an_older_vault_put_back_is_told_at_every_command_until_it_is_known(command: Command, tmp_path: Path) -> None:
    database = tmp_path / "vault" / "vault.db"
    older = database.read_bytes()
    assert command("profile", "set", "--name", "Physician Reviewer")[0] == 0
    database.write_bytes(older)
    for _ in range(2):
        status, out, err = command("cases", "--json")
        assert (status, len(json.loads(out))) == (0, 1)
        assert "older" in err
        assert "--acknowledge" in err
    status, out, _ = command("audit")
    assert status == 1
    assert "found wrong on opening: The vault's database is older" in out
    status, out, _ = command("vault", "check")
    assert status == 1
    assert out.count("older than the vault") == 1
    assert command("vault", "check", "--acknowledge")[0] == 0
    assert command("cases")[2] == ""
    assert command("audit")[0] == 0
    (tmp_path / "vault" / "vault.json").unlink()
    assert "vault.json" in command("cases")[2]
    (tmp_path / "vault" / "vault.head").unlink()
    assert "vault.head" in command("cases")[2]


def test_a_sheet_is_made_only_where_its_picture_finds_a_place(command: Command, tmp_path: Path) -> None:
    picture = tmp_path / "sheet.svg"
    assert command("vault", "slot", "add-sheet", "--svg", picture)[0] == 0
    (before,) = [slot for slot in json.loads(command("vault", "slot", "list", "--json")[1]) if slot["kind"] == "sheet"]
    for place in (picture, tmp_path / "no such folder" / "sheet.svg"):
        status, out, err = command("vault", "slot", "add-sheet", "--svg", place)
        assert (status, out) == (2, "")
        assert "no sheet was made" in err
    (after,) = [slot for slot in json.loads(command("vault", "slot", "list", "--json")[1]) if slot["kind"] == "sheet"]
    assert after == before


def test_a_missing_file_of_a_recovery_key_is_named_as_what_it_is(command: Command, tmp_path: Path) -> None:
    for option, said in (("--recovery-code-file", "recovery code"), ("--age-key-file", "organisation's key")):
        status, _, err = command("vault", "salvage", option, tmp_path / "none")
        assert status == 2
        assert said in err
        assert "passphrase" not in err


def test_wrong_passphrases_make_every_way_wait(command: Command, tmp_path: Path) -> None:
    assert command("vault", "backup", tmp_path / "a.imrbackup")[0] == 0
    (tmp_path / "wrong").write_text("not this one\n", encoding="utf-8")
    wrong = ("--passphrase-file", tmp_path / "wrong")
    ways = (
        ("vault", "restore", tmp_path / "a.imrbackup"),
        ("vault", "restore", tmp_path / "a.imrbackup", "--rehearse"),
        ("vault", "salvage"),
    )
    for way in ways:
        assert "does not open" in command(*way, *wrong)[2]
    for way in (*ways, ("vault", "check")):
        assert "can be tried in" in command(*way, *wrong)[2]


def test_the_keyring_opens_the_vault_where_no_passphrase_is_given(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, held = keyring.get_keyring(), Held()
    keyring.set_keyring(held)
    try:
        for _ in range(2):
            assert command("vault", "slot", "add-keyring")[0] == 0
        assert len(held.kept) == 1, "the key of the slot that was replaced is gone"
        monkeypatch.delenv("IMR_DESKTOP_PASSPHRASE")
        status, out, err = command("cases", "--json")
        assert (status, len(json.loads(out)), err) == (0, 1, "")
        held.kept.clear()
        status, _, err = command("cases")
        assert status == 2
        assert "does not hold" in err
        assert "no passphrase" in err
    finally:
        keyring.set_keyring(before)
