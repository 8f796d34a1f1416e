"""What a run knows of earlier ones, and what it leaves for later ones, as files below `.oneclone/`.

Distances are kept as the columns of `pairs.tsv` that say what was counted, by the names of their
pair; what was counted of a pair is one text, because it is only compared.
"""

from collections.abc import Iterable
from pathlib import Path

from oneclone.errors import OnecloneError
from oneclone.model.history import History, RunRecord
from oneclone.model.pairs import Pair
from oneclone.tables.delimited import read_table, write_table
from oneclone.tables.json_files import read_record, record_text, write_record
from oneclone.tables.read_back import read_back

COUNTED_COLUMNS = ("snps", "snps_raw", "callable_bp", "recombinant_bp", "reference")
COLUMNS = ("isolate_a", "isolate_b", *COUNTED_COLUMNS)
Distances = dict[tuple[str, str], str]


def history_text(history: History) -> str:
    """Return what is known of earlier runs as JSON text."""
    return record_text(history, History)


@read_back
def read_history_file(path: Path) -> History:
    """Read what is known of earlier runs."""
    return read_record(path, History)


def write_run_record(path: Path, record: RunRecord) -> None:
    """Write the record of a run."""
    write_record(path, record, RunRecord)


def read_run_record(path: Path) -> RunRecord:
    """Read the record of a run.

    Raises
    ------
    OnecloneError
        If another version of oneclone wrote it, or something else did.
    """
    try:
        return read_record(path, RunRecord)
    except ValueError as error:  # pydantic's and JSON's errors both are
        raise OnecloneError(f"{path}: not the record of a run") from error


def write_distances(path: Path, pairs: Iterable[Pair]) -> None:
    """Write what was counted of each pair."""
    write_table(path, COLUMNS, [_cells(pair) for pair in pairs])


@read_back
def read_distances(path: Path) -> Distances:
    """Read what was counted of each pair, by names; cells in one text, separated by blanks."""
    return {
        (row["isolate_a"], row["isolate_b"]): counted_text(
            row[column] for column in COUNTED_COLUMNS
        )
        for row in read_table(path, COLUMNS).rows
    }


def counted_text(cells: Iterable[str]) -> str:
    """Return what was counted of a pair in one text.

    Examples
    --------
    >>> counted_text(["3", "3", "4790000", "0", "ATCC 19977"])
    'snps=3 snps_raw=3 callable_bp=4790000 recombinant_bp=0 reference=ATCC 19977'
    """
    named = zip(COUNTED_COLUMNS, cells, strict=True)
    return " ".join(f"{column}={cell}" for column, cell in named)


def _cells(pair: Pair) -> tuple[object, ...]:
    """Return the cells of a pair; below the callable floor most of them are empty."""
    where = pair.reference if pair.is_assessable else None
    counted = (pair.snps, pair.snps_raw, pair.callable_bp, pair.recombinant_bp, where)
    return (pair.first, pair.second, *counted)
