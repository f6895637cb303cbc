# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets of terms that the reviewer wants in every case: kept as a setting, and so moved by a settings pack."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from imr_desktop.casework.term_sets import TERM_SETS
from imr_desktop.models.terms import TermSet

if TYPE_CHECKING:
    from imr_desktop.ui.session import Session

_ID: Final = "everywhere "


class SharedTerms:
    """The sets of every case, by name; a case keeps of them only whether they are lit in it."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def among(self, own: Iterable[TermSet]) -> tuple[TermSet, ...]:
        """A case's own sets with those of every case: its copies as they are now, the rest unlit behind them.

        A set that is no longer one of every case stays with the case that has it.
        """
        shared = self._sets()
        here = [
            replace(each, terms=shared.get(each.name, each.terms), everywhere=each.name in shared)
            if each.everywhere
            else each
            for each in own
        ]
        names = {each.name for each in here}
        more = (
            TermSet(f"{_ID}{name}", name, terms, lit=False, everywhere=True)
            for name, terms in shared.items()
            if name not in names
        )
        return (*here, *more)

    def keep(self, terms: TermSet, before: TermSet | None) -> None:
        """Keep a set that is one of every case; forget it where it was one and is no more, or is called otherwise."""
        shared = self._sets()
        if before is not None and before.everywhere and (not terms.everywhere or before.name != terms.name):
            shared.pop(before.name, None)
        if terms.everywhere:
            shared[terms.name] = terms.terms
        self._keep(shared)

    def remove(self, terms: TermSet) -> None:
        """The set is none of any case any more."""
        shared = self._sets()
        if terms.everywhere and shared.pop(terms.name, None) is not None:
            self._keep(shared)

    def _sets(self) -> dict[str, tuple[str, ...]]:
        told = self._session.setting(TERM_SETS)
        if not isinstance(told, dict):
            return {}
        return {str(name): tuple(map(str, terms)) for name, terms in told.items() if isinstance(terms, list) and terms}

    def _keep(self, shared: dict[str, tuple[str, ...]]) -> None:
        if shared != self._sets():
            self._session.keep_setting(TERM_SETS, {name: list(terms) for name, terms in shared.items()} or None)
