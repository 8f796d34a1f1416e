from cogent3 import Alignment, PhyloNode

__version__: str

def build_tree(
    aln: Alignment,
    model: str,
    rand_seed: int | None = ...,
    bootstrap_replicates: int | None = ...,
    num_threads: int | None = ...,
) -> PhyloNode: ...
