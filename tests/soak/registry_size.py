"""How long recording and reading take, and how large the registry becomes.

Run by hand: python -m tests.soak.registry_size [isolates] [cases] [runs]
"""

import sys
import tempfile
import time
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from oneclone.model.history import KnownVerdict
from oneclone.registry.checking import problems
from oneclone.registry.database import open_registry
from oneclone.registry.listing import list_clones, list_isolates, list_runs
from oneclone.registry.past import RunKey, read_history
from oneclone.registry.recording import record_run
from oneclone.registry.showing import show
from tests.unit.registry_builder import isolate, run, sha

METADATA = {"role": "case", "clinic": "Clinic 12", "patient": "P", "collection_date": "2024-03-01"}


def timed(what: str, function, *arguments):
    started = time.perf_counter()
    found = function(*arguments)
    print(f"{what}: {time.perf_counter() - started:.2f} s")
    return found


def main(isolates: int = 2000, cases: int = 300, runs: int = 50) -> None:
    rows = [
        isolate(f"isolate-{n:05}", f"clone-{n % 40}" if n < cases else "", metadata=METADATA)
        for n in range(isolates)
    ]
    rows = [replace(each, address=(n % 40,) * 8) for n, each in enumerate(rows)]
    names = [each.name for each in rows]
    lines = (f"{a}\t{b}\t{hash((a, b)) % 30000}\t4790000\n" for a, b in combinations(names, 2))
    distances = "isolate_a\tisolate_b\tsnps\tcallable_bp\n" + "".join(lines)
    pairs = tuple(
        KnownVerdict(a, b, "different_clone", "base_far") for a, b in combinations(names[:cases], 2)
    )
    print(
        f"{isolates} isolates, {cases} cases, {runs} runs; distances {len(distances) / 1e6:.0f} MB"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registry.sqlite"
        digest = sha(distances)
        started = time.perf_counter()
        for number in range(runs):
            part = tuple(rows[: isolates * (number + runs) // (2 * runs - 1)])
            record = run(*part[:2], identity=str(number), previous=number or None)
            snapshot = replace(record.snapshot, isolates=part, pairs=pairs)
            record = replace(record, snapshot=snapshot, distances_sha256=digest)
            with open_registry(path, make=True) as database:
                record_run(database, record, distances)
        print(f"record_run: {(time.perf_counter() - started) / runs:.2f} s each")
        print(f"file: {path.stat().st_size / 1e6:.1f} MB")
        with open_registry(path) as database:
            timed("read_history", read_history, database, RunKey("outbreak", "mabs", "new"))
            timed("list", list_runs, database)
            timed("list --isolates", list_isolates, database)
            timed("list --clones", list_clones, database)
            timed("show an isolate", show, database, names[1])
            timed("show a clone", show, database, "clone-1")
            print("check:", timed("check", problems, database) or "no problem")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
