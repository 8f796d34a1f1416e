"""What holds for the whole tree: layers, rules, versions, documents. Enforced, not remembered."""

import ast
import functools
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from oneclone.digests import imported_modules
from oneclone.model.codes import Caveat, Reason
from oneclone.model.screening import ScreenState
from oneclone.tables.panel_folder import REFERENCE_COLUMNS
from oneclone.tables.published_tables import BACKGROUND_COLUMNS, CLONE_COLUMNS
from oneclone.tables.recombination_files import BED_COLUMNS
from oneclone.tables.robustness_table import COLUMNS as ROBUSTNESS_COLUMNS
from oneclone.tables.schemas import complete, load_schema
from oneclone.tables.screen_table import COLUMNS as SCREEN_COLUMNS
from oneclone.tables.tree_files import PLACEMENT_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "scripts" / "oneclone"
ADAPTERS = sorted((ROOT / "scripts").glob("*.py"))
PAGE = ROOT / "workflow" / "resources" / "report"
RULE_FILES = sorted((ROOT / "workflow" / "rules").glob("*.smk"))
DIRECTIVES = ("input", "output", "log", "benchmark", "conda", "threads", "resources", "params")

# From the ground up; a module imports from its own layer or a lower one.
LAYERS = (
    {"__init__", "errors", "private_files", "shipped"},
    {"model", "sequences"},
    {
        "aligning", "ani", "background", "block_counts", "branch_gains", "calling", "changes",
        "choices", "clock", "clone_changes", "clone_verdict", "clone_words", "clones", "clusters",
        "coarsening", "contamination", "core", "core_sites", "core_size", "coverage", "dates",
        "distance_tree", "distances", "exclusivity", "explanations", "future_dates", "gene_indels",
        "gene_marker", "gene_sequence", "geography", "gubbins", "inheritance", "intervals",
        "joined_tree", "leak_forms", "leak_search", "linked_range", "local_bootstrap", "local_tree",
        "markers", "masking", "mixtures", "mosaic", "near_groups", "nearest_tips", "nomenclature",
        "packed_rows", "pair_counting", "pair_coverage", "panel_finding", "parsimony", "phrases",
        "phylogeny", "programs", "pseudonymised", "pseudonyms", "reading", "recombination",
        "regions", "representatives", "robustness", "run_guard", "screening", "simulation",
        "sketch_search", "spanning_tree", "split_kmers", "stacks", "statements", "stretch_screen",
        "subtyping", "suspects", "suspicion", "system_errors", "tandem", "temporal_signal",
        "time_tree", "timing", "translation", "tree_engine", "tree_in_parts", "trees", "verdict",
        "very_large_tree", "wording",
    },
    {"tables"},
    {"registry"},
    {
        "altered_files", "assembly_folder", "assembly_sources", "candidate_files",
        "datasets_answers", "datasets_service", "digests", "exports", "fetch_order",
        "fetched_files", "partial_file", "reporting", "run_crate", "run_lock", "sketch_database",
        "sketch_shard", "worker_pool", "workflow_run", "written_files",
    },
    {
        "bundled_clones", "call_batches", "comparison_words", "content_keys", "disk_space", "jobs",
        "panel_regions", "plan", "plan_checksums", "plan_files", "plan_history", "plan_input",
        "run_provenance", "run_versions", "software_differences", "steps",
    },
    {"commands", "failed_run", "run_record", "validation"},
    {
        "check_cli", "cli", "cli_errors", "panel_cli", "privacy_cli", "registry_cli", "screen_cli",
        "verify_cli",
    },
)  # fmt: skip


distributions = functools.cache(packages_distributions)


@functools.cache
def modules() -> dict[str, Path]:
    return {
        ".".join(("oneclone", *path.relative_to(PACKAGE).with_suffix("").parts)): path
        for path in sorted(PACKAGE.rglob("*.py"))
    }


@functools.cache
def parsed(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text())


def layer(module: str) -> int:
    parts = module.split(".")
    part = parts[1] if len(parts) > 1 else "__init__"
    return next(number for number, names in enumerate(LAYERS) if part in names)


@functools.cache
def rules() -> dict[str, str]:
    """Return the text of every rule by its name."""
    found = {}
    for path in RULE_FILES:
        text = path.read_text()
        starts = list(re.finditer(r"^rule (\w+):\n", text, re.MULTILINE))
        for start, end in pairwise([*starts, None]):
            found[start.group(1)] = text[start.end() : end.start() if end else len(text)]
    return found


# --- layers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", modules())
def test_imports_point_downwards_only(module):
    for imported in imported_modules(parsed(module)):
        assert layer(imported) <= layer(module), f"{module} imports {imported}"


def test_modules_of_one_layer_do_not_import_each_other_in_a_circle():
    graph = {name: imported_modules(parsed(name)) for name in modules()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"circle: {' -> '.join((*trail, name))}"
        if name not in done:
            for imported in sorted(graph.get(name, ())):
                visit(imported, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("module", modules())
def test_package_works_without_snakemake(module):
    assert "snakemake" not in {
        alias.name.split(".")[0]
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


# --- rules and adapters ------------------------------------------------------------------------


@pytest.mark.parametrize("rule", rules())
def test_rule_is_complete(rule):
    text = rules()[rule]
    assert re.match(r'    """[A-Z].+\."""\n', text), "a docstring of one sentence"
    order = [name for name in re.findall(r"^    (\w+):", text, re.MULTILINE) if name in DIRECTIVES]
    assert order == list(DIRECTIVES)
    assert f'"../../scripts/{rule}.py"' in text
    assert f'"logs/{rule}' in text
    assert f'"benchmarks/{rule}' in text
    assert f'code_of("{rule}")' in text
    assert "lambda" not in text
    assert re.search(r"^    message:\n        \"", text, re.MULTILINE)


@pytest.mark.parametrize("rule", rules())
def test_rule_takes_no_output_of_another_rule_as_ancient(rule):
    """Snakemake would not see why else a rule has to run (workflow/rules/call_isolates.smk)."""
    given = re.findall(r"ancient\((.+)\),\n", rules()[rule])
    sources = ("assembly_of", "ASSEMBLIES", "/assemblies/", "/plan/")
    assert not [each for each in given if not any(source in each for source in sources)]


def shown_results() -> list[str]:
    """Return the text of every result that Snakemake's report shows."""
    return [
        shown
        for text in rules().values()
        for shown in re.findall(r"report\((.+?\},\n\s+)\)", text, re.DOTALL)
    ]


def test_result_in_the_report_of_snakemake_has_caption_category_and_labels():
    texts = "\n".join(path.read_text() for path in RULE_FILES)
    assert len(shown_results()) == len(re.findall(r"\breport\(\n", texts)) >= 11
    captions = [re.search(r'caption="../report/(\w+).rst"', each)[1] for each in shown_results()]
    snakefile = (ROOT / "Snakefile").read_text()
    of_workflow = re.search(r'^report: "workflow/report/(\w+).rst"', snakefile, re.MULTILINE)[1]
    files = {path.stem: path.read_text() for path in (ROOT / "workflow" / "report").iterdir()}
    assert sorted(files) == sorted({*captions, of_workflow})
    for text in files.values():
        assert len(text) > 80
        assert not re.search("[{<]", text)  # Snakemake would fill in what a user wrote
    for each in shown_results():
        assert re.search(r'category="\w+",\n\s+subcategory="[\w ]+",\n', each)
        assert re.search(r'labels=\{"result": "[\w ]+", "format": "(HTML|JSON|SVG|TSV)"\}', each)


@pytest.mark.parametrize("profile", ["default", "slurm"])
def test_dates_of_scripts_run_nothing_again(profile):
    """A fresh clone renews them; `code_of` stands for the code of every rule."""
    settings = yaml.safe_load((ROOT / "profiles" / profile / "config.yaml").read_text())
    assert settings["rerun-triggers"] == ["mtime", "params", "input", "software-env"]


def test_every_rule_has_an_adapter_and_a_step_and_none_is_left_over():
    names = set(rules())
    assert {path.stem for path in ADAPTERS} == names
    helpers = {
        "__init__", "candidate_calls", "counting", "evidence", "isolate_calls", "loading",
        "local_trees", "pair_book", "pair_engine", "pair_output", "recounting",
        "screened_clones", "sorted_pairs",
    }  # fmt: skip
    assert {path.stem for path in (PACKAGE / "steps").glob("*.py")} - helpers == names


@pytest.mark.parametrize("path", ADAPTERS, ids=lambda path: path.stem)
def test_adapter_is_thin(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 25
    tree = ast.parse(text)
    assert ast.get_docstring(tree).startswith("Rule adapter: ")
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.For)]
    assert path.stem not in sys.stdlib_module_names
    assert path.stem not in distributions()


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_rule_file_says_what_it_reads_and_writes(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 150
    docstring = text.split('"""')[1]
    assert "REQUIRED INPUTS:" in docstring
    assert "OUTPUTS:" in docstring


@pytest.mark.parametrize("module", modules())
def test_module_is_short_and_its_functions_too(module):
    text = modules()[module].read_text()
    assert len(text.splitlines()) <= 300
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= 40, f"{module}.{node.name} has {lines} lines"


def test_every_package_is_installed():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {path.parent for path in PACKAGE.rglob("__init__.py")}
    packages = {".".join(("oneclone", *path.relative_to(PACKAGE).parts)) for path in folders}
    assert set(listed) == packages | {"oneclone.schemas", "oneclone.resources"}


# --- the report's page -------------------------------------------------------------------------

# Markup from text, code from text, and what differs from one reading to the next.
FORBIDDEN_IN_SCRIPTS = (
    r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|\.html\(|document\.write|createContextualFragment"
    r"|\beval\(|new Function|Math\.random|Date\.now|new Date\(\)|localStorage|fetch\(|XMLHttp"
)


@pytest.mark.parametrize(
    "path", sorted((PAGE / "scripts").glob("*.js")), ids=lambda path: path.stem
)
def test_script_of_the_report_keeps_the_rules(path):
    text = path.read_text()
    lines = text.splitlines()
    assert lines[0] == '"use strict";'
    assert len(lines) <= 300
    assert max(map(len, lines)) <= 100
    assert not re.findall(FORBIDDEN_IN_SCRIPTS, text)
    # All own scripts are one element: a name that one declares at the top would be everyone's.
    declared = re.findall(
        r"^(?:const|let|var|function|class|async function) (\w+)", text, re.MULTILINE
    )
    assert declared == (["oneclone"] if path.stem == "01_data" else [])


@pytest.mark.parametrize(
    "path", sorted((PAGE / "styles").glob("*.css")), ids=lambda path: path.stem
)
def test_style_sheet_of_the_report_is_short_and_asks_for_nothing(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 100
    assert not re.findall(r"@import|url\(|expression\(", text)


@pytest.mark.parametrize("path", sorted(PAGE.glob("*.j2")), ids=lambda path: path.name)
def test_template_of_the_report_trusts_no_text_and_asks_for_nothing(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    assert not re.findall(r"\|\s*safe\b|autoescape|\son[a-z]+=|\b(?:src|href)=\"(?!#)", text)


# --- versions ----------------------------------------------------------------------------------


def pinned(name: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {package.lower(): version for package, version in found}


def test_requirements_are_pinned_and_constraints_agree():
    names = ("requirements.txt", "requirements-dev.txt", "requirements-slurm.txt")
    for name in names:
        lines = [
            line
            for line in (ROOT / name).read_text().splitlines()
            if line.strip() and line[0] != "#"
        ]
        assert len(lines) == len(pinned(name)), "every requirement is pinned by =="
    together = {package: number for name in names for package, number in pinned(name).items()}
    constraints = pinned("constraints.txt")
    assert {name: constraints.get(name, version) for name, version in together.items()} == together
    assert len(together) == sum(len(pinned(name)) for name in names), "each stands once"


def environment(path: Path) -> dict[str, str]:
    found = {}
    for entry in yaml.safe_load(path.read_text())["dependencies"]:
        for text in entry["pip"] if isinstance(entry, dict) else [entry]:
            name, _, version = text.replace("==", "=").partition("=")
            found[name.strip().lower()] = version
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "envs").glob("*.yaml")), ids=lambda p: p.stem)
def test_environment_names_the_versions_of_the_requirements(path):
    requirements = pinned("requirements.txt")
    known = {name: v for name, v in environment(path).items() if name in requirements}
    assert known == {name: requirements[name] for name in known}
    others = set(environment(path)) - set(known)
    assert others <= {"python", "pip", "iqtree", "gubbins"}


@pytest.mark.parametrize("rule", rules())
def test_environment_of_a_rule_has_what_its_step_imports(rule):
    name = re.search(r'"../../envs/(\w+).yaml"', rules()[rule]).group(1)
    waiting, seen, needed = [f"oneclone.steps.{rule}", "oneclone.jobs"], set(), set()
    while waiting:
        module = waiting.pop()
        name_of_file = module if module in modules() else f"{module}.__init__"
        if module in seen or name_of_file not in modules():
            continue
        seen.add(module)
        tree = parsed(name_of_file)
        waiting += imported_modules(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                needed |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                needed.add(node.module.split(".")[0])
    needed -= set(sys.stdlib_module_names) | {"oneclone"}
    installed = {distributions()[each][0].lower() for each in needed}
    assert installed <= set(environment(ROOT / "envs" / f"{name}.yaml"))


# --- documents ---------------------------------------------------------------------------------


def config_keys(schema: dict, prefix: str = "") -> list[str]:
    found = []
    for key, rule in schema["properties"].items():
        assert rule.get("description"), f"{prefix}{key} has no description"
        if "properties" in rule:
            found += config_keys(rule, f"{prefix}{key}.")
        else:
            found.append(f"{prefix}{key}")
    return found


def test_config_file_shows_every_key_with_the_default_of_the_schema():
    schema = load_schema("config")
    shown = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    paths = {key: shown[key] for key in ("isolates", "panel")}
    assert shown == complete(paths, schema)


@pytest.mark.parametrize("key", config_keys(load_schema("config")))
def test_config_key_is_documented(key):
    text = (ROOT / "config" / "README.md").read_text()
    assert f"`{key}`" in text


@pytest.mark.parametrize(
    "name",
    [
        *load_schema("panel")["properties"],
        *REFERENCE_COLUMNS,
        "contig_aliases",
        *CLONE_COLUMNS,
        *(re.sub("within_[0-9]+", "within_N", column) for column in BACKGROUND_COLUMNS),
    ],
)
def test_panel_key_or_column_is_documented(name):
    assert f"`{name}`" in (ROOT / "docs" / "panels.md").read_text()


@pytest.mark.parametrize("code", [*Reason, *Caveat], ids=str)
def test_code_is_documented(code):
    assert f"`{code}`" in (ROOT / "docs" / "verdict.md").read_text()


@pytest.mark.parametrize("column", [*ROBUSTNESS_COLUMNS, *PLACEMENT_COLUMNS, *BED_COLUMNS])
def test_column_of_a_result_is_documented(column):
    assert f"`{column}`" in (ROOT / "docs" / "formats.md").read_text()


@pytest.mark.parametrize("word", [*SCREEN_COLUMNS, *ScreenState])
def test_column_or_state_of_the_screen_is_documented(word):
    assert f"`{word}`" in (ROOT / "docs" / "screening.md").read_text()


def test_readme_names_the_commands_of_the_contract():
    text = (ROOT / "README.md").read_text()
    for command in (
        "make demo",
        "make test",
        "snakemake --cores",
        "--configfile my.yaml",
        "--sdm conda",
        "--profile profiles/slurm",
        "oneclone --help",
    ):
        assert command in text


def test_snakemake_lint_and_format_are_clean():
    for command in (
        [sys.executable, "-m", "snakemake", "--lint"],
        [sys.executable, "-m", "snakefmt", "--check", "Snakefile", "workflow"],
    ):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
