"""The distance tables of a cohort, written from sorted parts of its pairs."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from oneclone.model.pairs import MIN_ASSEMBLY_ERRORS
from oneclone.model.regions import Removal
from oneclone.pair_counting import CountingRule
from oneclone.steps.sorted_pairs import PairPart
from oneclone.tables.pair_file import SCHEMA

Numbers = NDArray[np.float64]


def assessed(part: PairPart, rules: Sequence[CountingRule]) -> NDArray[np.bool_]:
    """Return which pairs have enough callable bases."""
    floor = np.array([rule.floor_bp for rule in rules])
    callable_bp = part.columns["callable_bp"].to_numpy()
    return (callable_bp > 0) & (callable_bp >= floor[part.rule])


def shown_pairs(part: PairPart, names: Sequence[str], rules: Sequence[CountingRule]) -> pa.Table:
    """Return pairs as the tables show them.

    Parameters
    ----------
    part
        The pairs.
    names
        Names of the taxa by place.
    rules
        The rule of each source.
    """
    known = assessed(part, rules)
    known_names = pa.array(names, pa.string())
    removed, raw, callable_bp = (
        _numbers(part, name) for name in ("recombinant_bp", "snps_raw", "callable_bp")
    )
    compared = callable_bp - np.nan_to_num(removed)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_mb = 1e6 * _numbers(part, "snps") / compared
    one, two = _numbers(part, "indels_one"), _numbers(part, "indels_two")
    indels = [np.where(part.turned, two, one), np.where(part.turned, one, two)]
    of_rule = [known_names.take(pa.array(each)) for each in (part.first, part.second)]
    references = pa.array([rule.reference_name for rule in rules], pa.string())
    lengths = np.array([rule.reference.sequence.length_bp for rule in rules])
    columns = [
        *of_rule,
        _whole(_numbers(part, "snps"), known),
        _whole(raw, known),
        part.columns["callable_bp"],
        _whole(removed, known),
        pa.array(per_mb, mask=~(known & (compared > 0))),
        _text(references.take(pa.array(part.rule)), known),
        _whole(lengths[part.rule].astype(float), known),
        _text(part.columns["filter"], known),
        _text(part.columns["filter_reason"], known),
        *(_whole(each, known) for each in indels),
        _suspects(indels, raw, of_rule, known),
    ]
    arrays = [
        each.combine_chunks() if isinstance(each, pa.ChunkedArray) else each for each in columns
    ]
    return pa.table(
        [each.cast(field.type) for each, field in zip(arrays, SCHEMA, strict=True)], SCHEMA
    )


def removed_stretches(
    part: PairPart, names: Sequence[str], rules: Sequence[CountingRule]
) -> Iterator[Removal]:
    """Give the stretches removed from pairs, in the order of pairs and then of places."""
    known = part.taken(part.columns["stretches"].is_valid().to_numpy().astype(bool))
    for row, stretches in enumerate(known.columns["stretches"].to_pylist()):
        pair = names[int(known.first[row])], names[int(known.second[row])]
        rule, is_turned = rules[int(known.rule[row])], bool(known.turned[row])
        for start, end, *figures, carriers, suspicions in sorted(json.loads(str(stretches))):
            contig, at = rule.reference.sequence.locate(start)
            snps, callable_bp, log10_p = figures
            yield Removal(
                first=pair[0],
                second=pair[1],
                reference=rule.reference_name,
                contig=contig,
                start=at,
                end=at + end - start,
                snps=snps,
                callable_bp=callable_bp,
                log10_p=log10_p,
                carriers=tuple(sorted(pair[int(each) ^ is_turned] for each in carriers)),
                suspicions=tuple(suspicions),
            )


def _numbers(part: PairPart, name: str) -> Numbers:
    """Return a column as numbers, not a number where it is empty."""
    return part.columns[name].to_numpy().astype(np.float64)


def _whole(values: Numbers, known: NDArray[np.bool_]) -> pa.Array:
    """Return whole numbers, empty where they are not known."""
    empty = ~known | np.isnan(values)
    return pa.array(np.where(empty, 0, values).astype(np.int64), mask=empty)


def _text(values: pa.Array | pa.ChunkedArray, known: NDArray[np.bool_]) -> pa.Array:
    """Return words, empty where the pair is not assessed."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return pc.if_else(pa.array(known), whole, pa.scalar(None, pa.string()))


def _suspects(
    indels: Sequence[Numbers], raw: Numbers, names: Sequence[pa.Array], known: NDArray[np.bool_]
) -> pa.Array:
    """Return whose SNPs may be assembly errors, as `model.pairs.Pair.suspects` tells."""
    least = np.maximum(MIN_ASSEMBLY_ERRORS, raw + 1)
    suspect = [known & (each >= least) for each in indels]
    found = np.full(len(raw), "", dtype=object)
    for row in np.flatnonzero(suspect[0] | suspect[1]).tolist():
        both = zip(names, suspect, strict=True)
        found[row] = "; ".join(name[row].as_py() for name, is_suspect in both if is_suspect[row])
    return pa.array(found, pa.string(), mask=~known)
