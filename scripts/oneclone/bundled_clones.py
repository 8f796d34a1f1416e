"""Clones in a bundle: what is written into one, and reading one from elsewhere.

Names in a bundle: `plan/` holds panel and mask as in the run's plan, `references/` and `sketches/`
one file per sha256 of a panel assembly, `members/` the roster of the members with the files of
their calls, `results/` the tables of the run.
"""

import contextlib
import sys
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oneclone.ani import MARKERS_FILE, SKETCH_SUFFIX
from oneclone.errors import InputRefused, ToolFailed
from oneclone.model.assessment import Assessment
from oneclone.model.calls import PreparedReference
from oneclone.model.isolates import State
from oneclone.model.panel import Panel, with_thresholds
from oneclone.model.settings import Settings
from oneclone.phrases import printable
from oneclone.plan import read_settings
from oneclone.programs import run_program
from oneclone.steps.loading import Taxon, load_references
from oneclone.tables.array_checks import (
    check_archive,
    check_calls,
    check_intervals,
    check_reference,
)
from oneclone.tables.clone_bundle import unpack_clone_bundle
from oneclone.tables.json_files import read_record
from oneclone.tables.plain_text import control_characters
from oneclone.tables.read_back import MALFORMED, malformed
from oneclone.tables.reference_file import read_reference
from oneclone.tables.run_plan import read_mask, read_plan_panel, read_roster

RECORD = "bundle.json"
PANEL = "plan/panel.json"
MASK = "plan/mask.json"
ROSTER = "members/roster.json"
SKETCHES = "sketches"
COUNTING_MODULE = "oneclone.pair_counting"
SECTIONS = ("thresholds", "calling", "repeats", "recombination")
READ_SKETCHES = (
    "import resource, pyskani; resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32)); "
    "pyskani.Database.load('.').query('nothing', b'')"
)


@dataclass(frozen=True)
class BundleRecord:
    """What `bundle.json` says.

    `clones` are the members of each clone by its name, `settings` the sections of the
    configuration that enter a distance, `versions` those of the run's software, and
    `counting_code` the digest of the code that counts a pair.
    """

    panel: str
    panel_version: str
    clones: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    counting_code: str


@dataclass(frozen=True)
class BundledClones:
    """A bundle that was checked and unpacked into a folder.

    `panel` has the thresholds of the run; `references` are the counting references by the sha256
    of their assemblies.
    """

    folder: Path
    record: BundleRecord
    panel: Panel
    settings: Settings
    members: tuple[Taxon, ...]
    references: Mapping[str, PreparedReference]

    @property
    def panel_file(self) -> Path:
        """The panel of the run's plan."""
        return self.folder / PANEL

    @property
    def markers(self) -> Path:
        """What finds sketches that are near."""
        return self.folder / SKETCHES / MARKERS_FILE

    @property
    def sketches(self) -> tuple[Path, ...]:
        """Sketches of the panel's references."""
        return tuple(self.folder / name for name in sketch_names(self.panel))

    @property
    def prepared(self) -> tuple[Path, ...]:
        """Counting references in the order of `panel.counting_assemblies`."""
        return tuple(self.folder / reference_name(each) for each in self.panel.counting_assemblies)

    @property
    def clone_of(self) -> Mapping[str, str]:
        """Name of the clone of each member."""
        return {name: clone for clone, names in self.record.clones.items() for name in names}


def reference_name(assembly: str) -> str:
    """Return the name of a prepared counting reference in a bundle."""
    return f"references/{assembly}.npz"


def sketch_names(panel: Panel) -> tuple[str, ...]:
    """Return the names of the sketches of a panel's references in a bundle, sorted."""
    assemblies = sorted({reference.assembly for reference in panel.references})
    return tuple(f"{SKETCHES}/{assembly}{SKETCH_SUFFIX}" for assembly in assemblies)


def member_names(calls_key: str) -> tuple[str, str]:
    """Return the names of the assessment and of the calls of a member in a bundle."""
    return f"members/{calls_key}.json", f"members/{calls_key}.npz"


def read_clone_bundle(path: Path, folder: Path) -> BundledClones:
    """Check a bundle, unpack it and read what pairs are counted on.

    Parameters
    ----------
    path
        The bundle.
    folder
        Empty folder; what is returned reads from it.

    Raises
    ------
    InputRefused
        If the bundle is damaged, incomplete, of a newer format, or not what oneclone writes.
    """
    names = unpack_clone_bundle(path, folder)
    with _malformed(path):
        record = read_record(folder / _present(names, RECORD), BundleRecord)
        given = {section: record.settings[section] for section in SECTIONS}
        settings = read_settings({**given, "isolates": "-", "panel": "-"})
        panel = read_plan_panel(folder / _present(names, PANEL))
        _check_panel(panel, names)
        panel = with_thresholds(panel, settings.thresholds)
        references = _references(panel, folder, names)
        members = _members(panel, folder, names, references)
        _check_sketches(folder / SKETCHES)
        if sorted(name for each in record.clones.values() for name in each) != sorted(
            taxon.name for taxon in members
        ):
            raise ValueError("its clones have other members than its roster")
    return BundledClones(folder, record, panel, settings, members, references)


@contextlib.contextmanager
def _malformed(path: Path) -> Generator[None]:
    """Say of content that oneclone would not have written whose it is."""
    try:
        yield
    except InputRefused as refused:
        problems = [f"{path.resolve()}: {printable(text)}" for text in refused.problems]
        raise InputRefused(problems) from refused
    except MALFORMED as error:
        text = "the bundle holds what oneclone does not write"
        raise InputRefused([f"{path.resolve()}: {text}: {printable(malformed(error))}"]) from error


def _present(names: frozenset[str], name: str) -> str:
    """Return a name that the bundle has.

    Raises
    ------
    InputRefused
        If it has not.
    """
    if name not in names:
        raise InputRefused([f"the bundle lacks {name[:120]!a}; ask the sender for a whole one"])
    return name


def _check_panel(panel: Panel, names: frozenset[str]) -> None:
    """Refuse a panel whose files are not in the bundle, or whose names no table could hold."""
    if not any(reference.name == panel.species_reference for reference in panel.references):
        raise ValueError("the species reference of its panel is not a reference")
    _check_text(panel.name, panel.version, *(reference.name for reference in panel.references))
    for name in (f"{SKETCHES}/{MARKERS_FILE}", *sketch_names(panel), MASK):
        _present(names, name)
    for assembly in panel.counting_assemblies:
        _present(names, reference_name(assembly))


def _references(
    panel: Panel, folder: Path, names: frozenset[str]
) -> Mapping[str, PreparedReference]:
    """Return the counting references."""
    mask_file = folder / _present(names, MASK)
    masked = read_mask(mask_file)
    prepared = [folder / reference_name(assembly) for assembly in panel.counting_assemblies]
    for assembly, file in zip(panel.counting_assemblies, prepared, strict=True):
        check_archive(file)
        sequence, repeats = read_reference(file)
        check_reference(sequence, repeats)
        _check_text(*sequence.names)
        if assembly in masked:
            check_intervals(masked[assembly], sequence.length_bp)
    return load_references(panel, mask_file, prepared)


def _members(
    panel: Panel,
    folder: Path,
    names: frozenset[str],
    references: Mapping[str, PreparedReference],
) -> tuple[Taxon, ...]:
    """Return the members, sorted by name."""
    found: dict[str, Taxon] = {}
    for entry in read_roster(folder / _present(names, ROSTER)):
        _check_text(entry.name)
        assessment_file, archive = (
            folder / _present(names, name) for name in member_names(entry.calls_key)
        )
        assessment = read_record(assessment_file, Assessment)
        kind = assessment.subspecies
        needed = {panel.species_assembly, panel.counting_assembly(kind, kind)}
        if assessment.state is not State.USED or not needed <= set(assessment.references):
            raise ValueError(f"its member {entry.name!a} has no calls")
        check_archive(archive)
        taxon = Taxon(entry, assessment, kind, archive)
        for assembly in needed:
            check_calls(taxon.calls(assembly), references[assembly].sequence.length_bp)
        found[entry.name] = taxon
    return tuple(found[name] for name in sorted(found))


def _check_sketches(folder: Path) -> None:
    """Refuse sketches that skani cannot read; on some it ends the process that tries."""
    try:
        run_program([sys.executable, "-I", "-c", READ_SKETCHES], folder)
    except ToolFailed as failed:
        raise ValueError("sketches that skani cannot read") from failed


def _check_text(*texts: str) -> None:
    """Refuse names that could not stand in a table."""
    for text in texts:
        if not text or control_characters(text):
            raise ValueError(f"it holds the name {text[:80]!a}")
