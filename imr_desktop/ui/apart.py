# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form in a window of its own, for a second screen; closing it brings the form back beside the record."""

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from imr_desktop.ui.record.second_window import SecondWindow


class FormApart(QObject):
    """Takes the form out of the case's window and puts it back; both stay one case."""

    def __init__(self, splitter: QSplitter, form: QWidget) -> None:
        super().__init__(splitter)
        self._splitter, self._form = splitter, form
        self._sizes: list[int] = []
        self.window: SecondWindow | None = None

    def toggle(self) -> None:
        """Give the form its own window, or take it back."""
        if self.window is not None:
            self.window.close()
        else:
            self._part()

    def state(self) -> str | None:
        """Where the form's window stands, as text that can be kept; None while the form is in its place."""
        return None if self.window is None else bytes(self.window.saveGeometry().toBase64().data()).decode()

    def restore(self, state: object) -> None:
        """Stand as it was left; what cannot be understood changes nothing."""
        if isinstance(state, str) and self.window is None:
            window = self._part()
            window.restoreGeometry(QByteArray.fromBase64(state.encode()))

    def close(self) -> None:
        """The case is being closed: the window goes with it, and the form is not brought back."""
        if self.window is not None:
            window, self.window = self.window, None
            window.closed.disconnect(self._back)
            window.close()

    def _part(self) -> SecondWindow:
        self._sizes = self._splitter.sizes()
        main = self._splitter.window()
        window = self.window = SecondWindow(self._splitter, self._form, f"{main.windowTitle()} (form)")
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.closed.connect(self._back)
        window.show()
        self._form.setFocus(Qt.FocusReason.OtherFocusReason)
        return window

    def _back(self) -> None:
        self.window = None
        self._splitter.addWidget(self._form)
        self._splitter.setSizes(self._sizes)
        self._form.show()
        self._form.setFocus(Qt.FocusReason.OtherFocusReason)
