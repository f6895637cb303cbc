# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be done with a case's letters from its window: looking at those issued, comparing, printing, packing."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from imr_desktop.casework.desk import Desk
from imr_desktop.ui.letter_panel import LetterPanel
from imr_desktop.ui.means import Means
from imr_desktop.ui.session import Session

if TYPE_CHECKING:
    from imr_desktop.casework.countersigning import Signed
    from imr_desktop.ui.filed_letters import FiledLetters
    from imr_desktop.ui.package_dialog import PackageDialog
    from imr_desktop.ui.print_dialog import PrintDialog
    from imr_desktop.ui.sign_dialog import SignDialog


class LettersAtHand(QObject):
    """Opens the dialogs about letters over the case's window; ``tell`` says there what was done."""

    def __init__(
        self, panel: LetterPanel, means: Means, desk: Desk, session: Session, tell: Callable[[str], object]
    ) -> None:
        super().__init__(panel)
        self._panel, self._means, self._desk, self._session, self._tell = panel, means, desk, session, tell
        panel.correction.compare_wanted.connect(self.compare)
        panel.correction.filed_wanted.connect(self.filed)
        panel.print_wanted.connect(self.print_letter)

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the commands about letters do."""
        return {"filed_letters": self.filed, "export_package": self.export_package, "print_letter": self.print_letter}

    def filed(self) -> "FiledLetters":
        """Show what was issued."""
        from imr_desktop.ui.filed_letters import FiledLetters

        dialog = FiledLetters(self._session, self._desk, self._panel.window())
        dialog.print_wanted.connect(self.print_filed)
        dialog.sign_wanted.connect(self.sign_filed)
        self._open(dialog)
        return dialog

    def compare(self) -> None:
        """Show what was issued last beside the case as it stands."""
        dialog = self.filed()
        dialog.compare.click()

    def export_package(self) -> "PackageDialog":
        """Ask where the package goes, and write it."""
        from imr_desktop.ui.package_dialog import PackageDialog

        dialog = PackageDialog(self._session, self._desk, self._panel.window())
        dialog.packed.connect(lambda packed: self._tell(f"The package is in {packed.path.name}."))
        self._open(dialog)
        return dialog

    def print_letter(self) -> "PrintDialog":
        """Print the letter as it stands, with a mark that it is a draft."""
        determination = self._desk.determination(self._session.reviewer())
        rendition = self._panel.rendition
        pdf = self._means.render(determination, rendition)
        return self._print(pdf, f"{rendition}, draft", draft=True)

    def print_filed(self, name: str) -> "PrintDialog":
        """Print a letter that was issued."""
        return self._print(self._desk.store.letter_bytes(name), name, draft=False)

    def sign_filed(self, name: str) -> "SignDialog":
        """Countersign a letter that was issued, or have its time stamped; the filed one stays as it is."""
        from imr_desktop.ui.sign_dialog import SignDialog

        letter = (name, partial(self._desk.store.letter_bytes, name))
        dialog = SignDialog(self._means, self._session, self._panel.window(), letter)
        dialog.signed.connect(partial(self._signed, name))
        self._open(dialog)
        return dialog

    def _signed(self, name: str, signed: "Signed") -> None:
        self._desk.store.record("signed once more", {"what": name, "sha256": signed.sha256})
        self._tell(f"Signed: {signed.path.name}. The letter in the vault is as it was.")

    def _print(self, pdf: bytes, what: str, *, draft: bool) -> "PrintDialog":
        from imr_desktop.ui.print_dialog import PrintDialog

        dialog = PrintDialog(self._means, pdf, what, draft=draft, parent=self._panel.window())
        dialog.printed.connect(partial(self._printed, what, draft))
        self._open(dialog)
        return dialog

    def _printed(self, what: str, draft: bool, pages: int, sha256: str) -> None:
        self._desk.store.record("printed", {"what": what, "pages": pages, "sha256": sha256, "draft": draft})
        self._tell(f"Printed: {pages} pages. The signed file is the original, not the print.")

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
