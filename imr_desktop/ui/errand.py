# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a start was asked for besides the window: a page of a case, or a package; done once a vault is open."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QDialog

from imr_desktop.ui.frame import bring_forward

if TYPE_CHECKING:
    from imr_desktop.ui.shell import Shell


@dataclass(frozen=True, slots=True)
class Errand:
    """A case, by its number or id, with the page to show, or a package to take in; or neither."""

    page: tuple[str, int] | None = None
    package: Path | None = None

    def told(self) -> str:
        """The errand as one line, for the window that is open already."""
        import json

        package = None if self.package is None else str(self.package)
        return json.dumps({"page": self.page, "package": package})

    @classmethod
    def heard(cls, line: str) -> "Errand":
        """The errand that a line tells; none where it tells none."""
        import json

        try:
            told = json.loads(line)
            page, package = told["page"], told["package"]
            shown = None if page is None else (str(page[0]), int(page[1]))
            return cls(shown, None if package is None else Path(package))
        except (ValueError, TypeError, LookupError):
            return cls()


class Errands:
    """Does errands when their time comes: not before a vault is open, never in the demo's, not under an open dialog."""

    def __init__(self, shell: "Shell") -> None:
        self._shell = shell
        self._waiting = Errand()

    def take(self, errand: Errand) -> None:
        """Do this now, or as soon as it can be done; a newer errand takes the place of one that waits."""
        if errand != Errand():
            self._waiting = errand
            if self._shell.session is None and errand.package is not None:
                self._shell.notice.say(f"{errand.package.name} is taken in once the vault is open.")
            self.go_on()

    def go_on(self) -> None:
        """Do what waits, if it can be done by now."""
        shell, errand = self._shell, self._waiting
        if shell.session is None or errand == Errand():
            return
        if shell.session.is_demo:
            shell.notice.say("This is the demo. What was opened waits until your own vault is unlocked.")
            return
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            dialog.finished.connect(lambda _: self.go_on())
            return
        if shell.importing.running:
            shell.notice.say("Files are coming in. What was opened waits until they are in the vault.")
            return
        self._waiting = Errand()
        if errand.package is not None:
            shell.importing.take_in([errand.package])
        elif errand.page is not None:
            self._show(*errand.page)

    def _show(self, named: str, number: int) -> None:
        shell = self._shell
        assert shell.session is not None  # noqa: S101  (go_on looked)
        ids = [row.case_id for row in shell.session.rows(archived=True) if named in (row.case_id, row.case_number)]
        if len(ids) != 1:
            shell.notice.say(f"There is no one case {named} in this vault.")
            return
        if shell.case is None or shell.case.case_id != ids[0]:
            shell.open_case(ids[0])
        if shell.case is None:
            return
        pages = (page for source in shell.case.desk.case.sources for page in source.pages())
        page = next((each for each in pages if each.case_page == number), None)
        if page is None:
            shell.notice.say(f"The case has no page {number}.")
        else:
            shell.case.record.go_to(page.ref)
            # The view that was used last may stand in the second window.
            holds = shell.case.record.view.window()
            if holds is not shell:
                bring_forward(holds)
