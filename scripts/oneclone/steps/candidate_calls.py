"""Call candidates of a screen as the run calls its isolates, into files of the same names.

An isolate table that names a candidate later finds its calls done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.candidate_files import link_candidate
from oneclone.model.assessment import Assessment
from oneclone.model.isolates import State
from oneclone.model.run_plan import RosterEntry
from oneclone.model.settings import CallingSettings
from oneclone.steps.isolate_calls import IsolateCaller
from oneclone.steps.loading import Taxon
from oneclone.tables.json_files import read_record

CANDIDATE = "\x1f"  # before its sha256: no isolate may have a name with a control character


@dataclass(frozen=True)
class CandidateCalls:
    """Files that calls are made from; `calls_key` is that of any row of the run.

    `state` is the run's folder `.oneclone`, the others are those of the rule call_isolates.
    """

    state: Path
    panel: Path
    markers: Path
    sketches: Sequence[Path]
    indexes: Sequence[Path]
    prepared: Sequence[Path]
    settings: CallingSettings
    calls_key: str

    def key_of(self, sha256: str) -> str:
        """Return the calls key of an assembly: only its first part depends on the assembly."""
        digits, _, digest = self.calls_key.partition("-")
        return f"{sha256[: len(digits)]}-{digest}"

    def archive(self, sha256: str) -> Path:
        """Return the file of an assembly's calls."""
        return self.state / "calls" / f"{self.key_of(sha256)}.npz"

    def call(self, sha256: str, path: Path) -> None:
        """Call a candidate, unless the run or an earlier screen has."""
        archive = self.archive(sha256)
        assessment = archive.with_suffix(".json")
        if archive.is_file() and assessment.is_file():
            return
        caller = IsolateCaller(
            panel=self.panel,
            markers=self.markers,
            sketches=self.sketches,
            indexes=self.indexes,
            prepared=self.prepared,
            settings=self.settings,
        )
        link = link_candidate(self.state / "assemblies", sha256, path)
        caller.call(link, assessment=assessment, calls=archive)

    def taxon(self, sha256: str) -> Taxon:
        """Return a candidate that was called; a quarantined one has no calls."""
        archive = self.archive(sha256)
        assessment = read_record(archive.with_suffix(".json"), Assessment)
        entry = RosterEntry(
            row_id=sha256,
            name=CANDIDATE + sha256,
            assembly=sha256,
            calls_key=self.key_of(sha256),
            is_reference=False,
            problem="",
            detail="",
        )
        return Taxon(entry, assessment, assessment.subspecies, archive)


def is_used(taxon: Taxon) -> bool:
    """Return whether a candidate is not quarantined."""
    return taxon.assessment.state is State.USED
