"""What each view and each figure shows, of how many, and by which rule."""

from collections.abc import Sequence

from oneclone.model.isolates import Isolate, Role
from oneclone.model.panel import Thresholds
from oneclone.phrases import counted
from oneclone.reporting.content import thousands
from oneclone.reporting.drawn_tree import SUPPORT_WORDS
from oneclone.spanning_tree import SpanningEdge
from oneclone.tables.tree_files import TreeSummary

NO_INFECTION = "It shows closeness, not who infected whom."


def captions(
    tree: TreeSummary,
    isolates: Sequence[Isolate],
    thresholds: Thresholds,
    compared: Sequence[Isolate] | None = None,
) -> dict[str, str]:
    """Return the captions of the views by their names.

    Parameters
    ----------
    tree
        How the tree was made.
    isolates
        Used isolates and references.
    thresholds
        Thresholds in force.
    compared
        Those of which every two are compared, when they are not all.
    """
    near = isolates if compared is None else compared
    own, of = _own(near), _all(near)
    more = neighbourhood_words(len(near), len(isolates))
    cut = cited_bands(thresholds)
    return {
        "tree": f"Tree of {_all(isolates)}: {_method(tree)}{_opening(more)}",
        "heatmap": f"SNP distances after the recombination filter of {of}, in the order of the "
        f"tree. {cut} An outline encloses cells up to {thresholds.linked} SNPs. A cell that is "
        f"hatched, or grey where cells are tiny: too few bases could be compared.{more}",
        "histogram": f"Pairs of {of} by SNP distance after the recombination filter. {cut}{more}",
        "network": f"A minimum spanning tree connects the {own}, without the references, by the "
        "fewest SNPs in all; the number at a line is the SNP distance of its two isolates, never a "
        "sum. Where another line would be as short, the line is dashed: the tree is one of "
        f"several. {NO_INFECTION}{more}",
        "map": _map(isolates),
        "timeline": _timeline(isolates),
        "pairs": f"Every pair of {of}.{more}",
    }


def neighbourhood_words(compared: int, total: int) -> str:
    """Return a further sentence on which isolates are compared; nothing when all are.

    Parameters
    ----------
    compared
        How many used isolates and references are compared, each with each.
    total
        How many there are.

    Examples
    --------
    >>> neighbourhood_words(30, 30)
    ''
    >>> neighbourhood_words(502, 5000).split(": ")[0]
    ' Here are 502 of 5000 used isolates and references'
    """
    if compared == total:
        return ""
    return (
        f" Here are {compared} of {total} used isolates and references: the cases, and those "
        "nearest to a case; none of the others is known to be nearer. The distances of all kept "
        "pairs are in distances/pairs.tsv and distances/pairs.parquet."
    )


def tree_figure(tree: TreeSummary, extent: str) -> str:
    """Return the caption of the figure of the tree; `extent` says of how many isolates."""
    return (
        f"Tree of {extent}. {_method(tree)} Branches are drawn to the logarithm of SNPs + 1 and "
        "labelled with their SNPs. Beside the tips: role, clinic, clone of this run, clone of the "
        "panel."
    )


def heatmap_figure(thresholds: Thresholds, extent: str) -> str:
    """Return the caption of the figure of all distances."""
    return (
        f"SNP distances after the recombination filter of {extent}, in the order of the tree; "
        f"numbers up to 999. {cited_bands(thresholds)} ? = too few bases could be compared."
    )


def spanning_figure(
    names: Sequence[str], edges: Sequence[SpanningEdge], thresholds: Thresholds, extent: str
) -> str:
    """Return the caption of the figure of the minimum spanning tree."""
    tied = sum(edge.tied for edge in edges)
    parts = len(names) - len(edges)
    apart = "" if parts == 1 else f" {parts} parts between which no pair could be compared."
    return (
        f"Minimum spanning tree of the SNP distances after the recombination filter of {extent}. "
        f"Every edge bears the distance of its two isolates; {tied} of {len(edges)} are dashed: "
        f"another tree as short in all does without them. {cited_bands(thresholds)}{apart} "
        f"{NO_INFECTION}"
    )


def bands(thresholds: Thresholds) -> str:
    """Return the thresholds in words."""
    return (
        f"Linked up to {thresholds.linked}, possible up to {thresholds.possible}, not linked above "
        f"{thresholds.unlinked} SNPs"
    )


def cited_bands(thresholds: Thresholds) -> str:
    """Return the thresholds as a sentence, with the studies they come from."""
    return f"{bands(thresholds)} ({thresholds.citation})."


def _opening(more: str) -> str:
    """Return what the view of a large tree shows first."""
    if not more:
        return ""
    return (
        " The view opens on the cases and those nearest to them; in the tree of all, the tightest "
        "clades without a case are collapsed until somebody expands them."
    )


def _own(isolates: Sequence[Isolate]) -> str:
    """Return how many isolates there are without the references, and how many are cases."""
    own = sum(isolate.role is not Role.REFERENCE for isolate in isolates)
    cases = sum(isolate.role is Role.CASE for isolate in isolates)
    return f"{counted(own, 'used isolate')} ({counted(cases, 'case')})"


def _all(isolates: Sequence[Isolate]) -> str:
    """Return how many isolates, cases and references there are."""
    references = sum(isolate.role is Role.REFERENCE for isolate in isolates)
    return f"{_own(isolates)} and {counted(references, 'reference')}"


def _method(tree: TreeSummary) -> str:
    """Return how the whole tree was made, and what its dots are."""
    rooting = tree.rooting.replace("_", " ")
    return (
        f"{tree.engine}, {tree.model}; this engine because {tree.engine_reason}; "
        f"{thousands(tree.variable_sites)} variable of {thousands(tree.core_bp)} core sites; root: "
        f"{rooting}; support: {SUPPORT_WORDS[tree.support_kind]}. A full dot marks a supported "
        "branch, a hollow one an unsupported branch."
    )


def _map(isolates: Sequence[Isolate]) -> str:
    """Return how many isolates have a place."""
    own = [each for each in isolates if each.role is not Role.REFERENCE]
    placed = sum(each.place is not None for each in own)
    return (
        f"Places of clinics as typed in the isolate table, known for {placed} of "
        f"{counted(len(own), 'used isolate')}. The more isolates, the larger the mark; a "
        "line joins two clinics with isolates of one clone. Coasts and borders: Natural Earth."
    )


def _timeline(isolates: Sequence[Isolate]) -> str:
    """Return how many isolates have a date."""
    own = [each for each in isolates if each.role is not Role.REFERENCE]
    dated = sum(bool(each.collection_date) for each in own)
    return (
        f"Collection dates as typed, known for {dated} of {counted(len(own), 'used isolate')}. A "
        "bar spans the month or year where no day is known."
    )
