"""Write docs/reliability.md: what the tests tried, and what came of it.

    python -m tests.documents.reliability

Tests name what they try (tests/reliability/trials.py); what takes long is tried by hand (`make
soak`), which keeps its figures in tests/soak/measurements.json.
"""

import json
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.reliability.trials import Part

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "reliability.md"
TEMPLATES = Path(__file__).with_name("templates")
MEASUREMENTS = ROOT / "tests" / "soak" / "measurements.json"
MARK = "trials: "
CASES = 60


class Collector:
    """Print the trials of all tests that pytest collects."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Print them as one line of JSON."""
        found = [
            {**vars(mark.args[0]), "test": item.originalname}
            for item in session.items
            if isinstance(item, pytest.Function)
            for mark in item.iter_markers("trial")
        ]
        print(MARK + json.dumps(found))  # noqa: T201 (the answer to the process that asked)


def main() -> None:
    """Write the document, or collect for the process that does."""
    if sys.argv[1:] == ["--collect"]:
        options = ["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "tests"]
        sys.exit(pytest.main(options, plugins=[Collector()]))
    DOCUMENT.write_text(render(), "utf-8", newline="\n")


@cache
def collected() -> list[dict[str, Any]]:
    """Return the trials of all tests."""
    command = [sys.executable, "-m", "tests.documents.reliability", "--collect"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [each for each in done.stdout.splitlines() if each.startswith(MARK)]
    assert done.returncode == 0 and lines, (done.stdout + done.stderr)[-3000:]
    return json.loads(lines[0].removeprefix(MARK))


def render() -> str:
    """Return the document."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 (Markdown, from the tests of this repository)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = cell
    measured = json.loads(MEASUREMENTS.read_text("utf-8"))
    return environment.get_template("reliability.md.j2").render(
        parts=parts(collected()), measured=measured
    )


def parts(trials: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each part: equal ones once, with all of their tests, by number."""
    tests: defaultdict[tuple[str, int, str, str], set[str]] = defaultdict(set)
    for each in trials:
        tests[each["part"], each["number"], each["what"], each["outcome"]].add(each["test"])
    rows: dict[str, list[dict[str, Any]]] = {part.value: [] for part in Part}
    for (part, number, what, outcome), names in sorted(tests.items()):
        row = {"number": number, "what": what, "outcome": outcome, "tests": sorted(names)}
        rows[part].append(row)
    return rows


def cell(text: str) -> str:
    r"""Return text as a cell of a Markdown table.

    Examples
    --------
    >>> cell("a | b\n c")
    'a \\| b c'
    """
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
