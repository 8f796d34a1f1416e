"""Bounds on what is read."""

GENOMES = 3  # a file of more than three of the longest genomes is no isolate's assembly
LONGEST_WITHOUT_PANEL_BP = 20_000_000  # bounds damage, says nothing of genomes; a panel does


def max_bases(longest_genome_bp: int) -> int:
    """Return the number of bases beyond which reading an assembly stops.

    Examples
    --------
    >>> max_bases(6_000_000)
    18000000
    """
    return GENOMES * longest_genome_bp
