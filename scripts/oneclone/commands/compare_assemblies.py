"""Command compare: count all pairs of some assemblies on one reference, without a panel.

The same calls, mask, counts and filter as in the workflow. With an assembly of the set as the
reference it shows what another reference would add to what a pair can be compared on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from oneclone.calling import call_assembly
from oneclone.distances import profile
from oneclone.errors import AssemblyRejected, InputRefused, Problems
from oneclone.model.calls import Calls, PreparedReference
from oneclone.model.isolates import normal_name
from oneclone.model.pairs import Pair
from oneclone.model.settings import Settings
from oneclone.pair_counting import CountingRule, count_pair
from oneclone.sequences import canonical_contigs
from oneclone.steps.index_reference import as_reference, prepare
from oneclone.tables.fasta import Assembly, assembly_name, read_assembly
from oneclone.tables.plain_text import control_characters

MAX_BASES = 100_000_000  # longer than any bacterial genome


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
    paths = named_files(assemblies)
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
    yield from count_all_pairs(read, assembly_name(reference), contigs, settings, say)


def count_all_pairs(
    reference: Assembly,
    name: str,
    contigs: Mapping[str, Sequence[bytes]],
    settings: Settings,
    say: Callable[[str], object] = lambda _: None,
) -> Iterator[Pair]:
    """Give every pair of assemblies, counted on one reference and sorted by names.

    Parameters
    ----------
    reference, name
        Assembly on which pairs are counted, and what it is called.
    contigs
        Canonical contigs of each assembly.
    settings
        How bases are called, repeats found and imports removed.
    say
        Is told what is being done.
    """
    with TemporaryDirectory() as folder:
        index = Path(folder) / "reference.mmi"
        sequence = as_reference(reference)
        say(f"Indexing {name} and finding its repeats")
        repeats = prepare(sequence, index, settings.calling.preset, settings.repeats)
        prepared = PreparedReference(sequence, repeats)
        calls: dict[str, Calls] = {}
        for number, (each, pieces) in enumerate(contigs.items(), start=1):
            say(f"Calling bases: {each} ({number} of {len(contigs)})")
            calls[each] = call_assembly(pieces, index, sequence, settings.calling)
    rule = CountingRule(name, prepared, 0, 100, settings.recombination)
    length = sequence.length_bp
    profiles = {each: profile(found, repeats, length) for each, found in calls.items()}
    for one, two in combinations(sorted(contigs), 2):
        both = {each: calls[each] for each in (one, two)}
        yield count_pair(both, {each: profiles[each] for each in both}, rule).pair


def named_files(assemblies: Sequence[Path]) -> dict[str, Path]:
    """Return the files by name: file names without FASTA suffixes.

    Raises
    ------
    InputRefused
        If two have one name, or a name could not stand in a table.
    """
    found: dict[str, Path] = {}
    seen: dict[str, Path] = {}
    problems: list[str] = []
    for path in assemblies:
        name = assembly_name(path)
        if control_characters(name):
            problems.append(f"{str(path)!a}: the name holds a control character; rename the file")
        elif other := seen.get(normal_name(name)):
            problems.append(f"{path.resolve()}: has the same name as {other.resolve()}; rename one")
        seen[normal_name(name)] = found[name] = path
    if problems:
        raise InputRefused(problems)
    return found


def _read(path: Path) -> Assembly:
    """Read an assembly; one that is none is a problem of the input."""
    try:
        return read_assembly(path, MAX_BASES)
    except AssemblyRejected as rejected:
        raise InputRefused([f"{path.resolve()}: {rejected}"]) from rejected
