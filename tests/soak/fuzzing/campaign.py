"""Feed a reader with inputs for a while, keep count, and keep every input that breaks it.

A defect does not end the campaign: its input is kept once for each place in the code, and the
fuzzer goes on. Inputs that take too long or too much memory end libFuzzer's process, which keeps
them too and is started again.
"""

import inspect
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from oneclone.errors import OnecloneError
from tests.soak.fuzzing.reader import Reader

MAX_CPU_SECONDS = 5  # of one input
MAX_SECONDS = 120  # of one input, by the clock of a machine that does much else
MAX_MEGABYTES = 2048
BETWEEN_NOTES_S = 10
PACKAGE = f"{os.sep}oneclone{os.sep}"


@dataclass
class Count:
    """What a campaign did so far; `crashes` are places in the code."""

    executions: int = 0
    accepted: int = 0
    cpu_seconds: float = 0.0
    slowest_seconds: float = 0.0
    peak_megabytes: float = 0.0
    crashes: dict[str, str] = field(default_factory=dict)


class Campaign:
    """A reader, the folder of its corpus and findings, and what happened so far."""

    def __init__(self, reader: Reader, folder: Path) -> None:
        self.reader = reader
        self.corpus = folder / "corpus"
        self.findings = folder / "findings"
        self._note = folder / "counts" / f"{int(time.time())}-{os.getpid()}.json"
        for each in (self.corpus, self.findings, self._note.parent):
            each.mkdir(parents=True, exist_ok=True)
        self.count = Count()
        self._began = time.process_time()  # what went before made ready
        self._noted = 0.0

    def try_one(self, data: bytes) -> None:
        """Read an input; keep it when the reader breaks or takes long."""
        started = time.process_time()
        self.count.executions += 1
        try:
            self.reader.read(data)
            self.count.accepted += 1
        except OnecloneError:
            pass
        except Exception as error:
            self._keep(_place(error), traceback.format_exc(), data)
        taken = time.process_time() - started
        self.count.slowest_seconds = max(self.count.slowest_seconds, taken)
        if taken > MAX_CPU_SECONDS:
            self._keep("slow", f"{taken:.1f} s of CPU\n", data)
        if time.monotonic() - self._noted > BETWEEN_NOTES_S:
            self.note()

    def note(self) -> None:
        """Write the counts."""
        self._noted = time.monotonic()
        self.count.cpu_seconds = round(time.process_time() - self._began, 1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.count.peak_megabytes = round(peak / 1024, 1)
        part = self._note.with_suffix(".part")
        part.write_text(json.dumps(asdict(self.count), indent=1) + "\n", "utf-8")
        part.replace(self._note)

    def _keep(self, place: str, what: str, data: bytes) -> None:
        """Keep an input and what it did, the first one of each place."""
        if place in self.count.crashes:
            return
        name = "".join(letter if letter.isalnum() else "-" for letter in place)
        self.count.crashes[place] = name
        (self.findings / f"{name}.input").write_bytes(data)
        (self.findings / f"{name}.txt").write_text(what, "utf-8")
        print(f"finding: {place}", flush=True)
        self.note()


def measure(modules: Sequence[str]) -> None:
    """Let atheris see which lines of these modules run.

    Its own import hook takes whole packages, which takes minutes for Biopython and NumPy.
    """
    import atheris  # noqa: PLC0415 # pyright: ignore

    for name, module in sorted(sys.modules.items()):
        if not any(name == each or name.startswith(f"{each}.") for each in modules):
            continue
        for value in list(vars(module).values()):
            inner = vars(value).values() if isinstance(value, type) else (value,)
            for each in inner:
                function = inspect.unwrap(getattr(each, "__func__", each))
                if inspect.isfunction(function) and function.__module__ == name:
                    atheris.instrument_func(function)


def fuzz(campaign: Campaign, seconds: int) -> None:
    """Fuzz by coverage (atheris); the process ends here."""
    import atheris  # noqa: PLC0415 # pyright: ignore

    _write_seeds(campaign)
    words = campaign.corpus.with_name("words.dict")
    words.write_text("".join(f'"{_escaped(each)}"\n' for each in campaign.reader.words), "ascii")
    arguments = [
        "fuzz",
        str(campaign.corpus),
        f"-dict={words}",
        f"-max_len={campaign.reader.max_bytes}",
        f"-max_total_time={seconds}",
        f"-timeout={MAX_SECONDS}",
        f"-rss_limit_mb={MAX_MEGABYTES}",
        f"-artifact_prefix={campaign.findings}{os.sep}",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    atheris.Setup(arguments, campaign.try_one)
    atheris.Fuzz()


def guess(campaign: Campaign, seconds: int) -> None:
    """Fuzz without coverage (hypothesis), where atheris cannot be had: seeds with edits."""
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415
    from hypothesis import strategies as st  # noqa: PLC0415

    seeds = list(campaign.reader.seeds())
    pieces = st.one_of(st.binary(max_size=8), st.sampled_from([b"", *campaign.reader.words]))
    edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 64), pieces), max_size=6)
    until = time.monotonic() + seconds

    @settings(
        max_examples=1000, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.sampled_from(seeds), edits)
    def edited(seed: bytes, changes: list[tuple[float, int, bytes]]) -> None:
        for where, length, piece in changes:
            start = int(where * len(seed))
            seed = seed[:start] + piece + seed[start + length :]
        campaign.try_one(seed)

    while time.monotonic() < until:
        edited()
    campaign.note()


def summary(folder: Path) -> dict[str, Any]:
    """Return the counts of all campaigns below a folder by reader."""
    found: dict[str, Any] = {}
    for reader in sorted(each.parent for each in folder.glob("*/counts")):
        counts = [json.loads(each.read_text("utf-8")) for each in reader.glob("counts/*.json")]
        found[reader.name] = {
            "executions": sum(each["executions"] for each in counts),
            "cpu_seconds": round(sum(each["cpu_seconds"] for each in counts)),
            "defects_found": len({place for each in counts for place in each["crashes"]}),
            "defects_in_the_last_campaign": len(
                counts[-1]["crashes"] if len(counts) == 1 else _last(reader)["crashes"]
            ),
            "slowest_seconds": round(max(each["slowest_seconds"] for each in counts), 2),
            "peak_megabytes": round(max(each["peak_megabytes"] for each in counts)),
        }
    return found


def _last(reader: Path) -> dict[str, Any]:
    """Return the counts of the last campaign of a reader."""
    return json.loads(max(reader.glob("counts/*.json")).read_text("utf-8"))


def _write_seeds(campaign: Campaign) -> None:
    """Put the seeds into the corpus; each must be read as it should."""
    for number, seed in enumerate(campaign.reader.seeds()):
        (campaign.corpus / f"seed-{number:02}").write_bytes(seed)


def _place(error: BaseException) -> str:
    """Return the kind of an error and the last line of the package on its way."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if PACKAGE in each.filename] or list(frames)
    place = Path(ours[-1].filename).name
    return f"{type(error).__name__} in {place} {ours[-1].name}"


def _escaped(word: bytes) -> str:
    """Return a word as libFuzzer's dictionaries write it."""
    return "".join(f"\\x{each:02X}" for each in word)
