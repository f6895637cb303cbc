# SPDX-License-Identifier: AGPL-3.0-or-later
"""Age encryption of what leaves the vault for one reader: only who holds the recipient's key can open it."""

import pyrage

from imr_desktop.errors import Trouble
from imr_desktop.storage.troubles import NotARecipient

MAGIC = b"age-encryption.org/v1"


class NotForYou(Trouble):
    """The age key given does not open the file."""

    default_advice = "Give the key file of the recipient to whom it was encrypted (AGE-SECRET-KEY-1…)."


def encrypted(data: bytes, recipients: tuple[str, ...]) -> bytes:
    """Data that only the holders of these recipients' keys (age1…) can open; NotARecipient."""
    try:
        known = [pyrage.x25519.Recipient.from_str(each.strip()) for each in recipients]
    except pyrage.RecipientError as error:
        raise NotARecipient("This is not an age recipient.") from error
    sealed: bytes = pyrage.encrypt(data, known)
    return sealed


def opened(data: bytes, keys: str) -> bytes:
    """What was encrypted to one of these keys (the text of an age key file); NotForYou."""
    identities = []
    for line in keys.splitlines():
        told = line.strip()
        if told and not told.startswith("#"):
            try:
                identities.append(pyrage.x25519.Identity.from_str(told.upper()))
            except pyrage.IdentityError as error:
                raise NotForYou("The file given holds no age key.") from error
    if not identities:
        raise NotForYou("The file given holds no age key.")
    try:
        clear: bytes = pyrage.decrypt(data, identities)
    except pyrage.DecryptError as error:
        raise NotForYou("The package was encrypted to another key, or it is damaged.") from error
    return clear
