"""The annotation of a panel reference: the genes of a GFF3 file, plain or gzip by content."""

import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.model.regions import Annotation, Gene
from oneclone.tables.contig_names import Aliases, resolve_contig
from oneclone.tables.fasta import GZIP_MAGIC
from oneclone.tables.limits import MAX_ANNOTATION_BYTES

GENES = frozenset({"gene", "pseudogene"})
PRODUCTS = frozenset({"CDS", "tRNA", "rRNA", "tmRNA", "ncRNA"})  # where a file has no genes
NAMING = ("locus_tag", "Name", "gene", "ID")
COLUMNS = 9
SEQUENCES = "##FASTA"  # what follows is no annotation
REMEDY = "give the GFF3 file of this assembly, or leave the cell empty"
SHOWN_CONTIGS = 5

Line = tuple[str, ...]


def read_annotation(
    path: Path, contigs: Mapping[str, int], where: str, aliases: Aliases = ()
) -> Annotation:
    """Read the genes of a GFF3 file (1-based, closed) as 0-based half-open places.

    Genes are the features of type gene or pseudogene; in a file without any, the coding
    sequences and RNA genes. A gene is named by its locus_tag, else Name, gene or ID. One that
    runs over the end of a circular contig goes on at its start.

    Parameters
    ----------
    path
        The file.
    contigs
        Lengths of the reference's contigs by name; the file may name them with or without
        their version (`CU458896.1`, `CU458896`).
    where
        Table, row and cell that name the file, for the error message.
    aliases
        Other names of the reference's contigs that the file may use.

    Raises
    ------
    InputRefused
        If the file cannot be read, is not GFF3, names a contig that the reference does not
        have, or places a feature outside its contig.
    """
    lines = list(_features(_text(path, where), where))
    names = _contig_names(contigs, {line[0] for line in lines}, where, aliases)
    kinds = GENES if any(line[2] in GENES for line in lines) else PRODUCTS
    found: dict[str, set[tuple[int, int, str]]] = {}
    for contig, start, end, name in _parsed([line for line in lines if line[2] in kinds], where):
        own, length = names[contig], contigs[names[contig]]
        if not 0 <= start < min(end, length):
            place = f"'{name}' at {start + 1}-{end} is outside '{own}' ({length} bases)"
            raise InputRefused([f"{where}: {place}; {REMEDY}"])
        found.setdefault(own, set()).add((start, min(end, length), name))
        if end > length:
            found[own].add((0, min(end - length, length), name))
    return {
        contig: tuple(Gene(*each) for each in sorted(found[contig])) for contig in sorted(found)
    }


def _text(path: Path, where: str) -> str:
    """Return the text of the file."""
    try:
        with path.open("rb") as opened:
            is_packed = opened.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        with gzip.open(path) if is_packed else path.open("rb") as opened:
            content = opened.read(MAX_ANNOTATION_BYTES + 1)
        if len(content) > MAX_ANNOTATION_BYTES:
            raise InputRefused([f"{where} has more than {MAX_ANNOTATION_BYTES} bytes; {REMEDY}"])
        return content.decode("utf-8-sig")
    except FileNotFoundError as error:
        looked = f"does not exist (looked for {path.absolute()})"
        raise InputRefused(
            [f"{where} {looked}; correct the path, or leave the cell empty"]
        ) from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputRefused([f"{where} cannot be read ({error}); {REMEDY}"]) from error


def _features(text: str, where: str) -> Iterator[Line]:
    """Give the columns of every feature."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(SEQUENCES):
            return
        if not line.strip() or line.startswith("#"):
            continue
        columns = tuple(line.split("\t"))
        if len(columns) != COLUMNS:
            what = f"line {number} has {len(columns)} columns, not {COLUMNS} separated by tabs"
            raise InputRefused([f"{where}: {what}, so it is no GFF3; {REMEDY}"])
        yield columns


def _contig_names(
    contigs: Mapping[str, int], used: set[str], where: str, aliases: Aliases
) -> dict[str, str]:
    """Return the reference's name of each contig of the file."""
    stems = Counter(_without_version(name) for name in contigs)
    known = tuple(
        frozenset({name, _without_version(name)})
        for name in contigs
        if stems[_without_version(name)] == 1
    )
    known += tuple(names | set(map(_without_version, names)) for names in aliases)
    names = {
        name: resolve_contig(name, contigs, known)
        or resolve_contig(_without_version(name), contigs, known)
        for name in used
    }
    if unknown := sorted(name for name in names if not names[name]):
        shown = ", ".join(f"'{name}'" for name in unknown[:SHOWN_CONTIGS])
        own = ", ".join(f"'{name}'" for name in list(contigs)[:SHOWN_CONTIGS])
        raise InputRefused(
            [f"{where}: contig {shown} is not in the reference, whose contigs are {own}; {REMEDY}"]
        )
    if not names:
        raise InputRefused([f"{where}: no feature in the file; {REMEDY}"])
    return names


def _without_version(name: str) -> str:
    """Return an INSDC name without its version.

    Examples
    --------
    >>> _without_version("CU458896.1"), _without_version("contig.a")
    ('CU458896', 'contig.a')
    """
    stem, _, version = name.rpartition(".")
    return stem if stem and version.isdigit() else name


def _parsed(lines: Iterable[Line], where: str) -> Iterator[tuple[str, int, int, str]]:
    """Give contig, 0-based half-open bounds and name of each feature."""
    import skbio  # noqa: PLC0415 (takes a second, and every job imports what plans a run)
    from skbio.io import GFF3FormatError  # noqa: PLC0415

    content = "\n".join(["##gff-version 3", *("\t".join(line) for line in lines)])
    try:
        for contig, features in skbio.read(io.StringIO(content), format="gff3", verify=False):
            for feature in features.query():
                start, end = feature.bounds[0]
                yield contig, start, end, _name(feature.metadata)
    except (GFF3FormatError, ValueError) as error:
        raise InputRefused([f"{where}: not GFF3 ({error}); {REMEDY}"]) from error


def _name(metadata: Mapping[str, object]) -> str:
    """Return the name of a gene; escapes such as %2C stay as they are written."""
    return next((str(metadata[key]) for key in NAMING if metadata.get(key)), "unnamed")
