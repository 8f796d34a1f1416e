"""Write a simulated outbreak as a laboratory would have it: tables, panel, assemblies, truth."""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import yaml

from oneclone.model.isolates import Role
from oneclone.sequences import Codes, decode
from oneclone.simulation.lineages import CLINICS
from oneclone.simulation.model import Expected, Row
from oneclone.simulation.outbreak import SimulatedOutbreak
from oneclone.tables.atomic import replacing, write_text
from oneclone.tables.checksum import file_sha256
from oneclone.tables.delimited import write_table
from oneclone.tables.isolate_table import COLUMNS
from oneclone.tables.json_files import write_json
from oneclone.tables.panel_folder import REFERENCE_COLUMNS

LINE_BP = 80
SUFFIX = ".fna.gz"
LABORATORY = "Lab 1"
THRESHOLD_SOURCES = (
    "linked: Bryant 2013 doi:10.1016/S0140-6736(13)60632-7; possible: Gross 2022 PMC9851486; "
    "unlinked: Ruis 2021 doi:10.1038/s41564-021-00963-3"
)


def write_outbreak(folder: Path, outbreak: SimulatedOutbreak, suffix: str = SUFFIX) -> None:
    """Write a simulated outbreak.

    Parameters
    ----------
    folder
        Folder to fill: `isolates.tsv`, `isolates-later.tsv` (with the rows that arrive later),
        `asm/`, `panel/` and `truth.json`.
    outbreak
        What was simulated.
    suffix
        End of the names of assemblies: gzipped with `.gz`, plain without it. Plain files have the
        same bytes whatever library compresses here.
    """
    scenario = outbreak.scenario
    references = {row.reference for row in scenario.panel}
    for name in sorted(outbreak.drafts.keys() - references):
        write_contigs(folder / "asm" / f"{name}{suffix}", outbreak.drafts[name].contigs)
    for row in (*scenario.rows, *scenario.later):
        if row.copy_of:
            contigs = outbreak.drafts[row.copy_of].contigs
            write_contigs(folder / "asm" / f"{row.isolate}{suffix}", contigs)
    write_isolates(folder / "isolates.tsv", scenario.rows, suffix)
    patients = {row.patient for row in scenario.later}
    kept = [row for row in scenario.rows if row.patient not in patients]
    write_isolates(folder / "isolates-later.tsv", [*kept, *scenario.later], suffix)
    write_panel(folder / "panel", outbreak, suffix)
    write_json(folder / "truth.json", _truth(outbreak))


def write_contigs(path: Path, contigs: Sequence[Codes]) -> None:
    """Write contigs as FASTA, gzipped without a time stamp where the name ends in `.gz`."""
    lines: list[str] = []
    for number, contig in enumerate(contigs, start=1):
        sequence = decode(contig)
        lines.append(f">contig{number}")
        lines += [sequence[at : at + LINE_BP] for at in range(0, len(sequence), LINE_BP)]
    text = "\n".join([*lines, ""]).encode()
    with replacing(path) as temporary:
        temporary.write_bytes(gzip.compress(text, 9, mtime=0) if path.suffix == ".gz" else text)


def write_isolates(path: Path, rows: Iterable[Row], suffix: str = SUFFIX) -> None:
    """Write an isolate table; a case without sequencing run has no isolate.

    Assemblies are those of `asm/` beside the table.
    """
    table: list[tuple[str, ...]] = []
    for row in rows:
        is_case = row.role is Role.CASE
        has_isolate = bool(row.sequencing_run) or not is_case
        latitude, longitude = CLINICS.get(row.clinic, ("", ""))
        table.append(
            (
                row.isolate,
                f"asm/{row.isolate}{suffix}" if has_isolate else "",
                row.role,
                row.patient,
                row.clinic,
                row.collection_date,
                row.country,
                latitude,
                longitude,
                LABORATORY if is_case and has_isolate else "",
                row.sequencing_run,
                row.extraction_batch,
            )
        )
    write_table(path, COLUMNS, table)


def write_panel(folder: Path, outbreak: SimulatedOutbreak, suffix: str = SUFFIX) -> None:
    """Write the panel and its assemblies; thresholds are those published for M. abscessus."""
    for row in outbreak.scenario.panel:
        contigs = outbreak.drafts[row.reference].contigs
        write_contigs(folder / "asm" / f"{row.reference}{suffix}", contigs)
    write_text(
        folder / "panel.yaml", yaml.safe_dump(_panel_keys(outbreak), sort_keys=False, width=100)
    )
    rows = [
        (
            row.reference,
            f"asm/{row.reference}{suffix}",
            file_sha256(folder / "asm" / f"{row.reference}{suffix}"),
            row.subspecies,
            row.clone,
            "type_strain" if row.is_type_strain else "clone",
            "simulated",
        )
        for row in outbreak.scenario.panel
    ]
    write_table(folder / "references.tsv", REFERENCE_COLUMNS, rows)


def _panel_keys(outbreak: SimulatedOutbreak) -> dict[str, object]:
    """Return the keys of panel.yaml."""
    length = outbreak.settings.genome_bp
    return {
        "name": "simulated-mabscessus",
        "version": "1",
        "organism": f"Mycobacterium abscessus (simulated, {length // 1000} kb)",
        "genome_length_bp": [int(0.8 * length), int(1.2 * length)],
        "species_reference": next(
            row.reference for row in outbreak.scenario.panel if row.is_type_strain
        ),
        "thresholds": {
            "linked": 10,
            "possible": 30,
            "unlinked": 38,
            "citation": THRESHOLD_SOURCES,
        },
        "ani": {
            "species_percent": 95.0,
            "subspecies_percent": 98.0,
            "citation": "Yu and Wang 2025 doi:10.1128/jcm.00697-25",
        },
        "clone_max_snps": 100,
        "substitution_rate": {
            "per_site_per_year": 1.6e-07,
            "low": 8.8e-08,
            "high": 2.37e-07,
            "citation": "Ruis 2021 doi:10.1038/s41564-021-00963-3 (DCC3)",
        },
    }


def _truth(outbreak: SimulatedOutbreak) -> dict[str, object]:
    """Return what is true of the outbreak."""
    scenario = outbreak.scenario
    rows = (*scenario.rows, *scenario.later)
    return {
        "scenario": scenario.name,
        **asdict(outbreak.settings),
        "expected": _expected(scenario.expected),
        "expected_later": _expected(scenario.expected_later),
        "quarantined": {row.isolate: "too_short" for row in rows if row.kept_percent < 100},
        "imports": {name: asdict(each) for name, each in outbreak.imports.items()},
        "contigs": {name: len(draft.contigs) for name, draft in sorted(outbreak.drafts.items())},
        "pairs": [asdict(pair) for pair in outbreak.true_pairs()],
    }


def _expected(expected: Expected) -> dict[str, object]:
    """Return a right verdict as plain data."""
    return {
        **asdict(expected),
        "clones": [list(members) for members in expected.clones],
        "pairs": [asdict(pair) for pair in expected.pairs],
    }
