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
_MOST_TRIED: Final = 40


def remake(path: Path, key: keys.Key, salt: bytes) -> int:
    """Mend every page of a database file as far as can be, and give it its salt; gives how many pages were bad.

    A single flipped bit is found and turned back, which the checksum proves. Any other page gets a checksum that fits
    what it holds; what was changed in it decrypts to noise, and the rows that it held must be judged one by one.
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
            start = _SALT if number == 1 else 0
            told, mac = bytearray(page[start:-_MAC]), page[-_MAC:]
            number_told = struct.pack("<I", number)
            fits = hmac.digest(mac_key, bytes(told) + number_told, "sha512")
            if fits != mac:
                bad += 1
                if bad <= _MOST_TRIED and _turn_back(told, number_told, mac, mac_key):
                    fits = mac
                file.seek((number - 1) * _PAGE + start)
                file.write(bytes(told) + fits)
            number += 1
        # Half a page at the end is of no use and would make the whole file look broken.
        file.truncate((number - 1) * _PAGE)
    return bad


def _turn_back(told: bytearray, number: bytes, mac: bytes, mac_key: bytes) -> bool:
    """Find the one bit whose turning makes the page what its checksum says; leaves it turned. About 0.3 s."""
    told += number
    try:
        for at in range(len(told) - len(number)):
            for bit in range(8):
                told[at] ^= 1 << bit
                if hmac.digest(mac_key, told, "sha512") == mac:
                    return True
                told[at] ^= 1 << bit
        return False
    finally:
        del told[-len(number) :]
