"""Read files made to fill memory or time, each in a process with bounded memory, and measure.

Run by hand: `python -m tests.soak.bombs`. Every file must be refused, or read, below
`MAX_MEGABYTES` of memory. Figures go to tests/soak/measurements.json.
"""

import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from oneclone.bundled_clones import read_clone_bundle
from oneclone.errors import OnecloneError, Problems
from oneclone.tables.annotation import read_annotation
from oneclone.tables.config_file import read_config_file
from oneclone.tables.fasta import read_assembly
from oneclone.tables.isolate_table import read_isolate_table
from oneclone.tables.panel_folder import examine_panel
from tests.unit.test_hostile_files import LAUGHS
from tests.unit.test_isolate_table import TODAY

ROOT = Path(__file__).resolve().parents[2]
MEASUREMENTS = ROOT / "tests" / "soak" / "measurements.json"
ADDRESSES_BYTES = 6 << 30  # numba and OpenMP reserve more than they use
MAX_MEGABYTES = 1500
MAX_BASES = 17_700_000  # of the shipped panel
GIGABYTE = 1 << 30


def bomb(path: Path, letter: bytes, gigabytes: int) -> Path:
    """Write a gzip of one contig without a line end."""
    part = letter * (1 << 20)
    packer = zlib.compressobj(9, wbits=31)
    with path.open("wb") as opened:
        opened.write(packer.compress(b">a\n"))
        for _ in range(gigabytes << 10):
            opened.write(packer.compress(part))
        opened.write(packer.flush())
    return path


def sparse(path: Path, start: bytes, size: int) -> Path:
    """Write a file that says to be large and takes no room."""
    with path.open("wb") as opened:
        opened.write(start)
        opened.truncate(size)
    return path


def whole(path: Path, content: bytes) -> Path:
    """Write a file."""
    path.write_bytes(content)
    return path


def assembly(path: Path) -> None:
    """Read an assembly."""
    read_assembly(path, MAX_BASES)


def table(path: Path) -> None:
    """Read an isolate table."""
    read_isolate_table(path, TODAY)


def panel(path: Path) -> None:
    """Read a panel whose panel.yaml is the file."""
    path.rename(path.with_name("panel.yaml"))
    problems = Problems()
    examine_panel(path.parent, problems)
    problems.refuse()


def annotation(path: Path) -> None:
    """Read an annotation."""
    read_annotation(path, {"a": 9}, "row 2")


def bundle(path: Path) -> None:
    """Read a clone bundle."""
    with tempfile.TemporaryDirectory() as folder:
        read_clone_bundle(path, Path(folder))


def zipped(path: Path, entries: Iterator[tuple[str, bytes]]) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return path


HEADER = b"isolate\tassembly\trole\n"
BOMBS: dict[str, tuple[Callable[[Path], Path], Callable[[Path], None]]] = {
    "gzip of 10 GB of A": (lambda p: bomb(p, b"A", 10), assembly),
    "gzip of 10 GB of N": (lambda p: bomb(p, b"N", 10), assembly),
    "assembly of 1 GB in one line": (lambda p: sparse(p, b">a\n", GIGABYTE), assembly),
    "assembly of one header line of 1 GB": (lambda p: sparse(p, b">", GIGABYTE), assembly),
    "gzip of 4.4 million contigs of one base": (
        lambda p: whole(p, gzip.compress(b">\nA\n" * 4_400_000)), assembly),
    "gzip with trailing garbage": (
        lambda p: whole(p, gzip.compress(b">a\nACGT\n") + b"garbage" * 99), assembly),
    "isolate table of 1 TB": (lambda p: sparse(p, HEADER, 1 << 40), table),
    "isolate table of 15 MB in short cells": (
        lambda p: whole(p, HEADER + b"a\tb\tcase\n" * 1_600_000), table),
    "isolate table with a header of 15 MB": (
        lambda p: whole(p, HEADER[:-1] + b"\tx" * 7_000_000), table),
    "panel.yaml of 1 TB": (lambda p: sparse(p, b"name: x\n", 1 << 40), panel),
    "panel.yaml of aliases (billion laughs)": (lambda p: whole(p, LAUGHS.encode()), panel),
    "configuration nested 100,000 deep": (lambda p: whole(p, b"[" * 100_000), read_config_file),
    "annotation of 10 GB in 10 MB": (lambda p: bomb(p, b"#", 10), annotation),
    "bundle with a MANIFEST of 1 GB": (
        lambda p: zipped(p, ((name, b"\0" * GIGABYTE) for name in ("MANIFEST",))), bundle),
    "bundle with 200,000 files": (
        lambda p: zipped(p, ((f"members/{n:050}", b"") for n in range(200_000))), bundle),
    "bundle with absolute paths": (
        lambda p: zipped(p, ((name, b"x") for name in ("MANIFEST", "/etc/x"))), bundle),
}  # fmt: skip


def main() -> None:
    """Measure all, or read one in this process."""
    if len(sys.argv) > 1:
        name, path = sys.argv[1:]
        try:
            BOMBS[name][1](Path(path))
            print("read")
        except OnecloneError as error:
            lines = str(error).splitlines()
            print(lines[min(1, len(lines) - 1)].strip()[:160])
        return
    found = {name: measured(name) for name in BOMBS}
    kept = json.loads(MEASUREMENTS.read_text("utf-8"))
    kept["bombs"] = found
    text = json.dumps(kept, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    MEASUREMENTS.write_text(text, "utf-8", newline="\n")
    worst = max(each["megabytes"] for each in found.values())
    assert worst < MAX_MEGABYTES, worst


def measured(name: str) -> dict[str, object]:
    """Return how a process that reads a bomb ends, and what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = BOMBS[name][0](Path(folder) / "bomb")
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        command = [sys.executable, "-m", "tests.soak.bombs", name, str(path)]
        started = subprocess.Popen(
            ["/usr/bin/env", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            preexec_fn=bound, stderr=subprocess.STDOUT,  # noqa: PLW1509 (one thread)
        )  # fmt: skip
        peak = 0
        while started.poll() is None:
            peak = max(peak, _resident(started.pid))
            time.sleep(0.02)
        said = started.stdout.read().strip().splitlines()
        seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    outcome = said[-1].replace(folder, "") if said else f"ended with {started.returncode}"
    found = {"outcome": outcome, "megabytes": round(peak), "cpu_seconds": round(seconds, 1)}
    print(f"{name}: {found}", flush=True)
    assert started.returncode == 0, said
    return found


def bound() -> None:
    """Bound the memory of the process that begins."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES_BYTES, ADDRESSES_BYTES))


def _resident(pid: int) -> float:
    """Return the greatest memory that a process has held so far, in megabytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1024 if lines else 0


if __name__ == "__main__":
    main()
