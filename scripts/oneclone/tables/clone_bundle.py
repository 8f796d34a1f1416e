"""The clone bundle: what another laboratory needs to compare its isolates, in one zip.

`MANIFEST` comes first: a comment with the version of the format, then the sha256 of every other
file as `sha256sum --check` takes it. No file has a name that the sender could choose.
"""

import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from oneclone.errors import InputRefused
from oneclone.tables.atomic import replacing, write_text
from oneclone.tables.checksum import file_sha256
from oneclone.tables.zip_files import SafeZip, ZipDamaged, ZipRefused, add_file, open_zip

FORMAT = 1
MANIFEST = "MANIFEST"
RESULTS = "results/"
ZIP_MAGIC = b"PK\x03\x04"
MAX_FILE_BYTES = 1 << 30
MAX_BYTES = 8 << 30
HEADER = re.compile(r"# clone bundle of oneclone, format ([1-9][0-9]{0,5})", re.ASCII)
LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)", re.ASCII)
NAME = re.compile(
    r"(?:(?:plan|references|sketches|members|results)/)?[a-z0-9][a-z0-9_.-]{0,99}", re.ASCII
)


def is_zip(path: Path) -> bool:
    """Return whether a file begins as a zip, which no FASTA does; one that cannot be read does not.

    Examples
    --------
    >>> is_zip(Path("absent.zip"))
    False
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as opened:
            return opened.read(len(ZIP_MAGIC)) == ZIP_MAGIC
    except OSError:
        return False


def write_clone_bundle(path: Path, files: Mapping[str, Path]) -> None:
    """Write a bundle, atomically; equal files give equal bundles.

    Parameters
    ----------
    path
        File to write.
    files
        The files by their names in the bundle.
    """
    digests = {name: file_sha256(file) for name, file in sorted(files.items())}
    lines = [f"{digest}  {name}\n" for name, digest in digests.items()]
    header = f"# clone bundle of oneclone, format {FORMAT}\n"
    with (
        tempfile.TemporaryDirectory() as folder,
        replacing(path) as temporary,
        zipfile.ZipFile(temporary, "w") as bundle,
    ):
        manifest = Path(folder) / MANIFEST
        write_text(manifest, header + "".join(lines))
        for name, file in {MANIFEST: manifest, **dict(sorted(files.items()))}.items():
            add_file(bundle, name, file)


def unpack_clone_bundle(path: Path, folder: Path) -> frozenset[str]:
    """Check a bundle and unpack it, its results excepted; return the names of its files.

    Parameters
    ----------
    path
        The bundle.
    folder
        Empty folder.

    Raises
    ------
    InputRefused
        If it is no bundle, of a newer format, damaged, incomplete, or holds what it must not.
    """
    try:
        with open_zip(path) as opened:
            listed = _manifest(opened)
            _check_names(opened, listed)
            for name, digest in listed.items():
                _take(opened, name, digest, folder)
    except (ZipDamaged, ZipRefused) as error:
        remedy = "; ask the sender for it again" if isinstance(error, ZipDamaged) else ""
        raise InputRefused([f"{path.resolve()}: {error}{remedy}"]) from error
    return frozenset(listed)


def _manifest(opened: SafeZip) -> dict[str, str]:
    """Return the sha256 of each file by name; refuse what this version cannot read."""
    first, *lines = opened.text(MANIFEST).splitlines() or [""]
    header = HEADER.fullmatch(first)
    if not header:
        raise ZipRefused("it is no clone bundle of oneclone (oneclone share writes one)")
    if int(header.group(1)) != FORMAT:
        raise ZipRefused(
            f"the bundle has format {header.group(1)}, this version of oneclone reads format "
            f"{FORMAT}; install the version that wrote it"
        )
    found: dict[str, str] = {}
    for line in lines:
        match = LINE.fullmatch(line)
        if not match or not NAME.fullmatch(match.group(2)) or match.group(2) in found:
            raise ZipRefused(f"its {MANIFEST} holds the line {line[:120]!a}, which no bundle has")
        found[match.group(2)] = match.group(1)
    return found


def _check_names(opened: SafeZip, listed: Mapping[str, str]) -> None:
    """Refuse a zip that holds more, or less, than its manifest lists, or more than it may."""
    names = set(opened.names) - {MANIFEST}
    if foreign := sorted(names - set(listed)):
        raise ZipRefused(f"it holds {foreign[0][:80]!a}, which its {MANIFEST} does not list")
    if missing := sorted(set(listed) - names):
        raise ZipDamaged(f"it lacks {missing[0]}, which its {MANIFEST} lists")
    if sum(map(opened.size, names)) > MAX_BYTES:
        raise ZipRefused(f"its files have more than {MAX_BYTES} bytes")


def _take(opened: SafeZip, name: str, digest: str, folder: Path) -> None:
    """Check a file and unpack it, when it is no result."""
    if name.startswith(RESULTS):
        found = opened.checksums(name, MAX_FILE_BYTES)
    else:
        target = folder / name  # one of the names that NAME allows
        target.parent.mkdir(exist_ok=True)
        found = opened.copy(name, target, MAX_FILE_BYTES)
    if found.sha256 != digest:
        raise ZipDamaged(f"{name} has sha256 {found.sha256}, its {MANIFEST} states {digest}")
