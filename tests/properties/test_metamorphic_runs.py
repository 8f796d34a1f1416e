"""Metamorphic relations M6 and M8 of whole runs, on a small simulated outbreak.

What must not change is compared byte by byte. M7 and M12 stand in test_metamorphic_registry.py, M3
and M9 in test_metamorphic_files.py, M11
in test_metamorphic_metadata.py, the relations of the engine alone in test_metamorphic_engine.py.
"""

import io
from pathlib import Path

import pytest
from Bio import Phylo
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.workflow import read_json, rows
from tests.pipeline import contents
from tests.properties.cohort import CALLED, NAMES, stamps
from tests.reliability.trials import case

# --- M6: who else is in the run ----------------------------------------------------------------


@pytest.fixture(scope="module")
def counting_folder(cohort, tmp_path_factory) -> Path:
    return cohort.with_calls(tmp_path_factory.mktemp("counting"))


@settings(max_examples=12)
@given(names=st.permutations(NAMES), number=st.integers(1, len(NAMES)))
@case(36, "any other isolates in the run", "the same bytes for every other pair")
def test_m6_rows_of_a_pair_are_the_same_bytes_in_every_superset(
    cohort, counting_folder, names, number
):
    """Any subset in any order has exactly those rows of all that its isolates have."""
    chosen = set(names[:number])
    absent = {*CALLED} - chosen
    pipeline = cohort.pipeline(counting_folder, [cohort.line_of[n] for n in names[:number]])
    pipeline.count()
    for table in ("pairs.tsv", "recombination.tsv"):
        header, *lines = (cohort.results / "distances" / table).read_text().splitlines()
        expected = [line for line in lines if not absent & set(line.split("\t")[:2])]
        found = (pipeline.results / "distances" / table).read_text().splitlines()
        assert found == [header, *expected]


def test_m6_order_of_rows_changes_no_byte_of_any_result(tmp_path: Path, cohort):
    order = [*NAMES[1::2], *reversed(NAMES[::2])]
    results = cohort.run(cohort.with_calls(tmp_path / "work"), order)
    assert contents(results) == contents(cohort.results)


# --- M8: new names -----------------------------------------------------------------------------

TABLES = (
    "distances/pairs.tsv",
    "distances/recombination.tsv",
    "typing.tsv",
    "verdict_pairs.tsv",
)
NEW_NAMES = {
    "names that sort the other way": {name: f"{99 - i} z" for i, name in enumerate(NAMES)},
    "names swapped": dict(zip(NAMES, reversed(NAMES), strict=True)),
}


def renamed_rows(path: Path, new: dict[str, str]) -> set[tuple]:
    """Return the rows of a table, isolates renamed, the names of a pair in no order."""
    found = set()
    for row in rows(path):
        pair = [row.pop(name) for name in ("isolate", "isolate_a", "isolate_b") if name in row]
        carriers = row.pop("carriers", "")
        found.add(
            (
                frozenset(new[name] for name in pair),
                frozenset(new[name] for name in carriers.split("; ") if name),
                tuple(row.items()),
            )
        )
    return found


@pytest.mark.parametrize("naming", NEW_NAMES)
@case(58, "renamed isolates", "no assembly is called again, no number changes")
def test_m8_new_names_change_labels_only(tmp_path: Path, cohort, naming):
    new = NEW_NAMES[naming]
    lines = ["\t".join([new[name], *cohort.line_of[name].split("\t")[1:]]) for name in NAMES]
    work = cohort.with_calls(tmp_path / "work")
    before = stamps(work)
    pipeline = cohort.pipeline(work, lines)
    results = pipeline.run()
    assert stamps(work) == before
    references = {row["isolate"] for row in rows(results / "ledger.tsv")} - {*new.values()}
    same = {name: name for name in (*references, *new.values())}
    to_new = {**same, **new, **{name: name for name in references}}
    for table in TABLES:
        found = renamed_rows(results / table, same)
        assert found == renamed_rows(cohort.results / table, to_new), table
    assert clusters(cohort.results, to_new) == clusters(results, same)
    assert sequences(cohort.results) == sequences(results)
    assert tree(cohort.results, to_new) == tree(results, same)
    assert verdict(cohort.results, to_new) == verdict(results, same)


def clusters(results: Path, new: dict[str, str]) -> set[tuple]:
    """Return the clusters of every level as sets of members; their numbers follow the names."""
    table = rows(results / "clusters.tsv")
    return {
        (level, frozenset(new[row["isolate"]] for row in table if row[level] == label))
        for level in table[0]
        if level != "isolate"
        for label in {row[level] for row in table}
    } | {(row["clone"], new[row["isolate"]]) for row in table}


def sequences(results: Path) -> list[str]:
    """Return the rows of the core alignment in their order, without names."""
    return (results / "alignment/core.snps.fasta").read_text().splitlines()[1::2]


def tree(results: Path, new: dict[str, str]) -> list[tuple]:
    """Return the clades of the core tree with lengths and supports, tips renamed."""
    read = Phylo.read(io.StringIO((results / "tree/core.nwk").read_text()), "newick")
    return [
        ([new[tip.name] for tip in clade.get_terminals()], clade.branch_length, clade.confidence)
        for clade in read.find_clades()
    ]


def verdict(results: Path, new: dict[str, str]) -> tuple:
    """Return the verdict on the set and on each clone, members renamed."""
    found = read_json(results / "verdict.json")
    clones = {
        (frozenset(new[name] for name in clone["members"]), clone["name"], clone["verdict"],
         clone["max_snps"], clone["max_snps_raw"], clone["exclusive"], clone["support"])
        for clone in found["clones"]
    }  # fmt: skip
    codes = [sorted(found[key]) for key in ("reasons", "caveats")]
    return found["verdict"], found["exclusive"], found["distinct_from_panel"], codes, clones
