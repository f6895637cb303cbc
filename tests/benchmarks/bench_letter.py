# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our letter beside a plain ReportLab run of the same text, and a whole issue beside bare pyHanko signatures."""

import io
import itertools
import tempfile
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import letter as letter_paper
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

from imr_desktop import letter
from imr_desktop.casework import demo, versions
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.issue import Sealers, issue
from imr_desktop.letter import Rendition, content, fonts, furniture, renditions
from imr_desktop.letter.blocks import Entry, HeaderTable, ItemHeading, SectionTitle, Title, texts
from imr_desktop.letter.blocks import Paragraph as BlockOfWords
from imr_desktop.letter.fonts import Style
from imr_desktop.models.determination import Determination
from imr_desktop.signing import sealing
from imr_desktop.storage import Vault
from tests.kit.cases import NOW, PASSPHRASE, demo_determination
from tests.kit.timing import side_by_side


def test_one_letter() -> None:
    made = demo_determination()
    # Without its list of copies, which would stand alone on a fourth page.
    determination = replace(made, case=replace(made.case, header=replace(made.case.header, cc=())))
    pages = {"ours": 0, "plain": 0}

    def plain() -> None:
        pages["plain"] = _plainly_set(determination)

    def ours() -> None:
        pages["ours"] = letter.render(determination, Rendition.PARTY).count(b"/Type /Page ")

    side_by_side(
        "A party letter of three pages (target: at most 1.5)",
        {"plain ReportLab, same texts and fonts, laid out, not tagged": plain, "ours: tagged, finished": ours},
        rounds=15,
    )
    assert pages["ours"] == pages["plain"] == 3, pages


def _plainly_set(determination: Determination) -> int:
    """The same texts in the same fonts and sizes by ReportLab's own layout: no tags, data, archive or fallbacks."""
    composed = content.compose(renditions.of(determination, Rendition.PARTY))
    foot = furniture.of(determination, Rendition.PARTY)
    body, bold, sans = (fonts.known(each) for each in (Style.REGULAR, Style.BOLD, Style.SANS))
    text = ParagraphStyle("text", fontName=body, fontSize=11.5, leading=14.2, spaceBefore=7.5)
    head = ParagraphStyle("head", parent=text, fontName=bold)
    made: list[Flowable] = []
    for block in composed:
        if isinstance(block, HeaderTable):
            rows = [[each for cell in row for each in (cell.label, "\n".join(cell.lines))] for row in block.rows]
            width = max(map(len, rows))
            look = [
                ("FONTNAME", (0, 0), (-1, -1), sans),
                ("FONTSIZE", (0, 0), (-1, -1), 9),
                ("GRID", (0, 0), (-1, -1), 0.6, "grey"),
            ]
            made.append(Table([[*row, *[""] * (width - len(row))] for row in rows], style=look))
        else:
            style = head if isinstance(block, Title | SectionTitle | ItemHeading) else text
            between = " " if isinstance(block, BlockOfWords | Entry | ItemHeading) else "<br/>"
            made.append(Paragraph(between.join(escape(said) for said, _ in texts([block])), style))

    def footed(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(sans, 9)
        canvas.drawString(72, 44, foot.case)
        canvas.drawRightString(540, 44, f"Page {document.page}")

    file = io.BytesIO()
    document = SimpleDocTemplate(file, pagesize=letter_paper, pageCompression=1, initialFontName=body)
    document.build(made, onFirstPage=footed, onLaterPages=footed)
    return int(document.page)


def test_a_whole_issue() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        demo.make(Path(folder) / "vault", PASSPHRASE, NOW) as vault,
    ):
        _issue_beside_signatures(vault, Path(folder))


def _issue_beside_signatures(vault: Vault, folder: Path) -> None:
    desk = Desk(vault.case(vault.cases()[0].id))
    identity = vault.identity(demo.OFFICE_IDENTITY)
    sealers = Sealers(vault.identity(demo.REVIEWER_IDENTITY), identity)
    pdf = letter.render(desk.determination(vault.reviewer()), Rendition.PARTY)

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
