"""One sentence for every reason and caveat code, for readers of a verdict."""

from oneclone.exclusivity import THIN_BACKGROUND
from oneclone.model.codes import Caveat, Reason
from oneclone.model.robustness import RunKind

REASON_TEXT = {
    Reason.WITHIN_LINKED: "the SNP distance is within the linked threshold",
    Reason.POSSIBLE: "the SNP distance lies between the linked and the possible threshold",
    Reason.UNLIKELY: "the SNP distance lies above the possible threshold: a link is unlikely",
    Reason.ABOVE_UNLINKED: "the SNP distance lies above the unlinked threshold",
    Reason.DIFFERENT_SUBSPECIES: "the isolates belong to different subspecies",
    Reason.BELOW_CALLABLE_FLOOR: "too few bases could be compared",
    Reason.SCALED_COUNT: "scaled to the whole reference, the SNP distance falls in another band",
    Reason.RAW_COUNT: (
        "the raw and the recombination-filtered SNP distance fall in different bands, and the "
        "filter may not decide"
    ),
    Reason.FILTER_DECIDES: "recombinant stretches were removed; the filtered distance decides",
    Reason.FILTER_MAY_NOT_DECIDE: (
        "the removed stretches are too many, too long or suspect, so the filter may not decide"
    ),
    Reason.SAME_PATIENT: "both isolates are of one patient, which proves no link between clinics",
    Reason.ASSEMBLY_ERRORS: (
        "one isolate has more short insertions and deletions of its own than there are SNPs: "
        "some of the SNPs may be errors of its assembly"
    ),
    Reason.IDENTICAL_ASSEMBLIES: "both isolates have exactly the same assembly",
    Reason.POSSIBLE_CONTAMINATION: (
        "0-2 SNPs, and the isolates share a laboratory, a sequencing run or an extraction batch: "
        "contamination is possible"
    ),
    Reason.CONTAMINATION_NOT_EXCLUDED: (
        "0-2 SNPs, and it is not known that laboratory, run and batch differ: contamination is "
        "not excluded"
    ),
    Reason.NO_BACKGROUND: "there is no context isolate of the subspecies to compare with",
    Reason.BACKGROUND_AS_CLOSE: "background isolates are as close as the cases are to each other",
    Reason.NOT_A_CLADE: "no branch of the local tree parts the cases from all background",
    Reason.CLADE_NOT_SUPPORTED: "the branch that parts the cases from the background lacks support",
    Reason.CIRCULATING_CLONE: (
        "the cases lie inside a known circulating clone of which fewer than 20 context patients "
        "were compared"
    ),
    Reason.REFERENCE_NOT_COMPARABLE: (
        "a reference clone that may be that of the cases has too few bases in common with them to "
        "be compared"
    ),
    Reason.PATIENTS_NOT_ALL_LINKED: "not every two patients share a linked pair",
    Reason.PAIR_NOT_LINKED: "a pair of two patients is not linked",
    Reason.PAIR_ABOVE_POSSIBLE: "a pair of two patients lies above the possible threshold",
    Reason.ONE_PATIENT: "all members are isolates of one patient",
    Reason.ALL_PATIENTS_LINKED: "every two patients share a linked pair",
    Reason.EXCLUSIVE_CLADE: "a branch and a gap part the cases from every background isolate",
    Reason.NOT_ROBUST: (
        "the verdict does not stand on another reference, at another core level or without one "
        "case isolate"
    ),
    Reason.FEWER_THAN_TWO_PATIENTS: "fewer than two patients have an assessed isolate",
    Reason.NO_PAIR_ASSESSABLE: "no pair of isolates of two patients has enough comparable bases",
    Reason.SEVERAL_CLONES_APART: "the isolates of different clones are not linked",
    Reason.SEVERAL_CLONES_NOT_APART: (
        "the cases fall into several clones, and a pair across them is neither linked nor clearly "
        "apart"
    ),
}

CAVEAT_TEXT = {
    Caveat.ASSEMBLY_ONLY: (
        "Only assemblies were compared: no sequencing read supports or contradicts a SNP."
    ),
    Caveat.BACKGROUND_AS_SUPPLIED: (
        "The background is what was supplied: a closer isolate may exist that was not compared."
    ),
    Caveat.GENOTYPE_ONLY: "A genotype is not a susceptibility test.",
    Caveat.ROBUSTNESS_NOT_ASSESSED: (
        "The verdict was not tried under other references and settings (robustness.assess)."
    ),
    Caveat.NOT_ASSESSED: "Some case rows could not be assessed; nothing is concluded about them.",
    Caveat.THIN_BACKGROUND: (
        f"Fewer than {THIN_BACKGROUND} background patients of the subspecies were compared."
    ),
    Caveat.BACKGROUND_NOT_COMPARABLE: (
        "Some background isolates have too few bases in common with a case; how close they are "
        "is unknown."
    ),
    Caveat.BACKGROUND_NOT_IN_TREE: (
        "Some near background isolates are of ambiguous subspecies, so the local tree has to do "
        "without them; only the run on the species reference tests them."
    ),
    Caveat.BACKGROUND_WITHIN_LINKED: (
        "Background within the linked threshold is a further case or a circulating clone; set "
        "its role to case if epidemiology supports it."
    ),
    Caveat.SAME_PATIENT: "Context isolates of a case patient were set aside.",
    Caveat.PATIENT_IN_CLONES: (
        "The isolates of one patient fall into several clones: a mixed infection, or a mix-up."
    ),
    Caveat.DUPLICATE_OF: "Context isolates with the very genome of a case were set aside.",
    Caveat.IDENTICAL_ASSEMBLIES: (
        "Two cases have exactly the same assembly: check that they are not one isolate under two "
        "names."
    ),
    Caveat.CLINIC_UNKNOWN: "The clinic of a case is unknown; it is not counted.",
    Caveat.POSSIBLE_CONTAMINATION: (
        "Isolates with 0-2 SNPs that are not of one patient share a laboratory, a sequencing run "
        "or an extraction batch: check for contamination."
    ),
    Caveat.CONTAMINATION_NOT_EXCLUDED: (
        "Isolates that are not of one patient have 0-2 SNPs and it is not known that laboratory, "
        "run and batch differ: contamination is not excluded."
    ),
    Caveat.ASSEMBLY_ERRORS: (
        "An assembly has more short insertions and deletions of its own than SNPs, as errors of "
        "long reads leave them: the true SNP distances may be smaller than those counted."
    ),
    Caveat.POSSIBLE_MIXTURE: (
        "The assembly of a case looks like that of a mixed or contaminated culture: its SNP "
        "distances may be those of no single strain."
    ),
    Caveat.SUPPORT_NOT_COMPUTABLE: (
        "Fewer than four distinct sequences: no support of the cases' branch can be computed."
    ),
    Caveat.SUPPORT_LOW: (
        "Too few SNPs stand on the cases' branch for a bootstrap; the gap to the background "
        "carries the verdict."
    ),
    Caveat.BRIDGE_ISOLATE: "One isolate alone holds the clone together.",
    Caveat.SOURCE_NEAR: "A product, reagent or device isolate lies near the cases.",
    Caveat.PLACEMENT_DISAGREES: (
        "The tree places a case beside another reference clone than typing does."
    ),
}

RUN_TEXT = {
    RunKind.SPECIES_REFERENCE: "when counted on the species reference",
    RunKind.CORE_LEVEL: "in a local tree at core level",
    RunKind.WITHOUT_CASE: "without case isolate",
    RunKind.RAW_COUNTS: "when no recombinant stretch is removed",
    RunKind.MASK_OFF: "when repeats and masked bases are compared",
    RunKind.ALIGNMENT_FREE: "when counted without an alignment",
    RunKind.WITHOUT_BACKGROUND: "without background isolate",
}
