# SPDX-License-Identifier: AGPL-3.0-or-later
"""First run: the vault, the reviewer's profile, the organisation and a signing identity, one short page each."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.errors import Trouble
from imr_desktop.ui.icons import icon
from imr_desktop.ui.identities import IdentityMaker
from imr_desktop.ui.means import Means
from imr_desktop.ui.parts import Fields, button, card, enlarged, focused_button, is_return, line_field, voice, words
from imr_desktop.ui.passphrase import PassphraseForm
from imr_desktop.ui.profile_forms import OrganisationForm, ReviewerForm
from imr_desktop.ui.session import Session
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.vault_risk import PlaceWarning

STEPS = ("Vault", "Your profile", "Organisation", "Signing identity")
_CANNOT_RECOVER = (
    "Nobody can recover this passphrase: without it, or a recovery sheet, the vault stays closed for ever. "
    "Make a recovery sheet in File, Vault as soon as you can."
)


class FirstRun(QWidget):
    """The pages of the first run. ``vault_wanted`` asks for the vault; ``enter`` goes on once it is there."""

    vault_wanted = Signal(Path, str)
    demo = Signal()
    elsewhere = Signal()
    restore_wanted = Signal()
    finished = Signal()

    def __init__(self, means: Means, folder: Path) -> None:
        super().__init__()
        self._means = means
        self._session: Session | None = None
        self.folder = line_field(str(folder))
        self.passphrase = PassphraseForm()
        self.profile = ReviewerForm()
        self.organisation = OrganisationForm()
        self.identity: IdentityMaker | None = None
        self.fault = FaultLine()
        self._busy = QProgressBar(maximum=0, textVisible=False)
        self._busy.setAccessibleName("Making the vault")
        self._busy.hide()
        self.next = button("Contin&ue", self._go_on, "main")
        self.later = button("Lat&er", self._skip, "quiet", tip="This can be filled in later, in the settings")
        self._rail = [QLabel() for _ in STEPS]
        self._pages = QStackedWidget()
        self._identity_page = QWidget()
        QVBoxLayout(self._identity_page).setContentsMargins(0, 0, 0, 0)
        for page in (self._vault_page(), self._profile_page(), self._organisation_page(), self._identity_page):
            self._pages.addWidget(_scrolled(page))
        self._lay_out()
        self._show(0)

    @property
    def step(self) -> int:
        """Which page is shown, from 0."""
        return self._pages.currentIndex()

    def enter(self, session: Session) -> None:
        """The vault is there: go on to the profile."""
        self._session = session
        self._wait(False)
        self.passphrase.forget()
        column = self._organisation_column
        column.removeWidget(self.organisation)
        self.organisation.deleteLater()
        self.organisation = OrganisationForm(session.imro())
        column.addWidget(self.organisation)
        self._show(1)

    def tell(self, trouble: Trouble) -> None:
        """The vault could not be made: say why."""
        self._wait(False)
        self.fault.tell(trouble)

    def rest(self) -> None:
        """The vault could not be made for a reason that is told elsewhere."""
        self._wait(False)

    def chosen_folder(self) -> Path:
        """The folder that shall hold the vault."""
        return Path(self.folder.text().strip()).expanduser()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses the button that has the focus, and anywhere else it goes on to the next page."""
        # Buttons outside a dialog leave Return alone.
        if is_return(event):
            (focused_button(self) or self.next).click()
        else:
            super().keyPressEvent(event)

    # -- steps ------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        self.fault.clear()
        try:
            (self._make_vault, self._keep_profile, self._keep_organisation, self.finished.emit)[self.step]()
        except Trouble as trouble:
            self.fault.tell(trouble)

    def _skip(self) -> None:
        if self.step == len(STEPS) - 1:
            self.finished.emit()
        else:
            self._show(self.step + 1)

    def _make_vault(self) -> None:
        fault = self.passphrase.fault()
        if not self.folder.text().strip():
            fault = "No folder is given. Choose the folder that shall hold the vault."
        if fault:
            self.fault.tell(fault)
            return
        self._wait(True)
        self.vault_wanted.emit(self.chosen_folder(), self.passphrase.passphrase)

    def _keep_profile(self) -> None:
        reviewer = self.profile.reviewer()
        if not reviewer.name:
            self.fault.tell("The profile has no name yet. Write your name, or choose “Later”.")
            self.profile.name.setFocus()
            return
        assert self._session is not None  # noqa: S101  (pages after the first are shown only by ``enter``)
        self._session.keep_reviewer(reviewer)
        self._show(2)

    def _keep_organisation(self) -> None:
        assert self._session is not None  # noqa: S101
        self._session.keep_imro(self.organisation.imro())
        self._show(3)

    def _show(self, step: int) -> None:
        self.fault.clear()
        if step == len(STEPS) - 1 and self._session is not None and self.identity is None:
            self._build_identity_page(self._session)
        self._pages.setCurrentIndex(step)
        for number, label in enumerate(self._rail):
            done = number < step
            label.setText(f"{'✓' if done else number + 1}   {STEPS[number]}")
            voice(label, "says", "step" if number == step else "muted")
        self.next.setText("Make the &vault" if step == 0 else "Open the &worklist" if step == 3 else "Contin&ue")
        self.next.setAccessibleName(self.next.text().replace("&", ""))
        self.later.setVisible(0 < step < 3)
        self._links.setVisible(step == 0)
        self.take_focus()

    def take_focus(self) -> None:
        """Put the cursor where the page begins."""
        first = (self.passphrase.first, self.profile.name, self.organisation.name, self.next)[self.step]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _wait(self, waiting: bool) -> None:
        self._busy.setVisible(waiting)
        for widget in (self.next, self.passphrase, self.folder):
            widget.setEnabled(not waiting)

    # -- pages ------------------------------------------------------------------------------------------------

    def _vault_page(self) -> QWidget:
        page, column = _page(
            "Make your vault",
            "Everything of your cases is kept in one encrypted folder on this computer. Nothing is ever sent anywhere.",
        )
        choose = button("C&hoose…", self._choose_folder)
        rows = Fields()
        rows.add("&Folder", self.folder, beside=choose)
        column.addLayout(rows)
        self.place = PlaceWarning(self.folder, self._means.place_risk, self._choose_folder)
        column.addWidget(self.place)
        column.addWidget(self.passphrase)
        warning, inside = card(box="warns", margin=10)
        inside.addWidget(words(_CANNOT_RECOVER))
        column.addWidget(warning)
        column.addStretch(1)
        return page

    def _profile_page(self) -> QWidget:
        page, column = _page("Your profile", "The letter states your qualifications and never your name.")
        column.addWidget(self.profile)
        column.addStretch(1)
        return page

    def _organisation_page(self) -> QWidget:
        page, column = _page("Organisation", "The review organisation in whose name the letter is issued.")
        self._organisation_column = QVBoxLayout()
        self._organisation_column.addWidget(self.organisation)
        column.addLayout(self._organisation_column)
        column.addStretch(1)
        return page

    def _build_identity_page(self, session: Session) -> None:
        page, column = _page(
            "Signing identity",
            "Letters are sealed with certificates: yours for the submission, the organisation's for all others.",
        )
        self.identity = IdentityMaker(self._means, session)
        self._kept = words("", "good")
        self.identity.kept.connect(lambda names: self._kept.setText(f"In the vault now: {names}."))
        column.addWidget(self.identity)
        column.addWidget(self._kept)
        column.addStretch(1)
        layout = self._identity_page.layout()
        assert layout is not None  # noqa: S101  (given in the constructor)
        layout.addWidget(page)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "The folder that shall hold the vault", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _lay_out(self) -> None:
        side = QWidget()
        side.setMinimumWidth(200)
        rail = QVBoxLayout(side)
        rail.setContentsMargins(0, 0, 0, 0)
        emblem = QLabel()
        emblem.setPixmap(icon("imr-desktop").pixmap(56, 56))
        rail.addWidget(emblem)
        rail.addWidget(words("IMR Desktop", "heading", wrap=False))
        rail.addSpacing(18)
        for label in self._rail:
            rail.addWidget(label)
        rail.addStretch(1)
        self._links = QWidget()
        links = QVBoxLayout(self._links)
        links.setContentsMargins(0, 0, 0, 0)
        links.addWidget(
            button("Try the &demo case", self.demo.emit, "link", tip="A made-up case in a throw-away vault")
        )
        links.addWidget(button("Open &another vault…", self.elsewhere.emit, "link"))
        links.addWidget(
            button("&Restore a backup…", self.restore_wanted.emit, "link", tip="From a backup of another computer")
        )
        rail.addWidget(self._links)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.later)
        buttons.addWidget(self.next)
        frame, column = card(margin=24)
        column.setSpacing(10)
        column.addWidget(self._pages, 1)
        column.addWidget(self.fault)
        column.addWidget(self._busy)
        column.addLayout(buttons)
        frame.setMaximumWidth(enlarged(760))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(36, 28, 36, 28)
        whole.addStretch(1)
        whole.addWidget(side)
        whole.addSpacing(36)
        whole.addWidget(frame, 12)
        whole.addStretch(1)


def _page(title: str, lead: str) -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 8, 0)
    column.setSpacing(12)
    column.addWidget(words(title, "title"))
    column.addWidget(words(lead, "lead"))
    return page, column


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea(widgetResizable=True)
    area.setWidget(page)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    return area
