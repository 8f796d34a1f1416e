"""The files of `results/exports/`, which the workflow has to know before a run."""

EXPORTS = tuple(
    f"results/exports/{name}"
    for name in (
        "id_map.tsv",
        "oneclone.microreact",
        "auspice.json",
        "auspice.tsv",
        "itol/tree.nwk",
        "itol/names.txt",
        "itol/clinics.txt",
        "itol/clones.txt",
        "itol/subspecies.txt",
        "itol/reference_clones.txt",
        "itol/case_distances.txt",
        "grapetree/profile.fasta",
        "grapetree/metadata.tsv",
        "grapetree/spanning_tree.json",
        "core.vcf.gz",
        "distances.phy",
        "distances_long.tsv",
        "distances_square.tsv",
        "ncbi_pathogen.tsv",
        "oneclone.xlsx",
        "oneclone_distances_mqc.json",
        "oneclone_general_mqc.json",
        "oneclone_verdict_mqc.json",
        "pha4ge_metadata.tsv",
        "tree.nexus",
        "tree.nwk",
    )
)
