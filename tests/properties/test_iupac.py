"""The fifteen IUPAC codes, on the isolate, on the reference, on both strands, from the file on."""

from pathlib import Path

import numpy as np
import pytest

from oneclone.distances import compare, profile
from oneclone.errors import AssemblyRejected
from oneclone.intervals import empty, to_flags
from oneclone.sequences import canonical_contigs, decode, encode, reverse_complement
from oneclone.tables.fasta import read_assembly
from tests.properties.engine import (
    Engine,
    bases_of,
    calls_of_letters,
    mask_of,
    other_strand,
    random_codes,
    reference_of_letters,
)

# What each code stands for (NC-IUB 1984, doi:10.1093/nar/13.9.3021).
MEANING = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT",
    "K": "GT", "M": "AC", "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
BASES, AMBIGUOUS = "ACGT", "RYSWKMBDHVN"
EITHER_CASE = [*"ACGTRYSWKMBDHVN", *"acgtryswkmbdhvn"]
GAPS = "-."
PAIRED = {"A": "T", "C": "G", "G": "C", "T": "A"}
LETTERS = decode(random_codes(41, 200))
SITE = 77


def put(letters: str, letter: str, *sites: int) -> str:
    return "".join(letter if i in sites else old for i, old in enumerate(letters))


def read_back(folder: Path, *contigs: str) -> tuple[bytes, ...]:
    """Return the contigs as the reader gives them."""
    path = folder / "assembly.fasta"
    path.write_text("".join(f">c{i}\n{contig}\n" for i, contig in enumerate(contigs)))
    return read_assembly(path, 10**6).contigs


# --- letters -----------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", EITHER_CASE)
def test_letter_is_read_and_is_a_base_only_if_it_means_one(tmp_path: Path, letter):
    (contig,) = read_back(tmp_path, f"AC{letter}GT")
    assert contig == f"AC{letter.upper()}GT".encode()
    meaning = MEANING[letter.upper()]
    code = int(encode(contig)[2])
    assert code == (BASES.index(meaning) if len(meaning) == 1 else 4)
    assert encode(f"AC{letter}GT".encode()).tolist() == encode(contig).tolist()


@pytest.mark.parametrize("gap", GAPS)
def test_gap_is_read_as_n_and_takes_up_a_position(tmp_path: Path, gap):
    assert read_back(tmp_path, f"AC{gap}GT") == (b"ACNGT",)


@pytest.mark.parametrize("letter", ["U", "u", "X", "*", "?", "I", "~"])
def test_letter_that_is_no_iupac_code_of_dna_rejects_the_assembly(tmp_path: Path, letter):
    with pytest.raises(AssemblyRejected):
        read_back(tmp_path, f"ACGT{letter}ACGT")


@pytest.mark.parametrize("letter", MEANING)
def test_other_strand_of_a_code_means_the_paired_bases(letter):
    """The canonical form is the lesser strand, so each code comes out as itself or its pair."""
    paired = "".join(sorted(PAIRED[base] for base in MEANING[letter]))
    (pair,) = (code for code, meaning in MEANING.items() if meaning == paired)
    for contig, turned in ((f"TTT{letter}CCC", f"GGG{pair}AAA"), (f"AAA{letter}CC", None)):
        (canonical,) = canonical_contigs([contig.encode()])
        assert canonical == (turned or contig).encode()
        assert canonical_contigs([canonical]) == (canonical,)
    code = reverse_complement(encode(f"A{letter}".encode()))
    assert decode(code) == (pair if pair in BASES else "N") + "T"


@pytest.mark.parametrize("letter", AMBIGUOUS)
def test_canonical_form_of_both_strands_is_one_also_when_codes_decide(letter):
    one = f"ACG{letter}CGT"  # a palindrome but for the code
    both = {canonical_contigs([contig.encode()]) for contig in (one, other_strand(one))}
    assert len(both) == 1


# --- calls and distances -----------------------------------------------------------------------


@pytest.mark.parametrize("on_snp", [False, True], ids=["at a site without SNP", "at a SNP"])
@pytest.mark.parametrize("letter", EITHER_CASE)
def test_code_on_an_isolate(letter, on_snp):
    """The partner differs from the reference at the site, or does not."""
    reference = reference_of_letters(LETTERS)
    other_base = next(base for base in BASES if base != LETTERS[SITE])
    partner = put(LETTERS, other_base if on_snp else LETTERS[SITE], SITE)
    isolate = calls_of_letters(put(LETTERS, letter, SITE), reference)
    found = compare(
        profile(isolate, empty(), 200), profile(calls_of_letters(partner, reference), empty(), 200)
    )
    if letter.upper() in BASES:
        assert bases_of(isolate, reference)[SITE] == BASES.index(letter.upper())
        is_different = letter.upper() != partner[SITE]
        assert (found.callable_bp, len(found.differences)) == (200, int(is_different))
    else:
        assert bases_of(isolate, reference)[SITE] == 4
        assert isolate.positions.tolist() == []
        assert isolate.ambiguous.starts.tolist() == [SITE]
        assert (found.callable_bp, len(found.differences)) == (199, 0)


@pytest.mark.parametrize("letter", AMBIGUOUS + AMBIGUOUS.lower())
def test_same_code_on_both_isolates_is_missing_in_both(letter):
    reference = reference_of_letters(LETTERS)
    one = profile(calls_of_letters(put(LETTERS, letter, SITE), reference), empty(), 200)
    found = compare(one, one)
    assert (found.callable_bp, len(found.differences)) == (199, 0)


@pytest.mark.parametrize("letter", AMBIGUOUS + AMBIGUOUS.lower())
def test_code_on_the_reference_is_missing_for_all(letter):
    """Two isolates that differ there are not compared there: the reference's code is no base."""
    reference = reference_of_letters(put(LETTERS, letter, SITE))
    rows = [put(LETTERS, base, SITE) for base in BASES]
    calls = [calls_of_letters(row, reference) for row in rows]
    for each in calls:
        assert bases_of(each, reference)[SITE] == 4
        assert each.positions.tolist() == []
        assert each.ambiguous.total_bp == 0  # the isolate has a base
    found = compare(*(profile(each, empty(), 200) for each in calls[:2]))
    assert (found.callable_bp, len(found.differences)) == (199, 0)


def test_codes_at_the_edges_of_a_mask_and_of_the_reference():
    reference = reference_of_letters(LETTERS)
    calls = calls_of_letters(put(LETTERS, "N", 0, 9, 20, 199), reference)
    flags = to_flags(calls.callable, 200)
    assert np.flatnonzero(~flags).tolist() == [0, 9, 20, 199]
    mask = mask_of([10 <= position < 20 for position in range(200)])
    whole = profile(calls_of_letters(LETTERS, reference), mask, 200)
    assert compare(profile(calls, mask, 200), whole).callable_bp == 200 - 4 - 10


# --- through minimap2 --------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True], ids=["same strand", "other strand"])
def test_codes_in_a_genome_are_lost_one_by_one(plain_engine: Engine, turned):
    """Each code at a SNP and beside none; nothing but these sites is lost."""
    whole = decode(plain_engine.reference.codes)
    before = plain_engine.call([whole])
    sites = {}
    for number, code in enumerate(AMBIGUOUS + AMBIGUOUS.lower()):
        sites[500 + 450 * number] = code
    letters = "".join(sites.get(position, old) for position, old in enumerate(whole))
    written = with_case_turned(letters) if turned else letters
    after = plain_engine.call([written])
    lost = plain_engine.callable_flags(before) & ~plain_engine.callable_flags(after)
    assert np.flatnonzero(lost).tolist() == sorted(sites)
    assert after.positions.tolist() == []
    assert after.ambiguous.starts.tolist() == sorted(sites)
    assert plain_engine.distance(before, after) == 0


def with_case_turned(letters: str) -> str:
    """Return the other strand with the case of every letter kept."""
    turned = zip(other_strand(letters.upper()), reversed(letters), strict=True)
    return "".join(new.lower() if old.islower() else new for new, old in turned)
