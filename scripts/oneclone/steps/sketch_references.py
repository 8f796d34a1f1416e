"""Rule sketch_references: sketch the panel's references for ANI."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from oneclone import ani
from oneclone.errors import ToolFailed
from oneclone.tables.atomic import part_suffix, publish
from oneclone.tables.linked_assembly import read_linked_contigs
from oneclone.tables.run_plan import read_plan_panel


def sketch_references(
    *, assemblies: Sequence[Path], panel: Path, markers: Path, sketches: Sequence[Path]
) -> None:
    """Write the sketches of reference assemblies.

    Parameters
    ----------
    assemblies
        FASTA files, each named by its sha256.
    panel
        The panel of the run's plan.
    markers, sketches
        Files to write, all in one folder.

    Raises
    ------
    ToolFailed
        If skani did not write the files that it should.
    """
    longest = read_plan_panel(panel).genome_length_bp[1]
    references = {path.name: read_linked_contigs(path, longest) for path in assemblies}
    markers.parent.mkdir(parents=True, exist_ok=True)
    # skani refuses to save where files of an earlier, perhaps killed, run lie.
    with TemporaryDirectory(part_suffix(), ".", markers.parent) as fresh:
        ani.write_sketches(sorted(references.items()), Path(fresh))
        wanted = (markers, *sketches)
        missing = [path.name for path in wanted if not (Path(fresh) / path.name).is_file()]
        if missing:
            raise ToolFailed(f"skani wrote no {', '.join(missing)}")
        for path in wanted:
            publish(Path(fresh) / path.name, path)
