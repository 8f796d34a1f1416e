"""What changed between two runs of an investigation, and that the rest did not."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from oneclone.clone_changes import clone_changes, ended_clones, of_same_genome
from oneclone.model.history import (
    ALL_CASES,
    Change,
    ChangeKind,
    History,
    KnownIsolate,
    KnownVerdict,
    Snapshot,
    address_text,
)
from oneclone.model.isolates import Role

WITHDRAWN_CODE = "withdrawn"
Distances = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Isolates:
    """Rows of two runs that are the same isolate: `before` and `after` by their present names.

    `new_name` gives the present name of every earlier row that is still there.
    """

    before: Mapping[str, KnownIsolate]
    after: Mapping[str, KnownIsolate]
    new_name: Mapping[str, str]


def changes(
    history: History, present: Snapshot, before: Distances | None, after: Distances
) -> tuple[Change, ...]:
    """Return what changed since the previous run, sorted; nothing when there is none.

    Parameters
    ----------
    history
        What was known when the run began.
    present
        The run.
    before, after
        What was counted of each pair, by ordered names, in the previous run and in this one;
        `None` when it is no longer kept.
    """
    previous = history.previous
    if previous is None:
        return ()
    same = match_isolates(previous.isolates, present.isolates)
    found = [
        *_isolate_changes(same, previous, history),
        *clone_changes(same.before, same.after, history),
        *ended_clones(previous.isolates, same.after, same.new_name),
        *_verdict_changes(previous, present, same.new_name),
        *_setting_changes(previous, present),
    ]
    if before is not None:
        found += distance_changes(before, after, same)
    return tuple(sorted(found, key=lambda c: (c.kind, c.subject, c.partner, c.before, c.after)))


def match_isolates(before: Sequence[KnownIsolate], after: Sequence[KnownIsolate]) -> Isolates:
    """Find the rows that are the same isolate: by name, else renamed with the same genome."""
    old = {each.name: each for each in before}
    new = {each.name: each for each in after}
    gone = _by_genome(each for each in before if each.name not in new)
    come = _by_genome(each for each in after if each.name not in old)
    renamed = {
        gone[genome][0].name: come[genome][0].name
        for genome in gone.keys() & come.keys()
        if len(gone[genome]) == len(come[genome]) == 1
    }
    new_name = {name: name for name in old if name in new} | renamed
    return Isolates({new_name[name]: old[name] for name in new_name}, new, new_name)


def distance_changes(before: Distances, after: Distances, same: Isolates) -> Iterator[Change]:
    """Give the distances of the same two genomes that changed, and that all others did not.

    The statement on the others has the sha256 of what was counted of them in either run, one
    line per pair in the order of their present names.
    """
    unchanged = of_same_genome(same.before, same.after).keys()
    old: dict[tuple[str, str], str] = {}
    for (one, two), counted in before.items():
        names = same.new_name.get(one, ""), same.new_name.get(two, "")
        if unchanged >= set(names):
            old[min(names), max(names)] = counted
    both = sorted(old.keys() & after.keys())
    equal = [names for names in both if old[names] == after[names]]
    if both:
        yield Change(
            ChangeKind.DISTANCES_UNCHANGED,
            f"{len(equal)} of {len(both)} pairs",
            _sha256(old, equal),
            _sha256(after, equal),
            reason="sha256 of what was counted of these pairs, then and now",
        )
    kept = set(equal)
    for names in both:
        if names not in kept:
            yield Change(ChangeKind.DISTANCE_CHANGED, names[0], old[names], after[names], names[1])


def _isolate_changes(same: Isolates, previous: Snapshot, history: History) -> Iterator[Change]:
    """Give what happened to the rows of the isolate table."""
    known = {(each.name, each.genome) for each in history.earlier}
    away = {genome for _, genome in known} - {each.genome for each in previous.isolates}
    for name, isolate in same.after.items():
        before = same.before.get(name)
        if before is not None:
            yield from _row_changes(before, isolate, known)
        elif isolate.role == Role.REFERENCE:
            yield Change(ChangeKind.VERSION_CHANGED, f"panel reference {name}", "", isolate.sha256)
        else:
            is_back = isolate.genome in away or (name, isolate.genome) in known
            kind = ChangeKind.RESTORED if is_back else ChangeKind.NEW_ISOLATE
            yield Change(kind, name, "", isolate.state, reason=isolate.reason)
    for isolate in previous.isolates:
        if isolate.name in same.new_name:
            continue
        if isolate.role == Role.REFERENCE:
            subject = f"panel reference {isolate.name}"
            yield Change(ChangeKind.VERSION_CHANGED, subject, isolate.sha256, "")
        else:
            reason = "no longer in the isolate table"
            yield Change(ChangeKind.WITHDRAWN, isolate.name, isolate.state, "", reason=reason)


def _row_changes(
    before: KnownIsolate, after: KnownIsolate, known: Collection[tuple[str, str]]
) -> Iterator[Change]:
    """Give what happened to one row that is in both runs.

    The genome of a withdrawn row is not read: `known` are name and genome of earlier sightings,
    by which it is found to be the same when it is restored.
    """
    name = after.name
    is_same = before.sha256 == after.sha256 or (before.name, after.genome) in known
    if before.name != name:
        yield Change(ChangeKind.RENAMED, name, before.name, name)
    was, is_now = (WITHDRAWN_CODE in each.reason.split(",") for each in (before, after))
    if before.sha256 != after.sha256 and after.sha256:
        yield _input_change(before, after, is_same=(was and is_same) or (was and is_now))
    if is_now > was or (was > is_now and is_same):
        kind = ChangeKind.WITHDRAWN if is_now else ChangeKind.RESTORED
        yield Change(kind, name, before.state, after.state, reason="by a decision in the registry")
    elif before.state != after.state and before.sha256:
        yield Change(ChangeKind.STATE_CHANGED, name, before.state, after.state, reason=after.reason)
    for column in sorted({*before.metadata, *after.metadata}):
        old, new = before.metadata.get(column, ""), after.metadata.get(column, "")
        if old != new:
            yield Change(ChangeKind.METADATA_CHANGED, name, old, new, reason=column)
    if before.address and after.address and before.address != after.address:
        yield Change(
            ChangeKind.ADDRESS_CHANGED,
            name,
            address_text(before.address),
            address_text(after.address),
        )


def _input_change(before: KnownIsolate, after: KnownIsolate, *, is_same: bool) -> Change:
    """Return what happened to the assembly of a row."""
    name = after.name
    if not before.sha256:
        return Change(ChangeKind.NEW_ISOLATE, name, before.state, after.state, reason=after.reason)
    if is_same or (before.genome and before.genome == after.genome):
        reason = "another file of the same sequences"
        kind = ChangeKind.INPUT_REWRITTEN
    else:
        reason = "other sequences under the same name" if after.genome else "cannot be read now"
        kind = ChangeKind.INPUT_REPLACED
    return Change(kind, name, before.sha256, after.sha256, reason=reason)


def _verdict_changes(
    previous: Snapshot, present: Snapshot, new_name: Mapping[str, str]
) -> Iterator[Change]:
    """Give the verdicts that are others than before, and which reasons came and went."""
    kind = ChangeKind.VERDICT_CHANGED
    why = _reason(previous.reasons, present.reasons)
    if previous.verdict != present.verdict:
        yield Change(kind, ALL_CASES, previous.verdict, present.verdict, reason=why)
    elif set(previous.reasons) != set(present.reasons):
        before, after = (",".join(each.reasons) for each in (previous, present))
        yield Change(ChangeKind.REASONS_CHANGED, ALL_CASES, before, after, reason=why)
    old = {_key(each, new_name): each for each in (*previous.clones, *previous.pairs)}
    for each in (*present.clones, *present.pairs):
        before = old.get((each.first, each.second))
        if before and before.verdict != each.verdict:
            why = _reason(before.reason.split(","), each.reason.split(","))
            yield Change(kind, each.first, before.verdict, each.verdict, each.second, why)


def _key(verdict: KnownVerdict, new_name: Mapping[str, str]) -> tuple[str, str]:
    """Return the subject of an earlier verdict by its present names."""
    if not verdict.second:
        return verdict.first, ""
    names = [new_name.get(name, name) for name in (verdict.first, verdict.second)]
    return min(names), max(names)


def _reason(before: Iterable[str], after: Iterable[str]) -> str:
    """Return in words which reason codes came and which went."""
    old, new = set(before) - {""}, set(after) - {""}
    parts = (("now", new - old), ("no longer", old - new), ("still", old & new))
    return "; ".join(f"{word}: {', '.join(sorted(codes))}" for word, codes in parts if codes)


def _setting_changes(previous: Snapshot, present: Snapshot) -> Iterator[Change]:
    """Give the settings and versions that are others than before."""
    old, new = dict(_flat(previous.settings)), dict(_flat(present.settings))
    for key in sorted({*old, *new}):
        if old.get(key, "") != new.get(key, ""):
            yield Change(ChangeKind.SETTING_CHANGED, key, old.get(key, ""), new.get(key, ""))
    before = {**previous.versions, f"panel {previous.panel}": previous.panel_version}
    after = {**present.versions, f"panel {present.panel}": present.panel_version}
    for key in sorted({*before, *after}):
        if before.get(key, "") != after.get(key, ""):
            yield Change(ChangeKind.VERSION_CHANGED, key, before.get(key, ""), after.get(key, ""))


def _flat(settings: Mapping[str, object], section: str = "") -> Iterator[tuple[str, str]]:
    """Give settings by dotted keys."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{section}{key}.")  # pyright: ignore[reportUnknownArgumentType] (from JSON)
        else:
            yield f"{section}{key}", str(value)


def _by_genome(isolates: Iterable[KnownIsolate]) -> dict[str, list[KnownIsolate]]:
    """Return isolates by their genome, those without one left out."""
    found: dict[str, list[KnownIsolate]] = {}
    for isolate in isolates:
        if isolate.genome:
            found.setdefault(isolate.genome, []).append(isolate)
    return found


def _sha256(counted: Distances, pairs: Sequence[tuple[str, str]]) -> str:
    """Return the sha256 of what was counted of some pairs, one line each."""
    digest = hashlib.sha256()
    for one, two in pairs:
        digest.update(f"{one}\t{two}\t{counted[one, two]}\n".encode())
    return digest.hexdigest()
