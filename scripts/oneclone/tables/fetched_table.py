"""`assemblies/fetched.tsv`: the assemblies that were fetched by accession, and their checksums.

They lie beside the table that names them, in its folder `assemblies`, as plain FASTA with the
very bytes that the archive publishes: compressed, equal content would have another sha256 on
another machine.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.tables.delimited import Row, read_table, write_table
from oneclone.tables.isolate_table import ACCESSION
from oneclone.tables.limits import MAX_TABLE_BYTES

FOLDER = "assemblies"
NAME = "fetched.tsv"
VERSIONED = re.compile(r"GC[AF]_[0-9]{9}\.[0-9]+")
MEANT_AS_ACCESSION = re.compile(r"GC[AF][ _-]?[0-9]+(\.[0-9]*)?", re.IGNORECASE)
CELLS = (
    ("accession", VERSIONED, "an accession with its version"),
    ("sha256", re.compile(r"[0-9a-f]{64}"), "64 hexadecimal digits"),
    ("md5", re.compile(r"([0-9a-f]{32})?"), "32 hexadecimal digits or empty"),
    ("bases", re.compile(r"[1-9][0-9]*"), "a number"),
    ("contigs", re.compile(r"[1-9][0-9]*"), "a number"),
)


@dataclass(frozen=True)
class FetchedAssembly:
    """One row: a fetched assembly.

    `md5` is the archive's own checksum of the file, empty when it gave none. `organism`,
    `strain` and `status` are the archive's words, empty when it gave none; a `status` other than
    `current` is a reason to look again. `source` is where the file came from, `date` the day.
    """

    accession: str
    file: str
    sha256: str
    md5: str
    bases: int
    contigs: int
    organism: str
    strain: str
    status: str
    source: str
    date: str


COLUMNS = tuple(field.name for field in fields(FetchedAssembly))


def file_name(accession: str) -> str:
    """Return the name of an accession's file in the folder of fetched assemblies.

    Examples
    --------
    >>> file_name("GCF_000069185.1")
    'GCF_000069185.1.fna'
    """
    return f"{accession}.fna"


def accession_problem(cell: str) -> str:
    """Return why a cell that is meant as an accession cannot be fetched, empty when it can.

    Examples
    --------
    >>> accession_problem("GCF_000069185.1"), accession_problem("asm/a.fna")
    ('', '')
    >>> accession_problem("GCF_000069185")
    "has no version; write it too, as in 'GCF_000069185.1', because versions differ in sequence"
    >>> accession_problem("gcf_69185.1").partition(";")[0]
    'is no assembly accession'
    """
    if VERSIONED.fullmatch(cell) or not MEANT_AS_ACCESSION.fullmatch(cell):
        return ""
    if ACCESSION.fullmatch(cell):
        return (
            f"has no version; write it too, as in '{cell}.1', because versions differ in sequence"
        )
    return (
        "is no assembly accession; write GCF_ or GCA_, nine digits and the version, as in "
        "'GCF_000069185.1', or the path of a FASTA file"
    )


def absent_problem(cell: str, path: Path, otherwise: str = "") -> str:
    """Return what to say of a cell whose file does not exist.

    Parameters
    ----------
    cell
        As written in the table.
    path
        Where the file was looked for.
    otherwise
        What else than another path the cell may hold, in words; empty when nothing.

    Examples
    --------
    >>> absent_problem("a.fna", Path("/panel/a.fna"))
    'does not exist (looked for /panel/a.fna); correct the path'
    >>> absent_problem("GCF_000069185", Path("/panel/GCF_000069185")).partition(";")[0]
    'has no version'
    """
    remedy = f", or {otherwise}" if otherwise else ""
    return accession_problem(cell) or (
        f"does not exist (looked for {path.absolute()}); correct the path{remedy}"
    )


def read_fetched(folder: Path) -> dict[str, FetchedAssembly]:
    """Return the rows of a folder's record by accession, none when there is no record.

    Raises
    ------
    InputRefused
        With every cell that no fetch would have written.
    """
    path = folder / NAME
    return read_record(path) if path.exists() else {}


def read_record(path: Path) -> dict[str, FetchedAssembly]:
    """Return the rows of a record by accession.

    Raises
    ------
    InputRefused
        If the file cannot be read, or with every cell that no fetch would have written.
    """
    try:
        table = read_table(path, COLUMNS, MAX_TABLE_BYTES)
    except InputRefused as refused:
        remedy = "or delete this record and fetch again"
        raise InputRefused([f"{text}; {remedy}" for text in refused.problems]) from refused
    problems = [problem for row in table.rows for problem in _row_problems(path, row)]
    names = Counter(row["accession"] for row in table.rows)
    problems += [
        f"{path}: accession '{name}' appears {names[name]} times; keep one row"
        for name in sorted(names)
        if names[name] > 1
    ]
    if problems:
        raise InputRefused(problems)
    return {row["accession"]: _assembly(row) for row in table.rows}


def write_fetched(path: Path, rows: Mapping[str, FetchedAssembly]) -> None:
    """Write a record, sorted by accession."""
    write_table(path, COLUMNS, (astuple(rows[accession]) for accession in sorted(rows)))


def cell_text(text: str) -> str:
    r"""Return a text of the archive as it may stand in a table: one line, no control characters.

    Examples
    --------
    >>> cell_text("ATCC\t19977\n")
    'ATCC 19977'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _row_problems(path: Path, row: Row) -> list[str]:
    """Return what is wrong with one row."""
    remedy = "delete the row and fetch the assembly again"
    found = [
        f"{path} row {row.number}: {column} '{row[column][:80]}' is not {expected}; {remedy}"
        for column, pattern, expected in CELLS
        if not pattern.fullmatch(row[column])
    ]
    if row["file"] != file_name(row["accession"]):
        found.append(
            f"{path} row {row.number}: file '{row['file'][:80]}' is not "
            f"'{file_name(row['accession'])[:80]}'; {remedy}"
        )
    return found


def _assembly(row: Row) -> FetchedAssembly:
    """Return the assembly of a checked row."""
    return FetchedAssembly(
        accession=row["accession"],
        file=row["file"],
        sha256=row["sha256"],
        md5=row["md5"],
        bases=int(row["bases"]),
        contigs=int(row["contigs"]),
        organism=row["organism"],
        strain=row["strain"],
        status=row["status"],
        source=row["source"],
        date=row["date"],
    )
