"""Colours of values in viewers, safe for colour-blind readers."""

from collections import Counter
from collections.abc import Mapping

from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.traits import Traits
from oneclone.model.isolates import Role
from oneclone.reporting.palette import CATEGORY_COLOURS, OTHER_COLOUR, ROLE_COLOURS, TOL_MUTED

UNKNOWN = "#d9d9d9"
CATEGORIES = (*CATEGORY_COLOURS, *TOL_MUTED)


def colours_of(run: ExportedRun, traits: Traits, column: str) -> Mapping[str, str]:
    """Return the colour of each value of a column, those of cases first, then frequent ones.

    Blank is unknown and has none; what comes after the last colour shares a grey.
    """
    if column == "role":
        roles = {each.role for each in run.isolates}
        return {str(role): colour for role, colour in ROLE_COLOURS.items() if role in roles}
    values = Counter(traits.cells[each.name].get(column, "") for each in run.isolates)
    of_cases = {
        traits.cells[each.name].get(column, "") for each in run.isolates if each.role is Role.CASE
    }
    order = sorted(values, key=lambda value: (value not in of_cases, -values[value], value))
    known = [value for value in order if value]
    return {
        value: CATEGORIES[rank] if rank < len(CATEGORIES) else OTHER_COLOUR
        for rank, value in enumerate(known)
    }
