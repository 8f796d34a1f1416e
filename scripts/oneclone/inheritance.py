"""What isolates are known by from run to run, and who inherits the names and labels they had.

What is known of an isolate from an earlier run is found by its genome, else by its name: a renamed
isolate and one whose assembly was replaced keep what they had, but an isolate that is known by its
name alone takes nothing from one that is known by its genome.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from enum import IntEnum
from typing import Generic, NamedTuple, TypeVar

from oneclone.model.history import History, KnownIsolate

T = TypeVar("T")
Label = TypeVar("Label", bound=Hashable)
Members = tuple[str, ...]


class Memory(IntEnum):
    """By what an isolate is known, the surest first."""

    PREVIOUS = 0
    EARLIER = 1
    NAME = 2


class Recalled(NamedTuple, Generic[T]):
    """What is known of an isolate: by its genome in the previous or an earlier run, or its name."""

    memory: Memory
    what: T


def recall(
    genomes: Mapping[str, str], history: History, what: Callable[[KnownIsolate], T]
) -> dict[str, Recalled[T]]:
    """Return what is known of each isolate that was seen before.

    Parameters
    ----------
    genomes
        Canonical sha256 by name of the isolates of this run.
    history
        Isolates of earlier runs, the latest last.
    what
        Takes from an isolate what is to be recalled; sightings without it are passed over.
    """
    seen = [each for each in history.known if what(each)]
    by_name = {each.name: each for each in seen}
    found: dict[str, Recalled[T]] = {}
    runs = (history.previous.isolates if history.previous else (), history.earlier)
    by_genome = [_by_genome([each for each in run if what(each)]) for run in runs]
    for name, genome in genomes.items():
        matches = [each.get((name, genome)) or each.get(("", genome)) for each in by_genome]
        for memory, match in zip(Memory, (*matches, by_name.get(name)), strict=True):
            if match:
                found[name] = Recalled(memory, what(match))
                break
    return found


def inherit(
    groups: Sequence[Members], labels: Mapping[str, Recalled[Label]], age: Mapping[Label, int]
) -> dict[Members, Label]:
    """Return the groups that inherit a label: each label goes to one group, each group has one.

    The label goes where most of its bearers are; those that are known less surely count where
    the surer ones leave it undecided. Then the older label and the group whose first member
    comes first are served first.

    Parameters
    ----------
    groups
        Disjoint groups, in an order that does not depend on that of rows.
    labels
        Label of each member that had one.
    age
        Rank of every label, the oldest first.

    Examples
    --------
    >>> surely = {"a": 1, "b": 2, "c": 2, "d": 1}
    >>> labels = {name: Recalled(Memory.PREVIOUS, label) for name, label in surely.items()}
    >>> inherit([("a", "b", "c"), ("d",)], labels, {1: 0, 2: 1})
    {('a', 'b', 'c'): 2, ('d',): 1}
    """
    votes: list[tuple[list[int], int, int, Label]] = []
    for number, group in enumerate(groups):
        counts = Counter(labels[name] for name in group if name in labels)
        votes += [
            ([-counts[Recalled(memory, label)] for memory in Memory], age[label], number, label)
            for label in {recalled.what for recalled in counts}
        ]
    found: dict[Members, Label] = {}
    taken: set[Label] = set()
    for _, _, number, label in sorted(votes, key=lambda vote: vote[:3]):
        if groups[number] not in found and label not in taken:
            found[groups[number]] = label
            taken.add(label)
    return found


def _by_genome(seen: Sequence[KnownIsolate]) -> dict[tuple[str, str], KnownIsolate]:
    """Return isolates by name and genome, and by genome alone: the first name of several."""
    exact = {(each.name, each.genome): each for each in seen}
    return {("", genome): each for (_, genome), each in sorted(exact.items(), reverse=True)} | exact
