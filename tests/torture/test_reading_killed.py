# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading with OCR, killed at random moments: no page is lost, read twice or half kept."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from imr_desktop.casework import reading, search
from imr_desktop.records.ocr import Engine, Engines, Recognizer, engines
from imr_desktop.storage import CaseStore, Vault
from imr_desktop.storage.page_index import Stage
from tests.kit.cases import PASSPHRASE, new_vault
from tests.kit.records import LINES, case_with, pictures
from tests.torture.conftest import LONG

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(engines().quick is not Engine.TESSERACT, reason="tesserocr is not installed here"),
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this platform has no kill -9"),
]

PLAN = reading.Plan(engines=Engines(quick=Engine.TESSERACT), workers=1, patience=0.02)
READS = """
import sys
from pathlib import Path
from imr_desktop.storage import Vault
from tests.torture.test_reading_killed import PLAN, reading
if __name__ == "__main__":
    vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
    for _ in reading.read(vault.case(sys.argv[3]), PLAN):
        print(flush=True)
"""


def numbered(vault: Vault, count: int) -> CaseStore:
    """A case of pictures, each with its number on it."""
    return case_with(vault, a=pictures(*([f"Sheet number {1000 + number}", *LINES] for number in range(count))))


def whole(store: CaseStore, count: int) -> None:
    """Every page was read, says its own number once, and is found once."""
    states = store.pages.index.readings()
    assert [(state.stage, state.tries) for state in states] == [(Stage.READ, 0)] * count
    texts = store.pages.index.texts()
    numbers = [int(texts[state.ref].split()[2]) for state in states]
    assert numbers == [1000 + number for number in range(count)]
    hits = Counter(hit.case_page for hit in search.search(store, '"sheet number"').hits)
    assert hits == {number + 1: 1 for number in range(count)}
    store.pages.check()


def test_the_recogniser_killed_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: Callable[[int, int], int], figures: Callable[[str], None]
) -> None:
    rng = random.Random(13)
    kills, made = many(3, 60), []

    def recognizer(*args: object, **options: object) -> Recognizer:
        made.append(Recognizer(*args, **options))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(reading, "Recognizer", recognizer)
    count = kills + 2
    with new_vault(tmp_path / "vault") as vault:
        store = numbered(vault, count)
        killed, allowed, due = 0, 0, 0.0
        for progress in reading.read(store, PLAN):
            # At most once a page: one that ends its process four times would be given up, and rightly.
            if killed < kills and progress.done >= allowed and made and made[-1].pid:
                due = due or time.monotonic() + rng.uniform(0.0, 1.5)
                if time.monotonic() >= due:
                    os.kill(made[-1].pid, signal.SIGKILL)
                    killed, allowed, due = killed + 1, progress.done + 1, 0.0
        whole(store, count)
    assert killed > 0
    figures(f"recogniser killed {killed} times over {count} pages: none lost, doubled or half kept")


@pytest.mark.skipif(not LONG, reason="the short form kills a program that reads digital pages (casework/test_reading)")
def test_the_program_killed_while_it_recognises(tmp_path: Path, figures: Callable[[str], None]) -> None:
    rng = random.Random(14)
    kills = 40
    count = 2 * kills + 2
    folder, program = tmp_path / "vault", tmp_path / "reads.py"
    program.write_text(READS, encoding="utf-8")
    with new_vault(folder) as vault:
        case_id = numbered(vault, count).id
    before: frozenset[int] = frozenset()
    for _ in range(kills):
        child = subprocess.Popen(
            [sys.executable, str(program), str(folder), PASSPHRASE, case_id],
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(rng.uniform(0.0, 4.0))
        child.kill()
        child.wait()
        child.stdout.close()
        with Vault.open(folder, PASSPHRASE) as vault:
            index = vault.case(case_id).pages.index
            texts = index.texts()
            read = frozenset(state.ref.page for state in index.readings() if state.stage is Stage.READ)
            assert read == frozenset(ref.page for ref in texts)
            assert read >= before
            before = read
    with Vault.open(folder, PASSPHRASE) as vault:
        store = vault.case(case_id)
        for _ in reading.read(store, PLAN):
            pass
        whole(store, count)
    figures(f"program killed {kills} times while it recognised {count} pages: none lost, doubled or half kept")
