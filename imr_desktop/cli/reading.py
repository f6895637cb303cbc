# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands by which the machine reads a case, and by which what it read is searched."""

from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from imr_desktop.casework import attesting, case_facts, reading, search, sorting
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.progress import Progress
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    find_case,
    note,
    opened,
    out,
    say,
    show_table,
    with_bar,
)
from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case
from imr_desktop.models.records import DocumentType, PageRef
from imr_desktop.records.ocr import engines
from imr_desktop.storage import CaseStore, Vault
from imr_desktop.storage.page_index import Stage

_NO_ENGINE = "No program that recognises words is installed here, so pictures stay unread; install imr-desktop[ocr]."


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    app.command("read")(read)
    app.command("search")(find)


def read(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case number or the case's id.")],
    ocr: Annotated[bool, typer.Option("--ocr/--no-ocr", help="Recognise the words on pictures too.")] = True,
    again: Annotated[str, typer.Option(metavar="PAGES", help="Recognise these case pages anew: 12 or 12-14,20.")] = "",
    workers: Annotated[int, typer.Option(min=0, help="Processes that recognise words; 0: all cores but one.")] = 0,
    accept: Annotated[
        bool, typer.Option("--accept", help="Make what is proposed documents and facts of the case, each undoable.")
    ] = False,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read every page of a case and sort it; stopped at any moment, it goes on where it was."""
    with opened(vault, passphrase_file) as found:
        desk = attesting.desk(found, find_case(found, case))
        store = desk.store
        if again:
            reading.read_again(store, _pages(desk.case, again))
        if ocr and engines().quick is None:
            note(_NO_ENGINE)
        with closing(_work(store, reading.Plan(ocr=ocr, workers=workers))) as work:
            with_bar(work, quiet=as_json)
        told = _told(store, desk.case)
        if accept:
            told["accepted"] = _accept(desk)
    if as_json:
        out(told)
    else:
        _say_read(told)


def _work(store: CaseStore, plan: reading.Plan) -> Generator[Progress, None, None]:
    yield from reading.read(store, plan)
    yield from sorting.sort(store)


def _pages(case: Case, text: str) -> tuple[PageRef, ...]:
    """The pages that are named by their case pages; Trouble if one is not there."""
    by_number = {page.case_page: page.ref for page in reading.pages_of(case)}
    chosen: list[PageRef] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            chosen += [by_number[number] for number in range(int(first), int(last or first) + 1)]
    except (ValueError, KeyError) as why:
        raise Trouble(
            f"There are no pages {text} in this case.", f"Name case pages from 1 to {len(by_number)}, as in 12-14,20."
        ) from why
    return tuple(chosen)


def _told(store: CaseStore, case: Case) -> dict[str, Any]:
    """What the machine made of the case, as plain data; pages are case pages, from 1."""
    counts = store.pages.index.counts()
    record = reading.record(store, case)
    number = {page.ref: page.case_page for page in record.pages}
    facts = case_facts.propose(store)
    return {
        "case": case.header.case_number or store.id,
        "id": store.id,
        "pages": len(record.pages),
        "read": counts[Stage.READ],
        "waiting": len(record.pages) - counts[Stage.READ] - counts[Stage.UNREADABLE],
        "not_searchable": [
            {"case_page": page.case_page, "why": page.unreadable or "no words were found on it"}
            for page in record.pages
            if not page.searchable
        ],
        "recognised": sum(page.origin == "ocr" for page in record.pages),
        "blank": [page.case_page for page in record.pages if page.blank],
        "repeats": [
            {"case_page": number[ref], "repeats": number[of], "likeness": round(likeness, 3)}
            for ref, (of, likeness) in sorted(sorting.repeated(store).items(), key=lambda pair: number[pair[0]])
        ],
        "other_persons": [
            {"case_page": number[ref], "what": found.what, "says": found.says}
            for ref, found in sorted(sorting.strays(store).items(), key=lambda pair: number[pair[0]])
        ],
        "documents": [
            {
                "type": one.type.value,
                "title": one.title,
                "author": one.author,
                "date": one.date.isoformat() if one.date else None,
                "case_pages": [number[PageRef(one.source, one.first)], number[PageRef(one.source, one.last)]],
                "confidence": round(one.confidence, 2),
                "reason": one.reason,
            }
            for one in sorting.proposals(store, case)
        ],
        "facts": [
            {
                "field": fact.field,
                "value": fact.value,
                "case_pages": sorted({number[ref] for ref in fact.pages}),
                "otherwise": list(fact.otherwise),
            }
            for fact in facts.facts
        ],
        "items": [
            {"wording": item.wording, "quantity": item.quantity, "case_page": number[item.page]} for item in facts.items
        ],
    }


def _accept(desk: Desk) -> dict[str, int]:
    """Accept what is proposed where the reviewer has put nothing yet; gives how many of each."""
    documents = sorting.accept(desk, sorting.proposals(desk.store, desk.case))
    proposed = case_facts.unsettled(desk.case, case_facts.propose(desk.store))
    facts = [fact for fact in proposed.facts if case_facts.is_open(desk.case.header, fact.field)]
    case_facts.accept_facts(desk, facts)
    items = () if desk.case.items else proposed.items
    for item in items:
        case_facts.accept_item(desk, item)
    return {"documents": len(documents), "facts": len(facts), "items": len(items)}


def _say_read(told: dict[str, Any]) -> None:
    say(f"{told['read']:,} of {told['pages']:,} pages read, {told['recognised']:,} of them recognised from pictures.")
    silent = told["not_searchable"]
    if silent:
        say(f"{len(silent):,} pages cannot be searched:")
        for page in silent:
            say(f"  page {page['case_page']}: {page['why']}")
    say(
        f"{len(told['blank']):,} blank pages, {len(told['repeats']):,} pages that came twice,"
        f" {len(told['other_persons']):,} that seem to be about somebody else,"
        f" {len(told['documents']):,} documents and {len(told['facts']) + len(told['items']):,} facts proposed."
    )
    for page in told["other_persons"]:
        say(f"  page {page['case_page']}: {page['what']}, {page['says']}")
    if "accepted" in told:
        made = told["accepted"]
        say(f"Accepted: {made['documents']} documents, {made['facts']} facts, {made['items']} disputed items.")


def find(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="Words, '\"a phrase\"', a date, AND OR NOT.")],
    case: Annotated[str | None, typer.Option(metavar="CASE", help="Only this case; else all.")] = None,
    pages: Annotated[str, typer.Option(metavar="A-B", help="Only these case pages.")] = "",
    types: Annotated[
        list[DocumentType] | None, typer.Option("--type", help="Only in documents of this type; may be repeated.")
    ] = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Documents since.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Documents until.")] = None,
    whole_word: Annotated[bool, typer.Option("--whole-word", help="Exactly these words, no other forms.")] = False,
    match_case: Annotated[bool, typer.Option("--match-case", help="Capitals as typed.")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Nothing misread, and no other names.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="At most so many pages with hits a case; 0: all.")] = 0,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search a case or all cases; always says what could not be searched."""
    scope = search.Scope(
        pages=_span(pages),
        types=frozenset(types or ()),
        dated=_dated(since, until),
        whole_word=whole_word or match_case,
        match_case=match_case,
        forgiving=not exact,
        other_names=not exact,
        limit=limit or None,
    )
    text = " ".join(words)
    with opened(vault, passphrase_file) as found:
        results = list(_found(found, case, text, scope))
    if as_json:
        out({"query": text, "cases": [told for told, _ in results]})
    else:
        _say_found(results)


def _found(
    vault: Vault, named: str | None, text: str, scope: search.Scope
) -> Iterator[tuple[dict[str, Any], search.Found]]:
    if named is None:
        answers: Iterator[search.Found] = search.search_all(vault, text, scope)
    else:
        answers = iter([search.search_case(vault, find_case(vault, named), text, scope)])
    for answer in answers:
        yield _found_out(vault, answer), answer


def _found_out(vault: Vault, found: search.Found) -> dict[str, Any]:
    if found.trouble:
        header = next(case.header for case in vault.cases() if case.id == found.case_id)
        named: dict[str, str] = {}
    else:
        store = vault.case(found.case_id)
        case = store.read()
        header, named = case.header, {source.sha256: source.name for source in case.sources}
    return {
        "case": header.case_number or found.case_id,
        "id": found.case_id,
        "told": found.told(),
        "pages": found.page_count,
        "not_searched": [{"case_page": page.case_page, "why": page.why} for page in found.unsearched],
        "hits": [
            {
                "case_page": hit.case_page,
                "file": named.get(hit.ref.source, ""),
                "file_page": hit.ref.page + 1,
                "document": None if hit.document is None else (hit.document.title or hit.document.type.value),
                "date": None if hit.document is None or hit.document.date is None else hit.document.date.isoformat(),
                "before": hit.before,
                "text": hit.text,
                "after": hit.after,
                "as_read": hit.as_read,
                "why": hit.why,
                "boxes": [[round(side, 1) for side in box] for box in search.boxes(store, hit)],
            }
            for hit in found.hits
        ],
    }


def _say_found(results: list[tuple[dict[str, Any], search.Found]]) -> None:
    told_of = [told for told, found in results if found.hits]
    for told in told_of:
        say(f"{told['case']}: {told['told']}")
        show_table(
            ("Page", "Document", "Words"),
            [
                (
                    str(hit["case_page"]),
                    escape(" ".join(filter(None, (hit["document"], hit["date"])))),
                    escape(f"{hit['before']}>{hit['text']}<{hit['after']}{_marked(hit)}"),
                )
                for hit in told["hits"]
            ],
        )
    for told, found in results:
        if not found.hits:
            say(f"{told['case']}: {told['told']}")
    if not results:
        say("There are no cases in this vault.")


def _marked(hit: dict[str, Any]) -> str:
    return (" (as read)" if hit["as_read"] else "") + (f" ({hit['why']})" if hit["why"] else "")


def _span(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    first, _, last = text.partition("-")
    try:
        return int(first), int(last or first)
    except ValueError as why:
        raise Trouble(f"{text} names no pages.", "Name case pages as in 12-40.") from why


def _dated(since: datetime | None, until: datetime | None) -> tuple[date, date] | None:
    if since is None and until is None:
        return None
    first = date.min if since is None else since.date()
    return first, (datetime.now(UTC).astimezone() if until is None else until).date()
