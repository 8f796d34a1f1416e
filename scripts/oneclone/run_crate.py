"""A finished run as a Workflow Run RO-Crate: what was run, with what, from what, to what.

The crate is the folder `results/provenance/`. What lies elsewhere, results and inputs, is named by
its content (RFC 6920, `ni:///sha-256;...`), so that the crate is true wherever they are moved, and
holds no path but those that a user typed into the isolate table and the panel.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from oneclone.tables.json_files import leaves

METADATA = "ro-crate-metadata.json"
WORKFLOW = "Snakefile"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
CONTEXT = (
    "https://w3id.org/ro/crate/1.1/context",
    {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"},
)
FORMATS = {
    ".json": "application/json",
    ".html": "text/html",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
}
LICENSE = "Not stated: results and inputs belong to the laboratory that ran the workflow."
TYPES: dict[type, str] = {bool: "Boolean", int: "Integer", float: "Float"}
LANGUAGE: dict[str, Any] = {
    "@id": "https://w3id.org/workflowhub/workflow-ro-crate#snakemake",
    "@type": "ComputerLanguage",
    "name": "Snakemake",
    "url": {"@id": "https://snakemake.github.io"},
}
PARAMETER_PROFILE = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"
WORKFLOW_PROFILE = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"

Entity = dict[str, Any]


@dataclass(frozen=True)
class CrateFile:
    """A file of a run; `folder` says from where its name starts, `size` is empty if not known."""

    name: str
    sha256: str
    folder: str
    size: str = ""


@dataclass(frozen=True)
class CrateRun:
    """What a crate tells of a run; times are in ISO 8601."""

    started: str
    finished: str
    sentence: str
    settings: Mapping[str, Any]
    versions: Mapping[str, str]


@dataclass(frozen=True)
class CrateFiles:
    """The files of a run: the workflow's main file and others beside the metadata, and elsewhere.

    The names of those beside the metadata are their places.
    """

    workflow: CrateFile
    beside: tuple[CrateFile, ...]
    inputs: tuple[CrateFile, ...]
    results: tuple[CrateFile, ...]


def crate(run: CrateRun, files: CrateFiles) -> dict[str, Any]:
    """Return the metadata of a crate as JSON-LD."""
    settings = list(leaves(run.settings))
    values = [_value(*each) for each in settings]
    given, made = _by_content(files.inputs), _by_content(files.results)
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "Run of the workflow oneclone",
        "description": run.sentence,
        "startTime": run.started,
        "endTime": run.finished,
        "actionStatus": "http://schema.org/CompletedActionStatus",
        "instrument": _id(WORKFLOW),
        "object": [*_ids(given.values()), *_ids(values)],
        "result": _ids(made.values()),
    }
    parameters = [_parameter(*each) for each in settings]
    software = [_software(name, version) for name, version in sorted(run.versions.items())]
    workflow = {
        **_file(files.workflow, files.workflow.name),
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "oneclone",
        "version": run.versions["oneclone"],
        "license": "GPL-3.0-or-later",
        "programmingLanguage": _id(LANGUAGE["@id"]),
        "conformsTo": _id(WORKFLOW_PROFILE),
        "input": _ids(parameters),
        "softwareRequirements": _ids(software),
    }
    beside = [_file(each, each.name) for each in files.beside]
    parts = [workflow, *beside, *{**given, **made}.values()]
    about = [*_described(run, parts), action, LANGUAGE, *parameters, *software]
    return {"@context": list(CONTEXT), "@graph": [*about, *values, *parts]}


def _described(run: CrateRun, parts: Iterable[Entity]) -> list[Entity]:
    """Return the metadata file, the crate itself and the profiles that it follows."""
    about = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": _id("./"),
        "conformsTo": [_id("https://w3id.org/ro/crate/1.1"), _id([*PROFILES][-1])],
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "Run of oneclone",
        "description": "Do bacterial isolates of different clinics form a single clone? "
        f"{run.sentence}",
        "datePublished": run.finished,
        "license": LICENSE,
        "conformsTo": [_id(profile) for profile in PROFILES],
        "mainEntity": _id(WORKFLOW),
        "mentions": _id("#run"),
        "hasPart": _ids(parts),
    }
    profiles = [
        {"@id": profile, "@type": "CreativeWork", "name": name, "version": version}
        for profile, (name, version) in PROFILES.items()
    ]
    return [about, root, *profiles]


def _by_content(files: Iterable[CrateFile]) -> dict[str, Entity]:
    """Return files elsewhere by identity; those of equal content are one, with several names.

    Examples
    --------
    >>> one, two = (CrateFile(name, "0" * 64, "results/") for name in ("b.tsv", "a.tsv"))
    >>> [(each["name"], each["alternateName"]) for each in _by_content([one, two]).values()]
    [('b.tsv', ['a.tsv'])]
    """
    found: dict[str, Entity] = {}
    for file in files:
        identity = f"ni:///sha-256;{_base64(file.sha256)}"
        if identity in found:
            found[identity].setdefault("alternateName", []).append(file.name)
        else:
            found[identity] = _file(file, identity)
    return found


def _file(file: CrateFile, identity: str) -> Entity:
    """Return a file."""
    entity = {
        "@id": identity,
        "@type": "File",
        "name": file.name,
        "description": f"{file.name} in {file.folder}",
        "encodingFormat": FORMATS.get(PurePosixPath(file.name).suffix, "text/plain"),
        "sha256": file.sha256,
    }
    return {**entity, "contentSize": file.size} if file.size else entity


def _value(keys: tuple[str, ...], value: object) -> Entity:
    """Return a setting as the value of a parameter of the workflow."""
    name = ".".join(keys)
    return {
        "@id": f"#setting-{name}",
        "@type": "PropertyValue",
        "name": name,
        "value": value if isinstance(value, bool | int | float | str) else json.dumps(value),
        "exampleOfWork": _id(f"#parameter-{name}"),
    }


def _parameter(keys: tuple[str, ...], value: object) -> Entity:
    """Return the parameter of the workflow that a setting is a value of."""
    name = ".".join(keys)
    return {
        "@id": f"#parameter-{name}",
        "@type": "FormalParameter",
        "name": name,
        "additionalType": TYPES.get(type(value), "Text"),
        "conformsTo": _id(PARAMETER_PROFILE),
        "workExample": _id(f"#setting-{name}"),
    }


def _software(name: str, version: str) -> Entity:
    """Return a program or library with its version."""
    return {
        "@id": f"#software-{name}",
        "@type": "SoftwareApplication",
        "name": name,
        "softwareVersion": version,
    }


def _ids(entities: Iterable[Entity]) -> list[dict[str, str]]:
    """Return references to entities."""
    return [_id(each["@id"]) for each in entities]


def _id(identity: str) -> dict[str, str]:
    """Return a reference to an entity."""
    return {"@id": identity}


def _base64(sha256: str) -> str:
    """Return a hexadecimal digest in the alphabet of URLs, without padding.

    Examples
    --------
    >>> _base64("00" * 31 + "ff")
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP8'
    """
    return base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
