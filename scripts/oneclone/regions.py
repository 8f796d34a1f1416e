"""Bring removed stretches together by place, and name the genes that they touch."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from oneclone.model.regions import Annotation, Gene, Region, Removal

NAME_DIGITS = 10


def merge_by_place(
    removals: Iterable[Removal], annotations: Mapping[str, Annotation]
) -> list[Region]:
    """Return one region for each place of a reference, sorted by contig, start, end, reference.

    Parameters
    ----------
    removals
        Stretches removed from pairs.
    annotations
        Genes of the references that have an annotation, by the name of the reference.

    Examples
    --------
    >>> pair = lambda first, second, snps: Removal(
    ...     first, second, "REF", "chr", 100, 900, snps, 800, -float(snps), (first,), ())
    >>> (region,) = merge_by_place([pair("b", "c", 9), pair("a", "c", 12)], {})
    >>> region.pairs, region.carriers, region.max_snps, region.min_log10_p, region.genes
    (2, ('a', 'b'), 12, -12.0, None)
    """
    groups: dict[tuple[str, int, int, str], list[Removal]] = {}
    for each in removals:
        groups.setdefault((each.contig, each.start, each.end, each.reference), []).append(each)
    return [_region(groups[place], annotations) for place in sorted(groups)]


def genes_of(removal: Removal, annotations: Mapping[str, Annotation]) -> tuple[str, ...] | None:
    """Return the genes that a stretch touches, `None` when its reference has no annotation."""
    annotation = annotations.get(removal.reference)
    if annotation is None:
        return None
    return genes_between(annotation.get(removal.contig, ()), removal.start, removal.end)


def genes_between(genes: Sequence[Gene], start: int, end: int) -> tuple[str, ...]:
    """Return the names of the genes that overlap a stretch, in their order, each once.

    Examples
    --------
    >>> genes = [Gene(0, 90, "dnaA"), Gene(100, 200, "dnaN"), Gene(200, 260, "recF")]
    >>> genes_between(genes, 90, 200), genes_between(genes, 90, 100)
    (('dnaN',), ())
    """
    return tuple(dict.fromkeys(g.name for g in genes if g.start < end and g.end > start))


def region_name(region: Region) -> str:
    """Return a name that depends on the place of a region alone: equal in every run.

    Examples
    --------
    >>> region_name(Region("REF", "chr", 100, 900, 1, (), 9, -9.0, (), None))
    'Rf6a1fe3cf0'
    """
    place = "\t".join((region.reference, region.contig, str(region.start), str(region.end)))
    return f"R{hashlib.sha256(place.encode()).hexdigest()[:NAME_DIGITS]}"


def _region(removals: Sequence[Removal], annotations: Mapping[str, Annotation]) -> Region:
    """Return the region of removals at one place."""
    first = removals[0]
    return Region(
        reference=first.reference,
        contig=first.contig,
        start=first.start,
        end=first.end,
        pairs=len(removals),
        carriers=tuple(sorted({name for each in removals for name in each.carriers})),
        max_snps=max(each.snps for each in removals),
        min_log10_p=min(each.log10_p for each in removals),
        suspicions=tuple(sorted({code for each in removals for code in each.suspicions})),
        genes=genes_of(first, annotations),
    )
