"""`exports/core.vcf.gz`: the variable core sites with their places on the species reference."""

from pathlib import Path
from tempfile import TemporaryDirectory

from oneclone.exports.exported_run import ExportedRun
from oneclone.tables.core_files import read_core_sites
from oneclone.tables.core_rows import open_core_rows
from oneclone.tables.core_size_files import read_core_summary
from oneclone.tables.variant_files import write_core_vcf


def core_vcf(run: ExportedRun) -> bytes:
    """Return the core alignment as block-compressed VCF, samples by name as typed.

    A name holds no tab and no line end, so every one can be a sample of a VCF. In a large run the
    samples are those that are compared, and a line of the header says so: a table of all sites
    and thousands of isolates can neither be opened nor kept.
    """
    names = [isolate.name for isolate in run.compared_by_name]
    with open_core_rows(run.alignment) as rows, TemporaryDirectory() as folder:
        number_of = {row: number for number, row in enumerate(rows.taxa)}
        codes = rows.by_site([number_of[isolate.row_id] for isolate in run.compared_by_name])
        sites = zip(read_core_sites(run.core_sites), codes, strict=True)
        path = Path(folder) / "core.vcf.gz"  # pysam compresses into files alone
        contigs = read_core_summary(run.core_summary).contigs
        write_core_vcf(path, names, sites, contigs, run.neighbourhood)
        return path.read_bytes()
