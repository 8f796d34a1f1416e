"""`mask.bed` of a panel: regions of its references that count for no isolate."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from oneclone import intervals
from oneclone.errors import InputRefused
from oneclone.model.calls import Intervals
from oneclone.tables.delimited import read_lines

NOT_DATA = ("#", "track", "browser")
MIN_FIELDS = 3


def read_mask_bed(path: Path, contigs: Mapping[str, Mapping[str, int]]) -> dict[str, Intervals]:
    """Read a BED file (0-based, half-open) as intervals on concatenated references.

    Parameters
    ----------
    path
        The BED file.
    contigs
        Contig names with their lengths, in the order of the file, by sha256 of the assembly.

    Returns
    -------
    dict
        Masked intervals by sha256 of the assembly; references without any are absent.

    Raises
    ------
    InputRefused
        If a contig is in no reference or in two, or if a region lies outside its contig.
    """
    places = _places(contigs)
    starts: dict[str, list[int]] = {}
    ends: dict[str, list[int]] = {}
    problems: list[str] = []
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip() or line.startswith(NOT_DATA):
            continue
        fields = line.split("\t") if "\t" in line else line.split()
        problem = _line_problem(fields, places)
        if problem:
            problems.append(f"{path} line {number}: {problem}")
            continue
        assembly, offset, _ = places[fields[0]][0]
        starts.setdefault(assembly, []).append(offset + int(fields[1]))
        ends.setdefault(assembly, []).append(offset + int(fields[2]))
    if problems:
        raise InputRefused(problems)
    return {
        assembly: intervals.merged(
            [Intervals(np.array(starts[assembly], np.int64), np.array(ends[assembly], np.int64))]
        )
        for assembly in sorted(starts)
    }


def _places(
    contigs: Mapping[str, Mapping[str, int]],
) -> dict[str, list[tuple[str, int, int]]]:
    """Return for each contig name the assemblies that have it, with offset and length."""
    places: dict[str, list[tuple[str, int, int]]] = {}
    for assembly, lengths in sorted(contigs.items()):
        offset = 0
        for name, length in lengths.items():
            places.setdefault(name, []).append((assembly, offset, length))
            offset += length
    return places


def _line_problem(fields: list[str], places: Mapping[str, list[tuple[str, int, int]]]) -> str:
    """Return what is wrong with one line, empty when nothing is."""
    if len(fields) < MIN_FIELDS or not (fields[1].isdigit() and fields[2].isdigit()):
        return "a BED line needs contig, start and end, separated by tabs"
    found = places.get(fields[0], [])
    if not found:
        return f"contig '{fields[0]}' is in no reference of the panel"
    if len(found) > 1:
        return f"contig '{fields[0]}' is in {len(found)} references; give each contig its own name"
    start, end, length = int(fields[1]), int(fields[2]), found[0][2]
    if not start < end <= length:
        return f"region {start}-{end} does not lie inside contig '{fields[0]}' of {length} bases"
    return ""
