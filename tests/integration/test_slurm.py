"""The shipped demo outbreak on a Slurm cluster, with the shipped profile."""

import os
import re
from pathlib import Path

import pytest
import yaml

from tests.conftest import need
from tests.finished_demo import demo_results
from tests.integration.test_conventions import rules
from tests.integration.workflow import ROOT, snakemake
from tests.pipeline import contents
from tests.slurm_cluster import jobs, reason_against, slurm_cluster

PROFILE = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())
GROUPS = dict(entry.split("=") for entry in PROFILE["groups"])
FAILS_ONCE = "sketch_references"
HANGS_S = 1800  # a job that no node can take waits for ever
# Python imports this module at its start. It notes in which job of Slurm a step runs and whether
# it knows its run, and ends one step the first time, as a node that fails would.
WITNESS = f"""
import os, sys
script = next((each for each in sys.orig_argv if "/.snakemake/scripts/" in each), "")
if script:
    step = script.split(".")[-2]
    here = os.path.dirname(__file__)
    job = os.environ.get("SLURM_JOB_ID", "")
    with open(os.path.join(here, "ran"), "a") as ran:
        ran.write(f"{{step}},{{job}},{{'ONECLONE_RUN' in os.environ}}\\n")
    if step == "{FAILS_ONCE}" and not os.path.exists(os.path.join(here, "failed")):
        open(os.path.join(here, "failed"), "w").close()
        os._exit(3)
"""


def run_on_slurm(work: Path, *options: str, **more) -> str:
    """Run the demo as a user of a cluster does, but ask more often than a cluster would like."""
    return snakemake(
        work, "--profile", "profiles/slurm", "--jobs", "4", "--latency-wait", "5",
        "--slurm-init-seconds-before-status-checks", "2", *options, timeout=HANGS_S, **more,
    ).stdout  # fmt: skip


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> dict[str, bytes]:
    need(not reason_against(), reason_against())
    return contents(demo_results(tmp_path_factory), ["provenance"])


def test_demo_on_slurm_has_the_results_of_a_local_run(tmp_path: Path, expected):
    site, work = tmp_path / "site", tmp_path / "work"
    site.mkdir()
    (site / "sitecustomize.py").write_text(WITNESS)
    with slurm_cluster():
        path = os.pathsep.join((str(site), os.environ.get("PYTHONPATH", "")))
        printed = run_on_slurm(work, environment={"PYTHONPATH": path})
        ended = jobs()
        again = run_on_slurm(work)
    assert contents(work / "results", ["provenance"]) == expected
    assert "Nothing to be done" in again
    submitted = re.findall(r"submitted with SLURM jobid (\d+)", printed)
    assert sorted(submitted) == sorted(job["JobId"] for job in ended)
    ran = [line.split(",") for line in (site / "ran").read_text().splitlines()]
    assert {step for step, _, _ in ran} == set(rules()) - {"mask_imports", "screen_candidates"}
    assert {job for _, job, _ in ran} == set(submitted)
    assert {knows_its_run for _, _, knows_its_run in ran} == {"True"}
    assert_failed_job_asked_for_more(ended)


def assert_failed_job_asked_for_more(ended: list[dict[str, str]]) -> None:
    """And no other job failed."""
    of_group = [job for job in ended if GROUPS[FAILS_ONCE] in job["Comment"]]
    assert [job["JobState"] for job in of_group] == ["FAILED", "COMPLETED"]
    first, second = (int(re.search(r"mem=(\d+)M", job["TRES"])[1]) for job in of_group)
    assert second == 2 * first
    assert {job["JobState"] for job in ended if job not in of_group} == {"COMPLETED"}


def test_profile_groups_the_rules_that_run_once():
    """What runs in many jobs, and the screen, are jobs of the cluster by themselves."""
    assert set(GROUPS) <= set(rules())
    alone = {rule for rule in rules() if rule not in GROUPS} - {"screen_candidates"}
    assert alone
    assert all("{{" in rules()[rule].partition("log:")[0] for rule in alone)


def test_profile_names_no_account_and_no_partition():
    """A name that is nobody's stops every job: the cluster knows it not."""
    named = [entry.partition("=")[0] for entry in PROFILE["default-resources"]]
    assert named == ["step_in_group"]


def test_profiles_agree_on_what_fits_every_machine():
    default = yaml.safe_load((ROOT / "profiles/default/config.yaml").read_text())
    assert {key: PROFILE.get(key) for key in default} == default
