"""The count of pairs in blocks: block size and threads change no byte."""

from pathlib import Path

import pytest

from oneclone.steps import count_pairs, pair_engine
from tests.integration.workflow import DEMO
from tests.pipeline import Pipeline

FILES = ("pairs.tsv", "pairs.parquet", "matrix.tsv")


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Pipeline:
    """Return the demo, called and counted in one block."""
    made = Pipeline(tmp_path_factory.mktemp("run"), DEMO / "isolates.tsv", DEMO / "panel")
    made.call()
    made.count()
    return made


@pytest.mark.parametrize(("isolates", "threads"), [(5, 1), (7, 2), (34, 1)])
def test_block_size_and_threads_change_no_byte(run, tmp_path: Path, monkeypatch, isolates, threads):
    monkeypatch.setattr(pair_engine, "BLOCK_BASES", isolates * 200_000 * pair_engine.FAR_SHARE)
    count_pairs.count_pairs(
        **run.core,
        cases=run.state / "plan/cases.json",
        pairs=tmp_path / "pairs.parquet",
        table=tmp_path / "pairs.tsv",
        further=tmp_path / "further.parquet",
        matrix=tmp_path / "matrix.tsv",
        recombination=tmp_path / "stretches.tsv",
        counted=tmp_path / "counted.json",
        store=tmp_path / "pairs",
        settings=run.plan.settings.recombination,
        max_snps=run.plan.settings.pairs_max_snps,
        code="test",
        threads=threads,
    )
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (run.results / "distances" / name).read_bytes()
    assert (tmp_path / "stretches.tsv").read_bytes() == run.stretches.read_bytes()
    assert (tmp_path / "further.parquet").read_bytes() == run.counted_pairs["further"].read_bytes()
    assert len((tmp_path / "pairs.tsv").read_text().splitlines()) == 1 + 35 * 34 // 2
