"""A finished run of thousands of isolates, made of the results of a small one without a call.

Every context isolate of the small run gets clones, each of one founder and its members. Tables get
the rows of their ancestors, the tree a random subtree, and distances are sums along that descent.
For what must stay fast and small: report, figures, exports.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oneclone.model.isolates import Isolate, Place, Role, row_id
from oneclone.model.pairs import MAX_COMPLETE, NEIGHBOURS, Pair, ordered
from oneclone.sequences import LETTERS
from oneclone.tables.core_files import read_core_codes
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.pair_file import pairs_table, read_pairs, writing_pairs
from oneclone.tables.pair_table import write_matrix
from oneclone.tables.run_plan import isolates_text, read_isolates
from tests.large_outbreak import CITIES

SEED = 11
CLONE = 30  # members
FOUNDER_SNPS, MEMBER_SNPS = 300, 25
GROWN_TABLES = {
    "ledger.tsv": "isolate",
    "typing.tsv": "isolate",
    "markers.tsv": "isolate",
    "clusters.tsv": "isolate",
    "alignment/core_by_isolate.tsv": "isolate",
    "distances/coverage.tsv": "isolate",
}
# What belongs to the cases, or to the panel: the same in the grown run.
COPIED = (
    "changes.tsv", "time.json", "verdict.json", "verdict_pairs.tsv", "tree/local_trees.json",
    "alignment/core_curve.tsv",
)  # fmt: skip
PLAN = Path(".oneclone/plan")


@dataclass(frozen=True)
class _Grown:
    """A new isolate: where it comes from, its clone, and its SNPs up to its founder and below."""

    isolate: Isolate
    parent: str
    clone: int
    founder_snps: int
    own_snps: int


def grow_run(small: Path, folder: Path, isolates: int, sites: int = 0) -> Path:
    """Write the results of a larger run into a folder; return its results.

    Parameters
    ----------
    small
        Working directory of a finished run.
    folder
        Working directory to write.
    isolates
        Used isolates and references of the larger run.
    sites
        Variable core sites; 0 = those of the small run.
    """
    results, plan = folder / "results", folder / PLAN
    for place in (results / "alignment", results / "distances", results / "tree", plan):
        place.mkdir(parents=True, exist_ok=True)
    rows = read_isolates(small / PLAN / "isolates.json")
    pairs = read_pairs(small / "results/distances/pairs.parquet")
    used = {name for pair in pairs for name in pair}
    random = np.random.default_rng(SEED)
    parents = [row for row in rows.values() if row.role is Role.CONTEXT and row.name in used]
    grown = _descend(parents, isolates - len(used), random)
    for name in ("panel.json", "history.json"):
        (plan / name).write_bytes((small / PLAN / name).read_bytes())
    everything = sorted([*rows.values(), *(each.isolate for each in grown)], key=lambda r: r.name)
    (plan / "isolates.json").write_text(isolates_text(everything), encoding="utf-8")
    for name in COPIED:
        (results / name).write_bytes((small / "results" / name).read_bytes())
    for name, column in GROWN_TABLES.items():
        _grow_table(small / "results" / name, results / name, column, grown)
    _grow_tree(small / "results", results, rows, grown, random)
    _grow_alignment(small / "results", results, grown, sites, random)
    cases = {name for name in used if rows[name].role is Role.CASE}
    _write_distances(results / "distances", pairs, sorted(used), cases, grown)
    return results


def _descend(parents: Sequence[Isolate], wanted: int, random: np.random.Generator) -> list[_Grown]:
    """Return new isolates, each a patient of its own, the clones in turn from every parent."""
    founders = random.integers(20, FOUNDER_SNPS, wanted // CLONE + 1).tolist()
    own = random.integers(0, MEMBER_SNPS, max(wanted, 0)).tolist()
    found: list[_Grown] = []
    for number in range(wanted):
        clone = number // CLONE
        parent = parents[clone % len(parents)]
        name = f"CTX-{number:05}"
        country, latitude, longitude = CITIES[number % len(CITIES)]
        isolate = replace(
            parent,
            name=name,
            row_id=row_id(name),
            patient=f"P{number:05}",
            clinic=f"Hospital {country} {number % 60}",
            collection_date=f"{2004 + number % 19}-{1 + number % 12:02}",
            country=country,
            place=Place(float(latitude) + number % 60 / 20, float(longitude) + number % 7 / 5),
        )
        found.append(_Grown(isolate, parent.name, clone, founders[clone], own[number]))
    return found


def _grow_table(source: Path, target: Path, column: str, grown: Sequence[_Grown]) -> None:
    """Write a table with the rows of its ancestors for each new isolate."""
    table = read_table(source, (column,))
    by_isolate: dict[str, list[dict[str, str]]] = {}
    for row in table.rows:
        by_isolate.setdefault(row[column], []).append(dict(row.cells))
    rows = [dict(row.cells) for row in table.rows]
    for each in grown:
        changed = {column: each.isolate.name}
        if "settled_clone" in table.columns:
            changed["clone"] = f"clone-{each.clone:04}"
        rows += [{**row, **changed} for row in by_isolate.get(each.parent, ())]
    write_table(target, table.columns, sorted(rows, key=lambda row: row[column]))


def _grow_tree(
    source: Path,
    target: Path,
    rows: dict[str, Isolate],
    grown: Sequence[_Grown],
    random: np.random.Generator,
) -> None:
    """Write the tree with a random subtree for each clone beside its parent."""
    summary: dict[str, Any] = json.loads((source / "tree/core.json").read_text("utf-8"))
    unit = 1 / summary["core_bp"]
    clones: dict[int, list[_Grown]] = {}
    for each in grown:
        clones.setdefault(each.clone, []).append(each)
    beside: dict[str, list[str]] = {}
    for members in clones.values():
        tips = [f"{m.isolate.row_id}:{max(m.own_snps, 0.1) * unit:.3e}" for m in members]
        length = members[0].founder_snps * unit
        beside.setdefault(members[0].parent, []).append(
            _joined(tips, unit * random.exponential(1.5, len(tips)), length, random)
        )
    newick: str = summary["newick"]
    for parent, subtrees in beside.items():
        tip = rows[parent].row_id
        both = [f"{tip}:{unit:.3e}", *subtrees]
        whole = _joined(both, unit * random.exponential(9, len(both)), 0, random)
        newick = newick.replace(tip, whole.rpartition(":")[0])
    summary |= {"newick": newick, "taxa": summary["taxa"] + len(grown)}
    (target / "tree/core.json").write_text(json.dumps(summary), encoding="utf-8")


def _joined(
    parts: Sequence[str], lengths: NDArray[np.float64], last: float, random: np.random.Generator
) -> str:
    """Return the Newick of parts joined two by two in a random order, with its branch length."""
    waiting = list(parts)
    for length in lengths[: len(parts) - 1].tolist():
        two = [waiting.pop(int(random.integers(len(waiting)))) for _ in range(2)]
        waiting.append(f"({','.join(two)}){int(random.integers(40, 101))}:{length:.3e}")
    return waiting[0] if not last else waiting[0].rpartition(":")[0] + f":{last:.3e}"


def _grow_alignment(
    source: Path, target: Path, grown: Sequence[_Grown], sites: int, random: np.random.Generator
) -> None:
    """Write the core alignment, its columns repeated up to the wanted number of sites."""
    codes = read_core_codes(source / "alignment/core.snps.fasta")
    places = read_table(source / "alignment/core_sites.tsv", ()).rows
    sites = sites or len(places)
    kept = np.arange(sites) % len(places)
    bases = {name: LETTERS[own[kept]] for name, own in codes.items()}
    with (target / "alignment/core.snps.fasta").open("wb") as opened:
        for name, own in bases.items():
            opened.write(f">{name} x\n".encode() + own.tobytes() + b"\n")
        for each in grown:
            own = bases[row_id(each.parent)].copy()
            own[random.integers(0, sites, each.own_snps)] = LETTERS[0]
            opened.write(f">{each.isolate.row_id} x\n".encode() + own.tobytes() + b"\n")
    write_table(
        target / "alignment/core_sites.tsv",
        ("contig", "position", "reference_base"),
        ((places[at]["contig"], n + 1, places[at]["reference_base"]) for n, at in enumerate(kept)),
    )
    about = json.loads((source / "alignment/core.json").read_text("utf-8"))
    about |= {"taxa": len(codes) + len(grown), "variable_sites": sites}
    (target / "alignment/core.json").write_text(json.dumps(about), encoding="utf-8")


def _write_distances(
    folder: Path,
    pairs: dict[tuple[str, str], Pair],
    used: Sequence[str],
    cases: set[str],
    grown: Sequence[_Grown],
) -> None:
    """Write pairs and matrix: of all, or of the cases and those nearest to them."""
    known = {each.isolate.name: each for each in grown}

    def pair_of(one: str, two: str) -> Pair:
        """Return the pair of two names in their order."""
        first, second = known.get(one), known.get(two)
        ends = (first.parent if first else one, second.parent if second else two)
        below = [each for each in (first, second) if each]
        more = sum(each.own_snps for each in below)
        if not (first and second and first.clone == second.clone):
            more += sum(each.founder_snps for each in below)
        base = None if ends[0] == ends[1] else pairs[ordered(*ends)]
        model = base or next(iter(pairs.values()))
        if base and base.snps is None:
            return replace(model, first=one, second=two)
        snps = more + ((base.snps if base else 0) or 0)
        return replace(model, first=one, second=two, snps=snps, snps_raw=snps)

    names = sorted([*used, *known])
    if len(names) > MAX_COMPLETE:
        near = {
            name: min((pair_of(*ordered(name, case)).snps or 10**9 for case in cases), default=0)
            for name in names
            if name not in cases
        }
        names = sorted([*cases, *sorted(near, key=lambda n: (near[n], n))[:NEIGHBOURS]])
    made = {(one, two): pair_of(one, two) for one, two in combinations(names, 2)}
    with writing_pairs(folder / "pairs.parquet", folder / "pairs.tsv") as writer:
        writer.add(pairs_table(made.values()))
    with writing_pairs(folder / "further.parquet"):
        pass
    place = {name: number for number, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)), dtype=np.int32)
    for (one, two), pair in made.items():
        snps = -1 if pair.snps is None else pair.snps
        matrix[place[one], place[two]] = matrix[place[two], place[one]] = snps
    write_matrix(folder / "matrix.tsv", names, matrix)
