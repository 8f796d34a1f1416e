"""Random inputs of the engine: references, consistent alignments, calls, positions."""

from dataclasses import dataclass

from hypothesis import strategies as st

from oneclone.aligning import DELETION, INSERTION, MATCH, Alignment
from tests.properties.engine import other_strand

IUPAC = "ACGTRYSWKMBDHVN"
MOSTLY_BASES = "ACGT" * 8 + IUPAC[4:]


@dataclass(frozen=True)
class Aligned:
    """A reference of some contigs, and an assembly aligned to it."""

    reference: tuple[str, ...]
    contigs: tuple[str, ...]
    alignments: tuple[Alignment, ...]


@st.composite
def references(draw) -> tuple[str, ...]:
    """Give the contigs of a reference."""
    letters = st.text(MOSTLY_BASES, min_size=6, max_size=30)
    return tuple(draw(st.lists(letters, min_size=1, max_size=3)))


@st.composite
def aligned(draw, on: tuple[str, ...] | None = None) -> Aligned:
    """Give alignments whose cigars agree with their places, on contigs of any letters."""
    reference = on or draw(references())
    number = draw(st.integers(0, 4))
    pairs = [draw(one_alignment(reference, contig)) for contig in range(number)]
    contigs, alignments = zip(*pairs, strict=True) if pairs else ((), ())
    return Aligned(reference, contigs, alignments)


@st.composite
def one_alignment(draw, reference: tuple[str, ...], contig: int) -> tuple[str, Alignment]:
    """Give a contig and its alignment to a part of one reference contig."""
    target = draw(st.integers(0, len(reference) - 1))
    offset = sum(map(len, reference[:target]))
    length = len(reference[target])
    first = draw(st.sampled_from([0, None]))  # contig ends are where things go wrong
    first = draw(st.integers(0, length - 1)) if first is None else first
    cigar, read, at = [], "", first
    for _ in range(draw(st.integers(1, 4))):  # matches, an indel between every two
        if at == length:
            break
        match = min(length - at, draw(st.integers(1, 12)))
        # mostly the reference's own letters, as in a real alignment
        changed = draw(st.lists(st.sampled_from([None] * 6 + list(IUPAC)), max_size=match))
        own = reference[target][at : at + match]
        read += "".join(new or old for new, old in zip(changed, own, strict=False))
        read += own[len(changed) :]
        cigar.append((match, MATCH))
        at += match
        operation = draw(st.sampled_from([INSERTION, DELETION]))
        indel = draw(st.integers(1, 3))
        if operation == DELETION and at + indel < length:
            cigar.append((indel, DELETION))
            at += indel
        elif operation == INSERTION and at < length:
            cigar.append((indel, INSERTION))
            read += draw(st.text(IUPAC, min_size=indel, max_size=indel))
    if cigar[-1][1] == DELETION:
        at -= cigar.pop()[0]
    elif cigar[-1][1] == INSERTION:
        read = read[: -cigar.pop()[0]]
    if draw(st.booleans()) and at < length:  # up to the end of the reference contig
        last, operation = cigar.pop()
        assert operation == MATCH
        cigar.append((last + length - at, MATCH))
        read += reference[target][at:]
        at = length
    reverse = draw(st.booleans())
    left, right = draw(st.text("ACGT", max_size=5)), draw(st.text("ACGT", max_size=5))
    own_strand = other_strand(read) if reverse else read
    return left + own_strand + right, Alignment(
        contig=contig,
        contig_start=len(left),
        contig_end=len(left) + len(read),
        reverse=reverse,
        start=offset + first,
        end=offset + at,
        mapq=draw(st.sampled_from([60, 60, 60, 60, 20, 19])),
        cigar=tuple(cigar),
    )
