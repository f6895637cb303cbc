# SPDX-License-Identifier: AGPL-3.0-or-later
"""The means of the windows: the rooms below, each opened only when it is first needed, and the open vault."""

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imr_desktop.errors import Trouble

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.casework.issue import Issued
    from imr_desktop.casework.previewing import Preview
    from imr_desktop.casework.progress import Progress
    from imr_desktop.casework.worklist import Board, Rows
    from imr_desktop.models.case import Case, Imro
    from imr_desktop.models.determination import Determination
    from imr_desktop.models.records import PageSize
    from imr_desktop.models.reviewer import Reviewer
    from imr_desktop.records import Answer, Reader, Source
    from imr_desktop.records.process import Standby
    from imr_desktop.signing.hands import Hand
    from imr_desktop.signing.stamping import Clock
    from imr_desktop.storage import KdfCost, KeptIdentity, Opener, Salvaged, Unlocked, Vault
    from imr_desktop.storage.keyfile import KeyFile

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


class Means:
    """What a window may ask of the rooms below. Rooms are imported on first use: the window is there before them."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] | None = None,
        cost: "KdfCost | None" = None,
        remember: bool = True,
        reads: bool = True,
    ) -> None:
        self.now = now or (lambda: datetime.now(UTC))
        self.cost = cost
        self.remember = remember
        # Whether the machine begins to read by itself when a case is opened.
        self.reads = reads
        self._standby: Standby | None = None

    def today(self) -> date:
        """The calendar day where the reviewer is."""
        return self.now().astimezone().date()

    # -- the vault --------------------------------------------------------------------------------------------

    def vault_exists(self, folder: Path) -> bool:
        """Whether the folder holds a vault."""
        from imr_desktop.storage import Vault

        return Vault.exists(folder)

    def place_risk(self, folder: Path) -> str | None:
        """Why a vault should not be in this folder, as one sentence; None if nothing speaks against it."""
        from imr_desktop.storage import places

        return places.risk(folder)

    def ways_in(self, folder: Path) -> frozenset[str]:
        """The kinds of ways into the vault in a folder, as its key file names them; none if that cannot be read."""
        from imr_desktop.storage.keyfile import KeyFile
        from imr_desktop.storage.slots import facts

        try:
            return frozenset(slot.kind.value for slot in facts(KeyFile.read(folder)))
        except Trouble:
            # Opening will tell what is wrong.
            return frozenset()

    def unlock(self, folder: Path, key: "str | Opener") -> "Unlocked":
        """Derive the key of the vault in a folder, which takes half a second; done aside. Storage's Trouble."""
        from imr_desktop.storage import unlock

        return unlock(folder, key)

    def is_recovery(self, key: "str | Opener") -> bool:
        """Whether this is what opens a vault whose passphrase was forgotten."""
        from imr_desktop.storage import OrganisationKey, RecoveryCode

        return isinstance(key, RecoveryCode | OrganisationKey)

    def open_vault(self, folder: Path, by: "str | Opener | Unlocked") -> "Session":
        """Open the vault in a folder; storage's Trouble where that cannot be."""
        from imr_desktop.storage import Vault

        return Session(self, Vault.open(folder, by))

    def prepare_vault(self, passphrase: str) -> "Unlocked":
        """Derive the key of a vault that is to be made; done aside. EmptyPassphrase, NotEnoughMemory."""
        from imr_desktop.storage import prepared

        return prepared(passphrase, self.cost)

    def create_vault(self, folder: Path, made: "str | Unlocked") -> "Session":
        """Make a vault in a folder and open it; storage's Trouble where that cannot be."""
        from imr_desktop.casework import attesting
        from imr_desktop.storage import Vault

        vault = Vault.create(folder, made, cost=self.cost)
        attesting.ask(vault, True)
        return Session(self, vault)

    def rekey(self, folder: Path, passphrase: str) -> None:
        """Give a closed vault a new data key, which is done aside: WrongPassphrase, DiskFull, CannotWrite."""
        from imr_desktop.storage import Vault

        with Vault.open(folder, passphrase) as vault:
            vault.rekey(passphrase).close()

    def salvage(self, folder: Path, key: "str | Opener") -> "Salvaged":
        """Save what a damaged vault still gives; it is closed, so this is done aside. Storage's Trouble."""
        from imr_desktop.storage import salvage

        return salvage(folder, key)

    def open_demo(self) -> "Session":
        """The demo case in a throw-away vault, which is removed when it is closed."""
        from imr_desktop.casework import demo

        folder = Path(tempfile.mkdtemp(prefix="imr-desktop-demo-"))
        try:
            made = demo.make(folder / "vault", secrets.token_urlsafe(16), self.now())
            return Session(self, made, throw_away=folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    # -- reading and printing ---------------------------------------------------------------------------------

    def reader(
        self,
        source: "Callable[[str], Source]",
        answered: "Callable[[int, Answer], None]",
        passwords: Mapping[str, str] | None = None,
        sizes: "Callable[[str], Sequence[PageSize]]" = lambda _: (),
    ) -> "Reader":
        """A reader of pages over these sources; it lives in child processes and is to be closed."""
        from imr_desktop.records import Reader
        from imr_desktop.records.heap import keep_freed_memory

        keep_freed_memory()
        return Reader(source, answered, passwords=passwords, sizes=sizes, standby=self._standby)

    def warm_up_reader(self) -> None:
        """Have a process ready that reads pages, before a case is opened; done aside."""
        from imr_desktop.records.process import Standby

        self._standby = self._standby or Standby()
        self._standby.prepare()

    def render(self, determination: "Determination", rendition: str) -> bytes:
        """The letter's PDF; touches nothing but what it is given, so it may run aside."""
        from imr_desktop.casework import finishing
        from imr_desktop.letter import Rendition

        return finishing.printed(determination, Rendition(rendition))

    def preview(self, determination: "Determination", rendition: str, last_look: str) -> "Preview":
        """The letter with where its lines come from and what changed since the last look; it may run aside."""
        from imr_desktop.casework.previewing import preview
        from imr_desktop.letter import Rendition

        return preview(determination, Rendition(rendition), last_look)

    def warm_up_signing(self) -> None:
        """Import what identities need; done aside, while the reviewer still reads."""
        import imr_desktop.casework.identities  # noqa: F401

    def warm_up_issuing(self) -> None:
        """Import what issuing needs; done aside, while the reviewer still reads what will be signed."""
        import imr_desktop.casework.issue  # noqa: F401


class Session:
    """An open vault, and what the windows keep in it or ask of it."""

    def __init__(self, means: Means, vault: "Vault", *, throw_away: Path | None = None) -> None:
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
