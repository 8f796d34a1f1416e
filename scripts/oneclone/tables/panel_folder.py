"""A clone panel on disk: `panel.yaml`, `references.tsv` and its optional tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

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
from oneclone.tables.contig_names import read_aliases
from oneclone.tables.delimited import Table, parse_table, read_table, repeated_names
from oneclone.tables.limits import MAX_TABLE_BYTES
from oneclone.tables.panel_contradictions import (
    clone_contradictions,
    name_contradictions,
    order_problems,
    rate_contradictions,
    reference_contradictions,
)
from oneclone.tables.panel_files import SHA256, PanelFiles, panel_files
from oneclone.tables.paths import is_there
from oneclone.tables.plain_text import control_problems
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
from oneclone.tables.yaml_file import read_yaml

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

    The rows of `files` follow the order of `panel.references`.
    """

    panel: Panel
    files: PanelFiles


def read_panel(folder: Path) -> PanelFolder:
    """Read and check a clone panel, all but the assemblies themselves.

    Raises
    ------
    InputRefused
        With every problem of `panel.yaml`, `references.tsv`, `background.tsv` and `clones.tsv`.
    """
    problems = Problems()
    panel, files = examine_panel(folder, problems)
    if panel is None:
        raise problems.refusal()
    return PanelFolder(panel, files)


def examine_panel(folder: Path, problems: Problems) -> tuple[Panel | None, PanelFiles]:
    """Return a clone panel, `None` when it is not sound, and what is known of its files anyway.

    Parameters
    ----------
    folder
        The panel.
    problems
        Receives every problem of `panel.yaml`, `references.tsv`, `background.tsv` and
        `clones.tsv`.
    """
    found = Problems()
    read = _read_files(folder, found)
    files = panel_files(folder, read.keys or {}, read.references, complete=read.complete)
    panel = problems.attempt(_checked, folder, read, found)
    return panel, files


@dataclass(frozen=True)
class _Read:
    """The files of a panel as typed, `None` where one cannot be read.

    `complete` tells whether every row of `references.tsv` could be read.
    """

    keys: Mapping[str, Any] | None
    references: Table | None
    complete: bool
    background: Table | None
    known: Table | None


def _read_files(folder: Path, found: Problems) -> _Read:
    """Return what can be read of a panel's files; what cannot is a problem."""
    keys = found.attempt(_read_keys, folder / "panel.yaml", found)
    parsed = found.attempt(
        parse_table, folder / "references.tsv", REFERENCE_COLUMNS, MAX_TABLE_BYTES
    )
    references, short = parsed or (None, [])
    found.add(short)
    return _Read(
        keys=keys,
        references=references,
        complete=references is not None and not short,
        background=found.attempt(_optional, folder / BACKGROUND_FILE, BACKGROUND_NEEDED),
        known=found.attempt(_optional, folder / CLONES_FILE, CLONES_NEEDED),
    )


def _checked(folder: Path, read: _Read, found: Problems) -> Panel:
    """Return the panel in files that were read; a problem in one of them hides none in another.

    Raises
    ------
    InputRefused
        With every problem, those already found first.
    """
    path, data, background, known = folder / "panel.yaml", read.keys, read.background, read.known
    if data is not None:
        found.add(schemas.problems(data, schemas.load_schema("panel"), str(path)))
        found.add(order_problems(path, data))
        found.add(rate_contradictions(path, data))
    found.add(_reference_problems(read.references) if read.references else ())
    # What rows say together is only told where none of them is missing.
    table = read.references if read.complete else None
    if table is not None:
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
    return _panel(data, table, published_background(background), known_clones(known))


def _optional(path: Path, required: Sequence[str]) -> Table:
    """Return an optional table of the panel, one without rows when it is absent."""
    return read_table(path, required, MAX_TABLE_BYTES) if is_there(path) else Table(path, (), ())


def _read_keys(path: Path, found: Problems) -> Mapping[str, Any]:
    """Return the keys of panel.yaml, checked or not, with the schema's defaults.

    Raises
    ------
    InputRefused
        If the file cannot be read or holds no keys.
    """
    data, repeated = read_yaml(path)
    if not isinstance(data, dict):
        raise InputRefused([f"{path}: the file must hold keys and values, such as name: mine"])
    found.add(repeated)
    keys = cast("dict[str, Any]", data)
    return schemas.complete(keys, schemas.load_schema("panel"), from_text=False)


def _reference_problems(table: Table) -> list[str]:
    """Return what is wrong with single rows of the reference table and with its names."""
    found = control_problems(table)
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
