"""The call archive of one assembly: a zip of NumPy arrays, readable with `numpy.load`.

One member per array, named `<first 16 digits of the reference's sha256>/<array>`. Sorted
positions are stored as differences between successive values, interval bounds as one series
start, end, start, end ..., so that a 5-Mb isolate takes about half a megabyte per reference.
A quarantined isolate has an archive without any member but `assembly`.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone.model.calls import BaseCalls, Blocks, Calls, Intervals, Positions
from oneclone.tables.atomic import replacing

REFERENCE_DIGITS = 16


def write_archive(path: Path, assembly: str, calls: Mapping[str, Calls]) -> None:
    """Write the calls of one assembly, atomically and byte-identical for equal calls.

    Parameters
    ----------
    path
        File to write; it ends in `.npz`.
    assembly
        Sha256 of the assembly file.
    calls
        Calls by sha256 of the reference's assembly.
    """
    members: dict[str, NDArray[np.generic]] = {
        "assembly": np.frombuffer(bytes.fromhex(assembly), dtype=np.uint8)
    }
    for reference in sorted(calls):
        for name, array in _arrays(calls[reference]).items():
            members[f"{reference[:REFERENCE_DIGITS]}/{name}"] = array
    with replacing(path) as temporary, temporary.open("wb") as opened:
        np.savez_compressed(opened, allow_pickle=False, **members)


def copy_archive(source: Path, target: Path, assembly: str) -> None:
    """Copy the calls of one assembly under the sha256 of another file of the same contigs.

    Parameters
    ----------
    source
        The archive.
    target
        File to write; it ends in `.npz`.
    assembly
        Sha256 of the other file.
    """
    with np.load(source, allow_pickle=False) as archive:
        members = {name: archive[name] for name in archive.files}
    members["assembly"] = np.frombuffer(bytes.fromhex(assembly), dtype=np.uint8)
    with replacing(target) as temporary, temporary.open("wb") as opened:
        np.savez_compressed(opened, allow_pickle=False, **members)


def read_calls(path: Path, reference: str) -> Calls:
    """Read the calls of an archive on one reference.

    Parameters
    ----------
    path
        The archive.
    reference
        Sha256 of the reference's assembly.

    Raises
    ------
    KeyError
        If the archive has no calls on this reference.
    """
    prefix = reference[:REFERENCE_DIGITS]
    with np.load(path, allow_pickle=False) as archive:

        def read(name: str) -> NDArray[np.int64]:
            """Return an array of the reference's calls."""
            return archive[f"{prefix}/{name}"].astype(np.int64)

        block = read("blocks").reshape(6, -1)
        return Calls(
            callable=_intervals(read("callable")),
            positions=np.cumsum(read("positions")),
            bases=archive[f"{prefix}/bases"],
            ambiguous=_intervals(read("ambiguous")),
            indels=np.cumsum(read("indels")),
            indel_sizes=read("indel_sizes"),
            blocks=Blocks(
                starts=block[0],
                ends=block[1],
                contig=block[2],
                contig_starts=block[3],
                contig_ends=block[4],
                reverse=block[5].astype(bool),
            ),
            contig_lengths=read("contig_lengths"),
        )


def read_base_calls(path: Path, reference: str) -> BaseCalls:
    """Read of an archive only which base was called where: what the core alignment needs.

    Parameters
    ----------
    path
        The archive.
    reference
        Sha256 of the reference's assembly.

    Raises
    ------
    KeyError
        If the archive has no calls on this reference.
    """
    prefix = reference[:REFERENCE_DIGITS]
    with np.load(path, allow_pickle=False) as archive:
        return BaseCalls(
            callable=_intervals(archive[f"{prefix}/callable"].astype(np.int64)),
            positions=np.cumsum(archive[f"{prefix}/positions"].astype(np.int64)),
            bases=archive[f"{prefix}/bases"],
        )


def _arrays(calls: Calls) -> dict[str, NDArray[np.generic]]:
    """Return the arrays to store, in the form in which they are stored."""
    blocks = calls.blocks
    rows = (
        blocks.starts,
        blocks.ends,
        blocks.contig,
        blocks.contig_starts,
        blocks.contig_ends,
        blocks.reverse,
    )
    return {
        "callable": _bounds(calls.callable),
        "positions": _differences(calls.positions),
        "bases": calls.bases,
        "ambiguous": _bounds(calls.ambiguous),
        "indels": _differences(calls.indels),
        "indel_sizes": calls.indel_sizes.astype(np.int32),
        "blocks": np.concatenate(rows).astype(np.int32),
        "contig_lengths": calls.contig_lengths.astype(np.int32),
    }


def _differences(sorted_values: Positions) -> NDArray[np.uint32]:
    """Return the first value and the differences to each next one."""
    return np.diff(sorted_values, prepend=0).astype(np.uint32)


def _bounds(intervals: Intervals) -> NDArray[np.uint32]:
    """Return start, end, start, end ... as differences."""
    return _differences(np.column_stack((intervals.starts, intervals.ends)).ravel())


def _intervals(differences: NDArray[np.int64]) -> Intervals:
    """Return the intervals whose bounds `_bounds` stored."""
    bounds = np.cumsum(differences)
    return Intervals(bounds[0::2], bounds[1::2])
