# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each dated table is called, and what changes when its rows do."""

from typing import Final, NamedTuple


class About(NamedTuple):
    """A table's name for people, and what a change affects."""

    title: str
    affects: str


ABOUT: Final = {
    "abbreviations": About(
        "Abbreviations", "Which abbreviations a letter must explain (QC-56), what is offered in full, and spelling."
    ),
    "body": About(
        "Body parts", "Which words name a part of the body, so that sides and parts are compared (QC-20, QC-21, QC-54)."
    ),
    "categories": About(
        "Treatment categories", "What is offered as the category of an item. Items keep what they already have."
    ),
    "closings": About(
        "Closing sentences", "The last sentence that a rationale is offered. {heading} stands for the item's wording."
    ),
    "document_types": About(
        "Titles of documents", "How pages read from now on are sorted into documents, and which date each one gets."
    ),
    "drugs": About(
        "Drugs",
        "Names and strengths by which drugs are known: QC-21, QC-29, QC-54, QC-74, spelling, search and term sets.",
    ),
    "evidence_levels": About(
        "Evidence levels", "What is offered where recommendations conflict. Levels marked unsure say so."
    ),
    "fact_labels": About("Labels of case fields", "Which facts of the denial and the application are proposed."),
    "guidelines": About(
        "Guideline chapters",
        "What a citation is offered, and which edition was in force (QC-42). The registry has a form for it.",
    ),
    "holidays": About(
        "State holidays",
        "Which days are no working days: due dates of formulary cases (QC-03). Settings add days for one vault.",
    ),
    "law": About(
        "Law in figures",
        "Every due date in the worklist and in the case, QC-03 (deadline), QC-13 (six months) and QC-31 (visits).",
    ),
    "mending": About("How to mend findings", "The sentence that each finding says about mending it."),
    "plain_language": About("Plain language", "The reading grade that a letter is measured by, and its hints (QC-56)."),
    "protected_traits": About(
        "Protected traits", "Words that QC-63 asks about, and the clinical ones that excuse them."
    ),
    "regions": About("Regions of the body", "By which part of the body precedents are found, once added again."),
    "requests": About("Wording of requests", "How a request is cut into items with their quantities, and term sets."),
    "scaffold": About("Order of the summary", "Into which part of the summary what was gathered is put."),
    "scope": About("Words out of scope", "What QC-58 finds: causation, cost, credibility and law in a rationale."),
    "search_words": About("Words that mean the same", "Which other words a search in the record finds besides."),
    "specialties": About("Specialties", "Which specialty is held to be the same or similar (QC-61)."),
    "synonyms": About("What may be absent", "What is looked for before something is called absent (QC-51)."),
    "websites": About("General websites", "Which sources are no guideline and no journal (QC-46)."),
}
