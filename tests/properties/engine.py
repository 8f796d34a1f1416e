"""The SNP engine in the hands of a test: the only place that knows how its parts are joined.

`Engine` runs contigs through canonical form, minimap2 and calls on one indexed reference.
`calls_of_letters` makes calls without an alignment program. Both leave the making of `Calls`,
`Profile` and `Comparison` to the functions under test, so that a new field costs no change here.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from oneclone.aligning import (
    MATCH,
    Alignment,
    align_contigs,
    open_index,
    reference_index_name,
    write_index,
)
from oneclone.calling import call_bases
from oneclone.distances import Comparison, Profile, compare, profile
from oneclone.intervals import empty, from_flags, to_flags
from oneclone.model.calls import Calls, Intervals, ReferenceSequence
from oneclone.model.settings import CallingSettings, Settings
from oneclone.plan import read_settings
from oneclone.sequences import Codes, canonical_contigs, decode, encode, reverse_complement

COMPLEMENT = dict(zip("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN", strict=True))


@cache
def default_settings() -> Settings:
    """Return the settings of a run that configures nothing."""
    return read_settings({"isolates": "isolates.tsv", "panel": "panel"})


def calling(**changes: float) -> CallingSettings:
    """Return the default settings of calling with some of them changed."""
    return replace(default_settings().calling, **changes)


# Everything is read: no trim, no margin, no least length or quality.
PLAIN = calling(end_trim_bp=0, indel_margin_bp=0, min_mapq=0, min_block_bp=1)


def random_codes(seed: int, length: int) -> Codes:
    return np.random.default_rng(seed).integers(0, 4, length).astype(np.uint8)


def reference_of(*contigs: Codes) -> ReferenceSequence:
    offsets = np.concatenate(([0], np.cumsum([len(contig) for contig in contigs])))
    names = tuple(f"contig {number}" for number in range(len(contigs)))
    return ReferenceSequence(names, offsets.astype(np.int64), np.concatenate(contigs))


def reference_of_letters(*contigs: str) -> ReferenceSequence:
    return reference_of(*(encode(contig.encode()) for contig in contigs))


def other_strand(letters: str) -> str:
    """Return the reverse complement of upper-case letters, one by one."""
    return "".join(COMPLEMENT[letter] for letter in reversed(letters))


def with_snps(codes: Codes, seed: int, snps: int) -> Codes:
    """Return the sequence with `snps` substitutions at random places."""
    random, changed = np.random.default_rng(seed), codes.copy()
    places = random.choice(len(codes), snps, replace=False)
    changed[places] = (changed[places] + random.integers(1, 4, snps)) % 4
    return changed


def with_indels(codes: Codes, seed: int, indels: int) -> tuple[Codes, np.ndarray]:
    """Return the sequence with as many insertions or deletions of 1 to 12 bases.

    The second array gives the place that each base had before, -1 for inserted ones.
    """
    random, last = np.random.default_rng(seed), 0
    bases, places = [], []
    for place in np.sort(random.choice(len(codes) - 20, indels, replace=False)).tolist():
        if place < last:
            continue
        length = int(random.integers(1, 13))
        bases.append(codes[last:place])
        places.append(np.arange(last, place))
        last = place
        if random.random() < 0.5:
            bases.append(random.integers(0, 4, length).astype(np.uint8))
            places.append(np.full(length, -1))
        else:
            last += length
    bases.append(codes[last:])
    places.append(np.arange(last, len(codes)))
    return np.concatenate(bases), np.concatenate(places)


def as_draft(codes: Codes, seed: int, pieces: int, lost_bp: int = 150) -> list[str]:
    """Return contigs of a sequence: cut at random, bases lost at cuts, random order and strand."""
    random = np.random.default_rng(seed)
    cuts = [0, *np.sort(random.choice(np.arange(1, len(codes)), pieces - 1, replace=False))]
    contigs = []
    for start, end in zip(cuts, [*cuts[1:], len(codes)], strict=True):
        kept = codes[start + int(random.integers(0, lost_bp)) : end]
        if len(kept):
            contigs.append(decode(reverse_complement(kept) if random.random() < 0.5 else kept))
    random.shuffle(contigs)
    return contigs


class Engine:
    """One reference with its index and mask; makes calls and counts pairs on it."""

    def __init__(self, folder: Path, reference: ReferenceSequence, mask: Intervals | None = None):
        self.reference = reference
        self.mask = empty() if mask is None else mask
        self.settings = default_settings().calling
        fasta, index = folder / "reference.fasta", folder / "index.mmi"
        bounds = zip(reference.offsets[:-1], reference.offsets[1:], strict=True)
        contigs = [decode(reference.codes[start:end]) for start, end in bounds]
        fasta.write_text(
            "".join(f">{reference_index_name(i)}\n{text}\n" for i, text in enumerate(contigs))
        )
        write_index(fasta, index, self.settings.preset)
        self.aligner = open_index(index, self.settings.preset)

    @property
    def length(self) -> int:
        return self.reference.length_bp

    def align(self, contigs: list[str]) -> tuple[list[bytes], tuple[Alignment, ...]]:
        """Return the canonical contigs and their alignments."""
        canonical = list(canonical_contigs([contig.encode() for contig in contigs]))
        return canonical, align_contigs(canonical, self.aligner, self.reference)

    def call(self, contigs: list[str]) -> Calls:
        canonical, alignments = self.align(contigs)
        return call_bases(alignments, canonical, self.reference, self.settings)

    def call_as_written(self, contigs: list[bytes]) -> Calls:
        """Return the calls of contigs in the order and on the strand in which they are given."""
        alignments = align_contigs(contigs, self.aligner, self.reference)
        return call_bases(alignments, contigs, self.reference, self.settings)

    def profile(self, calls: Calls) -> Profile:
        return profile(calls, self.mask, self.length)

    def compare(self, one: Calls, two: Calls) -> Comparison:
        return compare(self.profile(one), self.profile(two))

    def distance(self, one: Calls, two: Calls) -> int:
        return len(self.compare(one, two).differences)

    def callable_flags(self, calls: Calls) -> np.ndarray:
        return to_flags(calls.callable, self.length)

    def unmasked_flags(self, calls: Calls) -> np.ndarray:
        """Return where a base is called and not masked."""
        return self.callable_flags(calls) & ~to_flags(self.mask, self.length)

    def bases(self, calls: Calls) -> Codes:
        """Return the called base of every position, 4 where there is none."""
        return bases_of(calls, self.reference)


def bases_of(calls: Calls, reference: ReferenceSequence) -> Codes:
    """Return the called base of every position, 4 where there is none."""
    flags = to_flags(calls.callable, reference.length_bp)
    bases = np.where(flags, reference.codes, 4).astype(np.uint8)
    bases[calls.positions] = calls.bases
    return bases


def letters_of(calls: Calls, reference: ReferenceSequence) -> str:
    """Return the called letter of every position, '.' where there is none."""
    return decode(bases_of(calls, reference)).replace("N", ".")


def calls_of_letters(letters: str, reference: ReferenceSequence) -> Calls:
    """Return the calls that letters on the reference stand for; N is not callable."""
    bounds = list(zip(reference.offsets[:-1], reference.offsets[1:], strict=True))
    contigs = [letters[start:end].encode() for start, end in bounds]
    whole = [
        Alignment(
            contig=number,
            contig_start=0,
            contig_end=int(end - start),
            reverse=False,
            start=int(start),
            end=int(end),
            mapq=60,
            cigar=((int(end - start), MATCH),),
        )
        for number, (start, end) in enumerate(bounds)
    ]
    return call_bases(whole, contigs, reference, PLAIN)


def mask_of(flags: list[bool]) -> Intervals:
    return from_flags(np.array(flags, dtype=bool))
