"""Readers of what a run left and somebody may have edited: results, and the registry."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from oneclone.registry.checking import problems as registry_problems
from oneclone.registry.database import damages, open_registry
from oneclone.registry.exporting import export_registry
from oneclone.registry.listing import aligned, list_clones, list_isolates, list_runs
from oneclone.registry.past import RunKey, read_history
from oneclone.registry.showing import show
from oneclone.run_record import closing_words
from oneclone.tables.change_table import read_changes
from oneclone.tables.cluster_table import read_clones, read_clusters
from oneclone.tables.core_files import read_core_codes, read_core_sites
from oneclone.tables.core_size_files import (
    read_core_by_isolate,
    read_core_curve,
    read_core_summary,
)
from oneclone.tables.json_files import read_json
from oneclone.tables.ledger import read_ledger
from oneclone.tables.manifest import changed_results
from oneclone.tables.mixture_table import read_mixture_signs
from oneclone.tables.pair_file import read_pairs
from oneclone.tables.pair_table import read_stretches
from oneclone.tables.read_back import read_back
from oneclone.tables.recombination_files import read_removals
from oneclone.tables.robustness_table import read_robustness
from oneclone.tables.time_file import read_time
from oneclone.tables.tree_files import read_local_trees, read_placements, read_tree_summary
from oneclone.tables.typing_table import read_typing
from tests.soak.fuzzing.input_readers import ROOT, TEXT_WORDS
from tests.soak.fuzzing.reader import Reader, chosen, numbered
from tests.unit.registry_builder import held, isolate, run, take

RESULTS: dict[str, tuple[Callable[[Path], object], ...]] = {
    "ledger.tsv": (read_ledger,),
    "typing.tsv": (read_typing,),
    "clusters.tsv": (read_clones, read_clusters),
    "mixtures.tsv": (read_mixture_signs,),
    "robustness.tsv": (read_robustness,),
    "changes.tsv": (read_changes,),
    "time.json": (read_time,),
    "distances/pairs.parquet": (read_pairs,),
    "distances/recombination.tsv": (read_stretches, read_removals),
    "alignment/core.json": (read_core_summary,),
    "alignment/core.snps.fasta": (read_core_codes,),
    "alignment/core.sites.tsv": (read_core_sites,),
    "alignment/core_by_isolate.tsv": (read_core_by_isolate,),
    "alignment/core_curve.tsv": (read_core_curve,),
    "tree/core.json": (read_tree_summary,),
    "tree/local_trees.json": (read_local_trees,),
    "tree/placement.tsv": (read_placements,),
    "provenance/settings.json": (read_back(read_json),),
    "provenance/manifest.sha256": (lambda path: changed_results(path, path.parent),),
    "verdict.json": (lambda path: list(closing_words(path.parent)),),
}


class ResultReader(Reader):
    """Tables and records of a finished run."""

    name = "results"
    max_bytes = 1 << 14
    words = (b"used", b"quarantined", b"not_assessed", b"true", b"null", b"[[[[[[", b'{"a":',
             b"scanned", b"NaN", b"1.5", b"; ", *TEXT_WORDS)  # fmt: skip

    def seeds(self) -> Iterable[bytes]:
        folders = (ROOT / "results", self.run / "work" / "results")
        contents = [
            next((path.read_bytes() for each in folders if (path := each / name).is_file()), b"")
            for name in RESULTS
        ]
        yield from (each for each in numbered(contents) if 1 < len(each) <= self.max_bytes)
        yield from (_shortened(each) for each in numbered(contents) if len(each) > self.max_bytes)
        yield bytes([5]) + b"kind\tsubject\tbefore\tafter\tdetail\nnew_isolate\tA\t\tb\tc\n"
        yield bytes([11]) + b"contig\tposition\treference_base\nc1\t5\tA\n"

    def read(self, data: bytes) -> None:
        number, content = chosen(data, len(RESULTS))
        name, readers = list(RESULTS.items())[number]
        path = self.folder / Path(name).name
        path.write_bytes(content)
        for each in readers:
            each(path)


class RegistryReader(Reader):
    """A registry: a SQLite file that may come from a colleague or a failing disk."""

    name = "registry"
    max_bytes = 1 << 16
    words = (b"SQLite format 3\0", b"sightings", b"decisions", b"case", b"held", b"[1, 2]", b"{}",
             b"1.1.1.1", b"\x78\x9c", *TEXT_WORDS)  # fmt: skip

    def seeds(self) -> Iterable[bytes]:
        path = self.folder / "seed.sqlite"
        path.unlink(missing_ok=True)
        for record in (
            run(isolate("PtA"), isolate("PtB", genome="g")),
            run(isolate("PtA"), held("PtB", "clone-a", "clone-b"), identity="2", previous=1),
        ):
            take(path, record)
            with closing(sqlite3.connect(path, isolation_level=None)) as database:
                database.execute("PRAGMA page_size = 512")
                database.execute("VACUUM")
            yield path.read_bytes()

    def read(self, data: bytes) -> None:
        path = self.folder / "registry.sqlite"
        for old in self.folder.glob("registry.sqlite*"):
            old.unlink()
        path.write_bytes(data)
        shutil.rmtree(self.folder / "exported", ignore_errors=True)
        with open_registry(path) as database:
            damages(database)
            registry_problems(database)
            read_history(database, RunKey("outbreak", "mabs", "3"))
            for listing in (list_runs, list_isolates, list_clones):
                list(aligned(listing(database)))
            show(database, "PtA")
            export_registry(database, self.folder / "exported")


def _shortened(data: bytes) -> bytes:
    """Return the first lines of a table."""
    return b"\n".join(data.split(b"\n")[:20]) + b"\n"
