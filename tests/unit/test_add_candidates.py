"""Appending candidates to an isolate table: what was there keeps its bytes."""

from pathlib import Path

import pytest

from oneclone.candidate_files import find_candidates
from oneclone.commands.add_candidates import add_candidates
from oneclone.errors import InputRefused
from oneclone.model.isolates import Role
from oneclone.model.screening import ScreenRow, ScreenState, Sketched
from oneclone.screening import ranked
from oneclone.tables.candidate_list import read_candidates
from oneclone.tables.checksum import file_sha256
from oneclone.tables.screen_table import write_screen


@pytest.fixture
def screened(tmp_path: Path) -> tuple[Path, Path]:
    """Return a table of two candidates and the table of their screen."""
    for name in ("x", "y"):
        (tmp_path / f"{name}.fna").write_text(f">c\nACGT{name.replace('x', 'A').upper()}\n")
    table = tmp_path / "c.tsv"
    table.write_text("isolate\tassembly\tpatient\town\nX 1\tx.fna\tP7\tkept\nY\ty.fna\t\t\n")
    listed = read_candidates(table)
    candidates = {each.name: each for each in find_candidates(listed)}
    rows = [
        ScreenRow(name, ScreenState.WITHIN, Sketched(file_sha256(each.path), name), snps=1)
        for name, each in candidates.items()
    ]
    write_screen(tmp_path / "s.tsv", ranked(rows), candidates, listed.metadata_columns)
    return table, tmp_path / "s.tsv"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("has_last_end", [True, False])
def test_add_keeps_old_bytes_line_ends_and_columns(screened, tmp_path, end, has_last_end):
    isolates = tmp_path / "lab" / "isolates.tsv"
    isolates.parent.mkdir()
    lines = ["\ufeffrole\tisolate\tassembly\tpatient", "case\tA\t\tP1"]
    before = end.join(lines) + (end if has_last_end else "")
    isolates.write_bytes(before.encode())
    isolates.chmod(0o664)
    left = add_candidates(*screened, isolates, ["X 1", "X 1"], Role.CASE)
    assert left == ["own"]
    wanted = end.join([*lines, "case\tX 1\t../x.fna\tP7", ""])
    assert isolates.read_bytes() == wanted.encode()
    assert isolates.stat().st_mode & 0o777 == 0o664


def test_add_refuses_all_when_one_cannot_be_added(screened, tmp_path):
    isolates = tmp_path / "isolates.tsv"
    isolates.write_text("isolate\tassembly\trole\tpatient\nA\t\tcase\tP1\n")
    before = isolates.read_bytes()
    with pytest.raises(InputRefused, match=r"isolates\.tsv row 4: case 'Y' has no patient"):
        add_candidates(*screened, isolates, ["X 1", "Y"], Role.CASE)
    assert isolates.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "c.tsv", "isolates.tsv", "s.tsv", "x.fna", "y.fna",
    ]  # fmt: skip
    add_candidates(*screened, isolates, ["X 1", "Y"], Role.SOURCE)
    assert isolates.read_text().splitlines()[2:] == [
        "X 1\tx.fna\tsource\tP7",
        "Y\ty.fna\tsource\t",
    ]


def test_add_writes_a_path_that_leads_to_the_file_from_a_linked_folder(screened, tmp_path):
    real = tmp_path / "disk" / "a" / "lab"
    real.mkdir(parents=True)
    (tmp_path / "lab").symlink_to(real)
    isolates = tmp_path / "lab" / "isolates.tsv"
    isolates.write_text("isolate\tassembly\trole\n")
    add_candidates(*screened, isolates, ["X 1"], Role.CONTEXT)
    cell = isolates.read_text().splitlines()[1].split("\t")[1]
    assert (isolates.parent / cell).samefile(tmp_path / "x.fna")
