# SPDX-License-Identifier: AGPL-3.0-or-later
"""The short form is part of the suite; IMR_TORTURE=1 makes the long one. Each test tells its figures at the end."""

import os
from collections.abc import Callable, Iterator

import pytest

LONG = os.environ.get("IMR_TORTURE") == "1"


@pytest.fixture
def many() -> Callable[[int, int], int]:
    """How often: the first number in the short form, the second in the long one."""
    return lambda short, long: long if LONG else short


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Keep a line of figures to be printed when everything is over."""
    return lambda line: record_property("figures", line)


def _told(reporter: pytest.TerminalReporter) -> Iterator[str]:
    for report in reporter.getreports("passed") + reporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", ()):
            if name == "figures":
                yield str(value)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures."""
    told = list(dict.fromkeys(_told(terminalreporter)))
    if told:
        terminalreporter.section("figures of the torture, long form" if LONG else "figures of the torture, short form")
        for line in told:
            terminalreporter.write_line(line)
