"""The zip in which NCBI Datasets delivers an assembly: its FASTA, checksum and data report."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from oneclone.tables.fetched_table import cell_text
from oneclone.tables.zip_files import ZipDamaged, ZipRefused, open_zip

DATA = "ncbi_dataset/data/"
REPORT = DATA + "assembly_data_report.jsonl"
CHECKSUMS = "md5sum.txt"
GENOME = re.compile(
    re.escape(DATA) + r"(GC[AF]_[0-9]{9}\.[0-9]+)/\1_(?:[^/\\]*_)?genomic\.fna", re.ASCII
)


@dataclass(frozen=True)
class PackagedAssembly:
    """What a package says of its assembly; texts are empty where it says nothing.

    `md5` is the published checksum, equal to that of the file written. `notices` are sentences
    for the user.
    """

    md5: str
    organism: str
    strain: str
    status: str
    notices: tuple[str, ...]


def unpack_assembly(
    package: Path, accession: str, target: Path, max_bytes: int
) -> PackagedAssembly:
    """Write the FASTA of the only assembly of a package to `target`.

    Parameters
    ----------
    package
        The zip.
    accession
        The accession that was asked for, with its version.
    target
        File to write; it may hold a part when this fails.
    max_bytes
        Greatest size of the FASTA.

    Raises
    ------
    ZipDamaged
        If the zip is cut, or its content does not fit its checksums.
    ZipRefused
        If it holds another assembly, none, several, more than `max_bytes`, or what the archive
        would never put there.
    """
    with open_zip(package) as opened:
        genome = _genome(opened.names, accession)
        found = opened.copy(genome, target, max_bytes)
        checksums, report = opened.text(CHECKSUMS), opened.text(REPORT)
    published = _published_md5(checksums, genome)
    if published and published != found.md5:
        raise ZipDamaged(f"the FASTA in the zip has md5 {found.md5}, published is {published}")
    notices = () if published else ("the archive gave no md5 of the file",)
    return _described(published, report, accession, notices)


def _genome(names: Iterable[str], accession: str) -> str:
    """Return the name of the FASTA, the only one and of the accession asked."""
    found = {name: match.group(1) for name in names if (match := GENOME.fullmatch(name))}
    others = sorted(set(found.values()) - {accession})
    if others:
        raise ZipRefused(f"the answer holds {', '.join(others)[:100]} instead")
    if not found:
        raise ZipRefused("the answer holds no sequence; it may be withdrawn or not yet public")
    if len(found) > 1:
        raise ZipRefused(f"the answer holds {len(found)} files with its sequence")
    return next(iter(found))


def _published_md5(checksums: str, name: str) -> str:
    """Return the md5 that `md5sum.txt` gives for a file, empty when it gives none."""
    for line in checksums.splitlines():
        digest, _, file = line.partition(" ")
        if file.strip().removeprefix("*").removeprefix("./") == name:
            return digest.lower()
    return ""


def _described(md5: str, report: str, accession: str, notices: tuple[str, ...]) -> PackagedAssembly:
    """Return what the data report says of an accession."""
    lines = [_object(_parsed(line)) for line in report.splitlines() if line.strip()]
    named = [line for line in lines if line.get("accession") == accession]
    if lines and not named:
        others = ", ".join(_word(line.get("accession")) for line in lines)
        raise ZipRefused(f"the data report in the answer is of {others[:100]} instead")
    if not named:
        return PackagedAssembly(md5, "", "", "", (*notices, "the archive gave no data report"))
    organism = _object(named[0].get("organism"))
    names = _object(organism.get("infraspecificNames"))
    info = _object(named[0].get("assemblyInfo"))
    status = _word(info.get("assemblyStatus"))
    if status not in {"", "current"}:
        reason = _word(info.get("suppressionReason"))
        notices = (*notices, f"its status is '{status}'{f' ({reason})' if reason else ''}")
    current = _word(named[0].get("currentAccession"))
    if current not in {"", accession}:
        notices = (*notices, f"the archive has another version by now, {current}")
    return PackagedAssembly(
        md5=md5,
        organism=_word(organism.get("organismName")),
        strain=_word(names.get("strain")) or _word(names.get("isolate")),
        status=status,
        notices=notices,
    )


def _parsed(line: str) -> object:
    """Return a line of JSON; a line that is none makes the package a damaged one."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ZipDamaged(f"the data report in the zip is not JSON ({error})") from error


def _object(value: object) -> Mapping[str, Any]:
    """Return a JSON object, empty when the value is none."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _word(value: object) -> str:
    """Return a JSON string fit for a table, empty when the value is none."""
    return cell_text(value)[:200] if isinstance(value, str) else ""
