# SPDX-License-Identifier: AGPL-3.0-or-later
"""Page furniture: the case number and the page number at the foot of every page, and what the file says of itself."""

import re
from dataclasses import dataclass
from datetime import date

from imr_desktop.letter.renditions import Rendition, Texts
from imr_desktop.letter.slots import Slots
from imr_desktop.models.determination import Determination


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is the same on every page, and the properties of the file; ``day`` stands for its date of making."""

    case: str
    page: str
    note: str
    title: str
    language: str
    day: date | None

    def page_of(self, page: int, pages: int) -> str:
        """“Page x of y”, as worded."""
        return self.page.format(page=page, pages=pages)


def of(determination: Determination, rendition: Rendition) -> Furniture:
    """The furniture of one rendition."""
    header, letter = determination.case.header, determination.case.letter
    slots = Slots(Texts(determination.wording, letter.printed))
    number = header.case_number.strip()
    day = header.decision_date if rendition is Rendition.PUBLIC else header.letter_date or header.decision_date
    return Furniture(
        slots.line("footer_case", case_number=number) if number else "",
        slots.line("footer_page", page="{page}", pages="{pages}"),
        slots.line(f"footer_note_{rendition}"),
        slots.line(f"document_title_{rendition}", case_number=number),
        slots.line("language"),
        day,
    )


def is_furniture(text: str, determination: Determination) -> bool:
    """Whether a line read from a finished page belongs to the page and not to what the letter says."""
    line = " ".join(text.split())
    return bool(line) and any(_pattern(of(determination, each)).fullmatch(line) for each in Rendition)


def _pattern(furniture: Furniture) -> re.Pattern[str]:
    page = re.escape(furniture.page).replace(r"\{page\}", r"\d+").replace(r"\{pages\}", r"\d+")
    pieces = [re.escape(furniture.case), page, re.escape(furniture.note)]
    return re.compile(" ?".join(f"(?:{piece})?" for piece in pieces))
