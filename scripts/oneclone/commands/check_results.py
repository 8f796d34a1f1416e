"""Verify the results of a finished run at any later time, and delete what is damaged.

Everything is hashed anew: no date and no size is trusted.
"""

import unicodedata
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from oneclone.altered_files import remove_altered
from oneclone.commands.check_origins import changed_inputs, changed_record
from oneclone.commands.sound_files import Finding, database_damage, difference, differences
from oneclone.errors import OnecloneError
from oneclone.plan import STATE_FOLDER
from oneclone.run_lock import RESULTS_LOCK, RESULTS_NOTE, lock_run
from oneclone.run_provenance import OWN_CHECKSUMS, PROVENANCE
from oneclone.run_record import FAILED_PAGE
from oneclone.tables.checksum import file_sha256
from oneclone.tables.manifest import RESULTS_MANIFEST, read_manifest
from oneclone.tables.pair_segments import SUFFIX, is_sound
from oneclone.written_files import written_files

RUN_AGAIN = "`oneclone check --repair`, then snakemake, makes it again"
COPY_AGAIN = "copy the results again from where they were made"
NAME_TAKEN = "move it away: it could be taken for a result"
DATABASE = "inputs.sqlite"
PAIRS = "pairs"


@dataclass(frozen=True)
class Check:
    """What a check found; notes are no damage.

    `seal` is the sha256 of the checksums of `provenance/`, on which all others hang.
    """

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    files: int
    seal: str
    deleted: tuple[Path, ...] = ()


def check_run(working: Path, *, mend: bool = False) -> Check:
    """Check results, state, inputs and registry of the run in a working directory.

    Parameters
    ----------
    working
        Working directory.
    mend
        Whether damaged results and state are deleted, so that a run makes them again.

    Raises
    ------
    OnecloneError
        If there is no finished run, or if one is at work.
    """
    with _no_run_at_work(working):
        results = working / "results"
        _require_run(results)
        written = written_files(working)
        damaged = [
            _unfinished(each, working, written) for each in _damaged_results(results, RUN_AGAIN)
        ]
        found = [*damaged, *_damaged_state(working, written)]
        origins = [*changed_inputs(working), *changed_record(working)]
        ours = {working / name for name in written}
        strays = [path for path in _strays(results) if path not in ours]
        check = _check(results, [*found, *origins], strays)
        return replace(check, deleted=tuple(_deleted(results, check))) if mend else check


def check_copy(results: Path) -> Check:
    """Check a folder of results alone, wherever it was copied to.

    Raises
    ------
    OnecloneError
        If it is no folder of results.
    """
    _require_run(results)
    return _check(results, [*_damaged_results(results, COPY_AGAIN)], [*_strays(results)])


def _deleted(results: Path, check: Check) -> Iterator[Path]:
    """Delete the damaged results of a check, and give each.

    The manifest goes with any file of `provenance/`: the last job runs again for it, and the main
    process writes its part anew.
    """
    damaged = [each.path for each in check.findings if each.is_result]
    if any(path.parent == results / "provenance" for path in damaged):
        damaged += [results / "provenance" / OWN_CHECKSUMS, results / RESULTS_MANIFEST]
    for path in dict.fromkeys(damaged):
        if path.is_symlink() or path.exists():
            remove_altered(path)
            yield path


def _check(results: Path, found: list[Finding | str], strays: list[Path]) -> Check:
    """Put a check together; what lies beside the results is a note unless it takes a name."""
    own, names = results / "provenance" / OWN_CHECKSUMS, _listed(results)
    taken = {_folded(name) for name in names}
    if (page := results / FAILED_PAGE).is_file():
        found.append(f"the last run did not finish: {page} says what is of which run")
    for path in strays:
        name = path.relative_to(results).as_posix()
        if _folded(name) in taken:
            found.append(Finding(path, "has the name of a result but for case", NAME_TAKEN, False))
        else:
            found.append(f"{path} was not written by the run")
    findings = {each.path: each for each in reversed(found) if isinstance(each, Finding)}
    return Check(
        findings=tuple(sorted(findings.values(), key=lambda each: each.path)),
        notes=tuple(each for each in found if isinstance(each, str)),
        files=len(names) + len(PROVENANCE),
        seal=file_sha256(own) if own.is_file() else "",
    )


def _damaged_results(results: Path, remedy: str) -> Iterator[Finding]:
    """Give the results and files of provenance that are not as their manifests say."""
    provenance = results / "provenance"
    for manifest, folder in (
        (results / RESULTS_MANIFEST, results),
        (provenance / OWN_CHECKSUMS, provenance),
    ):
        if not manifest.is_file() or manifest.is_symlink():
            yield Finding(manifest, "is missing: the run did not come to its end", remedy)
        else:
            yield from differences(folder, read_manifest(manifest), remedy)


def _unfinished(finding: Finding, working: Path, written: Mapping[str, str]) -> Finding:
    """Return a finding as such, or that the file is as a job of a later, unfinished run left it."""
    digest = written.get(finding.path.relative_to(working).as_posix())
    if not digest or difference(finding.path, digest):
        return finding
    what = "is of a run that did not come to its end"
    return Finding(finding.path, what, "run snakemake again", is_result=False)


def _damaged_state(working: Path, written: Mapping[str, str]) -> Iterator[Finding]:
    """Give what is not as its job left it; what is gone is made again when a run needs it."""
    for name, digest in written.items():
        path = working / name
        if (path.exists() or path.is_symlink()) and (what := difference(path, digest)):
            yield Finding(path, what, RUN_AGAIN)
    path = working / STATE_FOLDER / DATABASE
    if what := database_damage(path):
        yield Finding(path, what, RUN_AGAIN)
    for path in sorted((working / STATE_FOLDER / PAIRS).glob(f"*{SUFFIX}")):
        if not is_sound(path):
            yield Finding(path, "is not as it was written", RUN_AGAIN)


def _strays(results: Path) -> Iterator[Path]:
    """Give the files in a folder of results that its manifests do not name."""
    of_provenance = (f"provenance/{each}" for each in PROVENANCE)
    ours = (*_listed(results), *of_provenance, RESULTS_LOCK, RESULTS_NOTE, FAILED_PAGE)
    known = {results / name for name in ours}
    for path in sorted(results.rglob("*")):
        if path not in known and (path.is_symlink() or not path.is_dir()):
            yield path


def _listed(results: Path) -> Mapping[str, str]:
    """Return the results that the manifest names, nothing where there is none."""
    manifest = results / RESULTS_MANIFEST
    return read_manifest(manifest) if manifest.is_file() else {}


def _folded(name: str) -> str:
    """Return a name as file systems without case take it."""
    return unicodedata.normalize("NFKC", name).casefold()


def _require_run(results: Path) -> None:
    """Fail when a folder holds no results of a run."""
    if not (results / "provenance").is_dir():
        raise OnecloneError(
            f"{results.absolute()}: no results of a run ({results / 'provenance'} is missing); "
            "check the path"
        )


@contextmanager
def _no_run_at_work(working: Path) -> Generator[None]:
    """Keep a run from starting meanwhile; where nothing can be written none can be at work."""
    lock, state = None, working / STATE_FOLDER
    if state.is_dir():
        with suppress(PermissionError):
            lock = lock_run(state, working / "results")
    try:
        yield
    finally:
        if lock:
            lock.release()
