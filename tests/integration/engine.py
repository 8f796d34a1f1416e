"""Call one assembly on one reference, without the workflow."""

from pathlib import Path

from oneclone.calling import call_assembly
from oneclone.model.calls import Calls, PreparedReference
from oneclone.model.settings import Settings
from oneclone.sequences import canonical_contigs
from oneclone.steps.index_reference import as_reference, prepare
from oneclone.tables.fasta import read_assembly

MAX_BASES = 50_000_000


def called_on(
    reference: Path, assembly: Path, settings: Settings, folder: Path
) -> tuple[Calls, PreparedReference]:
    """Return the calls of an assembly and the prepared reference; the index goes into `folder`."""
    sequence = as_reference(read_assembly(reference, MAX_BASES))
    index = folder / "reference.mmi"
    repeats = prepare(sequence, index, settings.calling.preset, settings.repeats)
    contigs = canonical_contigs(read_assembly(assembly, MAX_BASES).contigs)
    calls = call_assembly(contigs, index, sequence, settings.calling)
    return calls, PreparedReference(sequence, repeats)
