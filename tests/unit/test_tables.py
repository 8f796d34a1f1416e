"""Result tables: what is written is read back, and looks as the contract says."""

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from oneclone.core_size import CurvePoint, LeftOut
from oneclone.model.evidence import LedgerEntry, LocalTree, Typing
from oneclone.model.isolates import Role, State
from oneclone.model.pairs import FilterOutcome, Pair, ordered
from oneclone.model.regions import Removal
from oneclone.nomenclature import Naming
from oneclone.sequences import AssemblyStatistics
from oneclone.tables import ledger, pair_table, typing_table
from oneclone.tables.atomic import replacing, write_text, write_text_if_changed
from oneclone.tables.cluster_table import (
    LEVELS,
    ClusterRow,
    read_clones,
    read_clusters,
    write_clusters,
)
from oneclone.tables.core_size_files import (
    read_core_by_isolate,
    read_core_curve,
    write_core_by_isolate,
    write_core_curve,
)
from oneclone.tables.pair_file import (
    SCHEMA,
    pairs_table,
    read_distances,
    read_pairs,
    writing_pairs,
)
from oneclone.tables.tree_files import read_local_trees, write_local_trees

HARD_NAMES = ['say "A"', "it's", "=1+1", "Pt é", "a,b;c", "#x", "NA", "001", "{x} %s ${HOME}"]


def lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text().splitlines()]


def write_pairs(folder: Path, pairs: list[Pair]) -> Path:
    """Write pairs as a step does, in two parts; return the Parquet file, beside the table."""
    path = folder / "pairs.parquet"
    with writing_pairs(path, folder / "pairs.tsv") as writer:
        writer.add(pairs_table(pairs[:2]))
        writer.add(pairs_table(pairs[2:]))
    return path


def test_write_pairs_reads_back_hard_names(tmp_path: Path):
    pairs = [
        Pair(*ordered(one, two), "ref", 100, 90, 3, 5, 10, FilterOutcome.DECIDES, "", 12, 0)
        for one, two in pairwise(HARD_NAMES)
    ]
    path = write_pairs(tmp_path, pairs)
    found = read_pairs(path)
    assert found == {(pair.first, pair.second): pair for pair in pairs}
    assert all(pair.suspects == (pair.first,) for pair in found.values())
    header, *table = lines(tmp_path / "pairs.tsv")
    assert header == SCHEMA.names
    assert table == [
        [
            *(pair.first, pair.second, "3", "5", "90", "10", "37500.0000", "ref", "100"),
            *("decides", "", "12", "0", pair.first),
        ]
        for pair in pairs
    ]


def test_read_pairs_with_any_and_among_choose_by_name(tmp_path: Path):
    names = ["a", "b", "c", "d"]
    pairs = [
        Pair(one, two, "ref", 100, 90, 1, 1, 0, FilterOutcome.NOTHING_REMOVED, "", 0, 0)
        for one, two in combinations(names, 2)
    ]
    path, further = write_pairs(tmp_path, pairs[:4]), tmp_path / "further.parquet"
    with writing_pairs(further) as writer:
        writer.add(pairs_table(pairs[4:]))
    found = [
        read_pairs(path, further, with_any=["d", "not there"]),
        read_pairs(path, further, among=["a", "c", "d"]),
        read_pairs(path, further, with_any=[]),
    ]
    assert [[one + two for one, two in each] for each in found] == [
        ["ad", "bd", "cd"],
        ["ac", "ad", "cd"],
        [],
    ]
    assert len(read_pairs(path, further)) == 6


def test_read_distances_gives_places_of_near_assessed_pairs_of_known_names(tmp_path: Path):
    figures = {("a", "b"): 250, ("a", "c"): 251, ("a", "d"): None, ("b", "z"): 3, ("c", "d"): 0}
    pairs = [
        Pair(*names, "ref", 100, 90, snps, snps, None, FilterOutcome.NOT_SCANNED)
        for names, snps in figures.items()
    ]
    parts = read_distances(write_pairs(tmp_path, pairs), ["a", "b", "c", "d"], 250)
    rows = [row for part in parts for row in zip(part.first, part.second, part.snps, strict=True)]
    assert rows == [(0, 1, 250), (2, 3, 0)]


def test_write_pairs_below_the_floor_only_names_and_callable_bp(tmp_path: Path):
    pair = Pair("a", "b", "ref", 100, 40, None, None, None, FilterOutcome.NOT_SCANNED)
    path = write_pairs(tmp_path, [pair])
    header, row = lines(tmp_path / "pairs.tsv")
    filled = {column for column, cell in zip(header, row, strict=True) if cell}
    assert filled == {"isolate_a", "isolate_b", "callable_bp"}
    (read,) = read_pairs(path).values()
    assert not read.is_assessable


def test_write_pairs_snps_per_mb_is_over_the_bases_that_were_counted(tmp_path: Path):
    pair = Pair("a", "b", "r", 5_000_000, 4_100_000, 6, 90, 100_000, FilterOutcome.DECIDES)
    write_pairs(tmp_path, [pair])
    header, row = lines(tmp_path / "pairs.tsv")
    assert row[header.index("snps_per_mb")] == "1.5000"


def test_write_pairs_that_fails_leaves_no_file(tmp_path: Path):
    with pytest.raises(KeyError), writing_pairs(tmp_path / "a.parquet", tmp_path / "a.tsv") as at:
        at.add(pairs_table([Pair("a", "b", "r", 9, 9, 1, 1, None, FilterOutcome.NOT_SCANNED)]))
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_write_matrix_is_symmetric_with_a_zero_diagonal_and_gaps(tmp_path: Path):
    distances = np.array([[0, 4, -1], [4, 0, 7], [-1, 7, 0]], dtype=np.int32)
    pair_table.write_matrix(tmp_path / "matrix.tsv", ["a", "b", "c"], distances)
    assert lines(tmp_path / "matrix.tsv") == [
        ["isolate", "a", "b", "c"],
        ["a", "0", "4", ""],
        ["b", "4", "0", "7"],
        ["c", "", "7", "0"],
    ]


def test_write_stretches_reads_back_places_on_the_contig(tmp_path: Path):
    removed = Removal(
        *("a", "b", "r", "plasmid 1", 10, 310, 56, 300, -90.25), ("b",), ("contig_end",)
    )
    pair_table.write_stretches(tmp_path / "r.tsv", [removed])
    (read,) = pair_table.read_stretches(tmp_path / "r.tsv")
    assert (read.contig, read.start, read.end, read.snps) == ("plasmid 1", 10, 310, 56)
    assert (read.carriers, read.suspicions) == ("b", "contig_end")


def test_write_ledger_columns_are_the_contract_and_rows_are_sorted(tmp_path: Path):
    used = LedgerEntry("b", Role.CASE, State.USED, (), "", "f" * 64, "0" * 64)
    lost = LedgerEntry("a", Role.CONTEXT, State.QUARANTINED, ("x", "y"), "why", "", "")
    size = AssemblyStatistics(5_000_000, 40, 200_000, 64.127, 12, 3)
    ledger.write_ledger(tmp_path / "ledger.tsv", [(used, size), (lost, None)])
    header, first, second = lines(tmp_path / "ledger.tsv")
    assert header[:11] == [
        "isolate", "role", "state", "reason", "detail", "sha256",
        "length_bp", "contigs", "n50_bp", "gc_percent", "ambiguous_bp",
    ]  # fmt: skip
    assert first[:5] == ["a", "context", "quarantined", "x,y", "why"]
    assert second[6:11] == ["5000000", "40", "200000", "64.13", "12"]
    assert ledger.read_ledger(tmp_path / "ledger.tsv") == {"a": lost, "b": used}


def test_write_typing_reads_back(tmp_path: Path):
    rows = [
        Typing("b", "m", "REF", 99.25, 97.5, "C1", 20, "nearest"),
        Typing("a", "", "REF", 97.0, 90.0, "", None, "not_assessable"),
    ]
    typing_table.write_typing(tmp_path / "typing.tsv", rows)
    assert typing_table.read_typing(tmp_path / "typing.tsv") == {row.name: row for row in rows}


def test_write_clusters_has_every_level_and_reads_back_clones(tmp_path: Path):
    labels = {level: {"a": 1, "b": 1, "c": 2} for level in LEVELS}
    names = {"a": "clone-1 + clone-2", "b": "clone-3", "c": "clone-1 + clone-2"}
    clones = Naming(names, {"a": "clone-1", "b": "clone-3", "c": ""})
    write_clusters(tmp_path / "clusters.tsv", ["c", "a", "b"], labels, clones)
    header, *rows = lines(tmp_path / "clusters.tsv")
    assert header == [
        "isolate", "snp_0", "snp_5", "snp_10", "snp_20", "snp_30", "snp_38", "snp_100", "snp_250",
        "clone", "snp_address", "settled_clone",
    ]  # fmt: skip
    assert [row[0] for row in rows] == ["a", "b", "c"]
    assert rows[2][9:] == ["clone-1 + clone-2", "2.2.2.2.2.2.2.2", ""]
    found = read_clones(tmp_path / "clusters.tsv")
    assert found == {("a", "c"): "clone-1 + clone-2", ("b",): "clone-3"}
    first = read_clusters(tmp_path / "clusters.tsv")["a"]
    assert first == ClusterRow("clone-1 + clone-2", "clone-1", (1,) * 8)


def test_write_local_trees_reads_back(tmp_path: Path):
    tree = LocalTree(("a", "b"), ("c",), "r", 100, 5, 0, 3, 4, True, 2.5, None, 97.5, "sh_alrt")
    write_local_trees(tmp_path / "trees.json", [tree])
    assert read_local_trees(tmp_path / "trees.json") == {("a", "b"): tree}


def test_replacing_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path):
    write_text(tmp_path / "x", "old")
    with pytest.raises(RuntimeError), replacing(tmp_path / "x") as temporary:
        temporary.write_text("half of the n")
        raise RuntimeError
    assert (tmp_path / "x").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_write_text_if_changed_same_text_keeps_the_time_stamp(tmp_path: Path):
    assert write_text_if_changed(tmp_path / "x", "same")
    before = (tmp_path / "x").stat().st_mtime_ns
    assert not write_text_if_changed(tmp_path / "x", "same")
    assert (tmp_path / "x").stat().st_mtime_ns == before
    assert write_text_if_changed(tmp_path / "x", "other")


def test_write_core_curve_reads_back_with_shares_of_four_decimals(tmp_path: Path):
    curve = (CurvePoint(1, 100 / 3, 90, 90.0), CurvePoint(2, 200 / 3, 80, 80.0))
    write_core_curve(tmp_path / "curve.tsv", curve)
    assert lines(tmp_path / "curve.tsv") == [
        ["isolates", "percent", "core_bp", "core_percent"],
        ["1", "33.3333", "90", "90.0000"],
        ["2", "66.6667", "80", "80.0000"],
    ]
    found = read_core_curve(tmp_path / "curve.tsv")
    assert [point.core_bp for point in found] == [90, 80]
    assert found[1].percent == pytest.approx(200 / 3, abs=1e-4)


def test_write_core_by_isolate_is_sorted_by_name_and_reads_back(tmp_path: Path):
    rows = {f"I{number}": name for number, name in enumerate(HARD_NAMES)}
    left_out = [LeftOut(row, 90, 5, 88, -2 - len(row)) for row in rows]
    write_core_by_isolate(tmp_path / "by_isolate.tsv", left_out, rows)
    found = read_core_by_isolate(tmp_path / "by_isolate.tsv")
    assert [each.taxon for each in found] == sorted(HARD_NAMES)
    assert {each.gain_bp for each in found} == {-4}
    assert lines(tmp_path / "by_isolate.tsv")[1][1:] == ["90", "5", "88", "-4"]
