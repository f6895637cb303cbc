# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery sheet shows a code that opens the vault, in letters and as a QR code, and is kept nowhere."""

from datetime import date
from pathlib import Path

from imr_desktop.casework import recovery
from imr_desktop.storage import RecoveryCode, Vault
from tests.kit.vaults import PASSPHRASE, TINY


def test_the_sheet_opens_the_vault_and_is_kept_nowhere(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "vault", PASSPHRASE, cost=TINY) as vault:
        sheet = recovery.make_sheet(vault, date(2026, 11, 23))
        assert vault.ways_in.vault_id[:8] in sheet.text
    printed = " ".join(sheet.text.split())
    assert all(group in printed for group in sheet.code.split())
    assert "2026-11-23" in printed
    Vault.open(tmp_path / "vault", RecoveryCode(sheet.code)).close()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert sheet.code.split()[0].encode() not in path.read_bytes()
    assert sheet.code not in repr(sheet)


def test_the_code_can_be_drawn() -> None:
    sheet = recovery.sheet_of("AAAAA " * 7 + "AAAAA", "0" * 32, date(2026, 11, 23))
    size = len(sheet.dark)
    assert size >= 21
    assert all(len(row) == size for row in sheet.dark)
    # The three corners by which every QR code is found.
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        assert [sheet.dark[top][left + n] for n in range(7)] == [True] * 7
        assert [sheet.dark[top + 1][left + n] for n in range(7)] == [True, *[False] * 5, True]
    assert sheet.svg().startswith("<svg")
    assert len(sheet.terminal().splitlines()) >= size // 2
    assert all(len(line) <= 100 for line in sheet.text.splitlines())
