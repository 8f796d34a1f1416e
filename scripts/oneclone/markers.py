"""Genotype of an isolate at the marker loci of its panel, from its calls before any mask.

A base that was not called is never the reference base: `reference` needs every base of the
locus. A genotype is what the assembly holds; it predicts no susceptibility.
"""

from collections.abc import Sequence

import numpy as np

from oneclone.gene_marker import call_gene
from oneclone.gene_sequence import Contigs
from oneclone.model.calls import Calls, ReferenceSequence
from oneclone.model.loci import Genotype, Locus, LocusKind, Marker
from oneclone.model.settings import CallingSettings
from oneclone.reading import NOT_READ, ReadLocus, bases, read_locus, why_not_read
from oneclone.sequences import MISSING
from oneclone.translation import amino_acid

NOT_COVERED_MEANING = "not read in this assembly: nothing is known of this locus"
AMBIGUOUS_MEANING = "the assembly is ambiguous here: no genotype is called"
UNCATALOGUED = "a change that the panel does not catalogue; what it does is not known"


def call_markers(
    loci: Sequence[Locus],
    calls: Calls,
    reference: ReferenceSequence,
    settings: CallingSettings,
    contigs: Contigs,
) -> tuple[Marker, ...]:
    """Return the genotype at every locus, in the order of the loci.

    Parameters
    ----------
    loci
        Loci on `reference`.
    calls
        Calls of the isolate on `reference`, no mask taken out.
    reference
        The species reference.
    settings
        Trims and margins with which the calls were made.
    contigs
        Reads the contigs on which they were made; used only for a gene with an insertion.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from oneclone.model.calls import Intervals, no_calls
    >>> from oneclone.sequences import encode
    >>> reference = ReferenceSequence(("c",), np.array([0, 6]), encode(b"AAGACA"))
    >>> locus = Locus("gyrA", "gyrA", LocusKind.CODON, "c", 3, 2, 5, False, "GAC",
    ...               "wild type", ("Asn",), "D96N", "", "", "a study", "")
    >>> settings = CallingSettings("asm20", 0, 0, 0, 1, 100)
    >>> called = replace(no_calls(), callable=Intervals(np.array([0]), np.array([6])),
    ...                  positions=np.array([2]), bases=encode(b"A"))
    >>> marker = call_markers([locus], called, reference, settings, lambda: [b"AAAACA"])[0]
    >>> marker.allele, str(marker.genotype), marker.meaning
    ('AAC (Asn)', 'variant', 'D96N')
    >>> str(call_markers([locus], no_calls(), reference, settings, lambda: [])[0].genotype)
    'not_covered'
    """
    return tuple(_call(locus, calls, reference, settings, contigs) for locus in loci)


def _call(
    locus: Locus,
    calls: Calls,
    reference: ReferenceSequence,
    settings: CallingSettings,
    contigs: Contigs,
) -> Marker:
    """Return the genotype at one locus."""
    read = read_locus(locus, calls, reference)
    if locus.kind is LocusKind.GENE:
        allele, genotype, detail = call_gene(locus, read, calls, settings, contigs)
    else:
        allele, genotype, detail = _call_bases(locus, read, calls, settings)
    return Marker(locus, allele, genotype, _meaning(locus, allele, genotype), read.read_bp, detail)


def _call_bases(
    locus: Locus, read: ReadLocus, calls: Calls, settings: CallingSettings
) -> tuple[str, Genotype, str]:
    """Return allele, genotype and detail of a site or a codon."""
    if (read.codes == NOT_READ).any():
        first = locus.start + int(np.flatnonzero(read.forward == NOT_READ)[0])
        said = f"{read.read_bp} of {bases(locus.length_bp)} read"
        return "", Genotype.NOT_COVERED, f"{said}: {why_not_read(first, calls, settings)}"
    if (read.codes == MISSING).any():
        said = f"{read.read_bp} of {bases(locus.length_bp)} unambiguous"
        return read.letters, Genotype.AMBIGUOUS, said
    allele = read.letters
    genotype = Genotype.REFERENCE if allele == locus.reference_allele else Genotype.VARIANT
    if locus.kind is LocusKind.CODON:
        allele = f"{allele} ({amino_acid(allele)})"
    return allele, genotype, ""


def _meaning(locus: Locus, allele: str, genotype: Genotype) -> str:
    """Return what the panel says of a genotype."""
    if genotype is Genotype.VARIANT and locus.kind is not LocusKind.GENE:
        return _variant_meaning(locus, allele)
    return {
        Genotype.REFERENCE: locus.reference_meaning,
        Genotype.VARIANT: locus.variant_meaning,
        Genotype.TRUNCATED: locus.truncated_meaning,
        Genotype.AMBIGUOUS: AMBIGUOUS_MEANING,
        Genotype.NOT_COVERED: NOT_COVERED_MEANING,
    }[genotype]


def _variant_meaning(locus: Locus, allele: str) -> str:
    """Return the catalogued meaning of a changed site or codon, or that there is none."""
    changed = allele.split(maxsplit=1)[0]
    if locus.kind is LocusKind.SITE:
        return locus.variant_meaning if changed in locus.variants else UNCATALOGUED
    own = amino_acid(changed)
    if {changed, own} & set(locus.variants):
        return locus.variant_meaning
    if own == amino_acid(locus.reference_allele):
        return f"the amino acid is that of the reference; {UNCATALOGUED}"
    return UNCATALOGUED
