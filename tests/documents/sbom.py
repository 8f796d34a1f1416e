"""Write sbom.cdx.json, the bill of materials (CycloneDX 1.6), and docs/dependencies.md from it.

`make sbom` runs it: `python -m tests.documents.sbom ENVIRONMENT.json REPORT.json`, the first by
cyclonedx-py from the environment, the second by `pip install --report`, which knows the checksum
of each file that pip would install (for Python 3.11 on Linux, x86-64). What only developers need
is left out; the JavaScript that reports carry is added from vendored.json.
"""

import json
import re
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
SBOM = ROOT / "sbom.cdx.json"
DOCUMENT = ROOT / "docs" / "dependencies.md"
VENDORED = ROOT / "workflow" / "resources" / "report" / "vendor" / "vendored.json"
ROOT_REF = "oneclone"
KEPT = ("type", "bom-ref", "name", "version", "purl", "licenses")
HEADER = """# Dependencies

What a run needs and what a report carries, with licences as the packages declare them. Written by
`make sbom` from [sbom.cdx.json](../sbom.cdx.json) (CycloneDX 1.6: checksums, package URLs).

| Package | Version | Licence |
|---|---|---|
"""


def main(environment: Path, report: Path) -> None:
    """Write both."""
    made = bill(json.loads(environment.read_text("utf-8")), json.loads(report.read_text("utf-8")))
    SBOM.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")
    DOCUMENT.write_text(document(made), "utf-8", newline="\n")


def bill(found: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
    """Return the bill of a run: fewer components than the environment has, and checksums."""
    hashes = {
        canonicalize_name(each["metadata"]["name"]): each["download_info"]["archive_info"]["hashes"]
        for each in report["install"]
    }
    wanted = required()
    packages = []
    for component in found["components"]:
        name = canonicalize_name(component["name"])
        if name not in wanted:
            continue
        kept = {key: component[key] for key in KEPT if key in component}
        kept["bom-ref"] = f"{name}@{component['version']}"
        kept["hashes"] = [{"alg": "SHA-256", "content": hashes[name]["sha256"]}]
        packages.append(kept)
    packages.sort(key=lambda each: each["bom-ref"])
    refs = {canonicalize_name(each["name"]): each["bom-ref"] for each in packages}
    scripts = vendored()
    root = found["metadata"]["component"]
    edges = {ROOT_REF: [refs[name] for name in direct()] + [each["bom-ref"] for each in scripts]}
    edges |= {refs[name]: [refs[each] for each in requirements_of(name)] for name in refs}
    return {
        "$schema": found["$schema"],
        "bomFormat": found["bomFormat"],
        "specVersion": found["specVersion"],
        "version": 1,
        "metadata": {
            "component": {**root, "bom-ref": ROOT_REF, "version": own_version()},
            "tools": {
                "components": [
                    {key: each[key] for key in ("type", "name", "version")}
                    for each in found["metadata"]["tools"]["components"]
                ]
            },
        },
        "components": [*packages, *scripts],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(edges[ref])} for ref in sorted(edges) if edges[ref]
        ],
    }


def direct() -> list[str]:
    """Return the packages of requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    texts = (line.partition("#")[0].strip() for line in lines)
    return sorted(canonicalize_name(Requirement(text).name) for text in texts if text)


def required() -> set[str]:
    """Return what requirements.txt brings along, as the installed packages say."""
    found: set[str] = set()
    waiting = direct()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += requirements_of(name)
    return found


def requirements_of(name: str) -> list[str]:
    """Return what a package needs here, its extras left out."""
    needed = (Requirement(text) for text in distribution(name).requires or ())
    return sorted(
        {
            canonicalize_name(each.name)
            for each in needed
            if each.marker is None or each.marker.evaluate({"extra": ""})
        }
    )


def vendored() -> list[dict[str, Any]]:
    """Return the JavaScript that reports carry, one component for each package."""
    return [
        {
            "type": "library",
            "bom-ref": f"npm:{each['package']}@{each['version']}",
            "name": each["package"],
            "version": each["version"],
            "purl": f"pkg:npm/{each['package']}@{each['version']}",
            "licenses": [{"license": {"name": each["licence"]}}],
            "components": [
                {
                    "type": "file",
                    "bom-ref": f"file:{name}",
                    "name": name,
                    "hashes": [{"alg": "SHA-256", "content": sha256}],
                }
                for name, sha256 in sorted(each["files"].items())
            ],
        }
        for each in json.loads(VENDORED.read_text("utf-8"))
    ]


def own_version() -> str:
    """Return the version of oneclone."""
    text = (ROOT / "scripts" / "oneclone" / "__init__.py").read_text("utf-8")
    return re.search(r'__version__ = "([^"]+)"', text).group(1)


def document(made: dict[str, Any]) -> str:
    """Return the overview of licences."""
    rows = [
        f"| {each['name']} | {each['version']} | {licence(each)} |\n" for each in made["components"]
    ]
    return HEADER + "".join(rows)


def licence(component: dict[str, Any]) -> str:
    """Return what a component declares as its licence."""
    found = []
    for each in component.get("licenses", ()):
        stated = each.get("license", {})
        found.append(each.get("expression") or stated.get("id") or stated.get("name", ""))
    lines = (text.splitlines()[0].removeprefix("License :: ") for text in found if text)
    texts = dict.fromkeys(line.removeprefix("OSI Approved :: ")[:80] for line in lines)
    return "; ".join(texts) or "not declared in its metadata"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
