"""A clone panel on disk: `panel.yaml`, `references.tsv` and its optional tables."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml

from oneclone.errors import InputRefused, Problems
from oneclone.model.isolates import normal_name, row_id
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
from oneclone.tables.delimited import Table, read_table
from oneclone.tables.published_tables import (
    BACKGROUND_FILE,
    CLONES_FILE,
    name_problems,
    read_background,
    read_known_clones,
)

T = TypeVar("T")

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
    data = found.attempt(_read_panel_yaml, folder / "panel.yaml")
    table = found.attempt(_read_references, folder / "references.tsv")
    background = found.attempt(_read_if_there, read_background, folder / BACKGROUND_FILE)
    known = found.attempt(_read_if_there, read_known_clones, folder / CLONES_FILE)
    if data is None or table is None:
        raise found.refusal()
    panel = _panel(data, table, background or {}, known or ())
    found.add(_consistency_problems(folder, panel))
    found.refuse()
    return PanelFolder(
        path=folder,
        panel=panel,
        assembly_cells=tuple(row["assembly"].strip() for row in table.rows),
        annotation_cells=tuple(row["annotation"].strip() for row in table.rows),
        contig_aliases=tuple(read_aliases(row["contig_aliases"]) for row in table.rows),
        declared_sha256=tuple(row["sha256"].strip().lower() for row in table.rows),
        row_numbers=tuple(row.number for row in table.rows),
    )


def _read_if_there(read: Callable[[Path], T], path: Path) -> T | None:
    """Return what an optional file of the panel holds, `None` when it is absent."""
    return read(path) if path.exists() else None


def _read_panel_yaml(path: Path) -> Mapping[str, Any]:
    """Return the checked keys of panel.yaml with the schema's defaults."""
    schema = schemas.load_schema("panel")
    data = schemas.complete(_read_yaml(path), schema)
    if found := schemas.problems(data, schema, str(path)):
        raise InputRefused(found)
    return data


def _read_references(path: Path) -> Table:
    """Return the checked rows of references.tsv."""
    table = read_table(path, REFERENCE_COLUMNS)
    if found := _reference_problems(table):
        raise InputRefused(found)
    return table


def _read_yaml(path: Path) -> Mapping[str, Any]:
    """Return the mapping of a YAML file."""
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputRefused(
            [f"{path}: cannot be read ({error.strerror}); check the path"]
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputRefused([f"{path}: not YAML ({' '.join(str(error).split())})"]) from error
    if not isinstance(data, dict):
        raise InputRefused([f"{path}: the file must hold keys and values"])
    return cast("dict[str, Any]", data)


def _reference_problems(table: Table) -> list[str]:
    """Return what is wrong with single rows of the reference table and with its names."""
    found: list[str] = []
    if not table.rows:
        found.append(f"{table.path}: no reference; write one row per reference")
    kinds = [str(kind) for kind in Kind]
    for row in table.rows:
        where = f"{table.path} row {row.number}"
        found += [
            f"{where}: column '{column}' is empty"
            for column in ("reference", "assembly", "citation")
            if not row[column].strip()
        ]
        if row["kind"].strip() not in kinds:
            found.append(f"{where}: kind '{row['kind']}' is none of {', '.join(kinds)}")
        try:
            read_aliases(row["contig_aliases"])
        except ValueError as error:
            found.append(f"{where}: contig_aliases {error}; write NAME=NAME;NAME=NAME")
    names = Counter(normal_name(row["reference"]) for row in table.rows)
    found += [
        f"{table.path}: reference '{name}' appears {count} times; names must be unique"
        for name, count in sorted(names.items())
        if count > 1
    ]
    return found


def _consistency_problems(folder: Path, panel: Panel) -> list[str]:
    """Return where panel.yaml and references.tsv contradict each other or themselves."""
    yaml_path, table_path = folder / "panel.yaml", folder / "references.tsv"
    found: list[str] = []
    if panel.species_reference not in {ref.name for ref in panel.references}:
        found.append(
            f"{yaml_path}: species_reference '{panel.species_reference}' is no reference of "
            f"{table_path.name}"
        )
    strains = Counter(ref.subspecies for ref in panel.references if ref.kind is Kind.TYPE_STRAIN)
    found += [
        f"{table_path}: subspecies '{subspecies}' has {strains[subspecies]} rows of kind "
        "type_strain; it needs exactly one"
        for subspecies in sorted({ref.subspecies for ref in panel.references} - {""})
        if strains[subspecies] != 1
    ]
    found += [
        f"{table_path}: clone reference '{ref.name}' names no clone"
        for ref in panel.references
        if ref.kind is Kind.CLONE and not ref.clone
    ]
    found += _order_problems(yaml_path, panel)
    subspecies = {ref.clone: ref.subspecies for ref in panel.references if ref.clone}
    known = {*subspecies, *(clone.name for clone in panel.known_clones)}
    found += [
        f"{yaml_path}: substitution_rates names the clone '{rate.clone}', which is neither in "
        f"{table_path.name} nor in {CLONES_FILE}"
        for rate in panel.substitution_rates
        if rate.clone not in known
    ]
    found += name_problems(folder, subspecies, panel.published_background, panel.known_clones)
    return found


def _order_problems(where: Path, panel: Panel) -> list[str]:
    """Return which ascending numbers of panel.yaml do not ascend."""
    cut, rate = panel.thresholds, panel.substitution_rate
    ascending: Sequence[tuple[str, Sequence[float]]] = (
        ("genome_length_bp", panel.genome_length_bp),
        ("thresholds linked, possible, unlinked", (cut.linked, cut.possible, cut.unlinked)),
        ("ani species_percent, subspecies_percent", _ani_bounds(panel.ani)),
        ("substitution_rate low, per_site_per_year, high", _rate_bounds(rate)),
        *(
            (f"substitution_rates of {each.clone} low, per_site_per_year, high", _rate_bounds(each))
            for each in panel.substitution_rates
        ),
    )
    return [
        f"{where}: {name} must ascend: {', '.join(map(str, values))}"
        for name, values in ascending
        if list(values) != sorted(values)
    ]


def _ani_bounds(ani: AniCutoffs) -> tuple[float, float]:
    """Return the ANI cut-offs from the looser to the stricter."""
    return ani.species_percent, ani.subspecies_percent


def _rate_bounds(rate: SubstitutionRate | CloneRate) -> tuple[float, float, float]:
    """Return the substitution rate between its bounds."""
    return rate.low, rate.per_site_per_year, rate.high


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
