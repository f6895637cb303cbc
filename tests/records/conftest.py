# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from imr_desktop.records import Caps, Reader
from tests.kit.pdfs import Files

OpenReader = Callable[..., Reader]


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def open_reader(files: Files) -> Iterator[OpenReader]:
    opened: list[Reader] = []

    def make(caps: Caps | None = None, answered: Any = None) -> Reader:
        opened.append(Reader(files, answered, caps=caps or Caps()))
        return opened[-1]

    yield make
    for reader in opened:
        reader.close()


@pytest.fixture(scope="module")
def kept() -> Files:
    """The files of a module's tests, all read by one reader."""
    return Files()


@pytest.fixture(scope="module")
def reader(kept: Files) -> Iterator[Reader]:
    with Reader(kept) as reader:
        yield reader
