"""Kill runs of a small outbreak at random moments until each is finished, and compare its results.

A chain begins with an empty folder: a run is started and killed, and again, until one comes to its
end. It is killed with all of its jobs, or Snakemake alone: then its jobs live on, beside the next
run, which has the same settings or others. Whatever was killed before, a run that ends has to have
the results of an undisturbed one, byte for byte, the registry has to be sound and hold that run
alone, and no job may outlive its run for long. Rules that no random moment has hit are aimed at.

    python -m tests.soak.kills [--kills 100] [--seed 1]
"""

import argparse
import contextlib
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml

from oneclone.model.isolates import Role
from oneclone.registry.checking import problems
from oneclone.registry.database import open_registry
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.atomic import PART_SUFFIX
from oneclone.tables.simulated_folder import write_isolates, write_outbreak
from tests.integration.workflow import ROOT
from tests.pipeline import contents

GENOME_BP = 60_000
KEPT = ("CTX-near", "CTX-mas-1")
RULES = {
    name
    for path in (ROOT / "workflow" / "rules").glob("*.smk")
    for name in re.findall(r"^rule (\w+):", path.read_text(), re.MULTILINE)
}
MEASUREMENTS = Path(__file__).with_name("measurements.json")
NO_JOB = "no job: planning, between jobs, recording"
ORPHANS_END_S = 20.0  # of a machine that does other things too; a job looks once a second
LOOK_S = 0.05

Jobs = dict[str, str]
"""Rules of the jobs at work, by their scripts."""
Moment = Callable[[Jobs], bool]
"""Whether the moment of the kill has come; it is asked again and again."""

SETTINGS = {  # what a laboratory runs, and what it tries in the same folder; no registry there
    "own": {"registry": "registry.sqlite"},
    "other": {
        "registry": "",
        "investigation": "another",
        "recombination": {"min_snps": 7},
        "core": {"min_isolates_percent": 80},
        "thresholds": {"linked": 15},
        "tree": {"mask_recombination": "gubbins"},
    },
}


@dataclass
class Tally:
    """What was killed while what was at work, and what came of it."""

    rules: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    finished: Counter[str] = field(default_factory=Counter)
    orphans: int = 0

    @property
    def total(self) -> int:
        return self.kills["whole run"] + self.kills["Snakemake alone"]

    def missing(self) -> list[str]:
        """Return the rules that were at work at no kill."""
        return sorted(RULES - set(self.rules))


@dataclass(frozen=True)
class Expected:
    """Results of undisturbed runs by settings; seconds and record of one with own settings."""

    results: dict[str, dict[str, bytes]]
    seconds: float
    recorded: list[tuple[str, ...]]


class Chain:
    """A working folder in which runs are killed until one comes to its end."""

    def __init__(self, lab: Path, work: Path, draw: random.Random) -> None:
        self.lab = lab
        self.work = work
        self.draw = draw
        self.orphans: list[psutil.Process] = []

    def start(self, settings: str) -> subprocess.Popen:
        """Start a run."""
        command = [
            *(sys.executable, "-m", "snakemake", "screen", "--cores", "2"),
            *("--directory", str(self.work), "--configfile", str(self.lab / f"{settings}.yaml")),
        ]
        printed = (self.lab / "printed.txt").open("w")
        return subprocess.Popen(
            command, cwd=ROOT, stdout=printed, stderr=subprocess.STDOUT, start_new_session=True
        )

    def run(self, settings: str, moment: Moment, tally: Tally) -> bool:
        """Run until a moment has come; tell whether the run came to its end before."""
        with self.start(settings) as process:
            main = psutil.Process(process.pid)
            at_work: Jobs = {}
            while process.poll() is None and not moment(at_work):
                time.sleep(LOOK_S)
                at_work = jobs_at_work(main)
                if at_work:
                    self.signal_orphans(signal.SIGCONT)
            if process.poll() is not None:
                assert process.returncode == 0, (self.lab / "printed.txt").read_text()
                self.expect_orphans_gone()
                return True
            self.kill(main, tally)
        return False

    def kill(self, main: psutil.Process, tally: Tally) -> None:
        """Kill a run with its jobs, or Snakemake alone, and note what was at work."""
        self.expect_orphans_gone()
        whole = self.draw.random() < 0.4
        started = main.children(recursive=True)
        at_work = set(jobs_at_work(main).values()) or {NO_JOB}
        if not whole and self.draw.random() < 0.5:
            self.orphans = started
            self.signal_orphans(signal.SIGSTOP)
            tally.kills["and its jobs stopped until the next run is at work"] += 1
        for process in [main, *(started if whole else [])]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        if not whole:
            self.orphans = [each for each in started if each.is_running()]
            tally.orphans += len(self.orphans)
        tally.kills["whole run" if whole else "Snakemake alone"] += 1
        tally.rules.update(at_work)

    def signal_orphans(self, what: signal.Signals) -> None:
        """Stop jobs that outlive their run, or let them go on."""
        for process in self.orphans:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(what)

    def expect_orphans_gone(self) -> None:
        """Expect that jobs of a killed run have ended by themselves by now, or soon."""
        self.signal_orphans(signal.SIGCONT)
        _, alive = psutil.wait_procs(self.orphans, ORPHANS_END_S)
        assert not alive, [each.cmdline() for each in alive]
        self.orphans = []


def main() -> None:
    """Kill as often as was asked for and until every rule was hit, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 (no secret)
    tally, began = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        lab = laboratory(Path(folder) / "lab")
        expected = undisturbed(lab, Path(folder))
        print(f"undisturbed: {expected.seconds:.0f} s", flush=True)
        number, figures = 0, {}
        while tally.total < options.kills or tally.missing():
            number += 1
            chain = Chain(lab, Path(folder) / f"work-{number}", draw)
            kill_until_finished(chain, expected, tally, aim=tally.total >= options.kills * 0.7)
            minutes = round((time.monotonic() - began) / 60)
            figures = {
                "kills": tally.total,
                **dict(sorted(tally.kills.items())),
                "processes that outlived Snakemake": tally.orphans,
                "chains": number,
                "finished and compared": dict(sorted(tally.finished.items())),
                "rules at work at a kill": dict(sorted(tally.rules.items())),
                "rules at work at no kill": tally.missing(),
                "seconds of an undisturbed run": round(expected.seconds),
                "minutes": minutes,
                "seed": options.seed,
            }
            write_figures("kills", figures)
            print(f"chain {number}, {tally.total} kills, {minutes} min: all equal", flush=True)
            print(f"  not hit yet: {', '.join(tally.missing()) or 'none'}", flush=True)
    print(json.dumps(figures, indent=1))


def write_figures(key: str, figures: Mapping[str, Any]) -> None:
    """Keep figures of a soak beside those of others."""
    known = json.loads(MEASUREMENTS.read_text())
    text = json.dumps({**known, key: figures}, indent=2, sort_keys=True, ensure_ascii=False)
    MEASUREMENTS.write_text(text + "\n")


def laboratory(folder: Path) -> Path:
    """Write a small outbreak, candidates, and a configuration for each of the settings."""
    outbreak = simulate(
        scenario(ScenarioName.POINT_SOURCE, GENOME_BP), SimulationSettings(1, GENOME_BP, 4)
    )
    write_outbreak(folder, outbreak)
    rows = outbreak.scenario.rows
    kept = [row for row in rows if row.role is Role.CASE or row.isolate in KEPT]
    write_isolates(folder / "isolates.tsv", kept)
    candidates = [row for row in rows if row.isolate.startswith("CTX-mas")][:3]
    write_isolates(folder / "candidates.tsv", candidates)
    common = {
        "isolates": str(folder / "isolates.tsv"),
        "panel": str(folder / "panel"),
        "screen": {"candidates": str(folder / "candidates.tsv")},
    }
    for name, settings in SETTINGS.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({**common, **settings}))
    return folder


def undisturbed(lab: Path, folder: Path) -> Expected:
    """Run each of the settings in a folder of its own."""
    results: dict[str, dict[str, bytes]] = {}
    seconds: dict[str, float] = {}
    for settings in SETTINGS:
        chain = Chain(lab, folder / settings, random.Random(0))  # noqa: S311
        began = time.monotonic()
        assert chain.run(settings, lambda _: False, Tally())
        seconds[settings] = time.monotonic() - began
        results[settings] = contents(chain.work / "results", ["provenance"])
    different = [name for name in results["own"] if results["own"][name] != results["other"][name]]
    assert {"distances/pairs.tsv", "verdict.json", "report.html"} & set(different), different
    return Expected(results, seconds["own"], recorded(folder / "own"))


def kill_until_finished(chain: Chain, expected: Expected, tally: Tally, *, aim: bool) -> None:
    """Kill runs in a folder until one with the laboratory's own settings comes to its end."""
    settings = chain.draw.choice([*SETTINGS]) if aim else "own"  # Gubbins is one of the others'
    last = tally.total + chain.draw.randint(4, 14)
    while True:
        moment = random_moment(chain.draw)
        if aim and tally.missing():
            moment = at_a_rule(chain.draw, tally.missing())
        if tally.total >= last:
            settings, moment = "own", lambda _: False
        if chain.run(settings, moment, tally):
            tally.finished[settings] += 1
            compare(chain.work, settings, expected)
            if settings == "own":
                return
        settings = "other" if settings == "own" and chain.draw.random() < 0.4 else "own"


def compare(work: Path, settings: str, expected: Expected) -> None:
    """Compare what a run left with what an undisturbed one did."""
    found, wanted = contents(work / "results", ["provenance"]), expected.results[settings]
    assert sorted(found) == sorted(wanted), sorted({*found} ^ {*wanted})
    different = [name for name in wanted if found[name] != wanted[name]]
    assert not different, (work, different)
    left = [path for path in work.rglob(f"*{PART_SUFFIX}") if ".snakemake" not in path.parts]
    assert not left, left
    if settings == "own":
        assert recorded(work) == expected.recorded


def recorded(work: Path) -> list[tuple[str, ...]]:
    """Return what the registry, which must be sound, says of its runs."""
    with open_registry(work / "registry.sqlite") as database:
        assert problems(database) == []
        columns = "identity, verdict, sentence, settings, distances_sha256"
        return database.execute(f"SELECT {columns} FROM runs ORDER BY number").fetchall()  # noqa: S608


def random_moment(draw: random.Random) -> Moment:
    """Return a condition that holds after some seconds, or when some jobs have begun to work."""
    end = time.monotonic() + (draw.uniform(0, 8) if draw.random() < 0.2 else 3600)
    number, delay = draw.randint(1, 6), draw.expovariate(2)
    seen: set[str] = set()
    moments: list[float] = []

    def holds(at_work: Jobs) -> bool:
        seen.update(at_work)
        if len(seen) >= number and not moments:
            moments.append(time.monotonic() + delay)
        return time.monotonic() > min([end, *moments])

    return holds


def at_a_rule(draw: random.Random, wanted: list[str]) -> Moment:
    """Return a condition that holds a random moment after one of some rules began to work."""
    delay = draw.uniform(0, 0.4)
    moments: list[float] = []

    def holds(at_work: Jobs) -> bool:
        is_there = bool({*at_work.values()} & {*wanted})
        if is_there and not moments:
            moments.append(time.monotonic() + delay)
        return bool(moments) and (time.monotonic() > moments[0] or not is_there)

    return holds


def jobs_at_work(main: psutil.Process) -> Jobs:
    """Return the jobs that a run has at work, by the scripts that it started."""
    found: Jobs = {}
    with contextlib.suppress(psutil.Error):
        for process in main.children(recursive=True):
            for word in process.cmdline():
                name = re.fullmatch(r".*/tmp\w+\.(\w+)\.py", word)
                if name and name.group(1) in RULES:
                    found[word] = name.group(1)
    return found


if __name__ == "__main__":
    main()
