# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a sentence that tell what it is about, by which its like is found in the record."""

from imr_desktop.checks import tables
from imr_desktop.checks.index import forms
from imr_desktop.checks.reading import Kind
from imr_desktop.checks.subject import Subject

_SAYS_NOTHING = frozenset(
    form
    for form in forms(
        "the and for with that this from was were has had have been are is not but his her she they their "
        "which who whom "
        "patient injured worker claimant applicant individual treating physician provider attending doctor "
        "report reported reports noted note notes "
        "dated date record records medical review request requested requesting on of in to at by or an a as "
        "it per also "
        "left right bilateral year old male female day week month treatment treatments diagnosis diagnoses "
        "rated complains complained pain"
    )
)


def words_of(subject: Subject, sentence: str) -> frozenset[str]:
    """The telling words of a sentence in their searching form: neither facts nor filling."""

    def make() -> frozenset[str]:
        bare = sentence
        for each in sorted(subject.mentions(sentence), key=lambda each: -each.begin):
            if each.kind is not Kind.DRUG:
                bare = f"{bare[: each.begin]} {bare[each.end :]}"
        parts = {form for word in tables.parts() for form in forms(word)}
        return frozenset(
            form
            for form in forms(bare)
            if len(form) > 2 and form not in _SAYS_NOTHING and form not in parts and not form.isdigit()
        )

    return subject.memory.remember(("words", sentence), make)
