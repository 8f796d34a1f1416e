"""Table-like exports, read again by other libraries: every name comes back as typed."""

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pysam
import pytest
from Bio import Phylo
from ete3 import Tree
from openpyxl.utils.escape import unescape
from skbio import DistanceMatrix, TreeNode

from oneclone.exports import core_variants, matrices, metadata, multiqc, nexus, sheets, workbook
from oneclone.exports.cells import MAX_TEXT, inert, typed
from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.id_map import id_map
from oneclone.exports.names import MULTIQC
from oneclone.model.calls import ReferenceSequence
from oneclone.sequences import encode
from oneclone.tables.core_files import write_core_sites
from oneclone.tables.core_size_files import CoreSummary
from oneclone.tables.json_files import write_record
from tests.conftest import REPOSITORY, need
from tests.reliability.trials import case
from tests.unit.evidence_builder import Outbreak, two_patients
from tests.unit.exported_run_builder import HOSTILE, exported_run, hostile_outbreak

VALIDATORS = REPOSITORY / ".venv-validators" / "bin"
FORMULA = re.compile(r"\s*[=+\-@\t\r]")
REFERENCE = ReferenceSequence(("chr", "plasmid.1"), pd.Series([0, 10, 16]).to_numpy(),
                              encode(b"ACGTACGTACGGTTAA"))  # fmt: skip
PLACES = (3, 9, 15)  # chr:4 T, chr:10 C, plasmid.1:6 A
VERDICT = {
    "sentence": "Isolates PtA, knee and PtB are <b>one</b> clone.",
    "verdict": "single_clone",
    "clones": [{"name": "<i>fox</i>", "members": ["PtA, knee", "PtB"], "verdict": "single_clone"}],
    "pairs": [
        {
            "isolate_a": "PtA, knee",
            "isolate_b": "PtB",
            "verdict": "linked",
            "reason": "within_linked",
        }
    ],
    "reasons": ["exclusive_clade"],
    "caveats": ["assembly_only"],
    "explanations": {"exclusive_clade": "=they are apart", "assembly_only": "no reads"},
    "statements": {"certainty": ["sure"], "not_claimed": ["the source"]},
    "not_assessed": [{"isolate": "-gone", "patient": "@C", "reason": "no_isolate"}],
    "settings": {"investigation": "+1", "thresholds": {"linked": None, "levels": [1, 2]}},
    "versions": {"numpy": "2.4"},
    "panel": {"name": "test panel"},
}  # fmt: skip


def with_core(run: ExportedRun, folder: Path) -> ExportedRun:
    """Give a run three variable sites: T, C and N or A in turn; T, T or C; A, C or N."""
    letters = {each.row_id: "TCN"[n % 3] + "TCC"[n % 3] + "ACN"[n % 3]
               for n, each in enumerate(run.isolates)}  # fmt: skip
    run.alignment.write_text("".join(f">{row} x\n{bases}\n" for row, bases in letters.items()))
    write_core_sites(folder / "sites.tsv", pd.Series(PLACES).to_numpy(), REFERENCE)
    about = CoreSummary("TYPE-a", 1, 95, 1, 16, 16, 3, (), (), contigs=REFERENCE.contigs)
    write_record(folder / "core.json", about, CoreSummary)
    return replace(run, core_sites=folder / "sites.tsv", core_summary=folder / "core.json")


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> ExportedRun:
    folder = tmp_path_factory.mktemp("run")
    made = replace(exported_run(hostile_outbreak(), folder), verdict=VERDICT)
    statistics = {"length_bp": "5000000", "contigs": "12", "n50_bp": "400000"}
    ledger = {name: {"isolate": name, **cells, **statistics} for name, cells in made.ledger.items()}
    coverage = {"PtB": {"TYPE-m": {"callable_percent": "97.50"}}}
    return with_core(replace(made, ledger=ledger, coverage=coverage), folder)


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> ExportedRun:
    """Return a run whose names every program can hold, every pair compared."""
    return exported_run(two_patients(3), tmp_path_factory.mktemp("plain"))


def typed_names(run: ExportedRun, column: str) -> dict[str, str]:
    """Return the name as typed of every label of a format."""
    return {row[column]: row["isolate"] for row in tsv(id_map(run))}


def tsv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def names_of(run: ExportedRun) -> list[str]:
    return [isolate.name for isolate in run.isolates]


def shuffled(run: ExportedRun) -> ExportedRun:
    """Return the run as read from tables with their rows in another order."""

    def turned(cells: Mapping) -> dict:
        return dict(reversed(cells.items()))

    return replace(run, rows=turned(run.rows), pairs=turned(run.pairs), ledger=turned(run.ledger),
                   typing=turned(run.typing), clusters=turned(run.clusters))  # fmt: skip


@pytest.mark.parametrize(
    "writer",
    [
        core_variants.core_vcf, matrices.long_table, matrices.phylip_matrix,
        matrices.square_matrix, metadata.ncbi_pathogen, metadata.pha4ge, multiqc.distances,
        multiqc.general_statistics, multiqc.verdict, nexus.nexus, nexus.plain_newick,
        workbook.workbook,
    ],
    ids=lambda writer: writer.__name__,
)  # fmt: skip
def test_bytes_depend_on_the_results_alone(run, writer):
    assert writer(run) == writer(run) == writer(shuffled(run))


# --- workbook ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(run) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook.workbook(run)))


def column(book: openpyxl.Workbook, sheet: str, title: str) -> list:
    header = [cell.value for cell in book[sheet][1]]
    place = header.index(title)
    return [row[place] for row in book[sheet].iter_rows(min_row=2)]


@case(
    45,
    "names that begin with = + - @ in the workbook",
    "text cells: no formula, no link; numbers stay numbers",
)
def test_workbook_holds_no_formula_no_link_and_no_text_that_starts_one(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if FORMULA.match(text)]
    assert {"'=they are apart", "'-gone (patient @C)", "'+1", "'-n"} <= set(texts)


@case(45, "the workbook saved as CSV and opened again", "no formula either")
def test_workbook_saved_as_csv_and_opened_again_is_as_inert(book):
    opened = io.StringIO()
    for sheet in book:
        csv.writer(opened).writerows(sheet.values)
    cells = [cell for row in csv.reader(io.StringIO(opened.getvalue())) for cell in row]
    assert {cell for cell in cells if FORMULA.match(cell)} == {"-117"}  # a number: a longitude


def test_workbook_names_come_back_as_typed(run, book):
    assert [typed(cell.value) for cell in column(book, "isolates", "isolate")] == [
        row.name for row in run.all_rows
    ]
    assert set(HOSTILE) <= {typed(cell.value) for cell in column(book, "isolates", "isolate")}
    assert [typed(cell.value) for cell in book["matrix"][1][1:]] == names_of(run)


@pytest.mark.parametrize(
    "text", ["=1+1", "'=1+1", "''=1", "it's", "'", "", "\uff1d1", " @SUM(A1)", "_x0041_", "a-b"]
)
def test_inert_text_can_be_undone_and_starts_no_formula(text):
    assert typed(inert(text)) == text
    assert not FORMULA.match(inert(text))


def test_workbook_text_that_looks_like_an_escape_and_long_text(run):
    first = run.all_rows[0]
    long = replace(first, extra={"own": "x" * 40_000}, clinic="_x0041_")
    rows = {**run.rows, first.name: long}
    made = openpyxl.load_workbook(io.BytesIO(workbook.workbook(replace(run, rows=rows))))
    cut = column(made, "isolates", "own")[0].value
    assert len(cut) <= MAX_TEXT
    assert cut.endswith("(cut)")
    kept = column(made, "isolates", "clinic")[0].value  # openpyxl leaves undoing to its callers
    assert unescape(kept) == "_x0041_"


def test_workbook_says_the_verdict_and_its_limits(book):
    rows = [tuple(cell.value for cell in row) for row in book["verdict"].iter_rows(min_row=2)]
    assert rows[0] == ("Verdict", VERDICT["sentence"], "single_clone")
    assert ("Caveat", "no reads", "assembly_only") in rows
    assert ("Not claimed", "the source", None) in rows
    assert ("Not assessed", "'-gone (patient @C)", "no_isolate") in rows
    assert book["verdict"]["C2"].fill.fgColor.rgb == "FF08519C"


def test_workbook_pairs_are_numbers_with_a_band_those_of_cases_first(run, book):
    first = [cell.value for cell in book["pairs"][2]]
    assert first[:6] == ["PtA, knee", "PtB", 0, "linked", "linked", "within_linked"]
    assert len(column(book, "pairs", "snps")) == len(run.pairs)
    pairs = {
        (typed(one.value), typed(two.value)): (snps.value, band.value)
        for one, two, snps, band in zip(
            *(column(book, "pairs", name) for name in ("isolate_a", "isolate_b", "snps", "band")),
            strict=True,
        )
    }
    assert pairs["-n", "PtB"] == (None, "not_assessable")
    assert pairs["001", "A|B"] == (7, "linked")
    assert pairs["001", "PtB"] == (20_000, "unlinked")
    ranks = [
        (one.value == "case") + (two.value == "case")
        for one, two in zip(
            column(book, "pairs", "role_a"), column(book, "pairs", "role_b"), strict=True
        )
    ]
    assert ranks == sorted(ranks, reverse=True)


def test_workbook_has_the_nearest_pairs_and_says_of_how_many(run, book, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_PAIRS", 10)
    monkeypatch.setattr(sheets, "MAX_MATRIX", 4)
    made = openpyxl.load_workbook(io.BytesIO(workbook.workbook(run)))
    assert made["pairs"].max_row == 11
    said = {cell.value for cell in column(made, "verdict", "text")}
    cut = f"The sheet has 10 of {len(run.pairs)} pairs: those of cases first, each by SNPs."
    assert f"{cut} All are in distances/pairs.tsv." in said
    rows = [list(sheet["pairs"].iter_rows(values_only=True)) for sheet in (made, book)]
    assert rows[0] == rows[1][:11]
    assert [cell.value for cell in made["matrix"]["A"]][1:] == [
        "#comment & *md*", "PtA, knee", "PtB", "soap"
    ]  # fmt: skip


def test_workbook_has_frozen_headers_filters_and_no_user_or_clock(run, book):
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
    assert book.properties.created.date().isoformat() == run.date
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy


# --- distances ---------------------------------------------------------------------------------


def test_square_matrix_is_read_by_pandas_with_gaps_and_by_scikit_bio_without(run, plain):
    read = pd.read_csv(io.StringIO(matrices.square_matrix(run)), sep="\t", index_col=0, quoting=3,
                       dtype={0: str}, na_values=["nan"], keep_default_na=False)  # fmt: skip
    assert list(read.index) == list(read.columns) == names_of(run)
    assert pd.isna(read.loc["-n", "PtB"])
    assert read.loc["PtA, knee", "soap"] == 3
    whole = DistanceMatrix.read(io.StringIO(matrices.square_matrix(plain)), format="lsmat")
    assert list(whole.ids) == names_of(plain)
    assert whole["A1", "B1"] == 3
    assert whole["A1", "TYPE-a"] == 20_000


def test_phylip_matrix_is_complete_and_leads_back_to_the_names(run):
    text = matrices.phylip_matrix(run)
    read = DistanceMatrix.read(io.StringIO(text), format="phylip_dm")
    names = [typed_names(run, "plain_text")[label] for label in read.ids]
    assert sorted(names) == sorted({*names_of(run)} - {"-n"})  # it has gaps to PtB and soap
    assert read.data[names.index("PtA, knee"), names.index("soap")] == 3


def test_complete_names_leaves_out_no_more_than_needed():
    made = Outbreak()
    for name in "abcd":
        made.context(name)
    made.snps("a", "b", None).snps("c", "b", None).snps("c", "d", None)
    evidence = made.evidence()
    run = ExportedRun(*[None] * 2, evidence.pairs, *[None] * 12)
    assert matrices.complete_names(run, list("abcd")) == ["a", "d"]


def test_long_table_has_every_pair_with_its_callable_bases(run):
    rows = {(row["isolate_a"], row["isolate_b"]): row for row in tsv(matrices.long_table(run))}
    assert list(rows) == sorted(run.pairs)
    row = rows["PtA, knee", "soap"]
    assert (row["snps"], row["callable_bp"], row["callable_percent"]) == ("3", "4900000", "98.00")
    assert (row["role_a"], row["role_b"]) == ("case", "source")
    assert rows["-n", "PtB"]["snps"] == ""
    assert rows["-n", "PtB"]["callable_bp"] == "4900000"


# --- trees -------------------------------------------------------------------------------------


def test_plain_newick_needs_no_quotes_and_leads_back_to_the_names(run):
    text = nexus.plain_newick(run)
    assert "'" not in text
    tips = Tree(text, format=1).get_leaf_names()
    assert sorted(typed_names(run, "plain_text")[tip] for tip in tips) == names_of(run)


def test_nexus_is_read_by_biopython_with_support_and_root(plain):
    tree = Phylo.read(io.StringIO(nexus.nexus(plain)), "nexus")
    assert sorted(tip.name for tip in tree.get_terminals()) == names_of(plain)
    assert tree.rooted
    assert {node.confidence or node.name for node in tree.get_nonterminals()} >= {95.0}
    lengths = sorted(tip.branch_length for tip in tree.get_terminals())
    assert lengths[0] == 0.001
    assert lengths[-1] == 0.002


def test_nexus_quotes_hostile_names(run):
    text = nexus.nexus(run)
    newick = re.search(r"TREE core = \[&R\] (.+)\n", text).group(1)
    tips = TreeNode.read(io.StringIO(newick), convert_underscores=False).tips()
    back = typed_names(run, "nexus")
    assert sorted(back[tip.name] for tip in tips) == names_of(run)
    assert "'it''s \"quoted\", (a:b);[c]'" in text.split("END;")[0]
    assert "001" in HOSTILE
    assert "001" not in back  # a number would mean a place in TAXLABELS


def test_nexus_is_read_by_dendropy(run, tmp_path):
    python = VALIDATORS / "python"
    need(python.exists(), "the validators are not installed (make validators)")
    (tmp_path / "tree.nexus").write_text(nexus.nexus(run))
    code = (
        "import dendropy, json, sys\n"
        "tree = dendropy.Tree.get(path=sys.argv[1], schema='nexus', preserve_underscores=True)\n"
        "taxa = [taxon.label for taxon in tree.taxon_namespace]\n"
        "tips = [node.taxon.label for node in tree.leaf_nodes()]\n"
        "print(json.dumps([taxa, tips, tree.is_rooted]))"
    )
    command = [python, "-c", code, tmp_path / "tree.nexus"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    taxa, tips, is_rooted = json.loads(done.stdout)
    back = typed_names(run, "nexus")
    assert sorted(back[tip] for tip in tips) == names_of(run)
    assert sorted(taxa) == sorted(tips)
    assert is_rooted


# --- core VCF ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vcf(run, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("vcf") / "core.vcf.gz"
    path.write_bytes(core_variants.core_vcf(run))
    return path


def alignment_of(run: ExportedRun) -> dict[str, str]:
    """Return the bases of the core alignment by name as typed."""
    records = [record.split("\n") for record in run.alignment.read_text().split(">")[1:]]
    return {run.by_row_id[head.split(" ")[0]].name: bases for head, bases, *_ in records}


def test_core_vcf_genotypes_are_the_core_alignment_and_missing_is_missing(run, vcf):
    with pysam.VariantFile(str(vcf)) as opened:
        records = list(opened)
        assert list(opened.header.samples) == names_of(run)
        assert {name: each.length for name, each in opened.header.contigs.items()} == {
            "chr": 10, "plasmid.1": 6
        }  # fmt: skip
    assert [(each.chrom, each.pos, each.alleles) for each in records] == [
        ("chr", 4, ("T", "C")), ("chr", 10, ("C", "T")), ("plasmid.1", 6, ("A", "C"))
    ]  # fmt: skip
    for place, record in enumerate(records):
        for name, bases in alignment_of(run).items():
            (allele,) = record.samples[name].alleles
            assert (allele or "N") == bases[place]


def test_core_vcf_is_read_and_indexed_by_bcftools_without_a_warning(run, vcf):
    need(shutil.which("bcftools"), "bcftools is not installed")
    for arguments in (["index", "-f", vcf], ["query", "-f", "%CHROM %POS[ %TGT]\n", vcf]):
        done = subprocess.run(["bcftools", *arguments], capture_output=True, text=True, check=True)
        assert "[W::" not in done.stderr
        assert "[E::" not in done.stderr
    first, *_ = done.stdout.splitlines()
    bases = ["." if each[0] == "N" else each[0] for each in alignment_of(run).values()]
    assert first == f"chr 4 {' '.join(bases)}"


# --- metadata ----------------------------------------------------------------------------------


def test_pha4ge_has_every_isolate_and_invents_nothing(run):
    rows = {row["specimen_collector_sample_ID"]: row for row in tsv(metadata.pha4ge(run))}
    assert set(rows) == {
        row.name for row in run.all_rows if row.role != "reference"
    }  # the quarantined one too
    knee, other = rows["PtA, knee"], rows["PtB"]
    assert (knee["sample_collection_date"], knee["sample_collection_date_precision"]) == (
        "2022", "year"
    )  # fmt: skip
    assert (other["geo_loc_name_country"], other["geo_loc_latitude"]) == ("Mexico", "0.0")
    assert other["oneclone_clone"] == "clone-red-fox"
    assert knee["geo_loc_name_country"] == knee["host_scientific_name"] == "not provided"
    assert knee["my,col"] == "a<b"
    assert rows["-n"]["sample_collection_date_precision"] == "day"
    assert other["organism"] == "Bacterium"
    assert rows["quarantined <b>"]["organism"] == "not provided"
    cells = {cell for row in rows.values() for column, cell in row.items()
             if column in metadata.PHA4GE_COLUMNS}  # fmt: skip
    assert "" not in cells


def test_columns_of_the_table_named_as_a_standard_has_them_are_used(run):
    own = {"host": "Homo sapiens", "isolation_source": "CSF", "oneclone_state": "x", "lat_lon": ""}
    own["table_oneclone_state"] = "y"
    made = replace(run, rows={**run.rows, "PtB": replace(run.rows["PtB"], extra=own)})
    (_, ncbi) = tsv(metadata.ncbi_pathogen(made))
    assert (ncbi["host"], ncbi["isolation_source"]) == ("Homo sapiens", "CSF")
    assert ncbi["lat_lon"] == ncbi["collected_by"] == "not provided"
    pha4ge = next(row for row in tsv(metadata.pha4ge(made)) if row["isolate"] == "PtB")
    assert pha4ge["host_scientific_name"] == "Homo sapiens"
    assert (pha4ge["oneclone_state"], pha4ge["table_oneclone_state"]) == ("used", "y")
    assert pha4ge["table_table_oneclone_state"] == "x"


def test_ncbi_table_has_used_cases_alone_without_place_and_patient(run):
    rows = tsv(metadata.ncbi_pathogen(run))
    assert [row["sample_name"] for row in rows] == ["PtA, knee", "PtB"]
    assert tuple(rows[0]) == metadata.NCBI_COLUMNS
    assert {row["lat_lon"] for row in rows} == {"not provided"}
    assert "32.5" not in metadata.ncbi_pathogen(run)


# --- MultiQC -----------------------------------------------------------------------------------

CONTENT = {
    "oneclone_distances_mqc.json": multiqc.distances,
    "oneclone_general_mqc.json": multiqc.general_statistics,
    "oneclone_verdict_mqc.json": multiqc.verdict,
}


@case(46, "names with markup in the MultiQC tables", "safe ids, escaped text")
def test_multiqc_content_has_safe_ids_and_escaped_text(run):
    back = typed_names(run, "multiqc")
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", label) for label in back)
    general = json.loads(multiqc.general_statistics(run))["data"]
    assert {back[label] for label in general} == {
        row.name for row in run.all_rows if row.role != "reference"
    }
    label = {name: label for label, name in back.items()}
    assert general["PtB"] == {
        "length_mb": 5.0, "contigs": 12, "n50_kb": 400.0, "callable_percent": 97.5
    }  # fmt: skip
    said = json.loads(multiqc.verdict(run))
    assert "&lt;b&gt;one&lt;/b&gt;" in said["description"]
    assert said["data"]["PtB"] == {
        "clone": "&lt;i&gt;fox&lt;/i&gt;", "verdict": "single_clone", "subspecies": "m",
        "panel_clone": "C1", "nearest_case": label["PtA, knee"], "snps": 0,
    }  # fmt: skip
    square = json.loads(multiqc.distances(run))
    assert square["xcats"] == [label[name] for name in names_of(run)]
    at = {name: place for place, name in enumerate(names_of(run))}
    assert square["data"][at["-n"]][at["PtB"]] is None
    assert square["data"][at["soap"]][at["PtB"]] == 2


def test_multiqc_makes_a_report_with_every_sample(run, tmp_path):
    program = VALIDATORS / "multiqc"
    need(program.exists(), "the validators are not installed (make validators)")
    folder = tmp_path / "content"
    folder.mkdir()
    for name, writer in CONTENT.items():
        (folder / name).write_text(writer(run))
    command = [program, "--strict", "--no-version-check", "-o", tmp_path / "out", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "WARNING" not in done.stderr
    data = tmp_path / "out" / "multiqc_data"
    back = typed_names(run, "multiqc")
    found = tsv((data / "multiqc_general_stats.txt").read_text())
    assert {back[row["Sample"]] for row in found} == {
        row.name for row in run.all_rows if row.role != "reference"
    }
    square = (data / "multiqc_oneclone_distances_heatmap.txt").read_text().splitlines()
    assert [len(line.split("\t")) for line in square] == [len(run.isolates)] * len(run.isolates)
    page = (tmp_path / "out" / "multiqc_report.html").read_text()
    assert "<img src=x" not in page
    assert "&lt;b&gt;one&lt;/b&gt;" in page


def test_multiqc_cuts_nothing_off_a_label():
    python = VALIDATORS / "python"
    need(python.exists(), "the validators are not installed (make validators)")
    code = (
        "import json\n"
        "from multiqc import config\n"
        "config.load_defaults()\n"
        "print(json.dumps([e if isinstance(e, str) else e['pattern'] for e in config.fn_clean_exts]"
        " + list(config.fn_clean_trim)))"
    )
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    parts = json.loads(done.stdout)
    assert len(parts) > 100
    for part in parts:
        for name in (f"Pt{part}", f"{part}Pt", f"a{part}b"):
            assert not MULTIQC.pattern.fullmatch(name) or part in {"_", "-"}, name
