# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done to a letter after it was sealed: a second signature, a time stamp. The sealed file stays as it is."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from imr_desktop.casework.files import replace_whole
from imr_desktop.casework.identities import CannotReadFile
from imr_desktop.casework.issue import AlreadyThere, shown
from imr_desktop.letter.cover import DIRECTOR
from imr_desktop.signing import sealing, stamping
from imr_desktop.signing.hands import Hand

_SAID = ("Countersigned by the Medical Director", "California")


def countersign(hand: Hand, file: Path, to: Path, when: datetime) -> None:
    """Write the reviewer's submission, countersigned in the Medical Director's place, as a new file.

    CannotReadFile, AlreadyThere, UnusableIdentity, CannotSeal.
    """
    sealed = _read(file)
    _free(to)
    face = shown(hand, _SAID[0], when)
    made = sealing.countersign(hand, sealed, field=DIRECTOR, said=_SAID, when=when, appearance=face.pdf)
    replace_whole(to, made)


def stamp(file: Path, to: Path, server: str, trust_roots: Sequence[bytes]) -> bool:
    """Write a sealed letter with its time stamped by a server as a new file; whether the proof of it will last.

    CannotReadFile, AlreadyThere, CannotStamp.
    """
    sealed = _read(file)
    _free(to)
    stamped = stamping.stamp(sealed, server, trust_roots)
    replace_whole(to, stamped.pdf)
    return stamped.lasting


def _free(to: Path) -> None:
    if to.exists():
        raise AlreadyThere(f"There is a file {to.name} already.", place=str(to))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as why:
        raise CannotReadFile(f"{file} could not be read ({why.strerror}).", place=str(file)) from why
