# SPDX-License-Identifier: AGPL-3.0-or-later
"""The client's own letter comes out with every word of it, in order."""

from collections.abc import Callable
from typing import Any

import pytest

from imr_desktop import letter
from imr_desktop.letter import Rendition
from imr_desktop.models.determination import Determination

Print = Callable[[Determination, Rendition], Any]


def test_the_public_copy_is_the_clients_letter_below_its_table(
    seed: Determination, seed_text: str, printed: Print
) -> None:
    words = printed(seed, Rendition.PUBLIC).words
    assert words[words.index("HOW") :] == seed_text.split()


@pytest.mark.parametrize("rendition", Rendition)
def test_every_word_of_it_stands_in_order_in_each_rendition(
    rendition: Rendition, seed: Determination, seed_text: str, printed: Print
) -> None:
    words = iter(printed(seed, rendition).words)
    missing = [word for word in seed_text.split() if word not in words]
    assert missing == []


@pytest.mark.parametrize("rendition", Rendition)
def test_the_pages_say_what_was_composed_and_nothing_else(
    rendition: Rendition, seed: Determination, printed: Print
) -> None:
    assert tuple(printed(seed, rendition).words) == letter.printed_words(seed, rendition)
