# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coverage: whether a signature vouches for every byte up to its end but its own value, judged from the bytes alone."""

from collections.abc import Sequence


def covered_to(pdf: bytes, byte_range: Sequence[int], contents: bytes) -> int:
    """Up to which byte the signature vouches for everything but its own value, ``contents``; 0 if it leaves a gap.

    pyHanko 0.38 calls a file covered when lengths add up, and does not look at what stands in the gap: a value written
    anew as a literal string takes half the room, and the other half can hold other pages
    (``tests/signing/test_forgery.py`` does it). With nothing but the value's own hexadecimal digits in the gap, those
    bytes are the signed ones one by one, however a reader may parse them.
    """
    if len(byte_range) != 4:
        return 0
    start, before, resumes, rest = (int(number) for number in byte_range)
    if start != 0 or not 0 < before < resumes or rest <= 0 or resumes + rest > len(pdf):
        return 0
    if pdf[before:resumes].lower() != b"<" + contents.hex().encode() + b">":
        return 0
    # What was signed was a whole file then: a revision that ends elsewhere is somebody's cut.
    return resumes + rest if pdf[: resumes + rest].rstrip(b"\r\n").endswith(b"%%EOF") else 0
