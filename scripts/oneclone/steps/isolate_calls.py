"""All that is done with one assembly by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os.path import commonpath
from pathlib import Path

from mappy import Aligner
from pyskani import Database

from oneclone import ani
from oneclone.aligning import align_contigs, open_index
from oneclone.calling import call_bases
from oneclone.errors import AssemblyRejected
from oneclone.mixtures import duplicated
from oneclone.model.assessment import Assessment, Remark
from oneclone.model.calls import Calls, Intervals, ReferenceSequence
from oneclone.model.isolates import State
from oneclone.model.panel import Panel
from oneclone.model.settings import CallingSettings
from oneclone.sequences import (
    AssemblyStatistics,
    canonical_contigs,
    canonical_sha256,
    statistics,
)
from oneclone.subtyping import species_objection, subspecies
from oneclone.tables.call_archive import write_archive
from oneclone.tables.json_files import write_record
from oneclone.tables.linked_assembly import read_linked_assembly
from oneclone.tables.reference_file import read_reference
from oneclone.tables.run_plan import read_plan_panel


@dataclass(frozen=True)
class _Reference:
    """A counting reference, whose files are read when an assembly is first called on it."""

    index: Path
    prepared: Path
    preset: str

    @cached_property
    def aligner(self) -> Aligner:
        """The open index."""
        return open_index(self.index, self.preset)

    @cached_property
    def content(self) -> tuple[ReferenceSequence, Intervals]:
        """Bases and repeats."""
        return read_reference(self.prepared)


class IsolateCaller:
    """Check assemblies, find their subspecies and call their bases on the counting references.

    What they are compared with is loaded once for all of them, when the first needs it.

    Parameters
    ----------
    panel
        The panel of the run's plan.
    markers, sketches
        Sketches of the panel's references, all in one folder.
    indexes, prepared
        Counting references in the order of `panel.counting_assemblies`.
    settings
        How bases are called.
    """

    def __init__(
        self,
        *,
        panel: Path,
        markers: Path,
        sketches: Sequence[Path],
        indexes: Sequence[Path],
        prepared: Sequence[Path],
        settings: CallingSettings,
    ) -> None:
        self._panel = read_plan_panel(panel)
        self._settings = settings
        self._sketch_folder = Path(commonpath([markers, *sketches]))
        files = zip(self._panel.counting_assemblies, indexes, prepared, strict=True)
        self._references = {
            assembly: _Reference(index, sequence, settings.preset)
            for assembly, index, sequence in files
        }

    def call(self, assembly: Path, *, assessment: Path, calls: Path) -> None:
        """Call one assembly.

        Parameters
        ----------
        assembly
            FASTA file, named by its sha256.
        assessment, calls
            Files to write, the assessment last; those of a quarantined assembly say so.
        """
        contigs: tuple[bytes, ...] = ()
        remarks: tuple[Remark, ...] = ()
        try:
            written = read_linked_assembly(assembly, self._panel.genome_length_bp[1])
            contigs, remarks = canonical_contigs(written.contigs), written.remarks
            found = self._assess(assembly.name, contigs)
        except AssemblyRejected as rejected:
            found = _rejected(assembly.name, rejected)
        called = {reference: self._called(contigs, reference) for reference in found.references}
        if found.state is State.USED:
            species = self._panel.species_assembly
            sequence, repeats = self._references[species].content
            twice, single = duplicated(called[species].blocks, repeats, sequence.length_bp)
            found = replace(found, duplicated_bp=twice, single_copy_bp=single, remarks=remarks)
        write_archive(calls, found.assembly, called)
        write_record(assessment, found, Assessment)

    @cached_property
    def _sketches(self) -> Database:
        """Sketches of the panel's references."""
        return ani.open_sketches(self._sketch_folder)

    def _called(self, contigs: tuple[bytes, ...], assembly: str) -> Calls:
        """Return the calls of contigs on a reference, given by the sha256 of its assembly."""
        reference = self._references[assembly]
        sequence, _ = reference.content
        alignments = align_contigs(contigs, reference.aligner, sequence)
        return call_bases(alignments, contigs, sequence, self._settings)

    def _assess(self, sha256: str, contigs: tuple[bytes, ...]) -> Assessment:
        """Return statistics, ANI and subspecies of an assembly, or why it is quarantined."""
        panel, settings = self._panel, self._settings
        size = statistics(contigs)
        quarantined = Assessment(
            assembly=sha256,
            canonical_sha256=canonical_sha256(contigs),
            state=State.QUARANTINED,
            reason="",
            detail="",
            statistics=size,
            ani=(),
            subspecies="",
            references=(),
        )
        reason, detail = _objection(size, panel, settings)
        if reason:
            return replace(quarantined, reason=reason, detail=detail)
        hits = ani.query(contigs, self._sketches)
        if detail := species_objection(hits, panel.ani):
            reason = "wrong_species"
            if size.n50_bp < settings.min_block_bp:  # no finding can rest on such contigs
                reason = "too_fragmented"
                detail = (
                    f"half of its bases lie in contigs of {size.n50_bp} bases or less; nothing is "
                    f"compared on less than {settings.min_block_bp}, assemble the reads again"
                )
            return replace(quarantined, ani=hits, reason=reason, detail=detail)
        kind = subspecies(hits, panel.type_strains, panel.ani)
        counted_on = {panel.species_assembly, panel.counting_assembly(kind, kind)}
        return replace(
            quarantined,
            state=State.USED,
            ani=hits,
            subspecies=kind,
            references=tuple(sorted(counted_on)),
        )


def _objection(
    size: AssemblyStatistics, panel: Panel, settings: CallingSettings
) -> tuple[str, str]:
    """Return code and sentence of what speaks against an assembly's size, blank if nothing."""
    low, high = panel.genome_length_bp
    if size.length_bp < low:
        return "too_short", f"{size.length_bp} bases, the species has at least {low}"
    if size.length_bp > high:
        return "too_long", f"{size.length_bp} bases, the species has at most {high}"
    if 100 * size.ambiguous_bp > settings.max_ambiguous_percent * size.length_bp:
        return "too_ambiguous", (
            f"{size.ambiguous_bp} of {size.length_bp} bases are ambiguous, more than "
            f"{settings.max_ambiguous_percent:g} %"
        )
    return "", ""


def _rejected(sha256: str, rejected: AssemblyRejected) -> Assessment:
    """Return the assessment of a file that is not an assembly."""
    return Assessment(
        assembly=sha256,
        canonical_sha256="",
        state=State.QUARANTINED,
        reason=rejected.code,
        detail=rejected.detail,
        statistics=None,
        ani=(),
        subspecies="",
        references=(),
    )
