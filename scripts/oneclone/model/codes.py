"""Stable codes of reasons and caveats; `docs/verdict.md` explains each, a test sees to it."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a verdict is what it is."""

    # of a pair
    WITHIN_LINKED = "within_linked"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    ABOVE_UNLINKED = "above_unlinked"
    DIFFERENT_SUBSPECIES = "different_subspecies"
    BELOW_CALLABLE_FLOOR = "below_callable_floor"
    SCALED_COUNT = "scaled_count_in_other_band"
    RAW_COUNT = "raw_count_in_other_band"
    FILTER_DECIDES = "filtered_count_decides"
    FILTER_MAY_NOT_DECIDE = "filter_may_not_decide"
    SAME_PATIENT = "same_patient"
    ASSEMBLY_ERRORS = "assembly_errors_suspected"
    IDENTICAL_ASSEMBLIES = "identical_assemblies"
    POSSIBLE_CONTAMINATION = "possible_contamination"
    CONTAMINATION_NOT_EXCLUDED = "contamination_not_excluded"
    # of a clone
    NO_BACKGROUND = "no_background"
    BACKGROUND_AS_CLOSE = "background_as_close"
    NOT_A_CLADE = "not_a_clade"
    CLADE_NOT_SUPPORTED = "clade_not_supported"
    CIRCULATING_CLONE = "circulating_clone"
    PATIENTS_NOT_ALL_LINKED = "patients_not_all_linked"
    PAIR_NOT_LINKED = "pair_not_linked"
    PAIR_ABOVE_POSSIBLE = "pair_above_possible"
    REFERENCE_NOT_COMPARABLE = "reference_not_comparable"
    ONE_PATIENT = "one_patient"
    ALL_PATIENTS_LINKED = "all_patients_linked"
    EXCLUSIVE_CLADE = "exclusive_clade"
    NOT_ROBUST = "not_robust"
    # of the set
    FEWER_THAN_TWO_PATIENTS = "fewer_than_two_patients"
    NO_PAIR_ASSESSABLE = "no_pair_assessable"
    SEVERAL_CLONES_APART = "several_clones_apart"
    SEVERAL_CLONES_NOT_APART = "several_clones_not_apart"


class CloneRule(StrEnum):
    """How the panel clone of an isolate was called, or why it has none."""

    NEAREST = "nearest"
    TIE = "tie"
    AMBIGUOUS = "ambiguous"
    NONE = "none"
    NEAR_NOT_COMPARED = "near_not_compared"
    NOT_ASSESSABLE = "not_assessable"
    NO_CLONES = "no_clones"


class Caveat(StrEnum):
    """What limits a verdict."""

    ASSEMBLY_ONLY = "assembly_only"
    BACKGROUND_AS_SUPPLIED = "background_is_what_was_supplied"
    GENOTYPE_ONLY = "genotype_not_susceptibility"
    ROBUSTNESS_NOT_ASSESSED = "robustness_not_assessed"
    NOT_ASSESSED = "not_assessed"
    THIN_BACKGROUND = "thin_background"
    BACKGROUND_NOT_COMPARABLE = "background_not_comparable"
    BACKGROUND_NOT_IN_TREE = "background_not_in_tree"
    BACKGROUND_WITHIN_LINKED = "background_within_linked"
    SAME_PATIENT = "same_patient"
    PATIENT_IN_CLONES = "patient_in_several_clones"
    DUPLICATE_OF = "duplicate_of"
    IDENTICAL_ASSEMBLIES = "identical_assemblies"
    CLINIC_UNKNOWN = "clinic_unknown"
    POSSIBLE_CONTAMINATION = "possible_contamination"
    CONTAMINATION_NOT_EXCLUDED = "contamination_not_excluded"
    ASSEMBLY_ERRORS = "assembly_errors_suspected"
    POSSIBLE_MIXTURE = "possible_mixture"
    SUPPORT_NOT_COMPUTABLE = "support_not_computable"
    SUPPORT_LOW = "support_low"
    BRIDGE_ISOLATE = "bridge_isolate"
    SOURCE_NEAR = "source_near"
    PLACEMENT_DISAGREES = "placement_disagrees"
