"""A population of thousands of isolates as sparse changes: lineages, clones, an outbreak.

No genome is kept: an isolate is its lineage, its substitutions since the lineage's root in the
order of their age, and what it took up. All genomes have the coordinates of the root genome, so
that calls on any reference are known without an alignment. Isolate i depends on the seed and on
the isolates before it alone: a larger population begins with the smaller one. What its make-up
rests on stands in `population_model`.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from oneclone.model.calls import Positions
from oneclone.model.isolates import Role
from oneclone.sequences import Codes
from oneclone.simulation.population_model import (
    CASES,
    CLONES,
    DOMINANT,
    FIRST_OTHER,
    GC,
    IMPORT_BP,
    IMPORTED,
    LINEAGE_DEPTH,
    MAX_CASE_SNPS,
    NEAR_CASES,
    NEW_LINEAGE,
    OF_CASES,
    OF_TYPE_STRAINS,
    PARTING_POWER,
    PATIENT_SNPS,
    SAME_PATIENT,
    SUBSPECIES,
    SUBSPECIES_DEPTH,
    SUBSPECIES_SHARES,
    UNCHANGED,
    Lineage,
    Member,
    PopulationSettings,
    Purpose,
    TakenUp,
)


class Population:
    """Isolates in the order of their arrival.

    Parameters
    ----------
    settings
        Seed and size.

    Examples
    --------
    >>> population = Population(PopulationSettings(genome_bp=50_000, clone_snps=15))
    >>> [member.name for member in population.members(6)][-2:]
    ['CTX-00005', 'CTX-00006']
    """

    def __init__(self, settings: PopulationSettings) -> None:
        self.settings = settings
        self._members: list[Member] = []
        self._of_lineage: dict[Lineage, list[Member]] = defaultdict(list)
        self._others: list[Lineage] = []  # of each isolate outside the dominant clones
        self._shares = np.cumsum([share for _, _, share in DOMINANT])
        self._ancestors = self._subspecies_genomes()
        self.root_of = lru_cache(maxsize=16)(self._root_of)
        stem = self.random(Purpose.STEM)
        self._stem = self._substitutions(stem, settings.background_snps)

    def random(self, *purpose: int) -> np.random.Generator:
        """Return the source of randomness for one purpose."""
        return np.random.default_rng([self.settings.seed, *purpose])

    def members(self, isolates: int) -> Sequence[Member]:
        """Return the first isolates."""
        while len(self._members) < isolates:
            member = self._next(len(self._members))
            self._members.append(member)
            self._of_lineage[member.lineage].append(member)
            if member.lineage.number >= FIRST_OTHER:
                self._others.append(member.lineage)
        return self._members[:isolates]

    def references(self) -> tuple[Member, ...]:
        """Return the genomes of the panel: type strains, then one of every other clone."""
        named = [
            *(
                (f"{name[:3].upper()}_TYPE", OF_TYPE_STRAINS[n])
                for n, name in enumerate(SUBSPECIES)
            ),
            *((f"{lineage.clone}_REF", lineage) for lineage in CLONES[1:]),
        ]
        found: list[Member] = []
        for number, (name, lineage) in enumerate(named):
            random = self.random(Purpose.REFERENCE, number)
            own = self._substitutions(random, self.settings.clone_snps)
            found.append(Member(number, name, Role.REFERENCE, "", lineage, *own))
        return tuple(found)

    def changes(self, member: Member, *, clonal: bool = False) -> tuple[Positions, Codes]:
        """Return places (sorted) and bases in which a member differs from its lineage's root.

        Parameters
        ----------
        member
            An isolate or a reference.
        clonal
            Leave out what it took up.
        """
        root = self.root_of(member.lineage)
        places, group = np.unique(member.places, return_inverse=True)
        shifts = np.bincount(group, weights=member.shifts, minlength=len(places)).astype(np.uint8)
        bases = (root[places] + shifts) % 4
        for stretch in () if clonal else member.imports:
            donor = self.root_of(stretch.donor)[stretch.start : stretch.end]
            own = root[stretch.start : stretch.end]
            foreign = np.flatnonzero(own != donor)
            outside = (places < stretch.start) | (places >= stretch.end)
            places = np.concatenate((places[outside], foreign + stretch.start))
            bases = np.concatenate((bases[outside], donor[foreign]))
            order = np.argsort(places, kind="stable")
            places, bases = places[order], bases[order]
        differing = bases != root[places]
        return places[differing], bases[differing]

    def genome(self, member: Member, *, clonal: bool = False) -> Codes:
        """Return all bases of a member on the coordinates of the root genome."""
        bases = self.root_of(member.lineage).copy()
        places, changed = self.changes(member, clonal=clonal)
        bases[places] = changed
        return bases

    def differences(self, one: Member, two: Member, *, clonal: bool = False) -> Positions:
        """Return where the genomes of two members differ, whatever of it can be called."""
        if one.lineage != two.lineage:
            return np.flatnonzero(
                self.genome(one, clonal=clonal) != self.genome(two, clonal=clonal)
            )
        root = self.root_of(one.lineage)
        first, second = self.changes(one, clonal=clonal), self.changes(two, clonal=clonal)
        places = np.union1d(first[0], second[0])
        bases = [root[places], root[places]]
        for own, (changed, new) in zip(bases, (first, second), strict=True):
            own[np.searchsorted(places, changed)] = new
        return places[bases[0] != bases[1]]

    def _next(self, number: int) -> Member:
        """Return the isolate that arrives after `number` others."""
        random = self.random(Purpose.MEMBER, number)
        settings = self.settings
        if number < len(CASES):
            name, patient = CASES[number]
            own = self._substitutions(random, int(random.integers(MAX_CASE_SNPS + 1)))
            path = _joined(self._stem, own)
            return Member(number, name, Role.CASE, patient, OF_CASES, *path)
        name = f"CTX-{number + 1:05d}"
        if number < len(CASES) + NEAR_CASES:
            path = self._substitutions(random, settings.background_snps)
            return Member(number, name, Role.CONTEXT, f"P{number + 1:05d}", OF_CASES, *path)
        lineage = self._lineage(random)
        patient, path = self._descent(random, number, self._of_lineage[lineage])
        imports = self._imports(random, lineage)
        return Member(number, name, Role.CONTEXT, patient, lineage, *path, imports)

    def _lineage(self, random: np.random.Generator) -> Lineage:
        """Return the lineage of an isolate: a dominant clone, a new one or that of another."""
        place = int(np.searchsorted(self._shares, random.random(), side="right"))
        if place < len(CLONES):
            return CLONES[place]
        if self._others and random.random() >= NEW_LINEAGE:
            return self._others[int(random.integers(len(self._others)))]
        number = FIRST_OTHER + len({lineage.number for lineage in self._others})
        return Lineage(number, int(random.choice(len(SUBSPECIES), p=SUBSPECIES_SHARES)))

    def _descent(
        self, random: np.random.Generator, number: int, relatives: Sequence[Member]
    ) -> tuple[str, tuple[Positions, Codes]]:
        """Return the patient and the substitutions of an isolate among those of its lineage."""
        patient, whole = f"P{number + 1:05d}", int(random.poisson(self.settings.clone_snps))
        if not relatives:
            return patient, self._substitutions(random, whole)
        relative = relatives[int(random.integers(len(relatives)))]
        known = len(relative.places)
        if random.random() < SAME_PATIENT:
            patient = relative.patient
            lost, own = (0, 0) if random.random() < UNCHANGED else random.poisson(PATIENT_SNPS, 2)
            shared = max(0, known - int(lost))
        else:
            shared = int(known * random.random() ** (1 / PARTING_POWER))
            own = max(0, whole - shared)
        older = relative.places[:shared], relative.shifts[:shared]
        return patient, _joined(older, self._substitutions(random, int(own)))

    def _imports(self, random: np.random.Generator, lineage: Lineage) -> tuple[TakenUp, ...]:
        """Return what an isolate took up, mostly nothing."""
        if random.random() >= IMPORTED:
            return ()
        genome_bp = self.settings.genome_bp
        length = min(int(random.integers(*IMPORT_BP)), genome_bp // 20)
        start = int(random.integers(genome_bp - length))
        donors = [clone for clone in CLONES if clone != lineage]
        return (TakenUp(start, start + length, donors[int(random.integers(len(donors)))]),)

    def _substitutions(
        self, random: np.random.Generator, count: int
    ) -> tuple[Positions, NDArray[np.uint8]]:
        """Return places and shifts of substitutions, in the order of their age."""
        places = random.choice(self.settings.genome_bp, size=count, replace=False)
        return places.astype(np.int64), random.integers(1, 4, size=count).astype(np.uint8)

    def _subspecies_genomes(self) -> tuple[Codes, ...]:
        """Return the genomes of the subspecies' common ancestors."""
        random = self.random(Purpose.ROOT)
        shares = [(1 - GC) / 2, GC / 2, GC / 2, (1 - GC) / 2]
        root = random.choice(4, size=self.settings.genome_bp, p=shares).astype(np.uint8)
        count = round(SUBSPECIES_DEPTH * self.settings.genome_bp)
        return tuple(
            self._changed(root, self._substitutions(self.random(Purpose.SUBSPECIES, number), count))
            for number in range(len(SUBSPECIES))
        )

    def _root_of(self, lineage: Lineage) -> Codes:
        """Return the genome at the root of a lineage."""
        count = round(LINEAGE_DEPTH * self.settings.genome_bp)
        random = self.random(Purpose.LINEAGE, lineage.number)
        ancestor = self._ancestors[lineage.subspecies]
        return self._changed(ancestor, self._substitutions(random, count))

    @staticmethod
    def _changed(genome: Codes, changes: tuple[Positions, Codes]) -> Codes:
        """Return a genome after substitutions at different places."""
        places, shifts = changes
        bases = genome.copy()
        bases[places] = (bases[places] + shifts) % 4
        return bases


def _joined(
    older: tuple[Positions, Codes], younger: tuple[Positions, Codes]
) -> tuple[Positions, Codes]:
    """Return older and younger substitutions together."""
    return np.concatenate((older[0], younger[0])), np.concatenate((older[1], younger[1]))
