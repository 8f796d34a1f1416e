"""The fetched assemblies beside a table: where a run finds them, and what to do when it cannot."""

import shlex
from functools import cached_property
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.tables.delimited import rows_text
from oneclone.tables.fetched_table import (
    FOLDER,
    NAME,
    FetchedAssembly,
    accession_problem,
    read_fetched,
)


def fetch_command(panel: Path, isolates: Path) -> str:
    """Return the command that fetches what a panel and an isolate table name by accession.

    Its paths are absolute, because a run's working directory need not be the shell's.

    Examples
    --------
    >>> fetch_command(Path("/my panel"), Path("/isolates.tsv"))
    "oneclone panel fetch --panel '/my panel' --isolates /isolates.tsv"
    """
    paths = (shlex.quote(str(path.absolute())) for path in (panel, isolates))
    return "oneclone panel fetch --panel {} --isolates {}".format(*paths)


class FetchedFiles:
    """Find the files of accessions of one table; a run itself downloads nothing.

    Parameters
    ----------
    table
        The table that names the accessions.
    command
        The command that fetches them.
    """

    def __init__(self, table: Path, command: str) -> None:
        self._table = table
        self._command = command
        self._folder = table.parent / FOLDER
        self._missing: dict[str, list[int]] = {}
        self._changed: dict[str, list[int]] = {}
        self._problems: list[str] = []

    def path_of(self, row: int, accession: str) -> Path | None:
        """Return the file of an accession; when there is none, keep the problem of its row."""
        problem = accession_problem(accession)
        record = self._records.get(accession)
        if problem:
            self._problems.append(f"{self._table} row {row}: assembly '{accession}' {problem}")
        elif record is None or not (self._folder / record.file).is_file():
            self._missing.setdefault(accession, []).append(row)
        else:
            return self._folder / record.file
        return None

    def check(self, row: int, accession: str, sha256: str) -> None:
        """Keep a problem when a file that could be read is no longer what was fetched."""
        if sha256 and sha256 != self._records[accession].sha256:
            self._changed.setdefault(accession, []).append(row)

    @property
    def problems(self) -> list[str]:
        """Every problem found so far, with its remedy."""
        found = list(self._problems)
        if self._missing:
            rows = sorted(row for rows in self._missing.values() for row in rows)
            count = len(self._missing)
            what = "an accession is" if count == 1 else f"{count} accessions are"
            found.append(
                f"{self._table}: {what} not fetched yet, and a run downloads nothing; run "
                f"`{self._command}` (docs/fetching.md), or write paths of FASTA files into the "
                f"table. Not fetched: {rows_text(rows)}, {', '.join(self._missing)}"
            )
        found += [
            f"{self._table} {rows_text(rows)}: the file of assembly {accession} in {self._folder} "
            f"is not the one that was fetched (its sha256 is not that of {NAME}); fetch it again: "
            f"{self._command}"
            for accession, rows in self._changed.items()
        ]
        return found

    @cached_property
    def _records(self) -> dict[str, FetchedAssembly]:
        """The record of the folder; one that cannot be read is a problem, once."""
        try:
            return read_fetched(self._folder)
        except InputRefused as refused:
            self._problems.extend(refused.problems)
            return {}
