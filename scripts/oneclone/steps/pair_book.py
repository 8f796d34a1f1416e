"""All pairs of a cohort that were asked for: known from earlier runs, or counted now."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oneclone.digests import library_versions, settings_digest
from oneclone.model.panel import Panel
from oneclone.pair_counting import CountingRule
from oneclone.pair_coverage import Missing, missing_rows
from oneclone.steps.loading import Taxon
from oneclone.steps.pair_engine import Genome, Request, RuleFiles, count_request, load_rules
from oneclone.tables.pair_segments import Coverage, PairSegments, Segment


@dataclass(frozen=True)
class Workers:
    """What counts: processes, where there are any, and threads."""

    pool: Executor | None
    threads: int


class PairBook:
    """The pairs of a cohort.

    Parameters
    ----------
    files
        How pairs are counted.
    panel
        The panel of the run's plan.
    taxa
        The cohort; several taxa can be one genome.
    store
        Folder of the segments.
    code
        Digest of the code that counts.
    """

    def __init__(
        self, files: RuleFiles, panel: Panel, taxa: Sequence[Taxon], store: Path, code: str
    ) -> None:
        self.rules = load_rules(files)
        self.segments = PairSegments(store, code)
        self._files = files
        self._code = code
        self._digest_of = {
            assembly: _digest(panel, assembly, path, self.rules[assembly])
            for assembly, path in zip(panel.counting_assemblies, files.prepared, strict=True)
        }
        self._genomes = {taxon.entry.calls_key: _genome(taxon) for taxon in taxa}
        self._names_of = Counter(taxon.entry.calls_key for taxon in taxa)
        self._kinds = sorted({taxon.subspecies for taxon in taxa})
        counted_on = [
            [panel.counting_assembly(one, two) for two in self._kinds] for one in self._kinds
        ]
        self._wanted = {
            assembly: np.array([[each == assembly for each in row] for row in counted_on])
            for assembly in self.rules
        }

    def complete(
        self, rows: Sequence[str], columns: Sequence[str], limit: int | None, workers: Workers
    ) -> tuple[int, int]:
        """Count what is not known of the pairs of some genomes with some others.

        Parameters
        ----------
        rows, columns
            Calls keys; the rows are columns too.
        limit
            Greatest number of raw differences that is of interest; `None`: all pairs are.
        workers
            What counts.

        Returns
        -------
        new, known
            How many pairs of taxa were counted, and how many were known.
        """
        asked = _Asked(
            genomes=[self._genomes[key] for key in sorted({*columns})],
            rows=frozenset(rows),
            limit=limit,
        )
        found = [self._complete_on(assembly, asked, workers) for assembly in self.rules]
        return sum(each.new for each in found), sum(each.known for each in found)

    def sources(self) -> Iterator[tuple[Segment, CountingRule]]:
        """Give every segment that holds pairs of these rules, with the rule."""
        for assembly, digest in self._digest_of.items():
            for segment in self.segments.of_rule(digest):
                yield segment, self.rules[assembly]

    def _complete_on(self, assembly: str, asked: "_Asked", workers: Workers) -> Missing:
        """Count what is not known of the pairs that one reference counts."""
        digest, wanted = self._digest_of[assembly], self._wanted[assembly]
        kinds = np.array([self._kinds.index(each.subspecies) for each in asked.genomes])
        missing = missing_rows(
            asked.is_row,
            kinds,
            wanted,
            [asked.part_in(each) for each in self.segments.answering(digest, asked.limit)],
            np.array([self._names_of[each.key] for each in asked.genomes]),
        )
        if missing.rows:
            columns = np.array(missing.columns)
            request = Request(
                assembly=assembly,
                genomes=[asked.genomes[number] for number in missing.columns],
                rows=tuple(np.searchsorted(columns, missing.rows).tolist()),
                kinds=kinds[columns],
                wanted=wanted,
                limit=asked.limit,
            )
            keys = tuple(genome.key for genome in request.genomes)
            parts = count_request(self._files, request, workers.pool, workers.threads)
            coverage = Coverage(digest, self._code, keys, tuple(request.rows), asked.limit)
            self.segments.add(coverage, parts)
        return missing


@dataclass(frozen=True)
class _Asked:
    """Pairs that are asked for: of the rows, which are calls keys, with all of the genomes."""

    genomes: Sequence[Genome]
    rows: frozenset[str]
    limit: int | None

    @property
    def is_row(self) -> NDArray[np.bool_]:
        """Whether each genome is a row."""
        return np.array([genome.key in self.rows for genome in self.genomes])

    def part_in(self, segment: Segment) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which genomes are rows of a segment, and which are its columns."""
        coverage = segment.coverage
        columns = {*coverage.keys}
        rows = {coverage.keys[number] for number in coverage.rows}
        return (
            np.array([genome.key in rows for genome in self.genomes]),
            np.array([genome.key in columns for genome in self.genomes]),
        )


def _genome(taxon: Taxon) -> Genome:
    """Return the genome of a taxon."""
    return Genome(
        key=taxon.entry.calls_key,
        archive=taxon.archive,
        subspecies=taxon.subspecies,
        references=tuple(sorted(taxon.assessment.references)),
    )


def _digest(panel: Panel, assembly: str, prepared: Path, rule: CountingRule) -> str:
    """Return the digest of all that enters counts on a reference beside calls and code.

    Of which subspecies it counts pairs is part of it: a segment says nothing of other pairs.
    """
    mask = rule.reference.mask
    kinds = sorted({"", *panel.type_strains})
    return settings_digest(
        {
            "assembly": assembly,
            "prepared": prepared.stem,
            "mask": hashlib.sha256(mask.starts.tobytes() + mask.ends.tobytes()).hexdigest(),
            "kinds": [
                both for both in product(kinds, kinds) if panel.counting_assembly(*both) == assembly
            ],
            "min_callable_percent": rule.min_callable_percent,
            "max_recombinant_percent": rule.max_recombinant_percent,
            "recombination": asdict(rule.recombination),
            "libraries": library_versions("numpy", "numba", "scipy"),
        }
    )
