"""Which contig of a reference a table means: its name in the FASTA file, or a declared alias.

RefSeq and INSDC hold the same sequence under two names. The column `contig_aliases` of
`references.tsv` says so, and mask, loci and annotation may then use either.
"""

from collections import Counter
from collections.abc import Collection

Aliases = tuple[frozenset[str], ...]
"""The names of each contig that has several; no name is in two sets."""

BETWEEN_CONTIGS = ";"
BETWEEN_NAMES = "="


def resolve_contig(name: str, contigs: Collection[str], aliases: Aliases = ()) -> str:
    """Return the contig that a name means, empty when it means none or more than one.

    Parameters
    ----------
    name
        As written in a mask, a table of loci or an annotation.
    contigs
        Names of the reference's contigs as in its FASTA file.
    aliases
        Of this reference.

    Examples
    --------
    >>> aliases = read_aliases("NC_010397.1=CU458896.1;NC_010394.1=CU458745.1")
    >>> resolve_contig("NC_010397.1", {"CU458896.1": 5067172}, aliases)
    'CU458896.1'
    >>> resolve_contig("CU458896.1", {"CU458896.1": 5067172}, aliases)
    'CU458896.1'
    >>> resolve_contig("NC_000962.3", {"CU458896.1": 5067172}, aliases)
    ''
    """
    if name in contigs:
        return name
    meant = {other for names in aliases if name in names for other in names if other in contigs}
    return meant.pop() if len(meant) == 1 else ""


def read_aliases(cell: str) -> Aliases:
    """Return the aliases that a cell declares: `NAME=NAME;NAME=NAME`.

    Raises
    ------
    ValueError
        If a part is not two or more different names, or if one name stands in two parts.

    Examples
    --------
    >>> [sorted(names) for names in read_aliases("a.1=b.1; a.2 = b.2")]
    [['a.1', 'b.1'], ['a.2', 'b.2']]
    >>> read_aliases("")
    ()
    >>> read_aliases("a.1")
    Traceback (most recent call last):
    ValueError: 'a.1' is not NAME=NAME
    """
    found: list[frozenset[str]] = []
    for part in cell.split(BETWEEN_CONTIGS) if cell.strip() else ():
        names = [name.strip() for name in part.split(BETWEEN_NAMES)]
        if len(names) < 2 or not all(names) or len(set(names)) < len(names):
            raise ValueError(f"'{part.strip()}' is not NAME=NAME")
        found.append(frozenset(names))
    every = Counter(name for names in found for name in names)
    if repeated := sorted(name for name in every if every[name] > 1):
        raise ValueError(f"'{repeated[0]}' stands for two contigs")
    return tuple(found)


def alias_problems(contigs: Collection[str], aliases: Aliases) -> list[str]:
    """Return what is wrong with the aliases of a reference whose contigs are known.

    Examples
    --------
    >>> [text.partition(";")[0] for text in alias_problems(["x"], read_aliases("a=b"))]
    ["contig_aliases 'a=b' names no contig of the assembly"]
    >>> [text.partition(";")[0] for text in alias_problems(["a", "b"], read_aliases("a=b"))]
    ["contig_aliases 'a=b' names 2 contigs of the assembly"]
    """
    found: list[str] = []
    for names in aliases:
        count = sum(name in contigs for name in names)
        if count != 1:
            number = f"{count} contigs" if count else "no contig"
            text = BETWEEN_NAMES.join(sorted(names))
            found.append(
                f"contig_aliases '{text}' names {number} of the assembly; one of the names must be "
                "that of a contig in the FASTA file"
            )
    return found
