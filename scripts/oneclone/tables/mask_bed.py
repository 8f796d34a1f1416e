"""`mask.bed` of a panel: regions of its references that count for no isolate."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oneclone import intervals
from oneclone.errors import InputRefused
from oneclone.model.calls import Intervals
from oneclone.phrases import counted
from oneclone.tables.contig_names import Aliases, resolve_contig
from oneclone.tables.delimited import read_lines
from oneclone.tables.limits import MAX_TABLE_BYTES

NOT_DATA = ("#", "track", "browser")
MIN_FIELDS = 3
POSITION = re.compile(r"[0-9]{1,12}")

Contigs = Mapping[str, Mapping[str, int]]
"""Contig names with their lengths, in the order of the file, by sha256 of the assembly."""


@dataclass(frozen=True)
class MaskLine:
    """A region as written: 0-based, half-open; `number` counts the lines of the file from 1."""

    number: int
    contig: str
    start: int
    end: int


def read_mask_bed(
    path: Path, contigs: Contigs, aliases: Mapping[str, Aliases] | None = None
) -> dict[str, Intervals]:
    """Read a BED file (0-based, half-open) as intervals on concatenated references.

    Parameters
    ----------
    path
        The BED file.
    contigs
        Contigs of the references.
    aliases
        Other names of their contigs, by sha256 of the assembly.

    Returns
    -------
    dict
        Masked intervals by sha256 of the assembly; references without any are absent.

    Raises
    ------
    InputRefused
        If a contig is in no reference or in two, or if a region holds no base or lies outside its
        contig.
    """
    lines, problems = parse_mask(path)
    problems += placement_problems(path, lines, contigs, aliases or {})
    if problems:
        raise InputRefused(problems)
    offsets = {assembly: _offsets(lengths) for assembly, lengths in contigs.items()}
    starts: dict[str, list[int]] = {}
    ends: dict[str, list[int]] = {}
    for line in lines:
        assembly, contig = _places(line.contig, contigs, aliases or {})[0]
        offset = offsets[assembly][contig]
        starts.setdefault(assembly, []).append(offset + line.start)
        ends.setdefault(assembly, []).append(offset + line.end)
    return {
        assembly: intervals.merged(
            [Intervals(np.array(starts[assembly], np.int64), np.array(ends[assembly], np.int64))]
        )
        for assembly in sorted(starts)
    }


def parse_mask(path: Path) -> tuple[list[MaskLine], list[str]]:
    """Return the regions of a BED file and what is wrong with its lines.

    Raises
    ------
    InputRefused
        If the file cannot be read.
    """
    lines: list[MaskLine] = []
    problems: list[str] = []
    for number, text in enumerate(read_lines(path, MAX_TABLE_BYTES), start=1):
        if not text.strip() or text.startswith(NOT_DATA):
            continue
        fields = text.split("\t") if "\t" in text else text.split()
        if len(fields) < MIN_FIELDS:
            problems.append(
                f"{path} line {number}: '{text[:80]}' has {counted(len(fields), 'field')}; a BED "
                "line needs contig, start and end, separated by tabs"
            )
            continue
        if not (POSITION.fullmatch(fields[1]) and POSITION.fullmatch(fields[2])):
            problems.append(
                f"{path} line {number}: start '{fields[1][:20]}' and end '{fields[2][:20]}' must "
                "both be whole numbers; write the start 0-based, as in BED"
            )
            continue
        line = MaskLine(number, fields[0], int(fields[1]), int(fields[2]))
        if not line.start < line.end:
            problems.append(
                f"{path} line {number}: region {line.start}-{line.end} holds no base; the end must "
                "be greater than the start (0-based)"
            )
        lines.append(line)
    return lines, problems


def placement_problems(
    path: Path, lines: Iterable[MaskLine], contigs: Contigs, aliases: Mapping[str, Aliases]
) -> list[str]:
    """Return which regions lie on no reference, on two, or outside their contig."""
    return [
        f"{path} line {line.number}: {problem}"
        for line in lines
        if (problem := _line_problem(line, contigs, aliases))
    ]


def _places(name: str, contigs: Contigs, aliases: Mapping[str, Aliases]) -> list[tuple[str, str]]:
    """Return the assemblies that have a contig of this name or alias, and its own name there."""
    return [
        (assembly, own)
        for assembly, lengths in sorted(contigs.items())
        if (own := resolve_contig(name, lengths, aliases.get(assembly, ())))
    ]


def _offsets(lengths: Mapping[str, int]) -> dict[str, int]:
    """Return where each contig starts on the concatenated reference."""
    offsets: dict[str, int] = {}
    offset = 0
    for name, length in lengths.items():
        offsets[name] = offset
        offset += length
    return offsets


def _line_problem(line: MaskLine, contigs: Contigs, aliases: Mapping[str, Aliases]) -> str:
    """Return what is wrong with the place of one region, empty when nothing is."""
    found = _places(line.contig, contigs, aliases)
    if not found:
        return (
            f"contig '{line.contig}' is in no reference of the panel; correct the name, or declare "
            "it in the column contig_aliases of references.tsv"
        )
    if len(found) > 1:
        return f"contig '{line.contig}' is in {len(found)} references; give each its own name"
    length = contigs[found[0][0]][found[0][1]]
    if line.end > length:
        return (
            f"region {line.start}-{line.end} does not lie inside contig '{line.contig}' "
            f"of {length} bases; correct start (0-based) and end"
        )
    return ""
