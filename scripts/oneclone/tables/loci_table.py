"""`loci.tsv` of a panel: the marker loci on its species reference."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.model.loci import Locus, LocusKind
from oneclone.sequences import BASES, decode, encode, reverse_complement
from oneclone.tables.delimited import Row, read_table
from oneclone.tables.fasta import Assembly
from oneclone.translation import AMINO_ACIDS, CODON_BP, STARTS, STOP, amino_acid, codons

COLUMNS = (
    "locus",
    "gene",
    "kind",
    "contig",
    "start",
    "end",
    "strand",
    "reference_allele",
    "variants",
    "reference_meaning",
    "variant_meaning",
    "truncated_meaning",
    "label",
    "citation",
    "note",
)
FILLED = ("locus", "contig", "citation", "reference_meaning", "variant_meaning")
STRANDS = ("+", "-")

Resolve = Callable[[str, Collection[str]], str]
"""Gives the reference's name of a contig among its names, blank when it has none."""


def exact_name(contig: str, names: Collection[str]) -> str:
    """Return the contig if the reference has one of this very name, else a blank.

    Examples
    --------
    >>> exact_name("a", ["a", "b"]), exact_name("c", ["a", "b"])
    ('a', '')
    """
    return contig if contig in names else ""


def read_loci(path: Path, reference: Assembly, resolve: Resolve = exact_name) -> tuple[Locus, ...]:
    """Read the marker loci; places are 1-based, closed, on the contigs of the species reference.

    Parameters
    ----------
    path
        The table.
    reference
        Assembly of the species reference: every used isolate is called on it.
    resolve
        Finds the contig that a name means.

    Raises
    ------
    InputRefused
        With every problem: an empty cell, an unknown contig, kind or strand, a place outside
        the contig, an allele that is not what the reference has there, a gene that is no whole
        reading frame, a locus that appears twice.
    """
    table = read_table(path, COLUMNS)
    offsets = dict(zip(reference.names, _offsets(reference.contigs), strict=True))
    sequences = dict(zip(reference.names, reference.contigs, strict=True))
    problems: list[str] = []
    loci: list[Locus] = []
    for row in table.rows:
        contig = resolve(row["contig"].strip(), sequences)
        found = list(_problems(row, contig, sequences))
        if not found:
            locus = _locus(row, contig, offsets[contig])
            found = list(_allele_problems(locus, sequences))
            loci.append(locus)
        problems += [f"{path} row {row.number}: {problem}" for problem in found]
    names = [row["locus"].strip() for row in table.rows]
    problems += [
        f"{path}: locus '{name}' appears {names.count(name)} times; names must be unique"
        for name in sorted(set(names))
        if name and names.count(name) > 1
    ]
    if problems:
        raise InputRefused(problems)
    return tuple(loci)


def _offsets(contigs: Sequence[bytes]) -> list[int]:
    """Return where each contig starts on the concatenated reference."""
    return [sum(map(len, contigs[:number])) for number in range(len(contigs))]


def _problems(row: Row, name: str, sequences: Mapping[str, bytes]) -> Iterator[str]:
    """Give what is wrong with the cells of a row, its alleles left aside."""
    kinds = [str(kind) for kind in LocusKind]
    for column in FILLED:
        if not row[column].strip():
            yield f"column '{column}' is empty"
    if row["kind"] not in kinds:
        yield f"kind '{row['kind']}' is none of {', '.join(kinds)}"
    if row["strand"] not in STRANDS:
        yield f"strand '{row['strand']}' is neither + nor -"
    if row["kind"] == LocusKind.GENE and not row["truncated_meaning"].strip():
        yield "column 'truncated_meaning' is empty; a gene needs it"
    contig = row["contig"].strip()
    if contig and not name:
        yield (
            f"contig '{contig}' is not in the species reference, whose contigs are "
            f"{', '.join(sequences)}; loci lie on the species reference"
        )
    if not (row["start"].isdecimal() and row["end"].isdecimal()):
        yield f"start '{row['start']}' and end '{row['end']}' must be whole numbers, 1-based"
    elif name:
        yield from _place_problems(row, name, len(sequences[name]))


def _place_problems(row: Row, contig: str, length: int) -> Iterator[str]:
    """Give what is wrong with the place of a locus."""
    start, end = int(row["start"]), int(row["end"])
    span = end - start + 1
    place = f"{start}-{end}"
    if not 1 <= start <= end <= length:
        yield f"place {place} does not lie inside contig '{contig}' of {length} bases"
    elif row["kind"] == LocusKind.SITE and span != 1:
        yield f"a site is one base, {place} is {span}; make it a codon or a gene, or one row each"
    elif row["kind"] == LocusKind.CODON and span != CODON_BP:
        yield f"a codon is three bases, {place} is {span}"
    elif row["kind"] == LocusKind.GENE and span % CODON_BP:
        yield f"a gene is whole codons, {place} is {span} bases; give the coding sequence"


def _locus(row: Row, contig: str, offset: int) -> Locus:
    """Return the locus of a checked row."""
    variants = (allele.strip() for allele in row["variants"].split(","))
    return Locus(
        name=row["locus"].strip(),
        gene=row["gene"].strip(),
        kind=LocusKind(row["kind"]),
        contig=contig,
        position=int(row["start"]),
        start=offset + int(row["start"]) - 1,
        end=offset + int(row["end"]),
        reverse=row["strand"] == "-",
        reference_allele=row["reference_allele"].strip(),
        reference_meaning=row["reference_meaning"].strip(),
        variants=tuple(filter(None, variants)),
        variant_meaning=row["variant_meaning"].strip(),
        truncated_meaning=row["truncated_meaning"].strip(),
        label=row["label"].strip(),
        citation=row["citation"].strip(),
        note=row["note"].strip(),
    )


def _allele_problems(locus: Locus, sequences: Mapping[str, bytes]) -> Iterator[str]:
    """Give where the alleles of a locus contradict the reference or its kind."""
    first = locus.position - 1
    codes = encode(sequences[locus.contig][first : first + locus.length_bp])
    own = decode(reverse_complement(codes) if locus.reverse else codes)
    strand = "-" if locus.reverse else "+"
    if locus.kind is LocusKind.GENE:
        yield from _frame_problems(locus, own)
        return
    if locus.reference_allele != own:
        yield (
            f"reference_allele '{locus.reference_allele}', but the reference has '{own}' at "
            f"{locus.contig}:{locus.position} on strand {strand}; correct place, strand or allele"
        )
    if not locus.variants:
        yield "column 'variants' is empty; name the catalogued alleles, parted by commas"
    for allele in locus.variants:
        is_amino_acid = locus.kind is LocusKind.CODON and allele in AMINO_ACIDS
        is_bases = len(allele) == locus.length_bp and not set(allele) - set(BASES)
        if not (is_amino_acid or is_bases):
            wanted = "A, C, G or T" if locus.kind is LocusKind.SITE else "a codon or like Asn"
            yield f"variant '{allele}' must be {wanted}"
        if allele == own:
            yield f"variant '{allele}' is the base or codon of the reference itself"


def _frame_problems(locus: Locus, sequence: str) -> Iterator[str]:
    """Give why a gene is no whole reading frame on the reference."""
    if locus.reference_allele or locus.variants:
        yield "a gene has no reference_allele and no variants; leave the cells empty"
    if set(sequence) - set(BASES):
        yield "the reference has ambiguous bases in the gene; choose another one"
        return
    triplets = codons(sequence)
    amino_acids = [amino_acid(codon) for codon in triplets]
    if triplets[0] not in STARTS:
        yield f"the gene starts with {triplets[0]}, no start codon; check place and strand"
    if STOP not in amino_acids[-1:] or STOP in amino_acids[:-1]:
        yield "the gene has no stop codon at its end, or one before; check place and strand"
