"""Which pairs of a set earlier counts have not answered for, and by which rows to count them.

A count answers for all pairs of some isolates, its rows, with some others, its columns. Isolates
that play the same part in every count, and in what is asked, are one class: whether a pair is
known depends on the two classes alone, so nothing is held for a pair.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Missing:
    """What is to be counted: numbers of isolates; pairs that are new, and known ones.

    Every new pair has one of the `rows`, and the other isolate among the `columns`, which have the
    rows too.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    new: int
    known: int


def missing_rows(
    asked: Flags,
    kinds: NDArray[np.int64],
    counts_kinds: Flags,
    counted: Sequence[tuple[Flags, Flags]],
    weights: NDArray[np.int64],
) -> Missing:
    """Return the rows by which every pair that is asked for and not known is counted.

    Parameters
    ----------
    asked
        Of shape (isolates,): those whose pairs with all others are asked for.
    kinds
        Of shape (isolates,): the number of each isolate's subspecies.
    counts_kinds
        Of shape (subspecies, subspecies): whether the reference counts pairs of two of them.
    counted
        Rows and columns of each earlier count, of shape (isolates,) each.
    weights
        Of shape (isolates,): under how many names each isolate is in the set.

    Examples
    --------
    >>> every, none = np.ones(4, bool), np.zeros(4, bool)
    >>> first_three = np.array([1, 1, 1, 0], bool)
    >>> one_kind, ones = np.ones((1, 1), bool), np.ones(4, np.int64)
    >>> zeros = np.zeros(4, np.int64)
    >>> missing_rows(every, zeros, one_kind, [(first_three, first_three)], ones)
    Missing(rows=(3,), columns=(0, 1, 2, 3), new=3, known=3)
    >>> missing_rows(every, zeros, one_kind, [(every, every)], ones)
    Missing(rows=(), columns=(), new=0, known=6)
    """
    flags = [asked, *(each for both in counted for each in both)]
    parts = np.column_stack([kinds, *flags]).astype(np.int64)
    classes, member_of = np.unique(parts, axis=0, return_inverse=True)
    weight = np.bincount(member_of, weights=weights, minlength=len(classes)).astype(np.int64)
    kind, is_asked = classes[:, 0], classes[:, 1] > 0
    wanted = counts_kinds[np.ix_(kind, kind)] & (is_asked[:, None] | is_asked)
    known = np.zeros_like(wanted)
    for at in range(2, classes.shape[1], 2):
        row, column = classes[:, at] > 0, classes[:, at + 1] > 0
        known |= (row[:, None] & column) | (column[:, None] & row)
    names = np.triu(np.outer(weight, weight), 1) + np.diag(weight * (weight - 1) // 2)
    missing = wanted & ~known & (names + names.T > 0)
    chosen = _cover(missing, weight)
    beside = [*chosen, *np.flatnonzero(missing[chosen].any(axis=0)).tolist()]
    return Missing(
        rows=tuple(np.flatnonzero(np.isin(member_of, chosen)).tolist()),
        columns=tuple(np.flatnonzero(np.isin(member_of, beside)).tolist()),
        new=int(names[missing].sum()),
        known=int(names[wanted & known].sum()),
    )


def _cover(missing: Flags, weight: NDArray[np.int64]) -> list[int]:
    """Return classes so that every missing pair has one: that with most missing pairs first."""
    left = missing.copy()
    chosen: list[int] = []
    while left.any():
        # Of equal ones the smaller class is the better row: fewer isolates to read again.
        gain = [(int(left[at] @ weight), -int(weight[at]), -at) for at in range(len(left))]
        best = -max(gain)[2]
        chosen.append(best)
        left[best] = left[:, best] = False
    return chosen
