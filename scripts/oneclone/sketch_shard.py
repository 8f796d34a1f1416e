"""A shard of the kept sketches: some genomes that were sketched together, never changed again.

Written into a folder beside its place and renamed when it is whole, so that a kill leaves the
old shards and a folder that the next screen removes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from oneclone.ani import write_sketches
from oneclone.digests import settings_digest
from oneclone.errors import AssemblyRejected
from oneclone.model.screening import Sketched
from oneclone.sequences import canonical_contigs, canonical_sha256
from oneclone.tables.checksum import file_sha256
from oneclone.tables.fasta import read_assembly
from oneclone.tables.json_files import read_record, write_record
from oneclone.tables.limits import LONGEST_WITHOUT_PANEL_BP, max_bases

PARTIAL = ".part-"
CONTENT = "shard.json"
NAME_DIGITS = 24


@dataclass(frozen=True)
class Shard:
    """What a shard holds: its genomes, and the checksums of its files by name."""

    genomes: tuple[Sketched, ...]
    files: Mapping[str, str]


def write_shard(folder: Path, files: Mapping[str, Path]) -> tuple[Sketched, ...]:
    """Sketch assemblies into a new shard; return what became of each.

    Whether a file is an assembly depends on its content alone, so one that is none is kept as
    such; one that could not be read, or changed meanwhile, is not kept.

    Parameters
    ----------
    folder
        The database.
    files
        Assembly files by their sha256.
    """
    genomes: list[Sketched] = []

    def readable() -> Iterator[tuple[str, tuple[bytes, ...]]]:
        """Give the assemblies among the files, and note what became of each file."""
        for sha256, path in sorted(files.items()):
            try:
                contigs = _canonical(sha256, path)
            except AssemblyRejected as rejected:
                genomes.append(Sketched(sha256, "", rejected.code, rejected.detail))
            else:
                genomes.append(Sketched(sha256, canonical_sha256(contigs)))
                yield sha256, contigs

    with TemporaryDirectory(prefix=PARTIAL, dir=folder) as name:
        fresh = Path(name) / "shard"
        fresh.mkdir()
        write_sketches(readable(), fresh)
        kept = tuple(each for each in genomes if not each.reason or _is(files, each.sha256))
        sums = {path.name: file_sha256(path) for path in sorted(fresh.iterdir())}
        write_record(fresh / CONTENT, Shard(kept, sums), Shard)
        place = folder / settings_digest([each.sha256 for each in kept])[:NAME_DIGITS]
        if kept and not place.exists():
            fresh.rename(place)
    return tuple(genomes)


def read_shard(folder: Path) -> Shard | None:
    """Return what a shard holds, `None` when any of it is damaged."""
    try:
        shard = read_record(folder / CONTENT, Shard)
        whole = all(file_sha256(folder / name) == digest for name, digest in shard.files.items())
    except (OSError, ValidationError):
        return None
    return shard if whole else None


def _canonical(sha256: str, path: Path) -> tuple[bytes, ...]:
    """Return the canonical contigs of a file that still is what was hashed."""
    assembly = read_assembly(path, max_bases(LONGEST_WITHOUT_PANEL_BP))
    if assembly.sha256 != sha256:
        raise AssemblyRejected(
            "still_changing", "the file changed while it was read; screen again when it is whole"
        )
    return canonical_contigs(assembly.contigs)


def _is(files: Mapping[str, Path], sha256: str) -> bool:
    """Return whether a file can be read and still has its sha256."""
    try:
        return file_sha256(files[sha256]) == sha256
    except OSError:
        return False
