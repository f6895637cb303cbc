# SPDX-License-Identifier: AGPL-3.0-or-later
"""The machine reads while the reviewer works: it begins by itself, can be held, and proposes what it found."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imr_desktop.casework import reading as machine
from imr_desktop.casework import rereading
from imr_desktop.models.case import CaseHeader
from imr_desktop.models.records import Box
from imr_desktop.records.ocr import Engine, Engines, engines
from imr_desktop.storage import Vault
from imr_desktop.storage.page_index import Stage
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.form.layout import choose_row
from imr_desktop.ui.means import Means
from imr_desktop.ui.record.coverage import Cover
from imr_desktop.ui.shell import Shell
from tests.kit.records import APPLICATION, DENIAL, LINES, case_with, digital, pictures
from tests.ui.conftest import CHEAP, NOW, PASSPHRASE

STRAY = ["PROGRESS REPORT", "Patient: Somebody Else", "Claim Number: ZZ-000001", "Date of Birth: 1/1/1950"]
SECONDS = 60_000


@pytest.fixture
def means() -> Means:
    return Means(now=lambda: NOW, cost=CHEAP, reads=True)


@pytest.fixture
def opened(qtbot: QtBot, start: Callable[[Path], Shell], folder: Path) -> CaseWindow:
    """The window with one case open that nobody has read yet."""
    with Vault.create(folder, PASSPHRASE, cost=CHEAP) as vault:
        case_with(vault, a=digital(APPLICATION, DENIAL, LINES, LINES, STRAY), b=digital([]))
    return open_first(qtbot, start(folder))


def open_first(qtbot: QtBot, window: Shell) -> CaseWindow:
    assert window.unlock is not None
    QTest.keyClicks(window.unlock.passphrase, PASSPHRASE)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.session is not None
    window.open_case(window.session.rows()[0].case_id)
    assert window.case is not None
    return window.case


def read(qtbot: QtBot, case: CaseWindow) -> None:
    with qtbot.waitSignal(case.reading.ended, timeout=SECONDS) as told:
        pass
    assert told.args == [True]


def test_damaged_pages_are_not_shown_counted_or_searched_as_blank_ones(
    qtbot: QtBot, start: Callable[[Path], Shell], folder: Path
) -> None:
    with pymupdf.open(stream=digital(APPLICATION, LINES, LINES), filetype="pdf") as document:
        document.update_object(document[1].xref, "null")
        document.xref_set_key(document[2].xref, "Contents", "9999 0 R")
        document.new_page()
        damaged = document.tobytes()
    with Vault.create(folder, PASSPHRASE, cost=CHEAP) as vault:
        case_with(vault, a=damaged)
    opened = open_first(qtbot, start(folder))
    read(qtbot, opened)
    assert opened.reading_bar.said.text() == "2 of 4 pages can be searched."
    assert opened.reading_bar.unread.isVisible()
    refs = [page.ref for page in opened.record.view.stage.run.pages]
    loader = opened.record.view.loader
    for page in (1, 2):
        opened.record.go_to(refs[page])
        qtbot.waitUntil(lambda page=page: loader.failure(refs[page]) is not None)  # type: ignore[misc]
        assert f"Page {page + 1} of the file is damaged" in loader.failure(refs[page]).happened  # type: ignore[union-attr]
        assert opened.record.coverage.cover(refs[page]) is Cover.UNREADABLE
    assert loader.failure(refs[3]) is None


def test_reading_begins_by_itself_and_says_what_it_found(qtbot: QtBot, opened: CaseWindow) -> None:
    bar = opened.reading_bar
    assert bar.said.text() == "0 of 6 pages can be searched."
    read(qtbot, opened)
    assert bar.said.text() == "All 6 pages can be searched."
    assert not bar.hold.isVisible()
    assert bar.blank.text() == "1 blank"
    assert bar.repeated.text() == "1 repeated"
    assert [why for _, why in bar.repeated.pages] == ["as page 3"]
    assert not bar.unread.isVisible()
    assert len(opened.record.coverage.repeats()) == 2
    # Chosen from the menu, a page comes into view.
    bar.blank.menu().aboutToShow.emit()
    bar.blank.menu().actions()[0].trigger()
    qtbot.waitUntil(lambda: opened.record.view.current is not None and opened.record.view.current.case_page == 6)


def test_the_checks_follow_when_the_reading_ends(qtbot: QtBot, opened: CaseWindow) -> None:
    """What the checks said of pages not read yet does not stand a moment longer than that is so."""

    def unread() -> list[str]:
        return [finding.says for finding in opened.checks.findings if "has not been read yet" in finding.says]

    qtbot.waitUntil(lambda: opened.checks.known)
    assert unread()
    tab = opened.form.progress_of("Checks")
    read(qtbot, opened)
    # An edit at that moment begins the check anew; it must not fall back on the pages as they were.
    opened.form.desk.add_item()
    with qtbot.waitSignal(opened.checks.checked, timeout=SECONDS):
        opened.checks.check_meanwhile()
    assert unread() == []
    assert opened.form.progress_of("Checks") != tab


def test_what_it_proposes_is_accepted_with_a_key(qtbot: QtBot, opened: CaseWindow) -> None:
    read(qtbot, opened)
    qtbot.waitUntil(lambda: bool(opened.proposing.facts.rows))
    desk = opened._desk
    assert desk.case.header == CaseHeader()
    facts = opened.proposing.facts
    assert facts.isVisibleTo(opened)
    facts.head.click()
    opened.form.show_panel("Case")
    facts.list.setFocus()
    fields = [row.texts[0] for row in facts.rows]
    claim = fields.index("Claim number")
    assert "Another document says WC-775893" in facts.rows[claim].why
    for _ in range(claim):
        QTest.keyClick(facts.list, Qt.Key.Key_Down)
    QTest.keyClick(facts.list, Qt.Key.Key_G)
    QTest.keyClick(facts.list, Qt.Key.Key_Space)
    assert desk.case.header.claim_number == "WC-775894"
    qtbot.waitUntil(lambda: "Claim number" not in [row.texts[0] for row in facts.rows])
    desk.keep_header(replace(desk.case.header, case_number="CM14-0009999", claim_number=""))
    qtbot.waitUntil(lambda: {"Claim number", "Case number"} <= {row.texts[0] for row in facts.rows})
    before = len(facts.rows)
    facts.accept_all.click()
    assert desk.case.header.employee.name == "Injured Worker A"
    # What the case says already stays as it is, until its own row is accepted; all others are one step.
    assert desk.case.header.case_number == "CM14-0009999"
    assert "one by one" in facts.why.text()
    qtbot.waitUntil(lambda: [row.texts[0] for row in facts.rows] == ["Case number"])
    opened.undo()
    qtbot.waitUntil(lambda: len(facts.rows) == before)
    facts.accept_all.click()
    qtbot.waitUntil(lambda: [row.texts[0] for row in facts.rows] == ["Case number"])
    facts.accept.click()
    qtbot.waitUntil(lambda: not facts.isVisibleTo(opened))
    # Who the case is about is known now: the page of somebody else is told, without another reading.
    qtbot.waitUntil(lambda: opened.reading_bar.others.text() == "1 of another person?", timeout=SECONDS)
    assert opened.reading_bar.others.pages[0][0].page == 4
    opened.undo()
    qtbot.waitUntil(lambda: facts.isVisibleTo(opened))


def test_documents_and_items_become_the_cases_own(qtbot: QtBot, opened: CaseWindow) -> None:
    read(qtbot, opened)
    qtbot.waitUntil(lambda: bool(opened.proposing.documents.rows))
    desk, documents, items = opened._desk, opened.proposing.documents, opened.proposing.items
    assert [row.texts[2] for row in documents.rows][:2] == ["1", "2-4"]
    assert [row.texts[0] for row in items.rows] == [
        "Six visits of acupuncture for the low back",
        "Hydrocodone/APAP 10/325 mg #60",
    ]
    # The rail lists what is proposed as such, also beside a second view; what is put aside goes from there.
    rail = opened.record.first.rail
    listed = [row for row in rail.documents.rows if not row.heads]
    assert [row.detail.split(" · ")[-1] for row in listed] == ["proposed"] * len(documents.rows)
    assert "pages 2–4" in listed[1].detail
    assert rail.heading.text() == f"Documents ({len(listed)}, all proposed)"
    choose_row(documents.list, 1)
    documents.put_aside.click()
    assert "pages 2–4" not in " ".join(row.detail for row in rail.documents.rows if not row.heads)
    documents.accept_all.click()
    qtbot.waitUntil(lambda: not documents.rows)
    assert next(row.title for row in rail.documents.rows if not row.heads) == listed[0].title
    assert "proposed" not in " ".join(row.detail for row in rail.documents.rows)
    assert desk.case.documents[0].pages[0].first == 0
    assert all(document.pages[0].first != 1 for document in desk.case.documents)
    items.accept.click()
    assert desk.case.items[0].heading == "Six visits of acupuncture for the low back"
    qtbot.waitUntil(lambda: len(items.rows) == 1)


def test_reading_is_held_stopped_and_goes_on(qtbot: QtBot, opened: CaseWindow) -> None:
    bar, work = opened.reading_bar, opened.reading
    work.start()
    bar.hold.click()
    before = opened._desk.store.pages.index.counts()
    assert bar.said.text() == "The machine's reading is paused."
    qtbot.wait(150)
    assert opened._desk.store.pages.index.counts() == before
    assert bar.hold.text() == "G&o on"
    bar.stop.click()
    assert not work.running
    assert bar.stop.text() == "Read &on"
    bar.stop.click()
    read(qtbot, opened)
    assert not bar.stop.isVisible()
    assert opened._desk.store.pages.index.counts()[Stage.READ] == 6


def test_a_page_on_the_screen_comes_first_and_can_be_read_again(qtbot: QtBot, opened: CaseWindow) -> None:
    read(qtbot, opened)
    index = opened._desk.store.pages.index
    page = opened.record.view.current
    assert page is not None
    asked: list[object] = []
    opened.reading.progressed.connect(asked.append)
    opened.acts()["read_again"]()
    assert index.reading(page.ref).stage is Stage.QUICK_OCR  # type: ignore[union-attr]
    assert index.waiting(Stage.QUICK_OCR, 1)[0].ref == page.ref
    opened.reading.stop()


def test_late_records_are_read_too(qtbot: QtBot, opened: CaseWindow) -> None:
    read(qtbot, opened)
    store = opened._desk.store
    assert store.pages.index.counts()[Stage.READ] == 6
    with store.step("Late") as step:
        assert step is not None
        data = digital(["A late page about acupuncture"])
        first = store.read().sources[0]
        late = replace(
            first,
            sha256=hashlib.sha256(data).hexdigest(),
            name="late.pdf",
            byte_count=len(data),
            first_case_page=7,
            sizes=first.sizes[:1],
        )
        store.add_source(late, data)
    opened.reading.start()
    read(qtbot, opened)
    assert store.pages.index.counts()[Stage.READ] == 7


def test_on_battery_pictures_wait(
    qtbot: QtBot, start: Callable[[Path], Shell], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "on_battery", lambda: True)
    with Vault.create(folder, PASSPHRASE, cost=CHEAP) as vault:
        case_with(vault, a=digital(LINES), b=pictures(LINES))
    window = start(folder)
    assert window.unlock is not None
    QTest.keyClicks(window.unlock.passphrase, PASSPHRASE)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.session is not None
    window.open_case(window.session.rows()[0].case_id)
    case = window.case
    assert case is not None
    if engines().quick is None:
        pytest.skip("no OCR is installed here")
    qtbot.waitUntil(lambda: "Waiting for mains power" in case.reading_bar.said.text(), timeout=SECONDS)
    assert case._desk.store.pages.index.counts()[Stage.QUICK_OCR] == 1
    # One region is recognised on demand all the same, and found by searches once it stands on the page.
    monkeypatch.setattr(rereading, "engines", lambda: Engines(quick=Engine.TESSERACT))
    said: list[str] = []
    case.told.connect(said.append)
    ref = case._desk.case.sources[1].pages()[0].ref
    again = case.reading_again
    again.read_region(ref, Box(70, 95, 400, 113))
    qtbot.waitUntil(lambda: again.dialog is not None, timeout=SECONDS)
    assert again.dialog is not None
    assert again.dialog.text.toPlainText() == LINES[1]
    first = again.dialog
    first.on_page.click()
    assert said[-1] == "The words stand on the page now, and are found by searches."
    found = case.link.search.find(f'"{LINES[1]}"')
    assert [hit.ref for hit in found.hits if hit.ref == ref] == [ref]
    assert [page.ref for page in found.unsearched] == [ref], "the rest of the page was not read"
    again.read_region(ref, Box(70, 95, 400, 113))
    qtbot.waitUntil(lambda: again.dialog is not first, timeout=SECONDS)
    again.dialog.as_evidence.click()
    assert case._desk.case.evidence[-1].passage.text == LINES[1]
