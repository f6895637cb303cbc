# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases and vaults made for a test; every name in them is a role."""

import itertools
from datetime import UTC, datetime
from pathlib import Path

from imr_desktop import assets
from imr_desktop.casework import exchange
from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.determination import Determination
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import KdfCost, Vault

QUICK = KdfCost(memory_kib=8192, passes=1, lanes=1)
PASSPHRASE = "correct horse battery staple"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def demo_determination() -> Determination:
    """The demo case as data: complete, and nothing in it blocks."""
    return exchange.read_file(assets.path("demo/case.json"))


def new_vault(folder: Path) -> Vault:
    """A fresh vault whose key is quick to derive."""
    return Vault.create(folder, PASSPHRASE, cost=QUICK)


def new_desk(vault: Vault, header: CaseHeader = CaseHeader(), imro: Imro = Imro()) -> Desk:  # noqa: B008
    """A desk over a new case, with ids counted up so that a test can name them."""
    numbers = itertools.count(1)
    store = vault.new_case(header, imro, LetterText())
    return Desk(store, now=lambda: NOW, new_id=lambda: f"{next(numbers):x}")


def look_through(desk: Desk, reviewer: Reviewer) -> None:
    """What a reviewer does before issuing: looks at every page, and answers every finding that an answer lets pass."""
    for source in desk.case.sources:
        for page in source.pages():
            desk.mark_seen(page.ref)
    for finding in desk.findings(reviewer):
        if finding.answerable and finding.answer is None:
            desk.answer(finding, "Looked at; it may pass.")
