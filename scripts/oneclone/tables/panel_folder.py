"""A clone panel on disk: `panel.yaml`, `references.tsv` and its optional tables."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from oneclone.errors import InputRefused, Problems
from oneclone.model.isolates import row_id
from oneclone.model.panel import (
    AniCutoffs,
    Kind,
    Panel,
    Reference,
    SubstitutionRate,
    Thresholds,
)
from oneclone.model.published import CloneRate, KnownClone, PublishedBackground
from oneclone.tables import schemas
from oneclone.tables.contig_names import Aliases, read_aliases
from oneclone.tables.delimited import Table, read_lines, read_table, repeated_names
from oneclone.tables.panel_contradictions import (
    clone_contradictions,
    name_contradictions,
    order_problems,
    reference_contradictions,
)
from oneclone.tables.published_tables import (
    BACKGROUND_FILE,
    BACKGROUND_NEEDED,
    CLONES_FILE,
    CLONES_NEEDED,
    background_problems,
    known_clone_problems,
    known_clones,
    published_background,
)

SHA256 = re.compile(r"[0-9a-fA-F]{64}")
REFERENCE_COLUMNS = (
    "reference",
    "assembly",
    "sha256",
    "subspecies",
    "clone",
    "kind",
    "citation",
)


@dataclass(frozen=True)
class PanelFolder:
    """A panel as read: its references have no sha256 of their own making yet.

    `assembly_cells`, `annotation_cells`, `contig_aliases` and `declared_sha256` follow the order
    of `panel.references`.
    """

    path: Path
    panel: Panel
    assembly_cells: tuple[str, ...]
    annotation_cells: tuple[str, ...]
    contig_aliases: tuple[Aliases, ...]
    declared_sha256: tuple[str, ...]
    row_numbers: tuple[int, ...]


def read_panel(folder: Path) -> PanelFolder:
    """Read and check a clone panel, all but the assemblies themselves.

    Raises
    ------
    InputRefused
        With every problem of `panel.yaml`, `references.tsv`, `background.tsv` and `clones.tsv`.
    """
    found = Problems()
    path = folder / "panel.yaml"
    data = found.attempt(_read_yaml, path)
    table = found.attempt(read_table, folder / "references.tsv", REFERENCE_COLUMNS)
    background = found.attempt(_optional, folder / BACKGROUND_FILE, BACKGROUND_NEEDED)
    known = found.attempt(_optional, folder / CLONES_FILE, CLONES_NEEDED)
    if data is not None:
        found.add(schemas.problems(data, schemas.load_schema("panel"), str(path)))
        found.add(order_problems(path, data))
    if table is not None:
        found.add(_reference_problems(table))
        found.add(reference_contradictions(table))
    if data is not None and table is not None:
        found.add(name_contradictions(path, data, table, known))
    found.add(background_problems(background) if background else ())
    found.add(known_clone_problems(known) if known else ())
    if table is not None:
        found.add(clone_contradictions(table, background, known))
    found.refuse()
    if data is None or table is None or background is None or known is None:
        raise found.refusal()
    panel = _panel(data, table, published_background(background), known_clones(known))
    return PanelFolder(
        path=folder,
        panel=panel,
        assembly_cells=tuple(row["assembly"].strip() for row in table.rows),
        annotation_cells=tuple(row["annotation"].strip() for row in table.rows),
        contig_aliases=tuple(read_aliases(row["contig_aliases"]) for row in table.rows),
        declared_sha256=tuple(row["sha256"].strip().lower() for row in table.rows),
        row_numbers=tuple(row.number for row in table.rows),
    )


def _optional(path: Path, required: Sequence[str]) -> Table:
    """Return an optional table of the panel, one without rows when it is absent."""
    return read_table(path, required) if path.exists() else Table(path, (), ())


def _read_yaml(path: Path) -> Mapping[str, Any]:
    """Return the keys of panel.yaml, checked or not, with the schema's defaults."""
    text = "\n".join(read_lines(path))
    try:
        data: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputRefused([f"{path}: not YAML ({' '.join(str(error).split())})"]) from error
    if not isinstance(data, dict):
        raise InputRefused([f"{path}: the file must hold keys and values, such as name: mine"])
    keys = cast("dict[str, Any]", data)
    return schemas.complete(keys, schemas.load_schema("panel"), from_text=False)


def _reference_problems(table: Table) -> list[str]:
    """Return what is wrong with single rows of the reference table and with its names."""
    found: list[str] = []
    if not table.rows:
        found.append(f"{table.path}: no reference; write one row per reference")
    kinds = [str(kind) for kind in Kind]
    for row in table.rows:
        where = f"{table.path} row {row.number}"
        found += [
            f"{where}: column '{column}' is empty; fill it in"
            for column in ("reference", "assembly", "citation")
            if not row[column].strip()
        ]
        sha256 = row["sha256"].strip()
        if sha256 and not SHA256.fullmatch(sha256):
            found.append(
                f"{where}: sha256 '{sha256}' is not 64 hexadecimal digits; correct it or leave the "
                "cell empty"
            )
        if row["kind"].strip() not in kinds:
            found.append(f"{where}: kind '{row['kind']}' is none of {', '.join(kinds)}")
        try:
            read_aliases(row["contig_aliases"])
        except ValueError as error:
            found.append(f"{where}: contig_aliases {error}; write NAME=NAME;NAME=NAME")
    return found + repeated_names(table, "reference", "names must be unique")


def _panel(
    data: Mapping[str, Any],
    table: Table,
    background: Mapping[str, PublishedBackground],
    known: tuple[KnownClone, ...],
) -> Panel:
    """Return the panel of validated data; the references' sha256 are filled in later."""
    references = tuple(
        Reference(
            row_id=row_id(row["reference"]),
            name=row["reference"],
            assembly="",
            subspecies=row["subspecies"].strip(),
            clone=row["clone"].strip(),
            kind=Kind(row["kind"].strip()),
            citation=row["citation"].strip(),
        )
        for row in table.rows
    )
    low, high = data["genome_length_bp"]
    return Panel(
        name=data["name"],
        version=data["version"],
        organism=data["organism"],
        genome_length_bp=(low, high),
        species_reference=data["species_reference"],
        thresholds=Thresholds(**data["thresholds"]),
        ani=AniCutoffs(**data["ani"]),
        clone_max_snps=data["clone_max_snps"],
        substitution_rate=SubstitutionRate(**data["substitution_rate"]),
        min_callable_percent=data["min_callable_percent"],
        max_recombinant_percent=data["max_recombinant_percent"],
        references=references,
        clone_max_snps_citation=data.get("clone_max_snps_citation", ""),
        genome_length_citation=data.get("genome_length_citation", ""),
        substitution_rates=tuple(map(_clone_rate, data.get("substitution_rates", ()))),
        known_clones=known,
        published_background=background,
    )


def _clone_rate(data: Mapping[str, Any]) -> CloneRate:
    """Return the rate of one clone; its note may be absent."""
    complete: dict[str, Any] = {"note": "", **data}
    return CloneRate(**complete)
