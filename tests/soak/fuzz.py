"""Fuzz the readers of everything that comes from elsewhere, and count.

Run by hand: `make fuzz`, or `python -m tests.soak.fuzz [READER ...] [--seconds N] [--folder F]`,
with one process for each reader. What breaks a reader is in F/READER/findings, and every number
in F/READER/counts while it runs. Results of the demo, if there, are seeds too.
`python -m tests.soak.fuzz --summary F` adds the counts up into tests/soak/measurements.json.
"""

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEASUREMENTS = ROOT / "tests" / "soak" / "measurements.json"
READERS = {
    "assembly": "input_readers.AssemblyReader",
    "isolates": "input_readers.IsolateReader",
    "panel": "input_readers.PanelReader",
    "config": "input_readers.ConfigReader",
    "lists": "input_readers.ListReader",
    "bundle": "zip_readers.BundleReader",
    "downloads": "zip_readers.DownloadReader",
    "results": "kept_readers.ResultReader",
    "registry": "kept_readers.RegistryReader",
}
MEASURED = (
    "oneclone.tables", "oneclone.registry", "oneclone.bundled_clones", "oneclone.errors",
    "oneclone.run_record", "oneclone.sequences", "yaml", "zipfile", "numpy.lib._format_impl",
    "Bio.SeqIO.FastaIO",
)  # fmt: skip
GENOME_BP = 60_000
MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of the fuzzer's own is made in it)
RUN = "run"  # a small finished run, for seeds
SHORTEST_S = 5  # nothing is started again for less


def main() -> None:
    """Fuzz, or add up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("readers", nargs="*", choices=[*READERS, []], metavar="READER")
    parser.add_argument("--folder", type=Path, default=Path("fuzzing"))
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--summary", type=Path, metavar="FOLDER")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.summary:
        write_summary(given.summary)
    elif given.here:
        fuzz_here(given.readers[0], given.folder, given.seconds)
    else:
        make_run(given.folder / RUN)
        started = [start(name, given) for name in given.readers or READERS]
        sys.exit(max(each.wait() for each in started))


def make_run(folder: Path) -> None:
    """Make a small finished run and share its clones, unless it is there."""
    if (folder / "clones.zip").exists():
        return
    sys.path.insert(0, str(ROOT / "scripts"))
    from oneclone.commands.share_clones import share_clones  # noqa: PLC0415
    from oneclone.tables.atomic import write_text  # noqa: PLC0415
    from tests.screened_run import finished_run  # noqa: PLC0415

    run = finished_run(folder, GENOME_BP)
    for name in ("tree/core.nwk", "verdict.json", "verdict_pairs.tsv"):
        write_text(run.pipeline.results / name, f"{name}\n")
    run.pipeline.write_provenance()
    share_clones(run.working, folder / "clones.zip")


def start(name: str, given: argparse.Namespace) -> subprocess.Popen[bytes]:
    """Start the process of a reader; its output is in the reader's folder."""
    folder = (given.folder / name).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.soak.fuzz", name, "--here", "--folder", str(folder)]
    command += ["--seconds", str(given.seconds)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    print(f"{name}: process {process.pid}, log {folder / 'log'}")
    return process


def fuzz_here(name: str, folder: Path, seconds: int) -> None:
    """Fuzz a reader, in a new process after each that an input has ended."""
    until = time.monotonic() + seconds
    child = "from tests.soak import fuzz; import sys; from pathlib import Path; fuzz.one_process("
    child += "sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))"
    while (left := int(until - time.monotonic())) > SHORTEST_S:
        command = [sys.executable, "-c", child, name, str(folder), str(left)]
        subprocess.run(command, cwd=ROOT, check=False)
        time.sleep(1)


def one_process(name: str, folder: Path, seconds: int) -> None:
    """Fuzz a reader in this process."""
    module, _, kind = READERS[name].partition(".")
    reader_class = getattr(importlib.import_module(f"tests.soak.fuzzing.{module}"), kind)
    from tests.soak.fuzzing.campaign import Campaign, fuzz, guess, measure  # noqa: PLC0415

    has_atheris = importlib.util.find_spec("atheris") is not None
    if has_atheris:
        measure(MEASURED)
    place = tempfile.mkdtemp(prefix="oneclone-fuzz-", dir=MEMORY if MEMORY.is_dir() else None)
    try:
        campaign = Campaign(reader_class(Path(place), folder.parent / RUN), folder)
        (fuzz if has_atheris else guess)(campaign, seconds)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def write_summary(folder: Path) -> None:
    """Write the counts of all campaigns below a folder into the measurements."""
    from tests.soak.fuzzing.campaign import summary  # noqa: PLC0415

    kept = json.loads(MEASUREMENTS.read_text("utf-8"))
    kept["fuzzing"] = summary(folder)
    text = json.dumps(kept, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    MEASUREMENTS.write_text(text, "utf-8", newline="\n")
    print(json.dumps(kept["fuzzing"], indent=1))


if __name__ == "__main__":
    main()
