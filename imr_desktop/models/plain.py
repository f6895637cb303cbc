# SPDX-License-Identifier: AGPL-3.0-or-later
"""Frozen values to and from plain data (dicts, lists, texts, numbers), for keeping and for exchange."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from imr_desktop.models.case import InjuryDate
from imr_desktop.models.citations import (
    Citation,
    GuidelineCitation,
    MtusCitation,
    OtherCitation,
    StudyCitation,
)
from imr_desktop.models.records import Box, Word

if TYPE_CHECKING:
    import cattrs

T = TypeVar("T")

CITATION_CLASSES: dict[type, str] = {
    MtusCitation: "mtus",
    GuidelineCitation: "guideline",
    StudyCitation: "study",
    OtherCitation: "other",
}


def _decimal(value: Any, _: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"not a number: {value!r}") from None


@cache
def _converter() -> "cattrs.Converter":
    # Only here, so that a worklist is not kept waiting for what cases are read with.
    import cattrs
    from cattrs.strategies import configure_tagged_union

    made = cattrs.Converter(forbid_extra_keys=True)
    made.register_unstructure_hook(date, date.isoformat)
    made.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    made.register_unstructure_hook(datetime, datetime.isoformat)
    made.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    made.register_unstructure_hook(InjuryDate, InjuryDate.iso)
    made.register_structure_hook(InjuryDate, lambda value, _: InjuryDate.from_iso(value))
    made.register_unstructure_hook(Decimal, str)
    made.register_structure_hook(Decimal, _decimal)
    for shape in (Box, Word):
        made.register_unstructure_hook(shape, list)
    made.register_structure_hook(Box, lambda value, _: Box(*map(float, value)))
    made.register_structure_hook(Word, lambda value, _: Word(value[0], Box(*value[1]), value[2], value[3]))
    configure_tagged_union(
        Citation,
        made,
        tag_name="class",
        tag_generator=lambda kind: CITATION_CLASSES[kind],
    )
    return made


def to_plain(value: Any, kind: Any = None) -> Any:
    """A frozen value as data that JSON can hold; ``kind`` is its declared type where that is a union."""
    return _converter().unstructure(value, unstructure_as=kind)


def from_plain(data: Any, kind: type[T]) -> T:
    """The frozen value of ``kind`` that plain data describe; ValueError, TypeError or a group of them otherwise."""
    return _converter().structure(data, kind)
