"""Bounds on what is read."""

GENOMES = 3  # a file of more than three of the longest genomes is no isolate's assembly
LONGEST_WITHOUT_PANEL_BP = 20_000_000  # bounds damage, says nothing of genomes; a panel does
MAX_CONTIGS = 100_000  # drafts have tens to hundreds; each costs memory of its own
MAX_TABLE_BYTES = 16 << 20  # an isolate table of 5,000 rows has about one megabyte
MAX_TABLE_ROWS = 100_000
MAX_TABLE_COLUMNS = 1000
MAX_YAML_BYTES = 1 << 18
MAX_YAML_VALUES = 20_000  # a panel has about a hundred
MAX_ANNOTATION_BYTES = 64 << 20  # unpacked, that of 20 Mb with a protein in every line


def max_bases(longest_genome_bp: int) -> int:
    """Return the number of bases beyond which reading an assembly stops.

    Examples
    --------
    >>> max_bases(6_000_000)
    18000000
    """
    return GENOMES * longest_genome_bp
