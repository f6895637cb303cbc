# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings, kept small: the reviewer's profile, the organisation, the colours."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.casework import holidays
from imr_desktop.errors import Trouble
from imr_desktop.ui.guard import LOCK_AFTER, MINUTES
from imr_desktop.ui.parts import name_it, roomy, words
from imr_desktop.ui.profile_forms import OrganisationForm, ReviewerForm
from imr_desktop.ui.session import Session
from imr_desktop.ui.standing import StandingForm
from imr_desktop.ui.theme import SIZES, Scheme, Theme
from imr_desktop.ui.trouble import FaultLine

THEME = "theme"
ON_BATTERY = "read on battery"
SEEN_AFTER = "seen after"
MARK_SOURCES = "mark sentences without a source"
_SEEN_AFTER = (1.0, 2.0, 3.0, 5.0)
_LOCK_AFTER = (5, 10, 15, 30, 0)
_SCHEMES = (
    (Scheme.SYSTEM, "As the system"),
    (Scheme.LIGHT, "Light"),
    (Scheme.DARK, "Dark"),
    (Scheme.CONTRAST, "High contrast"),
)


class Settings(QDialog):
    """Profile, organisation and colours; kept when it is closed with Keep."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        roomy(self, 680, 560)
        self._session, self._theme = session, theme
        self.profile = ReviewerForm(session.reviewer())
        self.organisation = OrganisationForm(session.imro())
        self.scheme = QComboBox()
        name_it(self.scheme, "Colours")
        for scheme, said in _SCHEMES:
            self.scheme.addItem(said, scheme)
        self.scheme.setCurrentIndex([scheme for scheme, _ in _SCHEMES].index(theme.scheme))
        self.text_size = QComboBox()
        name_it(self.text_size, "Text size")
        for percent in SIZES:
            self.text_size.addItem(f"{percent} %", percent)
        self.text_size.setCurrentIndex(max(0, self.text_size.findData(theme.size)))
        self.still = QCheckBox("&No movement: menus and lists appear at once")
        self.still.setAccessibleName("No movement")
        self.still.setChecked(session.setting("motion") is False)
        self.holidays = QPlainTextEdit(holidays.written(holidays.holidays(session.vault)))
        self.holidays.setTabChangesFocus(True)
        name_it(self.holidays, "State holidays, one a line")
        self.standing = StandingForm(session)
        self.lock_after = QComboBox()
        name_it(self.lock_after, "Lock the vault when nobody works")
        for minutes in _LOCK_AFTER:
            self.lock_after.addItem(f"After {minutes} minutes" if minutes else "Never by itself", minutes)
        kept = session.setting(LOCK_AFTER)
        self.lock_after.setCurrentIndex(max(0, self.lock_after.findData(MINUTES if kept is None else kept)))
        self.on_battery = QCheckBox("Read &pictures on battery too")
        self.on_battery.setToolTip("Recognising words is hard work; without this it waits for mains power")
        self.on_battery.setChecked(bool(session.setting(ON_BATTERY)))
        self.seen_after = QComboBox()
        name_it(self.seen_after, "A page counts as seen")
        for seconds in _SEEN_AFTER:
            self.seen_after.addItem(f"After {seconds:g} second{'s' if seconds > 1 else ''} on screen", seconds)
        self.seen_after.setCurrentIndex(max(0, self.seen_after.findData(session.setting(SEEN_AFTER))))
        self.mark_sources = QCheckBox("&Mark sentences that cite nothing")
        self.mark_sources.setAccessibleName("Mark sentences that cite nothing")
        self.mark_sources.setToolTip(
            "A grey line under facts without a source, after a look at the checks; it goes when you type"
        )
        self.mark_sources.setChecked(session.setting(MARK_SOURCES) is not False)
        self.fault = FaultLine()
        tabs = QTabWidget()
        for each in (tabs, tabs.tabBar()):
            each.setAccessibleName("Parts of the settings")
        tabs.addTab(_padded(self.profile), "Reviewer")
        tabs.addTab(_padded(self.organisation, "New cases begin with these; a case keeps its own."), "Organisation")
        tabs.addTab(_padded(self.standing, "You are told sixty days before one of them ends."), "Licence")
        tabs.addTab(_padded(self._holidays_tab()), "Holidays")
        tabs.addTab(_padded(self._window_tab()), "Window")
        buttons = QDialogButtonBox()
        keep = self.accept_button = buttons.addButton("&Keep", QDialogButtonBox.ButtonRole.AcceptRole)
        keep.setProperty("kind", "main")
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(tabs, 1)
        column.addWidget(self.fault)
        column.addWidget(buttons)

    def _window_tab(self) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        label = QLabel("&Colours")
        label.setBuddy(self.scheme)
        form.addRow(label, self.scheme)
        size = QLabel("&Text size")
        size.setBuddy(self.text_size)
        form.addRow(size, self.text_size)
        form.addRow("", self.still)
        lock = QLabel("&Lock when nobody works")
        lock.setBuddy(self.lock_after)
        form.addRow(lock, self.lock_after)
        seen = QLabel("A page counts as &seen")
        seen.setBuddy(self.seen_after)
        form.addRow(seen, self.seen_after)
        form.addRow("", self.on_battery)
        form.addRow("", self.mark_sources)
        return page

    def _holidays_tab(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(words("Working days are counted without these. Add or strike out days, one a line.", "muted"))
        self.holidays.setMinimumHeight(300)
        column.addWidget(self.holidays)
        return page

    def _keep(self) -> None:
        scheme = Scheme(self.scheme.currentData())
        try:
            holidays.keep(self._session.vault, holidays.read(self.holidays.toPlainText()))
            self.standing.keep()
            self._session.keep_setting("text size", self.text_size.currentData())
            self._session.keep_setting("motion", not self.still.isChecked())
            self._session.keep_reviewer(self.profile.reviewer())
            self._session.keep_imro(self.organisation.imro())
            self._session.keep_setting(THEME, scheme.value)
            self._session.keep_setting(LOCK_AFTER, self.lock_after.currentData())
            self._session.keep_setting(SEEN_AFTER, self.seen_after.currentData())
            self._session.keep_setting(MARK_SOURCES, self.mark_sources.isChecked())
            self._session.keep_setting(ON_BATTERY, self.on_battery.isChecked())
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._theme.use(scheme, self.text_size.currentData())
        self.accept()


def _padded(widget: QWidget, said: str = "") -> QScrollArea:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(14, 14, 14, 14)
    if said:
        column.addWidget(words(said, "muted"))
    column.addWidget(widget)
    column.addStretch(1)
    area = QScrollArea(widgetResizable=True)
    area.setWidget(page)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
