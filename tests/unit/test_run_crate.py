"""Provenance of a finished run: checksums that `sha256sum` takes, and a crate that validates."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from oneclone.run_provenance import PROVENANCE
from oneclone.tables.json_files import read_json
from oneclone.tables.manifest import read_manifest
from tests.conftest import REPOSITORY, need
from tests.finished_run import RESULTS, write_finished_run
from tests.reliability.trials import Part, trial

PYTHON = REPOSITORY / ".venv-validators" / "bin" / "python"
# The JSON-LD context is the one that the library rocrate ships: there is no network.
VALIDATE = """
import json, sys
from importlib import resources
import requests
from rocrate.rocrate import ROCrate
from rocrate_validator import services
from rocrate_validator.utils.http import HttpRequester

context = json.loads(resources.files("rocrate").joinpath("data/ro-crate.jsonld").read_text("utf-8"))

class Session:
    def get(self, url, **options):
        response = requests.Response()
        response.status_code = 200 if url == context["@id"] else 504
        response.headers["Content-Type"] = "application/ld+json"
        response._content = json.dumps(context).encode()
        return response
    head = get

settings = services.ValidationSettings(
    rocrate_uri=sys.argv[1], profile_identifier="workflow-run-crate",
)
HttpRequester().session = Session()
result = services.validate(settings)
crate = ROCrate(sys.argv[1])
print(json.dumps({
    "issues": sorted(issue.message for issue in result.get_issues()),
    "instrument": crate.get("#run")["instrument"].id if crate.get("#run") else "",
    "results": [each["name"] for each in (crate.get("#run") or {}).get("result", [])],
}))
"""


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    return write_finished_run(tmp_path_factory.mktemp("run with spaces & ü"))


@pytest.fixture
def crate(work) -> dict[str, dict]:
    """Return the entities of the run's crate by identity."""
    graph = read_json(work / "results/provenance/ro-crate-metadata.json")["@graph"]
    assert len({entity["@id"] for entity in graph}) == len(graph)
    return {entity["@id"]: entity for entity in graph}


def documented_commands() -> list[str]:
    """Return the commands by which the document checks the lists of checksums."""
    text = (REPOSITORY / "docs/provenance.md").read_text("utf-8")
    return re.findall(r"^cd .+sha256sum --check.+$", text, re.MULTILINE)


@pytest.mark.parametrize("command", documented_commands())
def test_documented_command_checks_and_finds_a_change(work, command):
    places = {
        "FOLDER OF THE ISOLATE TABLE": work / "given",
        "FOLDER OF THE PANEL": work / "given/panel",
        "RESULTS/provenance": f"'{work / 'results/provenance'}'",
    }
    for word, place in places.items():
        command = command.replace(word, str(place))
    folder, listed = {
        "manifest": (work / "results", RESULTS[0].removeprefix("results/")),
        "provenance": (work / "results/provenance", "settings.json"),
        "inputs": (work / "given", "isolates.tsv"),
        "panel": (work / "given/panel", "mask.bed"),
    }[Path(command.rstrip("'").split("/")[-1].split()[-1]).stem]

    def run() -> subprocess.CompletedProcess:
        return subprocess.run(
            ["bash", "-c", command], cwd=work, capture_output=True, text=True, check=False
        )

    done = run()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    content = (folder / listed).read_bytes()
    (folder / listed).write_bytes(content + b" ")
    try:
        done = run()
    finally:
        (folder / listed).write_bytes(content)
    assert (done.returncode, done.stdout) == (1, f"{listed}: FAILED\n")


def test_four_commands_are_documented():
    assert len(documented_commands()) == 4


def test_checksums_cover_table_assemblies_and_all_of_the_panel(work):
    provenance = work / "results/provenance"
    inputs, panel = (read_manifest(provenance / f"{name}.sha256") for name in ("inputs", "panel"))
    header, *rows = [line.split("\t") for line in (work / "given/isolates.tsv").open()]
    cells = {row[header.index("assembly")] for row in rows} - {""}
    assert set(inputs) == {"isolates.tsv", *cells}
    files = {path for path in (work / "given/panel").rglob("*") if path.is_file()}
    assert set(panel) == {str(path.relative_to(work / "given/panel")) for path in files}


@trial(Part.PRIVACY, "host, user and folders in `provenance/`", "in none of its files")
def test_provenance_names_no_place(work):
    folder = work / "results/provenance"
    assert {path.name for path in folder.iterdir()} == set(PROVENANCE)
    for path in folder.iterdir():
        assert str(work) not in path.read_text("utf-8"), path
        assert str(REPOSITORY) not in path.read_text("utf-8"), path


def test_crate_names_files_by_content_and_settings_by_value(work, crate):
    action = crate["#run"]
    for each in action["result"]:
        entity = crate[each["@id"]]
        content = (work / "results" / entity["name"]).read_bytes()
        digest = hashlib.sha256(content)
        assert (entity["sha256"], entity["contentSize"]) == (digest.hexdigest(), str(len(content)))
        encoded = base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
        assert each["@id"] == f"ni:///sha-256;{encoded}"
    assert len(action["result"]) == len(RESULTS) + 1
    settings = read_json(work / "results/provenance/settings.json")
    assert {"@id": "#setting-tree.seed"} in action["object"]
    assert crate["#setting-tree.seed"]["value"] == settings["tree"]["seed"]
    figures = read_json(work / "results/provenance/run.json")
    assert (action["startTime"], action["endTime"]) == (figures["started"], figures["finished"])
    assert crate["#software-numpy"]["softwareVersion"] == "2.4.6"
    everything = {each["@id"] for each in crate["./"]["hasPart"]}
    assert set(PROVENANCE[:-2]) <= everything
    for each in (*action["object"], *action["result"], *crate["./"]["hasPart"]):
        assert each["@id"] in crate


def validated(folder: Path) -> dict:
    """Return what validator and library say of a crate."""
    need(PYTHON.exists(), "the validators are not installed (make validators)")
    done = subprocess.run(
        [PYTHON, "-c", VALIDATE, folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_crate_is_a_workflow_run_crate(work, tmp_path):
    # The validator takes no crate in a folder whose name has blanks.
    found = validated(shutil.copytree(work / "results/provenance", tmp_path / "crate"))
    assert found["issues"] == []
    assert found["instrument"] == "Snakefile"
    assert sorted(found["results"]) == sorted(
        name.removeprefix("results/") for name in (*RESULTS, "results/verdict.json")
    )


def test_validator_finds_a_crate_that_is_none(work, tmp_path):
    for path in (work / "results/provenance").iterdir():
        text = path.read_text("utf-8").replace('"CreateAction"', '"Thing"')
        if path.name != "run.json":
            (tmp_path / path.name).write_text(text, "utf-8")
    issues = validated(tmp_path)["issues"]
    assert any("'run.json'" in issue for issue in issues)
    assert any("CreateAction" in issue for issue in issues)
