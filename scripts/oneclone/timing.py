"""What can be said about the age of each clone, beside the verdict and never a part of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

from oneclone.clock import date_ancestor, floor_snps, poisson_limits, rate_for, years_apart
from oneclone.dates import DAYS_PER_YEAR, Days, month_of, read_days
from oneclone.model.evidence import LocalTree
from oneclone.model.isolates import Isolate
from oneclone.model.pairs import Pair, ordered
from oneclone.model.panel import Panel, SubstitutionRate
from oneclone.model.timing import (
    CloneTime,
    DatedPair,
    Estimate,
    Floor,
    Months,
    Mrca,
    TemporalSignal,
    TimeTree,
)
from oneclone.temporal_signal import PERMUTATIONS, least_span_years, no_signal, regress, too_little
from oneclone.time_tree import DatingFailed, date_tree, tips_of
from oneclone.wording import and_names, counted

DECIMALS = 4


@dataclass(frozen=True)
class Clone:
    """A clone of the verdict; `panel_clone` is blank when it lies in none."""

    name: str
    members: tuple[str, ...]
    panel_clone: str


@dataclass(frozen=True)
class TimingEvidence:
    """What the age of clones is estimated from: isolates by name, pairs by ordered names, trees."""

    panel: Panel
    isolates: Mapping[str, Isolate]
    pairs: Mapping[tuple[str, str], Pair]
    local_trees: Mapping[tuple[str, ...], LocalTree]
    seed: int


@dataclass(frozen=True)
class _Candidate:
    """A pair of dated members that has a SNP distance."""

    pair: DatedPair
    dates: tuple[Days, Days]
    years: Estimate


def estimate_clone(clone: Clone, evidence: TimingEvidence) -> CloneTime:
    """Return floor, date of the common ancestor and dated tree of a clone, or why there is none.

    Parameters
    ----------
    clone
        Its members may be of one patient; a single one has nothing to be compared with.
    evidence
        Dates, distances, trees, rates.
    """
    rate = rate_for(evidence.panel, clone.panel_clone)
    dates = {
        name: days
        for name in sorted(clone.members)
        if (days := read_days(evidence.isolates[name].collection_date))
    }
    candidates = _candidates(dates, evidence)
    floor, mrca = _floor(candidates, rate), _mrca(candidates, rate)
    used = [each.pair for each in (floor, mrca) if each]
    signal, tree, refusal = _dated_tree(clone, dates, evidence)
    return CloneTime(
        name=clone.name,
        members=len(clone.members),
        dated=len(dates),
        undated=tuple(sorted(set(clone.members) - set(dates))),
        rate=rate,
        floor=floor,
        mrca=mrca,
        signal=signal,
        time_tree=tree,
        refusal=refusal,
        missing=tuple(_missing(clone, dates, candidates, used, evidence)),
    )


def _candidates(dates: Mapping[str, Days], evidence: TimingEvidence) -> list[_Candidate]:
    """Return the pairs of dated members with a SNP distance, in the order of their names."""
    found: list[_Candidate] = []
    for one, two in combinations(sorted(dates), 2):
        pair = evidence.pairs.get(ordered(one, two))
        if pair is None or pair.snps is None:
            continue
        compared = pair.callable_bp - (pair.recombinant_bp or 0)
        if compared < 1:
            continue
        about = DatedPair(
            pair.first,
            pair.second,
            evidence.isolates[pair.first].collection_date,
            evidence.isolates[pair.second].collection_date,
            pair.snps,
            compared,
            pair.recombinant_bp is not None,
        )
        both = dates[pair.first], dates[pair.second]
        found.append(_Candidate(about, both, years_apart(*both)))
    return found


def _floor(candidates: Sequence[_Candidate], rate: SubstitutionRate) -> Floor | None:
    """Return the floor of the pair farthest apart in time, the first by name of several."""
    if not candidates:
        return None
    farthest = max(candidates, key=lambda each: each.years.value)
    snps = floor_snps(farthest.pair.compared_bp, farthest.years, rate)
    return Floor(farthest.pair, _rounded(farthest.years), _rounded(snps))


def _mrca(candidates: Sequence[_Candidate], rate: SubstitutionRate) -> Mrca | None:
    """Return the common ancestor of the pair with most SNPs, the first by name of several."""
    if not candidates:
        return None
    widest = max(candidates, key=lambda each: each.pair.snps)
    pair = widest.pair
    found = date_ancestor(pair.snps, pair.compared_bp, widest.dates, rate)
    few, many = poisson_limits(pair.snps)
    return Mrca(
        pair,
        (round(few, DECIMALS), round(many, DECIMALS)),
        _months(found.day),
        _rounded(found.years_before),
        _rounded(floor_snps(pair.compared_bp, widest.years, rate)),
        found.clipped,
    )


def _missing(
    clone: Clone,
    dates: Mapping[str, Days],
    candidates: Sequence[_Candidate],
    used: Sequence[DatedPair],
    evidence: TimingEvidence,
) -> list[str]:
    """Return in words what the estimates, made from the used pairs, lack."""
    if len(clone.members) < 2:
        return ["A clone of a single isolate has no common ancestor to date."]
    found: list[str] = []
    undated = sorted(set(clone.members) - set(dates))
    if undated:
        found.append(
            f"{len(undated)} of {len(clone.members)} members have no collection date: "
            f"{and_names(undated)}."
        )
    pairs = [evidence.pairs.get(ordered(*two)) for two in combinations(clone.members, 2)]
    counts = [pair for pair in pairs if pair is not None and pair.snps is not None]
    if len(counts) < len(pairs):
        lacking = len(pairs) - len(counts)
        found.append(f"{lacking} of {counted(len(pairs), 'pair')} of members lack a SNP distance.")
    if not candidates:
        found.append(
            "No two members have a collection date and a SNP distance: neither the SNPs that time "
            "adds nor a common ancestor can be dated."
        )
        return found
    most = max(pair.snps or 0 for pair in counts)
    if most > max(each.pair.snps for each in candidates):
        found.append(
            f"The widest pair ({counted(most, 'SNP')}) lacks a date: the common ancestor is that "
            "of the widest pair with two dates."
        )
    if not all(pair.is_scanned for pair in used):
        found.append("A pair was not scanned for recombination: nothing was taken off its bases.")
    return found


def _dated_tree(
    clone: Clone, dates: Mapping[str, Days], evidence: TimingEvidence
) -> tuple[TemporalSignal | None, TimeTree | None, str]:
    """Return temporal signal and dated tree, or in words why the tree was not dated."""
    local = evidence.local_trees.get(clone.members)
    if local is None or not local.newick:
        return None, None, "No dated tree: the clone has no local tree."
    short = too_little(list(dates.values()))
    if short:
        return None, None, f"No dated tree: {'; '.join(short)}."
    by_row = {evidence.isolates[name].row_id: days for name, days in dates.items()}
    found = regress(tips_of(local.newick, by_row, local.core_bp), evidence.seed)
    signal = TemporalSignal(
        tips=len(by_row),
        span_years=round(least_span_years(list(dates.values())), DECIMALS),
        snps_per_year=round(found.snps_per_year, DECIMALS),
        r2=round(found.r2, DECIMALS),
        p=round(found.p, DECIMALS),
        permutations=PERMUTATIONS,
        seed=evidence.seed,
        root="background" if local.tips else "midpoint",
    )
    if why := no_signal(found):
        return signal, None, f"No dated tree: {why}."
    try:
        return signal, _time_tree(local, by_row, evidence.seed), ""
    except DatingFailed as error:
        return signal, None, f"No dated tree: {error}."


def _time_tree(local: LocalTree, dates: Mapping[str, Days], seed: int) -> TimeTree:
    """Return the dated tree of the members."""
    dated = date_tree(local.newick, dates, local.core_bp, seed)
    first = min(dates.values(), key=lambda days: days.middle).middle
    latest = min(days.last for days in dates.values())  # an ancestor is not younger than that
    free = asdict(dated.root_day)
    day = Estimate(**{name: min(each, latest) for name, each in free.items()})
    back = [(first - each) / DAYS_PER_YEAR for each in (day.value, day.high, day.low)]
    rate = [float(f"{each:.3g}") for each in (dated.rate.value, dated.rate.low, dated.rate.high)]
    return TimeTree(
        dated.engine,
        local.core_bp,
        Estimate(*rate),
        _months(day),
        _rounded(Estimate(*(max(0.0, each) for each in back))),
        tuple(name for name, each in free.items() if each > latest),
    )


def _months(day: Estimate) -> Months:
    """Return an estimate in days as year and month."""
    return Months(month_of(day.value), month_of(day.low), month_of(day.high))


def _rounded(estimate: Estimate) -> Estimate:
    """Return an estimate to four decimals."""
    return Estimate(
        round(estimate.value, DECIMALS),
        round(estimate.low, DECIMALS),
        round(estimate.high, DECIMALS),
    )
