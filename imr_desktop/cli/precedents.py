# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands about precedents: adding published determinations to the library, and finding them again."""

from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from imr_desktop.casework import precedents
from imr_desktop.casework.precedents import Added, Wanted
from imr_desktop.cli.common import (
    JsonOption,
    PassphraseOption,
    VaultOption,
    counted,
    note,
    opened,
    out,
    say,
    told,
    with_bar,
)
from imr_desktop.models.items import Outcome
from imr_desktop.models.precedents import PrecedentHit

precedents_app = typer.Typer(help="The local library of published determinations.", no_args_is_help=True)

WorkersOption = Annotated[int, typer.Option(min=1, max=64, help="How many files are worked on at once.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    precedents_app.command("add")(add)
    precedents_app.command("search")(search)
    app.add_typer(precedents_app, name="precedents")


def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="PDF, .txt, .json or .jsonl files; folders.")],
    workers: WorkersOption = 1,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add published determinations; those already there are passed over, so a stopped run goes on where it was."""
    with opened(vault, passphrase_file) as found:
        results = with_bar(precedents.add(found, paths, workers), quiet=as_json)
        letters, counts = found.precedents().count()
    done = next(each for each in results if isinstance(each, Added))
    for trouble in done.troubles:
        told(trouble)
    if as_json:
        out(
            {
                "added": done.added,
                "known": done.known,
                "failed": [{"file": each.place, "happened": each.happened} for each in done.troubles],
                "precedents": letters,
                "items": counts.items,
            }
        )
    else:
        say(f"{done.added} added, {done.known} there already, {len(done.troubles)} could not be read.")
        say(f"The library has {counted(letters, 'precedent')} with {counted(counts.items, 'decided item')}.")
    if done.troubles:
        raise typer.Exit(2)


def search(
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="Words, phrases, AND, OR, NOT.")] = None,
    treatment: Annotated[str, typer.Option(help="Words of the treatment; drugs by any of their names.")] = "",
    body_part: Annotated[str, typer.Option(help="A part of the body.")] = "",
    guideline: Annotated[str, typer.Option(help="Words of a guideline's name.")] = "",
    outcome: Annotated[str, typer.Option(help="upheld or overturned.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10000, help="How many decided items to list.")] = 50,
    vault: VaultOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find precedents by words, treatment, body part, guideline and outcome, with counts of upheld and overturned."""
    chosen = {each.value.lower(): each for each in Outcome}.get(outcome.lower())
    if outcome and chosen is None:
        raise typer.BadParameter(f"{outcome} is not upheld or overturned")
    wanted = Wanted(" ".join(words or ()), treatment, body_part, guideline, chosen)
    with opened(vault, passphrase_file) as unlocked:
        found = precedents.search(unlocked, wanted, limit)
    if as_json:
        out(
            {
                "count": found.counts.items,
                "upheld": found.counts.upheld,
                "overturned": found.counts.overturned,
                "order": "relevance" if found.by_rank else "newest",
                "precedents": [
                    _hit_out(list(hits), wanted)
                    for _, hits in groupby(_together(found.hits), lambda hit: hit.precedent_id)
                ],
            }
        )
        return
    counts = found.counts
    say(f"{counted(counts.items, 'decided item')}: {counts.upheld} upheld, {counts.overturned} overturned.")
    for hit in found.hits:
        day = hit.decided.isoformat() if hit.decided else "undated"
        say(f"{hit.case_number}  {day}  item {hit.ordinal}  {hit.outcome}: {hit.heading}")
        say(f"    {precedents.around(hit, wanted.words or wanted.treatment)}")
    if counts.items > len(found.hits):
        note(f"{counts.items - len(found.hits)} more; --limit lists more of them.")


def _together(hits: tuple[PrecedentHit, ...]) -> list[PrecedentHit]:
    """The hits with those of one precedent next to each other, where its best one stood."""
    first = {hit.precedent_id: at for at, hit in reversed(list(enumerate(hits)))}
    return sorted(hits, key=lambda hit: first[hit.precedent_id])


def _hit_out(hits: list[PrecedentHit], wanted: Wanted) -> dict[str, Any]:
    one = hits[0]
    return {
        "case_number": one.case_number,
        "decision_date": one.decided.isoformat() if one.decided else None,
        "file": one.name,
        "items": [
            {
                "ordinal": hit.ordinal,
                "heading": hit.heading,
                "outcome": hit.outcome,
                "guideline": precedents.item_of(hit)["reviewer_guideline"],
                "around": precedents.around(hit, wanted.words or wanted.treatment),
            }
            for hit in hits
        ],
    }
