"""What happened to the clones between two runs: joined, founded, merged, split, ended, held."""

from collections.abc import Collection, Iterator, Mapping

from oneclone.model.history import (
    HELD_SEPARATOR,
    Change,
    ChangeKind,
    DecisionKind,
    History,
    KnownIsolate,
)

Members = Mapping[str, set[str]]
BRIDGE_REASON = (
    "links clones of different names; they are one clone now, and their names wait for "
    "`oneclone registry accept` or `hold`"
)
HOLD_REASON = (
    "links clones of different names; they are one clone now, and their names are kept apart by a "
    "decision in the registry"
)


def clone_changes(
    before: Mapping[str, KnownIsolate],
    after: Mapping[str, KnownIsolate],
    history: History,
) -> Iterator[Change]:
    """Give the events of clones.

    A clone merges, splits or ends by what became of the genomes that were in it: an isolate whose
    assembly was replaced may join another clone, but says nothing of the others.

    Parameters
    ----------
    before, after
        Isolates of the previous run that are still there, and those of this run, both by their
        present names.
    history
        What was known when the run began: names of clones, and decisions.
    """
    old, new = _clones(of_same_genome(before, after)), _clones(after)
    became = {
        clone: sorted({after[name].settled_clone for name in names} - {""})
        for clone, names in old.items()
    }
    merged: dict[str, list[str]] = {}
    for clone, heirs in became.items():
        if len(heirs) == 1 and clone not in new:
            merged.setdefault(heirs[0], []).append(clone)
        if len(heirs) > 1:
            yield Change(ChangeKind.SPLIT, clone, clone, ", ".join(heirs))
    for clone, others in merged.items():
        yield Change(ChangeKind.MERGED, clone, ", ".join(sorted({*others, clone})), clone)
    for clone, names in new.items():
        if clone not in history.clone_names:
            yield Change(ChangeKind.FOUNDED, clone, "", ", ".join(sorted(names)))
            continue
        for name in sorted(names):
            was = before[name].settled_clone if name in before else ""
            if was != clone and was not in merged.get(clone, ()):
                yield Change(ChangeKind.JOINED, name, was, clone)
    yield from _held(after, history)


def of_same_genome(
    before: Mapping[str, KnownIsolate], after: Mapping[str, KnownIsolate]
) -> dict[str, KnownIsolate]:
    """Return the earlier rows whose genome is the same now, by their present names."""
    return {name: each for name, each in before.items() if each.genome == after[name].genome}


def ended_clones(
    previous: Collection[KnownIsolate],
    after: Mapping[str, KnownIsolate],
    new_name: Mapping[str, str],
) -> Iterator[Change]:
    """Give the clones of which no genome takes part any more and whose name is not in use.

    Parameters
    ----------
    previous
        Isolates of the previous run.
    after
        Isolates of this run by name.
    new_name
        Present name of each earlier isolate that is still there.
    """
    members: dict[str, list[str]] = {}
    left = {isolate.settled_clone for isolate in after.values()}
    for isolate in previous:
        if clone := isolate.settled_clone:
            members.setdefault(clone, []).append(isolate.name)
            present = after.get(new_name.get(isolate.name, ""))
            if present and present.clone and present.genome == isolate.genome:
                left.add(clone)
    for clone in sorted(members.keys() - left):
        yield Change(ChangeKind.ENDED, clone, ", ".join(sorted(members[clone])), "")


def _held(isolates: Mapping[str, KnownIsolate], history: History) -> Iterator[Change]:
    """Give the isolates that bridge named clones, and whether a decision holds them."""
    for name, isolate in isolates.items():
        if HELD_SEPARATOR in isolate.clone and not isolate.settled_clone:
            names = ", ".join(isolate.clone.split(HELD_SEPARATOR))
            is_held = history.decisions.get(isolate.genome) is DecisionKind.HOLD
            reason = HOLD_REASON if is_held else BRIDGE_REASON
            yield Change(ChangeKind.BRIDGE_ISOLATE, name, names, isolate.clone, reason=reason)


def _clones(isolates: Mapping[str, KnownIsolate]) -> dict[str, set[str]]:
    """Return the members of each clone by its settled name, sorted by name."""
    found: dict[str, set[str]] = {}
    for name, isolate in sorted(isolates.items()):
        if isolate.settled_clone:
            found.setdefault(isolate.settled_clone, set()).add(name)
    return found
