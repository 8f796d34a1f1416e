"""Every adapter hands its step exactly the files of its rule and the settings that it needs."""

import ast
import importlib
import inspect
import re
import subprocess
import sys

import pytest

from tests.integration.test_conventions import ADAPTERS, ROOT, rules

NAMES = [path.stem for path in ADAPTERS]


def files_of(rule: str) -> set[str]:
    """Return the names of a rule's inputs and outputs."""
    found: set[str] = set()
    for section in ("input", "output"):
        body = re.search(rf"^    {section}:\n((?:        .*\n)+)", rules()[rule], re.MULTILINE)
        found |= set(re.findall(r"^        (\w+)=", body.group(1), re.MULTILINE))
    return found


def step_call(adapter: str) -> ast.Call:
    """Return the call of the step in an adapter."""
    tree = ast.parse((ROOT / "scripts" / f"{adapter}.py").read_text())
    (call,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == adapter
    ]
    return call


@pytest.mark.parametrize("name", NAMES)
def test_adapter_gives_its_step_what_the_step_asks_for(name):
    step = getattr(importlib.import_module(f"oneclone.steps.{name}"), name)
    given = {keyword.arg for keyword in step_call(name).keywords} - {None}
    parameters = inspect.signature(step).parameters
    needed = {each.name for each in parameters.values() if each.default is each.empty}
    assert needed <= files_of(name) | given <= set(parameters)
    assert not files_of(name) & given


FAILING = """
import runpy, sys
from types import SimpleNamespace
folder, scripts = sys.argv[1:]
sys.path.insert(0, scripts)
files = {name: f"{folder}/{name}.json" for name in ("roster", "isolates", "panel")}
fake = SimpleNamespace(
    log=[f"{folder}/logs/write_ledger.log"],
    input={**files, "calls": f"{folder}/calls.json", "mixtures": f"{folder}/mixtures.tsv"},
    output={"ledger": f"{folder}/ledger.tsv"},
)
print("before")
runpy.run_path(f"{scripts}/write_ledger.py", {"snakemake": fake}, "__main__")
"""


def test_adapter_that_fails_ends_with_status_1_and_its_log_says_why(tmp_path):
    for name in ("roster.json", "isolates.json"):
        (tmp_path / name).write_text("[]")
    command = [sys.executable, "-c", FAILING, str(tmp_path), str(ROOT / "scripts")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "before\n", "")
    log = (tmp_path / "logs/write_ledger.log").read_text()
    assert "A defect of oneclone; please report it" in log
    assert "calls.json" in log
    assert not (tmp_path / "ledger.tsv").exists()
