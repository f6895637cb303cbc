# SPDX-License-Identifier: AGPL-3.0-or-later
"""An outcome that is not written as letters write it is told, and never taken for a part of the text."""

from pathlib import Path

import pytest

from imr_desktop.errors import Trouble
from imr_desktop.letter import published

SAMPLES = Path(__file__).parent.parent / "samples" / "determinations"
LETTER = (SAMPLES / "CM16-0232543.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        ("Pepcid 20mg: Upheld", "Pepcid 20mg - OVERTURNED"),
        ("Pepcid 20mg: Upheld", "Pepcid 20mg: Partially Overturned"),
        ("Pepcid 20mg: Upheld", "Pepcid 20mg: Overturn"),
    ],
)
def test_an_outcome_in_other_words_is_told(printed: str, other: str) -> None:
    assert printed in LETTER
    with pytest.raises(Trouble) as told:
        published.from_text(LETTER.replace(printed, other))
    assert told.value.advice


def test_a_letter_without_any_known_outcome_is_trouble_and_no_bug() -> None:
    for before, after in ((": Upheld", ": Uphold"), (": Overturned", ": Overturn")):
        changed = LETTER.replace(before, after)
    with pytest.raises(Trouble):
        published.from_text(changed.replace(": Upheld", ": Uphold"))
