"""Check not only how many SNPs are found but which: an isolate with a published list of them."""

import shutil
from pathlib import Path
from typing import Any

from oneclone.aligning import align_contigs, open_index
from oneclone.calling import call_bases
from oneclone.distances import compare, profile
from oneclone.plan import read_settings
from oneclone.sequences import canonical_contigs, decode
from oneclone.steps.index_reference import as_reference, prepare
from oneclone.tables.fasta import read_assembly
from tests.benchmarks.datasets import plain
from tests.benchmarks.formats import Alleles, parse_show_snps
from tests.benchmarks.measuring import run_measured
from tests.conftest import SHARED_DATA
from tests.integration.workflow import rows

MAX_BASES = 10_000_000
SETS = ("mabs-v0153", "mabs-atcc19977")


def measure_positions(folder: Path) -> dict[str, Any]:
    """Find the SNPs of V0153 on ATCC 19977; return which published ones each program found."""
    if absent := [name for name in SETS if not (SHARED_DATA / name).is_dir()]:
        return {"rows": [], "absent": absent}
    table = SHARED_DATA / "mabs-v0153/V0153_vs_ATCC19977.tsv"
    truth = {
        (row["contig"], int(row["pos"])): row["new_or_size"]
        for row in rows(table)
        if row["type"] == "SNP"
    }
    fasta = SHARED_DATA / "mabs-atcc19977/GCA_000069185.1_ATCC19977.fna.gz"
    reference = plain(fasta, folder / "reference.fna")
    isolate = plain(SHARED_DATA / "mabs-v0153/V0153_reconstructed.fna.gz", folder / "V0153.fna")
    found = {"oneclone": find_with_oneclone(reference, isolate, folder)}
    if shutil.which("nucmer"):
        found["nucmer, on the reference"] = find_with_nucmer(reference, isolate, folder)
    return {
        "rows": [
            {
                "program": name,
                "published": len(truth),
                "found": sum(alleles.get(place) == base for place, base in truth.items()),
                "others": len(alleles.keys() - truth.keys()),
            }
            for name, alleles in found.items()
        ],
        "absent": [],
    }


def find_with_oneclone(reference: Path, isolate: Path, folder: Path) -> Alleles:
    """Return the bases of an isolate where it differs from a reference, masked places left out."""
    settings = read_settings({"isolates": "-", "panel": "-"})
    sequence = as_reference(read_assembly(reference, MAX_BASES))
    index = folder / "reference.mmi"
    mask = prepare(sequence, index, settings.calling.preset, settings.repeats)
    calls, profiles = {}, []
    for path in (reference, isolate):
        contigs = canonical_contigs(read_assembly(path, MAX_BASES).contigs)
        aligner = open_index(index, settings.calling.preset)
        alignments = align_contigs(contigs, aligner, sequence)
        calls[path] = call_bases(alignments, contigs, sequence, settings.calling)
        profiles.append(profile(calls[path], mask, sequence.length_bp))
    differences = {int(each) for each in compare(*profiles).differences}
    found: Alleles = {}
    own = calls[isolate]
    for position, base in zip(own.positions, decode(own.bases), strict=True):
        if int(position) in differences:
            contig, place = sequence.locate(int(position))
            found[contig.split(".")[0], place + 1] = base
    return found


def find_with_nucmer(reference: Path, isolate: Path, folder: Path) -> Alleles:
    """Return the same of nucmer and `show-snps -C -I`."""
    run_measured(["nucmer", "--prefix", "nucmer", reference, isolate], folder)
    shown, _ = run_measured(["show-snps", "-C", "-I", "-T", "-H", "nucmer.delta"], folder)
    return {
        (contig.split(".")[0], position): base
        for (contig, position), base in parse_show_snps(shown).items()
    }
