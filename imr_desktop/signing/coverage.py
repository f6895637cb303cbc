# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coverage: whether a signature vouches for every byte of a file but its own value, judged from the bytes alone."""

from collections.abc import Sequence


def covers_whole_file(pdf: bytes, byte_range: Sequence[int], contents: bytes) -> bool:
    """Whether the byte range leaves out exactly the signature's value, ``contents``, written in hexadecimal digits.

    pyHanko 0.38 calls a file covered when lengths add up, and does not look at what stands in the gap: a value written
    anew as a literal string takes half the room, and the other half can hold other pages
    (``tests/signing/test_forgery.py`` does it). With nothing but the value's own digits in the gap, the file is the
    signed one byte for byte, however a reader may parse it.
    """
    if len(byte_range) != 4:
        return False
    start, before, resumes, rest = (int(number) for number in byte_range)
    if start != 0 or not 0 < before < resumes or rest <= 0 or resumes + rest != len(pdf):
        return False
    gap = pdf[before:resumes]
    return gap.lower() == b"<" + contents.hex().encode() + b">"
