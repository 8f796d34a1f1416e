"""The validation record as a page: self-contained, without a script, to be printed and signed."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from oneclone.phrases import and_names, counted
from oneclone.reporting.assets import content_policy, own_styles
from oneclone.reporting.first_screen import Badge, Fact
from oneclone.reporting.look import template_folder
from oneclone.reporting.page import Figure, template_environment
from oneclone.shipped import shipped_file
from oneclone.validation.curve_picture import draw_curve
from oneclone.validation.page_tables import record_tables, some_names

Json = Mapping[str, Any]

TEMPLATE = "validation/record.html.j2"
SHEETS = ("00_page.css", "01_first_screen.css", "02_frame.css", "03_evidence.css", "90_narrow.css",
          "91_print.css")  # fmt: skip
PASS = Badge("PASS", "✓", "#00693e")
FAIL = Badge("FAIL", "✗", "#a33b00")


def render_record(record: Json, json_sha256: str) -> str:
    """Return the record's page.

    Parameters
    ----------
    record
        Content of `validation.json`.
    json_sha256
        Sha256 of that file, which the page names.
    """
    own = shipped_file("resources", TEMPLATE).parent
    environment = template_environment(own, template_folder())
    sheet = shipped_file("resources", "validation/record.css").read_text("utf-8")
    styles = own_styles(*SHEETS) + Markup(sheet)  # noqa: S704 (shipped with the program)
    return environment.get_template("record.html.j2").render(
        record=record,
        json_sha256=json_sha256,
        badge=PASS if record["passed"] else FAIL,
        sentence=sentence(record),
        facts=_facts(record),
        criteria=[_shown_criterion(each) for each in record["criteria"]],
        failed=[each for each in record["criteria"] if not each["passed"]],
        curve=_curve(record),
        tables=record_tables(record),
        shipped=_shipped_sentence(record["shipped"]),
        styles=styles,
        policy=content_policy(()),
    )


def sentence(record: Json) -> str:
    """Return the result in a sentence.

    Examples
    --------
    >>> sentence({"oneclone": {"version": "1.0"}, "passed": False, "criteria_met": 2,
    ...     "criteria_total": 3})
    'oneclone 1.0 on this machine met 2 of 3 acceptance criteria and must not be used for casework.'
    """
    met = f"{record['criteria_met']} of {record['criteria_total']} acceptance criteria"
    who = f"oneclone {record['oneclone']['version']} on this machine met {met}"
    if record["passed"]:
        return f"{who}: it gives the right answers on genomes whose truth is known."
    return f"{who} and must not be used for casework."


def _facts(record: Json) -> list[Fact]:
    """Return the figures of the first screen."""
    minutes, seconds = divmod(record["duration_s"], 60)
    machine = record["machine"]
    return [
        Fact("Laboratory", record["laboratory"] or "to be filled in below"),
        Fact("Operator", record["operator"] or "to be filled in below"),
        Fact("Date (UTC)", record["finished"][:16].replace("T", " ")),
        Fact("Duration", f"{minutes} min {seconds} s"),
        Fact("Version", record["oneclone"]["version"]),
        Fact("Machine", f"{machine['system']}, {machine['cores_used']} cores used"),
    ]


def _shown_criterion(criterion: Json) -> Json:
    """Return a criterion with the badge of its result."""
    return {**criterion, "badge": PASS if criterion["passed"] else FAIL}


def _curve(record: Json) -> Figure | None:
    """Return the picture of the threshold curve, nothing where none was measured."""
    if not record["thresholds"]:
        return None
    marks = and_names([str(each) for each in record["threshold_marks"]])
    svg = draw_curve(record["thresholds"], record["threshold_marks"])
    return Figure(
        Markup(svg),  # noqa: S704 (the canvas escapes texts)
        f"How often a pair is rightly called linked (sensitivity) and rightly not called linked "
        f"(specificity), when every pair of at most t SNPs is called linked. The thresholds of the "
        f"panel ({marks}) are marked. Thick lines: against the true SNPs in the bases that a pair "
        "compared, which the criteria judge. Thin lines: against the true SNPs of the whole "
        "genome, where SNPs at contig ends are not seen and a pair looks up to a few SNPs closer.",
    )


def _shipped_sentence(shipped: Json) -> str:
    """Return in words what differs from the figures shipped."""
    parts = [
        f"{kind}: {counted(len(shipped[key]), 'difference')} "
        f"({shipped[compared]} compared; {some_names(shipped[key])})"
        for kind, key, compared in (
            ("Files of the truth set", "truth_set_differing", "truth_set_compared"),
            ("result files", "results_differing", "results_compared"),
            ("verdicts", "verdicts_differing", "verdicts_compared"),
        )
    ]
    trees = f"{shipped['trees_equal']} of {shipped['trees_compared']} trees have the same bytes"
    return f"Figures shipped with version {shipped['version']}. {'; '.join(parts)}; {trees}."
