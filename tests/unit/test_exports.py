"""Exports for viewers: read again, every name comes back as typed."""

import base64
import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from Bio import SeqIO
from ete3 import Tree

from oneclone.errors import OnecloneError
from oneclone.exports import auspice, grapetree, itol, microreact
from oneclone.exports.colours import CATEGORIES, colours_of
from oneclone.exports.exported_run import ExportedRun, date_of_run
from oneclone.exports.files import EXPORTS
from oneclone.exports.id_map import id_map
from oneclone.exports.names import FORMATS
from oneclone.exports.traits import traits_of
from oneclone.reporting.palette import OTHER_COLOUR
from oneclone.steps.write_exports import WRITERS, export_name
from tests.conftest import REPOSITORY, need
from tests.unit.evidence_builder import Outbreak
from tests.unit.exported_run_builder import HOSTILE, exported_run, hostile_outbreak

VALIDATORS = REPOSITORY / ".venv-validators" / "bin"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> ExportedRun:
    return exported_run(hostile_outbreak(), tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def names(run) -> set[str]:
    """Return the names of the used isolates and references."""
    return {name for name, cells in run.ledger.items() if cells["state"] == "used"}


def tsv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def typed(run: ExportedRun, column: str) -> dict[str, str]:
    """Return the name as typed of every label of a format."""
    rows = [line.split("\t") for line in id_map(run).rstrip("\n").split("\n")]
    cells = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    found = {row[column]: row["isolate"] for row in cells}
    assert len(found) == len(cells)
    return found


def leaves(newick: str) -> list[str]:
    return Tree(newick, format=1).get_leaf_names()


# --- ids ---------------------------------------------------------------------------------------


def test_step_has_a_writer_for_each_file_of_the_rule():
    assert [export_name(Path(path)) for path in EXPORTS] == list(WRITERS)


@pytest.mark.parametrize("path", EXPORTS)
def test_export_is_documented(path):
    assert f"`{path.removeprefix('results/')}`" in (REPOSITORY / "docs/exports.md").read_text()


def test_id_map_has_every_row_and_leads_back_from_every_format(run):
    for names in FORMATS:
        assert sorted(typed(run, names.name).values()) == sorted(run.ledger)
    states = {line.split("\t")[0]: line.split("\t")[3] for line in id_map(run).split("\n") if line}
    assert states["quarantined <b>"] == "quarantined"


def test_names_that_a_viewer_can_hold_stay_and_a_name_like_a_row_id_is_taken_by_nobody(run):
    label = {name: label for label, name in typed(run, "microreact").items()}
    assert {name for name in HOSTILE if label[name] == name} == {
        "Pt_1.2-x", "NODE_0000001", HOSTILE[-3], HOSTILE[-2], HOSTILE[-1]
    }  # fmt: skip
    assert label["A|B"] == HOSTILE[-3] + "x"  # its row id is the name of another isolate
    assert label["a b  c"] == HOSTILE[-2] + "xx"
    auspice_label = {name: label for label, name in typed(run, "auspice").items()}
    assert auspice_label["A|B"] == "A|B"
    assert auspice_label["NODE_0000001"] != "NODE_0000001"


def test_date_is_of_the_newest_isolate_or_the_environment(run):
    assert run.date == "2022-11-01"
    assert date_of_run(run.isolates, "1700000000") == "2023-11-14"
    with pytest.raises(OnecloneError, match="SOURCE_DATE_EPOCH is 'today'"):
        date_of_run(run.isolates, "today")


def test_further_column_with_the_name_of_a_trait_is_kept_beside_it(run):
    traits = traits_of(run)
    assert traits.extra == ["my,col", "role (table)"]
    assert traits.cells["PtA, knee"]["role"] == "case"
    assert traits.cells["PtA, knee"]["role (table)"] == "own"
    assert "laboratory" not in traits.columns  # blank throughout


def test_colours_go_to_cases_first_and_the_rest_shares_a_grey(tmp_path):
    made = Outbreak().case("a", "A", clinic="z")
    for number in range(20):
        made.context(f"c{number:02}", clinic=f"clinic {number:02}")
    many = exported_run(made, tmp_path)
    colours = colours_of(many, traits_of(many), "clinic")
    assert colours["z"] == CATEGORIES[0]
    assert list(colours.values()).count(OTHER_COLOUR) == 21 - len(CATEGORIES)
    assert len(set(CATEGORIES) | {OTHER_COLOUR}) == len(CATEGORIES) + 1


# --- iTOL --------------------------------------------------------------------------------------


def annotation(text: str) -> tuple[str, dict[str, list[str]], list[list[str]]]:
    """Return kind, fields and rows of an iTOL file."""
    kind, separator, *lines = text.rstrip("\n").split("\n")
    assert separator == "SEPARATOR TAB"
    at = lines.index("DATA")
    fields = {line.split("\t")[0]: line.split("\t")[1:] for line in lines[:at]}
    return kind, fields, [line.split("\t") for line in lines[at + 1 :]]


def test_itol_tree_and_names_lead_back_to_what_was_typed(run, names):
    tips = leaves(itol.tree(run))
    kind, _, rows = annotation(itol.names(run))
    shown = dict(rows)
    assert kind == "LABELS"
    assert set(tips) == set(shown)
    assert len(tips) == len(names)
    assert {shown[tip] for tip in tips} == names
    assert not [tip for tip in tips if re.search(r"[^\w.-]", tip)]  # | means two tips there


@pytest.mark.parametrize("writer", [itol.clinics, itol.clones, itol.subspecies])
def test_itol_strip_colours_every_tip_as_its_legend_says(run, writer):
    kind, fields, rows = annotation(writer(run))
    assert kind == "DATASET_COLORSTRIP"
    legend = dict(zip(fields["LEGEND_LABELS"], fields["LEGEND_COLORS"], strict=True))
    assert len(fields["LEGEND_SHAPES"]) == len(legend)
    assert [row[0] for row in rows] == list(dict.fromkeys(row[0] for row in rows))
    assert set(leaves(itol.tree(run))) == {row[0] for row in rows}
    assert all(legend[value] == colour for _, colour, value in rows)


def test_itol_clinic_of_a_case_is_shown_and_a_blank_one_is_unknown(run):
    by_name = {typed(run, "itol")[row[0]]: row[2] for row in annotation(itol.clinics(run))[2]}
    assert by_name["PtA, knee"] == "Clinic, 1\u2028"
    assert by_name["soap"] == "unknown"


def test_itol_heatmap_has_the_distances_to_the_cases(run):
    _, fields, rows = annotation(itol.case_distances(run))
    assert fields["FIELD_LABELS"] == ["PtA, knee", "PtB"]
    by_name = {typed(run, "itol")[row[0]]: row[1:] for row in rows}
    assert by_name["soap"] == ["3", "2"]
    assert by_name["PtB"] == ["0", "0"]
    assert by_name["-n"] == ["20000", "X"]


def test_itol_marks_the_reference_of_a_clone(run):
    kind, fields, rows = annotation(itol.reference_clones(run))
    assert (kind, fields["LEGEND_LABELS"]) == ("DATASET_SYMBOL", ["C1"])
    assert [(row[0], row[1], row[6]) for row in rows] == [("CLONE-1", "3", "C1")]


# --- Microreact --------------------------------------------------------------------------------

# Of the published schema.
REQUIRED = {
    "charts", "datasets", "files", "filters", "maps", "meta", "networks", "notes", "panes",
    "slicers", "styles", "tables", "timelines", "trees", "views", "schema", "_",
}  # fmt: skip
COMPONENTS = {
    "trees": "Tree", "tables": "Table", "maps": "Map", "networks": "Network",
    "matrices": "Matrix", "timelines": "Timeline",
}  # fmt: skip


def microreact_files(project: dict) -> dict[str, str]:
    """Return the content of each embedded file."""
    found = {}
    for key, about in project["files"].items():
        head, _, content = about["blob"].partition(",")
        assert (about["id"], head) == (key, f"data:{about['format']};base64")
        raw = base64.b64decode(content, validate=True)
        assert len(raw) == about["size"]
        found[key] = raw.decode()
    return found


def tabs(node: dict) -> list[dict]:
    if node["type"] == "tab":
        return [node]
    return [tab for child in node["children"] for tab in tabs(child)]


def check_project(project: dict) -> list[dict[str, str]]:
    """Fail unless every key is there and every reference leads somewhere; return the rows."""
    assert set(project) >= REQUIRED
    files = microreact_files(project)
    (dataset,) = project["datasets"].values()
    rows = list(csv.DictReader(io.StringIO(files[dataset["file"]], newline="")))
    columns = set(rows[0])
    ids = [row[dataset["idFieldName"]] for row in rows]
    assert len(set(ids)) == len(ids)
    fields = [project["styles"][key] for key in ("coloursField", "labelsField", "shapesField")]
    panes = {}
    for section, component in COMPONENTS.items():
        for key, part in project[section].items():
            panes[key] = component
            assert part["title"]
            assert "file" not in part or part["file"] in files
            fields += [value for name, value in part.items() if name.endswith("Field")]
            fields += part.get("blocks", [])
    for table in project["tables"].values():
        assert table["dataset"] in project["datasets"]
        fields += [column["field"] for column in table["columns"]]
    assert set(fields) <= columns
    layout = project["panes"]["model"]["layout"]
    assert {tab["id"]: tab["component"] for tab in tabs(layout)} == panes
    assert len(tabs(layout)) == len(panes)
    assert sorted(leaves(files[project["trees"]["tree-1"]["file"]])) == sorted(ids)
    return rows


def test_microreact_every_reference_resolves_and_names_come_back(run, names):
    rows = check_project(json.loads(microreact.project(run)))
    assert {row["isolate"] for row in rows} == names
    assert {row["id"]: row["isolate"] for row in rows}.items() <= typed(run, "microreact").items()


def test_microreact_gives_the_known_parts_of_dates_and_places(run):
    project = json.loads(microreact.project(run))
    parts = {
        row["isolate"]: tuple(row[part] for part in ("year", "month", "day", "latitude"))
        for row in check_project(project)
    }
    assert parts["PtA, knee"] == ("2022", "", "", "32.5")
    assert parts["PtB"] == ("2022", "11", "", "0.0")
    assert parts["Pt_1.2-x"] == ("2022", "10", "18", "")
    assert project["maps"]["map-1"]["dataType"] == "geographic-coordinates"


@pytest.mark.parametrize(("country", "shown"), [("MX", ["map-1"]), ("Mexico", []), ("", [])])
def test_microreact_without_places_maps_codes_of_countries_alone(tmp_path, country, shown):
    made = Outbreak().case("a", "A", country=country).case("b", "B")
    project = json.loads(microreact.project(exported_run(made, tmp_path)))
    check_project(project)
    assert list(project["maps"]) == shown
    assert project["timelines"] == {}


def test_microreact_matrix_and_network_have_the_distances(run):
    project = json.loads(microreact.project(run))
    name = typed(run, "microreact")
    files = microreact_files(project)
    header, *rows = csv.reader(io.StringIO(files[project["matrices"]["matrix-1"]["file"]]))
    assert header[1:] == [row[0] for row in rows]
    assert header[0] not in name
    found = {
        (name[row[0]], name[other]): cell
        for row in rows
        for other, cell in zip(header[1:], row[1:], strict=True)
    }
    assert found["soap", "PtB"] == found["PtB", "soap"] == "2"
    assert found["soap", "-n"] == ""
    dot = files[project["networks"]["network-1"]["file"]]
    nodes = re.findall(r'^  "([\w.-]+)";$', dot, re.MULTILINE)
    edges = re.findall(r'^  "([\w.-]+)" -- "([\w.-]+)" \[snps="(\d+)", ', dot, re.MULTILINE)
    assert len(dot.splitlines()) == 2 + len(nodes) + len(edges)
    assert len(edges) == len(nodes) - 1
    by_names = {frozenset({name[one], name[two]}): snps for one, two, snps in edges}
    assert by_names[frozenset({"PtA, knee", "PtB"})] == "0"
    assert by_names[frozenset({"A|B", "001"})] == "7"


# --- Auspice -----------------------------------------------------------------------------------


def nodes_of(tree: dict) -> list[dict]:
    found, waiting = [], [tree]
    while waiting:
        found.append(waiting.pop())
        waiting += found[-1].get("children", [])
    return found


def test_auspice_tips_are_the_used_isolates_and_branches_are_snps(run, names):
    data = json.loads(auspice.dataset(run))
    nodes = nodes_of(data["tree"])
    assert len({node["name"] for node in nodes}) == len(nodes)
    assert not [node["name"] for node in nodes if re.search(r"\s", node["name"])]
    tips = {node["name"]: node["node_attrs"] for node in nodes if "children" not in node}
    back = typed(run, "auspice")
    assert {back[tip] for tip in tips} == names
    assert all(back[tip] == about["isolate"]["value"] for tip, about in tips.items())
    newick = Tree(run.tree.newick, format=1)
    for isolate in run.isolates:
        tip = next(tip for tip in tips if back[tip] == isolate.name)
        assert tips[tip]["div"] == pytest.approx(1000 * newick.get_distance(isolate.row_id))
    assert data["tree"]["node_attrs"]["div"] == 0
    inner = [node for node in nodes if "children" in node and node is not data["tree"]]
    assert {node["branch_attrs"]["labels"]["support"] for node in inner} == {"95"}
    assert data["meta"]["updated"] == "2022-11-01"
    assert "\\<b\\>one" in data["meta"]["description"]


def test_auspice_locates_clinics_and_isolates_without_one(run):
    data = json.loads(auspice.dataset(run))
    (resolution,) = data["meta"]["geo_resolutions"]
    used = {
        node["node_attrs"]["location"]["value"]
        for node in nodes_of(data["tree"])
        if "location" in node["node_attrs"]
    }
    assert set(resolution["demes"]) == used == {"Clinic, 1\u2028", "Clinic B"}
    assert data["meta"]["panels"] == ["tree", "map"]


def test_auspice_table_has_the_tips_and_what_was_typed(run):
    text = auspice.metadata(run)
    rows = [line.split("\t") for line in text.rstrip("\n").split("\n")]
    back = typed(run, "auspice")
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [back[row[0]] for row in rows[1:]] == [row[1] for row in rows[1:]]


def test_auspice_tree_deeper_than_python_goes_is_written(run):
    depth = 2 * sys.getrecursionlimit()
    chain = f"{'(' * depth}{run.tree.newick[:-1]}{'):0.001' * depth};"
    text = auspice.dataset(replace(run, tree=replace(run.tree, newick=chain)))
    assert text.count('"children"') == depth + len(run.isolates) - 1


def test_augur_validates_the_dataset(run, tmp_path):
    need((VALIDATORS / "augur").exists(), "augur is not installed: make validators")
    path = tmp_path / "auspice.json"
    path.write_text(auspice.dataset(run), encoding="utf-8")
    done = subprocess.run(
        [VALIDATORS / "augur", "validate", "export-v2", path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "succeeded" in done.stderr
    assert "WARNING" not in done.stderr


# --- GrapeTree ---------------------------------------------------------------------------------


def test_grapetree_values_have_nothing_that_it_trips_over(run, names):
    text = grapetree.metadata(run)
    assert not re.search("[,<>&\"'`\u2028]", text)
    rows = tsv(text)
    back = typed(run, "grapetree")
    assert {back[row["ID"]] for row in rows} == names
    changed = {back[row["ID"]]: row for row in rows}["PtA, knee"]
    assert (changed["isolate"], changed["my_col"]) == ("PtA_ knee", "a_b")
    assert changed["altered_columns"] == "isolate clinic my_col"
    assert {back[row["ID"]]: row for row in rows}["PtB"]["altered_columns"] == ""


def test_grapetree_profile_has_each_isolate_and_its_missing_bases(run, names):
    records = list(SeqIO.parse(io.StringIO("".join(grapetree.profile(run))), "fasta"))
    assert {typed(run, "grapetree")[record.id] for record in records} == names
    assert {str(record.seq) for record in records} == {"ACG-"}


def test_grapetree_tree_is_ready_and_its_links_are_the_distances(run):
    data = json.loads(grapetree.spanning_tree(run))
    back = typed(run, "grapetree")
    nodes = [back[node] for node in data["nodes"]]
    assert set(data["metadata"]) == set(data["nodes"])
    assert set(data["metadata_options"]) <= set(data["metadata"][data["nodes"][0]])
    assert len(data["links"]) == len(nodes) - 1
    for link in data["links"]:
        assert link["distance"] == run.snps(nodes[link["source"]], nodes[link["target"]])


def test_grapetree_draws_the_largest_of_several_trees(tmp_path):
    made = Outbreak().case("a", "A").case("b", "B").context("far")
    for other in ("a", "b", "TYPE-a", "TYPE-m", "CLONE-1"):
        made.snps("far", other, None)
    data = json.loads(grapetree.spanning_tree(exported_run(made, tmp_path)))
    assert "far" not in data["nodes"]
    assert (len(data["nodes"]), len(data["links"])) == (5, 4)
