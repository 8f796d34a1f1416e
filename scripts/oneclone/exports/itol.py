"""iTOL: the tree, and annotation files to drop on it."""

from collections.abc import Iterable, Mapping, Sequence

from oneclone.exports.colours import UNKNOWN, colours_of
from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.names import ITOL, labels
from oneclone.exports.text import tree_text
from oneclone.exports.traits import traits_of
from oneclone.model.isolates import Role
from oneclone.reporting.palette import CUT_COLOUR, FAR_COLOUR, NEAR_COLOUR

SEPARATOR = "SEPARATOR TAB"
NO_VALUE = "X"
SQUARE, STAR = "1", "3"
FAR_SNPS = 250  # from here on all distances look alike
STRIP_SHAPE = (
    ("STRIP_WIDTH", "25"),
    ("MARGIN", "5"),
    ("BORDER_WIDTH", "0"),
    ("SHOW_INTERNAL", "0"),
    ("SHOW_STRIP_LABELS", "0"),
)


def tree(run: ExportedRun) -> str:
    """Return the tree of all with the ids of the annotation files as tips."""
    return tree_text(run, labels(ITOL, run.all_rows))


def names(run: ExportedRun) -> str:
    """Return the file that makes iTOL show names as typed instead of ids."""
    label = labels(ITOL, run.all_rows)
    return _file("LABELS", (), ([label[each.name], each.name] for each in run.isolates))


def clinics(run: ExportedRun) -> str:
    """Return a strip of the clinics."""
    return _strip(run, "clinic", "Clinic")


def clones(run: ExportedRun) -> str:
    """Return a strip of the clones of the cases."""
    return _strip(run, "clone", "Clone")


def subspecies(run: ExportedRun) -> str:
    """Return a strip of the subspecies."""
    return _strip(run, "subspecies", "Subspecies")


def reference_clones(run: ExportedRun) -> str:
    """Return a star in the colour of its clone for each reference that stands for one."""
    label = labels(ITOL, run.all_rows)
    colours = colours_of(run, traits_of(run), "panel_clone")
    clone = {each.name: each.clone for each in run.panel.references if each.clone}
    shown = {name: colours[name] for name in sorted(set(clone.values()))}
    header = (
        ("DATASET_LABEL", "Reference clones"),
        ("COLOR", "#595959"),
        *_legend("Reference clones", shown, STAR),
        ("MAXIMUM_SIZE", "10"),
    )
    rows = (
        [label[name], STAR, "10", colours[of], "1", "1", of] for name, of in sorted(clone.items())
    )
    return _file("DATASET_SYMBOL", header, rows)


def case_distances(run: ExportedRun) -> str:
    """Return a heatmap of the SNPs from each tip to each case."""
    label = labels(ITOL, run.all_rows)
    cases = [each.name for each in run.isolates if each.role is Role.CASE]
    cut = run.panel.thresholds.unlinked
    header = (
        ("DATASET_LABEL", "SNPs to the cases" if run.all_compared else "SNPs of the nearest"),
        ("COLOR", NEAR_COLOUR),
        ("FIELD_LABELS", *cases),
        ("AUTO_LEGEND", "1"),
        ("COLOR_NAN", UNKNOWN),
        ("COLOR_MIN", NEAR_COLOUR),
        ("USE_MID_COLOR", "1"),
        ("COLOR_MID", CUT_COLOUR),
        ("COLOR_MAX", FAR_COLOUR),
        ("USER_MIN_VALUE", "0"),
        ("USER_MID_VALUE", str(cut)),
        ("USER_MAX_VALUE", str(max(FAR_SNPS, 2 * cut))),
    )
    rows = (
        [label[tip.name], *(_value(run.snps(tip.name, case)) for case in cases)]
        for tip in run.compared_by_name
    )
    return _file("DATASET_HEATMAP", header, rows)


def _strip(run: ExportedRun, column: str, title: str) -> str:
    """Return a strip that colours each tip by a trait; blank is unknown."""
    traits = traits_of(run)
    label = labels(ITOL, run.all_rows)
    colours = {**colours_of(run, traits, column), "unknown": UNKNOWN}
    value = {each.name: traits.cells[each.name].get(column) or "unknown" for each in run.isolates}
    shown = {each: colours[each] for each in colours if each in value.values()}
    header = (
        ("DATASET_LABEL", title),
        ("COLOR", "#000000"),
        ("COLOR_BRANCHES", "0"),
        *_legend(title, shown, SQUARE),
        *STRIP_SHAPE,
    )
    rows = ([label[name], colours[each], each] for name, each in value.items())
    return _file("DATASET_COLORSTRIP", header, rows)


def _legend(title: str, colours: Mapping[str, str], shape: str) -> Sequence[Sequence[str]]:
    """Return the fields of a legend; its lists have equal lengths."""
    if not colours:
        return ()
    return (
        ("LEGEND_TITLE", title),
        ("LEGEND_SHAPES", *([shape] * len(colours))),
        ("LEGEND_COLORS", *colours.values()),
        ("LEGEND_LABELS", *colours),
    )


def _value(snps: int | None) -> str:
    """Return a cell of the heatmap."""
    return NO_VALUE if snps is None else str(snps)


def _file(kind: str, header: Iterable[Sequence[str]], rows: Iterable[Sequence[str]]) -> str:
    """Return an annotation file."""
    lines = [kind, SEPARATOR, *("\t".join(field) for field in header), "DATA"]
    return "\n".join([*lines, *("\t".join(row) for row in rows)]) + "\n"
