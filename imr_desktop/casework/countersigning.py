# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done to a letter after it was sealed: a second signature, a time stamp. The sealed file stays as it is."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from imr_desktop.casework.files import replace_whole
from imr_desktop.casework.identities import CannotReadFile
from imr_desktop.casework.issue import AlreadyThere, shown
from imr_desktop.casework.progress import Progress, meanwhile
from imr_desktop.letter.cover import DIRECTOR
from imr_desktop.signing import sealing, stamping
from imr_desktop.signing.hands import Hand
from imr_desktop.signing.stamping import Clock

_SAID = ("Countersigned by the Medical Director", "California")


@dataclass(frozen=True, slots=True)
class Signed:
    """The new file, its digest (SHA-256), and whether what shows that nothing was revoked is in it; None unstamped."""

    path: Path
    sha256: str
    lasting: bool | None


def sign(
    sealed: bytes, to: Path, when: datetime, *, director: Hand | None = None, clock: Clock | None = None
) -> Iterator[Progress | Signed]:
    """Write a sealed letter as a new file, countersigned in the Medical Director's place, its time stamped, or both.

    AlreadyThere, UnusableIdentity, CannotSeal, CannotStamp; then there is no new file.
    """
    if to.exists():
        raise AlreadyThere(f"There is a file {to.name} already.", place=str(to))
    made, lasting = sealed, None
    if director is not None:
        made = yield from meanwhile(partial(_countersigned, director, sealed, when), Progress(0, 2, "Countersigning"))
    if clock is not None:
        ask = partial(stamping.stamp, made, clock.server, clock.trust_roots)
        stamped = yield from meanwhile(ask, Progress(1, 2, "Asking for the time"), abandon=True)
        made, lasting = stamped.pdf, stamped.lasting
    replace_whole(to, made)
    yield Signed(to, hashlib.sha256(made).hexdigest(), lasting)


def read(file: Path) -> bytes:
    """The bytes of a sealed file; CannotReadFile."""
    try:
        return file.read_bytes()
    except OSError as why:
        raise CannotReadFile(f"{file} could not be read ({why.strerror}).", place=str(file)) from why


def _countersigned(hand: Hand, sealed: bytes, when: datetime) -> bytes:
    face = shown(hand, _SAID[0], when)
    return sealing.countersign(hand, sealed, field=DIRECTOR, said=_SAID, when=when, appearance=face.pdf)
