"""Near-identical isolates of two patients may be a mix-up in the laboratory."""

from oneclone.model.codes import Reason
from oneclone.model.evidence import Evidence
from oneclone.model.pairs import Pair

MAX_CONTAMINATION_SNPS = 2  # Olawoye 2025: a pair of two patients at 2 SNPs


def contamination(evidence: Evidence, pair: Pair) -> Reason | None:
    """Return what is to be said of the handling of a pair of two patients, if anything.

    A pair of 0-2 SNPs that shares laboratory, run or batch may be a contamination (Olawoye
    2025, doi:10.1093/infdis/jiae407); where any of the three is blank it is not excluded.
    """
    one, two = evidence.isolates[pair.first], evidence.isolates[pair.second]
    if one.patient == two.patient or pair.snps is None or pair.snps > MAX_CONTAMINATION_SNPS:
        return None
    handled = (
        (one.laboratory, two.laboratory),
        (one.sequencing_run, two.sequencing_run),
        (one.extraction_batch, two.extraction_batch),
    )
    if any(first and first == second for first, second in handled):
        return Reason.POSSIBLE_CONTAMINATION
    if any(not first or not second for first, second in handled):
        return Reason.CONTAMINATION_NOT_EXCLUDED
    return None


def is_same_genome(evidence: Evidence, one: str, two: str) -> bool:
    """Return whether two isolates have exactly the same assembly, however it was written."""
    return evidence.ledger[one].canonical_sha256 == evidence.ledger[two].canonical_sha256
