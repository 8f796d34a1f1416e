"""Run a small outbreak where something cannot be written, then mend it and run again.

As root: file systems are mounted in a folder of its own. Each run has to end without a traceback
and with a sentence that names the path and what to do, to leave earlier results and the registry as
they were, and, when what was wrong is mended, to give the results of an undisturbed run.

    python -m tests.soak.faults [FAULT ...]
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import yaml

from oneclone.registry.checking import problems
from oneclone.registry.database import open_registry
from tests.integration.workflow import snakemake
from tests.pipeline import contents
from tests.soak.kills import MEASUREMENTS, laboratory, write_figures


@dataclass(frozen=True)
class Place:
    """A working directory with a finished run, the outbreak, and results of an undisturbed run."""

    work: Path
    lab: Path
    undisturbed: dict[str, bytes]

    def run(self, settings: str = "changed", **environment: str) -> tuple[int, str]:
        """Run with other settings than the finished run has; return status and all it printed."""
        configfile = str(self.lab / f"{settings}.yaml")
        done = snakemake(
            self.work, "--configfile", configfile, check=False, environment=environment
        )
        return done.returncode, done.stdout


@contextlib.contextmanager
def mounted(folder: Path, *options: str) -> Generator[None]:
    """Mount something over a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", *options, str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def read_only(folder: Path) -> contextlib.AbstractContextManager[None]:
    """Make a folder one that can only be read, for root too."""
    folder.mkdir(parents=True, exist_ok=True)
    return mounted(folder, "--options", "bind,ro", str(folder))


def small(folder: Path, size: str, options: str = "") -> contextlib.AbstractContextManager[None]:
    """Put an empty file system of some size in the place of a folder."""
    return mounted(folder, "-t", "tmpfs", "-o", f"size={size}{options}", "tmpfs")


# Each fault gives a context, the environment of the run, and words of which one must be said.
Fault = Callable[[Place], tuple[contextlib.AbstractContextManager[None], dict[str, str], str]]
NOTHING = contextlib.nullcontext()

REFUSED: dict[str, Fault] = {
    "results can only be read": lambda p: (read_only(p.work / "results"), {}, "reading only"),
    "state can only be read": lambda p: (read_only(p.work / ".oneclone"), {}, "reading only"),
    "logs can only be read": lambda p: (read_only(p.work / "logs"), {}, "reading only"),
    "everything can only be read": lambda p: (read_only(p.work), {}, "ead-only"),
    "disk of the results is full": lambda p: (small(p.work / "results", "64k"), {}, "free some"),
    "disk of the state is full": lambda p: (small(p.work / ".oneclone", "300k"), {}, "free some"),
}
WORKS: dict[str, Fault] = {
    "inputs can only be read": lambda p: (read_only(p.lab), {}, ""),
    "home can only be read, XDG_CACHE_HOME is set": lambda p: (read_only(p.lab.parent / "home"), {
        "HOME": str(p.lab.parent / "home"), "XDG_CACHE_HOME": str(p.lab.parent / "cache")}, ""),
    "TMPDIR is missing": lambda _: (NOTHING, {"TMPDIR": "/nonexistent"}, ""),
    "programs must not run from TMPDIR": lambda p: (
        small(p.lab.parent / "tmp", "100m", ",noexec"), {"TMPDIR": str(p.lab.parent / "tmp")}, ""),
}  # fmt: skip
EITHER: dict[str, Fault] = {
    "the file system of the logs takes one file": lambda p: (
        small(p.work / "logs", "4k", ",nr_inodes=2"), {}, "free some"),
    "TMPDIR is tiny": lambda p: (
        small(p.lab.parent / "tmp", "100k"), {"TMPDIR": str(p.lab.parent / "tmp")}, "free some"),
}  # fmt: skip


def main() -> None:
    """Try every fault, or those that are named, and say what came of each."""
    if os.geteuid():
        sys.exit("file systems are mounted: run as root")
    faults = {**REFUSED, **WORKS, **EITHER}
    chosen = {name: faults[name] for name in sys.argv[1:] or faults}
    outcomes: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lab = laboratory(folder / "lab")
        own = yaml.safe_load((lab / "own.yaml").read_text())
        (lab / "changed.yaml").write_text(yaml.safe_dump({**own, "thresholds": {"linked": 15}}))
        place = Place(folder / "finished", lab, {})
        assert place.run("own")[0] == 0
        undisturbed = Place(folder / "undisturbed", lab, {})
        shutil.copytree(place.work, undisturbed.work, symlinks=True)
        assert undisturbed.run()[0] == 0
        expected = contents(undisturbed.work / "results", ["provenance"])
        for number, (name, fault) in enumerate(chosen.items()):
            work = folder / f"work-{number}"
            shutil.copytree(place.work, work, symlinks=True)
            outcomes[name] = attempt(Place(work, lab, expected), name, fault)
            print(f"{name}: {outcomes[name]}", flush=True)
    known = json.loads(MEASUREMENTS.read_text()).get("faults", {})
    write_figures("faults", {**known, **outcomes})


def attempt(place: Place, name: str, fault: Fault) -> str:
    """Run with a fault and look at what it left; mend it, run again and compare."""
    results, registry = place.work / "results", place.work / "registry.sqlite"
    earlier = contents(results, ["provenance"])
    context, environment, words = fault(place)
    began = time.monotonic()
    with context:
        status, printed = place.run(**environment)
    seconds = time.monotonic() - began
    assert "defect of oneclone" not in printed, printed
    # Snakemake adds its own when it cannot make a log itself.
    assert "Traceback" not in printed or "of the logs" in name, printed
    if status:
        assert name not in WORKS, printed
        said = next((line.strip() for line in printed.splitlines() if words in line), "")
        assert said, printed
        if name.startswith(("results", "everything")):
            assert contents(results, ["provenance"]) == earlier
    else:
        assert name not in REFUSED, printed
        said = "runs to its end"
    assert runs_in(registry) == (1 if status else 2)
    if status:
        again, printed = place.run()
        assert again == 0, printed
    assert runs_in(registry) == 2
    found = contents(results, ["provenance"])
    different = [each for each in place.undisturbed if found.get(each) != place.undisturbed[each]]
    assert sorted(found) == sorted(place.undisturbed), {*found} ^ {*place.undisturbed}
    assert not different, different
    said = said.replace(str(place.work), "WORK").replace(str(place.lab.parent), "FOLDER")
    return f"{said} ({'ended' if status else 'after'} {seconds:.0f} s); mended: equal results"


def runs_in(registry: Path) -> int:
    """Return the number of runs in a registry, which must be sound."""
    with open_registry(registry) as database:
        assert problems(database) == []
        return database.execute("SELECT count(*) FROM runs").fetchone()[0]


if __name__ == "__main__":
    main()
