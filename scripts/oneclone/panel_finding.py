"""The second finding: how the cases stand to the panel's reference clones."""

from oneclone.model.codes import CloneRule
from oneclone.model.evidence import Evidence
from oneclone.model.isolates import Role

UNKNOWN = {CloneRule.AMBIGUOUS, CloneRule.NOT_ASSESSABLE, CloneRule.NEAR_NOT_COMPARED}


def distinct_from_panel(evidence: Evidence) -> bool | None:
    """Return whether no assessed case is in a panel clone; `None` when that is not known.

    Not known is it when the panel has no clones, or when a case is ambiguous or could not be
    compared with a reference that may be of its clone.
    """
    cases = [evidence.typing[name] for name in evidence.names(Role.CASE)]
    if not evidence.panel.clones or not cases:
        return None
    if any(case.panel_clone_rule in UNKNOWN for case in cases):
        return None
    return not any(case.panel_clone for case in cases)


def clones_compared(evidence: Evidence) -> tuple[str, ...]:
    """Return the reference clones with which every assessed case could be compared, sorted.

    A clone counts when each case has enough bases in common with one of its references.
    """
    cases = evidence.names(Role.CASE)
    references_of: dict[str, list[str]] = {clone: [] for clone in evidence.panel.clones}
    for reference in evidence.panel.references:
        if reference.clone:
            references_of[reference.clone].append(reference.name)
    return tuple(
        clone
        for clone, names in references_of.items()
        if all(any(evidence.pair(case, name).is_assessable for name in names) for case in cases)
    )
