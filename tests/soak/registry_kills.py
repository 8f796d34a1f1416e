"""Kill processes that record runs, at random moments, and fill a disk; look what is left.

Run by hand: python -m tests.soak.registry_kills [kills] [seed]. As root it also fills a tmpfs.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from oneclone.registry.checking import problems
from oneclone.registry.database import RegistryProblem, open_registry
from oneclone.registry.past import RunKey, previous_number, read_snapshot
from oneclone.registry.recording import record_run
from tests.unit.registry_builder import distances, isolate, run, take

ISOLATES = 400
CHILD = """
import sys
from pathlib import Path
from tests.soak.registry_kills import record_next
print("ready", flush=True)
while True:
    record_next(Path(sys.argv[1]))
"""


def numbered(number: int):
    """Return the run that follows a number of runs; everything in it tells which one it is."""
    isolates = (isolate(f"I{n:03}-{number}") for n in range(ISOLATES))
    return run(*isolates, identity=str(number), previous=number or None)


def record_next(path: Path) -> None:
    """Take one more run into a registry."""
    with open_registry(path, make=True) as database:
        number = previous_number(database, RunKey("outbreak", "mabs", "new")) or 0
        record = numbered(number)
        record_run(database, record, distances(record.snapshot.isolates))


def check(path: Path) -> int:
    """Return the number of runs, each of which must be whole."""
    with open_registry(path) as database:
        assert problems(database) == []
        (count,) = database.execute("SELECT count(*) FROM runs").fetchone()
        (rows,) = database.execute("SELECT count(*) FROM sightings").fetchone()
        assert rows == count * ISOLATES
        if count:
            left = read_snapshot(database, count)
            assert (left.identity, len(left.pairs)) == (
                str(count - 1),
                ISOLATES * (ISOLATES - 1) // 2,
            )
    return count


def kill_recording(path: Path, moments: random.Random) -> bool:
    """Kill a process that records, and tell whether it left a journal to be rolled back."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE)
    child.stdout.readline()
    time.sleep(moments.uniform(0, 0.6))
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    return path.with_name(f"{path.name}-journal").exists()


@contextlib.contextmanager
def small_disk(folder: Path):
    """Mount a file system of 2 MB."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def fill_disk(folder: Path) -> None:
    """Record until the disk is full; then make room and go on."""
    path, ballast = folder / "registry.sqlite", folder / "ballast"
    ballast.write_bytes(b"x" * 500_000)
    count = 0
    try:
        while True:
            record_next(path)
            count += 1
    except RegistryProblem as problem:
        print(f"after {count} runs: {problem}")
        assert "free some space and run again" in str(problem)
    assert check(path) == count
    ballast.unlink()
    record_next(path)
    assert check(path) == count + 1


def main(kills: int = 100, seed: int = 1) -> None:
    moments = random.Random(seed)  # noqa: S311 (moments, no secrets)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registry.sqlite"
        take(path, numbered(0))
        journals, counts = 0, []
        for _ in range(kills):
            journals += kill_recording(path, moments)
            counts.append(check(path))
        assert counts == sorted(counts)
        print(f"{kills} kills, {journals} of them in a transaction; {counts[-1]} runs, all whole")
    if os.geteuid() == 0:
        with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder)):
            fill_disk(Path(folder))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
