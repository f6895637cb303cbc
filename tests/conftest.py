# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every test: no network, no screen but an off-screen one, no vault of the person who runs them."""

import os
from collections.abc import Iterator

import pytest

from imr_desktop.signing.tokens import Token
from tests.kit import no_network, softtoken

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _name in ("IMR_DESKTOP_VAULT", "IMR_DESKTOP_PASSPHRASE", "IMR_DESKTOP_DEBUG"):
    os.environ.pop(_name, None)
os.environ["IMR_DESKTOP_TABLES"] = os.devnull  # no table of the person who runs them either


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        no_network.refuse(patch)
        yield


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    """A token in software; what needs it is skipped where there is none."""
    return softtoken.made_in(tmp_path_factory.mktemp("token"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first: the suite runs file by file on several workers, and the last ones should be short."""
    slow = ("torture", "flows", "ui", "casework", "cli")
    items.sort(key=lambda item: next((at for at, each in enumerate(slow) if f"/{each}/" in item.path.as_posix()), 9))
