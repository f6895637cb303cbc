# SPDX-License-Identifier: AGPL-3.0-or-later
"""A flipped bit and a cut in every kind of file: always noticed, and what is good still opens."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from imr_desktop.errors import Trouble
from imr_desktop.models.precedents import Precedent
from imr_desktop.storage import DamagedVault, Vault, salvage
from tests.kit.vaults import PASSPHRASE, content, contents, flip, full_vault

pytestmark = pytest.mark.torture

KINDS = {
    "key file": "vault.json",
    "copy of the key file": "vault.json.copy",
    "database": "vault.db",
    "watermark": "vault.head",
    "source file": "cases/*/sources/*.enc",
    "page index": "cases/*/pages.db",
    "letter": "letters/*.enc",
    "slip of a letter": "letters/*.slip",
    "library of precedents": "precedents.db",
}
Contents = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage") / "vault"
    full_vault(folder, cases=3, extra=8192)
    with Vault.open(folder, PASSPHRASE) as vault:
        published = Precedent("a" * 64, "letter.pdf", "CM14-0000001", None, (), "{}")
        vault.precedents().add([published])
        list(vault.backup(folder.with_name("a.imrbackup")))
    return folder


def _harms(path: Path, count: int, chance: random.Random) -> Iterator[str]:
    """Damage a file in one way after another; each is taken back before the next."""
    whole = path.read_bytes()
    for number in range(count):
        if number % 4:
            at = chance.randrange(len(whole))
            flip(path, at, chance.randrange(8))
            yield f"bit at {at}"
        else:
            size = chance.randrange(len(whole))
            os.truncate(path, size)
            yield f"cut at {size}"
        path.write_bytes(whole)


def _good(vault: Vault, before: Contents, hurt: set[str]) -> int:
    """How many cases are whole; every case that no fault names must be."""
    good = 0
    for case_id, was in before.items():
        try:
            same = content(vault.case(case_id)) == was
        except Trouble:
            same = False
        assert same or case_id in hurt, case_id
        good += same
    return good


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file(
    kind: str,
    template: Path,
    tmp_path: Path,
    many: Callable[[int, int], int],
    figures: Callable[[str], None],
) -> None:
    with Vault.open(template, PASSPHRASE) as vault:
        before = contents(vault)
    chance = random.Random(kind)
    noticed = salvaged = hopeless = good = tried = 0
    count = many(6, 150)
    scratch = tmp_path / "vault"
    shutil.copytree(template, scratch)
    path = chance.choice(sorted(scratch.glob(KINDS[kind])))
    harmed = tmp_path / "harmed"
    shutil.copy(path, harmed)
    for harm in _harms(harmed, count, chance):
        shutil.rmtree(scratch)
        shutil.copytree(template, scratch)
        shutil.copy(harmed, path)
        tried += 1
        hurt: set[str] = set()
        told = False
        try:
            vault = Vault.open(scratch, PASSPHRASE)
        except DamagedVault:
            told = True
            try:
                done = salvage(scratch, PASSPHRASE)
            except DamagedVault:
                assert harm.startswith("cut"), harm
                hopeless += 1
                noticed += 1
                continue
            salvaged += 1
            hurt = {fault.case_id for fault in done.faults}
            vault = Vault.open(scratch, PASSPHRASE)
        with vault:
            faults = vault.check().faults
            hurt |= {fault.case_id for fault in faults}
            if kind == "copy of the key file":
                told = path.read_bytes() == (template / "vault.json.copy").read_bytes()
            assert told or faults, harm
            noticed += 1
            good += _good(vault, before, hurt)
    extra = f", {salvaged} salvaged, {hopeless} (all of them cuts) past salvaging" if salvaged or hopeless else ""
    figures(
        f"damage, {kind}: {tried} bits and cuts, {noticed} noticed{extra}; "
        f"{good} of {3 * (tried - hopeless)} cases wholly unharmed, the others named"
    )


def test_a_backup(template: Path, many: Callable[[int, int], int], figures: Callable[[str], None]) -> None:
    path, chance, count = template.with_name("a.imrbackup"), random.Random(3), many(40, 1500)
    noticed = 0
    with Vault.open(template, PASSPHRASE) as vault:
        for harm in _harms(path, count, chance):
            try:
                list(vault.verify_backup(path))
            except Trouble:
                noticed += 1
            else:
                pytest.fail(harm)
        list(vault.verify_backup(path))
    figures(f"damage, backup: {count} bits and cuts, {noticed} noticed")
