# SPDX-License-Identifier: AGPL-3.0-or-later
"""No word of a case stands in clear in any file, or any file's name, under the vault."""

import hashlib
import zlib
from datetime import UTC, datetime
from pathlib import Path

from imr_desktop.models.case import CaseHeader, Employee, Imro, LetterText
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, SourceFile, Word, WordsOrigin
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import KdfCost, KeptIdentity, Table, Vault

CANARY = "Zeisigzwitscher"


def _found(folder: Path) -> list[str]:
    words = [CANARY.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    words += [word.lower() for word in words]
    found = []
    for path in folder.rglob("*"):
        whole = path.read_bytes() if path.is_file() else b""
        assert not whole.startswith(b"SQLite format 3")
        assert zlib.compress(b"x")[:2] not in whole[:2]
        if CANARY.lower() in path.name.lower() or any(word in whole for word in words):
            found.append(path.name)
    return found


def test_no_canary_is_found_while_the_case_is_worked_on_or_after(folder: Path, cost: KdfCost, capfd: object) -> None:
    passphrase = f"{CANARY} sings"
    with Vault.create(folder, passphrase, cost=cost) as vault:
        vault.keep_setting(CANARY, CANARY)
        vault.keep_reviewer(Reviewer(name=CANARY))
        vault.keep_identity(KeptIdentity(CANARY, CANARY.encode(), CANARY))
        vault.keep_trust_root(CANARY.encode())
        store = vault.new_case(CaseHeader(employee=Employee(name=CANARY)), Imro(name=CANARY), LetterText())
        data = b"%PDF " + CANARY.encode() * 1000
        source = SourceFile(hashlib.sha256(data).hexdigest(), f"{CANARY}.pdf", len(data), 1, (PageSize(1, 1),))
        with store.step(CANARY) as step:
            store.add_source(source, data)
            step.put(Table.ITEM, "a", DisputedItem("a", heading=CANARY, rationale=Narrative(CANARY * 500)))
        page = PageRef(source.sha256, 0)
        store.keep_words(
            PageWords(page, PageSize(1, 1), (Word(CANARY, Box(0, 0, 1, 1), 0, 0),) * 2000, WordsOrigin.DIGITAL)
        )
        store.mark_seen(page, datetime.now(UTC))
        store.file_letter(f"{CANARY}.pdf", data, CANARY, {CANARY: CANARY})
        store.undo()
        names = {path.name for path in folder.rglob("*") if path.is_file()}
        assert {"vault.db", "vault.db-wal", "vault.json", "pages.db", f"{source.sha256}.enc"} <= names
        assert _found(folder) == []
    assert _found(folder) == []
    out, err = capfd.readouterr()  # type: ignore[attr-defined]
    assert (out, err) == ("", "")


def test_the_database_says_nothing_aloud_when_it_is_damaged(folder: Path, cost: KdfCost, capfd: object) -> None:
    Vault.create(folder, "four words", cost=cost).close()
    path = folder / "vault.db"
    whole = bytearray(path.read_bytes())
    whole[100] ^= 1
    path.write_bytes(whole)
    try:
        Vault.open(folder, "four words")
    except Exception as error:
        assert type(error).__name__ == "DamagedVault"  # noqa: PT017
    assert capfd.readouterr() == ("", "")  # type: ignore[attr-defined]
