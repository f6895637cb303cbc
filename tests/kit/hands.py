# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a hand does to one widget: a button pressed with the mouse, a choice made with the arrow keys."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from imr_desktop.ui.form.fields import ChoiceField


def press(button: QPushButton) -> None:
    """Click a button."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def pick(field: QWidget | None, name: str) -> None:
    """Choose by the keys in a list of choices."""
    assert isinstance(field, ChoiceField)
    box = field._choices
    index = box.findText(name)
    assert index >= 0, name
    while box.currentIndex() != index:
        QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < index else Qt.Key.Key_Up)
