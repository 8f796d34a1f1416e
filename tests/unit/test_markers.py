"""Genotypes at the shipped marker loci, on 60-kb windows of ATCC 19977 around each gene."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from oneclone.aligning import open_index
from oneclone.calling import call_assembly
from oneclone.markers import call_markers
from oneclone.model.loci import Genotype, Locus, Marker
from oneclone.plan import read_settings
from oneclone.sequences import canonical_contigs, decode, encode, reverse_complement
from oneclone.steps.index_reference import as_reference, prepare
from oneclone.tables.fasta import Assembly, read_assembly
from oneclone.tables.loci_table import read_loci
from tests.conftest import REPOSITORY

SETTINGS = read_settings({"isolates": "-", "panel": "-"})
LOCI = REPOSITORY / "config/panels/mabscessus/loci.tsv"
WINDOW_BP = 60_000
WINDOWS = {"gyrA": 0, "rRNA": 1_434_000, "erm": 2_316_000}  # 0-based starts on the chromosome
GENE_START = 2_345_955


@dataclass(frozen=True)
class Windows:
    """Windows of the chromosome as one reference, and the loci on them."""

    contigs: dict[str, bytes]
    loci: tuple[Locus, ...]
    call: Callable[[list[bytes]], dict[str, Marker]]

    def changed(self, *changes: tuple[int, int, str]) -> dict[str, Marker]:
        """Return the markers after replacing `length` bases at 1-based chromosome positions."""
        return self.call(self.edited(*changes))

    def edited(self, *changes: tuple[int, int, str]) -> list[bytes]:
        contigs = {name: bytearray(contig) for name, contig in self.contigs.items()}
        for position, length, bases in sorted(changes, reverse=True):
            name = next(n for n, s in WINDOWS.items() if s < position <= s + WINDOW_BP)
            first = position - 1 - WINDOWS[name]
            contigs[name][first : first + length] = bases.encode()
        return [bytes(contig) for contig in contigs.values()]


@pytest.fixture(scope="module")
def chromosome(shared_data) -> Assembly:
    path = shared_data("mabs-atcc19977") / "GCA_000069185.1_ATCC19977.fna.gz"
    return read_assembly(path, 10_000_000)


def named_as(assembly: Assembly, folder: Path) -> Path:
    """Return the shipped loci with the contig name of an assembly."""
    path = folder / "loci.tsv"
    path.write_text(LOCI.read_text().replace("NC_010397.1", assembly.names[0]))
    return path


@pytest.fixture(scope="module")
def windows(chromosome, tmp_path_factory) -> Windows:
    folder = tmp_path_factory.mktemp("windows")
    contigs = {n: chromosome.contigs[0][s : s + WINDOW_BP] for n, s in WINDOWS.items()}
    header, *lines = LOCI.read_text().splitlines()
    moved = [header]
    for line in lines:
        cells = line.split("\t")
        start, end = int(cells[4]), int(cells[5])
        name = next(n for n, s in WINDOWS.items() if s < start <= s + WINDOW_BP)
        cells[3:6] = name, str(start - WINDOWS[name]), str(end - WINDOWS[name])
        moved.append("\t".join(cells))
    (folder / "loci.tsv").write_text("\n".join(moved) + "\n")
    assembly = Assembly("", tuple(contigs), tuple(contigs.values()))
    loci = read_loci(folder / "loci.tsv", assembly)
    reference = as_reference(assembly)
    prepare(reference, folder / "index.mmi", SETTINGS.calling.preset, SETTINGS.repeats)
    assert open_index(folder / "index.mmi", SETTINGS.calling.preset)

    def call(drafts: list[bytes]) -> dict[str, Marker]:
        canonical = canonical_contigs(drafts)
        calls = call_assembly(canonical, folder / "index.mmi", reference, SETTINGS.calling)
        found = call_markers(loci, calls, reference, SETTINGS.calling, lambda: canonical)
        return {marker.locus.name: marker for marker in found}

    return Windows(contigs, loci, call)


def others_are_reference(found: dict[str, Marker], *but: str) -> bool:
    rest = {name: marker for name, marker in found.items() if name not in but}
    return {marker.genotype for marker in rest.values()} == {Genotype.REFERENCE}


# --- places ------------------------------------------------------------------------------------


def test_loci_of_the_shipped_panel_are_where_the_literature_has_them(chromosome, tmp_path):
    loci = {locus.name: locus for locus in read_loci(named_as(chromosome, tmp_path), chromosome)}
    places = {name: (locus.position, locus.reference_allele) for name, locus in loci.items()}
    assert places == {
        "rrl_A2057": (1466476, "A"),
        "rrl_A2058": (1466477, "A"),
        "rrl_A2059": (1466478, "A"),
        "rrl_G2069": (1466488, "G"),
        "rrl_A2082": (1466500, "A"),
        "rrs_T1406": (1463770, "T"),
        "rrs_A1408": (1463772, "A"),
        "rrs_C1409": (1463773, "C"),
        "rrs_G1491": (1463855, "G"),
        "erm(41)_T28C": (2345982, "TGG"),
        "erm(41)_C19T": (2345973, "CGA"),
        "erm(41)": (2345955, ""),
        "gyrA_Asp96": (18674, "GAC"),
    }
    assert loci["erm(41)"].length_bp == 522
    assert all(locus.citation for locus in loci.values())
    assert not [each for each in loci.values() if "susceptib" in each.reference_meaning]
    assert "inferred" in loci["rrl_A2082"].note
    assert "inferred" in loci["rrs_G1491"].label


def test_the_reference_itself_is_reference_everywhere(windows):
    found = windows.call(list(windows.contigs.values()))
    assert others_are_reference(found)
    assert found["gyrA_Asp96"].allele == "GAC (Asp)"
    assert found["erm(41)"].allele == "full length"
    assert found["erm(41)"].read_bp == 522
    assert "inducible" in found["erm(41)_T28C"].meaning


# --- every catalogued variant ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locus", "position", "base", "allele", "meant"),
    [
        ("rrl_A2058", 1466477, "G", "G", "constitutive macrolide resistance"),
        ("rrl_A2059", 1466478, "C", "C", "constitutive macrolide resistance"),
        ("rrs_A1408", 1463772, "G", "G", "amikacin resistance"),
        ("gyrA_Asp96", 18674, "A", "AAC (Asn)", "fluoroquinolone resistance"),
        ("gyrA_Asp96", 18675, "G", "GGC (Gly)", "not catalogue"),
        ("gyrA_Asp96", 18676, "T", "GAT (Asp)", "the amino acid is that of the reference"),
    ],
)
def test_a_changed_site_or_codon_is_a_variant(windows, locus, position, base, allele, meant):
    found = windows.changed((position, 1, base))
    assert (found[locus].genotype, found[locus].allele) == (Genotype.VARIANT, allele)
    assert meant in found[locus].meaning
    assert others_are_reference(found, locus)


def test_every_catalogued_allele_of_every_locus_is_called(windows):
    for rank in range(3):
        changes, expected = [], {}
        for locus in windows.loci:
            if rank < len(locus.variants) and locus.name != "erm(41)_C19T":
                bases = {"Asn": "AAC"}.get(locus.variants[rank], locus.variants[rank])
                position = locus.position + WINDOWS[locus.contig]
                changes.append((position, len(bases), bases))
                expected[locus.name] = bases
        found = windows.changed(*changes)
        for name, bases in expected.items():
            assert found[name].allele.split()[0] == bases
            assert found[name].genotype is Genotype.VARIANT
            assert found[name].meaning == found[name].locus.variant_meaning


def test_c28_is_a_variant_of_a_full_length_gene(windows):
    found = windows.changed((2345982, 1, "C"))
    assert found["erm(41)_T28C"].allele == "CGG (Arg)"
    assert "absence of inducible" in found["erm(41)_T28C"].meaning
    assert found["erm(41)"].allele == "full length: 28T>C"
    assert found["erm(41)"].genotype is Genotype.VARIANT
    assert others_are_reference(found, "erm(41)", "erm(41)_T28C")


def test_c19t_is_a_variant_and_truncates_the_gene(windows):
    found = windows.changed((2345973, 1, "T"))
    assert found["erm(41)_C19T"].allele == "TGA (Ter)"
    assert "loss of function" in found["erm(41)_C19T"].meaning
    assert found["erm(41)"].genotype is Genotype.TRUNCATED
    assert found["erm(41)"].allele == "premature stop Arg7Ter"


# --- what was not read is never the reference --------------------------------------------------


def test_ambiguous_codes_are_ambiguous_and_not_the_reference(windows):
    found = windows.changed((1466477, 1, "R"), (2345983, 1, "N"))
    assert found["rrl_A2058"].genotype is Genotype.AMBIGUOUS
    assert (found["rrl_A2058"].allele, found["rrl_A2058"].read_bp) == ("N", 0)
    assert found["erm(41)_T28C"].allele == "TNG"
    assert found["erm(41)"].genotype is Genotype.AMBIGUOUS
    assert found["erm(41)"].detail == "521 of 522 bases read, the others are ambiguous"
    assert others_are_reference(found, "rrl_A2058", "erm(41)_T28C", "erm(41)")


def test_a_contig_break_at_a_site_leaves_its_surroundings_not_covered(windows):
    gyr, rrna, erm = windows.edited()
    cut = 1463772 - WINDOWS["rRNA"]
    found = windows.call([gyr, rrna[:cut], rrna[cut:], erm])
    near = ["rrs_T1406", "rrs_A1408", "rrs_C1409", "rrs_G1491"]
    assert {found[name].genotype for name in near} == {Genotype.NOT_COVERED}
    assert found["rrs_A1408"].allele == ""
    assert "within 100 bases of the end of an alignment" in found["rrs_A1408"].detail
    assert others_are_reference(found, *near)


def test_a_contig_break_in_the_gene_is_no_truncation(windows):
    gyr, rrna, erm = windows.edited()
    cut = 2346200 - WINDOWS["erm"]
    found = windows.call([gyr, rrna, erm[:cut], erm[cut:]])
    assert found["erm(41)"].genotype is Genotype.NOT_COVERED
    assert found["erm(41)"].detail == "322 of 522 bases read"
    assert others_are_reference(found, "erm(41)")


def test_a_second_copy_is_not_believed(windows):
    gyr, rrna, erm = windows.edited()
    first = 1466477 - WINDOWS["rRNA"]
    other = bytearray(rrna[first - 5000 : first + 5000])
    other[4999:5000] = b"G"
    found = windows.call([gyr, rrna, erm, bytes(other)])
    assert found["rrl_A2058"].genotype is Genotype.NOT_COVERED
    assert "2 alignments cover it" in found["rrl_A2058"].detail


def test_nothing_read_is_a_row_that_says_so(windows):
    found = windows.call([windows.contigs["gyrA"]])
    assert found["erm(41)"].detail == "0 of 522 bases read"
    assert found["rrl_A2058"].detail == "0 of 1 base read: no alignment covers it"
    assert "nothing is known" in found["rrl_A2058"].meaning
    assert others_are_reference({"gyrA_Asp96": found["gyrA_Asp96"]})


def test_a_site_beside_a_deletion_is_not_covered(windows):
    found = windows.changed((1466480, 1, ""))
    assert "within 10 bases of an insertion or deletion" in found["rrl_A2058"].detail
    gone = windows.changed((1466470, 30, ""))
    assert gone["rrl_A2058"].detail == "0 of 1 base read: it lies in a deletion of 30 bases"


# --- erm(41) as a gene -------------------------------------------------------------------------

MASSILIENSE = ((GENE_START + 63, 2, ""), (GENE_START + 158, 274, ""))


def test_a_gene_of_246_bases_as_in_massiliense_is_truncated(windows):
    """Kim 2010: 276 of 522 bases are missing, in two deletions, and 246 are left."""
    marker = windows.changed(*MASSILIENSE)["erm(41)"]
    assert marker.genotype is Genotype.TRUNCATED
    assert "deletion of 2 bases at" in marker.allele
    assert "deletion of 274 bases at" in marker.allele
    assert marker.detail.startswith("246 of 522 bases left")
    assert "absence of inducible" in marker.meaning


def test_one_deletion_of_276_bases_is_truncated_and_named_by_its_place(windows):
    found = windows.changed((GENE_START + 160, 276, ""))
    marker = found["erm(41)"]
    assert marker.genotype is Genotype.TRUNCATED
    assert marker.detail == "246 of 522 bases left; the reading frame is kept at the end"
    place = marker.allele.removeprefix("deletion of 276 bases at ").split("-")
    first = int(place[0]) + WINDOWS["erm"]
    assert abs(first - GENE_START - 160) <= 10
    assert int(place[1]) - int(place[0]) == 275
    assert others_are_reference(found, "erm(41)")


@pytest.mark.parametrize("turned", [False, True])
def test_a_deletion_over_which_the_alignment_splits_is_truncated(windows, turned):
    gyr, rrna, erm = windows.edited()
    first = GENE_START + 300 - WINDOWS["erm"]
    draft = erm[:first] + erm[first + 15_000 :]
    if turned:
        draft = decode(reverse_complement(encode(draft))).encode()
    marker = windows.call([gyr, rrna, draft])["erm(41)"]
    assert marker.genotype is Genotype.TRUNCATED
    assert marker.allele.startswith("deletion of ")


def test_a_lost_gene_is_truncated_with_no_base_left(windows):
    marker = windows.changed((GENE_START - 500, 1600, ""))["erm(41)"]
    assert marker.genotype is Genotype.TRUNCATED
    assert marker.detail == "none of 522 bases left"


@pytest.mark.parametrize("gap", ["N" * 100, "N" * 10])
def test_a_scaffold_gap_in_the_gene_is_no_deletion(windows, gap):
    marker = windows.changed((GENE_START + 100, 276, gap))["erm(41)"]
    assert marker.genotype in {Genotype.AMBIGUOUS, Genotype.NOT_COVERED}
    inserted = windows.changed((GENE_START + 100, 0, gap))["erm(41)"]
    assert inserted.genotype is Genotype.AMBIGUOUS
    assert "may be a scaffold gap" in inserted.detail


def test_an_inserted_base_shifts_the_frame_and_three_do_not(windows):
    marker = windows.changed((GENE_START + 250, 0, "A"))["erm(41)"]
    assert marker.genotype is Genotype.TRUNCATED
    assert marker.detail == "the reading frame is shifted"
    marker = windows.changed((GENE_START + 250, 0, "GCA"))["erm(41)"]
    assert marker.genotype is Genotype.VARIANT
    assert "insertion of 3 bases" in marker.allele
    assert marker.detail.endswith("the gene of 525 bases in the assembly has no premature stop")


@pytest.mark.parametrize(
    ("added", "stop"), [("TAG", "TAG at codon 51"), ("GCATGA", "TGA at codon")]
)
def test_an_insertion_in_frame_that_brings_a_stop_truncates(windows, added, stop):
    marker = windows.changed((GENE_START + 150, 0, added))["erm(41)"]
    assert marker.genotype is Genotype.TRUNCATED
    assert f"premature stop {stop}" in marker.allele


@pytest.mark.parametrize("second", ["T", "C"])
def test_a_second_copy_taken_for_an_insertion_in_the_gene_is_no_truncation(windows, second):
    """C19T, which is a stop, in the second of two copies that follow each other."""
    first, last = GENE_START - 500, GENE_START + 1000
    gyr, rrna, erm = windows.edited()
    copy = bytearray(erm[first - WINDOWS["erm"] : last - WINDOWS["erm"]])
    copy[2345973 - 1 - first : 2345973 - first] = second.encode()
    place = last - WINDOWS["erm"]
    marker = windows.call([gyr, rrna, erm[:place] + bytes(copy) + erm[place:]])["erm(41)"]
    expected = Genotype.AMBIGUOUS if second == "T" else Genotype.REFERENCE
    assert marker.genotype is expected
    assert (second == "T") == ("holds a second copy of the gene" in marker.detail)


def test_an_insertion_of_other_bases_as_long_as_the_gene_truncates(windows):
    element = windows.contigs["gyrA"][40_000:41_300].decode()
    marker = windows.changed((GENE_START + 200, 0, element))["erm(41)"]
    assert marker.genotype is Genotype.TRUNCATED
    assert marker.allele.startswith("insertion of 1300 bases before")


def test_a_deletion_near_a_contig_end_is_no_evidence(windows):
    gyr, rrna, erm = windows.edited()
    cut = 2346200 - WINDOWS["erm"]
    draft = erm[: cut - 60] + erm[cut - 53 : cut]
    marker = windows.call([gyr, rrna, draft])["erm(41)"]
    assert marker.genotype is Genotype.NOT_COVERED


def test_other_strand_gives_the_same_markers(windows):
    plain = windows.edited((2345982, 1, "C"), (18674, 1, "A"))
    turned = [decode(reverse_complement(encode(contig))).encode() for contig in plain]
    assert windows.call(plain) == windows.call(turned)


def test_a_gene_on_the_other_strand_is_read_on_its_own(windows, tmp_path):
    reference = {
        n: decode(reverse_complement(encode(c))).encode() for n, c in windows.contigs.items()
    }
    lines = [LOCI.read_text().splitlines()[0]]
    for locus in windows.loci:
        if locus.gene == "erm(41)":
            end = WINDOW_BP - locus.position + 1
            cells = [
                locus.name,
                locus.gene,
                locus.kind,
                locus.contig,
                end - locus.length_bp + 1,
                end,
            ]
            cells += ["-", locus.reference_allele, ",".join(locus.variants), "r", "v", "t"]
            lines.append("\t".join([*map(str, cells), locus.label, locus.citation, ""]))
    (tmp_path / "loci.tsv").write_text("\n".join(lines) + "\n")
    assembly = Assembly("", tuple(reference), tuple(reference.values()))
    loci = read_loci(tmp_path / "loci.tsv", assembly)
    sequence = as_reference(assembly)
    prepare(sequence, tmp_path / "index.mmi", SETTINGS.calling.preset, SETTINGS.repeats)
    draft = canonical_contigs(windows.edited((2345982, 1, "C")))
    calls = call_assembly(draft, tmp_path / "index.mmi", sequence, SETTINGS.calling)
    called = call_markers(loci, calls, sequence, SETTINGS.calling, lambda: draft)
    found = {marker.locus.name: marker for marker in called}
    assert found["erm(41)_T28C"].allele == "CGG (Arg)"
    assert found["erm(41)"].allele == "full length: 28T>C"
    assert found["erm(41)_C19T"].genotype is Genotype.REFERENCE
    assert np.array_equal(sequence.codes[loci[0].start : loci[0].end], encode(b"CCA"))
