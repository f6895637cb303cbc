# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reviewer's profile and the organisation's particulars, as first run and settings ask for them."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from imr_desktop.models.case import Imro, Signatory
from imr_desktop.models.reviewer import Credentials, CredentialStyle, Reviewer
from imr_desktop.ui.parts import Fields, line_field, lines_field, lines_of, listed

_STYLES = (
    (CredentialStyle.BLOCK, "As a block of lines"),
    (CredentialStyle.INLINE, "Within the sentence"),
)


class ReviewerForm(QWidget):
    """The reviewer's profile in fields."""

    def __init__(self, reviewer: Reviewer = Reviewer()) -> None:  # noqa: B008  (a frozen value)
        super().__init__()
        self._kept = reviewer
        credentials = reviewer.credentials
        self.name = line_field(reviewer.name)
        self.licence = line_field(reviewer.licence)
        self.email = line_field(reviewer.email)
        self.phone = line_field(reviewer.phone)
        self.states = line_field(", ".join(credentials.states_of_licensure), shown="California")
        self.certifications = line_field(
            ", ".join(credentials.certifications), shown="Physical Medicine, Pain Medicine"
        )
        self.board = QCheckBox("Board certified")
        self.board.setChecked(credentials.board_certified)
        self.style_choice = QComboBox()
        for style, said in _STYLES:
            self.style_choice.addItem(said, style)
        self.style_choice.setCurrentIndex([style for style, _ in _STYLES].index(credentials.credential_style))
        self.attests = QCheckBox("I have practised for over five years, at least 24 hours a week")
        self.attests.setChecked(reviewer.practice_attestation)
        rows = Fields()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.add(
            "Your &name", self.name, "Stays in the submission. It is never printed on what parties or public receive."
        )
        rows.add("&Licence", self.licence)
        rows.add("&States of licensure", self.states, "Several are divided by commas.")
        rows.add("&Certifications", self.certifications, "Several are divided by commas.")
        rows.add_wide(self.board)
        rows.add("C&redentials read", self.style_choice)
        rows.add("E-&mail", self.email)
        rows.add("&Phone", self.phone)
        rows.add_wide(self.attests, "The letter states this (Labor Code 139.5).")
        self.setLayout(rows)

    def reviewer(self) -> Reviewer:
        """The profile as written."""
        return replace(
            self._kept,
            name=self.name.text().strip(),
            licence=self.licence.text().strip(),
            email=self.email.text().strip(),
            phone=self.phone.text().strip(),
            credentials=Credentials(
                listed(self.states.text()),
                listed(self.certifications.text()),
                self.board.isChecked(),
                CredentialStyle(self.style_choice.currentData()),
            ),
            practice_attestation=self.attests.isChecked(),
        )


class OrganisationForm(QWidget):
    """The Independent Medical Review Organization in fields."""

    def __init__(self, imro: Imro = Imro()) -> None:  # noqa: B008  (a frozen value)
        super().__init__()
        self._kept = imro
        self.name = line_field(imro.name)
        self.label = line_field(imro.guideline_label)
        self.address = lines_field("\n".join(imro.address))
        self.phone = line_field(imro.phone)
        self.fax = line_field(imro.fax)
        self.signatory = line_field(imro.signatory.name)
        self.title = line_field(imro.signatory.title, shown="Medical Director")
        rows = Fields()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.add("Organisation &name", self.name)
        rows.add("&Guideline label", self.label, "How its letters call its own guideline, such as “MAXIMUS guideline”.")
        rows.add("&Address", self.address)
        rows.add("&Phone", self.phone)
        rows.add("&Fax", self.fax)
        rows.add("Party letters signed &by", self.signatory, "The organisation's own signatory, never the reviewer.")
        rows.add("&Title of the signatory", self.title)
        self.setLayout(rows)

    def imro(self) -> Imro:
        """The particulars as written."""
        return replace(
            self._kept,
            name=self.name.text().strip(),
            guideline_label=self.label.text().strip(),
            address=lines_of(self.address),
            phone=self.phone.text().strip(),
            fax=self.fax.text().strip(),
            signatory=Signatory(self.signatory.text().strip(), self.title.text().strip()),
        )
