"""Terms of the report, one word per concept; README.md has the same table."""

GLOSSARY = {
    "isolate": "A bacterial culture of one patient or source; a row of the isolate table",
    "case": "An isolate that is asked about",
    "context": "An isolate of another patient, to compare the cases with",
    "source": "An isolate of a product, reagent, water or device",
    "assembly": "The genome of an isolate as contigs in a FASTA file",
    "reference": "An assembly of the clone panel",
    "type strain": "The reference that stands for a subspecies",
    "callable": "A reference position at which the base of an assembly can be trusted",
    "SNP distance": "Number of positions, callable in both isolates, at which their bases differ",
    "raw, filtered": "The SNP distance before and after the recombination filter",
    "band": "Between which thresholds of the panel a SNP distance lies: linked, possible, …",
    "core alignment": (
        "The variable positions that nearly all isolates have called; it serves the trees"
    ),
    "support": (
        "How well the sites back a branch of the tree, in per cent: ultrafast bootstrap, SH-aLRT "
        "or local bootstrap"
    ),
    "minimum spanning tree": "Lines that join all isolates by the fewest SNPs in all",
    "cluster": "Isolates connected by pairs within a SNP level (single linkage)",
    "clone": "Case isolates connected by linked pairs",
    "panel clone": "A known circulating clone of the species, by its reference",
    "background": "Context isolates of patients who are no case, and all panel references",
    "exclusive": "Set apart from all background by one supported branch and by a gap in SNPs",
    "registry": "The memory of past runs: names of clones, cluster labels, verdicts, decisions",
    "SNP address": "The labels of an isolate's clusters from 250 SNPs to 0",
    "bridge isolate": (
        "An isolate without which a clone would fall apart; a new one that connects two named "
        "clones waits for a decision over their names"
    ),
    "verdict": "Single clone, multiple clones, indeterminate, or not assessable",
}
