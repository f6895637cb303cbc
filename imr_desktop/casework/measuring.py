# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a PDF that comes in is measured: its pages, the password that opens it, or why it cannot be opened."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from imr_desktop.errors import Trouble
from imr_desktop.models.care import FilePassword
from imr_desktop.models.case import Case
from imr_desktop.models.records import SourceFile
from imr_desktop.records import CannotReadPdf, Measure, Measured, Reader, Source
from imr_desktop.records.troubles import Why
from imr_desktop.storage import CaseStore

_OF_THE_MOMENT = frozenset({Why.NO_ANSWER, Why.STARTING, Why.NOT_STARTED, Why.NO_SOURCE, Why.CLOSED})

MakeReader = Callable[[Callable[[str], Source]], Reader]


class NeedsPassword(Trouble):
    """A PDF is protected, and no password that was given opens it; ``place`` names the file."""

    default_advice = "Give the password with which it came; it is kept in the vault."


def measured(
    source: SourceFile, data: Callable[[], Source], passwords: Sequence[str], make_reader: MakeReader = Reader
) -> tuple[SourceFile, FilePassword | None]:
    """The file with its pages' sizes and labels, and the password that opened it; NeedsPassword, CannotReadPdf."""
    reader = make_reader(lambda _: data())
    try:
        answer, opened_with = _answer(reader, source, passwords)
    finally:
        reader.close()
    labels = answer.labels if any(answer.labels) else ()
    return replace(source, sizes=answer.sizes, labels=labels, broken=""), opened_with


def unlocked(store: CaseStore, case: Case, sha256: str, password: str) -> tuple[SourceFile, FilePassword | None]:
    """A protected file of the case, opened: its pages come after the last one, so that no page gets another number.

    NeedsPassword, CannotReadPdf.
    """
    shut = next(source for source in case.sources if source.sha256 == sha256)
    at_end = replace(shut, first_case_page=pages_in(case) + 1)
    return measured(at_end, lambda: store.open_source(sha256), (password,))


def is_about_file(trouble: Trouble) -> bool:
    """Whether a trouble tells of the file, and would come again; not of the machine at this moment."""
    return isinstance(trouble, CannotReadPdf) and trouble.why not in _OF_THE_MOMENT


def pages_in(case: Case) -> int:
    """How many pages the case has."""
    return sum(source.page_count for source in case.sources)


def _answer(reader: Reader, source: SourceFile, passwords: Sequence[str]) -> tuple[Measured, FilePassword | None]:
    for password in ("", *passwords):
        if password:
            reader.passwords[source.sha256] = password
        try:
            answer = reader.ask(Measure(source.sha256))
        except CannotReadPdf as trouble:
            if trouble.why is not Why.LOCKED:
                raise
            continue
        if not isinstance(answer, Measured):
            raise TypeError(f"the reader answered Measure with {type(answer).__name__}")
        return answer, FilePassword(source.sha256, password) if password else None
    tried = "None of the passwords given opens it." if passwords else "It asks for a password."
    raise NeedsPassword(f"{source.name} is protected. {tried}", place=source.name)
