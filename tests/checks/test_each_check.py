# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each check of the reference's section 6 is given one planted fault, and is silent on the sound case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from imr_desktop.checks import RULES, Finding, finished_findings, store_findings, subject_of, without_source
from imr_desktop.checks.digests import sentence_digest
from imr_desktop.checks.finished import FINISHED_RULES
from imr_desktop.models.answers import Answer
from imr_desktop.models.case import Case, Employee, InjuryDate, LetterText, Priority
from imr_desktop.models.circumstances import Circumstances, Standing
from imr_desktop.models.citations import Guideline, GuidelineCitation, MtusCitation, OtherCitation
from imr_desktop.models.evidence import Evidence, Passage, PassagePart
from imr_desktop.models.finished import FinishedLetter, StoreState
from imr_desktop.models.items import Criterion, ItemKind, Outcome, Quantity, Side, StandardRank, Treatment
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import Document, DocumentType, PageRef, PageSpan, SourceFile
from tests.checks import kit
from tests.checks.kit import RECORD, SOUND, TODAY, TRUTH, header, item, more, page, rationale, said, summary
from tests.checks.planted import SEEN, SOURCE

MTUS = MtusCitation("Chronic Pain", 2017, ("Physical therapy",), "Physical therapy is a first line treatment of pain.")
ODG = GuidelineCitation("Official Disability Guidelines (ODG)", 2020, "Pain")
OTHER = "f1" * 32


def cites(*cited: object, text: str | None = None) -> Guideline:
    return Guideline(tuple(cited), text)  # type: ignore[arg-type]


def documents(*more_of_them: Document) -> Case:
    return replace(SOUND.case, documents=(*SOUND.case.documents, *more_of_them))


def without(kind: DocumentType) -> Case:
    return replace(SOUND.case, documents=tuple(each for each in SOUND.case.documents if each.type is not kind))


def another(number: int, text: str, **changes: object) -> RecordPage:
    return RecordPage(PageRef(SOURCE, 12 + number), 13 + number, text, seen=SEEN, **changes)  # type: ignore[arg-type]


def cited(text: str, words: str) -> Case:
    """A summary that ends with a sentence anchored at these words of the first progress report."""
    evidence = Evidence("e1", Passage((PassagePart(PageRef(SOURCE, 3), ()),), words))
    written = f"{SOUND.case.clinical_summary.text} {text} [[e:e1]]."
    source = SourceFile(SOURCE, "r.pdf", 1, 1)
    return replace(SOUND.case, evidence=(evidence,), sources=(source,), clinical_summary=Narrative(written))


DECIDED = SOUND.case.header.decision_date or date.min
DAY = datetime(2024, 1, 1, tzinfo=UTC)
PLANTED: dict[str, Callable[[], tuple[Finding, ...]]] = {
    "QC-01": lambda: said(header(claim_number="")),
    "QC-02": lambda: said(header(ur_decision_date=DECIDED + timedelta(days=3))),
    "QC-03": lambda: said(header(decision_date=DECIDED + timedelta(days=40))),
    "QC-04": lambda: said(header(priority=Priority.EXPEDITED, documents_complete=None)),
    "QC-05": lambda: said(header(date_of_injury=InjuryDate(TRUTH.injury + timedelta(days=1)))),
    "QC-06": lambda: said(summary("The utilization review dated 1/2/2020 denied it.")),
    "QC-07": lambda: said(rationale(1, f"This {TRUTH.age + 9}-year-old patient has pain.")),
    "QC-08": lambda: said(rationale(1, f"The patient is a {'fe' if TRUTH.sex == 'male' else ''}male.")),
    "QC-09": lambda: said(summary("See CM19-0009999 for the same.")),
    "QC-10": lambda: said(record=page(4, RECORD.pages[3].text, seen=None)),
    "QC-11": lambda: said(without(DocumentType.UR_DETERMINATION)),
    "QC-12": lambda: said(without(DocumentType.PROGRESS_REPORT)),
    "QC-13": lambda: said(record=page(3, f"{RECORD.pages[2].text} See the MRI report dated 2/2/2020.")),
    "QC-14": lambda: said(
        record=more(another(1, "Patient: Somebody Else Claim Number: ZZZ-99-12345 pain of the back."))
    ),
    "QC-15": lambda: said(
        record=more(
            another(1, f"INDEPENDENT MEDICAL REVIEW Final Determination CM19-0001111 {TRUTH.generic} is necessary.")
        )
    ),
    "QC-16": lambda: said(record=turned()),
    "QC-20": lambda: said(header(treatments_in_dispute_raw="Lumbar fusion; Wheelchair")),
    "QC-21": lambda: said(
        header(
            treatments_in_dispute_raw=SOUND.case.header.treatments_in_dispute_raw.replace(f"#{TRUTH.quantity}", "#7")
        )
    ),
    "QC-22": lambda: said(modified("12 visits of physical therapy", "6 visits", "5 visits of physical therapy")),
    "QC-23": lambda: said(modified("Norco 10/325 mg #90", "Norco 10/325 mg #60", "Norco 5/325 mg #30")),
    "QC-24": lambda: said(item(1, outcome=None)),
    "QC-25": lambda: said(item(1, outcome=Outcome.OVERTURNED)),
    "QC-26": lambda: said(item(1, rationale=Narrative())),
    "QC-27": lambda: said(item(3, heading="MRI L1-2")),
    "QC-28": lambda: said(item(2, kind=ItemKind.DEPENDENT, depends_on="gone")),
    "QC-29": lambda: said(item(1, heading="Baclofen 100mg #30", rationale=Narrative("Not medically necessary."))),
    "QC-30": lambda: said(item(1, kind=ItemKind.RETROSPECTIVE)),
    "QC-31": lambda: said(item(2, heading="30 visits of physical therapy")),
    "QC-32": lambda: said(circumstances=Circumstances(terminated=frozenset(["i1"]))),
    "QC-40": lambda: said(
        item(1, reviewer_guideline=cites(text="The Expert Reviewer did not cite any medical evidence."))
    ),
    "QC-41": lambda: said(item(1, reviewer_guideline=cites(MtusCitation("")))),
    "QC-42": lambda: said(item(1, reviewer_guideline=cites(MtusCitation("Low Back Complaints", 2004)))),
    "QC-43": lambda: said(item(1, reviewer_guideline=cites(ODG))),
    "QC-44": lambda: said(item(1, reviewer_guideline=cites(MTUS, OtherCitation("Cochrane Library, Zinc")))),
    "QC-45": lambda: said(quoting("The MTUS says “physical therapy is a last line treatment”.")),
    "QC-46": lambda: said(
        item(1, reviewer_guideline=cites(OtherCitation("Wikipedia, Pain", url="https://wikipedia.org")))
    ),
    "QC-47": lambda: said(item(1, ca_guideline=None)),
    "QC-48": lambda: said(item(1, standard_rank=StandardRank.D)),
    "QC-49": lambda: said(item(1, rationale=Narrative("The MTUS does not address it. It is not medically necessary."))),
    "QC-50": lambda: said(summary("Pain [[e:gone]].")),
    "QC-51": lambda: said(
        rationale(1, "There is no documentation of pain relief."), record=page(9, "Pain relief is good.")
    ),
    "QC-52": lambda: said(replace(rationale(1, "There is no evidence of muscle spasm."), clinical_summary=spasm())),
    "QC-53": lambda: said(summary("On 2/2/2031 the patient returned.")),
    "QC-54": lambda: said(cited("The pain was rated 7/10", "Pain was rated 4/10 today"), record=RECORD),
    "QC-55": lambda: said(circumstances=Circumstances(elsewhere=frozenset([sentence_digest(used())]))),
    "QC-56": lambda: said(summary("A TENS and an ESI were tried.")),
    "QC-57": lambda: said(rationale(1, "The request is partially certified.")),
    "QC-58": lambda: said(rationale(1, "The patient's causation is disputed.")),
    "QC-59": lambda: said(item(1, criteria=(Criterion("Failed first line treatment"),))),
    "QC-60": lambda: said(circumstances=Circumstances(standing=Standing(licence_until=date(2020, 1, 1)))),
    "QC-61": lambda: said(item(1, heading="Lumbar laminectomy", rationale=Narrative("Not medically necessary."))),
    "QC-62": lambda: said(circumstances=Circumstances(conflicts_asked=True)),
    "QC-63": lambda: said(summary("This Hispanic patient lives alone.")),
    "QC-70": lambda: said(summary("Decided by Expert Z.")),
    "QC-71": lambda: said(summary("Injured Worker A came alone.")),
    "QC-72": lambda: said(replace(SOUND.case, clinical_summary=Narrative())),
    "QC-73": lambda: finished_findings(FinishedLetter("public", seal_intact=False, file_digest="x"), SOUND),
    "QC-74": lambda: said(summary("The the patient takes Ketaprofen.")),
    "QC-75": lambda: store_findings(StoreState(encrypted=False)),
    "QC-76": lambda: said(circumstances=Circumstances(changed=DAY)),
}


def turned() -> Record:
    """The first progress report with its two pages in the wrong order."""
    first = page(4, f"{RECORD.pages[3].text} Page 2 of 2").pages
    return Record((*first[:4], page(5, f"{RECORD.pages[4].text} Page 1 of 2").pages[4], *first[5:]))


def modified(requested: str, authorized: str, remaining: str) -> Case:
    return item(
        1,
        kind=ItemKind.UR_MODIFIED_REMAINDER,
        heading=f"{requested} was the original request. {authorized} was authorized by the Claims Administrator. The "
        f"remaining IMR eligible portion of the original request, {remaining} is",
        requested=Treatment(requested),
        authorized=Treatment(authorized),
        remaining=Treatment(remaining),
    )


def quoting(text: str) -> Case:
    case = rationale(1, text)
    return replace(case, items=(replace(case.items[0], reviewer_guideline=cites(MTUS)), *case.items[1:]))


def spasm() -> Narrative:
    return Narrative(f"{SOUND.case.clinical_summary.text} Examination showed spasm of the back.")


def used() -> str:
    return SOUND.case.clinical_summary.text.split(". ")[1] + "."


@pytest.fixture(autouse=True)
def _with_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        SOUND.wording.slots,
        "heading_remainder",
        "{requested} was the original request. {authorized} was authorized by the Claims Administrator. The "
        "remaining IMR eligible portion of the original request, {remaining} is",
    )
    monkeypatch.setitem(SOUND.wording.slots, "heading_dependent", "Associated surgical service: {heading}")
    monkeypatch.setitem(SOUND.wording.slots, "guideline_outside_lead", "Outside.")
    monkeypatch.setitem(SOUND.wording.slots, "guideline_outside", "Decision based on {citations}.")
    monkeypatch.setitem(SOUND.wording.slots, "guideline_outside_join", " and ")


@pytest.mark.parametrize("identifier", sorted(PLANTED))
def test_a_planted_fault_is_said(identifier: str) -> None:
    found = [each for each in PLANTED[identifier]() if each.id == identifier]
    assert found
    for each in found:
        assert "could not be made" not in each.says
        assert each.says[0].isupper() or each.says[0] == "“"
        assert each.says.endswith((".", "}", "]", "__"))


def test_the_sound_case_is_left_alone() -> None:
    assert kit.ids(said()) <= {"QC-56"}
    assert kit.ids(said(record=RECORD)) <= {"QC-56"}


def test_every_check_of_the_reference_is_there_and_planted() -> None:
    wanted = {f"QC-{number:02}" for number in (*range(1, 17), *range(20, 33), *range(40, 64), *range(70, 77))}
    assert {rule.id for rule in RULES} | set(FINISHED_RULES) == wanted
    assert set(PLANTED) == wanted


def test_no_check_fails_on_what_is_planted() -> None:
    for plant in PLANTED.values():
        assert not [each for each in plant() if "could not be made" in each.says]


def test_a_cumulative_trauma_allows_any_of_its_days() -> None:
    span = InjuryDate(TRUTH.injury - timedelta(days=100), TRUTH.injury + timedelta(days=1))
    assert "QC-05" not in kit.ids(said(header(date_of_injury=span)))


def test_fields_that_differ_from_the_wording_block() -> None:
    wrong = item(2, quantity=Quantity(side={"left": Side.RIGHT, "right": Side.LEFT}[TRUTH.side], sessions=TRUTH.count))
    assert kit.only(said(wrong), "QC-21").place.row == "i2"


ACUPUNCTURE = tuple(f"{count} visits of Acupuncture for the low back" for count in ("Six", "Seven", "Eight"))


@pytest.mark.parametrize(
    ("lead", "between"),
    [("Diagnosis 724.2 ", "; "), ("Lumbago 724.2, procedure 97810 ", ". "), ("", ". "), ("Treatment: 724.2 ", "; ")],
)
def test_a_code_is_no_amount_and_items_that_differ_by_number_alone_find_their_own(lead: str, between: str) -> None:
    first = SOUND.case.items[1]
    items = tuple(replace(first, id=f"i{n}", heading=words) for n, words in enumerate(ACUPUNCTURE, 1))
    raw = "; ".join(ACUPUNCTURE[:1])
    asked = page(3, f"REQUEST FOR AUTHORIZATION {lead}{between.join(ACUPUNCTURE)}")
    case = replace(header(treatments_in_dispute_raw="; ".join(ACUPUNCTURE)), items=items)
    assert "QC-21" not in kit.ids(said(case, record=asked))
    # Six that were asked, nine that are printed: the code does not hide it.
    nine = replace(first, id="i9", heading=ACUPUNCTURE[0].replace("Six", "Nine"))
    wrong = replace(header(treatments_in_dispute_raw=f"{lead}{raw}"), items=(nine,))
    told = kit.only(said(wrong, record=None), "QC-21").says
    assert told == "Item 1: the number is 9; the application lists 6."


def test_facts_without_an_anchor_are_told_sentence_by_sentence_but_not_guideline_nor_closing() -> None:
    told = "The patient is 44 years old and rates the pain at 7/10."
    rule = "MTUS guidelines recommend 24 visits over 8 weeks."
    case = rationale(2, f"{told} {rule}")
    found = without_source(subject_of(replace(SOUND, case=case), TODAY))
    mine = [each.about for each in found if each.place.row == "i2"]
    assert mine[0] == told
    assert not any("MTUS" in says or "medically necessary" in says for says in mine)
    excused = replace(case, answers=case.answers.with_answer(Answer(found[-1].key, "Opinion")))
    left = without_source(subject_of(replace(SOUND, case=excused), TODAY))
    assert left == found[:-1]


@pytest.mark.parametrize(
    ("authorized", "remaining", "says"),
    [
        ("PT 3x2", "3 visits of PT", ""),
        ("PT 2 times a week for 3 weeks", "3 visits of PT", ""),
        ("PT 3x2", "6 visits of PT", "9 visits requested less 6 authorised is 3, not 6"),
        ("6 visits of PT", "PT 3x2", "9 visits requested less 6 authorised is 3, not 6"),
    ],
)
def test_three_times_three_is_compared_with_three_times_two_in_visits(
    authorized: str, remaining: str, says: str
) -> None:
    wordings = (Treatment("PT 3x3"), Treatment(authorized), Treatment(remaining))
    named = dict(zip(("requested", "authorized", "remaining"), wordings, strict=True))
    case = item(2, kind=ItemKind.UR_MODIFIED_REMAINDER, **named)
    told = [each.says for each in said(case) if each.id == "QC-22"]
    assert bool(told) is bool(says)
    assert all(says in each for each in told)


def test_a_parent_decided_otherwise_flags_every_dependent_item_and_changes_none() -> None:
    first, *rest = SOUND.case.items
    children = [replace(each, depends_on=first.id, outcome=Outcome.UPHELD) for each in rest]
    for outcome, wanted in ((Outcome.UPHELD, []), (Outcome.OVERTURNED, [each.id for each in children])):
        case = replace(SOUND.case, items=(replace(first, outcome=outcome), *children))
        found = [each.place.row for each in said(case) if each.id == "QC-28" and each.place.field == "outcome"]
        assert found == wanted
        assert [each.outcome for each in case.items[1:]] == [Outcome.UPHELD] * len(children)


def test_a_stray_page_that_is_cited_blocks() -> None:
    stray = another(1, "Patient: Somebody Else Claim Number: ZZZ-99-12345 pain of the back.")
    evidence = Evidence("e9", Passage((PassagePart(stray.ref, ()),), "pain of the back"))
    found = said(replace(SOUND.case, evidence=(evidence,)), record=more(stray))
    assert [each.severity for each in found if each.id == "QC-14"] == ["blocks"]


def test_three_strays_are_found_and_the_workers_own_pages_are_not() -> None:
    own = "Patient: Worker A, Injured Claim Number: " + SOUND.case.header.claim_number.replace("0", "O")
    pages = (
        another(1, "Patient: Somebody Else pain of the back."),
        another(2, "Claim Number: ABC-123-777 pain of the back."),
        another(3, own),
        another(4, "Employee Name: Other, Person Claim No: 777-ABC-123"),
    )
    found = [each for each in said(record=more(*pages)) if each.id == "QC-14"]
    assert [each.shows[0].case_page for each in found] == [14, 15, 17]


@pytest.mark.parametrize(
    ("printed", "another_number"),
    [
        *(("{0}", False), ("{1}I{2}", False), ("{1} {2}", False), ("{0}9", False), ("9{0}", False), ("98{0}7", False)),
        *(("SYN-CLM-77777", True), ("ABC{2}3", True), ("12345678", True)),
    ],
)
def test_one_misread_mark_or_blank_makes_no_other_claim_number(printed: str, another_number: bool) -> None:
    number = SOUND.case.header.claim_number
    text = f"Claim Number: {printed.format(number, number[:9], number[9:])} DOI: 1/2/2024 pain of the back."
    found = [each for each in said(record=more(another(1, text))) if each.id == "QC-14"]
    assert bool(found) is another_number


def test_a_birth_date_of_another_is_a_stray() -> None:
    case = header(employee=Employee("Injured Worker A", birth_date=date(1980, 5, 6)))
    found = said(case, record=more(another(1, "DOB: 07/08/1990 pain"), another(2, "DOB: 5/6/80 pain")))
    assert [each.shows[0].case_page for each in found if each.id == "QC-14"] == [14]


def test_late_pages_are_told_with_their_copies() -> None:
    early = [replace(each, received_on=date(2024, 1, 1)) for each in RECORD.pages]
    late = [another(n, f"late page number {n}", received_on=date(2024, 2, 1)) for n in range(1, 41)]
    for n in range(25):
        late[n] = replace(late[n], repeats=RECORD.pages[n % 13].ref, seen=None)
    for n in range(25, 40):
        late[n] = replace(late[n], seen=None)
    found = said(record=type(RECORD)((*early, *late)))
    [told] = [each for each in found if each.id == "QC-16" and "came late" in each.says]
    assert "40 pages came late" in told.says
    assert "25 pages repeated" in told.says
    assert "15 pages not seen" in told.says


def test_a_file_that_stays_shut_is_told_with_its_reason() -> None:
    shut = SourceFile(OTHER, "scan 7.pdf", 4000, 1, broken="It is broken beyond repair.")
    told = [each for each in said(replace(SOUND.case, sources=(shut,))) if each.id == "QC-10"]
    [finding] = [each for each in told if "scan 7.pdf" in each.says]
    assert finding.says.endswith("none was reviewed. It is broken beyond repair.")
    assert finding.severity.value == "warns"


def test_an_earlier_decision_that_is_mentioned_is_acknowledged() -> None:
    earlier = another(1, f"INDEPENDENT MEDICAL REVIEW Final Determination CM19-0001111 {TRUTH.generic} is necessary.")
    case = rationale(1, "The previous independent medical review found otherwise on other facts.")
    assert not [each for each in said(case, record=more(earlier)) if each.id == "QC-15" and each.place.row == "i1"]


def test_a_quotation_may_leave_words_out_by_dots() -> None:
    assert "QC-45" not in kit.ids(said(quoting("The MTUS says “Physical therapy … first line treatment of pain”.")))


def test_the_finished_public_copy_names_nobody() -> None:
    letter = FinishedLetter(
        "public",
        ("Page 1 of Injured Worker A, phone (555) 555-0100, CM24-0000156",),
        (("file name", "Expert Z.pdf"),),
        ("CLINICAL CASE SUMMARY",),
        fonts_embedded=False,
        active_content=("JavaScript",),
        hidden_text=True,
    )
    found = finished_findings(letter, SOUND)
    assert {each.id for each in found} == {"QC-70", "QC-71", "QC-72"}
    assert any("file name" in each.says for each in found)


def test_a_sound_finished_letter_is_left_alone() -> None:
    words = ("CM24-0000156 HOW MADE CLINICAL CASE SUMMARY Page 1 of 1",)
    letter = FinishedLetter(
        "party",
        words,
        (("title", "Final Determination"),),
        ("How made", "Clinical case summary"),
        tuple(words[0].split()),
        fonts_embedded=True,
        hidden_text=False,
        seal_intact=True,
        seal_covers_all=True,
        determination=SOUND.digest,
        file_digest="ab",
    )
    assert finished_findings(letter, SOUND) == ()
    assert store_findings(StoreState(encrypted=True)) == ()


@pytest.mark.parametrize(
    ("carried", "told"),
    [
        ("<x:xmpmeta>" + "<rdf:li>word</rdf:li>" * 90 + "<dc:creator>kowalska</dc:creator></x:xmpmeta>", True),
        ("<x:xmpmeta " + 'a="word" ' * 90 + 'xmp:Author="Dr Kovalska"/>', True),
        ('{"text": "' + "The worker has pain. " * 60 + '", "by": {"last": ["KOWALSKA"]}}', True),
        ('{"text": "' + "The worker has pain. " * 60 + 'Seen by dr kowalska."}', True),
        ('{"requesting_physician": {"name": "Jan Nowak, MD"}, "text": "' + "Per Dr. Nowak. " * 60 + '"}', False),
        ("{ this is no JSON", False),
    ],
)
def test_a_family_name_alone_is_found_in_long_data(carried: str, *, told: bool) -> None:
    sound = header(requesting_physician=replace(SOUND.case.header.requesting_physician, name="Jan Nowak, MD"))
    for name in ("Maria Kowalska", "Piotr Nowak"):
        reviewer = replace(SOUND.reviewer, name=name)
        letter = FinishedLetter("party", (), (("attached file", carried),))
        found = finished_findings(letter, replace(SOUND, case=sound, reviewer=reviewer))
        expected = told and name == "Maria Kowalska"
        assert any(each.id == "QC-70" for each in found) is expected, (name, found)


def test_the_letters_outcome_follows_from_its_items() -> None:
    printed = LetterText(
        printed={"statement": ("This means we decided that all of the disputed items are necessary.",)}
    )
    assert "QC-24" in kit.ids(said(replace(SOUND.case, letter=printed)))


def test_documents_of_one_page_span_are_found_at_their_pages() -> None:
    beyond = Document("dx", DocumentType.LAB, "Lab", pages=(PageSpan(OTHER, "x.pdf", 0, 3),))
    assert said(documents(beyond), record=RECORD) == said(record=RECORD)
