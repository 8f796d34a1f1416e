"""The offline bundle: fetched assemblies and their record in one zip, for machines without network.

It holds `fetched.tsv` and one `assemblies/<accession>.fna` per row, nothing else.
"""

import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.tables.atomic import replacing
from oneclone.tables.fetched_table import (
    FOLDER,
    NAME,
    FetchedAssembly,
    file_name,
    read_record,
    write_fetched,
)
from oneclone.tables.zip_files import ZipRefused, add_file, open_zip


def write_bundle(path: Path, files: Mapping[Path, FetchedAssembly]) -> None:
    """Write a bundle, atomically; equal assemblies and records give equal bundles.

    Parameters
    ----------
    path
        File to write.
    files
        The fetched files with their records, one per accession.
    """
    rows = {row.accession: row for row in files.values()}
    sources = {row.accession: file for file, row in files.items()}
    with (
        tempfile.TemporaryDirectory() as folder,
        replacing(path) as temporary,
        zipfile.ZipFile(temporary, "w") as bundle,
    ):
        record = Path(folder) / NAME
        write_fetched(record, rows)
        add_file(bundle, NAME, record)
        for accession in sorted(rows):
            add_file(bundle, _member(accession), sources[accession])


def read_bundle(path: Path) -> dict[str, FetchedAssembly]:
    """Return the record of a bundle by accession.

    Raises
    ------
    InputRefused
        If the record is absent or damaged.
    ZipDamaged, ZipRefused
        If the zip is cut or corrupt, or is no bundle: it holds more, or less, than its record
        lists.
    """
    with open_zip(path) as opened, tempfile.TemporaryDirectory() as folder:
        names = set(opened.names)
        if NAME not in names:
            raise ZipRefused(f"it holds no {NAME}, so it is no bundle of oneclone")
        record = Path(folder) / NAME
        record.write_text(opened.text(NAME), encoding="utf-8", newline="\n")
        try:
            rows = read_record(record)
        except InputRefused as refused:
            found = [text.replace(str(record), f"{path}: {NAME}") for text in refused.problems]
            raise InputRefused(found) from refused
    foreign = sorted(names - {NAME} - {_member(accession) for accession in rows})
    if foreign:
        raise ZipRefused(f"it holds {foreign[0][:80]!a}, which its {NAME} does not list")
    return {accession: row for accession, row in rows.items() if _member(accession) in names}


def unpack_from_bundle(path: Path, row: FetchedAssembly, target: Path, max_bytes: int) -> str:
    """Write one assembly of a bundle to `target`; return what is wrong with it, or nothing.

    Raises
    ------
    ZipDamaged, ZipRefused
        If the zip cannot be read, or the file has more than `max_bytes`.
    """
    with open_zip(path) as opened:
        found = opened.copy(_member(row.accession), target, max_bytes)
    if found.sha256 != row.sha256:
        return f"the file in the bundle has sha256 {found.sha256}, its record states {row.sha256}"
    if row.md5 and found.md5 != row.md5:
        return f"the file in the bundle has md5 {found.md5}, published is {row.md5}"
    return ""


def _member(accession: str) -> str:
    """Return the name of an assembly in a bundle."""
    return f"{FOLDER}/{file_name(accession)}"
