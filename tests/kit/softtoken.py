# SPDX-License-Identifier: AGPL-3.0-or-later
"""A token in software (SoftHSM2), one for the whole run: its key "signing" has no certificate on it, "director" has.

The PIN stands nowhere as it is typed: a test looks for it in this process's memory. Whatever needs it whole runs in a
process of its own, which is this module run as a program.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from imr_desktop.signing import identities
from imr_desktop.signing.pins import Pin
from imr_desktop.signing.tokens import Token

_MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
_NIP = "krauQ-4717-gisieZ"
_PIECE = 1 << 20
LABEL, BARE, WHOLE = "office", "signing", "director"


def marks() -> Iterator[str]:
    """The PIN, character by character, as it is typed."""
    return reversed(_NIP)


def backwards() -> str:
    """The PIN from its end, by which a test can look for it without holding it."""
    return _NIP


def pin() -> Pin:
    """The right PIN; it is wiped when it is used."""
    made = Pin()
    for mark in marks():
        made.add(mark)
    return made


def in_memory() -> int:
    """At how many places of this process's memory the PIN stands, in UTF-8 or as Qt writes texts."""
    found = 0
    needles = [_NIP.encode(code) for code in ("utf-8", "utf-16-be")]
    with Path("/proc/self/maps").open() as maps, Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if "rw" not in rights or "[v" in line:
                continue
            begin, end = (int(each, 16) for each in span.split("-"))
            for at in range(begin, end, _PIECE):
                try:
                    memory.seek(at)
                    piece = memory.read(min(_PIECE + 64, end - at))
                except (OSError, OverflowError):
                    continue
                # Both turned round, so that what is looked for is not itself found.
                turned = piece[::-1]
                found += sum(turned.count(needle) for needle in needles)
                del turned, piece
    return found


def made_in(place: Path) -> Token:
    """A token in a folder, for the rest of this process; skips the test where there is no SoftHSM2."""
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
    module = next((Path(each) for each in _MODULES if Path(each).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM2 is not installed")
    (place / "tokens").mkdir()
    (place / "softhsm2.conf").write_text(f"directories.tokendir = {place / 'tokens'}\nobjectstore.backend = file\n")
    # Read when the driver is loaded, which happens once in a process.
    os.environ["SOFTHSM2_CONF"] = str(place / "softhsm2.conf")
    root = Path(__file__).parents[2]
    program = [sys.executable, "-m", "tests.kit.softtoken", str(module), str(place)]
    subprocess.run(program, check=True, capture_output=True, cwd=root)
    return Token(module, LABEL, BARE, place / "office.pem")


def _fill(module: str, place: Path) -> None:
    import pkcs11

    since = datetime(2014, 1, 1, tzinfo=UTC)
    made = identities.create("Office of Independent Review", "Example Organization", now=since, valid_days=9000)
    (place / "office.pem").write_bytes(identities.certificate_pem(made.pkcs12, made.secret))
    key = place / "key.pem"
    key.write_bytes(
        identities.opened(made.pkcs12, made.secret).key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    whole = "".join(marks())
    run = ["softhsm2-util", "--pin", whole]
    subprocess.run([*run, "--init-token", "--free", "--label", LABEL, "--so-pin", "1234"], check=True)
    for number, label in enumerate((BARE, WHOLE), 1):
        names = ["--token", LABEL, "--label", label, "--id", f"0{number}"]
        subprocess.run([*run, "--import", str(key), *names], check=True)
    key.unlink()
    with pkcs11.lib(module).get_token(token_label=LABEL).open(rw=True, user_pin=whole) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.PRIVATE: False,
                pkcs11.Attribute.LABEL: WHOLE,
                pkcs11.Attribute.ID: b"\x02",
                pkcs11.Attribute.SUBJECT: b"",
                pkcs11.Attribute.VALUE: made.certificate_der,
            }
        )


if __name__ == "__main__":
    _fill(sys.argv[1], Path(sys.argv[2]))
