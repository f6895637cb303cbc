# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reviewer: a name that stays inside the organisation, and credentials that the letter discloses."""

from dataclasses import dataclass
from enum import StrEnum


class CredentialStyle(StrEnum):
    """Whether the letter states credentials as a block of lines or within the sentence."""

    BLOCK = "block"
    INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the parties may know of the reviewer: qualifications, never a name (LC 4610.6(f))."""

    states_of_licensure: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    board_certified: bool = False
    credential_style: CredentialStyle = CredentialStyle.BLOCK


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The reviewer's profile. ``practice_attestation``: over five years and at least 24 hours a week (LC 139.5)."""

    name: str = ""
    licence: str = ""
    email: str = ""
    phone: str = ""
    credentials: Credentials = Credentials()
    practice_attestation: bool = False

    def identifying(self) -> tuple[str, ...]:
        """Every text by which the reviewer could be known; none may appear in what parties or public receive."""
        return tuple(text for text in (self.name, self.email, self.phone, self.licence_number()) if text.strip())

    def licence_number(self) -> str:
        """The licence where it is a number; a licence named by its profession identifies nobody."""
        return self.licence if any(mark.isdigit() for mark in self.licence) else ""
