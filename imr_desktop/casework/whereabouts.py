# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where does it say this? The pages that carry a number, a date or a phrase of the reviewer's own text (row F13)."""

from imr_desktop.casework.search import Found, Hit, Scope, boxes, search
from imr_desktop.models.days import days_in
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.storage import CaseStore


def where(store: CaseStore, text: str) -> Found:
    """The places of the record that carry the words: a day however it is written, else the words as a phrase.

    A phrase that stands nowhere is looked for by its words on one page. CannotSearch for nothing that can be sought.
    """
    words = " ".join(text.split()).strip(" .,;:()[]“”\"'")
    day = next(days_in(words), None)
    if day is not None and len(words) <= 24:
        return search(store, f"{day.day.month}/{day.day.day}/{day.day.year}")
    plain = "".join(mark if mark not in '"“”*()' else " " for mark in words)
    exact = search(store, f'"{plain}"', Scope(limit=200))
    if exact.hits or len(plain.split()) < 2:
        return exact
    return search(store, " ".join(plain.split()), Scope(limit=50))


def passage_of(store: CaseStore, hit: Hit) -> Passage:
    """A hit as a passage of the record, ready to be kept as evidence."""
    return Passage((PassagePart(hit.ref, boxes(store, hit)),), hit.text)
