# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trouble: something that the reviewer can act on, told in two sentences."""

from typing import ClassVar


class Trouble(Exception):
    """The world is not as the work needs it: says what happened and what to do about it.

    ``happened`` and ``advice`` are whole sentences. ``place`` names where: a file, a page, a field of a JSON file.
    Everything that is not a Trouble is a bug of ours.
    """

    default_advice: ClassVar[str] = "Try again; if it happens again, write down what you did and ask for help."

    def __init__(self, happened: str, advice: str | None = None, *, place: str | None = None) -> None:
        self.happened = happened
        self.advice = advice or self.default_advice
        self.place = place
        super().__init__(f"{self.happened} {self.advice}")
