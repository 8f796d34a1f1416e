"""Near-identical isolates that are not of one patient may be a mix-up in the laboratory."""

from collections.abc import Sequence
from itertools import combinations

from oneclone.model.codes import Reason
from oneclone.model.evidence import Evidence
from oneclone.model.isolates import Isolate
from oneclone.model.judgement import HandledTogether
from oneclone.model.pairs import Pair

HANDLING = {
    "laboratory": "a laboratory",
    "sequencing_run": "a sequencing run",
    "extraction_batch": "an extraction batch",
}
MAX_CONTAMINATION_SNPS = 2  # Olawoye 2025: a pair of two patients at 2 SNPs


def contamination(evidence: Evidence, pair: Pair) -> Reason | None:
    """Return what is to be said of the handling of a pair that is not of one patient, if anything.

    A pair of 0-2 SNPs that shares laboratory, run or batch may be a contamination (Olawoye
    2025, doi:10.1093/infdis/jiae407); where any of the three is blank it is not excluded.
    """
    one, two = evidence.isolates[pair.first], evidence.isolates[pair.second]
    if one.patient == two.patient or pair.snps is None or pair.snps > MAX_CONTAMINATION_SNPS:
        return None
    if shared_handling(one, two):
        return Reason.POSSIBLE_CONTAMINATION
    known = all(getattr(each, field) for each in (one, two) for field in HANDLING)
    return None if known else Reason.CONTAMINATION_NOT_EXCLUDED


def handling_cautions(
    evidence: Evidence, members: Sequence[str], others: Sequence[str]
) -> tuple[tuple[Pair, Reason], ...]:
    """Return the pairs of members, and of a member and another isolate, of which it is said."""
    pairs = [evidence.pair(*both) for both in combinations(members, 2)]
    pairs += [evidence.pair(member, other) for member in members for other in others]
    return tuple((pair, said) for pair in pairs if (said := contamination(evidence, pair)))


def handled_together(
    evidence: Evidence, cautions: Sequence[tuple[Pair, Reason]]
) -> tuple[HandledTogether, ...]:
    """Return what the isolates share whose pairs may be a contamination."""
    isolates = evidence.isolates
    return tuple(
        HandledTogether(
            pair.first,
            pair.second,
            shared_handling(isolates[pair.first], isolates[pair.second]),
        )
        for pair, said in cautions
        if said is Reason.POSSIBLE_CONTAMINATION
    )


def shared_handling(one: Isolate, two: Isolate) -> tuple[str, ...]:
    """Return what two isolates share of their way through the laboratory, in words.

    Examples
    --------
    >>> from oneclone.model.isolates import Role
    >>> first = Isolate("I1", "x", Role.CASE, "", laboratory="Lab 1", sequencing_run="7")
    >>> second = Isolate("I2", "y", Role.CASE, "", laboratory="Lab 1", sequencing_run="9")
    >>> shared_handling(first, second)
    ('a laboratory',)
    """
    return tuple(
        word
        for field, word in HANDLING.items()
        if getattr(one, field) and getattr(one, field) == getattr(two, field)
    )


def is_same_genome(evidence: Evidence, one: str, two: str) -> bool:
    """Return whether two isolates have exactly the same assembly, however it was written."""
    return evidence.ledger[one].canonical_sha256 == evidence.ledger[two].canonical_sha256
