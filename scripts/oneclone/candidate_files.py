"""Find the file of every candidate of a screen, those of accessions too."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import TypeAdapter

from oneclone.digests import settings_digest
from oneclone.errors import InputRefused, Problems
from oneclone.fetched_files import FetchedFiles
from oneclone.model.screening import Candidate, ScreenSettings
from oneclone.tables.candidate_list import CandidateList, read_candidates
from oneclone.tables.checksum import file_sha256
from oneclone.tables.delimited import Row
from oneclone.tables.fetched_table import absent_problem
from oneclone.tables.isolate_table import ACCESSION
from oneclone.tables.schemas import complete, load_schema


def candidates_command(path: Path) -> str:
    """Return the command that fetches what a table or list of candidates names by accession.

    Examples
    --------
    >>> candidates_command(Path("/my lists/c.txt"))
    "oneclone panel fetch --candidates '/my lists/c.txt'"
    """
    return f"oneclone panel fetch --candidates {shlex.quote(str(path.absolute()))}"


def read_screen_settings(config: Mapping[str, Any]) -> ScreenSettings:
    """Return the section `screen` of a checked configuration.

    It is no part of the run's settings: these go into results, and nothing there depends on it.

    Examples
    --------
    >>> read_screen_settings({"screen": {"max_snps": 30}})
    ScreenSettings(candidates='', max_snps=30, database='.oneclone/screen')
    """
    section = complete(config, load_schema("config"))["screen"]
    return TypeAdapter(ScreenSettings).validate_python(section)


def listing_digest(candidates: str) -> str:
    """Return a digest of the candidates and of size and times of their files.

    Raises
    ------
    InputRefused
        If candidates are not named or cannot be had.
    """
    if not candidates:
        problem = (
            "configuration: key 'screen.candidates' names nothing to screen; give a folder, a "
            "table or a list, for instance --config screen='{candidates: my/genomes}'"
        )
        raise InputRefused([problem])
    listed = read_candidates(Path(candidates))
    files = [
        (each.name, str(each.path), dict(each.metadata), _state(each.path))
        for each in find_candidates(listed)
    ]
    return settings_digest([listed.metadata_columns, files])


def find_candidates(listed: CandidateList) -> tuple[Candidate, ...]:
    """Return the candidates with the paths of their files, in the order in which they are listed.

    A screen downloads nothing.

    Parameters
    ----------
    listed
        The candidates as read.

    Raises
    ------
    InputRefused
        With every file that does not exist and every accession that was not fetched.
    """
    source = listed.table.path
    problems = Problems()
    fetched = FetchedFiles(source, candidates_command(source))
    folder = source if listed.is_folder else source.parent
    found: list[Candidate] = []
    for row in listed.table.rows:
        cell = row["assembly"].strip()
        path: Path | None = None
        if listed.is_folder:
            path = folder / row["assembly"]
        elif ACCESSION.fullmatch(cell):
            path = fetched.path_of(row.number, cell)
        elif cell:
            path = folder / cell
            if not path.exists():
                where = f"{source} row {row.number}: assembly '{cell}'"
                problems.add([f"{where} {absent_problem(cell, path)}"])
        found.append(Candidate(row["isolate"].strip(), path, _metadata(listed, row)))
    problems.add(fetched.problems)
    problems.refuse()
    return tuple(found)


def _metadata(listed: CandidateList, row: Row) -> dict[str, str]:
    """Return the cells of a row beside name and assembly."""
    return {column: row[column].strip() for column in listed.metadata_columns}


def link_candidate(links: Path, sha256: str, path: Path) -> Path:
    """Return the link by which calls read a candidate; one of the run with its content stays.

    Parameters
    ----------
    links
        Folder of the run's links.
    sha256, path
        The candidate's file.
    """
    link = links / sha256
    if link.is_file() and file_sha256(link) == sha256:
        return link
    links.mkdir(parents=True, exist_ok=True)
    # Made elsewhere and renamed: a run beside the screen never finds the link missing.
    with TemporaryDirectory(dir=links.parent) as folder:
        fresh = Path(folder) / sha256
        fresh.symlink_to(path.resolve())
        fresh.replace(link)
    return link


def _state(path: Path | None) -> tuple[int, ...]:
    """Return what changes when a file does, nothing where there is none."""
    if path is None or not path.exists():
        return ()
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
