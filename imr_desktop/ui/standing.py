# SPDX-License-Identifier: AGPL-3.0-or-later
"""Licence and certification dates in the settings, and the door at which freedom from conflicts is attested."""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QListWidget, QVBoxLayout, QWidget

from imr_desktop.casework import attesting
from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case
from imr_desktop.models.circumstances import Standing
from imr_desktop.models.days import written_day
from imr_desktop.ui.parts import Fields, fit, line_field, name_it, words

if TYPE_CHECKING:
    from imr_desktop.ui.session import Session


class StandingForm(QWidget):
    """Until when licence and certification run, and whether records stay shut until conflicts are denied."""

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session
        told = attesting.standing(session.vault)
        self.licence = line_field(_written(told.licence_until), shown="MM/DD/YYYY")
        self.certified = line_field(_written(told.certified_until), shown="MM/DD/YYYY")
        self.restricted = line_field(told.restricted, shown="Leave empty if the licence is unrestricted")
        self.asks = QCheckBox("Keep a record &shut until freedom from conflicts is attested")
        self.asks.setAccessibleName("Keep a record shut until freedom from conflicts is attested")
        self.asks.setChecked(attesting.asks(session.vault))
        fields = Fields()
        fields.add("&Licence runs until", self.licence)
        fields.add("&Certification runs until", self.certified)
        fields.add("&Restriction", self.restricted)
        fields.add_wide(self.asks, "Labor Code 139.5. You are asked once a case, and again when a new name appears.")
        self.setLayout(fields)

    def keep(self) -> None:
        """Keep what stands here; Trouble for a date that is none."""
        days = [
            _read(field.text(), name) for field, name in ((self.licence, "licence"), (self.certified, "certification"))
        ]
        attesting.keep_standing(self._session.vault, Standing(days[0], days[1], self.restricted.text().strip()))
        attesting.ask(self._session.vault, self.asks.isChecked())


class ConflictDoor(QDialog):
    """The reviewer's word that no tie exists, before the record opens; refusing leaves the record shut."""

    def __init__(self, session: "Session", case: Case, lacking: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Before the record opens")
        self._session, self._case = session, case
        again = attesting.attestation(session.vault, case.id) is not None
        column = QVBoxLayout(self)
        column.setSpacing(10)
        number = case.header.case_number or "This case"
        column.addWidget(
            words(f"{number}: new names have appeared" if again else f"{number}: conflicts of interest", "heading")
        )
        column.addWidget(
            words(
                "Labor Code 139.5 asks that you have no material professional, familial or financial tie to anybody "
                "involved: the employer, the claims administrator, the worker and representative, the physicians and "
                "their groups, the facilities, and the makers of what is requested."
            )
        )
        self.names = QListWidget()
        name_it(self.names, "Those involved as far as they are named")
        self.names.addItems(list(lacking) or ["Nobody is named yet; you will be asked again when somebody is."])
        column.addWidget(self.names, 1)
        self.word = QCheckBox("I &attest that I have no such tie to any of them")
        self.word.setAccessibleName("I attest that I have no such tie to any of them")
        column.addWidget(self.word)
        column.addWidget(
            words("If you have one, leave the record shut and return the case to the organisation.", "muted")
        )
        buttons = QDialogButtonBox()
        self.open_record = buttons.addButton("&Open the record", QDialogButtonBox.ButtonRole.AcceptRole)
        self.open_record.setProperty("kind", "main")
        self.open_record.setEnabled(False)
        self.shut = buttons.addButton("&Leave it shut", QDialogButtonBox.ButtonRole.RejectRole)
        self.word.toggled.connect(self.open_record.setEnabled)
        buttons.accepted.connect(self._attest)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        fit(self, 620)
        self.word.setFocus(Qt.FocusReason.OtherFocusReason)

    def _attest(self) -> None:
        attesting.attest(self._session.vault, self._case, self._session.now())
        self.accept()


def _written(day: date | None) -> str:
    return "" if day is None else f"{day:%m/%d/%Y}"


def _read(text: str, name: str) -> date | None:
    if not text.strip():
        return None
    day = written_day(text)
    if day is None:
        raise Trouble(f"The day on which the {name} ends is no date: {text.strip()[:30]}.", "Write it as 12/31/2026.")
    return day
