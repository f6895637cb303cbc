# SPDX-License-Identifier: AGPL-3.0-or-later
"""The open vault as the windows have it: what they keep in it, and what they ask of the rooms below about it."""

import contextlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imr_desktop.errors import Trouble

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.casework.issue import Issued
    from imr_desktop.casework.progress import Progress
    from imr_desktop.casework.worklist import Board, Rows
    from imr_desktop.models.case import Case, Imro
    from imr_desktop.models.reviewer import Reviewer
    from imr_desktop.signing.hands import Hand
    from imr_desktop.signing.stamping import Clock
    from imr_desktop.storage import KeptIdentity, Vault
    from imr_desktop.storage.keyfile import KeyFile
    from imr_desktop.ui.means import Means

_IMRO = "imro"


@dataclass(frozen=True, slots=True)
class IdentityLine:
    """One signing identity as lists show it; ``why_not`` says in a sentence why it cannot sign today."""

    name: str
    subject: str
    trial: bool
    usable: bool
    not_after: date
    why_not: str
    warning: str = ""


class Session:
    """An open vault, and what the windows keep in it or ask of it."""

    def __init__(self, means: "Means", vault: "Vault", *, throw_away: Path | None = None) -> None:
        self._means = means
        self.vault = vault
        self._throw_away = throw_away
        self._board: Board | None = None

    @property
    def is_demo(self) -> bool:
        """Whether this is the throw-away vault of the demo."""
        return self._throw_away is not None

    def close(self) -> None:
        """Close the vault; the demo's is removed."""
        if self._board is not None and not self.vault.closed:
            with contextlib.suppress(Trouble):
                self._board.keep()
        self.vault.close()
        if self._throw_away is not None:
            shutil.rmtree(self._throw_away, ignore_errors=True)

    def passphrase_derivation(self, old: str | None, new: str) -> "Callable[[], KeyFile]":
        """What derives a new passphrase, to be done aside; ``old`` is None after recovery.

        What it gives goes to ``vault.ways_in.take_passphrase``. WrongPassphrase, EmptyPassphrase, NotEnoughMemory.
        """
        return partial(self.vault.ways_in.derived, old, new, cost=self._means.cost)

    # -- profile and settings ---------------------------------------------------------------------------------

    def setting(self, name: str) -> Any:
        """A setting as plain data, or None if it was never kept."""
        return self.vault.setting(name)

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a setting, unless it is kept so already."""
        if self.vault.setting(name) != value:
            self.vault.keep_setting(name, value)

    def reviewer(self) -> "Reviewer":
        """The reviewer's profile."""
        return self.vault.reviewer()

    def keep_reviewer(self, reviewer: "Reviewer") -> None:
        """Keep the reviewer's profile."""
        self.vault.keep_reviewer(reviewer)

    def imro(self) -> "Imro":
        """The organisation as new cases name it; at first the one that ships."""
        from imr_desktop.casework.intake import organisation
        from imr_desktop.models.case import Imro
        from imr_desktop.models.plain import from_plain

        kept = self.vault.setting(_IMRO)
        return organisation() if kept is None else from_plain(kept, Imro)

    def keep_imro(self, imro: "Imro") -> None:
        """Keep the organisation for the cases to come."""
        from imr_desktop.models.plain import to_plain

        self.vault.keep_setting(_IMRO, to_plain(imro))

    # -- cases ------------------------------------------------------------------------------------------------

    @property
    def board(self) -> "Board":
        """The worklist of this vault, which remembers what it has made out."""
        from imr_desktop.casework.worklist import Board

        if self._board is None:
            self._board = Board(self.vault)
        return self._board

    def rows(self, *, archived: bool = False) -> "Rows":
        """The worklist as of today, archived cases only if they are wanted."""
        return self.board.rows(self._means.today(), archived=archived)

    def case(self, case_id: str) -> "Case":
        """One case of the vault as it stands."""
        return self.vault.case(case_id).read()

    def case_names(self) -> dict[str, str]:
        """What every case is called, by id: its number, else the worker's name; archived ones say so."""
        named = {case.id: case.header for case in self.vault.cases()}
        stored = {kept.case.id: kept.case.header for kept in self.vault.archived()}
        return {
            case_id: (header.case_number or header.employee.name or "Case without a number")
            + (" (archived)" if case_id in stored else "")
            for case_id, header in (named | stored).items()
        }

    def new_case(self) -> str:
        """Begin an empty case; gives its id."""
        from imr_desktop.models.case import CaseHeader, LetterText

        return self.vault.new_case(CaseHeader(), self.imro(), LetterText()).id

    def take_in(
        self,
        paths: Sequence[Path],
        into: str | None = None,
        keys: str | None = None,
        *,
        passwords: Sequence[str] = (),
        locked_too: bool = False,
    ) -> "Iterator[Progress]":
        """Make a case of files and folders, or add them to ``into``; a ``.json`` or ``.csv`` among them is its data.

        ``passwords`` and ``locked_too`` are for protected files, as ``intake.take_in`` has them.

        A package alone becomes the case that it holds; ``keys`` is the text of the age key file that opens it.
        """
        from imr_desktop.casework import intake
        from imr_desktop.casework.package_in import is_package, take_in_package

        if len(paths) == 1 and is_package(paths[0]) and into is None:
            yield from take_in_package(self.vault, paths[0], keys=keys)
            return
        # A new case takes the organisation that this vault keeps, unless its data names another.
        yield from intake.take_in(self.vault, paths, into=into, passwords=passwords, locked_too=locked_too)

    def desk(self, case_id: str) -> "Desk":
        """The desk of a case."""
        from imr_desktop.casework import attesting

        return attesting.desk(self.vault, case_id, self._means.now)

    def now(self) -> datetime:
        """The present moment (UTC)."""
        return self._means.now()

    def issue(
        self,
        desk: "Desk",
        who: "tuple[KeptIdentity | Hand, KeptIdentity | Hand]",
        folder: Path,
        read: str,
        clock: "Clock | None" = None,
    ) -> "Iterator[Progress | Issued]":
        """Issue a case into a folder, its submission sealed by the first of these, the others by the second.

        ``read`` is the digest of the determination whose final pages the reviewer says to have read (QC-76); ``clock``
        stamps the time, over the network.
        """
        from imr_desktop.casework.issue import Sealers, issue

        return issue(desk, self.reviewer(), Sealers(*who), folder, self._means.now(), read, clock)

    # -- identities -------------------------------------------------------------------------------------------

    def identity_lines(self) -> tuple[IdentityLine, ...]:
        """The signing identities with their state today."""
        from imr_desktop.casework import identities

        return tuple(
            IdentityLine(
                each.name,
                each.facts.subject,
                each.trial,
                each.facts.usable,
                each.facts.not_after.date(),
                each.facts.why_not,
                each.warning,
            )
            for each in identities.listed(self.vault, self._means.now())
        )

    def create_identity(self, name: str, organisation: str) -> str:
        """Make a trial identity of this name; gives the name it is kept by."""
        from imr_desktop.casework import identities

        kept = self._free_name(name)
        identities.create(self.vault, kept, name, organisation or name, self._means.now())
        return kept

    def bring_identity(self, path: Path, passphrase: str) -> str:
        """Bring in a PKCS#12 file under its own name; gives the name it is kept by."""
        from imr_desktop.casework import identities

        kept = self._free_name(path.stem)
        identities.take_in(self.vault, kept, path, passphrase, self._means.now())
        return kept

    def _free_name(self, name: str) -> str:
        taken = {kept.name for kept in self.vault.identities()}
        numbered = (f"{name} ({number})" for number in count(2))
        return next(each for each in chain((name,), numbered) if each not in taken)
