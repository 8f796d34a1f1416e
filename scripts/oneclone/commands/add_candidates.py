"""Append picked candidates of a screen to an isolate table."""

import datetime
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from stat import S_IMODE

from oneclone.candidate_files import find_candidates
from oneclone.errors import InputRefused
from oneclone.model.isolates import Role, normal_name
from oneclone.model.screening import Candidate
from oneclone.tables.atomic import replacing
from oneclone.tables.candidate_list import read_candidates
from oneclone.tables.checksum import file_sha256
from oneclone.tables.delimited import read_table
from oneclone.tables.isolate_table import REQUIRED, read_isolate_table
from oneclone.tables.screen_table import read_screened


def add_candidates(
    candidates: Path,
    screened: Path,
    isolates: Path,
    names: Sequence[str],
    role: Role,
) -> list[str]:
    """Append candidates to an isolate table; return the metadata columns that it has no room for.

    What stands in the table stays, byte for byte; it is replaced as a whole or not at all. A
    column of the candidates is taken over where the table has one of that name.

    Parameters
    ----------
    candidates
        What was screened.
    screened
        Table of the screen.
    isolates
        The isolate table.
    names
        Names of candidates.
    role
        Their role in the run.

    Raises
    ------
    InputRefused
        With every name that cannot be added; the table is then as it was.
    """
    listed = read_candidates(candidates)
    by_name = {candidate.name: candidate for candidate in find_candidates(listed)}
    columns = read_table(isolates, REQUIRED).columns
    picked = _picked(by_name, screened, isolates, list(dict.fromkeys(names)))
    lines = [_line(each, path, role, columns, isolates) for each, path in picked]
    _append(isolates, lines)
    return [column for column in listed.metadata_columns if column not in columns]


def _picked(
    by_name: Mapping[str, Candidate], screened: Path, isolates: Path, names: Sequence[str]
) -> list[tuple[Candidate, Path]]:
    """Return the picked candidates with their files; they must be what was screened."""
    sums = read_screened(screened)
    there = {normal_name(row["isolate"]) for row in read_table(isolates, REQUIRED).rows}
    found: list[tuple[Candidate, Path]] = []
    problems: list[str] = []
    for name in names:
        candidate = by_name.get(name)
        if candidate is None or name not in sums:
            problems.append(
                f"{screened.absolute()}: no candidate '{name}'; give a name of its column "
                "'isolate', and the candidates that were screened"
            )
        elif normal_name(name) in there:
            problems.append(
                f"{isolates.absolute()}: isolate '{name}' is in the table already; a second "
                "assembly needs another name"
            )
        elif candidate.path is None or not sums[name]:
            problems.append(f"{screened.absolute()}: candidate '{name}' has no readable assembly")
        elif file_sha256(candidate.path) != sums[name]:
            problems.append(
                f"{candidate.path.absolute()}: not the file that was screened as '{name}'; "
                f"screen again (its sha256 is not that of {screened})"
            )
        else:
            found.append((candidate, candidate.path))
    if problems:
        raise InputRefused(problems)
    return found


def _line(
    candidate: Candidate, path: Path, role: Role, columns: Sequence[str], isolates: Path
) -> str:
    """Return the row of a candidate; its path is relative to the table's folder.

    Of links to folders, `..` leads to where the folder really lies.
    """
    folder, real = isolates.absolute().parent.resolve(), path.absolute().parent.resolve()
    assembly = os.path.relpath(real / path.name, folder)
    if assembly[:1].isspace():  # readers of the table take blanks away
        assembly = f"./{assembly}"
    cells = {
        **candidate.metadata,
        "isolate": candidate.name,
        "assembly": assembly,
        "role": str(role),
    }
    return "\t".join(cells.get(column, "") for column in columns)


def _append(isolates: Path, lines: Sequence[str]) -> None:
    """Append rows to a table, if the whole table is sound then."""
    before, mode = isolates.read_bytes(), S_IMODE(isolates.stat().st_mode)
    end = b"\r\n" if b"\r\n" in before else b"\n"
    old = before if before.endswith(b"\n") else before + end
    added = b"".join(line.encode() + end for line in lines)
    with replacing(isolates.resolve()) as temporary:
        temporary.write_bytes(old + added)
        try:
            read_isolate_table(temporary, datetime.datetime.now(datetime.UTC).date())
        except InputRefused as refused:
            raise InputRefused(
                [
                    text.replace(str(temporary), str(isolates.absolute()))
                    for text in refused.problems
                ]
            ) from refused
    isolates.chmod(mode)  # others may edit it still
