"""Codons and amino acids of bacterial genes (NCBI translation table 11)."""

from Bio.Data.CodonTable import unambiguous_dna_by_id
from Bio.SeqUtils import seq3

CODON_BP = 3
STOP = "Ter"
_TABLE = unambiguous_dna_by_id[11]
STARTS = frozenset(_TABLE.start_codons)
AMINO_ACIDS = frozenset({seq3(letter) for letter in _TABLE.forward_table.values()} | {STOP})


def amino_acid(codon: str) -> str:
    """Return the three-letter amino acid of a codon of ACGT, `Ter` for a stop.

    Examples
    --------
    >>> amino_acid("GAC"), amino_acid("TGA")
    ('Asp', 'Ter')
    """
    return STOP if codon in _TABLE.stop_codons else seq3(_TABLE.forward_table[codon])


def codons(sequence: str) -> list[str]:
    """Return the codons of a sequence, an incomplete one at its end left out.

    Examples
    --------
    >>> codons("ATGGACT")
    ['ATG', 'GAC']
    """
    whole = len(sequence) - len(sequence) % CODON_BP
    return [sequence[place : place + CODON_BP] for place in range(0, whole, CODON_BP)]
