# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps a small vault of the present release as a file, so that every later release can show that it still opens it.

Run once for a release, from the root of the checkout: ``python tests/storage/vaults/make.py NAME``.
"""

import hashlib
import sys
import tempfile
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.precedents import Precedent, PrecedentItem
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, SourceFile, Word
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import KdfCost, KeptIdentity, Table, Vault

PASSPHRASE = "the passphrase of a kept vault"
SOURCE = b"%PDF-1.7 a source file of a kept vault"
LETTER = b"%PDF-1.7 an issued letter of a kept vault"
SEEN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def fill(vault: Vault) -> None:
    """Two cases: one worked on in every way, one just made."""
    vault.keep_setting("theme", "dark")
    vault.keep_reviewer(Reviewer(name="Physician Reviewer", licence="A00000"))
    vault.keep_identity(KeptIdentity("trial", b"a PKCS#12 file", "its secret", trial=True))
    vault.keep_trust_root(b"a certificate")
    store = vault.new_case(CaseHeader(case_number="CM26-0000001"), Imro(name="An organization"), LetterText())
    digest = hashlib.sha256(SOURCE).hexdigest()
    with store.step("Take in the record") as step:
        store.add_source(SourceFile(digest, "records.pdf", len(SOURCE), 1, (PageSize(612, 792),)), SOURCE)
    with store.step("Add an item") as step:
        step.put(Table.ITEM, "a", DisputedItem("a", heading="Six visits of acupuncture"))
    for text in ("First words.", "First words, mended.", "Words that were taken back."):
        with store.step("Write the summary") as step:
            step.put(Table.SUMMARY, "", Narrative(text))
    store.undo()
    with store.step("Decide item 1: Overturned") as step:
        step.put(Table.ITEM, "a", DisputedItem("a", heading="Six visits of acupuncture", outcome=Outcome.OVERTURNED))
    store.undo()
    page = PageRef(digest, 0)
    store.keep_words(PageWords(page, PageSize(612, 792), (Word("acupuncture", Box(1, 2, 3, 4), 0, 0),)))
    store.mark_seen(page, SEEN)
    store.pages.keep_preview(page, b"a small picture")
    item = PrecedentItem(1, "Acupuncture", "Upheld", treatment="acupuncture", words="six visits")
    vault.precedents().add([Precedent("0" * 64, "published.pdf", "CM13-0000001", date(2014, 1, 2), (item,), "{}")])
    store.file_letter("letter.pdf", LETTER, "digest of the determination", {"rendition": "party"})
    vault.new_case(CaseHeader(case_number="CM26-0000002"), Imro(), LetterText())


def main(name: str) -> None:
    """Make the vault and keep it as ``NAME.zip`` beside this file."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "vault"
        with Vault.create(folder, PASSPHRASE, cost=KdfCost(memory_kib=64, passes=1, lanes=1)) as vault:
            fill(vault)
        with zipfile.ZipFile(Path(__file__).with_name(f"{name}.zip"), "w", zipfile.ZIP_DEFLATED) as kept:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    kept.write(path, path.relative_to(folder))


if __name__ == "__main__":
    main(sys.argv[1])
