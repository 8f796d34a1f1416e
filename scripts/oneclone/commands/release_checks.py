"""A release says what its run says: the same verdict, clones, distances and states of rows."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oneclone.errors import OnecloneError
from oneclone.tables.delimited import read_table
from oneclone.tables.json_files import read_json

OF_VERDICT = ("verdict", "exclusive", "distinct_from_panel")
OF_PAIR = ("snps", "snps_raw", "callable_bp", "recombinant_bp", "reference")
OF_ROW = ("role", "state", "reason")
SHOWN = 5

Findings = Mapping[str, object]


def refuse_other_findings(run: Path, release: Path, name_of: Mapping[str, str]) -> None:
    """Refuse a release that says something else than the run.

    Parameters
    ----------
    run, release
        Folders of results.
    name_of
        Pseudonym of each isolate.

    Raises
    ------
    OnecloneError
        With the first differences.
    """
    expected = dict(_findings(run, name_of))
    found = dict(_findings(release, {}))
    differing = sorted(key for key in {*expected, *found} if expected.get(key) != found.get(key))
    if differing:
        shown = [f"{key}: {expected.get(key)} in the run, {found.get(key)}" for key in differing]
        raise OnecloneError(
            f"the release says something else than the run in {len(differing)} places, so nothing "
            "was written; please report it as a defect:\n" + "\n".join(shown[:SHOWN])
        )


def clone_names(results: Path, name_of: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Return the name of each clone by its members, in their new names."""
    clones: list[dict[str, Any]] = read_json(results / "verdict.json")["clones"]
    return {_named(clone["members"], name_of): clone["name"] for clone in clones}


def _findings(results: Path, name_of: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """Give what both must say, by the place where it stands, in the names of the release."""
    verdict = read_json(results / "verdict.json")
    for key in OF_VERDICT:
        yield f"verdict.json {key}", verdict[key]
    for clone in verdict["clones"]:
        members = ", ".join(_named(clone["members"], name_of))
        yield f"verdict.json clone of {members}", (clone["verdict"], clone["exclusive"])
    for row in read_table(results / "distances/pairs.tsv", OF_PAIR).rows:
        pair = _named((row["isolate_a"], row["isolate_b"]), name_of)
        cells = [name_of.get(row[each], row[each]) for each in OF_PAIR]
        yield f"pairs.tsv {pair[0]} and {pair[1]}", tuple(cells)
    for row in read_table(results / "verdict_pairs.tsv", ("verdict",)).rows:
        pair = _named((row["isolate_a"], row["isolate_b"]), name_of)
        yield f"verdict_pairs.tsv {pair[0]} and {pair[1]}", row["verdict"]
    for row in read_table(results / "ledger.tsv", OF_ROW).rows:
        name = name_of.get(row["isolate"], row["isolate"])
        yield f"ledger.tsv {name}", tuple(row[each] for each in OF_ROW)


def _named(names: tuple[str, ...] | list[str], name_of: Mapping[str, str]) -> tuple[str, ...]:
    """Return names as in the release, sorted; references keep theirs."""
    return tuple(sorted(name_of.get(name, name) for name in names))
