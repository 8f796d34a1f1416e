"""What the screen for further cases concludes: cut-off, nearest member, order and words."""

from collections.abc import Sequence
from dataclasses import dataclass

from oneclone.model.pairs import FilterOutcome, Pair
from oneclone.model.panel import Panel
from oneclone.model.screening import ScreenRow, ScreenState

# At least twice the greatest error found in 1858 pairs of drafts of known distance, genomes of
# 60 kb to 5 Mb in pieces of 2 to 50 kb (docs/screening.md): the median is one of the more values,
# the longer the genome.
SKETCH_ERROR_PERCENT = 0.1
SKETCH_ERROR_BP = 65_000
# A sketch takes insertions and deletions for differences, a count of SNPs does not: one in 300
# bases, as in poor assemblies of long reads, took 0.20 from the ANI of two equal genomes.
INDEL_PERCENT = 0.2
STATES = tuple(ScreenState)


def ani_cutoff(max_snps: int, compared_bp: float, panel: Panel) -> float:
    """Return the ANI below which no genome can be within `max_snps` of a clone's member.

    The queried genome is within `max_snps` of the member, and the candidate within `max_snps` of
    that, so both differ at most twice as much; beside that in as many imported bases as the
    filter may remove, each as different as the species allows, by the insertions and deletions
    of a poor assembly, and by the library's error.

    Parameters
    ----------
    max_snps
        Greatest SNP distance that is looked for.
    compared_bp
        Least number of bases that a pair must have in common to be counted.
    panel
        The panel of the run.
    """
    snps_percent = 100 * 2 * max_snps / compared_bp
    error_percent = SKETCH_ERROR_PERCENT + SKETCH_ERROR_BP / compared_bp
    imported_percent = panel.max_recombinant_percent * (100 - panel.ani.species_percent) / 100
    allowed_percent = snps_percent + imported_percent + INDEL_PERCENT + error_percent
    return max(0.0, 100 - allowed_percent)


def is_decided(pair: Pair, max_snps: int) -> bool:
    """Return whether the filter cannot change on which side of `max_snps` a pair lies."""
    return pair.filter is not FilterOutcome.MAY_NOT_DECIDE or (pair.snps_raw or 0) <= max_snps


@dataclass(frozen=True)
class Nearness:
    """What the pairs of a candidate with the members of a clone say; `nearest` may be absent."""

    state: ScreenState
    reason: str
    nearest: Pair | None
    max_snps: int | None
    compared: int


def nearness(pairs: Sequence[Pair], max_snps: int) -> Nearness:
    """Return how near a candidate is to a clone.

    Parameters
    ----------
    pairs
        Of the candidate with every member, in an order that does not depend on names.
    max_snps
        Greatest SNP distance that is looked for.
    """
    counted = [(pair.snps, pair) for pair in pairs if pair.snps is not None]
    if not counted:
        return Nearness(ScreenState.NOT_ASSESSABLE, "below_callable_floor", None, None, 0)
    farthest = max(snps for snps, _ in counted)
    decided = [each for each in counted if each[0] <= max_snps and is_decided(each[1], max_snps)]
    snps, nearest = min(decided or counted, key=lambda each: each[0])
    state, reason = ScreenState.FARTHER, ""
    if decided:
        state = ScreenState.WITHIN
    elif snps <= max_snps:
        state, reason = ScreenState.UNDECIDED, "filter_may_not_decide"
    return Nearness(state, reason, nearest, farthest, len(counted))


def ranked(rows: Sequence[ScreenRow]) -> list[ScreenRow]:
    """Return the rows by SNPs, then by genome; those without a count last, by state."""
    return sorted(
        rows,
        key=lambda row: (
            row.snps is None,
            row.snps or 0,
            STATES.index(row.state),
            row.sketched.canonical_sha256,
            row.sketched.sha256,
            row.isolate,
            row.clone,
        ),
    )


def summary(
    rows: Sequence[ScreenRow], clones: Sequence[str], max_snps: int, cutoff: float
) -> list[str]:
    """Return what the screen found, in sentences, each number with what it is a part of.

    Parameters
    ----------
    rows
        Of all candidates.
    clones
        Names of the clones that were screened for.
    max_snps, cutoff
        Greatest SNP distance and least ANI.

    Examples
    --------
    >>> from oneclone.model.screening import Sketched
    >>> rows = [ScreenRow("a", ScreenState.WITHIN, Sketched("1"), clone="C1", snps=3),
    ...     ScreenRow("b", ScreenState.NOT_SIMILAR, Sketched("2"))]
    >>> for line in summary(rows, ["C1"], 50, 99.5):
    ...     print(line)
    1 of 2 candidates is within 50 SNPs of clone C1.
    Of 2 candidates 1 was compared base by base, 1 has less than 99.500 % ANI.
    The screen knows only the candidates given.
    """
    total = len({row.isolate for row in rows})
    lines = [_of_clone(rows, clone, max_snps, total) for clone in clones]
    names = {state: {row.isolate for row in rows if row.state is state} for state in ScreenState}
    exact = names[ScreenState.WITHIN] | names[ScreenState.UNDECIDED] | names[ScreenState.FARTHER]
    names[ScreenState.NOT_ASSESSABLE] -= exact  # of another clone it may be
    farther = len(names[ScreenState.NOT_SIMILAR])
    parts = [
        f"{_verb(len(exact), 'was', 'were')} compared base by base",
        f"{_verb(farther, 'has', 'have')} less than {cutoff:.3f} % ANI",
    ]
    for state, words in (
        (ScreenState.NOT_ASSESSABLE, "near, but with too few bases in common to be counted"),
        (ScreenState.QUARANTINED, "near, but quarantined"),
        (ScreenState.UNREADABLE, "no readable assembly"),
    ):
        if names[state]:
            parts.append(f"{_verb(len(names[state]), 'is', 'are')} {words}")
    of_all = f"Of {total} candidate{'s' if total != 1 else ''} {', '.join(parts)}."
    return [*lines, of_all, "The screen knows only the candidates given."]


def _of_clone(rows: Sequence[ScreenRow], clone: str, max_snps: int, total: int) -> str:
    """Return the sentence of one clone."""
    near = [row for row in rows if row.clone == clone and row.state is ScreenState.WITHIN]
    known = sum(bool(row.already_in_run) for row in near)
    undecided = [row for row in rows if row.clone == clone and row.state is ScreenState.UNDECIDED]
    verb = "is" if len(near) == 1 else "are"
    text = f"{len(near)} of {total} candidate{'s' if total != 1 else ''} {verb} within "
    text += f"{max_snps} SNPs of clone {clone}"
    if known:
        text += f", {known} of them with the genome of an isolate of the run"
    if undecided:
        text += f"; {len(undecided)} more would be if the recombination filter decided"
    return f"{text}."


def _verb(count: int, one: str, several: str) -> str:
    """Return a number with its verb."""
    return f"{count} {one if count == 1 else several}"
