# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Checks panel: what the checks found, grouped by place, each a step away from where it can be mended."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.casework.desk import Desk
from imr_desktop.checks import Finding, Severity
from imr_desktop.models.places import Part
from imr_desktop.ui.answer_dialog import AnswerDialog
from imr_desktop.ui.icons import icon, picture
from imr_desktop.ui.parts import button, voice, words
from imr_desktop.ui.reading import BackgroundReading
from imr_desktop.ui.session import Session
from imr_desktop.ui.theme import Colours, Theme
from imr_desktop.ui.work import Pump

PARTS = {
    Part.HEADER: "Case",
    Part.RECORDS: "Record",
    Part.DOCUMENTS: "Documents",
    Part.CHRONOLOGY: "Chronology",
    Part.SUMMARY: "Summary",
    Part.ITEMS: "Items",
    Part.REVIEWER: "Reviewer profile",
    Part.LETTER: "Letter",
}
_CALLED = {
    Severity.BLOCKS: ("blocking", "blocking"),
    Severity.WARNS: ("warning", "warnings"),
    Severity.INFORMS: ("note", "notes"),
}
_REST_MS = 350
_SEEN_MS = 4000  # the pages seen in this time are taken together
_FINDING = Qt.ItemDataRole.UserRole
_PAD = 12


def counts(findings: Sequence[Finding]) -> dict[Severity, int]:
    """How many findings of each severity are still open; one that was answered passes."""
    still = [finding for finding in findings if finding.answer is None]
    return {severity: sum(finding.severity is severity for finding in still) for severity in Severity}


def standing(findings: Sequence[Finding]) -> tuple[int, int]:
    """How many findings block and how many warn that are still open: until both are none, no letter is issued."""
    number = counts(findings)
    return number[Severity.BLOCKS], number[Severity.WARNS]


def counted(findings: Sequence[Finding]) -> str:
    """``2 blocking · 1 warning``; empty without findings."""
    parts = [
        f"{number} {_CALLED[severity][0 if number == 1 else 1]}"
        for severity, number in counts(findings).items()
        if number
    ]
    return " · ".join(parts)


def progress(findings: Sequence[Finding]) -> str:
    """What the tab of the checks says; its tick means that nothing keeps the letter from being issued."""
    blocks, warns = standing(findings)
    return f"{blocks} blocking" if blocks else f"{warns} to answer" if warns else "✓"


class ChecksPanel(QWidget):
    """The findings of the case as it stands; told anew a moment after each step."""

    place_wanted = Signal(object)
    page_wanted = Signal(object)
    checked = Signal(object)

    def __init__(self, desk: Desk, session: Session, theme: Theme, reading: BackgroundReading) -> None:
        super().__init__()
        self._desk, self._session, self._theme = desk, session, theme
        self._newly_read = False
        self.findings: tuple[Finding, ...] = ()
        self.known = False
        self._said = words("", "heading")
        self._hint = words("", "muted")
        self._sign = QLabel()
        self.again = button("Check &again", self.check, picture="refresh")
        self.tree = _Tree()
        self.tree.itemActivated.connect(self._activated)
        self.tree.itemClicked.connect(self._activated)
        self.tree.currentItemChanged.connect(lambda _now, _before: self._allow())
        self.answer = button("Answe&r…", self.answer_chosen, tip="Record why the chosen finding may pass")
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.check_meanwhile)
        self._seen = QTimer(self, singleShot=True, interval=_SEEN_MS)
        self._seen.timeout.connect(self._check_seen)
        self._pump = Pump(self)
        self._pump.finished.connect(self._came)
        reading.ended.connect(self._read)
        self._lay_out()
        self._stop_theme = theme.listen(self._coloured)
        self._stop_desk = desk.listen(lambda _: self._rest.start())
        self._said.setText("Checking…")
        self.tree.hide()
        self.check_meanwhile()

    def close_panel(self) -> None:
        """Hear no more of the case or the colours."""
        self._rest.stop()
        self._seen.stop()
        self._pump.stop()
        self._stop_desk()
        self._stop_theme()

    def check(self) -> None:
        """Run the checks now and show what they say."""
        self._rest.stop()
        self._pump.stop()
        self._came(self._desk.findings(self._session.reviewer()))

    def check_meanwhile(self) -> None:
        """Run the checks a little at a time, while the reviewer goes on working; what they say is shown at the end."""
        self._rest.stop()
        self._pump.start(self._desk.checking(self._session.reviewer(), fresh=self._newly_read))

    def page_seen(self) -> None:
        """One more page was seen: the checks follow in a moment, for all the pages seen until then."""
        if not self._seen.isActive():
            self._seen.start()

    def _check_seen(self) -> None:
        if self._pump.running:
            # Begun anew for every few pages, a long check would never end.
            self._seen.start()
        else:
            self.check_meanwhile()

    def _read(self) -> None:
        # An edit may begin the check anew before it ends; what was read must not be left out then either.
        self._newly_read = True
        self.check_meanwhile()

    def _came(self, found: tuple[Finding, ...]) -> None:
        self._newly_read = False
        self.known, self.findings = True, found
        self._show()
        self.checked.emit(self.findings)

    def _show(self) -> None:
        number = counts(self.findings)
        if number[Severity.BLOCKS]:
            kind, said = "blocks", "Cannot be issued yet"
        elif number[Severity.WARNS]:
            kind, said = "warns", "Warnings to mend or answer first"
        else:
            kind, said = "good", "Nothing blocks"
        self._said.setText(said)
        told = counted(self.findings)
        self._hint.setText(
            f"{told}. Choose a finding to go to its place." if told else "The checks that ran found nothing."
        )
        colours = self._theme.colours
        colour = {"blocks": colours.danger, "warns": colours.warn, "good": colours.good}[kind]
        self._sign.setPixmap(picture(kind, 24, colour, self.devicePixelRatioF()))
        voice(self._said, "says", "heading")
        self.tree.setVisible(bool(self.findings))
        self.tree.fill(self.findings, colours)
        self._allow()

    def answer_chosen(self) -> None:
        """Ask why the chosen finding may pass, with what the record shows beside it."""
        finding = self._chosen()
        if finding is None or not finding.answerable:
            return
        dialog = AnswerDialog(self._desk, finding, self)
        dialog.page_wanted.connect(self.page_wanted)
        dialog.show()

    def choose(self, finding: Finding) -> None:
        """Choose a finding in the list."""
        self.tree.choose(finding)
        self.tree.setFocus()

    def _allow(self) -> None:
        finding = self._chosen()
        self.answer.setEnabled(finding is not None and finding.answerable)

    def _chosen(self) -> Finding | None:
        row = self.tree.currentItem()
        finding = None if row is None else row.data(0, _FINDING)
        return finding if isinstance(finding, Finding) else None

    def chosen_check(self) -> str:
        """The id of the check whose finding is chosen; empty if none is."""
        finding = self._chosen()
        return "" if finding is None else finding.id

    def _activated(self, row: QTreeWidgetItem) -> None:
        finding = row.data(0, _FINDING)
        if isinstance(finding, Finding):
            self.place_wanted.emit(finding.place)

    def _coloured(self, _colours: Colours) -> None:
        if self.known:
            self._show()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._sign)
        head.addWidget(self._said, 1)
        head.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addLayout(head)
        column.addWidget(self._hint)
        column.addWidget(self.tree, 1)
        column.addWidget(self.answer, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(0)


class _Tree(QTreeWidget):
    """Findings under the parts they are about; long sentences wrap."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Findings")
        self.setHeaderHidden(True)
        self.setColumnCount(1)
        self.setWordWrap(True)
        self.setIndentation(14)
        self.setIconSize(QSize(18, 18))
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def fill(self, findings: Sequence[Finding], colours: Colours) -> None:
        """Show these findings, grouped by part in the order of the form."""
        chosen = self.currentItem()
        held = None if chosen is None else chosen.data(0, _FINDING)
        # An answer changes what the row says, and the place in the list must stay.
        kept = held.key if isinstance(held, Finding) else None
        self.clear()
        order = list(PARTS)
        marks = {Severity.BLOCKS: colours.danger, Severity.WARNS: colours.warn, Severity.INFORMS: colours.info}
        by_part = sorted(findings, key=lambda finding: order.index(finding.place.part))
        for part, group in groupby(by_part, key=lambda finding: finding.place.part):
            inside = list(group)
            top = QTreeWidgetItem([f"{PARTS[part]}  ({counted(inside) or 'answered'})"])
            font = self.font()
            font.setBold(True)
            top.setFont(0, font)
            self.addTopLevelItem(top)
            for finding in inside:
                passes = "" if finding.answer is None else f"\nPasses: {finding.answer.reason}"
                row = QTreeWidgetItem([f"{finding.says}  [{finding.id}]{passes}"])
                sign = finding.severity.value if finding.answer is None else "good"
                row.setIcon(0, icon(sign, colours.good if passes else marks[finding.severity]))
                spoken = f"{_CALLED[finding.severity][0]}: {row.text(0)}"
                row.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
                row.setToolTip(0, "Go to the place")
                row.setData(0, _FINDING, finding)
                top.addChild(row)
                if finding.key == kept:
                    self.setCurrentItem(row)
        self.expandAll()
        self._fit_rows()

    def choose(self, finding: Finding) -> None:
        """Make the row of a finding the current one."""
        for number in range(self.topLevelItemCount()):
            top = self.topLevelItem(number)
            for child in range(0 if top is None else top.childCount()):
                row = None if top is None else top.child(child)
                if row is not None and row.data(0, _FINDING) == finding:
                    self.setCurrentItem(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew for the new width."""
        super().resizeEvent(event)
        self._fit_rows()

    def _fit_rows(self) -> None:
        width = max(self.viewport().width() - 2 * self.indentation() - self.iconSize().width() - 30, 60)
        metrics = QFontMetrics(self.font())
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        for number in range(self.topLevelItemCount()):
            top = self.topLevelItem(number)
            for child in range(0 if top is None else top.childCount()):
                row = None if top is None else top.child(child)
                if row is None:
                    continue
                height = metrics.boundingRect(QRect(0, 0, width, 10000), flags, row.text(0)).height()
                row.setSizeHint(0, QSize(0, max(height, self.iconSize().height()) + _PAD))
