"""One map of ids for all exports: names as typed wherever the format can hold them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oneclone.model.isolates import Isolate


@dataclass(frozen=True)
class Format:
    """A format of names: `pattern` is what it holds unchanged."""

    name: str
    pattern: re.Pattern[str]


PLAIN = re.compile(r"[A-Za-z0-9._|/+-]+")


def labels(names: Format, isolates: Iterable[Isolate]) -> Mapping[str, str]:
    """Return what stands for each isolate in a format: its name, or else its row id.

    Parameters
    ----------
    names
        The format.
    isolates
        Isolates and references.

    Returns
    -------
    mapping
        Labels by the name as typed, no two alike.

    Examples
    --------
    >>> from oneclone.model.isolates import Role, row_id
    >>> isolates = [Isolate(row_id(n), n, Role.CASE, "") for n in ("PtA-CSF", "PtB <elbow>")]
    >>> labels(Format("example", PLAIN), isolates)
    {'PtA-CSF': 'PtA-CSF', 'PtB <elbow>': 'I7137857e6e'}
    """
    rows = list(isolates)
    typed = {row.name for row in rows}
    found: dict[str, str] = {}
    for row in rows:
        label = row.name if names.pattern.fullmatch(row.name) else row.row_id
        while label != row.name and label in typed:  # somebody named an isolate like a row id
            label += "x"
        found[row.name] = label
    return found
