"""A run to export: an outbreak in a few words, with names that formats trip over."""

from dataclasses import asdict
from pathlib import Path

from oneclone.exports.exported_run import ExportedRun, date_of_run
from oneclone.model.isolates import Place, Role, State, row_id
from oneclone.tables.cluster_table import LABEL_COLUMNS
from oneclone.tables.tree_files import TreeSummary
from tests.unit.evidence_builder import Outbreak

CORE_BP = 1000
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    'it\'s "quoted", (a:b);[c]',
    "-n",
    "a b  c",
    "A|B",
    "Pt_1.2-x",
    "001",
    "2022-10",
    "1e5",
    "NaN",
    "id",
    "NODE_0000001",
    "e\u0301\u202e\U0001f9a0\u2028",
    "#comment & *md*",
    row_id("A|B"),
    row_id("a b  c"),
    row_id("a b  c") + "x",
]


def hostile_outbreak() -> Outbreak:
    """Two cases of one clone, a source, and hostile context isolates; one is quarantined."""
    made = Outbreak()
    place = Place(32.5, -117.0)
    made.case("PtA, knee", "A", clinic="Clinic, 1\u2028", collection_date="2022", place=place,
              extra={"role": "own", "my,col": "a<b"})  # fmt: skip
    made.case("PtB", "B", collection_date="2022-11", country="Mexico", place=Place(0.0, 0.0))
    made.source("soap")
    for number, name in enumerate(HOSTILE):
        made.context(name, f"P{number}", collection_date="2022-10-18" if number else "")
    made.not_assessed("quarantined <b>", "C", "too_short")
    made.snps("PtA, knee", "PtB", 0).snps("PtB", "soap", 2).snps("PtA, knee", "soap", 3)
    made.all_snps("A|B 001", 7)
    for other in ("PtB", "soap"):
        made.snps("-n", other, None)
    return made


def exported_run(made: Outbreak, folder: Path) -> ExportedRun:
    """Return the run; its tree is a ladder of the tips in the order of their names."""
    evidence = made.evidence()
    names = sorted(evidence.isolates)
    used = [evidence.isolates[n] for n in names if evidence.ledger[n].state is State.USED]
    alignment = folder / "core.snps.fasta"
    alignment.write_text("".join(f">{each.row_id} {each.name}\nACGN\n" for each in used))
    own = [each.name for each in used if each.role is not Role.REFERENCE]
    newick = used[0].row_id + ":0.001"
    for each in used[1:]:
        newick = f"({newick},{each.row_id}:0.002)95:0.003"
    tree = TreeSummary("iqtree", "", "GTR", "ufboot", "midpoint", len(used), len(used), CORE_BP, 4,
                       1, newick + ";")  # fmt: skip
    return ExportedRun(
        rows=evidence.isolates,
        panel=evidence.panel,
        pairs=evidence.pairs,
        matrix_names=frozenset(each.name for each in used),
        tree=tree,
        alignment=alignment,
        verdict={
            "sentence": "Isolates PtA, knee and PtB are <b>one</b> clone.",
            "settings": {"investigation": "the <investigation>"},
        },
        ledger={
            name: {k: str(v) for k, v in asdict(evidence.ledger[name]).items()} for name in names
        },
        typing={
            name: {"subspecies": "m", "nearest_reference": "CLONE-1", "panel_clone": "C1"}
            for name in own
        },
        clusters={
            name: {
                **dict.fromkeys(LABEL_COLUMNS, "1"),
                "snp_address": "1.1",
                "clone": "clone-red-fox" if name.startswith("Pt") else "",
            }
            for name in own
        },
        markers={},
        coverage={},
        core_sites=folder / "sites.tsv",
        core_summary=folder / "core.json",
        date=date_of_run(used, ""),
    )
