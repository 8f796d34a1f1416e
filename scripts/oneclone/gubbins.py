"""Find imports along the tree of one lineage with Gubbins (Croucher et al. 2015).

An option for the whole tree, never for distances: what Gubbins finds depends on who else is in
the alignment. It runs with one thread and its own fixed seed, in a folder of its own.
"""

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from oneclone import intervals
from oneclone.core import CoreAlignment, distinct_rows
from oneclone.errors import ToolFailed
from oneclone.model.calls import Calls, Intervals, ReferenceSequence
from oneclone.programs import run_program
from oneclone.sequences import MISSING, Codes, decode

PROGRAMS = ("run_gubbins", "run_gubbins.py")  # Debian, conda
MIN_DISTINCT = 4  # sequences that RAxML, which Gubbins calls, needs for a tree
KEEP_EVERYONE_PERCENT = 100  # missing bases up to which a taxon stays in the alignment
SEEDED_SINCE = 3  # this version takes a seed; before, RAxML got the seed 1
# With the default of version 2, GTRCAT, RAxML did not end on ten genomes with 887 variable sites.
OLD_MODEL = ("-r", "GTRGAMMA")
# Debian's raxmlHPC takes every core of the machine, unless it is told otherwise, and the tree
# depends on their number.
ONE_THREAD = '#!/bin/sh\nexec "{program}" "$@" -T 1\n'
TAXA = re.compile(r'taxa="([^"]*)"')


@dataclass(frozen=True)
class ImportedRegion:
    """A predicted import: `start` and `end` 0-based half-open on the concatenated reference.

    `taxa` are all that descend from the branch on which it was taken up, sorted.
    """

    start: int
    end: int
    taxa: tuple[str, ...]


def gubbins_program() -> Path:
    """Return the program to call.

    Raises
    ------
    ToolFailed
        If there is none on the path.
    """
    for name in PROGRAMS:
        if found := shutil.which(name):
            return Path(found)
    raise ToolFailed(
        f"tree.mask_recombination is 'gubbins', but none of {', '.join(PROGRAMS)} is on the path; "
        "install Gubbins (Debian package gubbins) or set tree.mask_recombination to 'none'"
    )


def whole_genome(calls: Calls, reference: ReferenceSequence, mask: Intervals) -> Codes:
    """Return a taxon's base at every position of the reference, 4 where masked or not called.

    Examples
    --------
    >>> from oneclone.sequences import encode
    >>> from dataclasses import replace
    >>> from oneclone.model.calls import no_calls
    >>> at = lambda *values: np.array(values)
    >>> inside = Intervals(at(1), at(6))
    >>> calls = replace(no_calls(), callable=inside, positions=at(2), bases=encode(b"T"))
    >>> reference = ReferenceSequence(("c",), at(0, 6), encode(b"ACGTAC"))
    >>> decode(whole_genome(calls, reference, Intervals(at(4), at(5))))
    'NCTTNC'
    """
    bases = reference.codes.copy()
    bases[calls.positions] = calls.bases
    bases[~intervals.to_flags(calls.callable, len(bases))] = MISSING
    bases[intervals.to_flags(mask, len(bases))] = MISSING
    return bases


def find_imports(sequences: Mapping[str, Codes]) -> list[ImportedRegion]:
    """Return the imports that Gubbins predicts in the genomes of one lineage.

    Parameters
    ----------
    sequences
        Aligned genomes by taxon; names are row ids. Fewer than four distinct ones have no tree
        to look along, and no import is predicted.

    Raises
    ------
    ToolFailed
        If the program is missing or fails.
    """
    program = gubbins_program()
    if len(distinct_rows(np.stack(_variable(list(sequences.values()))))) < MIN_DISTINCT:
        return []
    with TemporaryDirectory() as name:
        folder = Path(name)
        records = (f">{taxon}\n{decode(codes)}\n" for taxon, codes in sequences.items())
        (folder / "lineage.fasta").write_text("".join(records))
        _bind_to_one_thread(folder)
        is_new = _major_version(program, folder) >= SEEDED_SINCE
        _run(
            [
                str(program),
                *("-f", str(KEEP_EVERYONE_PERCENT)),
                *("-c", "1"),
                *("-p", "found"),
                *(("--seed", "1") if is_new else OLD_MODEL),
                "lineage.fasta",
            ],
            folder,
        )
        predicted = folder / "found.recombination_predictions.gff"
        if not predicted.is_file():
            raise ToolFailed(f"{program.name} wrote no predictions of recombination")
        return read_predictions(predicted.read_text())


def read_predictions(text: str) -> list[ImportedRegion]:
    r"""Return the regions of Gubbins' GFF (1-based, closed), sorted, each once.

    Examples
    --------
    >>> line = 'SEQUENCE\tGUBBINS\tCDS\t11\t20\t0.0\t.\t0\tnode="a->b";taxa="  I2 I1";'
    >>> read_predictions(f"##gff-version 3\n{line}\n")
    [ImportedRegion(start=10, end=20, taxa=('I1', 'I2'))]
    """
    found: set[tuple[int, int, tuple[str, ...]]] = set()
    for line in text.splitlines():
        columns = line.split("\t")
        taxa = TAXA.search(columns[-1])
        if line.startswith("#") or taxa is None:
            continue
        place = int(columns[3]) - 1, int(columns[4])
        found.add((*place, tuple(sorted(taxa.group(1).split()))))
    return [ImportedRegion(*each) for each in sorted(found)]


def mask_imports_in(
    core: CoreAlignment, regions: Sequence[ImportedRegion]
) -> tuple[CoreAlignment, int]:
    """Return a core alignment without the imported bases, and how many bases were masked.

    Parameters
    ----------
    core
        Variable core sites with their places.
    regions
        Predicted imports; a base is masked in the taxa of its region only.

    Examples
    --------
    >>> codes = np.array([[0, 1, 2], [0, 4, 3]], dtype=np.uint8)
    >>> core = CoreAlignment(("x", "y"), np.array([5, 9, 20]), codes, (1, 1, 1, 1), (1, 1, 1, 1))
    >>> masked, bases = mask_imports_in(core, [ImportedRegion(5, 10, ("y",))])
    >>> masked.codes.tolist(), bases
    ([[0, 1, 2], [4, 4, 3]], 1)
    """
    codes = core.codes.copy()
    rows = {taxon: number for number, taxon in enumerate(core.taxa)}
    for region in regions:
        first, last = np.searchsorted(core.positions, [region.start, region.end])
        codes[[rows[taxon] for taxon in region.taxa], first:last] = MISSING
    masked = int((codes != core.codes).sum())
    return CoreAlignment(
        core.taxa, core.positions, codes, core.constant, core.strict_constant
    ), masked


def gubbins_version() -> str:
    """Return name and version of the program."""
    program = gubbins_program()
    with TemporaryDirectory() as folder:
        return f"Gubbins {_run([str(program), '--version'], Path(folder)).strip()}"


def _variable(genomes: Sequence[Codes]) -> list[Codes]:
    """Return genomes without the sites at which all are alike."""
    differs = np.zeros(len(genomes[0]), dtype=bool)
    for each in genomes[1:]:
        differs |= each != genomes[0]
    return [each[differs] for each in genomes]


def _bind_to_one_thread(folder: Path) -> None:
    """Put a raxmlHPC into the folder, first on the path, that runs the real one on one thread."""
    if program := shutil.which("raxmlHPC"):
        shim = folder / "raxmlHPC"
        shim.write_text(ONE_THREAD.format(program=program))
        shim.chmod(0o755)
        if not os.access(shim, os.X_OK):  # the real one would run, and another tree come of it
            raise ToolFailed(
                f"{folder}: programs must not run from here (mounted noexec); set TMPDIR to "
                "another folder"
            )


def _major_version(program: Path, folder: Path) -> int:
    """Return the first number of the program's version."""
    found = re.search(r"\d+", _run([str(program), "--version"], folder))
    return int(found.group()) if found else 0


def _run(command: Sequence[str], folder: Path) -> str:
    """Run a program with the folder first on the path; an error says what does without it."""
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        return run_program(command, folder, {"PATH": path})
    except ToolFailed as failed:
        raise ToolFailed(f"{failed}; tree.mask_recombination: none does without it") from failed
