# SPDX-License-Identifier: AGPL-3.0-or-later
"""Read many published letters with Dask on local workers, and write one ``imr-case/1`` object a line.

    pip install "imr-desktop[dask]"
    python docs/examples/dask_letters.py FOLDER letters.jsonl [WORKERS]
    imr-desktop precedents add letters.jsonl

Every letter stands by itself: what reads one file here is what ``imr-desktop read-letter`` calls, so the same function
can be given to any other engine. A letter that cannot be read costs that letter; it is named at the end.
"""

import json
import sys
from pathlib import Path

import dask
import dask.bag
from dask.distributed import Client, LocalCluster

from imr_desktop.casework.precedents import letters_in
from imr_desktop.casework.published import as_json_line
from imr_desktop.errors import Trouble


def read(path: str) -> str:
    """One letter as a line of JSON, or what went wrong with it under ``trouble``."""
    try:
        return as_json_line(Path(path))
    except Trouble as trouble:
        return json.dumps({"trouble": trouble.happened, "file": path})


def main(folder: Path, output: Path, workers: int = 2) -> tuple[int, list[str]]:
    """Read the folder's letters; gives how many were read and what could not be."""
    paths = [str(path) for path in letters_in([folder]) if path.suffix.lower() in (".pdf", ".txt")]
    # A worker that is a daemon may not have the process in which it reads PDFs.
    dask.config.set({"distributed.worker.daemon": False})
    # Processes and not threads: each has its own reading process, which a bad file may take down.
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        lines = dask.bag.from_sequence(paths, npartitions=max(1, workers * 4)).map(read).compute()
    good = [line for line in lines if not line.startswith('{"trouble"')]
    output.write_text("".join(f"{line}\n" for line in good), encoding="utf-8")
    return len(good), [json.loads(line)["trouble"] for line in lines if line.startswith('{"trouble"')]


if __name__ == "__main__":
    read_well, troubles = main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 2)
    print(f"{read_well} letters read, {len(troubles)} not.")
    for said in troubles:
        print(said)
