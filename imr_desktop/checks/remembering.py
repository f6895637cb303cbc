# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers kept between checks, so that a check after one edit asks only what the edit changed; forgotten on request."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 20_000
_forgets: list[Callable[[], None]] = []


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """A function of texts alone that keeps what it answered, until ``forget``."""
    kept = functools.lru_cache(maxsize=_MOST)(function)
    _forgets.append(kept.cache_clear)

    @functools.wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        return kept(*args, **kwargs)  # type: ignore[arg-type]

    return ask


def forget() -> None:
    """Forget every answer: no words of a case stay in memory after it was closed."""
    for clear in _forgets:
        clear()
