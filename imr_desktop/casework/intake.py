# SPDX-License-Identifier: AGPL-3.0-or-later
"""Intake: PDFs and folders become a case, or late records of one; either all of them come in or none does."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from imr_desktop import assets
from imr_desktop.casework import exchange, organisation_file
from imr_desktop.casework.left_out import ADVICE, files_that_need_a_word
from imr_desktop.casework.measuring import MakeReader, NeedsPassword, is_about_file, measured, pages_in
from imr_desktop.casework.organisation_file import NotOrganisationData, Understood
from imr_desktop.casework.progress import Progress, meanwhile
from imr_desktop.errors import Trouble
from imr_desktop.models.care import FilePassword
from imr_desktop.models.case import Case, CaseHeader, Imro, LetterText
from imr_desktop.models.determination import Determination
from imr_desktop.models.plain import from_plain
from imr_desktop.models.records import Document, PageSpan, SourceFile
from imr_desktop.records import Reader
from imr_desktop.storage import CaseStore, Table, Vault

_CASE_NUMBER = re.compile(r"CM\d{2}-\d{7,8}", re.IGNORECASE)
_BLOCK = 1 << 20
_DATA = (".json", ".csv")


class CannotTakeIn(Trouble):
    """What was handed in cannot become a case."""

    default_advice = "Put it right and take the case in again; nothing of it was kept."


@dataclass(frozen=True, slots=True)
class _Received:
    path: Path
    sha256: str
    byte_count: int


def take_in(
    vault: Vault,
    paths: Sequence[Path],
    *,
    case_data: Path | None = None,
    into: str | None = None,
    passwords: Sequence[str] = (),
    locked_too: bool = False,
    make_reader: MakeReader = Reader,
) -> Iterator[Progress]:
    """Make a case of PDFs and folders, or add them to the case ``into``; the last Progress names the case.

    ``case_data`` is ``imr-case/1`` or the organisation's own JSON or CSV; such a file is found in a folder as well.
    ``passwords`` are tried on protected files; one that none opens raises NeedsPassword, or with ``locked_too``
    comes in shut, to be opened later. A broken file among sound ones comes in as what it is. What was left out, shut
    or not understood is told in the last Progress. Raises CannotTakeIn, NotACase, NotOrganisationData or DiskFull,
    each naming the file, before anything of the case is kept. What is slow of it is done on another thread.
    """
    left_out = files_that_need_a_word(paths)
    given, told = _told(case_data, paths, left_out) if into is None else (None, None)
    files = _pdfs(paths, left_out)
    if into is None:
        named = _named_case(paths, alone=given is None and told is None)
    else:
        # A record of another case may lie among late ones; what is handed in as a whole is not another case's.
        named = next(iter(_numbers_in(paths, within=False)), "")
    _refuse_wrong_case(vault, given, told, named, into)
    total = 2 * len(files)
    received: list[_Received] = []
    sources: list[SourceFile] = []
    opened_with: list[FilePassword] = []
    broken: list[CannotTakeIn] = []
    present = Case(id="") if into is None else vault.case(into).read()
    known = {source.sha256 for source in present.sources}
    next_page = 1 + pages_in(present)
    for number, path in enumerate(files):
        opening = Progress(number, total, f"Opening {path.name}")
        file = yield from meanwhile(partial(_receive, path), opening)
        if file.sha256 in known:
            continue
        known.add(file.sha256)
        measuring = partial(_measured, file, next_page, passwords, locked_too, make_reader)
        source, password, shut = yield from meanwhile(measuring, opening)
        if password is not None:
            opened_with.append(password)
        if shut is not None:
            broken.append(shut)
        next_page += source.page_count
        received.append(file)
        sources.append(source)
    if sources and len(broken) == len(sources) and not locked_too:
        # Nothing of what was handed in can be shown: that is no record.
        raise broken[0]
    if not sources:
        raise CannotTakeIn("Every file given is in the case already.", "Look at the case's sources.")
    # A new case and its record are one transaction; into a case that is there, the record is one step of it.
    with vault.at_once() if into is None else nullcontext():
        store = vault.case(into) if into is not None else _new_case(vault, given, told, named)
        with store.step("Take in the record") as step:
            for number, (file, source) in enumerate(zip(received, sources, strict=True)):
                keeping = Progress(len(files) + number, total, f"Keeping {file.path.name}", store.id)
                is_new = yield from meanwhile(partial(_sealed, store, file, source), keeping)
                store.add_sealed(source, is_new=is_new)
            for password in opened_with:
                step.put(Table.PASSWORD, password.id, password)
            if given is not None and into is None:
                _fill(step.put, given, sources)
    yield Progress(total, total, "The case is in.", store.id, (*left_out, *broken))


def _sealed(store: CaseStore, file: _Received, source: SourceFile) -> bool:
    with file.path.open("rb") as data:
        return store.seal_source(source, data)


def case_number_in(paths: Sequence[Path]) -> str:
    """The case number that files and folders are named by; empty if they are not, or by several."""
    return _only(_numbers_in(paths))


def _only(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else ""


def _numbers_in(paths: Sequence[Path], within: bool = True) -> list[str]:
    """The case numbers by which what is handed in is named; else the records ``within``; else the folder around it."""
    handed = [path.name for path in paths]
    folders = [path for path in paths if within and path.is_dir()]
    records = [(path, each) for path in folders for each in path.rglob("*") if each.suffix.lower() == ".pdf"]
    inside = [name for path, each in records for name in each.relative_to(path).parts]
    around = [path.resolve().parent.name for path in paths]
    for names in (handed, inside, around):
        numbers = {found.group().upper() for name in names if (found := _CASE_NUMBER.search(name))}
        if numbers:
            return sorted(numbers)
    return []


def _named_case(paths: Sequence[Path], alone: bool) -> str:
    """The number that the files are named by. Where nothing else tells the case, files of several are refused."""
    numbers = _numbers_in(paths)
    if alone and len(numbers) > 1:
        raise CannotTakeIn(
            f"The files are named by {len(numbers)} cases ({', '.join(numbers[:4])}{', …' if numbers[4:] else ''}).",
            "Take in each case's files by themselves; rename a record of another case that belongs to this one.",
        )
    data = [
        each for path in paths if path.is_dir() for each in sorted(path.glob("*/*")) if each.suffix.lower() in _DATA
    ]
    if alone and len({each.parent for each in data}) > 1:
        folders = ", ".join(sorted({each.parent.name for each in data})[:4])
        raise CannotTakeIn(
            f"The folder holds the data of several cases, in folders of their own ({folders}).",
            "Take in each case's folder by itself.",
        )
    return _only(numbers)


def organisation(vault: Vault | None = None) -> Imro:
    """The organisation as a new case names it: as the vault keeps it, else from the editable table."""
    kept = None if vault is None else vault.setting("imro")
    if kept is not None:
        return from_plain(kept, Imro)
    return from_plain(dict(assets.table("tables/imro.toml")), Imro)


def _refuse_wrong_case(
    vault: Vault, given: Determination | None, facts: Understood | None, named: str, into: str | None
) -> None:
    """Files named by another case's number are not taken in silently, and no case comes in twice."""
    target = vault.case(into).read() if into is not None else None
    told = given.case.header.case_number if given is not None else facts.header.case_number if facts else ""
    number = target.header.case_number if target is not None else told or named
    if named and number and named != number.upper():
        raise CannotTakeIn(
            f"The files are named by the case {named}, but they are to go into the case {number}.",
            "Check whose records these are; if they are right, rename them first.",
        )
    if into is None and number and any(case.header.case_number == number for case in vault.cases()):
        raise CannotTakeIn(
            f"The case {number} is in the vault already.", "Add late records to it: `--into` on the command line."
        )


def _told(
    case_data: Path | None, paths: Sequence[Path], left_out: list[Trouble]
) -> tuple[Determination | None, Understood | None]:
    """What is known of the case: as ``imr-case/1``, or as the organisation writes it."""
    named = case_data or next((path for path in paths if path.suffix.lower() in _DATA and path.is_file()), None)
    if named is not None and named.suffix.lower() != ".csv" and _is_ours(named):
        return exchange.read_file(named), None
    lying = [each for path in paths if path.is_dir() for each in sorted(path.iterdir()) if each.suffix.lower() in _DATA]
    others = [each for each in lying if each.suffix.lower() == ".csv" or not _is_ours(each)]
    chosen = named or (others[0] if len(others) == 1 else None)
    if chosen is None:
        if others:
            names = ", ".join(each.name for each in others)
            left_out.append(Trouble(f"Several files tell of the case ({names}), and none was read.", "Name one."))
        return None, None
    try:
        told = organisation_file.read(chosen, case_number_in(paths))
    except NotOrganisationData as trouble:
        # A file that merely lies in the folder does not keep the record out.
        if named is not None:
            raise
        left_out.append(trouble)
        return None, None
    look = "Compare it with the file, on the Case panel."
    left_out += [Trouble(f"{chosen.name}: {said}.", look) for said in told.guessed]
    left_out += [Trouble(f"{chosen.name}: {said}", look) for said in told.not_understood]
    return None, told


def _is_ours(path: Path) -> bool:
    """Whether a JSON file says of itself that it is ``imr-case/1``, or is too broken to say so."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return True
    return isinstance(data, dict) and ("format" in data or isinstance(data.get("items"), list))


def _pdfs(paths: Sequence[Path], left_out: Sequence[Trouble] = ()) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(found for found in path.rglob("*") if found.suffix.lower() == ".pdf" and found.is_file())
        elif path.exists():
            # What is named is taken for a PDF whatever it is called, unless it is plainly something else.
            if path.suffix.lower() not in (*ADVICE, *_DATA):
                files.append(path)
        else:
            raise CannotTakeIn(f"There is no file or folder {path}.", "Check the name and try again.", place=str(path))
    if not files:
        if left_out:
            raise CannotTakeIn(left_out[0].happened, left_out[0].advice, place=left_out[0].place)
        where = ", ".join(path.name for path in paths)
        raise CannotTakeIn(f"There is no PDF in {where}.", "Hand in the case's PDF files or their folder.")
    return files


def _receive(path: Path) -> _Received:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as why:
        raise CannotTakeIn(
            f"{path.name} could not be read ({why.strerror}).", "Check that you may open it.", place=str(path)
        ) from why
    return _Received(path, digest.hexdigest(), size)


def _measured(
    file: _Received, first_page: int, passwords: Sequence[str], locked_too: bool, make_reader: MakeReader
) -> tuple[SourceFile, FilePassword | None, CannotTakeIn | None]:
    """The file as the case keeps it, the password that opens it, and what keeps it shut."""
    name = file.path.name
    found = SourceFile(file.sha256, name, file.byte_count, first_page, received_on=_today())
    try:
        source, opened_with = measured(found, lambda: file.path.open("rb"), passwords, make_reader)
    except NeedsPassword as trouble:
        if not locked_too:
            raise
        shut: Trouble = trouble
    except Trouble as trouble:
        if not is_about_file(trouble):
            raise CannotTakeIn(f"{name}: {trouble.happened}", trouble.advice, place=str(file.path)) from trouble
        shut = CannotTakeIn(f"{name}: {trouble.happened}", trouble.advice, place=str(file.path))
    else:
        return source, opened_with, None
    told = CannotTakeIn(shut.happened, shut.advice, place=str(file.path))
    return replace(found, broken=f"{shut.happened} {shut.advice}"), None, told


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _new_case(vault: Vault, given: Determination | None, told: Understood | None, named: str) -> CaseStore:
    if given is not None:
        case = given.case
        return vault.new_case(case.header, case.imro, case.letter)
    if told is not None:
        number = told.header.case_number or named
        return vault.new_case(replace(told.header, case_number=number), organisation(vault), LetterText())
    return vault.new_case(CaseHeader(case_number=named), organisation(vault), LetterText())


def _fill(put: Callable[..., None], given: Determination, sources: Sequence[SourceFile]) -> None:
    by_name = {source.name: source for source in sources}
    case = given.case
    if case.clinical_summary:
        put(Table.SUMMARY, Table.SUMMARY.value, case.clinical_summary)
    for position, item in enumerate(case.items):
        put(Table.ITEM, item.id, item, float(position))
    for position, document in enumerate(case.documents):
        put(Table.DOCUMENT, document.id, _placed(document, by_name), float(position))


def _placed(document: Document, by_name: dict[str, SourceFile]) -> Document:
    return replace(document, pages=tuple(_span(span, by_name) for span in document.pages))


def _span(span: PageSpan, by_name: dict[str, SourceFile]) -> PageSpan:
    source = by_name.get(span.name)
    return span if source is None else replace(span, source=source.sha256)
