# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said of a PDF that was verified: the verdict, and the facts it rests on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """What can be said of a PDF as a document."""

    INTACT_CONFIRMED = "intact, signer confirmed"
    INTACT_UNCONFIRMED = "intact, signer not confirmed"
    WAITING = "intact so far, a signature is missing"
    BROKEN = "changed or invalid"
    UNSIGNED = "not signed"
    NOT_VERIFIED = "not verified"


@dataclass(frozen=True, slots=True)
class StampFacts:
    """A time stamp: whose, for when, and whether a certificate that is trusted vouches for the one who stamped."""

    authority: str
    at: datetime
    trusted: bool


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What one signature says and how it was found; ``signed_at`` is the signer's own clock.

    ``covers_whole_file``: it vouches for all bytes of its part, and with those after it for all of the file.
    ``fault`` says why a signature that fits is still none to rely on, ``doubt`` why the signer is not confirmed.
    """

    field: str
    signer: str
    issuer: str
    signed_at: datetime | None
    intact: bool
    covers_whole_file: bool
    certified: bool
    unchanged: bool
    trusted: bool
    revocation: str = "not checked offline"
    fault: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a document, in a status, in sentences, and signature by signature; SHA-256 of the file.

    ``stamps`` are the time stamps over the whole document, ``waiting`` the fields that nobody has signed yet.
    """

    status: Status
    sentences: tuple[str, ...]
    signatures: tuple[SignatureFacts, ...]
    sha256: str
    stamps: tuple[StampFacts, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether every signature holds over the whole, unchanged document, whoever signed."""
        return self.status in (Status.INTACT_CONFIRMED, Status.INTACT_UNCONFIRMED)
