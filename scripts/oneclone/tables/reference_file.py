"""A prepared reference: its bases and its repeats, as a zip of NumPy arrays."""

from pathlib import Path

import numpy as np

from oneclone.model.calls import Intervals, ReferenceSequence
from oneclone.tables.atomic import replacing


def write_reference(path: Path, reference: ReferenceSequence, repeats: Intervals) -> None:
    """Write a reference and its repeats."""
    with replacing(path) as temporary, temporary.open("wb") as opened:
        np.savez_compressed(
            opened,
            allow_pickle=False,
            names=np.array(reference.names),
            offsets=reference.offsets,
            codes=reference.codes,
            repeat_starts=repeats.starts,
            repeat_ends=repeats.ends,
        )


def read_reference(path: Path) -> tuple[ReferenceSequence, Intervals]:
    """Read a reference and its repeats."""
    with np.load(path, allow_pickle=False) as archive:
        names = tuple(str(name) for name in archive["names"])
        reference = ReferenceSequence(names, archive["offsets"], archive["codes"])
        return reference, Intervals(archive["repeat_starts"], archive["repeat_ends"])
