"""A gene with an insertion, cut out of contigs whose alignment is written by hand."""

from dataclasses import dataclass

import numpy as np
import pytest

from oneclone.aligning import DELETION, INSERTION, MATCH, Alignment
from oneclone.calling import call_bases
from oneclone.gene_sequence import OwnGene, faults, holds_copy
from oneclone.markers import call_markers
from oneclone.model.calls import ReferenceSequence
from oneclone.model.loci import Genotype, Locus, LocusKind, Marker
from oneclone.model.settings import CallingSettings
from oneclone.sequences import decode, encode, reverse_complement

SETTINGS = CallingSettings("asm20", 10, 10, 0, 1, 100)
FIRST, CODONS = 200, 40
RNG = np.random.default_rng(7)
GENE = "ATG" + "".join(RNG.choice(["GCA", "GAC", "CGT", "TTC", "ACG"], CODONS - 2)) + "TAA"
LAST = FIRST + len(GENE)
LEFT, RIGHT, OTHER = ("".join(RNG.choice(list("ACGT"), size)) for size in (FIRST, 300, 150))
REFERENCE = LEFT + GENE + RIGHT
PLACE = FIRST + 60  # before codon 21


def turned(sequence: str) -> str:
    return decode(reverse_complement(encode(sequence.encode())))


@dataclass(frozen=True)
class Isolate:
    """A contig with its alignment, which follows the reference from its first base to its last."""

    contig: str
    cigar: tuple[tuple[int, int], ...]

    def alignment(self, *, reverse: bool = False) -> Alignment:
        size = len(self.contig)
        return Alignment(0, 0, size, reverse, 0, len(REFERENCE), 60, self.cigar)


def inserted(added: str, place: int = PLACE, reference: str = REFERENCE) -> Isolate:
    cigar = ((place, MATCH), (len(added), INSERTION), (len(reference) - place, MATCH))
    return Isolate(reference[:place] + added + reference[place:], cigar)


def gene_locus(*, reverse: bool = False) -> Locus:
    start = len(REFERENCE) - LAST if reverse else FIRST
    end = start + len(GENE)
    return Locus(
        "g", "g", LocusKind.GENE, "c", start + 1, start, end, reverse, "", "whole", (), "changed",
        "cut", "", "a study", "",
    )  # fmt: skip


def called(isolate: Isolate, *others: Alignment, contigs: list[str] | None = None) -> Marker:
    """Return the marker of an isolate, read from `contigs` if they are not its own."""
    reference = ReferenceSequence(("c",), np.array([0, len(REFERENCE)]), encode(REFERENCE.encode()))
    own = [isolate.contig.encode()] * (1 + len(others))
    calls = call_bases([isolate.alignment(), *others], own, reference, SETTINGS)
    given = own if contigs is None else [contig.encode() for contig in contigs]
    return call_markers([gene_locus()], calls, reference, SETTINGS, lambda: given)[0]


def mirrored(isolate: Isolate, *, gene: bool, contig: bool) -> Marker:
    """Return the marker with the gene, the contig or both on the other strand."""
    text = turned(REFERENCE) if gene else REFERENCE
    reference = ReferenceSequence(("c",), np.array([0, len(text)]), encode(text.encode()))
    cigar = isolate.cigar[::-1] if gene else isolate.cigar
    along = turned(isolate.contig) if gene else isolate.contig
    own = [(turned(along) if contig else along).encode()]
    whole = Isolate(along, cigar).alignment(reverse=contig)
    calls = call_bases([whole], own, reference, SETTINGS)
    return call_markers([gene_locus(reverse=gene)], calls, reference, SETTINGS, lambda: own)[0]


# --- what an insertion brings ------------------------------------------------------------------


@pytest.mark.parametrize("gene", [False, True])
@pytest.mark.parametrize("contig", [False, True])
def test_a_stop_inserted_in_frame_truncates_on_any_strand(gene, contig):
    marker = mirrored(inserted("GCATAG"), gene=gene, contig=contig)
    assert marker.genotype is Genotype.TRUNCATED
    assert marker.allele.endswith("premature stop TAG at codon 22 of 42")
    assert marker.meaning == "cut"


@pytest.mark.parametrize("gene", [False, True])
@pytest.mark.parametrize("contig", [False, True])
def test_a_harmless_insertion_in_frame_is_a_variant_on_any_strand(gene, contig):
    marker = mirrored(inserted("GCA"), gene=gene, contig=contig)
    assert marker.genotype is Genotype.VARIANT
    assert marker.allele.startswith("full length: insertion of 3 bases before ")
    assert marker.detail == (
        "100 of 120 bases read; the gene of 123 bases in the assembly has no premature stop"
    )


def test_a_stop_across_the_border_of_an_insertion_truncates():
    marker = called(inserted("TAT", PLACE + 1, REFERENCE[:PLACE] + "TAG" + REFERENCE[PLACE + 3 :]))
    assert marker.allele == "insertion of 3 bases before 262, premature stop TAG at codon 22 of 41"


def test_a_stop_made_by_a_substitution_beside_an_insertion_truncates():
    changed = REFERENCE[: PLACE + 6] + "TGA" + REFERENCE[PLACE + 9 :]
    marker = called(inserted("GCA", reference=changed))
    assert marker.allele == "insertion of 3 bases before 261, premature stop TGA at codon 24 of 41"


def test_a_start_lost_beside_an_insertion_truncates():
    changed = REFERENCE[:FIRST] + "ACG" + REFERENCE[FIRST + 3 :]
    marker = called(inserted("GCA", FIRST + 6, changed))
    assert marker.allele == "insertion of 3 bases before 207, start codon lost, ACG instead"


def test_faults_an_insertion_at_an_end_that_leaves_the_product_whole_is_none():
    """Before the start and after the stop, as an aligner may place it one base too far inside."""
    start = np.array([False] + [True] * 3 + [False] * 11)
    assert faults(OwnGene(encode(b"AGCATGGACCGTTAA"), start)) == []
    early = np.array([False] + [True] * 6 + [False] * 11)
    assert faults(OwnGene(encode(b"ATGTAAATGGACCGTTAA"), early)) == []
    stop = np.array([False] * 9 + [True] * 3 + [False] * 3)
    assert faults(OwnGene(encode(b"ATGGACCGTTGATAA"), stop)) == []
    assert faults(OwnGene(encode(b"ATGGACTGACGTTAA"), np.roll(stop, -3))) == [
        "premature stop TGA at codon 3 of 5"
    ]


def test_faults_an_ambiguous_codon_is_no_stop():
    assert faults(OwnGene(encode(b"ATGTNGTAA"), np.zeros(9, dtype=bool))) == []


# --- bases that cannot be read ------------------------------------------------------------------


@pytest.mark.parametrize("contigs", [[turned(REFERENCE) * 2], [OTHER * 6]])
def test_inserted_bases_at_a_place_that_contradicts_the_calls_are_not_read(contigs):
    marker = called(inserted("GCA"), contigs=contigs)
    assert marker.genotype is Genotype.NOT_COVERED
    assert marker.detail == (
        "100 of 120 bases read; inserted bases were not read: insertion of 3 bases before 261"
    )


@pytest.mark.parametrize("places", [[60], [LAST + 150], [60, LAST + 150]])
def test_the_gene_is_found_though_other_alignments_have_indels_of_their_own(places):
    cigar = ((40, MATCH), (7, DELETION), (33, MATCH))
    others = [
        Alignment(number, 0, 73, False, place - 40, place + 40, 60, cigar)
        for number, place in enumerate(places, start=1)
    ]
    marker = called(inserted("TAG"), *others)
    assert marker.allele.endswith("premature stop TAG at codon 21 of 41")


def test_contigs_are_not_read_without_an_insertion():
    reference = ReferenceSequence(("c",), np.array([0, len(REFERENCE)]), encode(REFERENCE.encode()))
    whole = Isolate(REFERENCE, ((len(REFERENCE), MATCH),))
    calls = call_bases([whole.alignment()], [REFERENCE.encode()], reference, SETTINGS)
    (marker,) = call_markers([gene_locus()], calls, reference, SETTINGS, pytest.fail)
    assert marker.genotype is Genotype.REFERENCE


# --- second copies and long insertions -----------------------------------------------------------

COPY = LEFT[-50:] + GENE + RIGHT[:50]
SWALLOWED = REFERENCE[PLACE : LAST + 50] + COPY[: 50 + PLACE - FIRST]  # rest of one, start of two


def test_an_insertion_that_holds_a_second_copy_is_ambiguous():
    marker = called(inserted(SWALLOWED))
    assert marker.genotype is Genotype.AMBIGUOUS
    assert marker.detail == (
        "100 of 120 bases read; insertion of 220 bases before 261 holds a second copy of the gene "
        "or most of one"
    )


def test_an_insertion_of_a_turned_copy_is_ambiguous():
    assert called(inserted(turned(COPY))).genotype is Genotype.AMBIGUOUS


def test_a_long_insertion_without_a_copy_truncates():
    marker = called(inserted(OTHER))
    assert marker.genotype is Genotype.TRUNCATED
    assert marker.allele == "insertion of 150 bases before 261"


def test_a_long_insertion_that_was_not_read_is_ambiguous():
    marker = called(inserted(OTHER), contigs=[OTHER * 6])
    assert marker.genotype is Genotype.AMBIGUOUS
    assert marker.detail.endswith(
        "was not read and may hold a second copy of the gene or most of one"
    )


def test_holds_copy_needs_more_than_half_of_the_gene():
    gene = encode(GENE.encode())
    for held, expected in ((55, False), (85, True)):
        codes = np.concatenate((gene[:60], gene[:held], gene[60:]))
        flags = np.repeat([False, True, False], [60, held, 60])
        assert holds_copy(OwnGene(codes, flags)) is expected


# --- a gene that is gone -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "detail"),
    [
        (FIRST - 20, LAST + 20, "none of 120 bases left"),
        (FIRST + 3, LAST, "3 of 120 bases left; the reading frame is kept at the end"),
    ],
)
def test_a_deleted_gene_says_what_is_left(first, last, detail):
    cigar = ((first, MATCH), (last - first, DELETION), (len(REFERENCE) - last, MATCH))
    marker = called(Isolate(REFERENCE[:first] + REFERENCE[last:], cigar))
    assert marker.genotype is Genotype.TRUNCATED
    assert marker.detail == detail
