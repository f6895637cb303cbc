# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packages: what one vault packs another takes in and goes on from, and what is not as it was packed is refused."""

import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from imr_desktop.casework import demo, exchange, package
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.intake import CannotTakeIn
from imr_desktop.casework.issue import Sealers, issue
from imr_desktop.casework.package_in import take_in_package
from imr_desktop.casework.unpack import KeyNeeded, NotAPackage
from imr_desktop.cli import run
from imr_desktop.models.records import PageRef
from imr_desktop.storage import Vault
from imr_desktop.storage.age import NotForYou
from tests.kit.cases import PASSPHRASE, look_through, new_vault

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """The demo case: cited, a page seen, issued."""
    folder = tmp_path_factory.mktemp("worked")
    with demo.make(folder / "vault", PASSPHRASE, NOW) as vault:
        desk = Desk(vault.case(vault.cases()[0].id))
        desk.mark_seen(PageRef(desk.case.sources[0].sha256, 0))
        sealers = Sealers(vault.identity(demo.REVIEWER_IDENTITY), vault.identity(demo.OFFICE_IDENTITY))
        look_through(desk, vault.reviewer())
        for _ in issue(desk, vault.reviewer(), sealers, folder / "out", NOW):
            pass
        yield vault


@pytest.fixture(scope="module")
def packed(worked: Vault, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "case.imrcase"
    _pack(worked, path)
    return path


def _pack(vault: Vault, path: Path, **how: object) -> package.Packed:
    desk = Desk(vault.case(vault.cases()[0].id))
    *_, last = package.pack(desk, vault.reviewer(), path, NOW, **how)  # type: ignore[arg-type]
    assert isinstance(last, package.Packed)
    return last


def _take_in(vault: Vault, path: Path, keys: str | None = None) -> str:
    *_, last = take_in_package(vault, path, keys=keys)
    return last.case_id


def test_another_vault_goes_on_where_the_case_stood(worked: Vault, packed: Path, tmp_path: Path) -> None:
    with new_vault(tmp_path / "vault") as other:
        store = other.case(_take_in(other, packed))
        first = worked.case(worked.cases()[0].id)
        there, here = store.read(), first.read()
        assert [getattr(there, name) for name in ("header", "items", "evidence", "documents", "sources")] == [
            getattr(here, name) for name in ("header", "items", "evidence", "documents", "sources")
        ]
        assert there.clinical_summary == here.clinical_summary
        assert list(store.seen()) == list(first.seen()) != []
        for source in here.sources:
            assert store.source_bytes(source.sha256) == first.source_bytes(source.sha256)
        assert [letter.sha256 for letter in store.letters()] == [letter.sha256 for letter in first.letters()]
        assert store.letters()[0].note["findings"] == first.letters()[0].note["findings"]
        assert not store.audit().faults
        with pytest.raises(CannotTakeIn, match="in the vault already"):
            _take_in(other, packed)


def test_the_digests_verify_with_a_standard_tool_and_the_note_is_one_page(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed) as whole:
        whole.extractall(tmp_path)
    assert len((tmp_path / package.NOTE).read_text(encoding="utf-8").splitlines()) < 50
    exchange.read_file(tmp_path / package.CASE)
    manifest = json.loads((tmp_path / package.MANIFEST).read_text(encoding="utf-8"))
    for told in manifest["files"]:
        data = (tmp_path / told["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (told["bytes"], told["sha256"])
    tool = shutil.which("sha256sum")
    if tool is not None:
        checked = subprocess.run([tool, "-c", package.SUMS], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert checked.stdout.count(": OK") == len(manifest["files"]) - 1


def test_an_encrypted_package_opens_with_its_key_alone(worked: Vault, tmp_path: Path) -> None:
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    path = tmp_path / "case.imrcase"
    assert _pack(worked, path, recipients=(str(mine.to_public()),)).encrypted
    assert b"PK\3\4" not in path.read_bytes()
    with new_vault(tmp_path / "vault") as vault:
        with pytest.raises(KeyNeeded):
            _take_in(vault, path)
        with pytest.raises(NotForYou):
            _take_in(vault, path, str(other))
        assert not vault.cases()
        assert _take_in(vault, path, f"# a comment\n{mine}\n")


Change = Callable[[dict[str, bytes], zipfile.ZipFile], object]


def _rewritten(packed: Path, path: Path, change: Change) -> Path:
    """The package written anew; ``change`` gets the files and the zip, and may write entries of its own."""
    with zipfile.ZipFile(packed) as whole:
        held = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        change(held, made)
        for name, data in held.items():
            made.writestr(name, data)
    return path


def _named(held: dict[str, bytes], path: str, data: bytes, kind: str = "letter") -> None:
    """Put a file in and name it in the manifest, as who attacks would."""
    held[path] = data
    told = json.loads(held[package.MANIFEST])
    told["files"] = [each for each in told["files"] if each["path"] != path]
    told["files"].append({"path": path, "kind": kind, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    held[package.MANIFEST] = json.dumps(told).encode()


def _symlink(held: dict[str, bytes], made: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("letters/link.pdf")
    entry.external_attr = 0o120777 << 16
    made.writestr(entry, b"/etc/passwd")


def _other_form(held: dict[str, bytes]) -> None:
    held[package.MANIFEST] = held[package.MANIFEST].replace(b"imr-package/1", b"imr-package/9")


def _first(held: dict[str, bytes], start: str) -> str:
    return next(name for name in held if name.startswith(start))


ATTACKS: dict[str, tuple[Change, str]] = {
    "a path upwards": (lambda held, _: _named(held, "letters/../../evil.pdf", b"x"), "unsafe place"),
    "a path from the root": (lambda held, _: _named(held, "/letters/evil.pdf", b"x"), "unsafe place"),
    "a drive": (lambda held, _: _named(held, "C:letters/evil.pdf", b"x"), "unsafe place"),
    "a backslash": (lambda held, _: _named(held, "letters\\..\\evil.pdf", b"x"), "unsafe place"),
    "a place of its own": (lambda held, _: _named(held, "autorun.inf", b"x"), "unsafe place"),
    "a symbolic link": (_symlink, "unsafe place"),
    "a file that is not named": (lambda held, _: held.update({"letters/more.pdf": b"x"}), "exactly the files"),
    "a file missing": (lambda held, _: held.pop(_first(held, "letters/")), "exactly the files"),
    "a changed case": (
        lambda held, _: held.update({"case.json": held["case.json"].replace(b"0", b"1")}),
        "packed with",
    ),
    "a longer record": (lambda held, _: held.update({_first(held, "sources/"): b"%PDF-1.7"}), "another size"),
    "a bomb": (lambda held, _: _named(held, "letters/bomb.pdf", bytes(40 << 20)), "not safe to unpack"),
    "no manifest": (lambda held, _: held.pop(package.MANIFEST), "no manifest"),
    "a manifest of noise": (lambda held, _: held.update({package.MANIFEST: b"[[[["}), "cannot be read"),
    "another form": (lambda held, _: _other_form(held), "does not know"),
    "work of noise": (lambda held, _: _named(held, "work.json", b'{"rows": [{}]}', "work"), "cannot read"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_unsafe_package_is_refused_whole(attack: str, packed: Path, tmp_path: Path) -> None:
    change, says = ATTACKS[attack]
    path = _rewritten(packed, tmp_path / "attack.imrcase", change)
    with new_vault(tmp_path / "vault") as vault:
        with pytest.raises(NotAPackage, match=says):
            _take_in(vault, path)
        assert not vault.cases()
    assert not list(tmp_path.rglob("evil*"))


def test_any_byte_that_is_flipped_or_missing_is_told(packed: Path, tmp_path: Path) -> None:
    whole = packed.read_bytes()
    with new_vault(tmp_path / "vault") as vault:
        for number, at in enumerate(range(40, len(whole), len(whole) // 12)):
            path = tmp_path / f"{number}.imrcase"
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :])
            with pytest.raises(NotAPackage):
                _take_in(vault, path)
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(NotAPackage, match="damaged"):
            _take_in(vault, path)
        assert not vault.cases()


def test_the_commands_pack_and_take_in(
    worked: Vault, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMR_DESKTOP_PASSPHRASE", PASSPHRASE)
    number = worked.cases()[0].header.case_number
    with demo.make(tmp_path / "one", PASSPHRASE, NOW):
        pass
    with new_vault(tmp_path / "two"):
        pass
    path = tmp_path / "case.imrcase"
    one, two = ["--vault", str(tmp_path / "one")], ["--vault", str(tmp_path / "two")]
    assert run(["export", number, "-o", str(path), "--json", *one]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert run(["export", number, "-o", str(path), *one]) == 2  # nothing is overwritten
    assert run(["import", str(path), "--json", *two]) == 0
    capsys.readouterr()
    assert run(["show", number, "--json", *two]) == 0
    there = json.loads(capsys.readouterr().out)
    assert run(["show", number, "--json", *one]) == 0
    here = json.loads(capsys.readouterr().out)
    assert (there["items"], there["clinical_summary"]) == (here["items"], here["clinical_summary"])
    path.write_bytes(path.read_bytes()[:-200])
    assert run(["import", str(path), *two]) == 2
