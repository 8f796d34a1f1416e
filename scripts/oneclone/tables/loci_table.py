"""`loci.tsv` of a panel: the marker loci on its species reference."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.model.loci import Locus, LocusKind
from oneclone.sequences import BASES, decode, encode, reverse_complement
from oneclone.tables.delimited import Row, read_table, repeated_names
from oneclone.tables.fasta import Assembly
from oneclone.tables.limits import MAX_TABLE_BYTES
from oneclone.tables.plain_text import control_problems
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
POSITION = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class ParsedLoci:
    """Rows as written, what is wrong with them, and the numbers of the rows with a problem."""

    rows: tuple[Row, ...]
    problems: tuple[str, ...]
    unsound: frozenset[int]


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
    parsed = parse_loci(path)
    offsets = dict(zip(reference.names, _offsets(reference.contigs), strict=True))
    sequences = dict(zip(reference.names, reference.contigs, strict=True))
    problems = list(parsed.problems)
    loci: list[Locus] = []
    for row in parsed.rows:
        contig = resolve(row["contig"].strip(), sequences)
        found = list(_placement_problems(row, contig, sequences))
        if not found and row.number not in parsed.unsound:
            locus = _locus(row, contig, offsets[contig])
            found = list(_reference_problems(locus, sequences))
            loci.append(locus)
        problems += [f"{path} row {row.number}: {problem}" for problem in found]
    if problems:
        raise InputRefused(problems)
    return tuple(loci)


def parse_loci(path: Path) -> ParsedLoci:
    """Read `loci.tsv` as far as no reference is needed.

    Raises
    ------
    InputRefused
        If the file cannot be read, or lacks a column.
    """
    table = read_table(path, COLUMNS, MAX_TABLE_BYTES)
    found = {row.number: list(_cell_problems(row)) for row in table.rows}
    problems = [
        f"{path} row {number}: {problem}" for number, each in found.items() for problem in each
    ]
    return ParsedLoci(
        table.rows,
        (
            *control_problems(table),
            *problems,
            *repeated_names(table, "locus", "names must be unique"),
        ),
        frozenset(number for number, each in found.items() if each),
    )


def _offsets(contigs: Sequence[bytes]) -> list[int]:
    """Return where each contig starts on the concatenated reference."""
    return [sum(map(len, contigs[:number])) for number in range(len(contigs))]


def _cell_problems(row: Row) -> Iterator[str]:
    """Give what is wrong with the cells of a row, whatever the reference."""
    kinds = [str(kind) for kind in LocusKind]
    for column in FILLED:
        if not row[column].strip():
            yield f"column '{column}' is empty; fill it in"
    if row["kind"] not in kinds:
        yield f"kind '{row['kind']}' is none of {', '.join(kinds)}"
    if row["strand"] not in STRANDS:
        yield f"strand '{row['strand']}' is neither + nor -"
    if row["kind"] == LocusKind.GENE and not row["truncated_meaning"].strip():
        yield "column 'truncated_meaning' is empty; a gene needs it"
    if not (POSITION.fullmatch(row["start"]) and POSITION.fullmatch(row["end"])):
        yield f"start '{row['start']}' and end '{row['end']}' must be whole numbers, 1-based"
    else:
        yield from _span_problems(row)
    yield from _allele_problems(row)


def _span_problems(row: Row) -> Iterator[str]:
    """Give what is wrong with the extent of a locus."""
    start, end = int(row["start"]), int(row["end"])
    span = end - start + 1
    place = f"{start}-{end}"
    if not 1 <= start <= end:
        yield f"place {place} is none; start is 1 or more, end the same base or a later one"
    elif row["kind"] == LocusKind.SITE and span != 1:
        yield f"a site is one base, {place} is {span}; make it a codon or a gene, or one row each"
    elif row["kind"] == LocusKind.CODON and span != CODON_BP:
        yield f"a codon is three bases, {place} is {span}"
    elif row["kind"] == LocusKind.GENE and span % CODON_BP:
        yield f"a gene is whole codons, {place} is {span} bases; give the coding sequence"


def _allele_problems(row: Row) -> Iterator[str]:
    """Give which alleles are not what a locus of the row's kind has."""
    kind = row["kind"]
    if kind == LocusKind.GENE:
        if row["reference_allele"].strip() or _variants(row):
            yield "a gene has no reference_allele and no variants; leave the cells empty"
    elif kind in {LocusKind.SITE, LocusKind.CODON}:
        if not _variants(row):
            yield "column 'variants' is empty; name the catalogued alleles, parted by commas"
        length = 1 if kind == LocusKind.SITE else CODON_BP
        for allele in _variants(row):
            is_amino_acid = kind == LocusKind.CODON and allele in AMINO_ACIDS
            is_bases = len(allele) == length and not set(allele) - set(BASES)
            if not (is_amino_acid or is_bases):
                wanted = "A, C, G or T" if kind == LocusKind.SITE else "a codon or like Asn"
                yield f"variant '{allele}' must be {wanted}"


def _variants(row: Row) -> tuple[str, ...]:
    """Return the catalogued alleles of a row."""
    return tuple(filter(None, (allele.strip() for allele in row["variants"].split(","))))


def _placement_problems(row: Row, name: str, sequences: Mapping[str, bytes]) -> Iterator[str]:
    """Give why a locus does not lie on the species reference."""
    contig = row["contig"].strip()
    if contig and not name:
        yield (
            f"contig '{contig}' is not in the species reference, whose contigs are "
            f"{', '.join(sequences)}; loci lie on the species reference"
        )
    elif name and POSITION.fullmatch(row["end"]) and int(row["end"]) > len(sequences[name]):
        yield (
            f"place {row['start']}-{row['end']} does not lie inside contig '{name}' of "
            f"{len(sequences[name])} bases"
        )


def _locus(row: Row, contig: str, offset: int) -> Locus:
    """Return the locus of a checked row."""
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
        variants=_variants(row),
        variant_meaning=row["variant_meaning"].strip(),
        truncated_meaning=row["truncated_meaning"].strip(),
        label=row["label"].strip(),
        citation=row["citation"].strip(),
        note=row["note"].strip(),
    )


def _reference_problems(locus: Locus, sequences: Mapping[str, bytes]) -> Iterator[str]:
    """Give where a locus contradicts the bases of the reference."""
    first = locus.position - 1
    codes = encode(sequences[locus.contig][first : first + locus.length_bp])
    own = decode(reverse_complement(codes) if locus.reverse else codes)
    strand = "-" if locus.reverse else "+"
    if locus.kind is LocusKind.GENE:
        yield from _frame_problems(own)
        return
    if locus.reference_allele != own:
        yield (
            f"reference_allele '{locus.reference_allele}', but the reference has '{own}' at "
            f"{locus.contig}:{locus.position} on strand {strand}; correct place, strand or allele"
        )
    if own in locus.variants:
        yield f"variant '{own}' is the base or codon of the reference itself; drop it"
    if locus.kind is LocusKind.CODON and not set(own) - set(BASES):
        residue = amino_acid(own)
        if residue in locus.variants:
            yield (
                f"variant '{residue}' is the amino acid of the reference codon {own} itself; drop "
                "it, or name the codons that are catalogued"
            )


def _frame_problems(sequence: str) -> Iterator[str]:
    """Give why a gene is no whole reading frame on the reference."""
    if set(sequence) - set(BASES):
        yield "the reference has ambiguous bases in the gene; choose another one"
        return
    triplets = codons(sequence)
    amino_acids = [amino_acid(codon) for codon in triplets]
    if triplets[0] not in STARTS:
        yield f"the gene starts with {triplets[0]}, no start codon; check place and strand"
    if STOP not in amino_acids[-1:] or STOP in amino_acids[:-1]:
        yield "the gene has no stop codon at its end, or one before; check place and strand"
