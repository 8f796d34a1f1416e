"""What no part of the program may do: run text as code, open what it was told not to, hide what it
is made of. Seen in its source, so that a new module is held to it from its first commit."""

import ast
import functools
import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from oneclone.digests import imported_modules
from tests.documents import sbom
from tests.integration.test_conventions import ADAPTERS, PACKAGE, ROOT, RULE_FILES
from tests.reliability.trials import Part, trial

SOURCES = (*sorted(PACKAGE.rglob("*.py")), *ADAPTERS)
WORKFLOW = (ROOT / "Snakefile", *RULE_FILES)
UNSAFE_MODULES = {
    "pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "code", "codeop",
    "xml", "lxml", "telnetlib", "ftplib", "smtplib", "ctypes", "cffi",
}  # fmt: skip
UNSAFE_NAMES = {"eval", "exec", "compile", "__import__"}
UNSAFE_CALLS = {
    "os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv", "subprocess.getoutput",
    "subprocess.getstatusoutput", "yaml.load", "yaml.unsafe_load", "yaml.full_load",
    "yaml.load_all", "tempfile.mktemp", "shutil.unpack_archive",
    "importlib.import_module", "np.fromstring", "pickle.load", "pickle.loads",
}  # fmt: skip
UNSAFE_METHODS = {"extractall", "extract", "read_pickle", "to_pickle"}
PROGRAM_MODULES = {"programs.py", "workflow_run.py"}  # the only ones that start programs
ARRAY_FILES = {"np.load", "np.save", "np.savez", "np.savez_compressed"}
NETWORK_MODULES = {
    "datasets_answers.py",
    "datasets_service.py",
}  # `oneclone panel fetch`; a run downloads nothing


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def calls() -> Iterator[tuple[Path, str, ast.Call]]:
    for path in SOURCES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call):
                yield path, ast.unparse(node.func), node


def imports() -> Iterator[tuple[Path, str]]:
    for path in SOURCES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name.partition(".")[0]) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield path, node.module.partition(".")[0]


def keyword(call: ast.Call, name: str) -> str:
    return next((ast.unparse(each.value) for each in call.keywords if each.arg == name), "")


@trial(Part.PAYLOADS, "data that is code: pickle, eval, unsafe YAML, object arrays", "never read")
def test_nothing_reads_data_as_code():
    assert [(path.name, name) for path, name in imports() if name in UNSAFE_MODULES] == []
    for path, name, call in calls():
        where = f"{path.name} line {call.lineno}: {name}"
        assert name not in UNSAFE_NAMES | UNSAFE_CALLS, where
        assert name.rpartition(".")[2] not in UNSAFE_METHODS, where
        if name in ARRAY_FILES:
            assert keyword(call, "allow_pickle") == "False", where
        if name.endswith("Environment") or name == "Template":
            assert keyword(call, "autoescape") == "True", where


@trial(Part.PAYLOADS, "a name that is a shell command", "no shell is ever started")
def test_no_shell_is_started():
    starting = {path.name for path, name in imports() if name in {"subprocess", "pty"}}
    assert starting <= PROGRAM_MODULES
    for path, name, call in calls():
        assert keyword(call, "shell") in {"", "False"}, f"{path.name}: {name}"
        if name.startswith("subprocess."):  # a list of words, not one text
            assert not isinstance(call.args[0], ast.JoinedStr | ast.Constant), path.name


def test_only_the_fetcher_knows_the_network():
    asking = {path.name for path, name in imports() if name in {"requests", "urllib3", "aiohttp"}}
    assert asking == NETWORK_MODULES
    used = {
        name for _, name, _ in calls() if name.startswith(("socket.", "urllib.request", "http."))
    }
    assert used <= {"socket.gethostname"}


@trial(Part.PAYLOADS, "a name that is a path or a wildcard", "wildcards are digests alone")
def test_rules_hold_no_shell_and_no_wildcard_but_digests():
    text = "\n".join(path.read_text("utf-8") for path in WORKFLOW)
    assert not re.findall(r"^\s+(?:shell|run|notebook|wrapper):", text, re.MULTILINE)
    assert set(re.findall(r"wildcards\.(\w+)", text)) <= {"batch", "key"}
    assert 'key="[0-9a-f]{24}-[0-9a-f]{24}"' in text
    assert 'batch="[0-9a-f]{16}"' in text


def test_adapters_take_no_text_of_the_user():
    for path in ADAPTERS:
        modules = imported_modules(ast.parse(path.read_text("utf-8")))
        assert all(each.startswith("oneclone") for each in modules)


def test_sbom_is_that_of_the_pinned_packages():
    made = json.loads(sbom.SBOM.read_text("utf-8"))
    packages = [each for each in made["components"] if each["purl"].startswith("pkg:pypi/")]
    listed = {sbom.canonicalize_name(each["name"]): each["version"] for each in packages}
    assert set(listed) == sbom.required(), "run make sbom"
    assert listed == {name: version(name) for name in listed}, "run make sbom"
    pins = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().split() if "==" in line
    )
    pinned = {sbom.canonicalize_name(name): number for name, number in pins.items()}
    assert {name: pinned[name] for name in listed} == listed
    digests = [each["hashes"][0]["content"] for each in packages]
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)
    assert made["metadata"]["component"]["version"] == sbom.own_version()


def test_sbom_lists_the_vendored_scripts():
    made = json.loads(sbom.SBOM.read_text("utf-8"))
    assert made["components"][-len(sbom.vendored()) :] == sbom.vendored()
    assert sbom.DOCUMENT.read_text("utf-8") == sbom.document(made)


def test_security_policy_names_what_is_there():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    for name in re.findall(r"`((?:docs|tests|scripts|workflow)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"\]\(([\w./-]+)\)", text):
        assert (ROOT / name).exists(), name
    assert sbom.own_version().rpartition(".")[0] in text
