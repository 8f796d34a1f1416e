"""The plan of a run: what is refused, what is quarantined, and what keys stand for."""

import os
import shutil
import time
from pathlib import Path

import pytest

from oneclone.errors import InputRefused
from oneclone.plan import load_run, prepare_run, read_settings
from oneclone.tables.checksum import file_sha256
from oneclone.tables.hash_cache import HashCache
from oneclone.tables.loci_table import COLUMNS as LOCI_COLUMNS
from tests.reliability.trials import case
from tests.unit.small_world import PANEL_YAML, SEQUENCE, WORKFLOW, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# --- refused -----------------------------------------------------------------------------------


@case(
    60, "files of isolates and panel that are not there", "refused, every one listed with its row"
)
def test_prepare_run_missing_files_of_all_rows_are_listed_at_once(world: World):
    world.table("A\tabsent.fna\tcase\tP1", "B\tb.fna\tcontext\t", "C\tGCF_000069185.1\tcontext\t")
    world.references("REF\tgone.fna\t\t\t\ttype_strain\tx")
    found = world.problems()
    assert len(found) == 3
    assert found[0].startswith("isolates.tsv row 2: assembly 'absent.fna' does not exist")
    assert "leave the cell empty for a patient without an isolate" in found[0]
    assert found[1].startswith("isolates.tsv: an accession is not fetched yet")
    assert found[1].endswith("Not fetched: row 4, GCF_000069185.1")
    assert found[2].startswith("panel/references.tsv row 2: assembly 'gone.fna' does not exist")
    assert found[2].endswith("; correct the path")


def test_prepare_run_problems_of_table_and_panel_come_together(world: World):
    world.table("A\ta.fna\tcsae\tP1")
    (world.folder / "panel" / "panel.yaml").write_text("name: x\n")
    text = "\n".join(world.problems())
    assert "'csae' is not one of" in text
    assert "'thresholds' is a required property" in text


LOCUS = "L\t\tsite\tcontig\t2\t2\t+\tT\tA\twild\tvariant\t\t\tx\t"


def test_prepare_run_one_problem_hides_no_other(world: World):
    world.table("A\tabsent.fna\tCase\tP1", "B\tgone.fna\tcase\tP2", "C\tGCF_000069185.1\tcontext\t",
                "D\ta.fna", "REF\tb\x07.fna\tcontext\t")  # fmt: skip
    panel = world.folder / "panel"
    (panel / "panel.yaml").write_text(PANEL_YAML.replace("clone_max_snps: 100", "clone_max: 100"))
    (panel / "mask.bed").write_text("contig\t9\t5\nchromosome\t0\t5\ncontig\t0\t5000\n")
    (panel / "loci.tsv").write_text("\t".join(LOCI_COLUMNS) + f"\n{LOCUS}\n")
    world.references(f"REF\tref.fna\t{'0' * 64}\t\t\ttype_strain\tx", "X\tno.fna\t\t\tC1\tclone\t")
    expected = [
        "configuration: key 'tree.seed': 0 is less than the minimum",
        "isolates.tsv row 5: 2 cells under 4 columns",
        "isolates.tsv row 2: key 'role': 'Case' is not one of",
        "isolates.tsv row 6, column 'assembly': the cell holds a control character (code 7)",
        "panel/panel.yaml: unknown key 'clone_max'; did you mean 'clone_max_snps'",
        "panel/panel.yaml: 'clone_max_snps' is a required property",
        "panel/references.tsv row 3: column 'citation' is empty",
        "isolates.tsv row 6: isolate 'REF' bears the name of a reference of the panel",
        "isolates.tsv row 2: assembly 'absent.fna' does not exist",
        "isolates.tsv row 3: assembly 'gone.fna' does not exist",
        "isolates.tsv: an accession is not fetched yet",
        "panel/references.tsv row 2: assembly 'ref.fna': its sha256 is",
        "panel/references.tsv row 3: assembly 'no.fna' does not exist",
        "panel/mask.bed line 1: region 9-5 holds no base",
        "panel/mask.bed line 3: region 0-5000 does not lie inside contig 'contig' of 1600 bases",
        "panel/loci.tsv row 2: reference_allele 'T', but the reference has 'C' at contig:2",
    ]
    found = world.problems(tree={"seed": 0})
    assert [text[: len(start)] for text, start in zip(found, expected, strict=True)] == expected
    world.references("REF\tref.fna\t\t\t\ttype_strain\tx")  # all are here: no contig is unknown
    assert "mask.bed line 2: contig 'chromosome' is in no reference" in "\n".join(world.problems())


def test_prepare_run_bad_settings_do_not_hide_thresholds_that_do_not_fit_the_panel(world: World):
    one, two = world.problems(tree={"seed": 0}, thresholds={"linked": 31})
    assert "'tree.seed'" in one
    assert "thresholds linked 31, possible 30, unlinked 38 are not in ascending order" in two


def test_prepare_run_configuration_without_paths_is_refused_as_such(world: World):
    with pytest.raises(InputRefused) as caught:
        prepare_run({"isolates": 5}, world.folder, WORKFLOW)
    missing, wrong = caught.value.problems
    assert missing.startswith("configuration: 'panel' is a required property.")
    assert wrong.startswith("configuration: key 'isolates': 5 is not of type 'string'. Path of the")


def test_prepare_run_key_that_stands_twice_in_a_configuration_file_is_refused(world: World):
    file, other = world.folder / "my.yaml", world.folder / "my.json"
    file.write_text(
        "thresholds: {linked: 5}\ntree:\n  seed: 1\n  seed: 2\nthresholds:\n  linked: 9\n"
    )
    other.write_text('{"panel": "p",\n"panel": "q"}')
    settings = {"isolates": "isolates.tsv", "panel": "panel"}
    with pytest.raises(InputRefused) as caught:
        prepare_run(settings, world.folder, WORKFLOW, [file, other])
    assert caught.value.problems == (
        f"{file} line 4: key 'tree.seed' stands in line 3 already; keep one",
        f"{file} line 5: key 'thresholds' stands in line 1 already; keep one",
        f"{other} line 2: key 'panel' stands in line 1 already; keep one",
    )


def test_prepare_run_one_assembly_for_two_references_is_refused(world: World):
    first = "REF\tref.fna\t\t\tC1\ttype_strain\tx"
    (world.folder / "panel" / "copy.fna").write_text(f">other\n{SEQUENCE.lower()}\n")
    world.references(first, "X\tcopy.fna\t\t\tC2\tclone\tx")
    (found,) = world.problems()
    assert found == (
        "panel/references.tsv rows 2, 3: references 'REF' (clone 'C1') and 'X' (clone 'C2') are "
        "one assembly, which cannot stand for two clones; correct a cell or drop a row"
    )
    world.references(first, "X\tref.fna\t\t\tC1\tclone\tx")
    (found,) = world.problems()
    assert "are one assembly, which would count twice; correct a cell or drop a row" in found
    world.fasta("panel/copy.fna", SEQUENCE[3:])
    world.references(first, "X\tcopy.fna\t\t\tC2\tclone\tx")
    world.plan()


def test_prepare_run_a_type_strain_may_have_a_second_row_as_its_clone(world: World):
    world.references("REF\tref.fna\t\t\t\ttype_strain\tx", "X\tref.fna\t\t\tC1\tclone\tx")
    world.plan()


def test_prepare_run_bounds_that_shrank_since_the_last_run_are_told_with_the_rest(world: World):
    (world.folder / "panel/loci.tsv").write_text("\t".join(LOCI_COLUMNS) + f"\n{LOCUS}\n")
    assert "reference_allele 'T', but the reference has 'C'" in world.problems()[0]
    (world.folder / "panel/panel.yaml").write_text(PANEL_YAML.replace("1000, 3000", "100, 400"))
    found = "\n".join(world.problems())
    assert "key 'genome_length_bp.1': 400 is less than the minimum of 1000" in found
    assert "'REF' has 1600 bases, outside the panel's 100 to 400" in found
    assert "row 2: assembly 'ref.fna': more than 1200 bases" in found


def test_prepare_run_refusal_writes_no_plan_and_keeps_the_old_one(world: World):
    world.plan()
    before = {p: p.read_bytes() for p in (world.folder / ".oneclone" / "plan").iterdir()}
    world.table("A\tabsent.fna\tcase\tP1")
    world.problems()
    assert {p: p.read_bytes() for p in before} == before


def test_prepare_run_isolate_with_the_name_of_a_reference_is_refused(world: World):
    world.table("REF\ta.fna\tcase\tP1")
    (found,) = world.problems()
    assert "row 2: isolate 'REF' bears the name of a reference of the panel" in found


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("ACGT" * 10, "'REF' has 40 bases, outside the panel's 1000 to 3000"),
        ("MKVLF" * 300, "holds the letters 'FL': protein, not DNA"),
    ],
)
@case(
    60,
    "a panel reference that is no assembly, or of another length",
    "refused with file, row and reason",
)
def test_prepare_run_panel_must_be_whole(world: World, sequence, expected):
    world.fasta("panel/ref.fna", sequence)
    (found,) = world.problems()
    assert found.startswith("panel/references.tsv row 2: assembly 'ref.fna'")
    assert expected in found


@case(
    60,
    "a panel reference with another checksum than the panel states",
    "refused with both checksums",
)
def test_prepare_run_panel_reference_with_another_sha256_is_refused(world: World):
    world.references(f"REF\tref.fna\t{'0' * 64}\t\t\ttype_strain\tx")
    (found,) = world.problems()
    right = file_sha256(world.folder / "panel" / "ref.fna")
    assert f"its sha256 is {right}, the panel states {'0' * 64}" in found
    world.references(f"REF\tref.fna\t{right.upper()}\t\t\ttype_strain\tx")
    world.plan()


def test_prepare_run_unknown_contig_in_the_mask_is_refused(world: World):
    mask = world.folder / "panel" / "mask.bed"
    mask.write_text("contig\t0\t10\n")
    world.plan()
    mask.write_text("chromosome\t0\t10\n")
    assert "contig 'chromosome' is in no reference of the panel" in world.problems()[0]


def test_prepare_run_half_of_the_demo_is_refused(world: World):
    demo = WORKFLOW / "tests" / "data" / "demo"
    (found,) = world.problems(isolates=str(demo / "isolates.tsv"))
    assert found == (
        "configuration: 'panel' is yours but 'isolates' is still the demo's; give your own "
        "'isolates' too, for instance --config isolates=PATH"
    )
    (found,) = world.problems(panel=str(demo / "panel"))
    assert found.startswith("configuration: 'isolates' is yours but 'panel' is still the demo's")


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"treee": {}}, "configuration: unknown key 'treee'; did you mean 'tree'?"),
        ({"tree": {"sed": 1}}, "configuration: unknown key 'tree.sed'; did you mean 'seed'?"),
        ({"tree": {"seed": 0}}, "key 'tree.seed': 0 is less than the minimum of 1. Seed of"),
        ({"core": {"min_isolates_percent": "x"}}, "key 'core.min_isolates_percent': 'x' is not"),
        ({"registry": " "}, "key 'registry': no value yet, fill it in. Path of the registry"),
        ({"registry": "panel"}, "panel: a folder; name a file in it"),
        ({"registry": "isolates.tsv"}, "isolates.tsv: file is not a database; the file is damaged"),
        ({"registry": "isolates.tsv", "tree": {"seed": 0}}, "isolates.tsv: file is not a"),
        ({"core": {"min_isolates_percent": "nan"}}, "_percent': nan is not a finite number. Least"),
        ({"robustness": {"core_levels": [90, float("inf")]}}, "levels.1': inf is not a finite"),
        ({"isolates": " "}, "key 'isolates': no value yet, fill it in. Path of the isolate table"),
        (
            {"recombination": {"family_wise_error": 0.05}},
            "0.05 is greater than the maximum of 0.01",
        ),
        (
            {"thresholds": {"linked": 31}},
            "linked 31, possible 30, unlinked 38 are not in ascending",
        ),
    ],
)
def test_prepare_run_bad_configuration_names_key_value_and_meaning(world: World, config, expected):
    assert expected in "\n".join(world.problems(**config))


def test_read_settings_numbers_as_text_of_the_command_line_are_numbers():
    config = {"isolates": "i", "panel": "p", "thresholds": {"linked": "5"}, "registry": None}
    settings = read_settings(config)
    assert settings.thresholds.linked == 5
    assert settings.thresholds.possible is None
    assert settings.registry == ""


# --- quarantined -------------------------------------------------------------------------------


@case(
    11,
    "a folder and a pipe in the plan of a run",
    "quarantined before any job starts, `not_a_file`",
)
def test_prepare_run_what_is_there_but_no_file_quarantines_its_isolate(world: World):
    (world.folder / "folder").mkdir()
    os.mkfifo(world.folder / "pipe")
    (world.folder / "broken").symlink_to(world.folder / "nowhere")
    (world.folder / "loop").symlink_to(world.folder / "loop")
    names = ("folder", "pipe", "broken", "loop")
    world.table(*(f"{name}\t{name}\tcontext\t" for name in names), "none\t\tcase\tP")
    problems = {entry.name: entry.problem for entry in world.plan().roster}
    assert problems == {
        "REF": "",
        "broken": "unreadable_file",
        "folder": "not_a_file",
        "loop": "unreadable_file",
        "none": "no_isolate",
        "pipe": "not_a_file",
    }


# --- keys and links ----------------------------------------------------------------------------


def test_calls_key_renamed_moved_and_edited_rows_keep_their_key(world: World):
    before = world.keys()
    (world.folder / "a.fna").rename(world.folder / "moved.txt")
    world.table("New name\tmoved.txt\tcontext\tP7", "B\tb.fna\tcase\tP2")
    after = world.keys()
    assert after["New name"] == before["A"]
    assert after["B"] == before["B"]


@case(
    55,
    "an assembly is replaced by one of equal size with an older date",
    "found: its calls have another name",
)
def test_calls_key_replaced_file_with_an_older_date_has_another_key(world: World):
    before = world.keys()
    path = world.folder / "a.fna"
    old = path.stat()
    other = world.fasta("other.fna", SEQUENCE[1:].replace("ACGG", "ACGA", 1))
    assert other.stat().st_size == old.st_size
    shutil.move(other, path)
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns - 10**12))
    after = world.keys()
    assert after["A"] != before["A"]
    assert after["B"] == before["B"]
    link = world.folder / ".oneclone" / "assemblies" / file_sha256(path)
    assert link.resolve() == path.resolve()


@case(
    57,
    "a setting of the calls, and settings of later steps",
    "assemblies are called again for the first alone",
)
def test_calls_key_settings_that_concern_calls_change_it_and_others_do_not(world: World):
    before = world.keys()
    assert world.keys(calling={"end_trim_bp": 50})["A"] != before["A"]
    assert world.keys(tree={"seed": 2}) == before
    assert world.keys(thresholds={"linked": 5}) == before


def test_links_same_content_under_two_names_points_to_a_file_that_holds_it(world: World):
    world.fasta("b.fna", SEQUENCE[1:])
    assert world.keys()["A"] == world.keys()["B"]
    world.fasta("a.fna", SEQUENCE[3:])  # the link of the old content pointed here
    world.plan()
    link = world.folder / ".oneclone" / "assemblies" / file_sha256(world.folder / "b.fna")
    assert link.resolve().name == "b.fna"


def test_plan_files_are_rewritten_only_when_they_change(world: World):
    world.plan()
    before = world.stamps()
    world.plan()
    assert world.stamps() == before
    world.table("A\ta.fna\tcontext\tP9", "B\tb.fna\tcontext\t")
    world.plan()
    changed = {name for name, stamp in world.stamps().items() if stamp != before[name]}
    assert changed == {"isolates.json"}


def test_plan_row_order_does_not_matter(world: World):
    world.plan()
    before = world.stamps()
    world.table("B\tb.fna\tcontext\t", "A\ta.fna\tcase\tP1")
    world.plan()
    assert world.stamps() == before


def test_plan_look_alike_names_go_on_with_a_warning(world: World):
    world.table("Pt-A\ta.fna\tcase\tP1", "pt_a\tb.fna\tcontext\t")
    (warning,) = world.plan().warnings
    assert "'Pt-A', 'pt_a'" in warning


def test_plan_label_holds_no_character_that_a_shell_could_mean(world: World):
    world.table("$(touch x)`;'\ta.fna\tcase\tP1", "B\tb.fna\tcontext\t")
    names = list(world.plan().shown_name_of.values())
    assert names == ["??touch x????", "B", "REF"]


def test_load_run_gives_jobs_the_plan_of_the_main_process(world: World):
    config = {"isolates": "isolates.tsv", "panel": "panel"}
    made = world.plan()
    read = load_run(config, world.folder)
    assert (read.roster, read.panel, read.settings) == (made.roster, made.panel, made.settings)
    assert read.reference_key_of == made.reference_key_of


def test_hash_cache_unchanged_files_are_not_read_again(world: World):
    path = world.folder / "a.fna"
    with HashCache(world.folder / "cache.sqlite") as cache:
        digest = cache.sha256(path)
    path.chmod(0o000)
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    path.chmod(0o644)
    with HashCache(world.folder / "cache.sqlite") as cache:
        assert cache.sha256(path) == digest == file_sha256(path)


@case(
    59,
    "the clock was ahead during an earlier run",
    "its files are dated now, in their order, with a warning; what depends on dates works",
)
def test_prepare_run_corrects_dates_in_the_future_and_keeps_their_order(world: World):
    world.plan()
    results, plan = world.folder / "results", world.folder / ".oneclone/plan/isolates.json"
    results.mkdir()
    ahead = time.time_ns() + 3600 * 10**9
    files = [plan, results / "pairs.tsv", results / "ledger.tsv", results / "verdict.json"]
    for number, path in enumerate(files):
        path.touch()
        os.utime(path, ns=(ahead + min(number, 2), ahead + min(number, 2)))
    old = results / "earlier.tsv"
    old.touch()
    os.utime(old, (1, 1))
    os.utime(world.folder / "a.fna", ns=(ahead, ahead))
    world.table("A\ta.fna\tcase\tP2", "B\tb.fna\tcontext\t")
    (warning,) = world.plan().warnings
    assert warning.startswith("4 files of earlier runs were dated in the future and are dated now")
    dates = [path.stat().st_mtime_ns for path in files]
    assert dates[1] < dates[2] == dates[3] <= time.time_ns()
    assert dates[0] > dates[3]  # the plan was written anew, after them
    assert old.stat().st_mtime == 1
    assert (world.folder / "a.fna").stat().st_mtime_ns == ahead  # a file of the user
    assert world.plan().warnings == ()


# --- annotation --------------------------------------------------------------------------------


def annotated(world: World, cell: str, content: str = "") -> None:
    if content:
        (world.folder / "panel" / cell).write_text(content.replace(" ", "\t"))
    header = "reference\tassembly\tsha256\tsubspecies\tclone\tkind\tcitation\tannotation"
    row = f"REF\tref.fna\t\t\t\ttype_strain\tx\t{cell}"
    (world.folder / "panel" / "references.tsv").write_text(f"{header}\n{row}\n")


def test_prepare_run_annotation_changes_the_genes_alone_and_no_key(world: World):
    before, stamps = world.keys(), world.stamps()
    annotated(world, "ref.gff", "contig x gene 11 20 . + . ID=a;locus_tag=A1\n")
    assert world.keys() == before
    changed = {name for name, stamp in world.stamps().items() if stamp != stamps[name]}
    assert changed == {"genes.json"}
    assert '"A1"' in (world.folder / ".oneclone/plan/genes.json").read_text()


def test_prepare_run_bad_annotations_are_refused_with_row_value_and_remedy(world: World):
    annotated(world, "absent.gff")
    (found,) = world.problems()
    assert found.startswith("panel/references.tsv row 2: annotation 'absent.gff' does not exist")
    annotated(world, "ref.gff", "chr x gene 11 20 . + . ID=a\n")
    (found,) = world.problems()
    assert "row 2: annotation 'ref.gff': contig 'chr' is not in the reference" in found
    assert "give the GFF3 file of this assembly, or leave the cell empty" in found


# --- what a panel says of clones and contigs -----------------------------------------------------


def with_aliases(world: World, cell: str) -> None:
    header = "reference\tassembly\tsha256\tsubspecies\tclone\tkind\tcitation\tcontig_aliases"
    row = f"REF\tref.fna\t\t\t\ttype_strain\tx\t{cell}"
    (world.folder / "panel" / "references.tsv").write_text(f"{header}\n{row}\n")


def test_prepare_run_published_figures_reach_the_plan_and_change_no_key(world: World):
    before, stamps = world.keys(), world.stamps()
    clones, background = (
        world.folder / "panel" / name for name in ("clones.tsv", "background.tsv")
    )
    clones.write_text("clone\tin_panel\tcitation\nC9\tno\tx\n")
    background.write_text("clone\tisolates\tforeign_within_10_percent\tcitation\nC9\t7\t50\tx\n")
    plan = world.plan()
    assert world.keys() == before
    assert plan.panel_key == world.plan().panel_key
    assert {name for name, stamp in world.stamps().items() if stamp != stamps[name]} == {
        "panel.json"
    }
    loaded = load_run({"isolates": "isolates.tsv", "panel": "panel"}, world.folder).panel
    assert loaded.published_background["C9"].foreign_within == {10: 50.0}
    assert loaded.known_clones_not_compared == ("C9",)


def test_prepare_run_mask_and_annotation_may_name_a_contig_by_its_alias(world: World):
    (world.folder / "panel" / "mask.bed").write_text("NC_1.1\t0\t10\n")
    assert "contig 'NC_1.1' is in no reference" in world.problems()[0]
    with_aliases(world, "NC_1.1=contig")
    world.plan()
    assert "[\n   0,\n   10\n  ]" in (world.folder / ".oneclone/plan/mask.json").read_text()


def test_prepare_run_aliases_of_no_contig_are_refused(world: World):
    with_aliases(world, "NC_1.1=chromosome")
    (found,) = world.problems()
    assert found == (
        "panel/references.tsv row 2: contig_aliases 'NC_1.1=chromosome' names no contig of the "
        "assembly; one of the names must be that of a contig in the FASTA file"
    )
