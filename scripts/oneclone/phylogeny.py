"""Infer maximum-likelihood trees from core alignments: IQ-TREE's binary, else piqtree.

Both run with one thread and a fixed seed, because the same seed does not give the same tree
with another number of threads. Identical isolates enter once (twice where the support of their
branch is wanted) and come back as sister tips on branches of length zero; fewer than four
distinct sequences give a distance tree without support.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from oneclone.core import CoreAlignment, distinct_rows
from oneclone.errors import ToolFailed
from oneclone.model.settings import TreeSettings
from oneclone.programs import last_lines, run_program
from oneclone.sequences import BASES, MISSING, Codes, decode
from oneclone.tree_engine import engine_version, iqtree_binary

if TYPE_CHECKING:
    from cogent3 import PhyloNode

MODEL = "GTR+G"
MIN_SUPPORTED = 4  # distinct sequences that a bootstrap needs
# IQ-TREE's own parsimony tree as the start: the library that makes the other one walks over all
# constant sites. For 42 genomes of 5 Mb 20.6 s instead of 25.4, and a tree of better likelihood.
FAST = ("-fast", "-t", "PARS")


@dataclass(frozen=True)
class Inference:
    """A tree over the taxa of an alignment.

    `newick` has row ids as tips, one for each group of `identical` taxa, the group's first;
    `distinct` counts the distinct sequences. `support_kind` names the labels of inner nodes:
    `sh_alrt`, `ufboot`, `sh_alrt/ufboot`, `local_bootstrap` or `none`. Branch lengths are
    substitutions per core site under `model`. `reason` says why this engine was taken.
    """

    newick: str
    identical: tuple[tuple[str, ...], ...]
    distinct: int
    support_kind: str
    engine: str
    model: str
    reason: str


def infer_tree(
    core: CoreAlignment, settings: TreeSettings, *, thorough: bool = False, twins: bool = False
) -> Inference:
    """Infer the tree of a core alignment.

    Parameters
    ----------
    core
        Variable sites and constant-site counts.
    settings
        Engine, replicates and seed.
    thorough
        Full search with ultrafast bootstrap beside SH-aLRT; without it the fast search with
        SH-aLRT alone. piqtree knows one search only, with ultrafast bootstrap.
    twins
        Let two of each group of identical taxa enter, so that the branch above them is an
        inner one and gets a support.

    Raises
    ------
    ToolFailed
        If the engine is missing or fails.
    """
    groups = distinct_rows(core.codes)
    if len(groups) < MIN_SUPPORTED:
        identical = tuple(tuple(core.taxa[row] for row in group) for group in groups)
        taxa = [group[0] for group in identical]
        rows = core.codes[[group[0] for group in groups]]
        newick = _distance_tree(taxa, rows, core.core_bp)
        reason = "there are fewer than four distinct sequences"
        return Inference(
            newick, identical, len(groups), "none", "distances", "differences per core site", reason
        )
    entering = _entering(groups, twins=twins)
    identical = tuple(tuple(core.taxa[row] for row in group) for group in entering)
    sequences = {core.taxa[group[0]]: decode(core.codes[group[0]]) for group in entering}
    binary = iqtree_binary(settings)
    if binary is None:
        newick, kind = _run_piqtree(sequences, core.constant, settings), "ufboot"
    else:
        newick = _run_iqtree(binary, sequences, core.constant, settings, thorough=thorough)
        kind = "sh_alrt/ufboot" if thorough else "sh_alrt"
    engine, reason = engine_version(settings), _engine_reason(settings, binary)
    return Inference(newick, identical, len(groups), kind, engine, MODEL, reason)


def _entering(groups: Sequence[Sequence[int]], *, twins: bool) -> list[list[int]]:
    """Return the rows that enter a search, each with the identical rows that it stands for."""
    if not twins:
        return [list(group) for group in groups]
    return [rows for group in groups for rows in ([group[0], *group[2:]], list(group[1:2])) if rows]


def _engine_reason(settings: TreeSettings, binary: Path | None) -> str:
    """Return why the binary of IQ-TREE or piqtree was taken."""
    if settings.engine != "auto":
        return f"tree.engine is '{settings.engine}'"
    return f"{'an' if binary else 'no'} IQ-TREE binary is on the path"


def _run_iqtree(
    binary: Path,
    sequences: Mapping[str, str],
    constant: Sequence[int],
    settings: TreeSettings,
    *,
    thorough: bool,
) -> str:
    """Return the tree of IQ-TREE's binary with constant sites counted in."""
    with TemporaryDirectory() as folder:
        alignment = Path(folder) / "core.fasta"
        alignment.write_text("".join(f">{name}\n{bases}\n" for name, bases in sequences.items()))
        options = [
            *("-s", alignment.name),
            *("-m", MODEL),
            *("-fconst", ",".join(map(str, constant))),
            *("-alrt", str(settings.alrt_replicates)),
            *(("-B", str(settings.ufboot_replicates)) if thorough else FAST),
            *("-seed", str(settings.seed)),
            *("-T", "1"),
            *("-pre", "core"),
            "-keep-ident",
            "-redo",
            "-quiet",
        ]
        printed = run_program([str(binary), *options], Path(folder))
        tree = Path(folder) / "core.treefile"
        if not tree.is_file():
            raise ToolFailed(f"{binary.name} wrote no tree: {last_lines(printed)}")
        return tree.read_text().strip()


def _run_piqtree(
    sequences: Mapping[str, str], constant: Sequence[int], settings: TreeSettings
) -> str:
    """Return the tree of piqtree; it takes no constant-site counts, so it is given the sites."""
    import piqtree  # noqa: PLC0415 (slow, and not needed beside the binary)
    from cogent3 import make_aligned_seqs  # noqa: PLC0415 (slow)

    sites = "".join(base * count for base, count in zip(BASES, constant, strict=True))
    whole = {name: bases + sites for name, bases in sequences.items()}
    tree = piqtree.build_tree(
        make_aligned_seqs(whole, moltype="dna"),
        MODEL,
        rand_seed=settings.seed,
        bootstrap_replicates=settings.ufboot_replicates,
        num_threads=1,
    )
    return _newick(tree) + ";"


def _newick(node: "PhyloNode") -> str:
    """Return the Newick of a cogent3 node with support as labels."""
    length = "" if node.length is None else f":{node.length:.9g}"
    if node.is_tip():
        return node.name + length
    label = "" if node.support is None else f"{node.support:g}"
    return f"({','.join(map(_newick, node.children))}){label}{length}"


def _distance_tree(taxa: Sequence[str], rows: Codes, core_bp: int) -> str:
    """Return the tree of one to three distinct sequences from their distances per core site."""
    if len(taxa) == 1:
        return f"{taxa[0]}:0;"
    both = (rows[:, None] < MISSING) & (rows[None] < MISSING)
    distances = ((rows[:, None] != rows[None]) & both).sum(axis=2) / core_bp
    if len(taxa) == 2:
        half = distances[0, 1] / 2
        return f"({taxa[0]}:{half:.9g},{taxa[1]}:{half:.9g});"
    from skbio import DistanceMatrix  # noqa: PLC0415 (slow)
    from skbio.tree import nj  # noqa: PLC0415 (slow)

    tree = nj(DistanceMatrix(np.ascontiguousarray(distances), taxa))
    tips = [(tip.name, max(0.0, tip.length)) for tip in tree.tips()]
    return "(" + ",".join(f"{name}:{length:.9g}" for name, length in sorted(tips)) + ");"
