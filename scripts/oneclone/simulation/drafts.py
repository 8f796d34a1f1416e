"""Draft assemblies of simulated genomes: contigs, gaps, ragged ends, collapsed repeats."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oneclone.sequences import Codes, reverse_complement
from oneclone.simulation.genomes import Backbone, Flags, Genome, Import, letters

MIN_CONTIG_BP = 500  # shorter contigs are dropped, as assemblers do
MAX_GAP_BP = 300  # bases lost between two contigs
RAGGED_SHARE = 0.15  # contigs with errors in one end
RAGGED_BP = 60
RAGGED_ERROR = 0.08
CLEAR_BP = 1500  # between a stretch that is to be kept and the next contig end


@dataclass(frozen=True)
class Cutting:
    """A stretch near which a genome is never cut, and a position at which it always is."""

    keep: Import | None = None
    cut_at: int | None = None


@dataclass(frozen=True)
class Draft:
    """An assembly: contigs as codes, and which backbone positions it holds correctly."""

    contigs: tuple[Codes, ...]
    holds: Flags


def closed(genome: Genome) -> Draft:
    """Return the complete genome as one contig."""
    sequence, _ = letters(genome)
    return Draft((sequence,), genome.bases < 4)


def draft(
    random: np.random.Generator,
    genome: Genome,
    backbone: Backbone,
    contigs: int,
    cutting: Cutting | None = None,
) -> Draft:
    """Return a draft assembly.

    The genome is cut at random places and at every repeat; bases get lost at the cuts; the
    copies of the repeat collapse into one contig; some contigs have errors in one end; each
    contig lies on a random strand.

    Parameters
    ----------
    random
        Source of randomness.
    genome, backbone
        What was sequenced.
    contigs
        Number of pieces before cutting at repeats.
    cutting
        Where the genome is cut beside that, and where it is not.
    """
    sequence, places = letters(genome)
    in_repeat = (places >= 0) & backbone.is_repeat[np.maximum(places, 0)]
    holds = np.zeros(len(genome.bases), dtype=bool)
    pieces: list[Codes] = []
    for start, end in _pieces(random, places, in_repeat, contigs, cutting or Cutting()):
        piece = sequence[start:end].copy()
        wrong = _ragged(random, piece)
        own = places[start:end]
        holds[own[(own >= 0) & ~wrong]] = True
        pieces.append(piece)
    if in_repeat.any():
        pieces.append(_one_copy(sequence, in_repeat))
    turned = [reverse_complement(p) if random.random() < 0.5 else p for p in pieces]
    return Draft(tuple(sorted(turned, key=len, reverse=True)), holds)


def _pieces(
    random: np.random.Generator,
    places: NDArray[np.int64],
    in_repeat: Flags,
    contigs: int,
    cutting: Cutting,
) -> list[tuple[int, int]]:
    """Return start and end of the pieces that are assembled, repeats left out."""
    length, keep = len(places), cutting.keep
    cuts = np.sort(random.integers(1, length, size=contigs - 1))
    if keep:
        near = (places[cuts] >= keep.start - CLEAR_BP) & (places[cuts] < keep.end + CLEAR_BP)
        cuts = cuts[~near]
    if cutting.cut_at is not None:
        cuts = np.append(cuts, np.argmax(places >= cutting.cut_at))
    edges = np.flatnonzero(in_repeat[1:] != in_repeat[:-1]) + 1
    bounds = np.unique(np.concatenate(([0], cuts, edges, [length])))
    found: list[tuple[int, int]] = []
    for start, end in itertools.pairwise(bounds):
        if in_repeat[start]:
            continue
        lost = random.integers(0, MAX_GAP_BP, size=2)
        first = start + (lost[0] if start else 0)
        last = end - (lost[1] if end < length else 0)
        if last - first >= MIN_CONTIG_BP:
            found.append((int(first), int(last)))
    return found


def _ragged(random: np.random.Generator, piece: Codes) -> Flags:
    """Put errors into one end of some contigs, in place; return which bases are wrong."""
    wrong = np.zeros(len(piece), dtype=bool)
    if random.random() >= RAGGED_SHARE:
        return wrong
    at_end = random.random() < 0.5
    place = np.arange(len(piece) - RAGGED_BP, len(piece)) if at_end else np.arange(RAGGED_BP)
    errors = place[random.random(RAGGED_BP) < RAGGED_ERROR]
    piece[errors] = (piece[errors] + random.integers(1, 4, size=len(errors))) % 4
    wrong[errors] = True
    return wrong


def _one_copy(sequence: Codes, in_repeat: Flags) -> Codes:
    """Return the first copy of the repeat."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], in_repeat.view(np.int8), [0]))))
    return sequence[edges[0] : edges[1]]


@dataclass(frozen=True)
class TrueSites:
    """Backbone positions of two assemblies: where they differ, and what both hold correctly.

    `raw` are all differences, `clonal` those that mutations made, without imports; repeats are
    left out of all three.
    """

    raw: Flags
    clonal: Flags
    shared: Flags


def true_sites(
    one: tuple[Genome, Draft], two: tuple[Genome, Draft], backbone: Backbone
) -> TrueSites:
    """Return where two assemblies truly differ."""
    (first, first_draft), (second, second_draft) = one, two
    shared: Flags = first_draft.holds & second_draft.holds & ~backbone.is_repeat
    raw = (first.bases != second.bases) & shared
    both_clonal = (first.clonal < 4) & (second.clonal < 4)
    return TrueSites(raw, (first.clonal != second.clonal) & shared & both_clonal, shared)


def true_differences(
    one: tuple[Genome, Draft], two: tuple[Genome, Draft], backbone: Backbone
) -> tuple[int, int, int]:
    """Return raw differences, clonal differences and shared bases of two assemblies.

    Counted where both assemblies hold the position correctly, repeats left out.
    """
    sites = true_sites(one, two, backbone)
    return int(sites.raw.sum()), int(sites.clonal.sum()), int(sites.shared.sum())
