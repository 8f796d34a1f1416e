"""Command compare: count all pairs of some assemblies on one reference, without a panel.

The same calls, mask, counts and filter as in the workflow. With an assembly of the set as the
reference it shows what another reference would add to what a pair can be compared on.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from oneclone.calling import call_assembly
from oneclone.distances import profile
from oneclone.errors import AssemblyRejected, InputRefused, Problems
from oneclone.model.calls import Calls, PreparedReference
from oneclone.model.pairs import Pair
from oneclone.model.settings import Settings
from oneclone.pair_counting import CountingRule, count_pair
from oneclone.sequences import canonical_contigs
from oneclone.steps.index_reference import as_reference, prepare
from oneclone.tables.fasta import Assembly, read_assembly

MAX_BASES = 100_000_000  # longer than any bacterial genome
SUFFIXES = {".gz", ".fasta", ".fa", ".fna", ".fas"}


def compare_assemblies(
    reference: Path,
    assemblies: Sequence[Path],
    settings: Settings,
    say: Callable[[str], object] = lambda _: None,
) -> Iterator[Pair]:
    """Give every pair of assemblies, sorted by names: file names without FASTA suffixes.

    Parameters
    ----------
    reference
        FASTA file on which pairs are counted.
    assemblies
        FASTA files, at least two; the reference may be one of them.
    settings
        How bases are called, repeats found and imports removed.
    say
        Is told what is being done.

    Raises
    ------
    InputRefused
        With every file that is no assembly, and every name that two files share.
    """
    paths = _named(assemblies)
    problems = Problems()
    read = problems.attempt(_read, reference)
    contigs = {
        name: canonical_contigs(found.contigs)
        for name, path in paths.items()
        if (found := problems.attempt(_read, path)) is not None
    }
    problems.refuse()
    if read is None:
        raise problems.refusal()
    with TemporaryDirectory() as folder:
        index = Path(folder) / "reference.mmi"
        sequence = as_reference(read)
        say(f"Indexing {_name(reference)} and finding its repeats")
        repeats = prepare(sequence, index, settings.calling.preset, settings.repeats)
        prepared = PreparedReference(sequence, repeats)
        calls: dict[str, Calls] = {}
        for number, (name, each) in enumerate(contigs.items(), start=1):
            say(f"Calling bases: {name} ({number} of {len(contigs)})")
            calls[name] = call_assembly(each, index, sequence, settings.calling)
    rule = CountingRule(_name(reference), prepared, 0, 100, settings.recombination)
    length = sequence.length_bp
    profiles = {name: profile(each, repeats, length) for name, each in calls.items()}
    for one, two in combinations(sorted(paths), 2):
        both = {name: calls[name] for name in (one, two)}
        yield count_pair(both, {name: profiles[name] for name in both}, rule).pair


def _named(assemblies: Sequence[Path]) -> dict[str, Path]:
    """Return the files by name, refusing two of one name."""
    found: dict[str, Path] = {}
    problems: list[str] = []
    for path in assemblies:
        name = _name(path)
        if name in found:
            problems.append(
                f"{path.resolve()}: has the same name as {found[name].resolve()}; rename one"
            )
        found[name] = path
    if problems:
        raise InputRefused(problems)
    return found


def _name(path: Path) -> str:
    """Return a file's name without FASTA suffixes."""
    name = path.name
    while Path(name).suffix in SUFFIXES and Path(name).stem:
        name = Path(name).stem
    return name


def _read(path: Path) -> Assembly:
    """Read an assembly; one that is none is a problem of the input."""
    try:
        return read_assembly(path, MAX_BASES)
    except AssemblyRejected as rejected:
        raise InputRefused([f"{path.resolve()}: {rejected}"]) from rejected
