"""Scenarios of the small scene: imports, foreign contigs, lost bases, one file twice."""

from dataclasses import replace

from oneclone.simulation.model import ALWAYS_SAID, ExpectedPair, ScenarioName
from oneclone.simulation.scene import FEW, Scene, case
from oneclone.simulation.scenes_of_background import ONE_CLONE
from oneclone.simulation.scenes_of_cases import IN_BANDS, NO_CONCLUSION

UNDECIDED = ("filter_may_not_decide", "raw_count_in_other_band")

OF_ASSEMBLIES = (
    Scene(
        ScenarioName.IMPORT_DECIDES,
        (case("PtA-1"), case("PtT-1", "B"), *FEW),
        replace(
            ONE_CLONE,
            clones=(("PtA-1", "PtT-1"),),
            reasons=(*ONE_CLONE.reasons, "filtered_count_decides"),
            pairs=(ExpectedPair("PtA-1", "PtT-1", "linked", ("filtered_count_decides",)),),
            words=(*ONE_CLONE.words, "recombinant"),
        ),
    ),
    Scene(
        ScenarioName.IMPORT_TOO_LARGE,
        (case("PtA-1"), case("PtU-1", "B"), *FEW),
        replace(
            IN_BANDS,
            clones=(("PtA-1",), ("PtU-1",)),
            pairs=(ExpectedPair("PtA-1", "PtU-1", "indeterminate", UNDECIDED),),
        ),
    ),
    Scene(
        ScenarioName.FOREIGN_CONTIG,
        (case("PtA-1"), case("PtY-1", "B"), *FEW),
        replace(
            ONE_CLONE,
            clones=(("PtA-1", "PtY-1"),),
            pairs=(ExpectedPair("PtA-1", "PtY-1", "linked", ("within_linked",)),),
        ),
    ),
    Scene(
        ScenarioName.FOREIGN_CONTIG_IN_PLACE,
        (case("PtA-1"), case("PtZ-1", "B"), *FEW),
        replace(
            IN_BANDS,
            clones=(("PtA-1",), ("PtZ-1",)),
            pairs=(ExpectedPair("PtA-1", "PtZ-1", "indeterminate", UNDECIDED),),
        ),
    ),
    Scene(
        ScenarioName.LOW_COVERAGE,
        (case("PtP-1"), case("PtQ-1"), *FEW),
        replace(
            NO_CONCLUSION,
            clones=(("PtP-1",), ("PtQ-1",)),
            clone_verdicts=("one_patient", "one_patient"),
            reasons=("no_pair_assessable",),
            pairs=(ExpectedPair("PtP-1", "PtQ-1", "not_assessable", ("below_callable_floor",)),),
        ),
    ),
    Scene(
        ScenarioName.REDUCED_COVERAGE,
        (case("PtR-1"), case("PtS-1"), *FEW),
        replace(
            IN_BANDS,
            clones=(("PtR-1",), ("PtS-1",)),
            pairs=(
                ExpectedPair(
                    "PtR-1",
                    "PtS-1",
                    "indeterminate",
                    ("within_linked", "scaled_count_in_other_band"),
                ),
            ),
        ),
    ),
    Scene(
        ScenarioName.IDENTICAL_CASES,
        (case("PtA-1"), case("PtCopy", "B", copy_of="PtA-1"), *FEW),
        replace(
            ONE_CLONE,
            clones=(("PtA-1", "PtCopy"),),
            caveats=(*ALWAYS_SAID, "thin_background", "identical_assemblies"),
            pairs=(ExpectedPair("PtA-1", "PtCopy", "linked", ("within_linked",)),),
        ),
    ),
)
