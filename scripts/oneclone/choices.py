"""What a user chose by name, of what a run has."""

from collections.abc import Iterable, Sequence

from oneclone.errors import InputRefused


def chosen(kind: str, names: Sequence[str], known: Iterable[str]) -> list[str]:
    """Return the asked-for names, sorted, or all known ones when none was asked for.

    Parameters
    ----------
    kind
        What the names are of, for the message.
    names
        Asked-for names.
    known
        Names that there are.

    Raises
    ------
    InputRefused
        With every name that there is not.

    Examples
    --------
    >>> chosen("clone", [], ["b", "a"]), chosen("clone", ["b"], ["b", "a"])
    (['a', 'b'], ['b'])
    """
    there = sorted(known)
    unknown = [
        f"{kind} '{name}' is not in the run; known: {', '.join(there) or 'none'}"
        for name in names
        if name not in there
    ]
    if unknown:
        raise InputRefused(unknown)
    return sorted({*names}) or there
