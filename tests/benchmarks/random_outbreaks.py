"""Draw random outbreaks with known truth: of a circulating clone, or of one source.

Both happen in a clone that no panel knows. In the first, cases and background isolates are tips of
one genealogy: what links the cases is the clone, no source. In half of them the cases are any
tips, in the other half a tip and those nearest to it, as an alarm that is raised because isolates
look alike would choose them. In the second kind, one lineage of the clone reaches a source,
changes there, and the cases descend from the source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from oneclone.simulation.model import Clade
from tests.benchmarks.genealogies import genealogy, is_clade, pairwise

LEVELS = (0, 10, 50, 100)  # per cent of the related background that is sampled
CASES = (2, 6)
RELATED = (5, 40)
CLONE_SNPS = (2.5, 20.0)  # mean distance of two isolates of the clone
SOURCE_SNPS = (0.5, 8.0)  # of two isolates of a source
STEM_SNPS = (5.0, 150.0)  # from the clone to the source
GROWTH = (0.0, 5.0, 50.0)
ALIKE_SHARE = 0.5  # of circulating outbreaks, with cases that look alike
SOURCE = "source"


class Truth(StrEnum):
    """What an outbreak is."""

    CIRCULATING = "circulating"
    POINT_SOURCE = "point source"


@dataclass(frozen=True)
class RandomOutbreak:
    """An outbreak: its tree, its cases, and when each related isolate is sampled.

    `sampled_from` gives for each related isolate the share of the background, 0 to 1, from which
    on it is in the context, so that more sampling never loses an isolate.
    """

    number: int
    truth: Truth
    tree: Clade
    cases: tuple[str, ...]
    sampled_from: Mapping[str, float]

    def related(self, percent: int) -> tuple[str, ...]:
        """Return the related isolates in the context at a level of sampling."""
        return tuple(n for n, share in sorted(self.sampled_from.items()) if share < percent / 100)

    @property
    def widest_snps(self) -> int:
        """The most substitutions between two cases."""
        distances = pairwise(self.tree)
        return max(d for pair, d in distances.items() if set(pair) <= set(self.cases))

    @property
    def nearest_snps(self) -> int:
        """The fewest substitutions between a case and a related isolate."""
        distances, cases = pairwise(self.tree), set(self.cases)
        return min(d for pair, d in distances.items() if len(cases & set(pair)) == 1)

    @property
    def has_close_relatives(self) -> bool:
        """Whether a related isolate is as close to a case as cases are, or descends among them.

        Where it is not so, the cases of a circulating clone are, by chance, the only known
        descendants of a recent ancestor, which no genome can tell from a source.
        """
        among = not is_clade(self.tree, set(self.cases))
        return among or self.nearest_snps <= self.widest_snps


def draw(number: int, truth: Truth) -> RandomOutbreak:
    """Return a random outbreak; equal numbers give equal outbreaks."""
    random = np.random.default_rng([number, list(Truth).index(truth)])
    many = int(random.integers(*CASES, endpoint=True))
    related = [f"iso-{each:02}" for each in range(int(random.integers(*RELATED, endpoint=True)))]
    cases = tuple(f"case-{each}" for each in range(many))
    mean_snps = _log_uniform(random, *CLONE_SNPS)
    growth = float(random.choice(GROWTH))
    if truth is Truth.CIRCULATING:
        tree = genealogy(random, [*cases, *related], mean_snps, growth)
        if random.random() < ALIKE_SHARE:
            tree = _with_cases_alike(random, tree, cases)
    else:
        clone = genealogy(random, [SOURCE, *related], mean_snps, growth)
        within = genealogy(random, cases, _log_uniform(random, *SOURCE_SNPS), 0.0)
        tree = _grafted(clone, within, round(_log_uniform(random, *STEM_SNPS)))
    sampled_from = dict(zip(related, random.random(len(related)).tolist(), strict=True))
    return RandomOutbreak(number, truth, tree, cases, sampled_from)


def _with_cases_alike(random: np.random.Generator, tree: Clade, cases: Sequence[str]) -> Clade:
    """Return a genealogy in which the cases are a random tip and those nearest to it."""
    names = [leaf.name for leaf in tree.leaves()]
    distances = pairwise(tree)
    first = names[int(random.integers(len(names)))]
    ties = dict(zip(names, random.random(len(names)).tolist(), strict=True))

    def nearness(name: str) -> tuple[float, float]:
        pair = (first, name) if first < name else (name, first)
        return (-1.0 if name == first else distances[pair], ties[name])

    chosen = sorted(names, key=nearness)[: len(cases)]
    others = sorted(set(names) - set(cases))
    new = {
        **dict(zip(chosen, cases, strict=True)),
        **dict(zip(sorted(set(names) - set(chosen)), others, strict=True)),
    }
    return _renamed(tree, new)


def _renamed(tree: Clade, new: Mapping[str, str]) -> Clade:
    """Return a tree with other names at its leaves."""
    children = tuple(_renamed(child, new) for child in tree.children)
    return replace(tree, name=new.get(tree.name, tree.name), children=children)


def _grafted(clone: Clade, source: Clade, stem: int) -> Clade:
    """Return the genealogy of a clone with the cases in place of the leaf `source`."""
    if clone.name == SOURCE:
        return Clade("", clone.snps + stem + source.snps, source.children)
    children = tuple(_grafted(child, source, stem) for child in clone.children)
    return Clade(clone.name, clone.snps, children)


def _log_uniform(random: np.random.Generator, low: float, high: float) -> float:
    """Return a number between two others, its logarithm uniform."""
    return float(np.exp(random.uniform(np.log(low), np.log(high))))
