"""Command panel new: start a clone panel from some reference assemblies.

What can be read from the files is filled in: names, checksums, lengths. What only a person can
know (thresholds, cut-offs, rates, kinds, every citation) stays empty, so that a check of the panel
names it as missing.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from oneclone.commands.compare_assemblies import MAX_BASES
from oneclone.errors import AssemblyRejected, InputRefused
from oneclone.model.isolates import normal_name
from oneclone.sequences import statistics
from oneclone.tables.atomic import write_text
from oneclone.tables.delimited import write_table
from oneclone.tables.fasta import assembly_name, read_assembly
from oneclone.tables.fetched_table import accession_problem
from oneclone.tables.isolate_table import ACCESSION
from oneclone.tables.loci_table import COLUMNS as LOCUS_COLUMNS
from oneclone.tables.panel_folder import REFERENCE_COLUMNS
from oneclone.tables.published_tables import (
    BACKGROUND_COLUMNS,
    BACKGROUND_FILE,
    CLONE_COLUMNS,
    CLONES_FILE,
)

COPIES = "references"  # `assemblies` is where fetched ones go
EMPTY_TABLES: Mapping[str, Sequence[str]] = {
    BACKGROUND_FILE: BACKGROUND_COLUMNS,
    CLONES_FILE: CLONE_COLUMNS,
    "loci.tsv": LOCUS_COLUMNS,
}
MASK = (
    "# Regions that count for no isolate: contig, start, end (0-based, half-open), and in column 4 "
    "what it is and its source.\n"
)
PANEL = """\
# Clone panel. Every empty key must be filled in; docs/panels.md of oneclone explains each.
name: {name}
version: "1"   # raise it with every change of a table or key
organism: {organism}

# Least and greatest length of an assembly, in bases, for instance [2700000, 3300000].
# The assemblies given:
{lengths}
genome_length_bp:
# genome_length_citation: what the bounds rest on

# Counts pairs of two subspecies, and all pairs when there are none.
species_reference: {reference}

# SNP distances, with the studies they come from: linked, possible, unlinked.
thresholds:
  linked:
  possible:
  unlinked:
  citation:

# Least average nucleotide identity in per cent: inside the species, and to the type strain of a
# subspecies.
ani:
  species_percent:
  subspecies_percent:
  citation:

# Greatest SNP distance to a reference of the same clone.
clone_max_snps:
# clone_max_snps_citation: what it rests on

# Substitutions per site and year with an interval; write 1.6e-7 with a decimal point.
substitution_rate:
  per_site_per_year:
  low:
  high:
  citation:

# Of the unmasked reference; a pair with less is not assessable.
# min_callable_percent: 80
# Of a pair's callable bases; with more removed, the filtered count may not decide.
# max_recombinant_percent: 2
"""
README = """\
# Clone panel of {organism}

Started by `oneclone panel new`. Next steps; docs/panels.md of oneclone explains each of them.

1. `panel.yaml`: fill in every empty key, each with the study it comes from.
2. `references.tsv`: give each row its `subspecies` (or lineage; empty when the species has none),
   `clone`, `citation` and `kind`: `type_strain` for exactly one reference of each subspecies,
   `clone` for the others.
3. Optional, delete what you do not need: `mask.bed` (regions that count for no isolate),
   `background.tsv` (published closeness of clones), `clones.tsv` (clones that were described),
   `loci.tsv` (marker loci, such as resistance loci).
4. `oneclone panel check {folder}` lists what is still missing or wrong; with `--distances` also
   whether clones can be told apart.
5. `snakemake --cores 2 --config isolates=my/isolates.tsv panel={folder}`
6. Say here where every number comes from, and what is not in the panel.
"""


@dataclass(frozen=True)
class _Start:
    """A reference to start with; an accession has no file and no checksum yet."""

    name: str
    cell: str
    path: Path | None
    sha256: str
    description: str


def new_panel(folder: Path, organism: str, given: Sequence[str], *, refer: bool = False) -> None:
    """Start a clone panel in an absent or empty folder.

    Parameters
    ----------
    folder
        Folder to fill.
    organism
        Scientific name of the species.
    given
        FASTA files or accessions; the first one becomes the species reference.
    refer
        Whether to name the files where they are instead of copying them.

    Raises
    ------
    InputRefused
        If the folder holds something, and with every file that is no assembly, every accession
        that is not whole and every name that two files share.
    """
    problems: list[str] = []
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problems.append(f"{folder}: is not an empty folder; choose another")
    if not organism.strip():
        problems.append("organism is empty; give the scientific name of the species")
    starts: list[_Start] = []
    for each in given:
        problem = accession_problem(each)
        if problem and (ACCESSION.fullmatch(each) or not Path(each).exists()):
            problems.append(f"reference '{each}' {problem}")
            continue
        try:
            starts.append(_start(each, refer=refer))
        except AssemblyRejected as rejected:
            problems.append(f"{Path(each).absolute()}: {rejected.detail}")
    problems += _shared_names(starts)
    if problems:
        raise InputRefused(problems)
    _write(folder, organism.strip(), starts)


def _start(given: str, *, refer: bool) -> _Start:
    """Return a reference to start with."""
    if ACCESSION.fullmatch(given):
        return _Start(given, given, None, "", "not fetched yet")
    path = Path(given).absolute()
    assembly = read_assembly(path, MAX_BASES)
    figures = statistics(assembly.contigs)
    cell = str(path) if refer else f"{COPIES}/{path.name}"
    return _Start(
        name=assembly_name(path),
        cell=cell,
        path=None if refer else path,
        sha256=assembly.sha256,
        description=f"{figures.length_bp} bp in {figures.contigs} contig(s)",
    )


def _shared_names(starts: Sequence[_Start]) -> list[str]:
    """Return which names or file names two references share."""
    found: list[str] = []
    for what, names in (
        ("reference", [normal_name(start.name) for start in starts]),
        ("file", [start.cell for start in starts]),
    ):
        found += [
            f"{what} '{name}' is given {names.count(name)} times; rename a file or drop one"
            for name in sorted(set(names))
            if names.count(name) > 1
        ]
    return found


def _write(folder: Path, organism: str, starts: Sequence[_Start]) -> None:
    """Write the panel; `panel.yaml` comes last, so that an interrupted start is no panel."""
    (folder / COPIES if any(start.path for start in starts) else folder).mkdir(
        parents=True, exist_ok=True
    )
    for start in starts:
        if start.path:
            shutil.copyfile(start.path, folder / start.cell)
    for name, columns in EMPTY_TABLES.items():
        write_table(folder / name, columns, [])
    write_text(folder / "mask.bed", MASK)
    write_table(
        folder / "references.tsv",
        REFERENCE_COLUMNS,
        [
            {"reference": start.name, "assembly": start.cell, "sha256": start.sha256}
            for start in starts
        ],
    )
    write_text(folder / "README.md", README.format(organism=organism, folder=folder))
    write_text(
        folder / "panel.yaml",
        PANEL.format(
            name=_scalar(folder.absolute().name),
            organism=_scalar(organism),
            reference=_scalar(starts[0].name),
            lengths="\n".join(f"# {_comment(start)}" for start in starts),
        ),
    )


def _scalar(text: str) -> str:
    """Return text as a YAML value on one line, quoted where it must be.

    Examples
    --------
    >>> _scalar("Listeria monocytogenes"), _scalar("no"), _scalar("a: b")
    ('Listeria monocytogenes', "'no'", "'a: b'")
    """
    dumped = yaml.safe_dump(text, allow_unicode=True, width=10_000)
    return dumped.removesuffix("\n").removesuffix("\n...")


def _comment(start: _Start) -> str:
    """Return what is known of an assembly, on one line."""
    return f"{' '.join(start.name.split())}: {start.description}"
