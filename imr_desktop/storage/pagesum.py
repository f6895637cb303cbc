# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keyed checksums of SQLCipher's pages, made anew over damaged pages of a copy so that the rest can be read.

SQLCipher 4 with a raw key: pages of 4096 bytes; the last 80 of each are a 16-byte IV and an HMAC-SHA512 over
ciphertext, IV and page number, under a key made from the raw key and the file's first 16 bytes, which are its salt.
"""

import hashlib
import hmac
import struct
from pathlib import Path
from typing import Final

from imr_desktop.storage import keys

_PAGE: Final = 4096
_MAC: Final = 64
_SALT: Final = 16
_MASK: Final = 0x3A


def remake(path: Path, key: keys.Key, salt: bytes) -> int:
    """Give every page of a database file a checksum that fits, and the file its salt; gives how many pages were bad.

    What was changed within such a page decrypts to noise: the rows that it held must be judged one by one.
    """
    bad = 0
    with path.open("rb+") as file:
        if salt:
            file.write(salt[:_SALT])
        file.seek(0)
        own = file.read(_SALT)
        mac_key = hashlib.pbkdf2_hmac("sha512", bytes(key), bytes(byte ^ _MASK for byte in own), 2, keys.KEY_BYTES)
        number = 1
        file.seek(0)
        while len(page := file.read(_PAGE)) == _PAGE:
            told = page[_SALT if number == 1 else 0 : -_MAC]
            mac = hmac.new(mac_key, told + struct.pack("<I", number), hashlib.sha512).digest()
            if mac != page[-_MAC:]:
                bad += 1
                file.seek(number * _PAGE - _MAC)
                file.write(mac)
                file.seek(number * _PAGE)
            number += 1
        # Half a page at the end is of no use and would make the whole file look broken.
        file.truncate((number - 1) * _PAGE)
    return bad
