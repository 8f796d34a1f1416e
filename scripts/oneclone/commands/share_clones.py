"""Command share: the clones of a finished run as a bundle for another laboratory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from oneclone.ani import MARKERS_FILE
from oneclone.bundled_clones import (
    COUNTING_MODULE,
    MASK,
    PANEL,
    RECORD,
    ROSTER,
    SECTIONS,
    SKETCHES,
    BundleRecord,
    member_names,
    reference_name,
    sketch_names,
)
from oneclone.choices import chosen
from oneclone.commands.finished_run import (
    FinishedRun,
    load_finished_run,
    refuse_unfinished,
    require_files,
    require_no_run_since,
)
from oneclone.digests import source_digest
from oneclone.errors import InputRefused
from oneclone.model.run_plan import RosterEntry
from oneclone.tables.atomic import refuse_foreign, replacing, write_text
from oneclone.tables.checksum import file_sha256
from oneclone.tables.clone_bundle import MANIFEST, RESULTS, write_clone_bundle
from oneclone.tables.cluster_table import read_clones
from oneclone.tables.json_files import read_json, write_record
from oneclone.tables.run_plan import roster_text

SHARED_RESULTS = (
    "clusters.tsv",
    "distances/pairs.tsv",
    "distances/recombination.tsv",
    "ledger.tsv",
    "tree/core.nwk",
    "typing.tsv",
    "verdict.json",
    "verdict_pairs.tsv",
)


@dataclass(frozen=True)
class Shared:
    """What was written: members of each clone by its name, and size and sha256 of the bundle.

    `mode` tells whether names are as typed (`internal`) or pseudonyms (`share`).
    """

    clones: Mapping[str, tuple[str, ...]]
    size: int
    sha256: str
    mode: str


def share_clones(working: Path, bundle: Path, clones: Sequence[str] = ()) -> Shared:
    """Write a bundle of clones; equal runs give equal bundles.

    Parameters
    ----------
    working
        Working directory of the run.
    bundle
        File to write.
    clones
        Names of the clones whose calls are given away; none = all.

    Raises
    ------
    OnecloneError
        If there is no finished run, or its files are gone or not those of one run.
    InputRefused
        If a name is unknown, the run has no clone, or the bundle would replace another file.
    """
    refuse_foreign(bundle, MANIFEST, "a bundle of clones")
    run = load_finished_run(working)
    refuse_unfinished(run, SHARED_RESULTS)
    chosen = _clones(read_clones(run.results / "clusters.tsv"), clones)
    members = {name for names in chosen.values() for name in names}
    entries = tuple(entry for entry in run.plan.roster if entry.name in members)
    with TemporaryDirectory() as folder:
        record, roster = Path(folder) / RECORD, Path(folder) / "roster.json"
        write_record(record, _record(run, chosen), BundleRecord)
        write_text(roster, roster_text(entries))
        files = {RECORD: record, ROSTER: roster, **_files(run, entries)}
        require_files(*files.values())
        with replacing(bundle) as written:
            write_clone_bundle(written, files)
            require_no_run_since(run)
    mode = run.plan.settings.privacy.mode
    return Shared(chosen, bundle.stat().st_size, file_sha256(bundle), mode)


def _clones(
    known: Mapping[tuple[str, ...], str], names: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the members of the asked-for clones by name, of all when none was asked for."""
    members = {clone: each for each, clone in known.items()}
    if not members:
        raise InputRefused(["the run has no clone: no case isolate was assessed"])
    return {clone: members[clone] for clone in chosen("clone", tuple(names), members)}


def _record(run: FinishedRun, clones: Mapping[str, tuple[str, ...]]) -> BundleRecord:
    """Return what the bundle says of itself."""
    shown = run.plan.shown_settings
    return BundleRecord(
        panel=run.plan.panel.name,
        panel_version=run.plan.panel.version,
        clones=clones,
        settings={section: shown[section] for section in SECTIONS},
        versions=read_json(run.results / "provenance" / "versions.json"),
        counting_code=source_digest(COUNTING_MODULE),
    )


def _files(run: FinishedRun, members: Sequence[RosterEntry]) -> dict[str, Path]:
    """Return the files of the run that go into the bundle, by their names there."""
    panel = run.plan.panel
    of_sketches = (f"{SKETCHES}/{MARKERS_FILE}", *sketch_names(panel))
    prepared = zip(panel.counting_assemblies, run.prepared, strict=True)
    of_members = [name for entry in members for name in member_names(entry.calls_key)]
    return {
        PANEL: run.panel,
        MASK: run.mask,
        **dict(zip(of_sketches, (run.markers, *run.sketches), strict=True)),
        **{reference_name(assembly): path for assembly, path in prepared},
        **{name: run.state / "calls" / Path(name).name for name in of_members},
        **{RESULTS + Path(name).name: run.results / name for name in SHARED_RESULTS},
    }
