"""Check archives of arrays that come from elsewhere before anything is computed with them.

`numpy.load` believes what an archive says of its size, and compiled loops believe that positions
lie on the reference.
"""

import io
import math
from pathlib import Path
from tokenize import TokenError

import numpy as np
from numpy.typing import NDArray

from oneclone.model.calls import Calls, Intervals, ReferenceSequence
from oneclone.tables.zip_files import ZipDamaged, ZipRefused, open_zip

MAX_ARCHIVE_BYTES = 256 << 20  # calls and references of 20-Mb genomes have less than a fifth
ARRAY_FORMAT = (1, 0)
# What NumPy raises on a header that it cannot parse; MemoryError for one nested too deeply.
HEADER_ERRORS = (ValueError, SyntaxError, TokenError, RecursionError, MemoryError)
BASES = 4  # codes of A, C, G and T are below, that of an ambiguous base is this one


def check_archive(path: Path) -> None:
    """Refuse an archive whose arrays are not plain ones of the stated, bounded size.

    Raises
    ------
    ValueError
        If an array is malformed or has another size than stated, or all together are too large.
    """
    try:
        with open_zip(path) as opened:
            stated = {name: opened.size(name) for name in opened.names}
            if sum(stated.values()) > MAX_ARCHIVE_BYTES:
                raise ZipRefused(f"its arrays have more than {MAX_ARCHIVE_BYTES} bytes")
            for name, size in stated.items():
                _check_array(name, opened.content(name, size))
    except (ZipDamaged, ZipRefused) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _check_array(name: str, content: bytes) -> None:
    """Refuse a file that is not a plain array as long as its header says."""
    array = io.BytesIO(content)
    try:
        if np.lib.format.read_magic(array) != ARRAY_FORMAT:
            raise ZipRefused(f"{name[:80]!a} is of another array format")
        shape, _, dtype = np.lib.format.read_array_header_1_0(array)
    except HEADER_ERRORS as error:
        raise ZipRefused(f"{name[:80]!a} has no header of an array") from error
    expected = array.tell() + math.prod(shape) * dtype.itemsize
    if len(shape) != 1 or dtype.hasobject or expected != len(content):
        raise ZipRefused(f"{name[:80]!a} is not the array that its header describes")


def check_reference(reference: ReferenceSequence, repeats: Intervals) -> None:
    """Refuse a prepared reference that contradicts itself.

    Raises
    ------
    ValueError
        If contigs do not cover the bases, or a repeat lies elsewhere.
    """
    offsets, codes = reference.offsets, reference.codes
    _require(
        codes.dtype == np.uint8 and len(codes) > 0 and int(codes.max()) <= BASES,
        "bases that are none",
    )
    _require(
        offsets.dtype == np.int64
        and len(offsets) == len(reference.names) + 1
        and int(offsets[0]) == 0
        and int(offsets[-1]) == len(codes)
        and bool((np.diff(offsets) > 0).all()),
        "contigs that do not cover its bases",
    )
    check_intervals(repeats, len(codes))


def check_intervals(intervals: Intervals, length: int) -> None:
    """Refuse intervals that are not sorted, disjoint and on the reference.

    Raises
    ------
    ValueError
        If they are not.

    Examples
    --------
    >>> check_intervals(Intervals(np.array([0, 5]), np.array([5, 9])), 9)
    >>> check_intervals(Intervals(np.array([0, 4]), np.array([5, 9])), 9)
    Traceback (most recent call last):
    ValueError: it holds intervals that overlap or leave the reference
    """
    starts, ends = intervals.starts, intervals.ends
    _require(starts.shape == ends.shape, "intervals without an end")
    bounds = np.column_stack((starts, ends)).ravel()
    _require(
        starts.dtype == np.int64 and ends.dtype == np.int64 and _ascend_within(bounds, length),
        "intervals that overlap or leave the reference",
    )


def check_calls(calls: Calls, length: int) -> None:
    """Refuse calls that contradict themselves or leave the reference.

    Raises
    ------
    ValueError
        If they do.
    """
    check_intervals(calls.callable, length)
    check_intervals(calls.ambiguous, length)
    _require(
        _ascend_within(calls.positions, length - 1)
        and bool((calls.positions[1:] > calls.positions[:-1]).all())
        and calls.bases.dtype == np.uint8
        and calls.bases.shape == calls.positions.shape
        and bool((calls.bases < BASES).all()),
        "called bases that are none or leave the reference",
    )
    _require(
        _ascend_within(calls.indels, length) and calls.indel_sizes.shape == calls.indels.shape,
        "insertions or deletions that leave the reference",
    )
    blocks, lengths = calls.blocks, calls.contig_lengths
    _require(
        bool((lengths > 0).all())
        and bool((blocks.contig >= 0).all())
        and bool((blocks.contig < len(lengths)).all())
        and _pairs_within(blocks.starts, blocks.ends, length)
        and _pairs_within(blocks.contig_starts, blocks.contig_ends, lengths[blocks.contig]),
        "alignments that leave the reference or the assembly",
    )


def _ascend_within(values: NDArray[np.int64], greatest: int) -> bool:
    """Return whether values never fall and lie between 0 and a bound."""
    if not len(values):
        return True
    inside = int(values[0]) >= 0 and int(values[-1]) <= greatest
    return inside and bool((values[1:] >= values[:-1]).all())


def _pairs_within(
    starts: NDArray[np.int64], ends: NDArray[np.int64], length: int | NDArray[np.int64]
) -> bool:
    """Return whether every start is before its end and both lie on what is that long."""
    return bool(((starts >= 0) & (starts < ends) & (ends <= length)).all())


def _require(holds: bool, what: str) -> None:
    """Raise an error that tells what an archive holds, unless a condition holds."""
    if not holds:
        raise ValueError(f"it holds {what}")
