"""Kill an added run of the demo at random moments, with all of its jobs, and run it again.

Every second time only Snakemake itself is killed: its jobs live on and write beside the next run.
Each time the results have to be those of an undisturbed run, byte for byte, and the registry has
to be sound, with the same isolates, clones and verdicts.

    python -m tests.soak.kills [--kills 20] [--seed 1]
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from oneclone.model.history import Snapshot
from oneclone.registry.database import damages, open_registry
from oneclone.registry.past import read_snapshot
from tests.integration.workflow import DEMO, ROOT, snakemake
from tests.pipeline import contents

LATER = ["--config", f"isolates={DEMO / 'isolates-later.tsv'}", f"panel={DEMO / 'panel'}"]
REGISTRY = "registry.sqlite"


@dataclass(frozen=True)
class Undisturbed:
    """The state before the added run, and what the run makes of it in how many seconds."""

    before: Path
    results: dict[str, bytes]
    runs: list[Snapshot]
    seconds: float


def main() -> None:
    """Kill as often as was asked for, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 (no secret)
    with tempfile.TemporaryDirectory() as folder:
        expected = undisturbed(Path(folder))
        print(f"undisturbed: {expected.seconds:.0f} s, {len(expected.results)} results", flush=True)
        for number in range(1, options.kills + 1):
            moment = draw.uniform(0, expected.seconds)
            said = kill_once(Path(folder) / "work", expected, moment, whole=number % 2 == 0)
            print(f"kill {number} of {options.kills} after {moment:.1f} s: {said}", flush=True)
    print(f"{options.kills} kills: all results equal, the registry sound")


def undisturbed(folder: Path) -> Undisturbed:
    """Run the demo, then with the later isolates; keep what is there before and after."""
    before, after = folder / "before", folder / "after"
    snakemake(before)
    shutil.copytree(before, after, symlinks=True)
    started = time.monotonic()
    snakemake(after, *LATER)
    seconds = time.monotonic() - started
    return Undisturbed(before, contents(after / "results", ["provenance"]), runs(after), seconds)


def kill_once(work: Path, expected: Undisturbed, moment: float, *, whole: bool) -> str:
    """Kill the added run after some seconds, run it again and compare; return what was seen."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(expected.before, work, symlinks=True)
    command = [sys.executable, "-m", "snakemake", "--directory", str(work), "--cores", "2", *LATER]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(moment)
            said = "it had ended before"
        except subprocess.TimeoutExpired:
            said = "all killed" if whole else "Snakemake alone killed"
            if whole:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
    left = len(runs(work))
    snakemake(work, *LATER)
    found = contents(work / "results", ["provenance"])
    different = [name for name in expected.results if found.get(name) != expected.results[name]]
    assert sorted(found) == sorted(expected.results), sorted(found)
    assert not different, different
    assert runs(work) == expected.runs
    return f"{said}, {left} runs in the registry; run again: all equal"


def runs(work: Path) -> list[Snapshot]:
    """Return the runs of the registry, which must be sound."""
    with open_registry(work / REGISTRY) as database:
        assert damages(database) == []
        numbers = [n for (n,) in database.execute("SELECT number FROM runs ORDER BY number")]
        return [read_snapshot(database, number) for number in numbers]


if __name__ == "__main__":
    main()
