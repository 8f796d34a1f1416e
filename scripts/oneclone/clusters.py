"""Single-linkage clusters at fixed SNP levels."""

from collections.abc import Iterable, Sequence

from oneclone.clones import components
from oneclone.model.pairs import Pair


def single_linkage(
    names: Sequence[str], pairs: Iterable[Pair], levels: Sequence[int]
) -> dict[int, dict[str, int]]:
    """Return cluster labels of isolates at each level.

    Parameters
    ----------
    names
        Isolates to cluster; pairs with others are ignored.
    pairs
        SNP distances; a pair that is not assessable links nothing.
    levels
        SNP distances up to which two isolates are linked.

    Returns
    -------
    dict
        Level to name to label; labels count from 1 in the order of each cluster's first name,
        so that they do not depend on the order of rows.

    Examples
    --------
    >>> from oneclone.model.pairs import FilterOutcome
    >>> def pair(one, two, snps):
    ...     return Pair(one, two, "r", 100, 100, snps, snps, 0, FilterOutcome.NOTHING_REMOVED)
    >>> single_linkage("abc", [pair("a", "b", 3), pair("b", "c", 7), pair("a", "c", 9)], [5, 10])
    {5: {'a': 1, 'b': 1, 'c': 2}, 10: {'a': 1, 'b': 1, 'c': 1}}
    """
    wanted = set(names)
    distances = [
        (pair.snps, pair.first, pair.second)
        for pair in pairs
        if pair.snps is not None and pair.first in wanted and pair.second in wanted
    ]
    return {
        level: {
            name: label
            for label, members in enumerate(
                components(names, [(one, two) for snps, one, two in distances if snps <= level]),
                start=1,
            )
            for name in members
        }
        for level in levels
    }
