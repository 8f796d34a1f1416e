"""Write a simulated population as the call files and the plan that joint steps read.

Only the cases have an assembly, which the check without an alignment reads. The sha256 of all
others stands for the settings and the name: equal ones mean equal calls, as in a real run.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from oneclone import intervals
from oneclone.model.assessment import AniHit, Assessment
from oneclone.model.calls import Intervals, ReferenceSequence
from oneclone.model.history import History
from oneclone.model.isolates import Isolate, Role, State
from oneclone.model.run_plan import RosterEntry
from oneclone.model.settings import CallingSettings
from oneclone.sequences import decode
from oneclone.simulation.population import Population
from oneclone.simulation.population_calls import Caller
from oneclone.simulation.population_drafts import Drafts, statistics
from oneclone.simulation.population_model import (
    OF_TYPE_STRAINS,
    SUBSPECIES,
    Member,
    PopulationSettings,
)
from oneclone.simulation.population_rows import CONTIG, isolate, loci, panel
from oneclone.tables import run_plan
from oneclone.tables.atomic import replacing, write_text_if_changed
from oneclone.tables.call_archive import write_archive
from oneclone.tables.history_files import COLUMNS, history_text
from oneclone.tables.json_files import json_text, write_record
from oneclone.tables.reference_file import write_reference

STATE = Path(".oneclone")
KEY_DIGITS = 24  # of either half of a key, as content_keys has it
BATCH = "batches/simulated.json"
SPECIES_ALIGNED, OWN_ALIGNED = 92.0, 97.0  # per cent of a draft that ANI compares; assumed
LINE_BP = 80


@dataclass(frozen=True)
class Digests:
    """What stands in the keys of files beside the assembly: of calls and of references."""

    calls: str
    reference: str


class WrittenPopulation:
    """A population below a working directory.

    Parameters
    ----------
    working
        Working directory.
    settings
        Of the population.
    calling
        How bases are called.
    """

    def __init__(
        self, working: Path, settings: PopulationSettings, calling: CallingSettings
    ) -> None:
        self.state = working / STATE
        self.population = Population(settings)
        self.drafts = Drafts(self.population)
        self.caller = Caller(self.population, self.drafts, calling)
        self.references = self.population.references()
        self._type_strains = self.references[: len(OF_TYPE_STRAINS)]
        self._assembly_of: dict[str, str] = {}
        self.panel = panel(
            settings, self.references, {each.name: self.assembly(each) for each in self.references}
        )

    def assembly(self, member: Member) -> str:
        """Return the sha256 of an assembly; that of a case is written when first asked for."""
        if member.name not in self._assembly_of:
            if member.role is Role.CASE:
                sha256 = self._write_assembly(member)
            else:
                made_of = {**asdict(self.population.settings), "name": member.name}
                sha256 = hashlib.sha256(json_text(made_of).encode()).hexdigest()
            self._assembly_of[member.name] = sha256
        return self._assembly_of[member.name]

    def write(self, isolates: int, digests: Digests) -> None:
        """Write plan, references and calls; calls that are there already stay.

        Parameters
        ----------
        isolates
            How many isolates, the panel's references not counted.
        digests
            Of settings, panel and code.
        """
        members = [*self.population.members(isolates), *self.references]
        self._write_plan(members, digests)
        self._write_references(digests.reference)
        keys: list[str] = []
        for member in members:
            key = f"{self.assembly(member)[:KEY_DIGITS]}-{digests.calls[:KEY_DIGITS]}"
            keys.append(key)
            calls, assessment = (self.state / "calls" / f"{key}{end}" for end in (".npz", ".json"))
            if not (calls.exists() and assessment.exists()):
                self._write_calls(member, calls, assessment)
        run_plan.write_finished_batch(self.state / BATCH, sorted(keys))

    def _write_calls(self, member: Member, archive: Path, assessment: Path) -> None:
        """Write the calls and the assessment of an isolate or a reference."""
        draft = self.drafts.draft(member)
        counted = sorted({0, member.lineage.subspecies})
        called = {
            self.assembly(self.references[number]): self.caller.calls(
                member, draft, self.references[number]
            )
            for number in counted
        }
        assembly = self.assembly(member)
        found = Assessment(
            assembly=assembly,
            canonical_sha256=hashlib.sha256(f"canonical {assembly}".encode()).hexdigest(),
            state=State.USED,
            reason="",
            detail="",
            statistics=statistics(draft),
            ani=self._ani(member),
            subspecies=SUBSPECIES[member.lineage.subspecies],
            references=tuple(sorted(called)),
            single_copy_bp=self.population.settings.genome_bp - self.drafts.repeats.total_bp,
        )
        write_archive(archive, assembly, called)
        write_record(assessment, found, Assessment)

    def _ani(self, member: Member) -> tuple[AniHit, ...]:
        """Return the ANI of a member to all references, that of its lineage's root."""
        found = [
            AniHit(
                reference=self.assembly(reference),
                ani_percent=self.caller.identity_percent(member.lineage, reference),
                aligned_percent=OWN_ALIGNED
                if reference.lineage.subspecies == member.lineage.subspecies
                else SPECIES_ALIGNED,
            )
            for reference in self.references
        ]
        return tuple(sorted(found, key=lambda hit: (-hit.ani_percent, hit.reference)))

    def _write_plan(self, members: Sequence[Member], digests: Digests) -> None:
        """Write the plan; files whose content is the same keep their time stamps."""
        folder = self.state / "plan"
        named = sorted(members, key=lambda member: member.name)
        rows = [isolate(self.population, member, self.assembly(member)) for member in named]
        mask = {self.assembly(self.references[0]): self._masked()}
        species = self.caller.codes(self.references[0])
        texts = {
            "roster.json": run_plan.roster_text([_entry(row, digests.calls) for row in rows]),
            "isolates.json": run_plan.isolates_text(rows),
            "cases.json": run_plan.cases_text(rows),
            "panel.json": run_plan.panel_text(self.panel),
            "mask.json": run_plan.mask_text(mask),
            "genes.json": run_plan.genes_text({}),
            "loci.json": run_plan.loci_text(loci(species)),
            "history.json": history_text(History()),
            "earlier_distances.tsv": "\t".join(COLUMNS) + "\n",
        }
        for name, text in texts.items():
            write_text_if_changed(folder / name, text)

    def _write_references(self, digest: str) -> None:
        """Write the type strains as prepared references."""
        length = self.population.settings.genome_bp
        for reference in self._type_strains:
            key = f"{self.assembly(reference)[:KEY_DIGITS]}-{digest[:KEY_DIGITS]}"
            path = self.state / "references" / f"{key}.npz"
            if not path.exists():
                codes = self.caller.codes(reference)
                sequence = ReferenceSequence((CONTIG,), np.array([0, length]), codes)
                write_reference(path, sequence, self.drafts.repeats)

    def _masked(self) -> Intervals:
        """Return what the panel masks: 1.6 % of the genome, as a prophage."""
        length = self.population.settings.genome_bp
        start = np.array([7 * length // 20])
        return intervals.merged([Intervals(start, start + 16 * length // 1000)])

    def _write_assembly(self, member: Member) -> str:
        """Write the assembly of a member under its sha256 and return that."""
        draft = self.drafts.draft(member)
        text = "".join(_fasta(self.drafts.contigs(member, draft))).encode()
        sha256 = hashlib.sha256(text).hexdigest()
        with replacing(self.state / "assemblies" / sha256) as temporary:
            temporary.write_bytes(text)
        return sha256


def _fasta(contigs: Iterable[np.ndarray]) -> Iterable[str]:
    """Give the lines of a FASTA file."""
    for number, contig in enumerate(contigs, start=1):
        sequence = decode(contig)
        yield f">contig{number}\n"
        yield from (f"{sequence[at : at + LINE_BP]}\n" for at in range(0, len(sequence), LINE_BP))


def _entry(row: Isolate, digest: str) -> RosterEntry:
    """Return the roster entry of a row."""
    return RosterEntry(
        row_id=row.row_id,
        name=row.name,
        assembly=row.assembly,
        calls_key=f"{row.assembly[:KEY_DIGITS]}-{digest[:KEY_DIGITS]}",
        is_reference=row.role is Role.REFERENCE,
        problem="",
        detail="",
    )
