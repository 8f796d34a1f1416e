"""The assembly of a row, through the link that a run names by its sha256."""

from pathlib import Path

from oneclone.errors import AssemblyRejected, OnecloneError
from oneclone.sequences import canonical_contigs
from oneclone.tables.checksum import file_sha256
from oneclone.tables.fasta import Assembly, read_assembly
from oneclone.tables.limits import max_bases


def read_linked_contigs(link: Path, longest_genome_bp: int) -> tuple[bytes, ...]:
    """Return the canonical contigs of an assembly, which are those of `read_linked_assembly`."""
    return canonical_contigs(read_linked_assembly(link, longest_genome_bp).contigs)


def read_linked_assembly(link: Path, longest_genome_bp: int) -> Assembly:
    """Return an assembly whose content is still what was hashed.

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
        If it is another one than when the run started, or gone.
    """
    try:
        assembly = read_assembly(link, max_bases(longest_genome_bp))
    except AssemblyRejected:
        # What is found is kept under the sha256 for ever: it must be true of that content.
        if _sha256(link) != link.name:
            raise _changed(link) from None
        raise
    if assembly.sha256 != link.name:
        raise _changed(link)
    return assembly


def _sha256(link: Path) -> str:
    """Return the sha256 of a file, empty when it cannot be read."""
    try:
        return file_sha256(link)
    except OSError:
        return ""


def _changed(link: Path) -> OnecloneError:
    """Return the error that a file is not what was hashed."""
    return OnecloneError(
        f"{link.resolve()}: the file changed since the run started; run again when it is whole"
    )
