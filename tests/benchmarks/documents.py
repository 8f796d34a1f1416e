"""Write docs/validation.md and docs/performance.md from what was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from oneclone.validation.accuracy import CLOSE_SNPS
from oneclone.validation.criteria import asked_criteria
from tests.benchmarks import outbreaks, performance, random_outbreaks, scale_tables, validation
from tests.benchmarks.formats import END_BP
from tests.benchmarks.published_scale import FIGURES
from tests.benchmarks.rivals import TOOLS
from tests.benchmarks.scale_picture import draw_scale
from tests.benchmarks.wording import span

TEMPLATES = Path(__file__).with_name("templates")
DOCUMENTS = ("validation", "performance")
PICTURE = "pictures/scale.svg"
COST = "Cost"  # a table of a chapter whose title begins so belongs to performance


@dataclass(frozen=True)
class Chapter:
    """Tables of a module `tests.benchmarks.<name>`, whose `measure(folder)` gives rows by title."""

    name: str
    heading: str
    words: str


CHAPTERS = (
    Chapter(
        "recombination",
        "Recombination filter",
        "Pairs drawn on a genome of 5 Mb, every number with a fixed seed.",
    ),
    Chapter(
        "tuning",
        "Settings of calls and masks",
        "One setting varied at a time, the others at their defaults; the default is in bold. "
        "On the simulated and the semi-real set, close pairs of one subspecies on its type "
        "strain: differences above the truth; those missed, of all true ones; compared bases, "
        "of those that the truth says are shared. On real *Listeria* drafts, two pairs of one "
        "strain each, and on one strain assembled three ways, the poor one among them: SNPs, "
        "none of them real; bases compared per pair. A default is the first value at which "
        "nothing false is left, with a margin where the margin costs little: contig ends and "
        "repeats are what makes false differences. Least mapping quality and block length "
        "change next to nothing; they stay as guards.",
    ),
    Chapter(
        "reference_choice",
        "What another reference would add",
        "The case isolates of the semi-real outbreak counted on the type strain of their "
        "subspecies (the rule), on the species reference, and on the assembly of a case. "
        "*Unplaced*: bases of an assembly in no alignment to the reference.",
    ),
    Chapter(
        "report",
        "The report in a browser",
        "Simulated outbreaks of small genomes (30 kb), the references of the panel beside them, "
        "in Debian's Chromium without a screen at 1280 x 900. *First screen painted*: question, "
        "answer and figures are to be read; the views below are drawn when they come near the "
        "window.",
    ),
)


def write_documents(measured: Mapping[str, Any], folder: Path) -> None:
    """Write both documents into a folder.

    Parameters
    ----------
    measured
        What `run.py` keeps: a record per part; parts that were not measured are named.
    folder
        Where to write.
    """
    for name in DOCUMENTS:
        (folder / f"{name}.md").write_text(render(name, measured), "utf-8", newline="\n")
    if measured.get("scale"):
        (folder / PICTURE).write_text(draw_scale(measured["scale"]), "utf-8", newline="\n")


def render(name: str, measured: Mapping[str, Any]) -> str:
    """Return a document; every text is Markdown and is not escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 (Markdown, from figures and names of this package)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["table"] = table
    template = environment.get_template(f"{name}.md.j2")
    return template.render(
        measured=measured,
        tables=validation if name == "validation" else performance,
        scale=scale_tables,
        picture=PICTURE,
        published=FIGURES,
        tools=TOOLS,
        absent=absent(measured),
        close_snps=CLOSE_SNPS,
        criteria=acceptance_criteria(),
        end_bp=END_BP,
        **outbreak_ranges(),
        chapters=chapters(name, measured),
    )


def acceptance_criteria() -> list[dict[str, object]]:
    """Return the criteria of `oneclone verify` as rows of a table."""
    return [
        {
            "Criterion": each.title,
            "Term": each.term,
            "Definition": " ".join(each.definition.split()),
            "Bound": each.bound,
            "Source of the bound": each.source,
        }
        for each in asked_criteria()
    ]


def outbreak_ranges() -> dict[str, object]:
    """Return the ranges from which random outbreaks are drawn, as a document says them."""
    return {
        "unrelated": outbreaks.UNRELATED,
        "outbreak_kb": outbreaks.GENOME_BP // 1000,
        "cases": span(random_outbreaks.CASES),
        "related": span(random_outbreaks.RELATED),
        "clone_snps": span(random_outbreaks.CLONE_SNPS),
        "source_snps": span(random_outbreaks.SOURCE_SNPS),
        "stem_snps": span(random_outbreaks.STEM_SNPS),
    }


def chapters(name: str, measured: Mapping[str, Any]) -> str:
    """Return the Markdown of all chapters that have tables for a document."""
    parts: list[str] = []
    for chapter in CHAPTERS:
        tables = {
            title: rows
            for title, rows in measured.get(chapter.name, {}).items()
            if rows and title.startswith(COST) == (name == "performance")
        }
        if tables and chapter.heading:
            parts += [f"## {chapter.heading}", chapter.words]
        for title, rows in tables.items():
            parts += [f"### {title}", table(rows)]
    return "\n\n".join(part for part in parts if part)


def table(measured: Sequence[Mapping[str, object]]) -> str:
    """Return rows as a Markdown table; the first row gives the header, none give a sentence.

    Examples
    --------
    >>> print(table([{"set": "demo", "pairs": 3}]))
    | set | pairs |
    |---|---|
    | demo | 3 |
    """
    if not measured:
        return "No set of this kind was measured."
    header = list(measured[0])
    lines = [f"| {' | '.join(header)} |", "|" + "---|" * len(header)]
    lines += [f"| {' | '.join(str(row.get(name, '')) for name in header)} |" for row in measured]
    return "\n".join(lines)


def absent(measured: Mapping[str, Any]) -> list[str]:
    """Return a sentence for everything that was not measured."""
    sentences = []
    parts = (
        *("simulated", "real", "growth", "scale", "comparisons", "positions", "trees"),
        "outbreaks",
    )
    if left := [part for part in parts if part not in measured]:
        sentences.append(f"Not measured: {', '.join(left)} (`--only` left them out).")
    sets = {*measured.get("real", {}).get("absent", [])}
    for part in ("comparisons", "positions"):
        sets |= {*measured.get(part, {}).get("absent", [])}
    if sets:
        sentences.append(f"Left out, their data were not at hand: {', '.join(sorted(sets))}.")
    packages = {tool.name: tool.package for tool in TOOLS}
    for name, programs in measured.get("comparisons", {}).get("programs", {}).items():
        sentences.append(
            f"{name} was left out: {', '.join(programs)} not installed (Debian package "
            f"`{packages[name]}`)."
        )
    if measured.get("trees", {}).get("iqtree_absent"):
        sentences.append("IQ-TREE was not installed (Debian package `iqtree`): piqtree alone.")
    return sentences
