"""Names and cluster labels that are kept from run to run.

Neither depends on the order of rows.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from oneclone.clone_words import FIRST_WORDS, SECOND_WORDS
from oneclone.clones import components, inner_members
from oneclone.inheritance import Members, Memory, Recalled, inherit, recall
from oneclone.model.history import HELD_SEPARATOR, DecisionKind, History, KnownIsolate


@dataclass(frozen=True)
class Naming:
    """Names of clones by isolate.

    `clone` is what is published, one name per clone; `settled` the name that an isolate keeps
    while names of its clone wait to be merged, empty for the isolates that wait.
    """

    clone: Mapping[str, str]
    settled: Mapping[str, str]


@dataclass(frozen=True)
class ClonesToName:
    """Clones by their members, with what decides over their names.

    `genomes` are canonical sha256 by isolate, `links` the linked pairs, `suspects` isolates
    whose quality is in doubt.
    """

    clones: Sequence[Members]
    genomes: Mapping[str, str]
    links: Sequence[tuple[str, str]]
    suspects: frozenset[str] = frozenset()


def founding_name(genomes: Iterable[str], taken: Collection[str]) -> str:
    """Return the name of a new clone: two words that its first genome (by sha256) chooses.

    Parameters
    ----------
    genomes
        Canonical sha256 of the members' assemblies.
    taken
        Names that other clones have or had.

    Examples
    --------
    >>> founding_name(["f", "x"], []), founding_name(["x", "f"], ["clone-evening-canoe"])
    ('clone-evening-canoe', 'clone-evening-canoe-2')
    """
    digest = hashlib.sha256(min(genomes).encode()).digest()
    first = FIRST_WORDS[int.from_bytes(digest[:4]) % len(FIRST_WORDS)]
    second = SECOND_WORDS[int.from_bytes(digest[4:8]) % len(SECOND_WORDS)]
    name = f"clone-{first}-{second}"
    number = 1
    while (numbered := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return numbered


def name_clones(to_name: ClonesToName, history: History) -> Naming:
    """Name clones: known ones keep their names, new ones are founded.

    A new isolate that bridges two named clones is held: all of them are one clone, published
    under both names, until a person decides over the merging of the names.

    Parameters
    ----------
    to_name
        The clones of this run.
    history
        Names, isolates and decisions of earlier runs.
    """
    names = _Names(to_name, history)
    parts = {members: names.parts(members) for members in to_name.clones}
    settled = names.of_parts(sorted((p for each in parts.values() for p in each), key=names.order))
    clone: dict[str, str] = {}
    for members in to_name.clones:
        published = HELD_SEPARATOR.join(sorted({settled[part[0]] for part in parts[members]}))
        clone |= dict.fromkeys(members, published)
    return Naming(clone, {name: settled.get(name, "") for name in clone})


def stable_labels(
    partition: Mapping[str, int],
    known: Mapping[str, Recalled[int]],
    highest: int,
) -> dict[str, int]:
    """Return cluster labels of one SNP level: known ones are kept, new ones are counted on.

    Parameters
    ----------
    partition
        Cluster of each isolate of this run, numbered in the order of first names.
    known
        Label of each isolate that had one.
    highest
        Greatest label ever given at this level, so that none is given twice.

    Examples
    --------
    >>> known = {"b": Recalled(Memory.PREVIOUS, 7), "c": Recalled(Memory.PREVIOUS, 4)}
    >>> stable_labels({"a": 1, "b": 1, "c": 2, "d": 3}, known, 9)
    {'a': 7, 'b': 7, 'c': 4, 'd': 10}
    """
    groups = _groups(partition)
    found = inherit(groups, known, {each.what: each.what for each in known.values()})
    labels: dict[str, int] = {}
    for group in groups:
        if group not in found:
            highest += 1
        labels |= dict.fromkeys(group, found.get(group, highest))
    return {name: labels[name] for name in partition}


def _groups(partition: Mapping[str, int]) -> list[Members]:
    """Return the clusters of a partition in the order of their numbers."""
    found: dict[int, list[str]] = {}
    for name, number in sorted(partition.items(), key=lambda each: (each[1], each[0])):
        found.setdefault(number, []).append(name)
    return [tuple(found[number]) for number in sorted(found)]


class _Names:
    """Names of earlier runs, and which isolates of this run may not yet merge two of them."""

    def __init__(self, to_name: ClonesToName, history: History) -> None:
        self._to_name = to_name
        self._genomes = to_name.genomes
        self._given = history.clone_names
        self._recalled = recall(self._genomes, history, _settled_clone)
        self._known = {name: each.what for name, each in self._recalled.items()}
        self._own = {
            name for name, each in self._recalled.items() if each.memory is not Memory.NAME
        }
        self._decided = {
            name: history.decisions.get(genome) for name, genome in self._genomes.items()
        }

    def order(self, members: Members) -> tuple[str, str]:
        """Return the key that orders clones by their first genome, whatever their names."""
        return min((self._genomes[name], name) for name in members)

    def parts(self, members: Members) -> list[Members]:
        """Return the parts of a clone that bear a name each: the whole when nothing is held."""
        held = self._held(members)
        return self._named_parts(members, held) if held else [members]

    def of_parts(self, parts: Sequence[Members]) -> dict[str, str]:
        """Return the name of each part by isolate: inherited, else founded."""
        ages = {name: age for age, name in enumerate(self._given)}
        names = inherit(parts, self._recalled, ages)
        taken = {*self._given, *names.values()}
        for part in parts:
            if part not in names:
                names[part] = founding_name([self._genomes[name] for name in part], taken)
                taken.add(names[part])
        return {name: names[part] for part in parts for name in part}

    def _held(self, members: Members) -> set[str]:
        """Return the isolates that wait for a decision.

        They have no name by their genome yet, and without one genome, or without all those of
        doubtful quality, named clones would stand apart. What a person decided goes first:
        isolates that are on hold connect nothing.
        """
        if len({self._known[name] for name in members if name in self._known}) <= 1:
            return set()
        accepted = DecisionKind.ACCEPT
        new = {n for n in members if n not in self._own and self._decided[n] is not accepted}
        on_hold = {name for name in new if self._decided[name] is DecisionKind.HOLD}
        undecided: dict[str, set[str]] = {}
        for name in sorted(new - on_hold):
            undecided.setdefault(self._genomes[name], set()).add(name)
        groups = [*undecided.values(), (new & self._to_name.suspects) - on_hold]
        parts = len(self._named_parts(members, on_hold))
        inner = inner_members(*self._linked(members, on_hold))
        apart = [
            each
            for each in groups
            if each & inner and len(self._named_parts(members, on_hold | each)) > parts
        ]
        held = on_hold.union(*apart)
        return held if len(self._named_parts(members, held)) > 1 else set()

    def _named_parts(self, members: Members, without: set[str]) -> list[Members]:
        """Return the connected parts of a clone that have a name; parts that share one are one.

        Parts without a name that only the isolates left out connect wait with them.
        """
        parts = components(*self._linked(members, without))
        return [part for part in parts if any(name in self._known for name in part)]

    def _linked(
        self, members: Members, without: set[str]
    ) -> tuple[list[str], list[tuple[str, str]]]:
        """Return the rest of a clone and its links; those who share a name are linked too."""
        left = set(members) - without
        links = [link for link in self._to_name.links if left.issuperset(link)]
        first: dict[str, str] = {}
        named = sorted(left & self._known.keys())
        links += [(first.setdefault(self._known[name], name), name) for name in named]
        return sorted(left), links


def _settled_clone(isolate: KnownIsolate) -> str:
    """Return the name of an isolate's clone, empty for one that is no case or waits."""
    return isolate.settled_clone
