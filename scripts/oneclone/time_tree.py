"""Date the tree of a clone with TreeTime (Sagulenko et al. 2018, doi:10.1093/ve/vex042).

TreeTime counts back from the day on which it runs. Dates are therefore shifted so that the last
tip lies on that day, and shifted back afterwards: the result does not depend on the day of a run.
"""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oneclone.dates import DAYS_PER_YEAR, Days
from oneclone.model.timing import Estimate
from oneclone.temporal_signal import Tip
from oneclone.trees import members_tree

if TYPE_CHECKING:
    import treetime

INTERVAL = (0.025, 0.975)
NORMAL_95 = 1.96
# TreeTime, developed for viruses, assumes that the SNPs of each tip are off by 10. Isolates of a
# clone differ by a few; with 1 its intervals held the true root as often (docs/method.md).
TIP_SLACK_SNPS = 1


class DatingFailed(Exception):
    """TreeTime could not date a tree; the message is its own."""


@dataclass(frozen=True)
class DatedTree:
    """Root of a dated tree in days (see `Days`), rate per site and year, and the program."""

    root_day: Estimate
    rate: Estimate
    engine: str


def tips_of(newick: str, dates: Mapping[str, Days], core_bp: int) -> tuple[Tip, ...]:
    """Return the dated tips with their distances from their common ancestor, in SNPs.

    Parameters
    ----------
    newick
        A rooted tree, branches in substitutions per site.
    dates
        Dates by tip; other tips are pruned away.
    core_bp
        Sites of the tree.

    Examples
    --------
    >>> day = Days(1, 1)
    >>> tips = tips_of("((a:0.1,b:0.3):1,c:1);", {"a": day, "b": day}, 10)
    >>> [round(tip.snps, 6) for tip in tips]
    [1.0, 3.0]
    """
    root = members_tree(newick, sorted(dates))
    return tuple(
        Tip(dates[leaf.name], root.get_distance(leaf) * core_bp)
        for leaf in sorted(root.get_leaves(), key=lambda leaf: leaf.name)
    )


def date_tree(newick: str, dates: Mapping[str, Days], core_bp: int, seed: int) -> DatedTree:
    """Return root date and rate of the tree of the dated tips, its root as it is.

    The rate comes from a regression that allows for shared ancestry; the 95 % interval of the
    root allows for the rate's error and for the precision of the dates. Polytomies stay.

    Parameters
    ----------
    newick, dates, core_bp
        See `tips_of`; at least three dates.
    seed
        Of TreeTime.

    Raises
    ------
    DatingFailed
        If TreeTime gives up.
    """
    from treetime import TreeTimeError, TreeTimeUnknownError, version  # noqa: PLC0415 (slow)
    from treetime.utils import numeric_date  # noqa: PLC0415 (slow)

    shift = numeric_date() - max(days.last for days in dates.values()) / DAYS_PER_YEAR
    years = {
        tip: [days.first / DAYS_PER_YEAR + shift, (days.last + 1) / DAYS_PER_YEAR + shift]
        for tip, days in sorted(dates.items())
    }
    plain = members_tree(newick, sorted(dates)).write(format=5, dist_formatter="%.9g")
    try:
        timed = _timed(plain, years, core_bp, seed)
    except (TreeTimeError, TreeTimeUnknownError) as error:
        raise DatingFailed(f"TreeTime {version}: {error}") from error
    root = timed.tree.root
    low, high = timed.get_confidence_interval(root, INTERVAL)
    low, value, high = ((year - shift) * DAYS_PER_YEAR for year in (low, root.numdate, high))
    rate = timed.date2dist.clock_rate
    error = NORMAL_95 * math.sqrt(timed.clock_model["cov"][0, 0])
    return DatedTree(
        Estimate(value, min(low, value), max(high, value)),
        Estimate(rate, max(0.0, rate - error), rate + error),
        f"TreeTime {version}",
    )


def _timed(
    newick: str, years: Mapping[str, list[float]], core_bp: int, seed: int
) -> "treetime.TreeTime":
    """Return what TreeTime made of a rooted tree and its dates."""
    from Bio import Phylo  # noqa: PLC0415 (slow)
    from treetime import TreeTime  # noqa: PLC0415 (slow)

    timed = TreeTime(
        dates=years,
        tree=Phylo.read(io.StringIO(newick), "newick"),
        seq_len=core_bp,
        branch_length_mode="input",
        rng_seed=seed,
        verbose=0,
    )
    timed.tip_slack = TIP_SLACK_SNPS
    timed.run(
        root=None,
        infer_gtr=False,
        max_iter=1,
        resolve_polytomies=False,
        time_marginal="only-final",
        vary_rate=True,
        branch_length_mode="input",
        raise_uncaught_exceptions=True,
    )
    return timed
