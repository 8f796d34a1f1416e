"""Gubbins on one lineage: what it finds, when it is not asked, and how it is missed."""

import os
import shutil
import tempfile

import numpy as np
import pytest

from oneclone.core import CoreAlignment
from oneclone.errors import ToolFailed
from oneclone.gubbins import ImportedRegion, find_imports, gubbins_program, mask_imports_in
from tests.conftest import need
from tests.reliability.trials import case

LENGTH = 40_000


def lineage(seed: int) -> dict[str, np.ndarray]:
    """Return two groups of three genomes; B2 took up 2 kb from 2 % away."""
    random = np.random.default_rng(seed)

    def mutated(genome, snps):
        places = random.choice(LENGTH, snps, replace=False)
        changed = genome.copy()
        changed[places] = (changed[places] + random.integers(1, 4, snps)) % 4
        return changed

    root = random.integers(0, 4, LENGTH).astype(np.uint8)
    groups = {name: mutated(root, 60) for name in "AB"}
    genomes = {f"I{name}{i}": mutated(each, 10) for name, each in groups.items() for i in range(3)}
    donor = mutated(root, LENGTH // 50)
    genomes["IB2"][20_000:22_000] = donor[20_000:22_000]
    genomes["IA0"][:300] = 4
    return genomes


def test_find_imports_finds_the_import_and_is_deterministic():
    need(shutil.which("run_gubbins") or shutil.which("run_gubbins.py"), "Gubbins is not installed")
    genomes = lineage(3)
    found = find_imports(genomes)
    assert found == find_imports(genomes)
    inside = [each for each in found if each.start < 22_000 and each.end > 20_000]
    assert any("IB2" in each.taxa for each in inside)
    assert min(each.start for each in inside) >= 19_000
    assert max(each.end for each in inside) <= 23_000


def test_find_imports_fewer_than_four_distinct_sequences_are_left_alone():
    need(shutil.which("run_gubbins") or shutil.which("run_gubbins.py"), "Gubbins is not installed")
    genomes = lineage(3)
    three = {name: genomes[name] for name in ("IA0", "IB1", "IB2")}
    assert find_imports({**three, "twin": genomes["IB2"]}) == []


@case(
    54,
    "programs must not run from TMPDIR, and Gubbins is asked for",
    "the job fails: path and remedy; its tree program would take every core, and the tree depends "
    "on their number",
)
def test_find_imports_where_programs_must_not_run_is_refused(monkeypatch):
    need(shutil.which("run_gubbins") or shutil.which("run_gubbins.py"), "Gubbins is not installed")
    need(shutil.which("raxmlHPC"), "RAxML is not installed")
    access, folder = os.access, tempfile.gettempdir()
    monkeypatch.setattr(os, "access", lambda *each: folder not in str(each[0]) and access(*each))
    with pytest.raises(ToolFailed, match="programs must not run from here .*; set TMPDIR to"):
        find_imports(lineage(3))


def test_gubbins_program_absent_names_package_and_way_out(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolFailed, match="Debian package gubbins") as caught:
        gubbins_program()
    assert "set tree.mask_recombination to 'none'" in str(caught.value)


def test_mask_imports_in_masks_the_taxa_of_the_region_only():
    codes = np.arange(12, dtype=np.uint8).reshape(3, 4) % 4
    core = CoreAlignment(("x", "y", "z"), np.array([1, 5, 6, 9]), codes, (1,) * 4, (1,) * 4)
    regions = [ImportedRegion(5, 7, ("x", "z")), ImportedRegion(6, 9, ("z",))]
    masked, bases = mask_imports_in(core, regions)
    assert bases == 4
    assert (masked.codes == 4).tolist() == [
        [False, True, True, False],
        [False, False, False, False],
        [False, True, True, False],
    ]
    assert core.codes.max() == 3  # the published alignment stays as it is
