# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings move between vaults and nothing of a case moves with them; what the file names and lacks is found."""

import json
from datetime import date
from pathlib import Path

import pytest

from imr_desktop.casework import holidays, missing, support
from imr_desktop.casework.snippets import SNIPPETS
from imr_desktop.casework.spelling import OWN_WORDS
from imr_desktop.casework.term_sets import TERM_SETS
from imr_desktop.models.case import Case, CaseHeader
from imr_desktop.models.deadlines import state_holidays
from imr_desktop.models.records import Document, DocumentType, PageRef, PageSize, PageSpan, SourceFile
from tests.kit.cases import new_desk, new_vault

EXTRA = date(2025, 10, 13)


def test_a_settings_pack_moves_keys_and_holidays_and_is_merged(tmp_path: Path) -> None:
    path = tmp_path / "pack.json"
    with new_vault(tmp_path / "one") as vault:
        new_desk(vault, CaseHeader(case_number="CM25-0000001", claim_number="CANARY"))
        vault.keep_setting("keys", {"check": ["F4"]})
        vault.keep_setting("attested CANARY", {"names": ["CANARY"]})
        vault.keep_setting(SNIPPETS, [{"name": "closing", "text": "Therefore"}])
        vault.keep_setting(OWN_WORDS, ["radiculopathic"])
        vault.keep_setting(TERM_SETS, {"Red flags": ["saddle"]})
        holidays.keep(vault, state_holidays() | {EXTRA})
        support.pack(vault, path)
    assert "CANARY" not in path.read_text(encoding="utf-8")
    with new_vault(tmp_path / "two") as vault:
        vault.keep_setting("keys", {"issue": ["F3"]})
        vault.keep_setting(SNIPPETS, [{"name": "opening", "text": "The worker"}])
        vault.keep_setting(OWN_WORDS, ["myelomalacic"])
        vault.keep_setting(TERM_SETS, {"Opioids": ["norco"]})
        came = set(support.unpack(vault, path))
        assert came == {"keys", "holidays", SNIPPETS, OWN_WORDS, TERM_SETS}
        assert [each["name"] for each in vault.setting(SNIPPETS) or ()] == ["opening", "closing"]
        assert vault.setting(OWN_WORDS) == ["myelomalacic", "radiculopathic"]
        assert vault.setting(TERM_SETS) == {"Opioids": ["norco"], "Red flags": ["saddle"]}
        assert vault.setting("keys") == {"issue": ["F3"], "check": ["F4"]}
        assert EXTRA in holidays.holidays(vault)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": "imr-settings/9"}',
        '{"format": "imr-settings/1", "settings": {"holidays": {"added": ["soon"]}}}',
    ],
)
def test_a_file_that_is_no_pack_changes_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pack.json"
    path.write_text(text, encoding="utf-8")
    with new_vault(tmp_path / "vault") as vault, pytest.raises(support.NotASettingsPack):
        support.unpack(vault, path)


def test_a_pack_cannot_bring_other_settings(tmp_path: Path) -> None:
    path = tmp_path / "pack.json"
    path.write_text(json.dumps({"format": support.FORMAT, "settings": {"ask for conflicts": False}}), encoding="utf-8")
    with new_vault(tmp_path / "vault") as vault:
        assert support.unpack(vault, path) == ()
        assert vault.setting("ask for conflicts") is None


TEXTS = (
    "MRI of the lumbar spine dated 3/4/2014 was reviewed. The EMG/NCV performed on 5/6/2014 was normal.",
    "Seen 1/2/2014 for pain. MRI report was discussed. Operative report of 7/8/2013. UDS (9/10/2014).",
)


def test_reports_that_are_named_by_their_day_and_lack_are_found(tmp_path: Path) -> None:
    source = SourceFile("a" * 64, "records.pdf", 10, 1, (PageSize(612, 792),) * 2)
    note = Document(
        "d1", DocumentType.PROGRESS_REPORT, "PR-2", date=date(2014, 7, 1), pages=(PageSpan("a" * 64, "", 0, 0),)
    )
    scan = Document("d2", DocumentType.IMAGING, "MRI", date=date(2014, 3, 4), pages=())
    case = Case("c", CaseHeader(case_number="CM14-0000001"), sources=(source,), documents=(note, scan))
    texts = {PageRef("a" * 64, page): text for page, text in enumerate(TEXTS)}
    found = missing.gaps(case, texts)
    assert [(each.report, each.day, each.named_on) for each in found] == [
        ("Operative report", date(2013, 7, 8), 2),
        ("Electrodiagnostic study", date(2014, 5, 6), 1),
        ("Drug screen", date(2014, 9, 10), 2),
    ]
    text = missing.draft(case, found, date(2014, 12, 10))
    assert "2. Electrodiagnostic study dated 05/06/2014, named by PR-2 dated 07/01/2014 (case page 1)" in text
    with new_vault(tmp_path / "vault") as vault:
        assert missing.requests(vault, "c") == ()
