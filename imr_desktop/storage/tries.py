# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wrong passphrases: after the third in a row each costs a longer wait, kept across restarts and never above a cap."""

import contextlib
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

from imr_desktop.errors import Trouble
from imr_desktop.storage import files
from imr_desktop.storage.troubles import TooSoon

FREE: Final = 3
"""How many wrong passphrases in a row cost no wait."""
LONGEST: Final = 300.0
"""The longest wait, in seconds."""
_FILE = "vault.tries"

Clock = Callable[[], float]


class Tries:
    """The count of wrong passphrases in ``vault.tries``. It slows a person at the keyboard; Argon2id slows a program.

    Whoever can write the vault's folder can remove the file, so it is no protection of a stolen disk.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / _FILE
        self._clock = clock

    def refuse_haste(self) -> None:
        """TooSoon while the wait of the last wrong passphrase is not over."""
        left = self.left()
        if left > 0:
            raise TooSoon(left)

    def left(self) -> float:
        """The seconds still to wait, 0 if none."""
        count, last = self._read()
        if count < FREE:
            return 0.0
        waited = self._clock() - last
        if waited < 0:
            # The clock was put back: wait from now on, so that no clock can lock anybody out for longer than the cap.
            self._write(count)
            waited = 0.0
        return max(0.0, min(LONGEST, 2.0 ** (count - FREE)) - waited)

    def wrong(self) -> None:
        """Count a wrong passphrase."""
        self._write(min(self._read()[0] + 1, 64))

    def right(self) -> None:
        """Forget the wrong ones."""
        files.remove(self._path)

    def _read(self) -> tuple[int, float]:
        try:
            whole = json.loads(self._path.read_bytes())
            count, last = int(whole["wrong"]), float(whole["last"])
        except (OSError, ValueError, TypeError, KeyError, OverflowError):
            return 0, 0.0
        return (count, last) if count >= 0 and math.isfinite(last) else (0, 0.0)

    def _write(self, count: int) -> None:
        # A full disk must not keep the right passphrase out.
        with contextlib.suppress(Trouble):
            files.write_whole(self._path, [json.dumps({"wrong": count, "last": self._clock()}).encode()])
