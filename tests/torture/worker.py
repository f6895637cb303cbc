# SPDX-License-Identifier: AGPL-3.0-or-later
"""A process that forks others on demand, so that two hundred of them can be killed without two hundred imports.

Each line on its standard input is a job: ``edit FOLDER CASE SEED`` or ``hold FOLDER``. The forked process says its
number, then what it does, line by line; when it is gone, this one says ``gone``.
"""

import hashlib
import json
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from imr_desktop.casework.desk import Desk
from imr_desktop.models.items import Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, Word
from imr_desktop.storage import AlreadyOpen, CaseStore, Vault
from tests.kit.vaults import PASSPHRASE, source_of


def state_of(store: CaseStore) -> str:
    """A digest of everything that an edit can change."""
    case = store.read()
    told = [
        repr(case),
        store.undo_label,
        store.redo_label,
        len(store.history()),
        [letter.name for letter in store.letters()],
    ]
    return hashlib.sha256(json.dumps(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def edit(vault: Vault, case_id: str, chance: random.Random) -> None:
    """Edit a case for ever. Before each commit the state that it leads to is said, after it that it is done."""
    store = vault.case(case_id)
    desk = Desk(store)
    number = 0
    while True:
        number += 1
        with vault.at_once():
            _one(desk, chance, number)
            _say("will", state_of(store))
        _say("done", state_of(store))
        if chance.random() < 0.2 and store.read().sources:
            page = PageRef(chance.choice(store.read().sources).sha256, 0)
            store.keep_words(PageWords(page, PageSize(1, 1), (Word("word", Box(0, 0, 1, 1), 0, 0),) * 50))
            store.mark_seen(page, datetime.now(UTC))


_KINDS = [*["summary", "rationale"] * 3, "add", "decide", "remove", "undo", "undo", "redo", "source", "letter"]


_KINDS = [*["summary", "rationale"] * 3, "add", "decide", "remove", "undo", "undo", "redo", "source", "letter"]


def _one(desk: Desk, chance: random.Random, number: int) -> None:
    items = desk.case.items
    text = Narrative(f"{number} " + "words " * chance.randrange(400))
    kind = chance.choice(_KINDS)
    if kind == "summary":
        desk.write_summary(text)
    elif kind == "add" or not items:
        desk.add_item(f"Treatment {number}")
    elif kind == "rationale":
        desk.write_rationale(chance.choice(items).id, text)
    elif kind == "decide":
        desk.decide(chance.choice(items).id, chance.choice(list(Outcome)))
    elif kind == "remove" and len(items) > 3:
        desk.remove_item(chance.choice(items).id)
    elif kind == "undo":
        desk.undo()
    elif kind == "redo":
        desk.redo()
    elif kind == "source" and len(desk.case.sources) < 40:
        data = chance.randbytes(chance.randrange(1, 60_000))
        with desk.store.step("Take in the record") as step:
            desk.store.add_source(source_of(data), data)
            assert step is not None
        desk._present = None
    elif kind == "letter" and len(desk.store.letters()) < 60:
        desk.store.file_letter(f"{chance.random()}.pdf", chance.randbytes(5000), "digest", {})


def _say(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())


def _work(line: str) -> None:
    job, folder, *rest = line.split()
    try:
        with Vault.open(Path(folder), PASSPHRASE) as vault:
            _say("open", str(os.getpid()))
            if job == "edit":
                edit(vault, rest[0], random.Random(rest[1]))
            sys.stdin.readline()
    except AlreadyOpen:
        _say("taken", str(os.getpid()))


def main() -> None:
    """Fork a process for each job; several words after ``and`` are jobs to be done at once."""
    for line in sys.stdin:
        started = []
        for job in line.split(" and "):
            child = os.fork()
            if child == 0:
                try:
                    _work(job)
                finally:
                    os._exit(0)
            started.append(child)
            _say("started", str(child))
        for child in started:
            os.waitpid(child, 0)
        _say("gone")


if __name__ == "__main__":
    main()
