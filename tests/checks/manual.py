# SPDX-License-Identifier: AGPL-3.0-or-later
"""The manual of the checks, written from the checks themselves and from what the bench measured.

``python tests/checks/manual.py`` writes docs/checks.md anew; the bench leaves its figures in docs/checks.json.
"""

import json
from pathlib import Path
from typing import Any

from imr_desktop.checks import RULES, Severity
from imr_desktop.checks.finished import FINISHED_RULES
from imr_desktop.checks.mending import how_to_mend

DOCS = Path(__file__).parent.parent.parent / "docs"
MANUAL, FIGURES = DOCS / "checks.md", DOCS / "checks.json"
_HEAD = """# The checks

Every check by its id (reference section 6). *Blocks*: the determination cannot be issued. *Warns*: it passes only
with a recorded reason. *Informs*: worth knowing. *Answerable* means that a recorded reason lets the finding pass; the
reason is kept in the vault as an undoable step, belongs to the issued record, and lapses when the sentence it was
given to changes.

A check that fails by itself becomes a warning that says so; the others go on. Every answer about the record counts
the pages that could not be searched. Answering, the command line and the tables are told at the end.
"""
_TAIL = """
## Answering

In the window choose the finding in the Checks panel and press "Answer…": what the record says is listed beside the
reason, each with its page, and "Take back" has the finding asked again. On the command line `imr-desktop check CASE`
says everything and leaves with 1 while something blocks (`--json` for programs), and
`imr-desktop answer CASE NUMBER "seen, not sufficient because ..."` answers the finding of that number in the list. An
answer that lapsed is asked for again; Undo takes one back.

## Tables

Law, holidays, guideline registry, drugs, abbreviations, synonyms and the other word lists are dated TOML files under
`resources/tables/`. `imr-desktop tables list` shows each with its date and whether a newer one of yours is used,
`imr-desktop tables show NAME` prints it, `imr-desktop tables replace FILE` takes a newer one after looking whether it
has what the checks read, and `imr-desktop tables restore NAME` goes back to the one that came with the program. The
record of each issued letter names the tables that its checks used, with their dates.
"""


def written(figures: dict[str, Any]) -> str:
    """The whole manual."""
    parts = [_HEAD, *_measured(figures), "\n## Each check\n"]
    for identifier in sorted({rule.id for rule in RULES} | set(FINISHED_RULES)):
        parts.append(f"\n### {identifier}\n\n")
        for rule in RULES:
            if rule.id == identifier:
                basis = " ".join((rule.apply.__doc__ or "").split())
                passes = ", answerable" if rule.answerable else ""
                parts.append(f"- **{rule.rule}** ({rule.severity.value}{passes}) {basis}\n")
        if identifier in FINISHED_RULES:
            parts.append(f"- **{FINISHED_RULES[identifier]}** (blocks) Made on the finished file's bytes.\n")
        parts.append(f"\nTo mend: {how_to_mend(identifier)}\n\nMeasured: {_figures(identifier, figures)}\n")
    return "".join((*parts, _TAIL))


def _measured(figures: dict[str, Any]) -> list[str]:
    if not figures:
        return [
            "\n## Measured\n\nFigures of the bench are not published yet: `make bench` prints them by kind of error.\n"
        ]
    said = ["\n## Measured\n\n`make bench` plants errors and counts. `", str(figures.get("day", "not yet")), "`:\n"]
    for line in figures.get("summary", ()):
        said.append(f"\n- {line}")
    return [*said, "\n"]


def _figures(identifier: str, figures: dict[str, Any]) -> str:
    if not figures:
        return "finds its planted fault (tests/checks); not yet measured on letters."
    each = figures.get("checks", {}).get(identifier, {})
    found = f"found {each['found']} planted errors in the bench" if each.get("found") else "found its planted fault"
    letters = figures.get("letters", 0)
    grave = [f"{each.get(key, 0)} {key}" for key in (Severity.BLOCKS.value, Severity.WARNS.value) if each.get(key)]
    told = " and ".join(grave) if grave else "nothing"
    return f"{found} (tests/checks); {told} on {letters} sound letters."


if __name__ == "__main__":
    known = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    MANUAL.write_text(written(known), encoding="utf-8")
