"""Which isolates a square picture or table shows when there are too many for all."""

import math

from oneclone.exports.exported_run import ExportedRun
from oneclone.model.isolates import Isolate, Role


def nearest_to_cases(run: ExportedRun, limit: int) -> list[Isolate]:
    """Return at most so many isolates and references, by name: cases, then those nearest to one.

    Parameters
    ----------
    run
        What a run found.
    limit
        How many at most; ties go by name.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from oneclone.model.pairs import FilterOutcome, Pair
    >>> isolates = [
    ...     Isolate(name, name, Role.CASE if name == "c" else Role.CONTEXT, "") for name in "abc"]
    >>> counted = FilterOutcome.NOT_SCANNED
    >>> pairs = {
    ...     (a, "c"): Pair(a, "c", "r", 9, 9, snps, snps, 0, counted)
    ...     for a, snps in (("a", 9), ("b", 3))}
    >>> run = SimpleNamespace(isolates=isolates, pairs=pairs)
    >>> [isolate.name for isolate in nearest_to_cases(run, 2)]
    ['b', 'c']
    """
    cases = {isolate.name for isolate in run.isolates if isolate.role is Role.CASE}
    nearest = dict.fromkeys((isolate.name for isolate in run.isolates), math.inf)
    for (one, two), pair in run.pairs.items():
        if pair.snps is None:
            continue
        for name, other in ((one, two), (two, one)):
            if other in cases and name in nearest:
                nearest[name] = min(nearest[name], pair.snps)
    ordered = sorted(
        run.isolates,
        key=lambda isolate: (isolate.name not in cases, nearest[isolate.name], isolate.name),
    )
    return sorted(ordered[:limit], key=lambda isolate: isolate.name)
