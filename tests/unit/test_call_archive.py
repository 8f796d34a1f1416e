"""The call archive: what is written is read, byte for byte the same, and small."""

from pathlib import Path

import numpy as np
import pytest

from oneclone.model.calls import Blocks, Calls, Intervals
from oneclone.tables.call_archive import read_calls, write_archive

SHA = "ab" * 32
REFERENCES = ("11" * 32, "22" * 32)


def random_calls(seed: int, snps: int, intervals: int, length: int) -> Calls:
    random = np.random.default_rng(seed)
    bounds = np.sort(random.choice(length, 2 * intervals, replace=False))
    places = np.sort(random.choice(length, snps, replace=False))
    ends = np.array([length])
    zero = np.zeros(1, dtype=np.int64)
    return Calls(
        callable=Intervals(bounds[0::2], bounds[1::2]),
        positions=places,
        bases=random.integers(0, 4, snps).astype(np.uint8),
        ambiguous=Intervals(np.array([3, 90]), np.array([5, 91])),
        indels=np.array([2, 70, 70]),
        indel_sizes=np.array([-3, -1, 20_000]),
        blocks=Blocks(zero, ends, zero, zero, ends, np.array([True])),
        contig_lengths=ends,
    )


def arrays(calls: Calls) -> list[list]:
    return [
        each.tolist()
        for each in (
            calls.callable.starts,
            calls.callable.ends,
            calls.positions,
            calls.bases,
            calls.ambiguous.starts,
            calls.ambiguous.ends,
            calls.indels,
            calls.indel_sizes,
            *vars(calls.blocks).values(),
            calls.contig_lengths,
        )
    ]


def test_write_archive_reads_back_the_calls_of_each_reference(tmp_path: Path):
    calls = {ref: random_calls(n, 200, 30, 10_000) for n, ref in enumerate(REFERENCES)}
    write_archive(tmp_path / "a.npz", SHA, calls)
    for reference in REFERENCES:
        assert arrays(read_calls(tmp_path / "a.npz", reference)) == arrays(calls[reference])


def test_write_archive_equal_calls_give_equal_bytes(tmp_path: Path):
    calls = {ref: random_calls(1, 50, 5, 1000) for ref in REFERENCES}
    write_archive(tmp_path / "a.npz", SHA, calls)
    write_archive(tmp_path / "b.npz", SHA, dict(reversed(calls.items())))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_write_archive_quarantined_isolate_has_no_calls(tmp_path: Path):
    write_archive(tmp_path / "a.npz", SHA, {})
    with np.load(tmp_path / "a.npz") as archive:
        assert archive.files == ["assembly"]
        assert archive["assembly"].tobytes().hex() == SHA
    with pytest.raises(KeyError):
        read_calls(tmp_path / "a.npz", REFERENCES[0])


def test_write_archive_isolate_of_another_subspecies_stays_below_a_megabyte(tmp_path: Path):
    calls = random_calls(1, 145_000, 12_000, 5_067_172)
    write_archive(tmp_path / "a.npz", SHA, {REFERENCES[0]: calls})
    assert (tmp_path / "a.npz").stat().st_size < 1_000_000
