# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was made out of every case for the worklist, kept in the vault so that opening it again need not look anew."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from imr_desktop import assets
from imr_desktop.storage import Stamps, Vault

Facts = dict[str, Any]
"""What was made out of one case, as plain data."""

# Bumped when what is kept of a case changes its shape: then every case is looked at anew once.
_FORM: Final = 4
_INDEX: Final = "worklist"
# A screen shows some thirty cases, the most urgent: they come with the first block, the others when they are wanted.
_BLOCK: Final = 200


def counted_by(holidays: Collection[date]) -> dict[str, Any]:
    """What due days are counted by: these holidays and the figures of the law; if it changes, so may every due day."""
    law = {name: figure for name, figure in assets.table("tables/law.toml").items() if isinstance(figure, int)}
    return {"holidays": sorted(day.isoformat() for day in holidays), "law": law}


class KeptWorklist:
    """The facts of all cases as they were last kept; read a block at a time, as they are wanted."""

    def __init__(self, vault: Vault, index: Mapping[str, Any]) -> None:
        self._vault, self._index = vault, index
        self._ids: list[str] = index["stamps"][0].split()
        self._blocks: dict[int, dict[str, Facts]] = {}

    @classmethod
    def read(cls, vault: Vault) -> "KeptWorklist | None":
        """What the vault has kept; None where nothing is, or in an earlier form."""
        index = vault.setting(_INDEX)
        return cls(vault, index) if index is not None and index.get("form") == _FORM else None

    def holds(self, stamps: Stamps, basis: Mapping[str, Any]) -> bool:
        """Whether no case has changed since, nor what due days are counted by."""
        index = self._index
        return bool(
            index["stamps"] == list(stamps.columns)
            and index["issued"] == {case_id: list(issued) for case_id, issued in stamps.issued.items()}
            and index["basis"] == basis
        )

    @property
    def basis(self) -> dict[str, Any]:
        """What the due days were counted by."""
        return dict(self._index["basis"])

    def places(self, *, archived: bool) -> Sequence[int]:
        """The places of the cases in the order of urgency."""
        order, stored = self._index["order"], self._index["stamps"][2]
        if archived or "1" not in stored:
            return range(len(order))
        flags = stored.split()
        return [place for place, number in enumerate(order) if flags[number] == "0"]

    def number(self, place: int) -> int:
        """The number, among the stamps, of the case at a place."""
        return int(self._index["order"][place])

    def facts(self, place: int) -> Facts:
        """What was made out of the case at a place."""
        return self._block(place // _BLOCK)[self._ids[self.number(place)]]

    def ids(self, places: Sequence[int]) -> list[str]:
        """The ids of the cases at these places."""
        order, ids = self._index["order"], self._ids
        return [ids[order[place]] for place in places]

    def all(self) -> dict[str, Facts]:
        """What was made out of every case."""
        blocks = map(self._block, range(_blocks(self._index["order"])))
        return {case_id: facts for block in blocks for case_id, facts in block.items()}

    def _block(self, number: int) -> dict[str, Facts]:
        if number not in self._blocks:
            self._blocks[number] = self._vault.setting(f"{_INDEX} {number}") or {}
        return self._blocks[number]


def keep(
    vault: Vault, stamps: Stamps, basis: Mapping[str, Any], facts: Mapping[str, Facts], order: Sequence[str]
) -> None:
    """Keep what was made out of these cases; ``order`` has their ids, the most urgent first."""
    numbers = {case_id: number for number, case_id in enumerate(stamps.ids)}
    before = vault.setting(_INDEX) or {}
    index = {
        "form": _FORM,
        "basis": dict(basis),
        "stamps": stamps.columns,
        "issued": stamps.issued,
        "order": [numbers[case_id] for case_id in order],
    }
    blocks = [order[start : start + _BLOCK] for start in range(0, len(order), _BLOCK)]
    with vault.at_once():
        vault.keep_setting(_INDEX, index)
        for number, block in enumerate(blocks):
            vault.keep_setting(f"{_INDEX} {number}", {case_id: facts[case_id] for case_id in block})
        # Nothing stays of cases that are gone.
        for number in range(len(blocks), _blocks(before.get("order", ()))):
            vault.keep_setting(f"{_INDEX} {number}", None)


def _blocks(order: Sequence[Any]) -> int:
    """In how many blocks the facts of so many cases lie."""
    return -(-len(order) // _BLOCK)
