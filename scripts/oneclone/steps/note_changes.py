"""Rule note_changes: what changed since the previous run, and the record for the registry."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from oneclone.changes import changes as compare_runs
from oneclone.model.evidence import LedgerEntry
from oneclone.model.history import KnownIsolate, KnownVerdict, RunRecord, Snapshot
from oneclone.model.isolates import Isolate, Role, State
from oneclone.model.pairs import MAX_COMPLETE
from oneclone.tables.change_table import write_changes
from oneclone.tables.checksum import file_sha256
from oneclone.tables.cluster_table import ClusterRow, read_clusters
from oneclone.tables.delimited import read_table
from oneclone.tables.history_files import (
    read_distances,
    read_history_file,
    write_distances,
    write_run_record,
)
from oneclone.tables.json_files import read_json
from oneclone.tables.ledger import read_ledger
from oneclone.tables.pair_file import read_pairs
from oneclone.tables.run_plan import read_isolates, read_plan_panel

NO_CLUSTERS = ClusterRow("", "", ())


def note_changes(
    *,
    isolates: Path,
    panel: Path,
    history: Path,
    earlier_distances: Path,
    ledger: Path,
    clusters: Path,
    pairs: Path,
    verdict: Path,
    verdict_pairs: Path,
    changes: Path,
    record: Path,
    distances: Path,
    registry: str,
    identity: str,
) -> None:
    """Compare a run with the previous one of its investigation, and write down both.

    Parameters
    ----------
    isolates, panel, history, earlier_distances
        The run's plan, and what is known of earlier runs.
    ledger, clusters, pairs, verdict, verdict_pairs
        Results.
    changes
        Table of changes to write; without a previous run it has no row.
    record, distances
        What the registry is to keep of the run.
    registry
        Its path as the configuration gives it.
    identity
        Digest of all that entered the run.
    """
    past = read_history_file(history)
    judged = read_json(verdict)
    cohort = read_plan_panel(panel)
    rows, entries = read_isolates(isolates), read_ledger(ledger)
    write_distances(distances, read_pairs(pairs, with_any=_recorded(entries)).values())
    present = Snapshot(
        identity=identity,
        investigation=judged["settings"]["investigation"],
        panel=cohort.name,
        panel_version=cohort.version,
        verdict=judged["verdict"],
        sentence=judged["sentence"],
        reasons=tuple(judged["reasons"]),
        isolates=_isolates(rows, entries, read_clusters(clusters)),
        clones=tuple(_clones(judged["clones"])),
        pairs=tuple(_pairs(verdict_pairs)),
        settings=judged["settings"],
        versions=judged["versions"],
    )
    before = read_distances(earlier_distances)
    found = compare_runs(past, present, before or None, read_distances(distances))
    write_changes(changes, found)
    sha256 = file_sha256(distances)
    write_run_record(record, RunRecord(registry, present, past.number, found, sha256))


def _recorded(ledger: Mapping[str, LedgerEntry]) -> list[str] | None:
    """Return whose pairs the registry keeps: the cases' in a large set, else everybody's."""
    used = [entry for entry in ledger.values() if entry.state is State.USED]
    if len(used) <= MAX_COMPLETE:
        return None
    return [entry.name for entry in used if entry.role is Role.CASE]


def _isolates(
    rows: Mapping[str, Isolate],
    ledger: Mapping[str, LedgerEntry],
    clusters: Mapping[str, ClusterRow],
) -> tuple[KnownIsolate, ...]:
    """Return every row of the ledger with its clone and address, sorted by name."""
    return tuple(
        KnownIsolate(
            name=name,
            role=entry.role,
            state=entry.state,
            reason=",".join(entry.reasons),
            sha256=entry.sha256,
            genome=entry.canonical_sha256,
            clone=clusters.get(name, NO_CLUSTERS).clone,
            settled_clone=clusters.get(name, NO_CLUSTERS).settled_clone,
            address=clusters.get(name, NO_CLUSTERS).address,
            metadata=dict(_metadata(rows[name])),
        )
        for name, entry in sorted(ledger.items())
    )


def _metadata(isolate: Isolate) -> Iterator[tuple[str, str]]:
    """Give column and cell of what the isolate table says of an isolate, but for blank cells."""
    place = isolate.place
    cells = {
        "role": str(isolate.role),
        "patient": isolate.patient,
        "clinic": isolate.clinic,
        "collection_date": isolate.collection_date,
        "country": isolate.country,
        "latitude": "" if place is None else str(place.latitude),
        "longitude": "" if place is None else str(place.longitude),
        "laboratory": isolate.laboratory,
        "sequencing_run": isolate.sequencing_run,
        "extraction_batch": isolate.extraction_batch,
        **isolate.extra,
    }
    for column, cell in cells.items():
        if cell:
            yield column, cell


def _clones(clones: Sequence[Mapping[str, Any]]) -> Iterator[KnownVerdict]:
    """Give the verdicts of clones."""
    for clone in clones:
        yield KnownVerdict(clone["name"], "", clone["verdict"], ",".join(clone["reasons"]))


def _pairs(verdict_pairs: Path) -> Iterator[KnownVerdict]:
    """Give the verdicts of pairs of case isolates."""
    for row in read_table(verdict_pairs, ()).rows:
        yield KnownVerdict(row["isolate_a"], row["isolate_b"], row["verdict"], row["reason"])
