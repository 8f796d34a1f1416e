"""The candidates of a screen: a folder of FASTA files, a table, or a list of accessions."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.tables.delimited import Row, Table, parse_table, read_lines, repeated_names
from oneclone.tables.fasta import GZIP_MAGIC, SUFFIXES, assembly_name
from oneclone.tables.fetched_table import VERSIONED, accession_problem
from oneclone.tables.limits import MAX_TABLE_BYTES
from oneclone.tables.plain_text import control_characters

REQUIRED = ("isolate", "assembly")
SNIFFED_BYTES = 4096
SHOWN = 60  # letters of a wrong line


@dataclass(frozen=True)
class CandidateList:
    """Candidates as listed; `table.path` is what lists them, cells of `assembly` are as typed.

    Of a folder the cells are names of files in it, and `skipped` counts the other files.
    """

    table: Table
    is_folder: bool = False
    skipped: int = 0

    @property
    def metadata_columns(self) -> tuple[str, ...]:
        """Columns beside name and assembly, in their order."""
        return tuple(column for column in self.table.columns if column not in REQUIRED)


def read_candidates(path: Path) -> CandidateList:
    """Read the candidates of a screen; what the path is, its content tells.

    Parameters
    ----------
    path
        A folder of FASTA files, plain or gzip; a tab-separated table with the columns `isolate`
        and `assembly`; or a text file with one accession per line.

    Raises
    ------
    InputRefused
        With every problem of table, list or names of files.
    """
    listed = _folder(path) if path.is_dir() else _file(path)
    if not listed.table.rows:
        what = "no FASTA file in this folder" if listed.is_folder else "no candidate"
        raise InputRefused([f"{path.absolute()}: {what}"])
    problems = [problem for row in listed.table.rows for problem in _row_problems(path, row)]
    problems += repeated_names(listed.table, "isolate", "names of candidates must be unique")
    if problems:
        raise InputRefused(problems)
    return listed


def _folder(path: Path) -> CandidateList:
    """Return the FASTA files of a folder, without those below it."""
    files = [
        each
        for each in sorted(path.iterdir())
        if not each.name.startswith(".") and not each.is_dir()
    ]
    rows: list[Row] = []
    for each in files:
        # A name that says FASTA counts even where the content does not: it is then listed as
        # unreadable. Only other files are opened.
        if each.suffix in SUFFIXES or _looks_like_fasta(each):
            cells = {"isolate": assembly_name(each), "assembly": each.name}
            rows.append(Row(len(rows) + 1, cells))
    return CandidateList(Table(path, REQUIRED, tuple(rows)), True, len(files) - len(rows))


def _looks_like_fasta(path: Path) -> bool:
    """Return whether a file begins as FASTA does, plain or gzip; one that is shut may do so."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as opened:
            start = opened.read(SNIFFED_BYTES)
    except OSError:
        return True
    if start.startswith(GZIP_MAGIC):
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, SNIFFED_BYTES)
        except zlib.error:
            return False
    return start.lstrip().startswith((b">", b";"))


def _file(path: Path) -> CandidateList:
    """Return the rows of a table, or of a list of accessions."""
    lines = read_lines(path, MAX_TABLE_BYTES)
    first = next((line for line in lines if line.strip()), "")
    if first.startswith((">", ";")):
        raise InputRefused(
            [f"{path}: a FASTA file; give the folder that it lies in, or a table that names it"]
        )
    if "\t" in first or first.strip() in REQUIRED:
        table, problems = parse_table(path, REQUIRED, MAX_TABLE_BYTES)
        if problems:
            raise InputRefused(problems)
        return CandidateList(table)
    numbered = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    if problems := list(_list_problems(path, numbered)):
        raise InputRefused(problems)
    rows = [Row(number, {"isolate": text, "assembly": text}) for number, text in numbered]
    return CandidateList(Table(path, REQUIRED, tuple(rows)))


def _list_problems(path: Path, lines: list[tuple[int, str]]) -> Iterator[str]:
    """Give every line of a list that is no accession."""
    for number, text in lines:
        if not VERSIONED.fullmatch(text):
            problem = accession_problem(text) or (
                "is no assembly accession; a list holds one accession per line, as in "
                "'GCF_000069185.1'; for files write a table with the columns isolate and assembly"
            )
            shown = "".join(letter for letter in text[:SHOWN] if letter.isprintable())
            yield f"{path} line {number}: '{shown}' {problem}"


def _row_problems(path: Path, row: Row) -> Iterator[str]:
    """Give what is wrong with a row."""
    where = f"{path} row {row.number}"
    for column, cell in row.cells.items():
        for letter in control_characters(cell):
            yield (
                f"{where}, column '{column}': {cell[:SHOWN]!a} holds a control character (code "
                f"{ord(letter)}); remove it"
            )
    if not row["isolate"].strip():
        yield f"{where}: the candidate has no name; fill in the column 'isolate'"
