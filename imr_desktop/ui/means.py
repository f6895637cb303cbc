# SPDX-License-Identifier: AGPL-3.0-or-later
"""The means of the windows: the rooms below, each opened only when it is first needed."""

import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imr_desktop.casework.previewing import Preview
    from imr_desktop.models.determination import Determination
    from imr_desktop.models.records import PageSize
    from imr_desktop.records import Answer, Reader, Source
    from imr_desktop.records.process import Standby
    from imr_desktop.storage import KdfCost, Opener, Salvaged, Unlocked
    from imr_desktop.ui.session import Session

_one_at_a_time = threading.Lock()


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

    def warm_up(self) -> None:
        """Open the rooms that the worklist of an open vault needs: done aside, while the passphrase is typed.

        Whoever needs one of these rooms before the vault is open calls this first: two threads that import one room at
        the same moment may each come upon the other's half of it.
        """
        with _one_at_a_time:
            import imr_desktop.casework.attesting
            import imr_desktop.casework.backups
            import imr_desktop.casework.worklist
            import imr_desktop.storage
            import imr_desktop.ui.session  # noqa: F401
            from imr_desktop.casework.kept_worklist import counted_by
            from imr_desktop.models.deadlines import state_holidays

            counted_by(state_holidays())  # reads the tables that the due days follow from

    def vault_exists(self, folder: Path) -> bool:
        """Whether the folder holds a vault."""
        self.warm_up()
        from imr_desktop.storage import Vault

        return Vault.exists(folder)

    def place_risk(self, folder: Path) -> str | None:
        """Why a vault should not be in this folder, as one sentence; None if nothing speaks against it."""
        from imr_desktop.storage import places

        return places.risk(folder)

    def ways_in(self, folder: Path) -> frozenset[str]:
        """The kinds of ways into the vault in a folder, as its key file names them; none if that cannot be read."""
        self.warm_up()
        from imr_desktop.storage import kinds

        return frozenset(kind.value for kind in kinds(folder))

    def unlock(self, folder: Path, key: "str | Opener") -> "Unlocked":
        """Derive the key of the vault in a folder, which takes half a second; done aside. Storage's Trouble."""
        self.warm_up()
        from imr_desktop.storage import unlock

        return unlock(folder, key)

    def is_recovery(self, key: "str | Opener") -> bool:
        """Whether this is what opens a vault whose passphrase was forgotten."""
        from imr_desktop.storage import OrganisationKey, RecoveryCode

        return isinstance(key, RecoveryCode | OrganisationKey)

    def open_vault(self, folder: Path, by: "str | Opener | Unlocked") -> "Session":
        """Open the vault in a folder, its pages still to be read through; storage's Trouble where that cannot be."""
        from imr_desktop.storage import Vault
        from imr_desktop.ui.session import Session

        return Session(self, Vault.open(folder, by, read_through=False))

    def prepare_vault(self, passphrase: str) -> "Unlocked":
        """Derive the key of a vault that is to be made; done aside. EmptyPassphrase, NotEnoughMemory."""
        self.warm_up()
        from imr_desktop.storage import prepared

        return prepared(passphrase, self.cost)

    def create_vault(self, folder: Path, made: "str | Unlocked") -> "Session":
        """Make a vault in a folder and open it; storage's Trouble where that cannot be."""
        from imr_desktop.casework import attesting
        from imr_desktop.storage import Vault
        from imr_desktop.ui.session import Session

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
        self.warm_up()
        from imr_desktop.storage import salvage

        return salvage(folder, key)

    def open_demo(self) -> "Session":
        """The demo case in a throw-away vault, which is removed when it is closed."""
        self.warm_up()
        import secrets

        from imr_desktop.casework import demo
        from imr_desktop.ui.session import Session

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
