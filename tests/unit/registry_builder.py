"""Runs to put into registries: short names, made-up hashes."""

import hashlib
from dataclasses import replace
from pathlib import Path

from oneclone.model.history import Change, KnownIsolate, KnownVerdict, RunRecord, Snapshot
from oneclone.registry.database import open_registry
from oneclone.registry.recording import record_run

HEADER = "isolate_a\tisolate_b\tsnps\n"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def isolate(name: str, clone: str = "clone-a", **more) -> KnownIsolate:
    """An isolate in use; its genome is `genome` or its name."""
    genome = more.pop("genome", name)
    found = KnownIsolate(
        name=name,
        role="case",
        state="used",
        reason="",
        sha256=sha(f"file of {genome}"),
        genome=sha(genome) if genome else "",
        clone=clone,
        settled_clone=clone,
        address=(1, 1),
        metadata={"role": "case", "clinic": "Ä"},
    )
    return replace(found, **more)


def held(name: str, *clones: str) -> KnownIsolate:
    return isolate(name, " + ".join(clones), settled_clone="")


def run(
    *isolates: KnownIsolate,
    identity: str = "1",
    previous: int | None = None,
    changes: tuple[Change, ...] = (),
    investigation: str = "outbreak",
) -> RunRecord:
    clones = sorted({each.clone for each in isolates if each.clone})
    names = sorted(each.name for each in isolates)
    snapshot = Snapshot(
        identity=identity,
        investigation=investigation,
        panel="mabs",
        panel_version="1.0.0",
        verdict="single_clone",
        sentence="They are one clone.",
        reasons=("base_single_clone",),
        isolates=isolates,
        clones=tuple(KnownVerdict(clone, "", "single_clone", "why") for clone in clones),
        pairs=tuple(
            KnownVerdict(one, two, "same_clone", "")
            for number, one in enumerate(names)
            for two in names[number + 1 :]
        ),
        settings={"mode": identity, "floor": {"bp": 3}},
        versions={"oneclone": "1"},
    )
    return RunRecord("registry.sqlite", snapshot, previous, changes, sha(distances(isolates)))


def distances(isolates: tuple[KnownIsolate, ...]) -> str:
    return HEADER + "".join(f"{each.name}\tx\t3\n" for each in isolates)


def take(path: Path, *records: RunRecord) -> list[int]:
    """Take runs into a registry, which is made when absent; return their numbers."""
    with open_registry(path, make=True) as database:
        return [
            record_run(database, record, distances(record.snapshot.isolates)) for record in records
        ]
