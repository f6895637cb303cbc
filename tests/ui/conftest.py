# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window as tests meet it: built in its one place, over a real vault with a cheap key derivation."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imr_desktop.models.case import CaseHeader, ClaimsAdministrator, Employee, Imro, LetterText
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.reviewer import Credentials, Reviewer
from imr_desktop.storage import KdfCost, Table, Vault
from imr_desktop.ui.app import build
from imr_desktop.ui.means import Means
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.trouble import Hook

# A person who wants to watch says QT_QPA_PLATFORM=xcb (or windows, cocoa).
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PASSPHRASE = "seven calm rivers under one bridge"
CHEAP = KdfCost(memory_kib=8192, passes=1, lanes=1)
NOW = datetime(2014, 12, 10, 12, tzinfo=UTC)

REVIEWER = Reviewer(
    name="Expert Reviewer E",
    licence="Physician",
    credentials=Credentials(("California",), ("Physical Medicine and Rehabilitation",)),
    practice_attestation=True,
)
IMRO = Imro(
    name="Example Review Organization", guideline_label="Example guideline", address=("P.O. Box 1", "Sacramento")
)
HEADER = CaseHeader(
    case_number="CM14-0000001",
    claim_number="CLAIM-1",
    application_received=date(2014, 11, 20),
    ur_decision_date=date(2014, 10, 30),
    employee=Employee(name="Injured Worker A"),
    claims_administrator=ClaimsAdministrator(company="Insurer C"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the vault of a test lies."""
    return tmp_path / "vault"


@pytest.fixture
def filled(folder: Path) -> Path:
    """A vault with a profile, an organisation and three cases; closed."""
    return fill(folder)


def fill(folder: Path) -> Path:
    """Make that vault in this folder."""
    with Vault.create(folder, PASSPHRASE, cost=CHEAP) as vault:
        vault.keep_reviewer(REVIEWER)
        first = vault.new_case(HEADER, IMRO, LetterText())
        with first.step("Fill") as step:
            step.put(Table.ITEM, "i1", DisputedItem("i1", "Six visits of Acupuncture for the low back"), 0.0)
            step.put(Table.ITEM, "i2", DisputedItem("i2", "Norco 10/325 mg #60", outcome=Outcome.UPHELD), 1.0)
        other = CaseHeader(
            case_number="CM14-0000002",
            employee=Employee(name="Injured Worker B"),
            application_received=date(2014, 12, 9),
        )
        vault.new_case(other, IMRO, LetterText())
        vault.new_case(CaseHeader(employee=Employee(name="Injured Worker C")), IMRO, LetterText())
    return folder


@pytest.fixture
def means() -> Means:
    """The rooms below, on a fixed day, with cheap keys."""
    return Means(now=lambda: NOW, cost=CHEAP, reads=False)


@pytest.fixture
def start(qtbot: QtBot, means: Means, tmp_path: Path) -> Iterator[Callable[[Path], Shell]]:
    """Start the window over a vault's folder."""
    windows: list[Shell] = []

    def begin(vault_folder: Path) -> Shell:
        window = build(vault_folder, means, Hook(tmp_path / "bugs.log"))
        window.resize(1280, 720)
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        window.begin()
        return window

    yield begin
    for window in windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def passphrase() -> str:
    """What opens the vaults of these tests."""
    return PASSPHRASE


@pytest.fixture
def unlocked(qtbot: QtBot, start: Callable[[Path], Shell], filled: Path) -> Shell:
    """The window with the filled vault unlocked, at the worklist."""
    window = start(filled)
    assert window.unlock is not None
    QTest.keyClicks(window.unlock.passphrase, PASSPHRASE)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None and window.pages.currentWidget() is window.worklist)
    return window


@pytest.fixture
def make_pdf(tmp_path: Path) -> Callable[..., Path]:
    """Make a small PDF whose pages say where they stand."""

    def make(name: str, pages: int = 1, says: str = "range of motion restricted") -> Path:
        return write_pdf(tmp_path / name, pages, says)

    return make


def write_pdf(path: Path, pages: int, says: str = "range of motion restricted") -> Path:
    """Write a small PDF whose pages say where they stand."""
    from PySide6.QtCore import QMarginsF, QPoint
    from PySide6.QtGui import QFont, QPageSize, QPainter, QPdfWriter

    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(72)
    painter = QPainter(writer)
    painter.setFont(QFont("DejaVu Sans", 12))
    for number in range(pages):
        if number:
            writer.newPage()
        painter.drawText(QPoint(72, 100), f"Page {number + 1} of {path.name}")
        painter.drawText(QPoint(72, 140), says)
    painter.end()
    return path
