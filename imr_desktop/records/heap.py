# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping freed memory for the next drawn page, instead of getting it from the system anew each time."""

import contextlib
import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST = 32 << 20
_KEPT = 64 << 20


def keep_freed_memory() -> None:
    """Let the C library keep up to 64 MB of what is freed; blocks above 32 MB still go back at once (mallopt(3)).

    A letter page at 150 dpi is 8.4 MB, and passes through four such blocks on its way to the screen. Faulting them in
    anew took longer than drawing the page. Where the C library is another one, nothing is done.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):
            library = ctypes.CDLL(None)
            library.mallopt(_MMAP_THRESHOLD, _LARGEST)
            library.mallopt(_TRIM_THRESHOLD, _KEPT)
