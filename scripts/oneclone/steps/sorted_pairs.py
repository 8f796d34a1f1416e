"""Give the counted pairs of a cohort in the order of names, part by part.

Segments hold pairs of calls keys in the order in which they were counted. Here they become pairs
of taxa: a taxon is its place in the order of names, so the order of pairs is that of two numbers.
Segments are read once for each part, and memory holds one part.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from oneclone.pair_counting import CountingRule
from oneclone.tables.pair_segments import SCHEMA, Segment

PART_PAIRS = 500_000

Places = NDArray[np.int64]
Chosen = Callable[[Places, Places, NDArray[np.int64]], NDArray[np.bool_]]
Sources = Sequence[tuple[Segment, CountingRule]]


@dataclass(frozen=True)
class PairPart:
    """Some pairs on one or several references, sorted by the places of their two taxa.

    `columns` are those of a segment, `rule` the number of each pair's source; `turned` tells where
    the first taxon is the segment's `two`.
    """

    first: Places
    second: Places
    turned: NDArray[np.bool_]
    rule: NDArray[np.int64]
    columns: pa.Table

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.first)

    def taken(self, which: NDArray[np.bool_] | Places) -> "PairPart":
        """Return some of the pairs: flags, or numbers in the wanted order."""
        rows = np.flatnonzero(which) if which.dtype == np.bool_ else which
        return PairPart(
            first=self.first[rows],
            second=self.second[rows],
            turned=self.turned[rows],
            rule=self.rule[rows],
            columns=self.columns.take(pa.array(rows)),
        )


class SortedPairs:
    """The pairs of a cohort that segments hold.

    Parameters
    ----------
    sources
        Segments with the rules by which they were counted.
    places
        Places of the taxa of each calls key, in the order of names.
    """

    def __init__(self, sources: Sources, places: Mapping[str, Sequence[int]]) -> None:
        self._sources = sources
        self._places = places
        self._taxa = 1 + max((place for each in places.values() for place in each), default=-1)

    def parts(self, chosen: Chosen) -> Iterator[PairPart]:
        """Give the chosen pairs, each once, sorted.

        Parameters
        ----------
        chosen
            Tells of pairs by the places of both taxa and their raw differences which are wanted.
        """
        pairs_of = np.zeros(self._taxa, dtype=np.int64)
        for part in self.unsorted(("one", "two", "snps_raw"), chosen):
            pairs_of += np.bincount(part.first, minlength=self._taxa)
        number = np.cumsum(pairs_of) // PART_PAIRS
        for which in np.unique(number[pairs_of > 0]).tolist():

            def of_part(
                first: Places, second: Places, raw: Places, which: int = which
            ) -> NDArray[np.bool_]:
                return (number[first] == which) & chosen(first, second, raw)

            yield _sorted(list(self.unsorted(SCHEMA.names, of_part)))

    def unsorted(self, columns: Sequence[str], chosen: Chosen) -> Iterator[PairPart]:
        """Give the chosen pairs as they lie, a pair of two segments twice.

        Parameters
        ----------
        columns
            What is read; `one`, `two` and `snps_raw` among it.
        chosen
            As `parts` takes it.
        """
        for number, (segment, _) in enumerate(self._sources):
            here = [self._places.get(key, ()) for key in segment.coverage.keys]
            count = np.array([len(each) for each in here], dtype=np.int64)
            start = np.cumsum(count) - count
            flat = np.array([place for each in here for place in each], dtype=np.int64)
            for table in segment.parts(columns):
                part = _of_taxa(table, number, count, start, flat)
                raw = part.columns["snps_raw"].to_numpy()
                kept = chosen(part.first, part.second, raw)
                yield part if kept.all() else part.taken(kept)


def _of_taxa(table: pa.Table, rule: int, count: Places, start: Places, flat: Places) -> PairPart:
    """Return pairs of keys as pairs of taxa; a key has none, one, or several."""
    one, two = (table[name].to_numpy().astype(np.int64) for name in ("one", "two"))
    times = count[one] * count[two]
    row = np.repeat(np.arange(len(one)), times)
    within = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    of_one = flat[start[one[row]] + within // np.maximum(count[two[row]], 1)]
    of_two = flat[start[two[row]] + within % np.maximum(count[two[row]], 1)]
    # Two taxa of one genome are a pair once, a taxon with itself is none.
    kept = (one[row] != two[row]) | (of_one < of_two)
    row, of_one, of_two = row[kept], of_one[kept], of_two[kept]
    return PairPart(
        first=np.minimum(of_one, of_two),
        second=np.maximum(of_one, of_two),
        turned=of_one > of_two,
        rule=np.full(len(row), rule, dtype=np.int64),
        columns=table.take(pa.array(row)),
    )


def _sorted(parts: Sequence[PairPart]) -> PairPart:
    """Return parts as one, sorted, each pair once."""
    whole = PairPart(
        first=np.concatenate([each.first for each in parts]),
        second=np.concatenate([each.second for each in parts]),
        turned=np.concatenate([each.turned for each in parts]),
        rule=np.concatenate([each.rule for each in parts]),
        columns=pa.concat_tables([each.columns for each in parts]),
    )
    order = np.lexsort((whole.rule, whole.second, whole.first))
    first, second = whole.first[order], whole.second[order]
    new = np.append(True, (first[1:] != first[:-1]) | (second[1:] != second[:-1]))
    return whole.taken(order[new[: len(order)]])
