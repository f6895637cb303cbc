# SPDX-License-Identifier: AGPL-3.0-or-later
"""The case file of the client's own letter, made by the generator of case files: its pages carry the letter's facts.

The generator lies beside the checkout, outside the repository; tests that need it are skipped without it.
"""

import importlib.util
import random
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

TOOL = Path(__file__).parent.parent.parent.parent / "shared" / "tools" / "make_case_file.py"
SKIP = "the generator of case files is not beside this checkout (../shared/tools/make_case_file.py)"
INJURY, UR, RFA, APPLICATION = date(2005, 1, 18), date(2014, 10, 30), date(2014, 10, 20), date(2014, 11, 20)
VISITS = (
    (
        date(2014, 7, 1),
        "The patient is a 65 year old female. Pain has increased and range of motion and strength has remained "
        "unchanged. Range of motion of the mid and low back are restricted. Straight leg raise is positive "
        "bilaterally. She complains of neck, upper back and low back pain.",
        "Prior treatment has included acupuncture, physical therapy, medications, and injections. Physical therapy "
        "and acupuncture are on hold. The patient is not working.",
    ),
    (
        date(2014, 5, 1),
        "Ongoing pain in the neck, upper back, and low back. She feels sore after acupuncture. Range of motion has "
        "improved. Strength is unchanged.",
        "Continue acupuncture. The patient is not working.",
    ),
    (
        date(2014, 4, 10),
        "The patient has restarted acupuncture which previously helped her a lot.",
        "Continue acupuncture. The patient is not working.",
    ),
)
DIAGNOSES = (
    ("M79.1", "Unspecified musculoskeletal disorders and symptoms referable to the neck"),
    ("M53.9", "Unspecified back disorder"),
    ("F41.9", "Anxiety state"),
    ("M54.1", "Cervical/thoracic/lumbosacral neuritis"),
    ("M54.5", "Lumbago"),
    ("M23.3", "Derangement of meniscus"),
)


def make(folder: Path, treatments: Sequence[str]) -> dict[str, Any]:
    """Write the case file (born digital, one PDF a sender) into ``folder``; gives the generator's truth."""
    tool = generator()
    case = _case(tool, treatments)
    vars(tool)["plan"] = lambda *_: (case, _documents(tool, case))
    made: dict[str, Any] = tool.make(folder, 0, seed=1, mix={"digital": 1.0})
    (folder / "truth.json").unlink()
    return made


def generator() -> ModuleType:
    """The generator of case files as a module."""
    if "make_case_file" not in sys.modules:
        spec = importlib.util.spec_from_file_location("make_case_file", TOOL)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules["make_case_file"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules["make_case_file"]


def _case(tool: ModuleType, treatments: Sequence[str]) -> Any:
    case = tool.Case(1)
    case.no = "CM14-0123456"
    case.doi, case.last, case.rfa_date, case.ur_date, case.app_date = INJURY, VISITS[0][0], RFA, UR, APPLICATION
    case.parts, case.dx = ["lumbar spine", "cervical spine"], list(DIAGNOSES)
    case.items = [
        {
            "number": number,
            "name": "Acupuncture",
            "category": "therapy",
            "body_part": "low back",
            "quantity": words.split()[0],
            "description": words,
            "requested": RFA.isoformat(),
            "ur_decision": "denied",
            "approved": None,
            "guideline": "none cited",
        }
        for number, words in enumerate(treatments, 1)
    ]
    return case


def _documents(tool: ModuleType, case: Any) -> list[dict[str, Any]]:
    tool.fonts()
    made = [
        (tool.doc_application(case, _rng("app"), APPLICATION), APPLICATION, 0),
        (_ur(tool, case), UR, 0),
        (tool.doc_rfa(case, _rng("rfa"), RFA), RFA, 0),
        *((_visit(tool, case, *visit), visit[0], 1) for visit in VISITS),
    ]
    keys = ("type", "title", "author", "sheets")
    return [
        dict(zip(keys, document, strict=True)) | {"id": number, "date": day, "file": file, "duplicate_of": None}
        for number, (document, day, file) in enumerate(
            (document, day.isoformat(), file) for document, day, file in made
        )
    ]


def _ur(tool: ModuleType, case: Any) -> tuple[str, str, str, Any]:
    kind, title, author, sheets = tool.doc_ur(case, _rng("ur"), UR)
    sheets[-1].para("The claimant received six sessions of acupuncture in 2013 with no documented improvement.")
    return kind, title, author, sheets


def _visit(tool: ModuleType, case: Any, day: date, found: str, plan: str) -> tuple[str, str, str, Any]:
    writer = tool.Writer(_rng(day), face=tool.FACES[0], foot="DWC Form PR-2 (synthetic)")
    writer.title("PRIMARY TREATING PHYSICIAN'S PROGRESS REPORT (PR-2)", 12.5)
    writer.kv(case.ident(day))
    writer.head2("SUBJECTIVE AND OBJECTIVE")
    writer.para(found)
    writer.head2("DIAGNOSES")
    for number, (code, name) in enumerate(case.dx, 1):
        writer.need(16).line(f"{number}. {name} ({code})", 9.5)
    writer.head2("TREATMENT PLAN")
    writer.para(plan)
    writer.sign("Treating Physician A, M.D. (synthetic)", day)
    return "progress_report", f"PR-2 progress report {tool.us_date(day)}", "Treating Physician A", writer.done()


def _rng(tag: object) -> random.Random:
    return random.Random(f"seed letter {tag}")
