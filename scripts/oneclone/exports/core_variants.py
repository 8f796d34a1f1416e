"""`exports/core.vcf.gz`: the variable core sites with their places on the species reference."""

from pathlib import Path
from tempfile import TemporaryDirectory

from oneclone.exports.exported_run import ExportedRun
from oneclone.tables.core_files import read_core_codes, read_core_sites
from oneclone.tables.core_size_files import read_core_summary
from oneclone.tables.variant_files import write_core_vcf


def core_vcf(run: ExportedRun) -> bytes:
    """Return the core alignment as block-compressed VCF, samples by name as typed.

    A name holds no tab and no line end, so every one can be a sample of a VCF.
    """
    codes = read_core_codes(run.alignment)
    samples = {isolate.name: codes[isolate.row_id] for isolate in run.isolates}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "core.vcf.gz"  # pysam compresses into files alone
        contigs = read_core_summary(run.core_summary).contigs
        write_core_vcf(path, samples, read_core_sites(run.core_sites), contigs)
        return path.read_bytes()
