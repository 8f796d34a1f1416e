"""The SNP engine once more: plain Python on lists of letters, slow and plainly right.

Written from docs/method.md and docstrings, not from the fast code. Nothing here is vectorised,
packed into bits or sorted to be searched; every position is looked at by itself. A position
without a call is ".".
"""

from collections.abc import Sequence
from fractions import Fraction

from oneclone.aligning import DELETION, INSERTION, MATCH, Alignment
from oneclone.model.settings import CallingSettings
from tests.properties.engine import other_strand

MISSING = "."


# --- calls -------------------------------------------------------------------------------------


def slow_calls(
    alignments: Sequence[Alignment],
    contigs: Sequence[str],
    reference: Sequence[str],
    settings: CallingSettings,
) -> list[str]:
    """Return the called letter of each position of the concatenated reference contigs."""
    contig_of = [number for number, contig in enumerate(reference) for _ in contig]
    letters = "".join(reference)
    called = []
    for position, reference_base in enumerate(letters):
        covering = [each for each in alignments if each.start <= position < each.end]
        called.append(MISSING)
        if len(covering) != 1 or not is_good(covering[0], settings):
            continue
        (only,) = covering
        if not trimmed(only, position, settings.end_trim_bp) and not any(
            is_beside_indel(each, position, settings.indel_margin_bp)
            for each in alignments
            if is_good(each, settings) and contig_of[each.start] == contig_of[position]
        ):
            base = base_read(only, contigs[only.contig], position)
            if base in "ACGT" and reference_base in "ACGT":
                called[-1] = base
    return called


def is_good(alignment: Alignment, settings: CallingSettings) -> bool:
    is_long = alignment.end - alignment.start >= settings.min_block_bp
    return is_long and alignment.mapq >= settings.min_mapq


def trimmed(alignment: Alignment, position: int, trim: int) -> bool:
    """Tell whether a position is among the first or last `trim` of an alignment."""
    return position - alignment.start < trim or alignment.end - 1 - position < trim


def is_beside_indel(alignment: Alignment, position: int, margin: int) -> bool:
    """Tell whether a position is deleted, or among the `margin` on one side of an indel."""
    at = alignment.start
    for length, operation in alignment.cigar:
        if operation == INSERTION and at - margin <= position <= at + margin - 1:
            return True
        if operation == DELETION and at - margin <= position <= at + length - 1 + margin:
            return True
        at += 0 if operation == INSERTION else length
    return False


def base_read(alignment: Alignment, contig: str, position: int) -> str:
    """Return the contig's letter at a reference position, "-" where the contig has none."""
    query = contig[alignment.contig_start : alignment.contig_end]
    if alignment.reverse:
        query = other_strand(query)
    at, read = alignment.start, 0
    for length, operation in alignment.cigar:
        for _ in range(length):
            if operation == MATCH:
                if at == position:
                    return query[read]
                at, read = at + 1, read + 1
            elif operation == DELETION:
                if at == position:
                    return "-"
                at += 1
            else:
                read += 1
    return "-"


def slow_ambiguous(
    alignment: Alignment, contig: str, length: int, settings: CallingSettings
) -> list[int]:
    """Return the positions at which one good alignment reads something else than a base.

    So do the two sides of an insertion that holds one.
    """
    return [
        position
        for position in range(length)
        if alignment.start <= position < alignment.end
        and (
            is_beside_unknown(alignment, contig, position)
            or (
                not trimmed(alignment, position, settings.end_trim_bp)
                and base_read(alignment, contig, position) not in "ACGT-"
            )
        )
    ]


def is_beside_unknown(alignment: Alignment, contig: str, position: int) -> bool:
    """Tell whether a position is on one side of an insertion with an ambiguous base."""
    query = contig[alignment.contig_start : alignment.contig_end]
    if alignment.reverse:
        query = other_strand(query)
    at, read = alignment.start, 0
    for length, operation in alignment.cigar:
        inserted = query[read : read + length] if operation == INSERTION else ""
        if position in {at - 1, at} and set(inserted) - set("ACGT"):
            return True
        at += 0 if operation == INSERTION else length
        read += 0 if operation == DELETION else length
    return False


# --- pairs -------------------------------------------------------------------------------------


def slow_pair(
    one: Sequence[str], two: Sequence[str], masked: Sequence[bool]
) -> tuple[list[int], list[int]]:
    """Return the compared and the differing positions of two lists of calls."""
    compared = [
        position
        for position in range(len(one))
        if one[position] != MISSING and two[position] != MISSING and not masked[position]
    ]
    return compared, [position for position in compared if one[position] != two[position]]


# --- core --------------------------------------------------------------------------------------


def slow_core(
    rows: Sequence[Sequence[str]], masked: Sequence[bool], percent: float
) -> tuple[list[int], list[str], list[str]]:
    """Return variable core sites, and the base of each constant and strictly constant one."""
    variable: list[int] = []
    constant: list[str] = []
    strict: list[str] = []
    for position, is_masked in enumerate(masked):
        column = [row[position] for row in rows]
        called = [base for base in column if base != MISSING]
        enough = (
            Fraction(len(called), len(column)) >= Fraction(percent).limit_denominator(10**6) / 100
        )
        if is_masked or not called or not enough:
            continue
        if len(set(called)) > 1:
            variable.append(position)
        else:
            constant.append(called[0])
            if len(called) == len(column):
                strict.append(called[0])
    return variable, constant, strict


# --- repeats -----------------------------------------------------------------------------------


def slow_repeats(contigs: Sequence[str], k: int) -> list[bool]:
    """Tell for each position whether a k-mer that occurs twice on either strand covers it."""
    places: dict[str, list[int]] = {}
    offset = 0
    for contig in contigs:
        for start in range(len(contig) - k + 1):
            kmer = contig[start : start + k]
            if set(kmer) <= set("ACGT"):
                places.setdefault(min(kmer, other_strand(kmer)), []).append(offset + start)
        offset += len(contig)
    covered = [False] * offset
    for starts in places.values():
        if len(starts) > 1:
            for start in starts:
                for position in range(start, start + k):
                    covered[position] = True
    return covered
