# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our letter beside a plain ReportLab run of the same text, and a whole issue beside bare pyHanko signatures."""

import io
import itertools
import tempfile
from dataclasses import replace
from pathlib import Path

from reportlab.lib.pagesizes import letter as letter_paper
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from imr_desktop import letter
from imr_desktop.casework import demo, versions
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.issue import Sealers, issue
from imr_desktop.letter import Rendition
from imr_desktop.signing import sealing
from imr_desktop.storage import Vault
from tests.kit.cases import NOW, PASSPHRASE, demo_determination
from tests.kit.timing import side_by_side


def test_one_letter() -> None:
    determination = demo_determination()
    text = " ".join(letter.printed_words(determination, Rendition.PARTY))
    words = text.split()
    style = getSampleStyleSheet()["Normal"]

    def plain() -> None:
        chunks = (words[at : at + 60] for at in range(0, len(words), 60))
        paragraphs = [Paragraph(" ".join(chunk).replace("&", "&amp;"), style) for chunk in chunks]
        SimpleDocTemplate(io.BytesIO(), pagesize=letter_paper).build(paragraphs)

    side_by_side(
        "A party letter of three pages",
        {
            "plain ReportLab, same words, no fonts": plain,
            "ours: composed, set, tagged, finished": lambda: letter.render(determination, Rendition.PARTY),
        },
        rounds=15,
    )


def test_a_whole_issue() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        demo.make(Path(folder) / "vault", PASSPHRASE, NOW) as vault,
    ):
        _issue_beside_signatures(vault, Path(folder))


def _issue_beside_signatures(vault: Vault, folder: Path) -> None:
    desk = Desk(vault.case(vault.cases()[0].id))
    sealers = Sealers(vault.identity(demo.REVIEWER_IDENTITY), vault.identity(demo.OFFICE_IDENTITY))
    pdf = letter.render(desk.determination(vault.reviewer()), Rendition.PARTY)
    identity = sealers.others

    def three_signatures() -> None:
        for field in ("A", "B", "C"):
            sealing.seal(
                pdf, identity.pkcs12, identity.secret, field=field, reason="r", location="California", when=NOW
            )

    begun = itertools.count()
    list(demo.read_through(vault, desk, NOW))

    def whole_issue() -> None:
        # A letter is issued once: each round corrects the case's number.
        number = next(begun)
        desk.keep_header(replace(desk.case.header, case_number=f"CM24-{number:07}"))
        versions.keep_correction(desk, "The case's number.", "The round of the benchmark.")
        list(issue(desk, vault.reviewer(), sealers, folder / "out", NOW))

    side_by_side(
        "A whole issue: three renditions, checks, proofread, sealed, filed (target: at most 4)",
        {"three bare signatures": three_signatures, "the issue": whole_issue},
        rounds=3,
    )
