# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case that is removed takes its key along; the letters that left stay."""

from pathlib import Path

import pytest

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.storage import NoSuchCase, Vault
from tests.kit.vaults import PASSPHRASE, TINY


def test_a_removed_case_is_gone_and_its_letters_are_not(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "vault", PASSPHRASE, cost=TINY) as vault:
        kept = vault.new_case(CaseHeader(case_number="CM25-0000001"), Imro(), LetterText())
        gone = vault.new_case(CaseHeader(case_number="CM25-0000002"), Imro(), LetterText())
        gone.file_letter("letter.pdf", b"%PDF-", "digest", {})
        vault.remove_case(gone.id)
        assert [case.id for case in vault.cases()] == [kept.id]
        assert not (vault.folder / "cases" / gone.id).exists()
        assert len(list((vault.folder / "letters").glob("*.enc"))) == 1
        with pytest.raises(NoSuchCase):
            vault.case(gone.id)
        with pytest.raises(NoSuchCase):
            vault.remove_case(gone.id)
    with Vault.open(tmp_path / "vault", PASSPHRASE) as vault:
        assert [case.id for case in vault.cases()] == [kept.id]
