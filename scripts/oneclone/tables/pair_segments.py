"""Pairs that were counted in a working directory, so that a later run counts new ones only.

A folder of Parquet files, each written once. A segment holds pairs of some isolates, its rows, with
all of some others, its columns, on one reference: all of them, or all with no more differences than
a limit, so that a pair that is not there has more. No name is kept: isolates are calls keys, and
who carries a stretch is kept as 0 for the isolate with the smaller key, 1 for the other. The name
of a file is the checksum of its content: one that is damaged is removed, and counted again.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from oneclone.tables.atomic import replacing
from oneclone.tables.checksum import file_sha256

SUFFIX = ".parquet"
CHECKSUM_DIGITS = 32
ABOUT = b"oneclone"
SCHEMA = pa.schema(
    [
        ("one", pa.int32()),
        ("two", pa.int32()),
        ("callable_bp", pa.int32()),
        ("snps_raw", pa.int32()),
        ("snps", pa.int32()),
        ("recombinant_bp", pa.int32()),
        ("filter", pa.string()),
        ("filter_reason", pa.string()),
        ("indels_one", pa.int32()),
        ("indels_two", pa.int32()),
        ("stretches", pa.string()),
    ]
)


@dataclass(frozen=True)
class Coverage:
    """What a segment answers for.

    `rule` is the digest of all that enters a count beside the calls, `code` that of the code that
    counted. `keys` are the calls keys of the columns, sorted; `rows` are numbers of keys. `limit`
    is the greatest number of raw differences of the pairs that are kept, `None` when all are.
    """

    rule: str
    code: str
    keys: tuple[str, ...]
    rows: tuple[int, ...]
    limit: int | None

    def answers(self, rule: str, limit: int | None) -> bool:
        """Tell whether pairs with up to that many differences are known from here."""
        is_enough = self.limit is None or (limit is not None and limit <= self.limit)
        return self.rule == rule and is_enough


COVERAGE = TypeAdapter(Coverage)


@dataclass(frozen=True)
class Segment:
    """A file of counted pairs: `one` and `two` of its rows are numbers of `coverage.keys`."""

    path: Path
    coverage: Coverage

    def parts(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Give the pairs in parts that fit the memory, in the order in which they were counted."""
        with pq.ParquetFile(self.path) as opened:
            for batch in opened.iter_batches(columns=columns and list(columns)):
                yield pa.Table.from_batches([batch])


class PairSegments:
    """The segments of a working directory.

    Parameters
    ----------
    folder
        Made when absent.
    code
        Digest of the code that counts. What another version counted is removed.

    Attributes
    ----------
    complaints
        What was found damaged, and is counted again.
    """

    def __init__(self, folder: Path, code: str) -> None:
        self.complaints: list[str] = []
        self._folder = folder
        self._code = code
        folder.mkdir(parents=True, exist_ok=True)
        paths = sorted(folder.glob(f"*{SUFFIX}"))
        self._segments = [each for path in paths if (each := self._open(path))]

    def answering(self, rule: str, limit: int | None) -> list[Segment]:
        """Return the segments that know pairs with up to that many differences, if asked for.

        Parameters
        ----------
        rule
            Digest of all that enters a count beside the calls.
        limit
            Greatest number of raw differences that is asked for, `None` for all pairs.
        """
        return [each for each in self._segments if each.coverage.answers(rule, limit)]

    def of_rule(self, rule: str) -> list[Segment]:
        """Return all segments of a rule; a pair can be in several, counted alike."""
        return [each for each in self._segments if each.coverage.rule == rule]

    def add(self, coverage: Coverage, parts: Iterable[pa.Table]) -> None:
        """Keep counted pairs.

        Parameters
        ----------
        coverage
            What they answer for.
        parts
            The pairs as they are counted; memory holds one part.
        """
        schema = SCHEMA.with_metadata({ABOUT: COVERAGE.dump_json(coverage)})
        counted = self._folder / "counted"
        with (
            replacing(counted) as temporary,
            pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
        ):
            for part in parts:
                writer.write_table(part.cast(schema))
        path = self._folder / _name(counted)
        counted.replace(path)
        self._segments.append(Segment(path, coverage))

    def _open(self, path: Path) -> Segment | None:
        """Return a segment, unless it is damaged or of another version: then it is removed."""
        if is_sound(path):
            about = json.loads(pq.read_schema(path).metadata[ABOUT])
            if about.get("code") == self._code:
                return Segment(path, COVERAGE.validate_python(about))
        else:
            self.complaints.append(f"{path} is damaged: its pairs are counted again")
        path.unlink()
        return None


def is_sound(path: Path) -> bool:
    """Tell whether a segment is as it was written."""
    return path.name == _name(path)


def _name(path: Path) -> str:
    """Return the name that a file has by its content."""
    return file_sha256(path)[:CHECKSUM_DIGITS] + SUFFIX
