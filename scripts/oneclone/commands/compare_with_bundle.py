"""Command compare with a bundle: new assemblies beside the clones of another laboratory.

Each assembly is checked, subtyped and called as a run of the workflow would, on the references and
with the settings of the bundle, so that distances equal those of a run with all assemblies.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from oneclone.bundled_clones import BundledClones, read_clone_bundle
from oneclone.commands.compare_assemblies import named_files
from oneclone.comparison_words import comparison_words
from oneclone.errors import InputRefused, OnecloneError
from oneclone.model.assessment import Assessment
from oneclone.model.isolates import State, normal_name, row_id
from oneclone.model.pairs import Pair
from oneclone.model.run_plan import RosterEntry
from oneclone.phrases import printable
from oneclone.software_differences import software_differences
from oneclone.steps.counting import PairCounter, counting_rules
from oneclone.steps.index_reference import index_sequence
from oneclone.steps.isolate_calls import IsolateCaller
from oneclone.steps.loading import Taxon
from oneclone.tables.checksum import file_sha256
from oneclone.tables.json_files import read_record


@dataclass(frozen=True)
class BundleComparison:
    """Pairs of the new isolates with the members and each other, and what is said of them."""

    pairs: tuple[Pair, ...]
    words: tuple[str, ...]


@dataclass
class _Called:
    """The new isolates: those that can be compared, and why the others cannot."""

    taxa: list[Taxon] = field(default_factory=list[Taxon])
    quarantined: dict[str, Assessment] = field(default_factory=dict[str, Assessment])


def compare_with_bundle(
    bundle: Path, assemblies: Sequence[Path], say: Callable[[str], object] = lambda _: None
) -> BundleComparison:
    """Compare assemblies with the members of the clones in a bundle, and with each other.

    Parameters
    ----------
    bundle
        Written by `oneclone share`.
    assemblies
        FASTA files, at least one; an isolate is called by the name of its file without suffixes.
    say
        Is told what is being done, and what to beware of.

    Raises
    ------
    InputRefused
        If the bundle cannot be used, a file is not there or a name is taken.
    OnecloneError
        If no assembly can be compared.
    """
    files = named_files(assemblies)
    digests = _digests(files)
    with TemporaryDirectory() as folder:
        unpacked = Path(folder) / "bundle"
        unpacked.mkdir()
        say(f"Checking {bundle.name}")
        clones = read_clone_bundle(bundle, unpacked)
        _refuse_taken_names(files, clones)
        for warning in software_differences(clones):
            say(f"warning: {printable(warning)}")
        called = _call(files, digests, clones, Path(folder), say)
        if not called.taxa:
            reasons = [f"{n}: {a.reason} ({a.detail})" for n, a in called.quarantined.items()]
            raise OnecloneError("\n".join(["no assembly can be compared:", *reasons]))
        pairs = _count(called.taxa, clones)
    words = comparison_words(clones, called.taxa, called.quarantined, pairs)
    return BundleComparison(tuple(sorted(pairs, key=lambda p: (p.first, p.second))), words)


def _digests(files: Mapping[str, Path]) -> dict[str, str]:
    """Return the sha256 of each file, by name."""
    found: dict[str, str] = {}
    problems: list[str] = []
    for name, path in files.items():
        try:
            if not path.is_file():
                problems.append(f"{path.resolve()}: is no file; check the path")
            else:
                found[name] = file_sha256(path)
        except OSError as error:
            problems.append(f"{path.resolve()}: cannot be read ({error.strerror})")
    if problems:
        raise InputRefused(problems)
    return found


def _refuse_taken_names(files: Mapping[str, Path], clones: BundledClones) -> None:
    """Refuse a file with the name of a member: a table could not tell them apart."""
    taken = {normal_name(taxon.name): taxon.name for taxon in clones.members}
    problems = [
        f"{path.resolve()}: '{taken[normal_name(name)]}' is a member of a clone in the bundle; "
        "give the file another name"
        for name, path in files.items()
        if normal_name(name) in taken
    ]
    if problems:
        raise InputRefused(problems)


def _call(
    files: Mapping[str, Path],
    digests: Mapping[str, str],
    clones: BundledClones,
    folder: Path,
    say: Callable[[str], object],
) -> _Called:
    """Check and call each assembly as a run does; equal files are called once."""
    say("Indexing the references")
    indexes = [folder / f"{assembly}.mmi" for assembly in clones.references]
    for index, reference in zip(indexes, clones.references.values(), strict=True):
        index_sequence(reference.sequence, index, clones.settings.calling.preset)
    caller = IsolateCaller(
        panel=clones.panel_file,
        markers=clones.markers,
        sketches=clones.sketches,
        indexes=indexes,
        prepared=clones.prepared,
        settings=clones.settings.calling,
    )
    called = _Called()
    for number, (name, path) in enumerate(sorted(files.items()), start=1):
        say(f"Calling bases: {name} ({number} of {len(files)})")
        link = folder / digests[name]
        assessment, archive = link.with_suffix(".json"), link.with_suffix(".npz")
        if not link.is_symlink():
            link.symlink_to(path.resolve())
            caller.call(link, assessment=assessment, calls=archive)
        found = read_record(assessment, Assessment)
        if found.state is not State.USED:
            called.quarantined[name] = found
            continue
        entry = RosterEntry(row_id(name), name, digests[name], "", False, "", "")
        called.taxa.append(Taxon(entry, found, found.subspecies, archive))
    return called


def _count(new: Sequence[Taxon], clones: BundledClones) -> list[Pair]:
    """Count each new isolate with the members and with the new ones before it."""
    rules = counting_rules(clones.panel, clones.references, clones.settings.recombination)
    counter = PairCounter([*clones.members, *new], clones.panel, rules)
    return [
        counted.pair
        for number, taxon in enumerate(new)
        for counted in islice(counter.pairs_of(taxon), len(clones.members) + number)
    ]
