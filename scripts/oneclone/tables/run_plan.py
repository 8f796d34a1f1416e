"""The plan of a run as files: roster, isolates, panel, mask, genes, loci and batches of calls.

The main process writes them before the jobs start, each only when its content changed, so that
nothing runs again for a change that does not concern it.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from oneclone.model.calls import Intervals
from oneclone.model.isolates import Isolate, Role
from oneclone.model.loci import Locus
from oneclone.model.pairs import MAX_COMPLETE
from oneclone.model.panel import Panel
from oneclone.model.regions import Annotation, Gene
from oneclone.model.run_plan import CallBatches, Mask, RosterEntry
from oneclone.tables.json_files import read_record, record_text, write_record

Roster = tuple[RosterEntry, ...]
Isolates = tuple[Isolate, ...]
Rows = tuple[str, ...]
Loci = tuple[Locus, ...]
Keys = tuple[str, ...]
Bounds = dict[str, list[tuple[int, int]]]
Genes = dict[str, dict[str, tuple[Gene, ...]]]


def roster_text(roster: Sequence[RosterEntry]) -> str:
    """Return the roster as JSON text."""
    return record_text(tuple(roster), Roster)


def read_roster(path: Path) -> Roster:
    """Read the roster."""
    return read_record(path, Roster)


def cases_text(isolates: Sequence[Isolate]) -> str:
    """Return the row ids of the cases of a set too large for complete distance tables.

    A smaller set needs none, and a changed role counts nothing again.
    """
    is_large = len(isolates) > MAX_COMPLETE
    cases = (each.row_id for each in isolates if each.role is Role.CASE)
    return record_text(tuple(sorted(cases)) if is_large else (), Rows)


def read_cases(path: Path) -> Rows:
    """Read the row ids that `cases_text` gave."""
    return read_record(path, Rows)


def isolates_text(isolates: Iterable[Isolate]) -> str:
    """Return the isolates' metadata as JSON text."""
    return record_text(tuple(isolates), Isolates)


def read_isolates(path: Path) -> dict[str, Isolate]:
    """Read the isolates' metadata by name, panel references included."""
    return {isolate.name: isolate for isolate in read_record(path, Isolates)}


def panel_text(panel: Panel) -> str:
    """Return a panel as JSON text."""
    return record_text(panel, Panel)


def read_plan_panel(path: Path) -> Panel:
    """Read the panel of a run."""
    return read_record(path, Panel)


def mask_text(mask: Mask) -> str:
    """Return the panel's mask as JSON text: (start, end) pairs, 0-based half-open."""
    bounds = {
        assembly: list(zip(each.starts.tolist(), each.ends.tolist(), strict=True))
        for assembly, each in sorted(mask.items())
    }
    return record_text(bounds, Bounds)


def read_mask(path: Path) -> dict[str, Intervals]:
    """Read the panel's mask by sha256 of the reference's assembly."""
    found: dict[str, Intervals] = {}
    for assembly, pairs in read_record(path, Bounds).items():
        bounds = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        found[assembly] = Intervals(bounds[:, 0], bounds[:, 1])
    return found


def genes_text(annotations: Mapping[str, Annotation]) -> str:
    """Return the genes of the panel's references as JSON text."""
    plain = {assembly: dict(each) for assembly, each in sorted(annotations.items())}
    return record_text(plain, Genes)


def read_genes(path: Path) -> Mapping[str, Annotation]:
    """Read the genes by sha256 of the reference's assembly; without annotation it is absent."""
    return read_record(path, Genes)


def loci_text(loci: Sequence[Locus]) -> str:
    """Return the marker loci of the panel as JSON text."""
    return record_text(tuple(loci), Loci)


def read_plan_loci(path: Path) -> Loci:
    """Read the marker loci of a run; they lie on the species reference."""
    return read_record(path, Loci)


def batches_text(batches: CallBatches) -> str:
    """Return the batches of calls as JSON text."""
    return record_text(batches, CallBatches)


def read_batches(path: Path) -> CallBatches:
    """Read the batches of calls."""
    return read_record(path, CallBatches)


def write_finished_batch(path: Path, keys: Sequence[str]) -> None:
    """Write what a finished batch leaves: its calls keys."""
    write_record(path, tuple(keys), Keys)


def read_finished_batch(path: Path) -> Keys:
    """Read the calls keys of a finished batch."""
    return read_record(path, Keys)
