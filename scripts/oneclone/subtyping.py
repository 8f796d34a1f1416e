"""Species and subspecies of an isolate from average nucleotide identity (ANI)."""

from collections.abc import Callable, Mapping, Sequence

from oneclone.model.assessment import AniHit
from oneclone.model.panel import AniCutoffs

# 26 semi-real genomes: ANI at most 0.15 below the share of equal bases compared (docs/method.md)
ANI_ERROR_PERCENT = 0.15


def nearest(hits: Sequence[AniHit]) -> AniHit | None:
    """Return the hit with the greatest ANI, then the greatest aligned share, then by sha256.

    Examples
    --------
    >>> nearest([AniHit("a", 98.0, 90), AniHit("b", 99.0, 80)]).reference
    'b'
    >>> nearest([]) is None
    True
    """
    ranked = sorted(hits, key=lambda hit: (-hit.ani_percent, -hit.aligned_percent, hit.reference))
    return ranked[0] if ranked else None


def subspecies(hits: Sequence[AniHit], type_strains: Mapping[str, str], cutoffs: AniCutoffs) -> str:
    """Return the subspecies of an isolate, empty when it is ambiguous.

    The nearest type strain counts if its ANI reaches `subspecies_percent` and that of no other
    type strain does (Yu and Wang 2025, doi:10.1128/jcm.00697-25, for *M. abscessus*).

    Parameters
    ----------
    hits
        ANI to references of the panel.
    type_strains
        Sha256 of the type strain's assembly for each subspecies.
    cutoffs
        Of the panel.

    Examples
    --------
    >>> cutoffs = AniCutoffs(95, 98, "example")
    >>> strains = {"abscessus": "a", "massiliense": "m"}
    >>> subspecies([AniHit("a", 96.5, 92), AniHit("m", 99.3, 97)], strains, cutoffs)
    'massiliense'
    >>> subspecies([AniHit("a", 98.1, 92), AniHit("m", 99.3, 97)], strains, cutoffs)
    ''
    """
    near = _type_strains_within(hits, type_strains, cutoffs)
    return near[0] if len(near) == 1 else ""


def subspecies_rule(
    hits: Sequence[AniHit], type_strains: Mapping[str, str], cutoffs: AniCutoffs
) -> str:
    """Return how a subspecies was found, or why there is none.

    Returns
    -------
    str
        `nearest` (the only type strain within `subspecies_percent`, hence the nearest),
        `none_within`, `two_within` (two or more are) or `no_type_strains` (the panel has none).

    Examples
    --------
    >>> cutoffs = AniCutoffs(95, 98, "example")
    >>> strains = {"abscessus": "a", "massiliense": "m"}
    >>> subspecies_rule([AniHit("a", 96.5, 92), AniHit("m", 97.3, 97)], strains, cutoffs)
    'none_within'
    """
    if not type_strains:
        return "no_type_strains"
    near = _type_strains_within(hits, type_strains, cutoffs)
    return {0: "none_within", 1: "nearest"}.get(len(near), "two_within")


def may_be_within(ani_percent: float, snps: int, genome_bp: int) -> bool:
    """Return whether an ANI allows that two genomes are within a SNP distance of each other.

    Examples
    --------
    >>> may_be_within(99.97, 1000, 5_000_000), may_be_within(99.5, 1000, 5_000_000)
    (True, False)
    """
    return ani_percent + ANI_ERROR_PERCENT >= 100 * (1 - snps / genome_bp)


def _type_strains_within(
    hits: Sequence[AniHit], type_strains: Mapping[str, str], cutoffs: AniCutoffs
) -> list[str]:
    """Return the subspecies whose type strain is within the cut-off, sorted."""
    by_reference = {hit.reference: hit.ani_percent for hit in hits}
    return [
        name
        for name, assembly in sorted(type_strains.items())
        if by_reference.get(assembly, 0) >= cutoffs.subspecies_percent
    ]


def species_objection(hits: Sequence[AniHit], cutoffs: AniCutoffs) -> str:
    """Return why an isolate is not of the panel's species, empty when it is.

    Examples
    --------
    >>> species_objection([AniHit("a", 88.25, 60)], AniCutoffs(95, 98, "example"))
    'greatest ANI to a panel reference 88.25 %, below the 95 % of the species'
    """
    best = nearest(hits)
    if best is None:
        return "no panel reference is similar enough to estimate an ANI"
    if best.ani_percent < cutoffs.species_percent:
        return (
            f"greatest ANI to a panel reference {best.ani_percent:.2f} %, below the "
            f"{cutoffs.species_percent:g} % of the species"
        )
    return ""


def species_evidence(hits: Sequence[AniHit], name_of: Callable[[str], str]) -> str:
    """Return which reference is nearest and how much could be compared, blank without any.

    Parameters
    ----------
    hits
        ANI to references of the panel.
    name_of
        Gives the name of a reference by the sha256 of its assembly.

    Examples
    --------
    >>> species_evidence([AniHit("a", 88.25, 60.04)], {"a": "type A"}.__getitem__)
    'nearest is type A, compared over 60.0 % of the assembly'
    """
    best = nearest(hits)
    if best is None:
        return ""
    share = f"compared over {best.aligned_percent:.1f} % of the assembly"
    return f"nearest is {name_of(best.reference)}, {share}"
