# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issuing: what will be signed, by whom and where it goes, and what still stands in the way; it cannot be undone."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.casework.desk import Desk
from imr_desktop.checks import Finding, open_findings
from imr_desktop.ui.icons import icon
from imr_desktop.ui.letter_panel import RENDITIONS
from imr_desktop.ui.means import Means
from imr_desktop.ui.parts import Fields, button, card, fit, line_field, words
from imr_desktop.ui.pumped_dialog import PumpedDialog
from imr_desktop.ui.session import Session
from imr_desktop.ui.signers import ClockChoice, Signers
from imr_desktop.ui.work import Aside

if TYPE_CHECKING:
    from imr_desktop.casework.issue import Issued

_FOLDER = "issue_folder"
_SEALERS = "issue_sealers"
_FINDING = Qt.ItemDataRole.UserRole
_MAY_NOT_NAME = "This identity may not name the reviewer (Labor Code 4610.6(f))."
_NO_IDENTITY = "There is no signing identity in the vault yet. Add one under File, Signing identities."
_FOR_EVER = "Issuing cannot be undone: the letters are sealed and filed for ever. A correction is a new version."


def _documents() -> Path:
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found and Path(found).is_dir() else Path.home()


class IssueDialog(PumpedDialog):
    """The door through which letters leave. ``place_wanted`` leads to what blocks; ``issued`` tells what left."""

    place_wanted = Signal(object)
    issued = Signal(object)

    def __init__(self, means: Means, desk: Desk, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Issue the determination", "issuing", parent)
        self._means, self._desk, self._session = means, desk, session
        found = desk.findings(session.reviewer())
        self.blocking = open_findings(found)
        self._passed = sum(finding.answer is not None for finding in found)
        self.signers = Signers(session, self)
        self.own = self.signers.choice(self._likely("submission"))
        self.others = self.signers.choice(self._likely("others"))
        self.token = button("Use a to&ken…", lambda: self.signers.ask_token(self.own))
        self.clock = ClockChoice(session)
        self.folder = line_field(str(session.setting(_FOLDER) or _documents()))
        self.understood = QCheckBox("I have read the letter as it will print, and I &sign it")
        self.go = button("&Issue", self._issue, "main")
        self._warming = Aside(self)
        self._warming.start(means.warm_up_issuing)
        self._lay_out()
        self.fields = (
            self.own, self.others, self.token, self.folder, self.understood, self._choose, *self.clock.widgets,
        )  # fmt: skip
        self.rest(waiting=False)
        fit(self, 680)
        self._read = ""
        self.understood.toggled.connect(self._note_what_was_read)
        self.folder.textChanged.connect(lambda _: self.allow(waiting=False))

    # -- acts -------------------------------------------------------------------------------------------------

    def _issue(self) -> None:
        folder = Path(self.folder.text().strip()).expanduser()
        if not folder.is_dir():
            self.fault.tell("There is no such folder. Choose the folder that shall receive the letters.")
            return
        if fault := self.clock.fault():
            self.fault.tell(fault)
            return
        self._session.keep_setting(_FOLDER, str(folder))
        self._session.keep_setting(_SEALERS, [self.own.currentData(), self.others.currentData()])
        who = (self.signers.chosen(self.own), self.signers.chosen(self.others))
        self.run(self._session.issue(self._desk, who, folder, self._read, self.clock.clock()))

    def _note_what_was_read(self, read: bool) -> None:
        """Only what stands now counts as read: any change after this wants reading anew."""
        self._read = self._desk.determination(self._session.reviewer()).digest if read else ""
        self.allow(waiting=False)

    def came(self, result: "Issued", /) -> None:
        """The letters have left."""
        self.issued.emit(result)

    def allow(self, *, waiting: bool) -> None:
        """Issue only what nothing blocks, what somebody can seal, and what was read."""
        ready = not self.blocking and self.signers.any and self.understood.isChecked()
        self.go.setEnabled(ready and not waiting and bool(self.folder.text().strip()))

    def leaves_by(self) -> str:
        """What blocks is looked at, not called off."""
        return "Close" if self.blocking else "Cancel"

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Where the letters go", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    # -- parts ------------------------------------------------------------------------------------------------

    def _likely(self, whose: str) -> int:
        """The identity chosen last time; else one that names the reviewer, or one that does not."""
        kept = self._session.setting(_SEALERS)
        names = [line.name for line in self.signers.identities]
        if isinstance(kept, list) and len(kept) == 2 and kept[whose != "submission"] in names:
            return names.index(kept[whose != "submission"])
        reviewer = self._session.reviewer().name.casefold()
        own = [bool(reviewer) and reviewer in line.subject.casefold() for line in self.signers.identities]
        wanted = whose == "submission"
        return own.index(wanted) if wanted in own else 0

    def _blocked(self) -> QWidget:
        frame, column = card(box="blocks", margin=10)
        many = "One finding is open" if len(self.blocking) == 1 else f"{len(self.blocking)} findings are open"
        column.addWidget(words(f"{many}. Choose one to mend its place, or answer it under Checks.", "lead"))
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setAccessibleName("Findings that block")
        self.list.setMinimumHeight(300)
        for finding in self.blocking:
            row = QListWidgetItem(icon(finding.severity.value), f"{finding.says}  [{finding.id}]")
            row.setData(_FINDING, finding)
            self.list.addItem(row)
        self.list.itemActivated.connect(self._lead)
        self.list.itemClicked.connect(self._lead)
        column.addWidget(self.list)
        return frame

    def _lead(self, row: QListWidgetItem) -> None:
        finding = row.data(_FINDING)
        if isinstance(finding, Finding):
            self.reject()
            self.place_wanted.emit(finding.place)

    def _what(self) -> QWidget:
        frame, column = card(margin=12)
        column.setSpacing(4)
        number = self._desk.case.header.case_number or "determination"
        for name, said, whom in RENDITIONS:
            column.addWidget(words(f"{said}: {number}-{name}.pdf", "lead"))
            column.addWidget(words(whom, "muted", wrap=False))
            column.addSpacing(4)
        return frame

    def _lay_out(self) -> None:
        header = self._desk.case.header
        whose = " · ".join(part for part in (header.case_number, header.employee.name) if part) or "New case"
        self._choose = button("C&hoose…", self._choose_folder)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(words("Issue the determination", "title"))
        column.addWidget(words(whose, "lead"))
        if self.blocking:
            column.addWidget(self._blocked())
            self.go.hide()
        else:
            self._lay_out_door(column)
        self.end_of(column, self.go)

    def _lay_out_door(self, column: QVBoxLayout) -> None:
        if self._passed:
            many = "One finding passes" if self._passed == 1 else f"{self._passed} findings pass"
            column.addWidget(words(f"{many} by your recorded reasons, which are filed with the letters.", "muted"))
        column.addWidget(words("These three letters are sealed:", "heading"))
        column.addWidget(self._what())
        if not self.signers.any:
            column.addWidget(words(_NO_IDENTITY, "danger"))
        rows = Fields()
        rows.add("Su&bmission sealed by", self.own, beside=self.token)
        rows.add("&Other letters sealed by", self.others, _MAY_NOT_NAME)
        rows.add("&Folder for the letters", self.folder, beside=self._choose)
        self.clock.add_to(rows)
        column.addLayout(rows)
        warning, inside = card(box="warns", margin=10)
        inside.addWidget(words(_FOR_EVER))
        inside.addWidget(self.understood)
        column.addWidget(warning)
