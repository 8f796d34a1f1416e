"""Build the evidence of a verdict from a few words."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from oneclone.model.evidence import Evidence, LedgerEntry, LocalTree, Typing
from oneclone.model.isolates import Isolate, Place, Role, State, row_id
from oneclone.model.pairs import FilterOutcome, Pair, ordered
from oneclone.model.panel import (
    AniCutoffs,
    Kind,
    Panel,
    Reference,
    SubstitutionRate,
    Thresholds,
)
from oneclone.verdict import find_clones

REFERENCE_BP = 5_000_000
CALLABLE_BP = 4_900_000
FAR = 20_000
GOOD_TREE = {
    "is_split": True,
    "branch_snps": 60.0,
    "clean_snps": 58,
    "ufboot": 100.0,
    "sh_alrt": 100.0,
    "distinct_sequences": 20,
}


def panel(clone_max_snps: int = 500) -> Panel:
    def reference(name: str, subspecies: str, clone: str, kind: Kind) -> Reference:
        return Reference(row_id(name), name, f"sha-{name}", subspecies, clone, kind, "a study")

    return Panel(
        name="test panel",
        version="1",
        organism="Bacterium",
        genome_length_bp=(4_000_000, 6_000_000),
        species_reference="TYPE-a",
        thresholds=Thresholds(10, 30, 38, "a study"),
        ani=AniCutoffs(95, 98, "a study"),
        clone_max_snps=clone_max_snps,
        substitution_rate=SubstitutionRate(2e-7, 1e-7, 3e-7, "a study"),
        min_callable_percent=80,
        max_recombinant_percent=2,
        references=(
            reference("TYPE-a", "a", "", Kind.TYPE_STRAIN),
            reference("TYPE-m", "m", "", Kind.TYPE_STRAIN),
            reference("CLONE-1", "m", "C1", Kind.CLONE),
        ),
    )


def pair(one: str, two: str, snps: int | None, **changes) -> Pair:
    first, second = ordered(one, two)
    made = Pair(
        first=first,
        second=second,
        reference="TYPE-m",
        reference_bp=REFERENCE_BP,
        callable_bp=CALLABLE_BP,
        snps=snps,
        snps_raw=snps,
        recombinant_bp=0,
        filter=FilterOutcome.NOTHING_REMOVED,
    )
    if snps is None:  # as pairs.tsv has it: below the callable floor
        made = replace(made, reference="", reference_bp=0, recombinant_bp=None,
                       filter=FilterOutcome.NOT_SCANNED)  # fmt: skip
    return replace(made, **changes)


class Outbreak:
    """Collects isolates and distances; every distance not given is `FAR`."""

    def __init__(self) -> None:
        self.isolates: dict[str, Isolate] = {}
        self.states: dict[str, State] = {}
        self.reasons: dict[str, tuple[str, ...]] = {}
        self.genomes: dict[str, str] = {}
        self.subspecies: dict[str, str] = {}
        self.clones: dict[str, tuple[str, int, str]] = {}
        self.pairs: dict[tuple[str, str], Pair] = {}
        self.placements: dict[str, str] = {}
        self.panel = panel()
        for reference in self.panel.references:
            self._add(Isolate(reference.row_id, reference.name, Role.REFERENCE, reference.assembly))

    def case(self, name: str, patient: str, **about) -> "Outbreak":
        about.setdefault("clinic", f"Clinic {patient}")
        return self._add(Isolate(row_id(name), name, Role.CASE, f"sha-{name}", patient, **about))

    def context(self, name: str, patient: str = "", **about) -> "Outbreak":
        return self._add(Isolate(row_id(name), name, Role.CONTEXT, f"sha-{name}", patient, **about))

    def background(self, number: int = 20, prefix: str = "ctx") -> "Outbreak":
        """Add distant context isolates of as many patients."""
        for each in range(number):
            self.context(f"{prefix}{each:02}", f"P-{prefix}{each}", country=f"country {each % 3}")
        return self

    def source(self, name: str) -> "Outbreak":
        return self._add(Isolate(row_id(name), name, Role.SOURCE, f"sha-{name}"))

    def not_assessed(self, name: str, patient: str, reason: str = "no_isolate") -> "Outbreak":
        self._add(Isolate(row_id(name), name, Role.CASE, "", patient))
        self.states[name] = State.NOT_ASSESSED if reason == "no_isolate" else State.QUARANTINED
        self.reasons[name] = (reason,)
        return self

    def snps(self, one: str, two: str, snps: int | None, **changes) -> "Outbreak":
        self.pairs[ordered(one, two)] = pair(one, two, snps, **changes)
        return self

    def all_snps(self, names: str, snps: int) -> "Outbreak":
        """Set the distance of every two of some names, separated by blanks."""
        for one, two in combinations(names.split(), 2):
            self.snps(one, two, snps)
        return self

    def evidence(self, trees: Mapping[tuple[str, ...], Mapping] | None = None, **tree) -> Evidence:
        """Return the evidence; `tree` changes the local tree of every clone, `trees` of one."""
        names = sorted(self.isolates)
        pairs = {
            names_of: self.pairs.get(names_of, pair(*names_of, FAR))
            for names_of in combinations(names, 2)
        }
        built = Evidence(
            panel=self.panel,
            isolates=self.isolates,
            ledger={name: self._ledger(name) for name in names},
            typing={name: self._typing(name) for name in names if self._is_typed(name)},
            pairs=pairs,
            local_trees={},
            placements=self.placements,
        )
        found = {
            members: self._tree(members, {**GOOD_TREE, **tree, **(trees or {}).get(members, {})})
            for members in find_clones(built)
        }
        return replace(built, local_trees=found)

    def _add(self, isolate: Isolate) -> "Outbreak":
        self.isolates[isolate.name] = isolate
        self.states[isolate.name] = State.USED
        self.genomes[isolate.name] = f"genome of {isolate.name}"
        return self

    def _is_typed(self, name: str) -> bool:
        is_isolate = self.isolates[name].role is not Role.REFERENCE
        return is_isolate and self.states[name] is State.USED

    def _ledger(self, name: str) -> LedgerEntry:
        isolate = self.isolates[name]
        return LedgerEntry(
            name,
            isolate.role,
            self.states[name],
            self.reasons.get(name, ()),
            "",
            isolate.assembly,
            self.genomes[name],
        )

    def _typing(self, name: str) -> Typing:
        clone, snps, rule = self.clones.get(name, ("", FAR, "none"))
        kind = self.subspecies.get(name, "m")
        return Typing(name, kind, "TYPE-m", 99.0, 97.0, clone, snps, rule)

    @staticmethod
    def _tree(members: tuple[str, ...], values: Mapping) -> LocalTree:
        return LocalTree(members, ("ctx00",), "TYPE-m", CALLABLE_BP, 5000, 0, **values)


def two_patients(snps: int = 3) -> Outbreak:
    """Return patients A and B at clinics 269 km apart, with 20 distant background patients."""
    return (
        Outbreak()
        .case("A1", "A", place=Place(32.5, -117.0))
        .case("B1", "B", place=Place(31.6, -114.35))
        .background()
        .snps("A1", "B1", snps)
    )
