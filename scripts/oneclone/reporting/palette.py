"""Colours of the report: safe for colour-blind readers, told apart by lightness too.

Distances use steps of the magma scale (van der Walt and Smith 2015), roles the colours of Okabe
and Ito (2008), which also differ by the shape of their marks.
"""

from dataclasses import dataclass

from oneclone.model.isolates import Role
from oneclone.model.panel import Thresholds

NOT_ASSESSABLE = "not assessable"
_STEPS = ("#3b0f70", "#8c2981", "#de4968", "#fe9f6d", "#fecf92", "#fdedb0", "#fcfdeb")
_FAR_LIMITS = (250, 1000, 10_000)
NEAR_COLOUR, CUT_COLOUR, FAR_COLOUR = _STEPS[0], _STEPS[2], _STEPS[-1]
DARK_STEPS = 3  # so many need white numbers


@dataclass(frozen=True)
class Step:
    """One colour of the distance scale, up to and including `limit` SNPs (`None` = no limit)."""

    label: str
    colour: str
    limit: int | None
    dark: bool


ROLE_COLOURS = {
    Role.CASE: "#d55e00",
    Role.SOURCE: "#cc79a7",
    Role.CONTEXT: "#0072b2",
    Role.REFERENCE: "#75757f",
}
ROLE_SHAPES = {
    Role.CASE: "circle",
    Role.SOURCE: "diamond",
    Role.CONTEXT: "square",
    Role.REFERENCE: "triangle-right",
}
# Okabe and Ito again, without the black and without their yellow, which is unseen on white.
CATEGORY_COLOURS = (
    "#d55e00",
    "#0072b2",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#6a3d9a",
    "#8b5a2b",
)
# The light, muted and vibrant schemes of Tol (2021).
TOL_LIGHT = (
    "#77aadd", "#ee8866", "#44bb99", "#eedd88", "#ffaabb", "#99ddff", "#bbcc33", "#aaaa00",
)  # fmt: skip
TOL_MUTED = (
    "#332288", "#cc6677", "#117733", "#ddcc77", "#88ccee", "#882255", "#44aa99", "#999933",
)  # fmt: skip
TOL_VIBRANT = ("#ee7733", "#0077bb", "#ee3377", "#009988", "#33bbee", "#cc3311")
OTHER_COLOUR = "#9a9aa5"


def distance_steps(thresholds: Thresholds) -> tuple[Step, ...]:
    """Return the steps of the distance scale: the bands of the thresholds, then coarse ones.

    Examples
    --------
    >>> steps = distance_steps(Thresholds(10, 30, 38, "example"))
    >>> [step.label for step in steps]
    ['0-10', '11-30', '31-38', '39-250', '251-1000', '1001-10000', 'over 10000']
    """
    own = [thresholds.linked, thresholds.possible, thresholds.unlinked]
    limits = own + [limit for limit in _FAR_LIMITS if limit > thresholds.unlinked]
    steps: list[Step] = []
    low = 0
    for limit, colour in zip(limits, _STEPS, strict=False):
        if limit >= low:
            steps.append(Step(f"{low}-{limit}", colour, limit, dark=len(steps) < DARK_STEPS))
            low = limit + 1
    return (*steps, Step(f"over {low - 1}", _STEPS[-1], None, dark=False))


def step_of(snps: int, steps: tuple[Step, ...]) -> Step:
    """Return the step of a SNP distance."""
    return next(step for step in steps if step.limit is None or snps <= step.limit)
