"""Engines and a cohort that several test modules share: making them once is enough."""

from pathlib import Path

import pytest

from oneclone.masking import repeated_kmers
from oneclone.sequences import reverse_complement
from tests.integration.workflow import read_json, rows
from tests.properties.cohort import Cohort
from tests.properties.engine import Engine, default_settings, random_codes, reference_of
from tests.properties.pair_bench import Bench


@pytest.fixture(scope="session")
def engine(tmp_path_factory) -> Engine:
    """Return an engine on a chromosome of 30 kb with two copies of a repeat, and 9 kb more."""
    chromosome, plasmid = random_codes(101, 30_000), random_codes(102, 9000)
    chromosome[21_000:21_800] = reverse_complement(chromosome[5000:5800])
    mask = repeated_kmers([chromosome, plasmid], default_settings().repeats.kmer_bp)
    folder = tmp_path_factory.mktemp("engine")
    return Engine(folder, reference_of(chromosome, plasmid), mask)


@pytest.fixture(scope="session")
def plain_engine(tmp_path_factory) -> Engine:
    """Return an engine on one contig of 12,001 bases without repeats or mask."""
    return Engine(tmp_path_factory.mktemp("plain"), reference_of(random_codes(103, 12_001)))


@pytest.fixture(scope="session")
def cohort(tmp_path_factory) -> Cohort:
    """Return a small outbreak with the results of all of it; nobody changes it."""
    made = Cohort(tmp_path_factory.mktemp("runs") / "outbreak")
    assert rows(made.results / "distances/recombination.tsv")
    assert read_json(made.results / "verdict.json")["verdict"] != "not_assessable"
    return made


@pytest.fixture
def bench(cohort: Cohort, tmp_path: Path) -> Bench:
    """Return what counts some isolates of the cohort into a new folder."""
    return Bench(cohort, tmp_path)
