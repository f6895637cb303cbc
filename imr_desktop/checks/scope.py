# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a rationale must not turn on: causation, acceptance, cost, credibility, law, and protected traits."""

from imr_desktop.checks import tables
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check

_OUTSIDE = {
    "causation": "causation",
    "acceptance": "the acceptance of a body part",
    "cost": "cost",
    "credibility": "credibility",
    "law": "law",
}


@check(
    "QC-58", Severity.WARNS, "A rationale says nothing on causation, acceptance of body parts, cost, credibility, law."
)
def rationale_keeps_to_necessity(subject: Subject) -> Said:
    """LC 4610.6(a): the review decides medical necessity only. What a guideline or UR says is left alone."""
    for text in subject.rationales:
        for sentence in text.sentences:
            if subject.is_guideline(sentence.text) or subject.is_of_ur(sentence.text):
                continue
            for key, name in _OUTSIDE.items():
                match = subject.found(tables.pattern("scope", key), sentence.text)
                if match:
                    says = f"{text.name} speaks of {name} (“{match.group()}”)."
                    yield Told(says, text.at(sentence, *match.span()), about=sentence.text)
                    break


@check("QC-63", Severity.WARNS, "Protected traits are mentioned only where they matter clinically.")
def traits_are_clinical(subject: Subject) -> Said:
    """LC 4610.6(h), ground 4: bias on account of race, national origin, religion, sexual orientation and the like."""
    traits, clinical = tables.pattern("protected_traits", "traits"), tables.pattern("protected_traits", "clinical")
    for text, sentence in subject.told():
        match = subject.found(traits, sentence.text)
        if match and not subject.found(clinical, sentence.text) and not subject.is_guideline(sentence.text):
            says = f"{text.name} mentions a protected trait (“{match.group()}”)."
            yield Told(says, text.at(sentence, *match.span()), about=sentence.text)
