# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing a sealed letter once more: the Medical Director's countersignature, a time stamp; the file itself stays."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.letter.cover import DIRECTOR
from imr_desktop.ui.means import Means
from imr_desktop.ui.parts import Fields, button, card, fit, grow, line_field, voice, words
from imr_desktop.ui.pumped_dialog import PumpedDialog
from imr_desktop.ui.session import Session
from imr_desktop.ui.signers import ClockChoice, Signers
from imr_desktop.ui.work import Aside

if TYPE_CHECKING:
    from imr_desktop.casework.countersigning import Signed
    from imr_desktop.signing.verifying import Verdict

_DIRECTOR = "countersign_by"
_FOR_EVER = (
    "Once countersigned, the new file takes nothing but time stamps, and that cannot be undone. "
    "The file that you chose stays as it is."
)
_NO_PLACE = "There is no empty place for the Medical Director's signature in this file."
_NOT_INTACT = "This file is not an intact sealed letter. Nothing can be signed in it."


class SignDialog(PumpedDialog):
    """What is to be signed, who signs it, what cannot be undone. ``signed`` tells what was written."""

    signed = Signal(object)

    def __init__(
        self,
        means: Means,
        session: Session,
        parent: QWidget | None = None,
        letter: tuple[str, Callable[[], bytes]] | None = None,
    ) -> None:
        """``letter`` is a letter of the vault, its name and what gives its bytes; without it a file is asked for."""
        super().__init__("Countersign or stamp", "signing", parent)
        self._session, self._now = session, means.now
        self._letter = letter
        self._sealed = b""
        self.file = line_field(shown="The sealed letter")
        self.file.setReadOnly(letter is not None)
        self.file.editingFinished.connect(self._look_typed)
        self.verdict = words("")
        self.director = QCheckBox("&Countersign in the Medical Director's place")
        self.signers = Signers(session, self)
        self.who = self.signers.choice(self._likely())
        self.token = button("Use a to&ken…", lambda: self.signers.ask_token(self.who))
        self.clock = ClockChoice(session)
        self.out = line_field()
        self.understood = QCheckBox("I have read the letter and &sign it")
        self.go = button("Si&gn", self._sign, "main")
        self._aside = Aside(self)
        self._aside.done.connect(self._judged)
        self._aside.troubled.connect(self.fault.tell)
        self._lay_out()
        self.fields = (
            self.file, self.director, self.who, self.token, self.out, self.understood, *self.clock.widgets,
        )  # fmt: skip
        self.rest(waiting=False)
        self.director.setEnabled(False)
        fit(self, 660)
        if letter is not None:
            self.file.setText(letter[0])
            self._take(letter[1], Path.home() / letter[0])

    def look(self, file: Path) -> None:
        """Look at this file: what is signed in it already, and what can be."""
        from imr_desktop.casework import countersigning

        self.file.setText(str(file))
        self._take(lambda: countersigning.read(file), file)

    def came(self, result: "Signed", /) -> None:
        """The new file is there."""
        self.signed.emit(result)

    def allow(self, *, waiting: bool) -> None:
        """Only an intact letter is signed, only by somebody, and only what was read."""
        by_hand = self.director.isChecked()
        said = self.understood.isChecked() and self.signers.any if by_hand else self.clock.wanted.isChecked()
        self.go.setEnabled(bool(self._sealed) and said and not waiting and bool(self.out.text().strip()))
        for widget in (self.who, self.token, self.understood):
            widget.setEnabled(by_hand and not waiting)

    # -- inside -----------------------------------------------------------------------------------------------

    def _take(self, read: Callable[[], bytes], file: Path) -> None:
        from imr_desktop.signing import verifying

        self.fault.clear()
        self._sealed = b""
        self.allow(waiting=False)
        try:
            data = read()
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.out.setText(str(file.with_name(f"{file.stem}-signed.pdf")))
        roots = self._session.vault.trust_roots()
        self._aside.start(lambda: (data, verifying.verify(data, roots)))

    def _judged(self, told: "tuple[bytes, Verdict]") -> None:
        data, verdict = told
        place = verdict.intact and DIRECTOR in verdict.unsigned
        self._sealed = data if verdict.intact else b""
        said = "\n".join(verdict.sentences) if verdict.intact else f"{_NOT_INTACT}\n" + "\n".join(verdict.sentences)
        self.verdict.setText(said if place or not verdict.intact else f"{said}\n{_NO_PLACE}")
        voice(self.verdict, "says", "muted" if verdict.intact else "danger")
        self.director.setEnabled(place)
        self.director.setChecked(place)
        self.allow(waiting=False)
        grow(self)

    def _sign(self) -> None:
        from imr_desktop.casework import countersigning
        from imr_desktop.signing import hands
        from imr_desktop.signing.hands import Hand

        if fault := self.clock.fault():
            self.fault.tell(fault)
            return
        to = Path(self.out.text().strip()).expanduser()
        if not to.parent.is_dir():
            self.fault.tell("There is no such folder. Choose another place for the new file.")
            return
        hand = None
        if self.director.isChecked():
            self._session.keep_setting(_DIRECTOR, self.who.currentData())
            chosen = self.signers.chosen(self.who)
            hand = chosen if isinstance(chosen, Hand) else hands.of_file(chosen.pkcs12, chosen.secret)
        clock = self.clock.clock()
        self.run(countersigning.sign(self._sealed, to, self._now(), director=hand, clock=clock))

    def _likely(self) -> int:
        names = [line.name for line in self.signers.identities]
        kept = self._session.setting(_DIRECTOR)
        return names.index(kept) if kept in names else 0

    def _look_typed(self) -> None:
        if self._letter is None and self.file.text().strip():
            self.look(Path(self.file.text().strip()).expanduser())

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "A sealed letter", "", "PDF files (*.pdf)")
        if name:
            self.look(Path(name))

    def _choose_out(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "The new file", self.out.text(), "PDF files (*.pdf)")
        if name:
            self.out.setText(name)

    def _lay_out(self) -> None:
        for tick in (self.director, self.clock.wanted, self.understood):
            tick.toggled.connect(lambda _: self.allow(waiting=False))
        self.out.textChanged.connect(lambda _: self.allow(waiting=False))
        rows = Fields()
        beside = button("C&hoose…", self._choose) if self._letter is None else None
        rows.add("Sealed &letter", self.file, beside=beside)
        rows.add_wide(self.verdict)
        rows.add_wide(self.director)
        rows.add("Signed &by", self.who, beside=self.token)
        self.clock.add_to(rows)
        rows.add("&New file", self.out, beside=button("Ch&oose…", self._choose_out))
        column = QVBoxLayout(self)
        column.addWidget(words("Countersign or stamp a sealed letter", "title"))
        column.addLayout(rows)
        warning, inside = card(box="warns", margin=10)
        inside.addWidget(words(_FOR_EVER))
        inside.addWidget(self.understood)
        column.addWidget(warning)
        self.end_of(column, self.go)
