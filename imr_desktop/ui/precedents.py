# SPDX-License-Identifier: AGPL-3.0-or-later
"""The library of precedents: searched by words, treatment, body part, guideline and outcome, and added to."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.casework import precedents
from imr_desktop.casework.many import workers_there
from imr_desktop.casework.precedents import Added, Found, Wanted
from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.models.citations import Citation, Guideline
from imr_desktop.models.items import Outcome
from imr_desktop.models.precedents import PrecedentHit
from imr_desktop.ui.parts import Fields, button, line_field, name_it, roomy, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.work import Pump

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.ui.session import Session

_SHOWN = 200
_PAUSE = 150
_HIT = Qt.ItemDataRole.UserRole


class PrecedentsDialog(QDialog):
    """What was decided before, with its counts; a precedent informs, and binds nobody."""

    def __init__(self, session: "Session", desk: "Desk | None", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Precedents")
        roomy(self, 980, 640)
        self._session, self._desk = session, desk
        self._library = session.vault.precedents()
        self.words = line_field(shown="Words, “phrases”, AND, OR, NOT")
        self.treatment = line_field(shown="A drug by any of its names, a test, a therapy")
        self.body = line_field(shown="low back, shoulder, knee")
        self.guideline = line_field(shown="Chronic Pain, ODG")
        self.outcome = QComboBox()
        for said, outcome in (("Any outcome", None), ("Upheld", Outcome.UPHELD), ("Overturned", Outcome.OVERTURNED)):
            self.outcome.addItem(said, outcome)
        self.counts = words("", "lead")
        self.list = QListWidget()
        name_it(self.list, "Decided items found")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.currentItemChanged.connect(lambda *_: self._show_hit())
        self.text = QPlainTextEdit(readOnly=True)
        name_it(self.text, "The precedent")
        self.text.setTabChangesFocus(True)
        self.fault = FaultLine()
        self.added = words("", "muted")
        self.add = button("&Add published letters…", self._choose_files, picture="plus")
        self.add_folder = button("Add a f&older…", self._choose_folder, picture="folder")
        self.take = button("Take over its &citations…", self._take_over)
        self.stop = button("&Stop", self._stop)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of adding")
        self._pump = Pump(self)
        self._pump.progressed.connect(self._progressed)
        self._pump.finished.connect(self._finished)
        self._pump.troubled.connect(self._troubled)
        self._pump.stopped.connect(self._rest)
        self._typed = QTimer(self, singleShot=True, interval=_PAUSE)
        self._typed.timeout.connect(self.search)
        for field in (self.words, self.treatment, self.body, self.guideline):
            field.textChanged.connect(self._typed.start)
        self.outcome.currentIndexChanged.connect(self._typed.start)
        self._lay_out()
        self._rest()
        self.search()
        self.words.setFocus()

    def done(self, result: int) -> None:
        """The dialog goes; what was added stays, and adding goes on from there the next time."""
        self._pump.stop()
        super().done(result)

    # -- searching --------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Search for what stands in the fields."""
        self._typed.stop()
        wanted = Wanted(
            self.words.text(),
            self.treatment.text(),
            self.body.text(),
            self.guideline.text(),
            self.outcome.currentData(),
        )
        try:
            found = precedents.search(self._session.vault, wanted, _SHOWN)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.fault.clear()
        self._show(found)

    def _show(self, found: Found) -> None:
        counts = found.counts
        if counts.items:
            share = f"{100 * counts.overturned / counts.items:.0f} %"
            order = "most telling first" if found.by_rank else "newest first"
            more = f", of which the first {len(found.hits)} are listed" if counts.items > len(found.hits) else ""
            items = "1 decided item" if counts.items == 1 else f"{counts.items} decided items"
            self.counts.setText(
                f"{items}{more}: {counts.upheld} upheld, {counts.overturned} overturned ({share}); {order}."
            )
        elif self._library.count()[0]:
            self.counts.setText("Nothing in the library fits. Search for fewer words.")
        else:
            self.counts.setText("The library is empty. Add published determinations: PDF files or folders of them.")
        self.list.clear()
        for hit in found.hits:
            day = f"{hit.decided:%m/%d/%Y}" if hit.decided else "no date"
            row = QListWidgetItem(
                f"{hit.outcome}: {hit.heading}\n{hit.case_number or hit.name}, {day}, item {hit.ordinal}"
            )
            row.setData(_HIT, hit)
            self.list.addItem(row)
        if found.hits:
            self.list.setCurrentRow(0)
        self._show_hit()

    def hit(self) -> PrecedentHit | None:
        """The item that is chosen."""
        row = self.list.currentItem()
        hit = None if row is None else row.data(_HIT)
        return hit if isinstance(hit, PrecedentHit) else None

    def _show_hit(self) -> None:
        hit = self.hit()
        self.take.setEnabled(hit is not None and self._desk is not None and bool(self._desk.case.items))
        if hit is None:
            self.text.clear()
            return
        item, whole = precedents.item_of(hit), json.loads(hit.content)
        guideline = (item.get("reviewer_guideline") or {}).get("text", "")
        parts = [
            f"{hit.case_number}, item {hit.ordinal}: {hit.outcome}",
            hit.heading,
            guideline,
            "Rationale",
            *item.get("rationale", []),
            "Clinical case summary",
            *whole.get("clinical_summary", []),
        ]
        self.text.setPlainText("\n\n".join(part for part in parts if part))

    # -- taking over ------------------------------------------------------------------------------------------

    def _take_over(self) -> None:
        hit = self.hit()
        if hit is None or self._desk is None:
            return
        cited = precedents.citations_of(hit)
        if not cited:
            self.fault.tell("The guideline of this precedent is prose that could not be told apart; cite it by hand.")
            return
        dialog = TakeOver(self._desk, hit, cited, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # -- adding -----------------------------------------------------------------------------------------------

    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self, "Add published letters", "", "Published letters (*.pdf *.txt *.json *.jsonl);;All files (*)"
        )
        if names:
            self.add_from([Path(name) for name in names])

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Add a folder of published letters")
        if name:
            self.add_from([Path(name)])

    def add_from(self, paths: list[Path]) -> None:
        """Add what is in these files and folders while the window stays alive."""
        for each in (self.add, self.add_folder):
            each.setEnabled(False)
        for shown in (self.bar, self.stop):
            shown.show()
        # A worker is a process of its own and costs a second to start; one of these letters takes a thirtieth.
        several = len(precedents.letters_in(paths)) > 60
        self._pump.start(precedents.add(self._session.vault, paths, min(4, workers_there()) if several else 1))

    def _progressed(self, progress: object) -> None:
        if isinstance(progress, Progress):
            self.bar.setMaximum(progress.total)
            self.bar.setValue(progress.done)
            self.bar.setFormat(f"{progress.what}: %v of %m")

    def _finished(self, added: object) -> None:
        self._rest()
        self.search()
        if isinstance(added, Added):
            said = f"{added.added} added, {added.known} were there already."
            if added.troubles:
                first = added.troubles[0]
                said += f" {len(added.troubles)} could not be read; the first: {first.happened}"
            self.added.setText(said)

    def _troubled(self, trouble: Trouble) -> None:
        self._rest()
        self.fault.tell(trouble)

    def _stop(self) -> None:
        self._pump.stop()
        self.search()

    def _rest(self) -> None:
        for each in (self.add, self.add_folder):
            each.setEnabled(True)
        for shown in (self.bar, self.stop):
            shown.hide()

    def _lay_out(self) -> None:
        fields = Fields()
        for name, field in (
            ("&Words", self.words),
            ("&Treatment", self.treatment),
            ("&Body part", self.body),
            ("&Guideline", self.guideline),
            ("O&utcome", self.outcome),
        ):
            fields.add(name, field)
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.text, 1)
        beside.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.addWidget(self.list)
        splitter.addWidget(right)
        splitter.setSizes([440, 520])
        row = QHBoxLayout()
        for each in (self.add, self.add_folder):
            row.addWidget(each)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        row.addStretch(1)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.addLayout(fields)
        column.addWidget(self.counts)
        column.addWidget(self.fault)
        column.addWidget(splitter, 1)
        column.addWidget(self.added)
        column.addLayout(row)


class TakeOver(QDialog):
    """Citations of a precedent for an item of this case: only those that the reviewer has looked up go in."""

    def __init__(self, desk: "Desk", hit: PrecedentHit, cited: tuple[Citation, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Take over citations")
        roomy(self, 620, 320)
        self._desk, self._cited = desk, cited
        self.item = QComboBox()
        name_it(self.item, "Item")
        for number, item in enumerate(desk.case.items, 1):
            self.item.addItem(f"Item {number}: {item.heading or 'no heading yet'}", item.id)
        self.item.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.checks = [QCheckBox(f"I looked it up: {each.printed()}") for each in cited]
        column = QVBoxLayout(self)
        column.addWidget(
            words(
                f"{hit.case_number} cited the following. What was in force then may not be now: look each one up in "
                "its present edition, and tick it when chapter, year and section are right. None of the precedent’s "
                "words are taken over.",
            )
        )
        fields = Fields()
        fields.add("&Into", self.item)
        column.addLayout(fields)
        for check in self.checks:
            check.setAccessibleName(check.text())
            check.toggled.connect(self._ticked)
            column.addWidget(check)
        column.addStretch(1)
        buttons = QDialogButtonBox()
        self.keep = buttons.addButton("&Take over", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self._ticked()

    def _ticked(self) -> None:
        self.keep.setEnabled(any(check.isChecked() for check in self.checks))

    def _keep(self) -> None:
        item = self._desk.case.item(self.item.currentData())
        present = item.reviewer_guideline or Guideline()
        wanted = [cited for cited, check in zip(self._cited, self.checks, strict=True) if check.isChecked()]
        new = tuple(cited for cited in wanted if cited not in present.citations)
        if new:
            # A sentence typed by hand would hide what the citations say; it stays, and the citations wait behind it.
            self._desk.keep_item(replace(item, reviewer_guideline=replace(present, citations=present.citations + new)))
        self.accept()
