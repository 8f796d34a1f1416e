"""One map of ids for all exports: names as typed wherever the format can hold them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from oneclone.model.isolates import Isolate


@dataclass(frozen=True)
class Format:
    """A format of names: `pattern` is what it holds unchanged."""

    name: str
    pattern: re.Pattern[str]


PLAIN = re.compile(r"[A-Za-z0-9._|/+-]+")
# A tip and a table row are matched by text there: nothing that Newick would have to quote, nothing
# that may be taken for a number, a date, another value or the header. An underscore stays one.
TIP = re.compile(
    r"(?!(?i:id|nan|null|none|true|false|inf|infinity|undefined)$)(?=.*[A-DF-Za-df-z])"
    r"[A-Za-z0-9][A-Za-z0-9._-]*"
)
NO_BLANK = re.compile(r"(?!NODE_)[A-Za-z0-9._|/+-]+")  # NODE_ is what inner nodes are called

AUSPICE = Format("auspice", NO_BLANK)
GRAPETREE = Format("grapetree", TIP)
ITOL = Format("itol", TIP)
MICROREACT = Format("microreact", TIP)
# MultiQC cuts names at each of these, wherever it stands (`fn_clean_exts`, `fn_clean_trim`), and
# at every part with a dot; labels hold none of them, so that no two samples become one.
CUT_BY_MULTIQC = (
    "Aligned", "ReadsPerGene", "ccs", "runs_", "short_summary_", "_CpGRetention",
    "_CpHRetentionByReadPos", "_NanoStats", "_SummaryStatistics", "_bismark", "_counts",
    "_covdist_all", "_covdist_q40", "_coverage_metrics", "_cv_table", "_dup_report", "_duprate",
    "_fastqc", "_gopeaks", "_hifi_trimmer", "_isize_table", "_mapq_table", "_matrix", "_mqc",
    "_overall_mean_cov", "_qual", "_slamdunk", "_star_aligned", "_strand_table", "_summary",
    "_tophat", "_totalBaseConversionRate", "_totalReadConversionRate", "_trimmed", "_trimmer",
    "_val", "_vep",
)  # fmt: skip
MULTIQC = Format(
    "multiqc",
    re.compile(
        rf"(?=.*[A-DF-Za-df-z])(?!.*(?:{'|'.join(CUT_BY_MULTIQC)}))"
        "[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
    ),
)
NEXUS = Format("nexus", re.compile(r"(?![0-9]+$).+", re.DOTALL))  # a number is a place in TAXA
PLAIN_TEXT = Format("plain_text", TIP)  # programs that know no quotes: tree.nwk, distances.phy
# Every format that has ids: the columns of the id map.
FORMATS = (AUSPICE, GRAPETREE, ITOL, MICROREACT, MULTIQC, NEXUS, PLAIN_TEXT)


def labels(names: Format, isolates: Iterable[Isolate]) -> dict[str, str]:
    """Return what stands for each isolate in a format: its name, or else its row id.

    Parameters
    ----------
    names
        The format.
    isolates
        Every row of the run, so that an isolate has the same label in each file.

    Returns
    -------
    dict
        Labels by the name as typed, no two alike.

    Examples
    --------
    >>> from oneclone.model.isolates import Isolate, Role, row_id
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
