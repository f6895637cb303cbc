# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from imr_desktop.models.names import stands_in


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("Decided by Ana María Núñez-Soto, M.D., on this day.", "NUNEZ SOTO, ANA MARIA", True),
        ("Soto was examined. Later Ana spoke with Maria Nunez of the clinic.", "Ana Maria Nunez-Soto", False),
        ("sent the file to an expert reviewer", "Reviewer R", False),
        ("the expert R. Reviewer decided", "Reviewer R", True),
        ("Licence SYN-A-000001.", "SYN-A-000001", True),
        ("write to ana.nunez@example.org", "ana.nunez@example.org", True),
        ("Dr. M.D.", "Dr.", False),
        ("", "Ana", False),
        ("Dr. Quixotequartz reviewed the file.", "Zebulon Quixotequartz", True),
        ("Z. Quixotequartz decided.", "Zebulon Quixotequartz, M.D.", True),
        ("A young female was examined by a soto.", "Ana Young", False),
        ("License A 98765 of the board", "A98765", True),
        ("dr kowalska reviewed the file", "Maria Kowalska", True),
        ("signed by kowalska, md", "Maria Kowalska", True),
        ("Dr. Kowalksa reviewed the file", "Maria Kowalska", True),
        ("maria kovalska decided", "Maria Kowalska", True),
        ("Dr. Kowal treated him; kowalska is a word here", "Maria Kowalska", False),
        ("he did the sort of work", "Ana Soto", False),
        ("at L4-5 and L5-S1 with 10/325 mg", "A1", False),
    ],
)
def test_a_name_is_found_where_it_is_told_and_nowhere_else(text: str, name: str, *, told: bool) -> None:
    assert stands_in(text, name) is told


def test_a_family_name_that_the_treating_physician_has_too_tells_nobody_by_its_title() -> None:
    others = ("John Lee, MD", "Injured Worker")
    assert stands_in("Per Dr. Lee the worker has pain.", "Maria Lee")
    assert not stands_in("Per Dr. Lee the worker has pain.", "Maria Lee", others)
    assert stands_in("Maria Lee decided.", "Maria Lee", others)
    assert stands_in("M. Lee decided.", "Maria Lee", others)
