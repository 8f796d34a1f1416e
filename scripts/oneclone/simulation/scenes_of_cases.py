"""Scenarios of the small scene: how the cases stand to each other."""

from dataclasses import replace

from oneclone.simulation.model import ALWAYS_SAID, COMMON_SOURCE, ExpectedPair, ScenarioName
from oneclone.simulation.scene import FEW, Scene, case, case_without_isolate
from oneclone.simulation.scenes_of_background import A_AND_B, ONE_CLONE

SEVERAL = replace(
    ONE_CLONE,
    verdict="multiple_clones",
    exclusive=None,
    reasons=("several_clones_apart",),
    unsaid=(COMMON_SOURCE,),
)
IN_BANDS = replace(
    SEVERAL,
    verdict="indeterminate",
    clone_verdicts=("one_patient", "one_patient"),
    reasons=("several_clones_not_apart",),
    words=("indeterminate", "one patient"),
)
NO_CONCLUSION = replace(
    ONE_CLONE,
    verdict="not_assessable",
    exclusive=None,
    reasons=("fewer_than_two_patients",),
    caveats=ALWAYS_SAID,
    words=("No genomic conclusion",),
    unsaid=(COMMON_SOURCE, "single clone"),
)
CHAIN = replace(
    ONE_CLONE,
    clones=(("PtJ-1", "PtK-1", "PtL-1"),),
    caveats=(*ONE_CLONE.caveats, "bridge_isolate"),
    pairs=(
        ExpectedPair("PtJ-1", "PtK-1", "linked", ("within_linked",)),
        ExpectedPair("PtK-1", "PtL-1", "linked", ("within_linked",)),
    ),
    words=("single clone", "Without PtK-1", COMMON_SOURCE),
)

OF_CASES = (
    Scene(
        ScenarioName.TWO_OUTBREAKS,
        (*A_AND_B, case("PtG-1"), case("PtH-1"), *FEW),
        replace(
            SEVERAL,
            clones=(("PtA-1", "PtB-1"), ("PtG-1", "PtH-1")),
            clone_verdicts=("single_clone", "single_clone"),
            pairs=(
                ExpectedPair("PtA-1", "PtB-1", "linked"),
                ExpectedPair("PtA-1", "PtG-1", "not_linked", ("above_unlinked",)),
                ExpectedPair("PtG-1", "PtH-1", "linked"),
            ),
            words=("2 clones", "a single clone"),
        ),
    ),
    Scene(
        ScenarioName.POLYCLONAL,
        (case("PtA-1"), case("PtD-1"), case("PtG-1"), case("PtM-1"), *FEW),
        replace(
            SEVERAL,
            clones=(("PtA-1",), ("PtD-1",), ("PtG-1",), ("PtM-1",)),
            clone_verdicts=("one_patient",) * 4,
            pairs=(
                ExpectedPair("PtA-1", "PtD-1", "not_linked", ("above_unlinked",)),
                ExpectedPair("PtD-1", "PtM-1", "not_linked", ("above_unlinked",)),
            ),
            words=("4 clones", "one patient"),
        ),
    ),
    Scene(
        ScenarioName.POSSIBLE_PAIR,
        (case("PtM-1"), case("PtN-1"), *FEW),
        replace(
            IN_BANDS,
            clones=(("PtM-1",), ("PtN-1",)),
            pairs=(ExpectedPair("PtM-1", "PtN-1", "indeterminate", ("possible",)),),
        ),
    ),
    Scene(
        ScenarioName.UNLIKELY_PAIR,
        (case("PtM-1"), case("PtO-1"), *FEW),
        replace(
            IN_BANDS,
            clones=(("PtM-1",), ("PtO-1",)),
            pairs=(ExpectedPair("PtM-1", "PtO-1", "indeterminate", ("unlikely",)),),
        ),
    ),
    Scene(
        ScenarioName.BRIDGE,
        (case("PtJ-1"), case("PtK-1"), case("PtL-1"), *FEW),
        replace(
            CHAIN,
            verdict="indeterminate",
            clone_verdicts=("indeterminate",),
            reasons=("patients_not_all_linked",),
            pairs=(*CHAIN.pairs, ExpectedPair("PtJ-1", "PtL-1", "indeterminate", ("possible",))),
            words=("indeterminate", "Without PtK-1"),
            unsaid=(COMMON_SOURCE,),
        ),
    ),
    Scene(
        ScenarioName.BRIDGE_WITHIN_PATIENT,
        (case("PtJ-1"), case("PtK-1"), case("PtL-1", "J"), *FEW),
        replace(
            CHAIN,
            pairs=(
                *CHAIN.pairs,
                ExpectedPair("PtJ-1", "PtL-1", "indeterminate", ("possible", "same_patient")),
            ),
        ),
    ),
    Scene(
        ScenarioName.HANGS_ON_ONE_ISOLATE,
        (case("PtJ-1"), case("PtK-1", "J"), case("PtL-1"), *FEW),
        replace(
            CHAIN,
            verdict="indeterminate",
            clone_verdicts=("indeterminate",),
            reasons=("not_robust",),
            pairs=(
                ExpectedPair("PtJ-1", "PtK-1", "linked", ("within_linked", "same_patient")),
                ExpectedPair("PtK-1", "PtL-1", "linked", ("within_linked",)),
                ExpectedPair("PtJ-1", "PtL-1", "indeterminate", ("possible",)),
            ),
            words=("a single clone, but the verdict is indeterminate without case isolate PtK-1",),
            unsaid=(COMMON_SOURCE,),
        ),
    ),
    Scene(
        ScenarioName.ONE_PATIENT,
        (*(case(name, "C") for name in ("PtC-kneeL", "PtC-kneeR", "PtC-blood")), *FEW),
        replace(
            NO_CONCLUSION,
            clones=(("PtC-blood", "PtC-kneeL", "PtC-kneeR"),),
            exclusive=True,
            clone_verdicts=("one_patient",),
            pairs=(
                ExpectedPair("PtC-kneeL", "PtC-kneeR", "linked", ("same_patient",)),
                ExpectedPair("PtC-blood", "PtC-kneeL", "linked", ("same_patient",)),
            ),
        ),
    ),
    Scene(
        ScenarioName.NO_ASSEMBLY,
        (case_without_isolate("A"), case_without_isolate("B"), *FEW),
        replace(
            NO_CONCLUSION,
            clones=(),
            distinct_from_panel=None,
            clone_verdicts=(),
            caveats=(*ALWAYS_SAID, "not_assessed"),
            pairs=(),
            words=("No genomic conclusion", "Not assessed", "patient A", "patient B"),
        ),
    ),
    Scene(
        ScenarioName.OTHER_SUBSPECIES,
        (*A_AND_B, case("PtE-1"), *FEW),
        replace(
            SEVERAL,
            clones=(("PtA-1", "PtB-1"), ("PtE-1",)),
            clone_verdicts=("single_clone", "one_patient"),
            pairs=(
                ExpectedPair("PtA-1", "PtB-1", "linked"),
                ExpectedPair("PtA-1", "PtE-1", "not_linked", ("different_subspecies",)),
            ),
            words=("2 clones", "a single clone", "PtE-1"),
        ),
    ),
)
