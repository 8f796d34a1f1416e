"""The assembly of a row, through the link that a run names by its sha256."""

from pathlib import Path

from oneclone.errors import OnecloneError
from oneclone.sequences import canonical_contigs
from oneclone.tables.fasta import read_assembly
from oneclone.tables.limits import max_bases


def read_linked_contigs(link: Path, longest_genome_bp: int) -> tuple[bytes, ...]:
    """Return the canonical contigs of an assembly whose content is still what was hashed.

    Parameters
    ----------
    link
        The link; its name is the sha256 of the file.
    longest_genome_bp
        Length of the species' longest genome.

    Raises
    ------
    AssemblyRejected
        If the file is no assembly.
    OnecloneError
        If it is another one than when the run started.
    """
    assembly = read_assembly(link, max_bases(longest_genome_bp))
    if assembly.sha256 != link.name:
        raise OnecloneError(
            f"{link.resolve()}: the file changed since the run started; run again when it is whole"
        )
    return canonical_contigs(assembly.contigs)
