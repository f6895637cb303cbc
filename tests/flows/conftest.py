# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole cases through the window: started as everywhere, on a day that fits the demo case."""

from datetime import UTC, datetime

import pytest

from imr_desktop.ui.means import Means
from tests.ui.conftest import CHEAP, folder, make_pdf, start

__all__ = ["folder", "make_pdf", "means", "start"]


@pytest.fixture
def means() -> Means:
    """The rooms below, on a day on which the demo case is being decided, with cheap keys."""
    return Means(now=lambda: datetime(2024, 8, 26, 18, tzinfo=UTC), cost=CHEAP, reads=False)
