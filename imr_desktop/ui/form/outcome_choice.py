# SPDX-License-Identifier: AGPL-3.0-or-later
"""The decision: two large buttons of which none is chosen until the reviewer chooses; nothing else sets it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from imr_desktop.models.items import Outcome
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.form.binder import Compound
from imr_desktop.ui.form.layout import Wrapped
from imr_desktop.ui.parts import button, words

_MEANS = {
    Outcome.UPHELD: "The denial stands: the treatment is not medically necessary.",
    Outcome.OVERTURNED: "The denial falls: the treatment is medically necessary.",
}
_KEYS = {Outcome.UPHELD: "Alt+U", Outcome.OVERTURNED: "Alt+O"}
_LARGE = "QPushButton { min-height: 26px; }"
_CHOSEN = "QPushButton:checked { background: palette(highlight); color: palette(highlighted-text); font-weight: 600; }"


class OutcomeChoice(Compound):
    """Upheld or Overturned, or nothing yet; Alt+U and Alt+O within the form that it stands in."""

    def __init__(self, form: QWidget) -> None:
        super().__init__()
        self.value: Outcome | None = None
        self._group = QButtonGroup(self)
        self.buttons: dict[Outcome, QPushButton] = {}
        self._title = words("Decision", "muted", wrap=False)
        self.back = button("Take back", lambda: self._choose(None), "quiet", tip="No decision yet")
        row = Flow(self._title, *(self._button(outcome, form) for outcome in Outcome), self.back, spacing=8)
        self._says = Wrapped("muted")
        self._wrong = Wrapped("danger")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(row)
        column.addWidget(self._says)
        column.addWidget(self._wrong)
        self.setFocusProxy(self.buttons[Outcome.UPHELD])
        self.show_value(None)

    def show_value(self, value: Any) -> None:
        """Show the outcome that the case holds; none is chosen while there is none."""
        self.value = value
        self._group.setExclusive(False)
        for outcome, each in self.buttons.items():
            each.setChecked(outcome is value)
            each.setText(f"✓ {outcome.value}" if outcome is value else outcome.value)
        self._group.setExclusive(value is not None)
        self.back.setVisible(value is not None)
        self._says.say("Not decided yet." if value is None else _MEANS[value])

    def say_wrong(self, sentence: str) -> None:
        """Say what contradicts the decision."""
        self._wrong.say(f"⚠ {sentence}" if sentence else "")

    def name_item(self, ordinal: int) -> None:
        """Say which item is being decided."""
        self._title.setText(f"Item {ordinal}")
        for outcome, each in self.buttons.items():
            each.setAccessibleName(f"Item {ordinal}: {outcome.value}")

    def _button(self, outcome: Outcome, form: QWidget) -> QPushButton:
        made = QPushButton(outcome.value)
        made.setCheckable(True)
        made.setStyleSheet(_LARGE + _CHOSEN)
        # As wide as when it is chosen, and no narrower than is good for a decision.
        made.setMinimumWidth(max(190, made.fontMetrics().horizontalAdvance(f"✓ {outcome.value}") * 6 // 5 + 40))
        made.setToolTip(f"{_MEANS[outcome]} ({_KEYS[outcome]})")
        made.setAccessibleName(outcome.value)
        made.setAccessibleDescription(_MEANS[outcome])
        made.setAutoDefault(False)
        made.clicked.connect(lambda: self._choose(outcome))
        keys = QShortcut(QKeySequence(_KEYS[outcome]), form, lambda: self._choose(outcome))
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._group.addButton(made)
        self.buttons[outcome] = made
        return made

    def _choose(self, outcome: Outcome | None) -> None:
        if outcome is not self.value:
            self.keep(outcome)
        self.show_value(outcome)
