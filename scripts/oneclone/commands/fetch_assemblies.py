"""Fetch the assemblies that a panel and an isolate table name by accession."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from oneclone.assembly_folder import AssemblyFolder
from oneclone.assembly_sources import BundleSource, Source
from oneclone.datasets_answers import ServiceUnusable
from oneclone.errors import AssemblyRejected, FetchFailed, InputRefused, OnecloneError
from oneclone.fetch_order import Order, Wanted
from oneclone.tables.assembly_bundle import write_bundle
from oneclone.tables.checksum import file_sha256
from oneclone.tables.fetched_table import FetchedAssembly
from oneclone.tables.zip_files import ZipRefused

LOOK_UP = "look at https://www.ncbi.nlm.nih.gov/datasets/genome/{}/"
WITHOUT_NETWORK = "on a machine without network take a bundle (--from-bundle)"
MEGABYTE = 1e6


def fetch_assemblies(order: Order, source: Source, say: Callable[[str], object]) -> int:
    """Fetch what is not here yet; return how many assemblies that were.

    Parameters
    ----------
    order
        What is wanted.
    source
        Where it comes from.
    say
        Is given a line per assembly.

    Raises
    ------
    FetchFailed
        With every assembly that could not be had; the others are in place.
    FolderUnusable
        If a folder cannot be written, or another fetch is at work in it.
    """
    here = [each for each in order.wanted if each.folder.holds(each.accession)]
    missing = [each for each in order.wanted if each not in here]
    say(f"{len(order.wanted)} assemblies by accession, {len(here)} of them here already")
    failed: dict[Wanted, str] = {}
    for each in here:
        row = each.folder.rows[each.accession]
        if objection := each.folder.objection(row, each.stated):
            failed[each] = objection
    with ExitStack() as held:
        for folder in dict.fromkeys(each.folder for each in missing):
            accessions = [each.accession for each in missing if each.folder is folder]
            held.enter_context(folder.writing(accessions))
        faults, untried = _fetch_missing(missing, source, order, say)
    failed |= faults
    if failed:
        sentences = [f"{each.accession}: {failed[each]}" for each in order.wanted if each in failed]
        raise FetchFailed(sentences, len(order.wanted), untried)
    return len(missing)


def check_bundle(order: Order, source: BundleSource) -> None:
    """Refuse a bundle that lacks a wanted assembly or holds a wrong one, before placing any.

    Raises
    ------
    InputRefused
        With every such accession.
    """
    missing = [each for each in order.wanted if not each.folder.holds(each.accession)]
    absent = [each.accession for each in missing if each.accession not in source.rows]
    problems: list[str] = []
    if absent:
        problems.append(
            f"the bundle does not hold {len(absent)} of {len(order.wanted)} assemblies; write one "
            "that does with --bundle, on a machine with network and with these tables: "
            f"{', '.join(dict.fromkeys(absent))}"
        )
    for each in missing:
        if each.accession not in source.rows:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            try:
                row = source.obtain(each, Path(scratch) / "assembly")
            except OnecloneError as error:
                problems.append(f"{each.accession}: {_words(each, error)}")
            else:
                objection = each.folder.objection(row, each.stated)
                problems += [f"{each.accession}: {objection}"] if objection else []
    if problems:
        raise InputRefused(problems)


def bundle_assemblies(order: Order, path: Path) -> str:
    """Write everything that is wanted, all of it here, to a bundle; return the bundle's sha256."""
    chosen: dict[str, AssemblyFolder] = {}
    for each in order.wanted:
        chosen.setdefault(each.accession, each.folder)
    files = {folder.file(accession): folder.rows[accession] for accession, folder in chosen.items()}
    write_bundle(path, files)
    return file_sha256(path)


def _fetch_missing(
    missing: Sequence[Wanted], source: Source, order: Order, say: Callable[[str], object]
) -> tuple[dict[Wanted, str], int]:
    """Fetch one by one; return the failed ones with the reason, and how many were not tried."""
    failed: dict[Wanted, str] = {}
    for number, each in enumerate(missing, start=1):
        try:
            row = _fetch_one(each, source, order)
        except ServiceUnusable as error:
            failed[each] = f"{error}; {WITHOUT_NETWORK}"
            return failed, len(missing) - number
        except OSError as error:
            raise each.folder.unwritable(error) from error
        except OnecloneError as error:
            failed[each] = _words(each, error)
            say(f"{number} of {len(missing)}: {each.accession} failed: {error}")
        else:
            say(f"{number} of {len(missing)}: {_line(each, row)}")
    return failed, 0


def _fetch_one(wanted: Wanted, source: Source, order: Order) -> FetchedAssembly:
    """Place one assembly, copied from the folder of the other table when it is there."""
    accession, folder = wanted.accession, wanted.folder
    others = [
        each.folder
        for each in order.wanted
        if each.accession == accession
        and each.folder is not folder
        and each.folder.holds(accession)
    ]

    def obtain(target: Path) -> FetchedAssembly:
        """Write the file to a path."""
        if others:
            return folder.copy_from(others[0], accession, target)
        return source.obtain(wanted, target)

    return folder.place(accession, obtain, wanted.stated)


def _line(wanted: Wanted, row: FetchedAssembly) -> str:
    """Return what to say of an assembly that was fetched."""
    size = wanted.folder.file(wanted.accession).stat().st_size / MEGABYTE
    named = " ".join(text for text in (row.organism, row.strain) if text) or "organism not stated"
    contigs = f"{row.contigs} contig{'s' if row.contigs > 1 else ''}"
    return f"{wanted.accession}, {size:.1f} MB, {row.bases} bases in {contigs}, {named}"


def _words(wanted: Wanted, error: OnecloneError) -> str:
    """Return what went wrong with one assembly and what to do."""
    if isinstance(error, AssemblyRejected):
        return f"its FASTA cannot be used: {error.detail}; {LOOK_UP.format(wanted.accession)}"
    if isinstance(error, ZipRefused):
        return f"{error}; {LOOK_UP.format(wanted.accession)}"
    return str(error)
