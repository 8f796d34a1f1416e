"""Measure accuracy, time and memory on known truth, and write the documents from it.

    python -m tests.benchmarks.run                    everything, then the documents
    python -m tests.benchmarks.run --only trees       one part; the others keep their figures
    python -m tests.benchmarks.run --only scale --sizes 3000 10000
                                                      populations of so many isolates
    python -m tests.benchmarks.run --render           the documents alone, from the last figures

Simulated sets always; real ones where they lie beside the repository; rivals where they are
installed. What is absent is named on standard error and in the documents. The figures are kept
in tests/benchmarks/measurements.json.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from oneclone.tables.json_files import read_json, write_json
from oneclone.validation.machine import machine
from tests.benchmarks.comparing import compare_all, merge_comparisons
from tests.benchmarks.documents import CHAPTERS, write_documents
from tests.benchmarks.growth import measure_growth
from tests.benchmarks.outbreaks import measure_outbreaks
from tests.benchmarks.positions import measure_positions
from tests.benchmarks.rivals import PACKAGES, TOOLS, package_versions
from tests.benchmarks.scale import SIZES, measure_scale, merge_scale
from tests.benchmarks.trees import measure_trees
from tests.benchmarks.very_large_trees import measure_very_large_trees
from tests.benchmarks.whole_runs import measure_real, measure_simulated
from tests.integration.workflow import ROOT

MEASUREMENTS = Path(__file__).with_name("measurements.json")
PARTS: dict[str, Callable[[Path], Any]] = {
    "simulated": measure_simulated,
    "real": measure_real,
    "growth": measure_growth,
    "comparisons": compare_all,
    "positions": measure_positions,
    "trees": measure_trees,
    "very_large_trees": measure_very_large_trees,
    "outbreaks": measure_outbreaks,
    "scale": measure_scale,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for, keep the figures, write the documents."""
    options = _options(arguments)
    measured = read_json(MEASUREMENTS) if MEASUREMENTS.is_file() else {}
    if not options.render:
        _name_what_is_absent()
        with tempfile.TemporaryDirectory() as temporary:
            folder = options.keep.resolve() if options.keep else Path(temporary)
            for name in options.only or [*PARTS, *_chapters()]:
                measured[name] = _measure(name, folder, options, measured.get(name))
                measured["machine"] = machine()
                # of an absent program the version that was measured stays
                measured["packages"] = {**measured.get("packages", {}), **package_versions()}
                write_json(MEASUREMENTS, measured)
    write_documents(measured, ROOT / "docs")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0],
        epilog="Rivals that are absent are left out; `make benchmark-tools` installs them.",
    )
    parser.add_argument(
        "--only", nargs="+", choices=[*PARTS, *_chapters()], help="parts to measure"
    )
    parser.add_argument("--sets", nargs="+", default=[], help="of the comparisons, these alone")
    parser.add_argument(
        "--sizes", nargs="+", type=int, default=SIZES, help="of scale: numbers of isolates"
    )
    parser.add_argument("--steps", nargs="+", default=[], help="of scale: these steps alone")
    parser.add_argument("--keep", type=Path, help="folder to work in, kept; it must be absent")
    parser.add_argument("--render", action="store_true", help="measure nothing")
    options = parser.parse_args(arguments)
    if options.keep:
        if options.keep.exists():
            parser.error(f"{options.keep} exists; a run left there would be found done")
        options.keep.mkdir(parents=True)
    return options


def _chapters() -> list[str]:
    """Return the names of the chapters whose modules exist."""
    return [each.name for each in CHAPTERS if find_spec(f"tests.benchmarks.{each.name}")]


def _measure(name: str, folder: Path, options: argparse.Namespace, before: Any) -> Any:
    """Measure one part, and say how long it took."""
    print(f"measuring: {name}", file=sys.stderr, flush=True)
    started = time.monotonic()
    place = folder / name
    place.mkdir()
    if name in _chapters():
        tables = import_module(f"tests.benchmarks.{name}").measure(place)
        found = {title: [_as_text(row) for row in rows] for title, rows in tables.items()}
    elif options.sets and name == "comparisons":
        found = merge_comparisons(before or {}, compare_all(place, options.sets))
    elif name == "scale":
        found = merge_scale(before or [], measure_scale(place, options.sizes, options.steps))
    else:
        found = PARTS[name](place)
    print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return found


def _as_text(row: Mapping[str, object]) -> dict[str, str]:
    """Return a row of a table as text, so that figures of any kind can be kept."""
    return {column: str(value) for column, value in row.items()}


def _name_what_is_absent() -> None:
    """Print the rivals that cannot be measured, and how to get them."""
    for tool in TOOLS:
        if tool.missing:
            programs = ", ".join(tool.missing)
            print(
                f"{tool.name}: left out, {programs} not on the path; "
                f"Debian package {tool.package} (`make benchmark-tools` installs all of "
                f"{PACKAGES.relative_to(ROOT)})",
                file=sys.stderr,
            )


if __name__ == "__main__":
    main()
