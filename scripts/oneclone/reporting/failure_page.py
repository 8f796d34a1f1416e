"""The page on a run that did not finish."""

from collections.abc import Sequence
from dataclasses import dataclass

from oneclone.reporting.assets import styles
from oneclone.reporting.look import template_folder
from oneclone.reporting.page import template_environment

# No script runs on this page and nothing is requested.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class FailedStep:
    """A step that failed, the end of its log, and where the logs are."""

    title: str
    message: str
    logs: str


@dataclass(frozen=True)
class FailurePage:
    """What the page says.

    `lead` is what happened, `report` what report and verdict are worth; `waiting` are the steps
    that were not made, `earlier` the results that are left of an earlier run, `missing` those
    that are not there.
    """

    lead: str
    report: str
    failed: Sequence[FailedStep]
    waiting: Sequence[str]
    earlier: Sequence[str]
    missing: Sequence[str]


def failure_page(page: FailurePage) -> str:
    """Return the page's HTML; every text is escaped.

    Examples
    --------
    >>> step = FailedStep("Drawing <figures>", "no space left", "logs/draw_figures.log")
    >>> html = failure_page(FailurePage("It failed.", "No verdict.", [step], [], [], []))
    >>> "Drawing &lt;figures&gt;" in html
    True
    """
    template = template_environment(template_folder()).get_template("failed.html.j2")
    return template.render({"page": page, "policy": POLICY, "styles": styles()})
