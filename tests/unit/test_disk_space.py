"""The estimate of the space that a run needs."""

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from oneclone import disk_space
from oneclone.disk_space import needs, refuse_full_disk, refuse_unwritable
from oneclone.errors import InputRefused
from tests.reliability.trials import case

GENOME_BP = 5_000_000


@pytest.fixture
def plan():
    """Return a plan of 30 assemblies and two counting references."""
    return SimpleNamespace(
        panel=SimpleNamespace(genome_length_bp=(GENOME_BP, 6_000_000)),
        assembly_of={str(number): "" for number in range(30)},
        reference_key_of={"a": "key-a", "b": "key-b"},
    )


@pytest.fixture
def work(tmp_path: Path) -> Path:
    for name in ("results", ".oneclone/references"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def with_free(monkeypatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))


def sizes(plan, calls: int, work: Path) -> dict[str, int]:
    return {need.what: need.size for need in needs(plan, calls, work)}


def test_needs_of_a_first_run(plan, work):
    assert sizes(plan, 30, work) == {
        "30 assemblies to call": 30 * 200_000,
        "2 references to index": 2 * 19_000_000,
        "a reference as text, for a moment": GENOME_BP,
        "results": 4_000_000 + 435 * 200,
    }


def test_needs_of_a_later_run_is_what_is_new(plan, work):
    (work / "results/report.html").touch()
    for key in "ab":
        (work / f".oneclone/references/key-{key}.npz").touch()
    assert sizes(plan, 2, work) == {"2 assemblies to call": 400_000}


@case(53, "the disk has clearly no room for the run", "refused before any job, with both figures")
def test_refuse_full_disk_names_what_is_needed_and_free(plan, work, monkeypatch):
    with_free(monkeypatch, 53_000_000)
    with pytest.raises(InputRefused) as refused:
        refuse_full_disk(plan, list(plan.assembly_of), work)
    (said,) = refused.value.problems
    assert said.startswith(f"{work / '.oneclone'}: 53.0 MB are free, and the run writes at least ")
    assert "53.1 MB there: 30 assemblies to call (6.0 MB), 2 references to index (38.0 MB)" in said
    assert said.endswith("results (4.1 MB); free some space or use another place")


def test_refuse_full_disk_goes_on_with_enough_or_nothing_new(plan, work, monkeypatch):
    with_free(monkeypatch, 53_100_000)
    refuse_full_disk(plan, list(plan.assembly_of), work)
    with_free(monkeypatch, 0)
    refuse_full_disk(plan, [], work)


@case(
    54,
    "`results`, `logs`, `.oneclone`, the working directory or TMPDIR cannot be written",
    "refused before any job: each with path and remedy",
)
def test_refuse_unwritable_names_every_folder(work, monkeypatch):
    (work / "logs").mkdir()
    opened, forbidden = os.open, {str(work / "logs"), str(work / "results")}

    def refuse(path, *rest):
        if os.path.dirname(path) in forbidden or path in forbidden:  # noqa: PTH120
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return opened(path, *rest)

    refuse_unwritable(work)
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(InputRefused) as refused:
        refuse_unwritable(work)
    said = "Read-only file system; the file system is mounted for reading only; use another place"
    assert refused.value.problems == (
        f"{work / 'results'}: {said} (--directory)",
        f"{work / 'logs'}: {said} (--directory)",
    )
    assert not list(work.glob("**/.*.*"))


def test_figures_hold_for_the_demo_too():
    """They are lower bounds: 36 assemblies of 0.2 Mb took 746 kB, 3 references 2.6 MB."""
    assert 36 * 200_000 * disk_space.CALLS_BYTES_PER_BASE < 746_000
    assert 3 * 200_000 * disk_space.REFERENCE_BYTES_PER_BASE < 2_613_000
