"""Where fetched assemblies come from: the NCBI Datasets service, or an offline bundle."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from oneclone.datasets_answers import FetchRefused
from oneclone.datasets_service import DatasetsService
from oneclone.errors import InputRefused
from oneclone.fetch_order import Wanted
from oneclone.partial_file import PartialFile
from oneclone.tables.assembly_bundle import read_bundle, unpack_from_bundle
from oneclone.tables.assembly_package import unpack_assembly
from oneclone.tables.fasta import read_assembly
from oneclone.tables.fetched_table import FetchedAssembly, file_name
from oneclone.tables.zip_files import ZipDamaged, ZipRefused

ROOM_BESIDE_GENOME_BYTES = 16 << 20  # data report and checksums in a package


class Source(Protocol):
    """Where assemblies come from."""

    def obtain(self, wanted: Wanted, target: Path) -> FetchedAssembly:
        """Write the FASTA of an assembly to `target` and return its row."""
        ...


class ServiceSource:
    """Assemblies from the NCBI Datasets service.

    Parameters
    ----------
    service
        The service.
    max_bytes
        Greatest size of one FASTA.
    say
        Is given what the archive says beside the sequence.
    """

    def __init__(
        self, service: DatasetsService, max_bytes: int, say: Callable[[str], object]
    ) -> None:
        self._service = service
        self._max_bytes = max_bytes
        self._say = say

    def obtain(self, wanted: Wanted, target: Path) -> FetchedAssembly:
        """Download an assembly, check it and write its FASTA to `target`."""
        accession = wanted.accession
        packaged = self._service.fetch(
            accession,
            PartialFile(wanted.folder.part(accession)),
            self._max_bytes + ROOM_BESIDE_GENOME_BYTES,
            lambda package: unpack_assembly(package, accession, target, self._max_bytes),
        )
        for notice in packaged.notices:
            self._say(f"{accession}: note: {notice}")
        assembly = read_assembly(target, self._max_bytes)
        return FetchedAssembly(
            accession=accession,
            file=file_name(accession),
            sha256=assembly.sha256,
            md5=packaged.md5,
            bases=sum(map(len, assembly.contigs)),
            contigs=len(assembly.contigs),
            organism=packaged.organism,
            strain=packaged.strain,
            status=packaged.status,
            source=self._service.url(accession),
            date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        )


class BundleSource:
    """Assemblies from an offline bundle.

    Parameters
    ----------
    path
        The bundle.
    max_bytes
        Greatest size of one FASTA.

    Raises
    ------
    InputRefused
        If the file is no bundle, or a damaged one.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        try:
            self.rows = read_bundle(path)
        except (ZipDamaged, ZipRefused) as error:
            raise InputRefused(
                [f"{path}: {error}; copy the bundle again, or write it anew with --bundle"]
            ) from error

    def obtain(self, wanted: Wanted, target: Path) -> FetchedAssembly:
        """Write an assembly of the bundle to `target` and check it."""
        row = self.rows[wanted.accession]
        problem = unpack_from_bundle(self._path, row, target, self._max_bytes)
        if problem:
            raise FetchRefused(f"{problem}; copy the bundle again, or write it anew with --bundle")
        assembly = read_assembly(target, self._max_bytes)
        found = sum(map(len, assembly.contigs)), len(assembly.contigs)
        if found != (row.bases, row.contigs):
            raise FetchRefused(
                f"the file in the bundle has {found[0]} bases in {found[1]} contigs, its record "
                f"states {row.bases} in {row.contigs}; write the bundle anew with --bundle"
            )
        return row
