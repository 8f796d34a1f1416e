"""Count pairs of genomes, block against block, in the processes of a job.

A genome is what a calls key stands for. Blocks are made of genomes that may be near each other,
so that most blocks have nothing in common and are never read together.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from oneclone.block_counts import NO_LIMIT, CountRule, PairCounts, count_block
from oneclone.distances import Profile, profile
from oneclone.model.calls import Calls, no_calls
from oneclone.model.pairs import FilterOutcome
from oneclone.model.settings import RecombinationSettings
from oneclone.near_groups import PART, near_groups
from oneclone.pair_counting import CountedPair, CountingRule, count_pair
from oneclone.stacks import Listing, Stack, first_part, listing, stack
from oneclone.steps.counting import counting_rules
from oneclone.steps.loading import load_references
from oneclone.tables.call_archive import read_calls
from oneclone.tables.pair_segments import SCHEMA
from oneclone.tables.run_plan import read_plan_panel

BLOCK_BASES = 1_280_000_000  # genomes x reference length of a block: 256 genomes of 5 Mb
FAR_SHARE = 4  # blocks are so many times smaller where far pairs are counted: their lists are long
READ_AT_ONCE = 32  # genomes whose first parts a process reads before it hands them over
FEW_ROWS = 2  # blocks of rows up to which no groups are made: all columns are read anyway


@dataclass(frozen=True)
class Genome:
    """A calls key: its archive, the subspecies of its isolates, the references it was called on."""

    key: str
    archive: Path
    subspecies: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class RuleFiles:
    """Files and settings from which every process reads how pairs are counted, once."""

    panel: Path
    mask: Path
    prepared: tuple[Path, ...]
    settings: RecombinationSettings


@dataclass(frozen=True)
class Request:
    """Pairs to be counted on one reference, given by the sha256 of its assembly.

    `genomes` are all columns; `rows` are numbers of them; `wanted` tells for two numbers of
    `kinds`, one per genome, whether the reference counts their pairs. With a `limit`, pairs with
    more differences are left out.
    """

    assembly: str
    genomes: Sequence[Genome]
    rows: Sequence[int]
    kinds: NDArray[np.int64]
    wanted: NDArray[np.bool_]
    limit: int | None


@dataclass(frozen=True)
class _Task:
    """A block of rows against a block of columns: numbers of genomes, and which pairs of them."""

    files: RuleFiles
    assembly: str
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    genomes: tuple[tuple[Genome, ...], tuple[Genome, ...]]
    wanted: NDArray[np.bool_]
    limit: int | None


@cache
def load_rules(files: RuleFiles) -> Mapping[str, CountingRule]:
    """Return how pairs are counted on each reference, by the sha256 of its assembly."""
    panel = read_plan_panel(files.panel)
    references = load_references(panel, files.mask, files.prepared)
    return counting_rules(panel, references, files.settings)


def count_request(
    files: RuleFiles, request: Request, pool: Executor | None, threads: int
) -> Iterator[pa.Table]:
    """Give the pairs of a request as they are counted, each pair of two rows once.

    Parameters
    ----------
    files
        How pairs are counted.
    request
        Which pairs are.
    pool
        Processes to count in; none for a set that is counted in seconds.
    threads
        What the parting into groups may use; no result depends on it.
    """
    tasks = _tasks(files, request, _groups(files, request, pool, threads))
    yield from (pool.map if pool else map)(_count_task, tasks)


def _groups(
    files: RuleFiles, request: Request, pool: Executor | None, threads: int
) -> NDArray[np.int64]:
    """Return the group of every genome: no two of different groups are within the limit."""
    size = _block_size(files, request)
    if request.limit is None or len(request.rows) <= FEW_ROWS * size:
        return np.zeros(len(request.genomes), dtype=np.int64)
    chunks = [
        (files, request.assembly, request.limit, tuple(request.genomes[at : at + READ_AT_ONCE]))
        for at in range(0, len(request.genomes), READ_AT_ONCE)
    ]
    parts = [part for chunk in (pool.map if pool else map)(_first_parts, chunks) for part in chunk]

    def wanted(rows: Sequence[int]) -> NDArray[np.bool_]:
        """Return which pairs of some rows are asked for."""
        return request.wanted[np.ix_(request.kinds[np.array(rows)], request.kinds)]

    return near_groups(parts, request.rows, wanted, request.limit, threads)


def _first_parts(
    chunk: tuple[RuleFiles, str, int, tuple[Genome, ...]],
) -> list[Listing]:
    """Return the first parts of the listings of some genomes."""
    files, assembly, limit, genomes = chunk
    return [first_part(_listing(files, assembly, genome), PART * limit) for genome in genomes]


def _tasks(files: RuleFiles, request: Request, groups: NDArray[np.int64]) -> Iterator[_Task]:
    """Give the blocks that have pairs to count."""
    size = _block_size(files, request)
    is_row = np.zeros(len(request.genomes), dtype=bool)
    is_row[np.array(request.rows, dtype=np.int64)] = True
    order = np.argsort(groups, kind="stable")
    for rows in _parts(order[is_row[order]], size):
        for columns in _parts(order, size):
            wanted = request.wanted[np.ix_(request.kinds[rows], request.kinds[columns])]
            wanted = wanted & (groups[rows][:, None] == groups[columns])
            # A pair of two rows is counted where the smaller number is the row.
            wanted &= (rows[:, None] <= columns) | ~is_row[columns]
            if wanted.any():
                yield _Task(
                    files=files,
                    assembly=request.assembly,
                    rows=rows,
                    columns=columns,
                    genomes=(_chosen(request, rows), _chosen(request, columns)),
                    wanted=wanted,
                    limit=request.limit,
                )


def _chosen(request: Request, numbers: NDArray[np.int64]) -> tuple[Genome, ...]:
    """Return the genomes with some numbers."""
    chosen: list[int] = numbers.tolist()
    return tuple(request.genomes[number] for number in chosen)


def _parts(numbers: NDArray[np.int64], size: int) -> Iterator[NDArray[np.int64]]:
    """Give numbers in blocks."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def _block_size(files: RuleFiles, request: Request) -> int:
    """Return how many genomes a block has."""
    reference = load_rules(files)[request.assembly].reference.sequence
    share = FAR_SHARE if request.limit is None else 1
    return max(1, BLOCK_BASES // reference.length_bp // share)


def _count_task(task: _Task) -> pa.Table:
    """Return the counted pairs of two blocks; those far apart are left out."""
    rule = load_rules(task.files)[task.assembly]
    rows, columns = (_stack(task.files, task.assembly, each) for each in task.genomes)
    limit = NO_LIMIT if task.limit is None else task.limit
    counts = count_block(rows, columns, task.wanted, _count_rule(rule), limit)
    found = np.argwhere(counts.snps >= 0)
    pairs = _without_removal(task, counts, found)
    for at in np.flatnonzero(counts.doubtful[found[:, 0], found[:, 1]]).tolist():
        row, column = int(found[at, 0]), int(found[at, 1])
        counted = _count_one(task, rule, task.genomes[0][row], task.genomes[1][column])
        for name, value in _removal(counted).items():
            pairs[name][at] = value
    arrays = [pa.array(pairs[field.name], field.type) for field in SCHEMA]
    return pa.table(arrays, schema=SCHEMA)


def _without_removal(
    task: _Task, counts: PairCounts, found: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """Return counted pairs by column as if nothing were removed; the smaller number is first."""
    at = (found[:, 0], found[:, 1])
    row, column = task.rows[at[0]], task.columns[at[1]]
    indels, others, scanned = counts.indels[at], counts.other_indels[at], counts.scanned[at]
    turned, nothing = row > column, np.full(len(found), None)
    outcomes = np.array([FilterOutcome.NOT_SCANNED, FilterOutcome.NOTHING_REMOVED], dtype=object)
    return {
        "one": np.minimum(row, column),
        "two": np.maximum(row, column),
        "callable_bp": counts.callable_bp[at],
        "snps_raw": counts.snps[at],
        "snps": counts.snps[at],
        "recombinant_bp": np.where(scanned, 0, nothing),
        "filter": outcomes[scanned.astype(int)],
        "filter_reason": np.full(len(found), "", dtype=object),
        "indels_one": np.where(scanned, np.where(turned, others, indels), nothing),
        "indels_two": np.where(scanned, np.where(turned, indels, others), nothing),
        "stretches": nothing.copy(),
    }


def _removal(counted: CountedPair) -> dict[str, Any]:
    """Return what the filter removed from a pair, by column; the isolates' names are their keys."""
    pair = counted.pair
    stretches = [
        (
            *(each.start, each.end, each.snps, each.callable_bp, each.log10_p),
            sorted(int(key != pair.first) for key in each.carriers),
            each.suspicions,
        )
        for each in counted.stretches
    ]
    return {
        "snps": pair.snps,
        "recombinant_bp": pair.recombinant_bp,
        "filter": pair.filter.value,
        "filter_reason": pair.filter_reason,
        "stretches": json.dumps(stretches, separators=(",", ":")) if stretches else None,
    }


def _count_one(task: _Task, rule: CountingRule, one: Genome, two: Genome) -> CountedPair:
    """Return a pair in full."""
    calls = {each.key: _calls(task.assembly, each) for each in (one, two)}
    profiles = {each.key: _profile(task.files, task.assembly, each) for each in (one, two)}
    return count_pair(calls, profiles, rule)


@lru_cache(maxsize=2)
def _stack(files: RuleFiles, assembly: str, genomes: tuple[Genome, ...]) -> Stack:
    """Return a block of genomes; that of the rows is asked for again with each of the columns."""
    return stack([_listing(files, assembly, genome) for genome in genomes])


@lru_cache(maxsize=512)
def _calls(assembly: str, genome: Genome) -> Calls:
    """Return the calls of a genome, none where it was not called on the reference."""
    if assembly not in genome.references:
        return no_calls()
    return read_calls(genome.archive, assembly)


@lru_cache(maxsize=64)
def _profile(files: RuleFiles, assembly: str, genome: Genome) -> Profile:
    """Return the profile of a genome."""
    reference = load_rules(files)[assembly].reference
    return profile(_calls(assembly, genome), reference.mask, reference.sequence.length_bp)


def _listing(files: RuleFiles, assembly: str, genome: Genome) -> Listing:
    """Return the listing of a genome."""
    reference = load_rules(files)[assembly].reference
    calls = _calls.__wrapped__(assembly, genome)  # not kept: a block has what it needs of them
    return listing(calls, reference.mask, reference.sequence.length_bp)


def _count_rule(rule: CountingRule) -> CountRule:
    """Return what the count of a block needs of a rule."""
    return CountRule(
        floor_bp=rule.floor_bp,
        contig_offsets=rule.reference.sequence.offsets,
        family_wise_error=rule.recombination.family_wise_error,
        min_snps=rule.recombination.min_snps,
        max_stretch_bp=rule.recombination.max_stretch_bp,
    )
