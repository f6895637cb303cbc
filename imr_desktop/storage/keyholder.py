# SPDX-License-Identifier: AGPL-3.0-or-later
"""The operating system's keyring as a holder of one key; only home of ``keyring``, which may be absent or locked."""

import base64
import binascii
from typing import Final

from imr_desktop.storage import keys
from imr_desktop.storage.troubles import NoKeyring

SERVICE: Final = "IMR Desktop vault"


def keep(name: str, key: keys.Key) -> None:
    """Give the keyring a key to hold, and see that it gives the same back; NoKeyring."""
    import keyring

    text = base64.b64encode(key).decode()
    try:
        keyring.set_password(SERVICE, name, text)
        held = keyring.get_password(SERVICE, name)
    except Exception as error:
        # Backends raise whatever their system's library raises, and none of it is worth more than this sentence.
        raise NoKeyring("The operating system's keyring cannot be used.") from error
    if held != text:
        raise NoKeyring("The operating system's keyring did not keep the key.")


def held(name: str) -> bytearray:
    """The key that the keyring holds under this name; NoKeyring if it is absent, locked or empty."""
    import keyring

    try:
        text = keyring.get_password(SERVICE, name)
        if text is not None:
            return bytearray(base64.b64decode(text, validate=True))
    except binascii.Error as error:
        raise NoKeyring("The operating system's keyring holds something else in the key's place.") from error
    except Exception as error:
        raise NoKeyring("The operating system's keyring cannot be used.") from error
    raise NoKeyring("The operating system's keyring does not hold this vault's key.")


def forget(name: str) -> None:
    """Take a key out of the keyring as far as it lets us; without its slot the key opens nothing."""
    import contextlib

    import keyring

    with contextlib.suppress(Exception):
        keyring.delete_password(SERVICE, name)


def there() -> bool:
    """Whether this computer has a keyring that could hold a key; does not ask it for anything."""
    import keyring
    import keyring.backends.fail

    try:
        return not isinstance(keyring.get_keyring(), keyring.backends.fail.Keyring)
    except Exception:
        return False
