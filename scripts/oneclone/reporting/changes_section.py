"""What changed since the previous run, in sentences, for the first screen of the report."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from oneclone.clone_changes import HOLD_REASON
from oneclone.model.history import ALL_CASES, Change, ChangeKind, History
from oneclone.model.isolates import State
from oneclone.phrases import and_names, counted

SHOWN = 12  # names or rows of one kind that the first screen lists; changes.tsv has all
HASH_DIGITS = 12
FIRST = "There is no earlier run of this investigation to compare with (config: registry)."
NO_CHANGE = "Nothing else changed."


@dataclass(frozen=True)
class ChangesSection:
    """What the report says of changes: what was compared, and what was found."""

    lead: str
    sentences: tuple[str, ...]


def changes_section(history: History, changes: Sequence[Change], verdict: str) -> ChangesSection:
    """Return what the first screen says of changes, the weightiest first.

    Parameters
    ----------
    history
        What was known of earlier runs.
    changes
        Rows of `changes.tsv`.
    verdict
        Verdict of this run.
    """
    if history.previous is None:
        return ChangesSection(FIRST, ())  # with a registry or without: the same bytes
    lead = f"Compared with run {history.number} of the registry, the previous one."
    rows = {kind: [each for each in changes if each.kind is kind] for kind in ChangeKind}
    sentences = [sentence for kind in SENTENCES for sentence in SENTENCES[kind](rows[kind])]
    if not any(map(_is_of_all, rows[ChangeKind.VERDICT_CHANGED])):
        sentences.insert(0, f"The verdict is the same: {_words(verdict)}.")
    if set(changes) <= set(rows[ChangeKind.DISTANCES_UNCHANGED]):
        sentences.append(NO_CHANGE)
    return ChangesSection(lead, (*sentences, *_distances(rows)))


def _verdicts(rows: Sequence[Change]) -> Iterator[str]:
    """Give the verdicts that changed, that of all cases first."""
    ordered = sorted(rows, key=lambda row: not _is_of_all(row))
    for row in ordered[:SHOWN]:
        of = f"{row.subject} and {row.partner}" if row.partner else row.subject
        why = f" ({row.reason.replace('_', ' ')})" if row.reason else ""
        yield f"Verdict of {of}: {_words(row.before)} became {_words(row.after)}{why}."
    yield from _rest(rows)


def _reasons(rows: Sequence[Change]) -> Iterator[str]:
    """Give that the same verdict has other reasons."""
    for row in rows:
        yield f"The reasons of the verdict are others ({_words(row.reason)})."


def _is_of_all(row: Change) -> bool:
    """Return whether a changed verdict is that of all cases; an isolate may be called so too."""
    return row.subject == ALL_CASES and not row.partner


def _held(rows: Sequence[Change]) -> Iterator[str]:
    """Give the isolates that bridge named clones."""
    for row in rows[:SHOWN]:
        clones = and_names(row.before.split(", "))
        names = (
            "their names are kept apart by a decision (oneclone registry hold)."
            if row.reason == HOLD_REASON
            else "that their names merge waits for a decision (oneclone registry accept or hold)."
        )
        yield f"{row.subject} links {clones}. They are judged as one clone; {names}"
    yield from _rest(rows)


def _new(rows: Sequence[Change]) -> Iterator[str]:
    """Give the new isolates, those in use apart from the others."""
    yield from _named("New", [row.subject for row in rows if row.after == State.USED])
    for row in [row for row in rows if row.after != State.USED][:SHOWN]:
        why = f": {row.reason.replace('_', ' ')}" if row.reason else ""
        yield f"New, but {_words(row.after)}: {row.subject}{why}."


def _joined(rows: Sequence[Change]) -> Iterator[str]:
    """Give who joined which clone."""
    for clone in sorted({row.after for row in rows}):
        names = [row.subject for row in rows if row.after == clone]
        yield f"{and_names(names)} joined {clone}."


def _founded(rows: Sequence[Change]) -> Iterator[str]:
    """Give new clones."""
    for row in rows[:SHOWN]:
        yield f"New clone {row.subject}: {row.after}."
    yield from _rest(rows)


def _merged(rows: Sequence[Change]) -> Iterator[str]:
    """Give clones that merged."""
    for row in rows[:SHOWN]:
        yield f"{and_names(row.before.split(', '))} merged; the name is {row.after}."


def _split(rows: Sequence[Change]) -> Iterator[str]:
    """Give clones that split."""
    for row in rows[:SHOWN]:
        yield f"{row.before} split into {and_names(row.after.split(', '))}."


def _ended(rows: Sequence[Change]) -> Iterator[str]:
    """Give clones without a member."""
    for row in rows[:SHOWN]:
        yield f"{row.subject} has no member left; it had {row.before}."


def _restored(rows: Sequence[Change]) -> Iterator[str]:
    """Give isolates that are back."""
    yield from _named("Back", [row.subject for row in rows])


def _withdrawn(rows: Sequence[Change]) -> Iterator[str]:
    """Give isolates that no longer take part, and rows that never had an isolate."""
    empty = [row.subject for row in rows if row.before == State.NOT_ASSESSED]
    yield from _named("Withdrawn", [row.subject for row in rows if row.subject not in empty])
    yield from _named("No longer listed as without an isolate", empty)


def _replaced(rows: Sequence[Change]) -> Iterator[str]:
    """Give isolates with another assembly, whose distances cannot be compared."""
    yield from _named("Assembly replaced, all distances counted anew", [r.subject for r in rows])


def _states(rows: Sequence[Change]) -> Iterator[str]:
    """Give isolates with another state."""
    for row in rows[:SHOWN]:
        yield f"{row.subject} was {_words(row.before)} and is {_words(row.after)} now."
    yield from _rest(rows)


def _renamed(rows: Sequence[Change]) -> Iterator[str]:
    """Give isolates with another name."""
    for row in rows[:SHOWN]:
        yield f"{row.before} is called {row.after} now; its genome is the same."
    yield from _rest(rows)


def _metadata(rows: Sequence[Change]) -> Iterator[str]:
    """Give isolates of which the table says something else."""
    columns = and_names(sorted({row.reason for row in rows}))
    names = sorted({row.subject for row in rows})
    if rows:
        yield f"Other metadata ({columns}): {and_names(names)}."


def _settings(rows: Sequence[Change]) -> Iterator[str]:
    """Give settings and versions that changed."""
    for row in rows[:SHOWN]:
        yield f"{row.subject}: {_short(row.before) or 'none'} became {_short(row.after) or 'none'}."
    yield from _rest(rows)


SENTENCES: dict[ChangeKind, Callable[[Sequence[Change]], Iterator[str]]] = {
    ChangeKind.VERDICT_CHANGED: _verdicts,
    ChangeKind.REASONS_CHANGED: _reasons,
    ChangeKind.INPUT_REPLACED: _replaced,
    ChangeKind.BRIDGE_ISOLATE: _held,
    ChangeKind.NEW_ISOLATE: _new,
    ChangeKind.JOINED: _joined,
    ChangeKind.FOUNDED: _founded,
    ChangeKind.MERGED: _merged,
    ChangeKind.SPLIT: _split,
    ChangeKind.ENDED: _ended,
    ChangeKind.RESTORED: _restored,
    ChangeKind.WITHDRAWN: _withdrawn,
    ChangeKind.STATE_CHANGED: _states,
    ChangeKind.RENAMED: _renamed,
    ChangeKind.METADATA_CHANGED: _metadata,
    ChangeKind.SETTING_CHANGED: _settings,
    ChangeKind.VERSION_CHANGED: _settings,
}


def _distances(rows: dict[ChangeKind, list[Change]]) -> Iterator[str]:
    """Give how many distances are as before, and by which hash."""
    changed = rows[ChangeKind.DISTANCE_CHANGED]
    for row in rows[ChangeKind.DISTANCES_UNCHANGED]:
        others = "all distances" if not changed else "the other distances"
        proof = f"sha256 {row.after[:HASH_DIGITS]}… of both"
        yield (
            f"Of genomes that were there before, {others} are unchanged: {row.subject} ({proof})."
        )
    for row in changed[:SHOWN]:
        yield (
            f"Distance of {row.subject} and {row.partner}: {_snps(row.before)} became "
            f"{_snps(row.after)}."
        )
    yield from _rest(changed)


def _named(title: str, names: Sequence[str]) -> Iterator[str]:
    """Give a title with names, when there is any."""
    if names:
        yield f"{title}: {and_names(names)}."


def _rest(rows: Sequence[Change]) -> Iterator[str]:
    """Give how many rows of a kind are not listed."""
    if len(rows) > SHOWN:
        more = counted(len(rows) - SHOWN, "more row")
        yield f"{more} of kind {rows[0].kind} in changes.tsv."


def _words(code: str) -> str:
    """Return a code in words."""
    return code.replace("_", " ")


def _short(text: str) -> str:
    """Return a hash by its first digits, any other text whole."""
    return f"{text[:HASH_DIGITS]}…" if re.fullmatch("[0-9a-f]{64}", text) else text


def _snps(counted_text: str) -> str:
    """Return the SNPs of what was counted of a pair."""
    found = re.match(r"snps=(\d*) ", counted_text)
    return counted(int(found[1]), "SNP") if found and found[1] else "not assessable"
