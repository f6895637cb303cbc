# SPDX-License-Identifier: AGPL-3.0-or-later
"""Proofreading: the words of the finished PDF are read back and compared with what was composed."""

import hashlib
from collections.abc import Callable, Sequence

from imr_desktop import letter
from imr_desktop.casework.published import lines_of
from imr_desktop.errors import Trouble
from imr_desktop.letter import Rendition
from imr_desktop.models.determination import Determination
from imr_desktop.models.names import stands_in
from imr_desktop.models.records import TextLine


class PrintDiffers(Trouble):
    """The finished PDF does not say what the determination says."""

    default_advice = "Do not send it. Change the words near this place, print again, and report what happened."


class IdentityLeaks(Trouble):
    """The finished PDF carries the reviewer's identity (LC 4610.6(f))."""

    default_advice = "Remove the reviewer's name, licence number and contact from the case's texts, then print again."


Lines = Callable[[bytes], Sequence[Sequence[TextLine]]]


def proofread(pdf: bytes, determination: Determination, rendition: Rendition, lines_of: Lines = lines_of) -> str:
    """Compare a finished letter's words with the determination's; gives the file's SHA-256.

    ``lines_of`` reads the lines of a PDF, for who has a reading process at hand.
    PrintDiffers names the first place that differs, IdentityLeaks a letter that would tell who the reviewer is.
    """
    composed = "".join(letter.printed_words(determination, rendition))
    lines = [line.text for page in lines_of(pdf) for line in page]
    body = [line for line in lines if not letter.is_furniture(line, determination)]
    printed = "".join("".join(body).split())
    if composed != printed:
        at = next((i for i, (a, b) in enumerate(zip(composed, printed, strict=False)) if a != b), len(printed))
        raise PrintDiffers(
            f"The printed letter differs from the determination near “{composed[max(0, at - 40) : at + 20]}”."
        )
    if rendition is not Rendition.SUBMISSION:
        whole = " ".join(lines)
        for identity in determination.reviewer.identifying():
            if stands_in(whole, identity, determination.case.named()):
                raise IdentityLeaks("The letter carries the reviewer's identity.")
    return hashlib.sha256(pdf).hexdigest()
