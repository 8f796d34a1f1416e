"""The clone panel on disk."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from oneclone.errors import InputRefused
from oneclone.model.panel import with_thresholds
from oneclone.model.settings import ThresholdOverrides
from oneclone.tables.panel_folder import read_panel

PANEL = {
    "name": "test",
    "version": "1",
    "organism": "Bacterium",
    "genome_length_bp": [1000, 2000],
    "species_reference": "type A",
    "thresholds": {"linked": 10, "possible": 30, "unlinked": 38, "citation": "a study"},
    "ani": {"species_percent": 95, "subspecies_percent": 98, "citation": "a study"},
    "clone_max_snps": 500,
    "substitution_rate": {"per_site_per_year": 2e-7, "low": 1e-7, "high": 3e-7, "citation": "x"},
}
REFERENCES = (
    "type A\ta.fna\t\ta\tclone 1\ttype_strain\tx",
    "type B\tb.fna\t\tb\t\ttype_strain\tx",
    "other A\tc.fna\t\ta\tclone 2\tclone\tx",
)
HEADER = "reference\tassembly\tsha256\tsubspecies\tclone\tkind\tcitation"


def write(folder: Path, *rows: str, **changes: object) -> Path:
    panel = {key: value for key, value in {**PANEL, **changes}.items() if value is not None}
    (folder / "panel.yaml").write_text(yaml.safe_dump(panel))
    (folder / "references.tsv").write_text("\n".join([HEADER, *(rows or REFERENCES)]) + "\n")
    return folder


def problems(folder: Path) -> str:
    with pytest.raises(InputRefused) as caught:
        read_panel(folder)
    return str(caught.value)


def test_read_panel_good_panel_has_defaults_and_clones(tmp_path: Path):
    folder = read_panel(write(tmp_path))
    assert folder.panel.min_callable_percent == 80
    assert folder.panel.max_recombinant_percent == 2
    assert folder.panel.clones == ("clone 1", "clone 2")
    assert [row.assembly_cell for row in folder.files.rows] == ["a.fna", "b.fna", "c.fna"]


def test_read_panel_problems_of_both_files_come_together(tmp_path: Path):
    write(tmp_path, "x\t\t\ta\t\tsomething\t", thresholds=None, nmae="typo")
    found = problems(tmp_path)
    assert "'thresholds' is a required property" in found
    assert "panel.yaml: unknown key 'nmae'; did you mean 'name'?" in found
    assert "references.tsv row 2: column 'assembly' is empty" in found
    assert "kind 'something' is none of type_strain, clone" in found


@pytest.mark.parametrize(
    ("rows", "changes", "expected"),
    [
        ((), {"species_reference": "absent"}, "'absent' is no reference of references.tsv"),
        (REFERENCES[1:], {"species_reference": "type B"}, "'a' has 0 rows of kind type_strain"),
        (
            (*REFERENCES, "A2\td.fna\t\ta\t\ttype_strain\tx"),
            {},
            "rows 2, 5: subspecies 'a' has 2 rows of kind type_strain; it needs exactly one",
        ),
        ((*REFERENCES, "D\td.fna\t\ta\t\tclone\tx"), {}, "clone reference 'D' names no clone"),
        (
            (*REFERENCES, REFERENCES[0]),
            {},
            "references.tsv rows 2, 5: reference 'type A' appears 2 times; names must be unique",
        ),
        (
            ("type A\ta.fna\tabc\ta\t\ttype_strain\tx",),
            {},
            "references.tsv row 2: sha256 'abc' is not 64 hexadecimal digits; correct it or leave",
        ),
        ((), {"genome_length_bp": [2000, 1000]}, "genome_length_bp must ascend: 2000, 1000"),
        (
            (),
            {"thresholds": {"linked": 40, "possible": 30, "unlinked": 38, "citation": "x"}},
            "thresholds linked, possible, unlinked must ascend: 40, 30, 38",
        ),
    ],
)
def test_read_panel_contradictions_are_refused(tmp_path: Path, rows, changes, expected):
    assert expected in problems(write(tmp_path, *rows, **changes))


def test_read_panel_number_written_as_text_is_refused_with_its_key(tmp_path: Path):
    found = problems(write(tmp_path, clone_max_snps="five hundred"))
    assert "key 'clone_max_snps': 'five hundred' is not of type 'integer'" in found


def test_read_panel_one_problem_hides_no_other(tmp_path: Path):
    twin, clone = "type A\ta.fna\t\ta\t\ttype_strain\tx", "D\td.fna\t\ta\t\tclone\t"
    write(tmp_path, *REFERENCES, twin, clone, clone_max_snps=0, species_reference="absent",
          genome_length_bp=[2000, 1000], thresholds={"linked": 40, "possible": 30, "unlinked": "x"},
          substitution_rates=[{"clone": "clone 7"}])  # fmt: skip
    table(tmp_path, "background.tsv", "clone\tsubspecies\tisolates\tcitation",
          "clone 8\ta\tmany\tx", "clone 1\tb\t\tx")  # fmt: skip
    found = problems(tmp_path)
    for expected in (
        "key 'clone_max_snps': 0 is less than the minimum of 1",
        "species_reference 'absent' is no reference of references.tsv; write a name of its column",
        "genome_length_bp must ascend: 2000, 1000",
        "substitution_rates names the clone 'clone 7'",
        "rows 2, 5: reference 'type A' appears 2 times",
        "rows 2, 5: subspecies 'a' has 2 rows of kind type_strain",
        "row 6: column 'citation' is empty; fill it in",
        "row 6: clone reference 'D' names no clone; fill in the column clone",
        "background.tsv row 2: isolates 'many' is no count",
        "background.tsv row 2: clone 'clone 8' is neither in references.tsv nor in clones.tsv",
        "background.tsv row 3: clone 'clone 1' is of subspecies 'b', but of 'a' elsewhere",
    ):
        assert expected in found


def test_read_panel_number_that_yaml_reads_as_text_is_refused_with_the_right_spelling(
    tmp_path: Path,
):
    rate = {"clone": "clone 1", "per_site_per_year": "2e-7", "low": 1e-7, "high": 3e-7}
    write(tmp_path, substitution_rate={**RATE, "high": "38e-8"}, clone_max_snps="500",
          substitution_rates=[{**rate, "citation": "x"}])  # fmt: skip
    found = problems(tmp_path)
    for key, text, kind, number in (
        ("substitution_rate.high", "38e-8", "number", "3.8e-07"),
        ("substitution_rates.0.per_site_per_year", "2e-7", "number", "2.0e-07"),
        ("clone_max_snps", "500", "integer", "500"),
    ):
        remedy = f"'{text}' is not of type '{kind}' but text; write {number}, without quotes."
        assert f"panel.yaml: key '{key}': {remedy}" in found


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_read_panel_every_number_that_is_not_finite_is_refused_once(tmp_path: Path, value):
    rate = {"per_site_per_year": value, "low": 1e-7, "high": value, "citation": "x"}
    write(tmp_path, min_callable_percent=value, clone_max_snps=value, substitution_rate=rate,
          substitution_rates=[{"clone": "clone 1", **RATE, "low": value}],
          genome_length_bp=[1000, value])  # fmt: skip
    found = problems(tmp_path)
    for key in (
        "min_callable_percent",
        "clone_max_snps",
        "substitution_rate.per_site_per_year",
        "substitution_rate.high",
        "substitution_rates.0.low",
        "genome_length_bp.1",
    ):
        assert found.count(f"panel.yaml: key '{key}': {value} is not a finite number.") == 1
    write(tmp_path, min_callable_percent=str(value), max_recombinant_percent=10**400)
    found = problems(tmp_path)
    assert f"key 'min_callable_percent': '{value}' is not of type 'number'. Callable" in found
    assert "key 'max_recombinant_percent': 1000" in found


def test_read_panel_blank_text_is_no_text(tmp_path: Path):
    rate = {**RATE, "citation": "\t"}
    write(tmp_path, organism="  ", species_reference=" ", substitution_rate=rate,
          substitution_rates=[{**rate, "clone": " "}], genome_length_citation=" ")  # fmt: skip
    found = problems(tmp_path)
    for key in (
        "organism",
        "species_reference",
        "substitution_rate.citation",
        "substitution_rates.0.clone",
        "substitution_rates.0.citation",
        "genome_length_citation",
    ):
        assert f"key '{key}': no value yet, fill it in" in found


def test_read_panel_yaml_of_another_encoding_is_named_as_such(tmp_path: Path):
    write(tmp_path)
    (tmp_path / "panel.yaml").write_bytes("name: Zürich".encode("latin-1"))
    expected = "panel.yaml: not UTF-8 text (byte 7); save the file as UTF-8"
    assert expected in problems(tmp_path)


def test_read_panel_yaml_that_is_none_is_refused(tmp_path: Path):
    write(tmp_path)
    (tmp_path / "panel.yaml").write_text("name: [unclosed")
    assert "panel.yaml: not YAML" in problems(tmp_path)


def test_read_panel_missing_folder_names_both_files(tmp_path: Path):
    found = problems(tmp_path / "absent")
    assert "panel.yaml: cannot be read" in found
    assert "references.tsv: cannot be read" in found


RATE = {"per_site_per_year": 2e-7, "low": 1e-7, "high": 3e-7, "citation": "x"}


def table(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n")


def test_read_panel_two_rates_of_one_clone_are_refused(tmp_path: Path):
    write(
        tmp_path, substitution_rates=[{"clone": "clone 1", **RATE}, {"clone": "clone 1 ", **RATE}]
    )
    found = problems(tmp_path)
    assert "panel.yaml: substitution_rates names the clone 'clone 1' 2 times; keep one" in found


def test_read_panel_yaml_anchors_and_merged_keys_are_no_repetition(tmp_path: Path):
    text = yaml.safe_dump({key: PANEL[key] for key in PANEL if key != "substitution_rate"})
    rate = "{per_site_per_year: 2.0e-7, low: 1.0e-7, high: 3.0e-7, citation: x}"
    rates = "- &one {<<: *rate, clone: clone 1, high: 4.0e-7}\n- {<<: *one, clone: clone 2}"
    write(tmp_path)
    (tmp_path / "panel.yaml").write_text(
        f"{text}substitution_rate: &rate {rate}\nsubstitution_rates:\n{rates}\n"
    )
    panel = read_panel(tmp_path).panel
    assert [(rate.clone, rate.high) for rate in panel.substitution_rates] == [
        ("clone 1", 4e-7),
        ("clone 2", 4e-7),
    ]


def test_read_panel_what_was_published_about_clones_is_read(tmp_path: Path):
    write(tmp_path, substitution_rates=[{"clone": "clone 1", **RATE, "note": "weak"}])
    table(tmp_path, "background.tsv", "clone\tisolates\tpairs_within_20_percent\tcitation",
          "clone 9\t5\t40\tx")  # fmt: skip
    table(tmp_path, "clones.tsv", "clone\tin_panel\tcitation",
          "clone 9\tno\tx", "clone 2\tyes\tx", "clone 10\tno\tx")  # fmt: skip
    panel = read_panel(tmp_path).panel
    assert panel.known_clones_not_compared == ("clone 9", "clone 10")
    assert panel.published_background["clone 9"].pairs_within == {20: 40.0}
    (rate,) = panel.substitution_rates
    assert (rate.clone, rate.high, rate.note) == ("clone 1", 3e-7, "weak")


def test_read_panel_tables_that_contradict_each_other_are_refused(tmp_path: Path):
    write(tmp_path, substitution_rates=[{"clone": "clone 7", **RATE, "low": 9e-7}])
    header = "clone\tsubspecies\tisolates\tpairs_within_20_percent\tcitation"
    table(tmp_path, "background.tsv", header,
          "clone 8\ta\t5\t40\tx", "clone 1\tb\t5\t40\tx")  # fmt: skip
    table(tmp_path, "clones.tsv", "clone\tin_panel\tcitation", "clone 1\tno\tx", "clone 3\tyes\tx")
    found = problems(tmp_path)
    assert (
        "substitution_rates names the clone 'clone 7', which is neither in references.tsv" in found
    )
    assert "substitution_rates of clone 7 low, per_site_per_year, high must ascend" in found
    assert "clone 'clone 8' is neither in references.tsv nor in clones.tsv" in found
    assert "clone 'clone 1' is of subspecies 'b', but of 'a' elsewhere in the panel" in found
    assert "clone 'clone 1' says in_panel no, but references.tsv has a reference of it" in found
    assert "clone 'clone 3' says in_panel yes, but references.tsv has no reference of it" in found


def test_read_panel_problems_of_the_optional_tables_come_with_the_others(tmp_path: Path):
    write(tmp_path, clone_max_snps=0)
    table(tmp_path, "background.tsv", "clone\tisolates\tcitation", "clone 1\t\tx")
    table(tmp_path, "clones.tsv", "clone\tin_panel")
    found = problems(tmp_path)
    assert "key 'clone_max_snps'" in found
    assert "background.tsv row 2: column 'isolates' is empty" in found
    assert "clones.tsv: column 'citation' is missing" in found


def test_read_panel_empty_keys_are_named_as_missing_with_their_meaning(tmp_path: Path):
    write(tmp_path)
    text = (tmp_path / "panel.yaml").read_text()
    (tmp_path / "panel.yaml").write_text(text.replace("linked: 10", "linked:"))
    expected = (
        "key 'thresholds.linked': no value yet, fill it in. Greatest SNP distance of a linked"
    )
    assert expected in problems(tmp_path)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("NC_1.1", "contig_aliases 'NC_1.1' is not NAME=NAME"),
        ("NC_1.1=CU_1.1;=b", "contig_aliases '=b' is not NAME=NAME"),
        ("a=b;b=c", "contig_aliases 'b' stands for two contigs"),
    ],
)
def test_read_panel_bad_contig_aliases_are_refused(tmp_path: Path, cell, expected):
    write(tmp_path)
    table(tmp_path, "references.tsv", f"{HEADER}\tcontig_aliases", f"{REFERENCES[0]}\t{cell}")
    assert f"references.tsv row 2: {expected}" in problems(tmp_path)


def test_with_thresholds_overrides_keep_the_source_in_sight(tmp_path: Path):
    panel = read_panel(write(tmp_path)).panel
    changed = with_thresholds(panel, ThresholdOverrides(5, None, None))
    assert (changed.thresholds.linked, changed.thresholds.possible) == (5, 30)
    assert changed.thresholds.citation == "configuration of this run; panel: a study"
    assert with_thresholds(panel, ThresholdOverrides(None, None, None)) is panel


def test_with_thresholds_not_ascending_is_refused(tmp_path: Path):
    panel = read_panel(write(tmp_path)).panel
    with pytest.raises(InputRefused, match="linked 31, possible 30, unlinked 38"):
        with_thresholds(panel, ThresholdOverrides(31, None, None))


def test_counting_assembly_is_the_type_strain_of_a_common_subspecies_only(tmp_path: Path):
    panel = read_panel(write(tmp_path)).panel
    named = [replace(ref, assembly=f"sha of {ref.name}") for ref in panel.references]
    panel = replace(panel, references=tuple(named))
    assert panel.counting_assembly("b", "b") == "sha of type B"
    assert panel.counting_assembly("a", "a") == "sha of type A"
    assert panel.counting_assembly("a", "b") == "sha of type A"
    assert panel.counting_assembly("", "") == "sha of type A"
    assert panel.counting_assemblies == ("sha of type A", "sha of type B")
