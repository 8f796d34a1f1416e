"""Scenarios of the small scene: what the background says about two cases of one source."""

from dataclasses import replace

from oneclone.simulation.lineages import PANEL
from oneclone.simulation.model import (
    ALWAYS_SAID,
    COMMON_SOURCE,
    Expected,
    ExpectedPair,
    ScenarioName,
)
from oneclone.simulation.scene import FEW, Scene, case, clone_context, context, source

A_AND_B = (case("PtA-1"), case("PtB-1"))
ONE_CLONE = Expected(
    "single_clone",
    (("PtA-1", "PtB-1"),),
    exclusive=True,
    distinct_from_panel=True,
    clone_verdicts=("single_clone",),
    reasons=("all_patients_linked", "exclusive_clade"),
    caveats=(*ALWAYS_SAID, "thin_background"),
    pairs=(ExpectedPair("PtA-1", "PtB-1", "linked", ("within_linked",)),),
    words=("single clone", "269 km (167 mi)", "4 patients", "distinct from", COMMON_SOURCE),
)
OPEN = replace(
    ONE_CLONE,
    verdict="indeterminate",
    exclusive=False,
    clone_verdicts=("indeterminate",),
    words=("indeterminate",),
    unsaid=(COMMON_SOURCE,),
)

OF_BACKGROUND = (
    Scene(ScenarioName.THIN_BACKGROUND, (*A_AND_B, *FEW), ONE_CLONE),
    Scene(
        ScenarioName.NO_BACKGROUND,
        A_AND_B,
        replace(
            OPEN,
            exclusive=None,
            reasons=("no_background",),
            caveats=ALWAYS_SAID,
            pairs=(ExpectedPair("PtA-1", "PtB-1", "indeterminate", ("no_background",)),),
            words=("indeterminate", "no background"),
        ),
    ),
    Scene(
        ScenarioName.CONTEXT_OF_CASE_PATIENT,
        (*A_AND_B, *context("CTX-A-old", patient="A"), *FEW),
        replace(
            ONE_CLONE,
            caveats=(*ONE_CLONE.caveats, "same_patient"),
            unsaid=("5 patients", "Background within"),
        ),
    ),
    Scene(
        ScenarioName.CONTEXT_IS_A_CASE,
        (*A_AND_B, *context("CTX-copy", copy_of="PtA-1"), *FEW),
        replace(
            ONE_CLONE,
            caveats=(*ONE_CLONE.caveats, "duplicate_of"),
            unsaid=("5 patients", "Background within"),
        ),
    ),
    Scene(
        ScenarioName.CONTEXT_INSIDE,
        (case("PtA-1"), case("PtV-1"), *context("CTX-inside"), *FEW),
        replace(
            OPEN,
            clones=(("PtA-1", "PtV-1"),),
            reasons=("not_a_clade",),
            pairs=(ExpectedPair("PtA-1", "PtV-1", "indeterminate", ("background_as_close",)),),
        ),
    ),
    Scene(
        ScenarioName.SOURCE_ISOLATES,
        (*A_AND_B, source("vial"), source("water"), *FEW),
        replace(
            ONE_CLONE,
            caveats=(*ONE_CLONE.caveats, "source_near"),
            words=(*ONE_CLONE.words, "vial"),
            unsaid=("water",),
        ),
    ),
    Scene(
        ScenarioName.PANEL_CLONE_SAMPLED,
        (case("PtW-1", "A"), case("PtW-2", "B"), *clone_context(20)),
        replace(
            ONE_CLONE,
            clones=(("PtW-1", "PtW-2"),),
            distinct_from_panel=False,
            caveats=ALWAYS_SAID,
            pairs=(ExpectedPair("PtW-1", "PtW-2", "linked", ("within_linked",)),),
            words=("single clone", "DCC7", "20 patients"),
            unsaid=("distinct from",),
        ),
    ),
    Scene(
        ScenarioName.PANEL_CLONE_THIN,
        (case("PtW-1", "A"), case("PtW-2", "B"), *clone_context(6)),
        replace(
            OPEN,
            clones=(("PtW-1", "PtW-2"),),
            exclusive=True,
            distinct_from_panel=False,
            reasons=("circulating_clone",),
            pairs=(ExpectedPair("PtW-1", "PtW-2", "linked", ("within_linked",)),),
            words=("indeterminate", "DCC7", "6 patients"),
            unsaid=("distinct from", COMMON_SOURCE),
        ),
    ),
    Scene(
        ScenarioName.CLADE_NOT_SUPPORTED,
        (case("PtX-1", "A"), case("PtX-2", "B"), *context("CTX-x"), *FEW),
        replace(
            OPEN,
            clones=(("PtX-1", "PtX-2"),),
            reasons=("clade_not_supported",),
            pairs=(ExpectedPair("PtX-1", "PtX-2", "indeterminate", ("background_as_close",)),),
        ),
    ),
    Scene(
        ScenarioName.SUPPORT_LOW,
        (case("PtF-1", "A"), case("PtF-2", "B"), *context("CTX-f"), *FEW),
        replace(
            ONE_CLONE,
            clones=(("PtF-1", "PtF-2"),),
            caveats=(*ONE_CLONE.caveats, "support_low"),
            pairs=(ExpectedPair("PtF-1", "PtF-2", "linked", ("within_linked",)),),
            words=("single clone", "5 patients", COMMON_SOURCE),
        ),
    ),
    Scene(
        ScenarioName.SUPPORT_NOT_COMPUTABLE,
        (case("PtI-1", "A"), case("PtI-2", "B"), *context("CTX-mid")),
        replace(
            ONE_CLONE,
            clones=(("PtI-1", "PtI-2"),),
            distinct_from_panel=None,
            caveats=(*ONE_CLONE.caveats, "support_not_computable"),
            pairs=(ExpectedPair("PtI-1", "PtI-2", "linked", ("within_linked",)),),
            words=("single clone", "1 patient", COMMON_SOURCE),
            unsaid=("distinct from",),
        ),
        tuple(row for row in PANEL if row.reference == "MAS_TYPE"),
    ),
)
