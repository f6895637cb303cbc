# SPDX-License-Identifier: AGPL-3.0-or-later
"""A damaged vault says which file is damaged and how, and nothing more is done to it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from imr_desktop.errors import Trouble
from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.storage import DamagedVault, NewerVault, Vault

Damage = Callable[[Path], None]


@pytest.fixture
def closed(vault: Vault, folder: Path) -> Path:
    for number in range(20):
        vault.new_case(CaseHeader(case_number=f"CM00-{number}"), Imro(), LetterText())
    vault.close()
    return folder


def _truncate(name: str, share: float) -> Damage:
    def do(folder: Path) -> None:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: int(len(whole) * share)])

    return do


def _flip(name: str, share: float) -> Damage:
    def do(folder: Path) -> None:
        whole = bytearray((folder / name).read_bytes())
        whole[int((len(whole) - 1) * share)] ^= 0x01
        (folder / name).write_bytes(whole)

    return do


def _remove(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def _keys(damage: Callable[[str], Damage]) -> Damage:
    """The same damage to the key file and to its copy; to one alone is mended."""

    def do(folder: Path) -> None:
        for name in ("vault.json", "vault.json.copy"):
            damage(name)(folder)

    return do


def _plain(folder: Path) -> None:
    (folder / "vault.db").write_bytes(b"SQLite format 3\0" + bytes(4080))


def _changed_slot(name: str) -> Damage:
    def do(folder: Path) -> None:
        whole = json.loads((folder / name).read_bytes())
        whole["slots"][0]["passes"] = 2
        (folder / name).write_text(json.dumps(whole))

    return do


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(_keys(lambda name: _truncate(name, 0.5)), "vault.json is damaged", id="keys cut short"),
        pytest.param(_keys(lambda name: _truncate(name, 0)), "vault.json is damaged", id="keys emptied"),
        pytest.param(_keys(_changed_slot), "vault.json is damaged", id="keys changed"),
        pytest.param(_keys(_remove), "vault.json is missing", id="keys missing"),
        pytest.param(_remove("vault.db"), "vault.db is missing", id="database missing"),
        pytest.param(_truncate("vault.db", 0), "vault.db was emptied", id="database emptied"),
        pytest.param(_plain, "vault.db was emptied or exchanged", id="database exchanged for a plain one"),
        pytest.param(_truncate("vault.db", 0.5), "vault.db is damaged", id="database cut short"),
        *(
            pytest.param(_flip("vault.db", n / 20), "vault.db is damaged", id=f"database byte at {n}/20")
            for n in range(21)
        ),
    ],
)
def test_damage_is_told_and_nothing_is_destroyed(closed: Path, passphrase: str, damage: Damage, said: str) -> None:
    kept = closed.with_name("kept")
    shutil.copytree(closed, kept)
    damage(closed)
    before = {path.name: path.read_bytes() for path in closed.iterdir()}
    with pytest.raises(DamagedVault) as caught:
        Vault.open(closed, passphrase)
    assert said in caught.value.happened
    assert "backup" in caught.value.advice
    assert {path.name: path.read_bytes() for path in closed.iterdir()} == before
    shutil.rmtree(closed)
    kept.rename(closed)
    with Vault.open(closed, passphrase) as vault:
        assert len(vault.cases()) == 20


def test_every_changed_byte_of_the_key_file_is_noticed(closed: Path, passphrase: str) -> None:
    path, copy = closed / "vault.json", closed / "vault.json.copy"
    whole = path.read_bytes()
    meaning = json.loads(whole)
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 0x01
        try:
            if json.loads(changed) == meaning:
                continue
        except ValueError:
            pass
        path.write_bytes(changed)
        copy.write_bytes(changed)
        with pytest.raises(DamagedVault):
            Vault.open(closed, passphrase)
    path.write_bytes(whole)
    Vault.open(closed, passphrase).close()
    assert copy.read_bytes() == whole


@pytest.mark.parametrize("damage", [_remove, lambda name: _truncate(name, 0.5), lambda name: _flip(name, 0.5)])
@pytest.mark.parametrize("name", ["vault.json", "vault.json.copy"])
def test_a_key_file_lost_or_damaged_alone_is_mended_from_its_copy(
    closed: Path, passphrase: str, damage: Callable[[str], Damage], name: str
) -> None:
    whole = (closed / "vault.json").read_bytes()
    damage(name)(closed)
    with Vault.open(closed, passphrase) as vault:
        assert len(vault.cases()) == 20
        assert [fault.place for fault in vault.notices] == (["vault.json"] if name == "vault.json" else [])
    assert (closed / name).read_bytes() == whole
    with Vault.open(closed, passphrase) as vault:
        assert vault.notices == ()


def test_a_database_of_another_vault_is_no_part_of_this_one(closed: Path, tmp_path: Path, passphrase: str) -> None:
    other = tmp_path / "other"
    Vault.create(other, passphrase).close()
    shutil.copy(other / "vault.db", closed / "vault.db")
    with pytest.raises(DamagedVault):
        Vault.open(closed, passphrase)


def test_a_key_file_of_a_later_form_is_refused(closed: Path, passphrase: str) -> None:
    from imr_desktop.storage import keyfile

    whole = json.loads((closed / "vault.json").read_bytes())
    del whole["digest"]
    whole["format"] = "imr-vault/3"
    whole["digest"] = keyfile._digest(whole)
    (closed / "vault.json").write_text(json.dumps(whole))
    with pytest.raises(NewerVault):
        Vault.open(closed, passphrase)


def test_trouble_has_two_sentences_without_a_path(closed: Path, passphrase: str) -> None:
    _remove("vault.db")(closed)
    with pytest.raises(Trouble) as caught:
        Vault.open(closed, passphrase)
    for sentence in (caught.value.happened, caught.value.advice):
        assert sentence.endswith(".")
        assert str(closed) not in sentence


def test_a_window_opens_before_the_pages_are_read_through_and_is_told_of_a_damaged_one(
    closed: Path, passphrase: str
) -> None:
    with Vault.open(closed, passphrase, read_through=False) as vault:
        assert vault.reading_through()()
        vault.refuse_damage()
    database = closed / "vault.db"
    whole = bytearray(database.read_bytes())
    whole[-2000] ^= 0x01  # in the last page, which opening alone does not need
    database.write_bytes(whole)
    with pytest.raises(DamagedVault):
        Vault.open(closed, passphrase)
    with Vault.open(closed, passphrase, read_through=False) as vault:
        reading = vault.reading_through()
        assert not reading()
        with pytest.raises(DamagedVault) as told:
            vault.refuse_damage()
        assert told.value.place == "vault.db"


def test_reading_through_beside_the_work_lets_no_other_program_in(closed: Path, passphrase: str) -> None:
    with Vault.open(closed, passphrase, read_through=False) as vault:
        with ThreadPoolExecutor(1) as aside:
            read = aside.submit(vault.reading_through())
            vault.new_case(CaseHeader(case_number="CM00-99"), Imro(), LetterText())
            assert read.result()
        script = (
            "import sys, sqlcipher3; db = sqlcipher3.connect(sys.argv[1], timeout=0); "
            "db.execute('pragma locking_mode=exclusive'); db.execute('begin exclusive')"
        )
        other = subprocess.run([sys.executable, "-c", script, str(closed / "vault.db")], capture_output=True, text=True)
        assert "locked" in other.stderr
    with Vault.open(closed, passphrase) as vault:
        assert len(vault.cases()) == 21
