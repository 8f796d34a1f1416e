"""The files of `results/exports/`, which the workflow has to know before a run."""

EXPORTS = tuple(
    f"results/exports/{name}"
    for name in (
        "id_map.tsv",
        "itol/tree.nwk",
    )
)
