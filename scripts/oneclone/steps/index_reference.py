"""Rule index_reference: prepare a reference that counts pairs."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from oneclone.aligning import open_index, reference_index_name, write_index
from oneclone.masking import find_repeats
from oneclone.model.calls import Intervals, ReferenceSequence
from oneclone.model.settings import RepeatSettings
from oneclone.sequences import decode, encode
from oneclone.tables.atomic import replacing
from oneclone.tables.fasta import Assembly
from oneclone.tables.linked_assembly import read_linked_assembly
from oneclone.tables.reference_file import write_reference
from oneclone.tables.run_plan import read_plan_panel


def index_reference(
    *,
    assembly: Path,
    panel: Path,
    index: Path,
    prepared: Path,
    preset: str,
    settings: RepeatSettings,
) -> None:
    """Write the minimap2 index of a reference, its bases and its repeats.

    Parameters
    ----------
    assembly
        FASTA file of the reference.
    panel
        The panel of the run's plan.
    index, prepared
        Files to write.
    preset
        minimap2 preset of the calls.
    settings
        How repeats are found.
    """
    longest = read_plan_panel(panel).genome_length_bp[1]
    sequence = as_reference(read_linked_assembly(assembly, longest))
    with replacing(index) as temporary:
        repeats = prepare(sequence, temporary, preset, settings)
    write_reference(prepared, sequence, repeats)


def prepare(
    sequence: ReferenceSequence, index: Path, preset: str, settings: RepeatSettings
) -> Intervals:
    """Write the minimap2 index of a reference and return its repeats.

    Parameters
    ----------
    sequence
        The reference.
    index
        File to write.
    preset
        minimap2 preset of the calls.
    settings
        How repeats are found.
    """
    index_sequence(sequence, index, preset)
    return find_repeats(sequence, open_index(index, preset, all_chains=True), settings)


def index_sequence(sequence: ReferenceSequence, index: Path, preset: str) -> None:
    """Write the minimap2 index of a reference."""
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "reference.fasta"
        plain.write_text(_index_fasta(sequence))
        write_index(plain, index, preset)


def as_reference(assembly: Assembly) -> ReferenceSequence:
    """Return an assembly as a reference, its contigs in the order of the file."""
    codes = [encode(contig) for contig in assembly.contigs]
    offsets = np.concatenate(([0], np.cumsum(list(map(len, codes)))))
    return ReferenceSequence(assembly.names, offsets, np.concatenate(codes))


def _index_fasta(sequence: ReferenceSequence) -> str:
    """Return a reference as FASTA with its contigs named by their number."""
    bounds = zip(sequence.offsets[:-1], sequence.offsets[1:], strict=True)
    return "".join(
        f">{reference_index_name(number)}\n{decode(sequence.codes[start:end])}\n"
        for number, (start, end) in enumerate(bounds)
    )
