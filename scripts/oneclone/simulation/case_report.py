"""Outbreaks as in the report that oneclone was written for, in four versions.

All of them have three subspecies 3.4 % apart, five reference clones about 0.5 % apart, context
isolates, and two patients at clinics 269 km apart (Nguyen et al. 2024,
doi:10.15585/mmwr.mm7318a3); a third patient has no isolate at first.
"""

from collections.abc import Sequence
from dataclasses import replace

from oneclone.model.isolates import Role
from oneclone.simulation.lineages import (
    CLONE_SHARE,
    PANEL,
    SUBSPECIES_SHARE,
    ladder,
)
from oneclone.simulation.model import (
    ALWAYS_SAID,
    COMMON_SOURCE,
    Clade,
    Expected,
    ExpectedPair,
    PlannedImport,
    Row,
    Scenario,
    ScenarioName,
)

COUNTRIES = ("USA", "United Kingdom", "Brazil", "Japan", "Australia", "Italy")
IMPORT_BP = 3000
CASE_SNPS = {"PtA-CSF": 1, "PtB-elbow": 2, "PtC-kneeL": 1, "PtC-kneeR": 2}
ALL_CASES = tuple(sorted(CASE_SNPS))
FIRST_CASES = ALL_CASES[:2]


def point_source(genome_bp: int) -> Scenario:
    """Return cases of one source outside every reference clone."""
    source = Clade("source", 45, _cases(ALL_CASES))
    expected = Expected(
        "single_clone",
        (FIRST_CASES,),
        exclusive=True,
        distinct_from_panel=True,
        clone_verdicts=("single_clone",),
        reasons=("all_patients_linked", "exclusive_clade"),
        caveats=(*ALWAYS_SAID, "not_assessed"),
        pairs=(ExpectedPair("PtA-CSF", "PtB-elbow", "linked", ("within_linked",)),),
        words=("single clone", "269 km (167 mi)", "distinct from", COMMON_SOURCE, "patient C"),
    )
    return Scenario(
        name=ScenarioName.POINT_SOURCE,
        tree=_species(genome_bp, (_near(source),)),
        rows=(*_case_rows(), *_context_rows()),
        later=_later_rows(),
        panel=PANEL,
        expected=expected,
        expected_later=replace(
            expected,
            clones=(ALL_CASES,),
            caveats=ALWAYS_SAID,
            words=("single clone", "3 patients", "3 clinics", COMMON_SOURCE),
        ),
    )


def circulating_clone(genome_bp: int) -> Scenario:
    """Return cases inside a clone of which isolates from elsewhere are just as close."""
    others = tuple(Clade(f"CTX-close-{number}", number % 2) for number in range(1, 5))
    circulating = Clade("circulating", 45, (*others, *_cases(ALL_CASES)))
    base = point_source(genome_bp)
    close = tuple(
        Row(leaf.name, Role.CONTEXT, f"P-{leaf.name}", country=country, collection_date="2014")
        for leaf, country in zip(others, COUNTRIES, strict=False)
    )
    expected = Expected(
        "indeterminate",
        (FIRST_CASES,),
        exclusive=False,
        distinct_from_panel=True,
        clone_verdicts=("indeterminate",),
        reasons=("not_a_clade", "background_as_close"),
        caveats=(*ALWAYS_SAID, "background_within_linked"),
        pairs=(ExpectedPair("PtA-CSF", "PtB-elbow", "indeterminate", ("background_as_close",)),),
        words=("indeterminate", *(leaf.name for leaf in others)),
        unsaid=(COMMON_SOURCE,),
    )
    return replace(
        base,
        name=ScenarioName.CIRCULATING_CLONE,
        tree=_species(genome_bp, (_near(circulating),)),
        rows=(*base.rows, *close),
        expected=expected,
        expected_later=replace(expected, clones=(ALL_CASES,)),
    )


def two_clones(genome_bp: int) -> Scenario:
    """Return cases of two sources that have nothing to do with each other."""
    first = Clade("first", 45, _cases(("PtA-CSF",)))
    second = Clade("second", 120, _cases(("PtB-elbow", "PtC-kneeL", "PtC-kneeR")))
    expected = Expected(
        "multiple_clones",
        (("PtA-CSF",), ("PtB-elbow",)),
        exclusive=None,
        distinct_from_panel=True,
        clone_verdicts=("one_patient", "one_patient"),
        reasons=("several_clones_apart",),
        caveats=ALWAYS_SAID,
        pairs=(ExpectedPair("PtA-CSF", "PtB-elbow", "not_linked", ("above_unlinked",)),),
        words=("2 clones", "one patient", "distinct from"),
        unsaid=(COMMON_SOURCE,),
    )
    return replace(
        point_source(genome_bp),
        name=ScenarioName.TWO_CLONES,
        tree=_species(genome_bp, (_near(first), second)),
        expected=expected,
        expected_later=replace(
            expected,
            clones=(("PtA-CSF",), ("PtB-elbow", "PtC-kneeL", "PtC-kneeR")),
            clone_verdicts=("one_patient", "single_clone"),
        ),
    )


def point_source_with_import(genome_bp: int) -> Scenario:
    """Return the point source, with a foreign stretch taken up by one case."""
    base = point_source(genome_bp)
    decided = "filtered_count_decides"
    return replace(
        base,
        name=ScenarioName.IMPORT,
        imports={"PtB-elbow": PlannedImport("BOL_TYPE", IMPORT_BP)},
        expected=replace(base.expected, reasons=(*base.expected.reasons, decided)),
        expected_later=replace(base.expected_later, reasons=(*base.expected.reasons, decided)),
    )


def _species(genome_bp: int, extra: tuple[Clade, ...]) -> Clade:
    """Return the tree of the species; `extra` are further lineages of massiliense."""
    deep, shallow = round(SUBSPECIES_SHARE * genome_bp), round(CLONE_SHARE * genome_bp)
    clones = {name: _clone(name, shallow, 5) for name in ("DCC3", "DCC6", "DCC7")}
    lone = [Clade(f"CTX-mas-{number}", shallow) for number in range(1, 4)]
    own = [Clade(f"lineage of {clade.name}", shallow, (clade,)) for clade in extra]
    massiliense = ladder(
        [Clade("MAS_TYPE", shallow), clones["DCC7"], lone[0], clones["DCC6"], lone[1]],
        [clones["DCC3"], lone[2], *own],
    )
    abscessus = (_clone("DCC1", shallow, 3, "ABS_TYPE"), _clone("DCC2", shallow, 3))
    bolletii = (Clade("BOL_TYPE", shallow), Clade("CTX-bol-1", shallow))
    return Clade(
        "species",
        0,
        (
            Clade("abscessus", deep, abscessus),
            Clade("massiliense", deep, massiliense),
            Clade("bolletii", deep, bolletii),
        ),
    )


def _clone(name: str, snps: int, isolates: int, reference: str = "") -> Clade:
    """Return a reference clone with its reference and context isolates 10-60 SNPs apart."""
    members = [Clade(f"CTX-{name}-{number}", 5 + 3 * number) for number in range(1, isolates + 1)]
    return Clade(name, snps, ladder(members, [Clade(reference or f"{name}_REF", 12)], 8))


def _near(cases: Clade) -> Clade:
    """Return the lineage of the cases with one near and one less near context isolate."""
    near = Clade("near", 60, (cases, Clade("CTX-near", 30)))
    return Clade("mid", 40, (near, Clade("CTX-mid", 110)))


def _cases(names: Sequence[str]) -> tuple[Clade, ...]:
    """Return case isolates 1 or 2 SNPs from their source."""
    return tuple(Clade(name, CASE_SNPS[name]) for name in names)


def _case_rows() -> tuple[Row, ...]:
    """Return patients A and B with an isolate, and patient C without."""
    return (
        Row("PtA-CSF", Role.CASE, "A", "Clinic 1", "Mexico", "2022-11-18", "run-7", "batch-31"),
        Row("PtB-elbow", Role.CASE, "B", "Clinic 2", "Mexico", "2023-03-02", "run-9", "batch-40"),
        Row("PtC", Role.CASE, "C", "Clinic 3", "Mexico", "2023-04"),
    )


def _later_rows() -> tuple[Row, ...]:
    """Return patient C's isolates, which take the place of the row without one."""
    when, where = "2023-04-11", "Clinic 3"
    return tuple(
        Row(name, Role.CASE, "C", where, "Mexico", when, "run-11", "batch-44")
        for name in ("PtC-kneeL", "PtC-kneeR")
    )


def _context_rows() -> tuple[Row, ...]:
    """Return the context isolates, and one whose assembly is mostly lost."""
    names = [
        f"CTX-{clone}-{number}" for clone in ("DCC3", "DCC6", "DCC7") for number in range(1, 6)
    ]
    names += [f"CTX-{clone}-{number}" for clone in ("DCC1", "DCC2") for number in range(1, 4)]
    names += [*(f"CTX-mas-{number}" for number in range(1, 4)), "CTX-bol-1", "CTX-near", "CTX-mid"]
    rows = [
        Row(
            name,
            Role.CONTEXT,
            f"P-{name}",
            country=COUNTRIES[number % len(COUNTRIES)],
            collection_date=str(2012 + number % 8),
        )
        for number, name in enumerate(names)
    ]
    lost = rows[names.index("CTX-DCC2-3")]
    rows[names.index("CTX-DCC2-3")] = replace(lost, kept_percent=40)
    return tuple(rows)
