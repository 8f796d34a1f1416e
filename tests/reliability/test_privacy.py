"""A release gives nothing of the laboratory away, and says what its run says."""

import base64
import gzip
import html
import io
import json
import re
import shutil
import stat
import urllib.parse
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oneclone.coarsening import Dates
from oneclone.commands.finished_run import load_finished_run
from oneclone.commands.leak_test import LeakTest, Released, plan_leak_test, refuse_leaks
from oneclone.commands.pseudonymise import ReleaseRequest, pseudonymise
from oneclone.commands.share_clones import share_clones
from oneclone.errors import InputRefused, OnecloneError
from oneclone.leak_search import Value, untestable
from oneclone.model.isolates import Role
from oneclone.pseudonymised import Coarseness, pseudonymised
from oneclone.pseudonyms import DIGITS, Secret, coded, lettered
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.delimited import write_table
from oneclone.tables.run_plan import read_isolates
from oneclone.tables.simulated_folder import write_outbreak
from tests.integration.workflow import read_json, rows
from tests.pipeline import Pipeline, contents
from tests.reliability.trials import Part, trial

GENOME_BP = 60_000
NAMES = {
    "PtA-CSF": "Müller, Ann <b>\"CSF\" & 'x'",
    "PtB-elbow": "\u202eJosé Núñez\u202c $(id) {{7*7}}",
    "PtC": "=HYPERLINK(A1)|Holm",
}
CLINICS = {"Clinic 1": "Spital Zürich/Süd", "Clinic 2": "St. Mary's <Ward 9>", "Clinic 3": "Ålborg"}
FURTHER = {
    "Ward note": "seen by Dr. O'Hara; tel +41 44 555 01 23",
    "MRN": "0047113302",
    "url": "https://his.example/p?id=9&n=Ann M",
}
LISTED = {"user", "host", "country"}  # may be words of the report too: the world map has countries
QUICK = {
    "tree": {"large_set": 0, "alrt_replicates": 1000},
    "robustness": {"assess": False},
    "investigation": "Bath salts </script> 2022",
}


def nasty_table(folder: Path) -> None:
    """Give every field of a simulated table, and its files, what must not be given away."""
    table = rows(folder / "isolates.tsv")[:19]
    for number, row in enumerate(table):
        name = NAMES.get(row["isolate"], f"Kontext Nr. {number:03d}")
        if row["assembly"]:
            file = folder / row["assembly"]
            sequence = gzip.decompress(file.read_bytes()).replace(b">", b">Frau_Holm_")
            target = folder / "Akten Müller" / f"{number} Ann's isolate.fna.gz"
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(gzip.compress(sequence, mtime=0))
            row["assembly"] = str(target)
        row |= {
            "isolate": name,
            "patient": f"Pat. {row['patient']} Holm-{number}",
            "clinic": CLINICS.get(row["clinic"], ""),
            "laboratory": row["laboratory"] and 'Labor "Nord" & Co',
            "sequencing_run": row["sequencing_run"] and f"{row['sequencing_run']}/22-11-18 NB",
            "extraction_batch": row["extraction_batch"] and f"%s{row['extraction_batch']}\\n",
            **FURTHER,
        }
        if row["latitude"]:
            row |= {"latitude": "47.376941", "longitude": "8.541694"}
    protein, pipe = folder / "Akten Müller" / "Holm protein.fa", folder / "Akten Müller" / "Ordner"
    protein.write_text(">Patientin_Holm\nMKVLAAGIVGLLLAQEFPSW\n")
    pipe.mkdir()
    blank = dict.fromkeys(table[0], "")
    for name, path in (("Probe Holm 1", protein), ("Probe Holm 2", pipe)):
        table.append({**blank, "isolate": name, "assembly": str(path), "role": "context"})
    write_table(folder / "isolates.tsv", tuple(table[0]), table)


def run_here(working: Path, config: Mapping[str, Any], *_: object) -> None:
    """Run the steps of the workflow in this process, and say when."""
    given = {key: value for key, value in config.items() if key not in {"isolates", "panel"}}
    run = Pipeline(working, working / config["isolates"], working / config["panel"], **given)
    run.run()
    run.export()
    stamps = {"started": "2001-01-01T00:00:00+00:00", "finished": "2001-01-01T00:00:01+00:00"}
    (working / "results/provenance").mkdir(exist_ok=True)
    (working / "results/provenance/run.json").write_text(json.dumps(stamps))
    run.write_provenance()


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory) -> Path:
    """Run a small outbreak whose every field holds what must not leave the laboratory."""
    folder = tmp_path_factory.mktemp("lab")
    settings = SimulationSettings(seed=3, genome_bp=GENOME_BP, contigs=4)
    write_outbreak(folder, simulate(scenario(ScenarioName.POINT_SOURCE, GENOME_BP), settings))
    nasty_table(folder)
    config = {**QUICK, "isolates": "../isolates.tsv", "panel": "../panel"}
    (folder / "Fall Müller").mkdir()
    run_here(folder / "Fall Müller", {**config, "registry": ""})
    return folder


def request_of(laboratory: Path, name: str, **more: Any) -> ReleaseRequest:
    given = {"coarseness": Coarseness(Dates.YEAR, 5), **more}
    return ReleaseRequest(
        laboratory / "Fall Müller", laboratory / name, laboratory / "kept" / "key", **given
    )


@pytest.fixture(scope="module")
def released(laboratory) -> tuple[ReleaseRequest, Any]:
    """Release it once, and keep the working directory."""
    request = request_of(laboratory, "release", work=laboratory / "neutral")
    return request, pseudonymise(request, print, run_here)


def replayed(laboratory: Path):
    """Return a run that gives the results of the first release again, which cost nothing."""

    def run(working: Path, *_: object) -> None:
        shutil.copytree(laboratory / "neutral" / "results", working / "results")

    return run


def map_of(request: ReleaseRequest) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["kind"], row["internal"]): row for row in rows(request.map)}


# --- what is in a release ----------------------------------------------------------------------


@trial(
    Part.PRIVACY,
    "a run whose names, patients, clinics, dates, places, files and further columns hold HTML, "
    "quotes, bidi characters, formulas and umlauts, as a release",
    "none of its values is in any byte of it: plain, escaped, in base64 or packed",
)
def test_release_of_a_run_with_nasty_values_gives_none_away(laboratory, released):
    request, made = released
    texts = (*NAMES.values(), *CLINICS.values(), *FURTHER.values(), "47.376941", "2022-11-18")
    known = {value.text for value in made.test.tested}
    assert {*texts, QUICK["investigation"], "MRN", "Ward note"} <= known | {"MRN"}
    assert {str(laboratory / "Fall Müller"), "3 Ann's isolate.fna.gz"} <= known
    everything = b"\n".join(contents(request.out).values()).decode("utf-8", errors="replace")
    shown = everything + html.unescape(everything)
    for word in ("Müller", "Holm", "O'Hara", "Zürich", "Nord", "Kontext", "47.37", "2022-11"):
        assert word not in shown, word
    assert set(made.test.untested.values()) <= {
        "shorter than 4 characters: it occurs in any text by chance",
        "so short a number is also a count or a position on a genome",
        "also in the panel, or in oneclone's own words and labels",
        "shown in the release as it is",
    }
    untested = {value.text for value in made.test.untested if value.kind not in LISTED}
    assert untested <= {"MRN", "url", "/root", *map(str, range(2000, 2030))}


@trial(
    Part.PRIVACY,
    "sha256 of the laboratory's assemblies, in ledger, provenance and the bundle of clones",
    "neutral copies have others; the bundle of the release's working directory holds none either",
)
def test_no_checksum_of_an_assembly_is_given_away(laboratory, released, tmp_path):
    request, made = released
    shas = {row["sha256"] for row in rows(laboratory / "Fall Müller/results/ledger.tsv")}
    ours = rows(request.out / "results/ledger.tsv")
    of_isolates = {row["sha256"] for row in ours if row["role"] != "reference"} - {""}
    assert len(of_isolates) == 20
    assert not of_isolates & shas
    assert {row["sha256"] for row in ours if row["role"] == "reference"} <= shas
    share_clones(request.work, tmp_path / "bundle" / "clones.zip")
    assert refuse_leaks(made.test, tmp_path) == 1


def test_release_says_what_the_run_says_and_the_report_what_was_done(laboratory, released):
    request, made = released
    before = read_json(laboratory / "Fall Müller/results/verdict.json")
    after = read_json(request.out / "results/verdict.json")
    assert before["verdict"] == after["verdict"] == "single_clone"
    mapping = map_of(request)
    (clone,), (theirs,) = before["clones"], after["clones"]
    pseudonyms = sorted(mapping["isolate", name]["release"] for name in clone["members"])
    assert pseudonyms == sorted(theirs["members"])
    assert theirs["clinics"] == ["Clinic A", "Clinic B"] or len(theirs["clinics"]) == 2
    assert theirs["support"] == clone["support"]
    assert mapping["clone", clone["name"]]["release"] == theirs["name"] != clone["name"]
    report = (request.out / "results/report.html").read_text("utf-8")
    assert "Pseudonymised for sharing" in report
    assert all(html.escape(note) in report.replace("&#39;", "&#x27;") for note in made.notes)
    internal = (laboratory / "Fall Müller/results/report.html").read_text("utf-8")
    assert "Internal: names as typed; contains patient data" in internal
    states = {row["isolate"]: row["state"] for row in rows(request.out / "results/ledger.tsv")}
    assert states[mapping["isolate", "Probe Holm 2"]["release"]] == "quarantined"
    assert states[mapping["isolate", NAMES["PtC"]]["release"]] == "not_assessed"


def test_release_keeps_what_the_question_needs_and_coarsens_the_rest(released):
    request, _ = released
    mapping = map_of(request)
    isolates = rows(request.work / "isolates.tsv")
    assert [row["isolate"] for row in isolates] == sorted(row["isolate"] for row in isolates)
    (case,) = (
        r for r in isolates if r["isolate"] == mapping["isolate", NAMES["PtA-CSF"]]["release"]
    )
    assert case["collection_date"] == "2022"
    assert case["patient"].startswith("PAT-")
    assert case["clinic"] in {"Clinic A", "Clinic B", "Clinic C"}
    assert case["laboratory"] == "Laboratory A"
    assert {row["sequencing_run"] for row in isolates} == {"", "Run A", "Run B"}
    assert {row["country"] for row in isolates} == {"", "other"}  # no country has five patients
    assert set(isolates[0]) & {"latitude", "MRN", "Ward note"} == set()


def test_value_that_a_defect_left_in_a_row_is_looked_for(released):
    request, _ = released
    run = load_finished_run(request.directory)
    isolates = [
        each
        for each in read_isolates(run.state / "plan/isolates.json").values()
        if each.role is not Role.REFERENCE
    ]
    table = pseudonymised(isolates, Secret(bytes(32)), request.coarseness)
    broken = replace(
        table,
        rows=tuple(
            replace(row, cells={**row.cells, "clinic": row.isolate.clinic, "patient": "Ann"})
            for row in table.rows
        ),
    )
    test = plan_leak_test(run, isolates, Released(broken, request.out / "results"), ())
    assert {*CLINICS.values()} <= {value.text for value in test.tested}


def test_equal_runs_and_equal_keys_give_equal_bytes(laboratory, released):
    request, _ = released
    again = request_of(laboratory, "again.zip")
    pseudonymise(again, print, run_here)
    with zipfile.ZipFile(again.out) as opened:
        found = {name: opened.read(name) for name in opened.namelist()}
    assert found == contents(request.out)


@trial(
    Part.PRIVACY,
    "a release in which a value is left by a defect",
    "refused with the file and the value; nothing is published",
)
@pytest.mark.usefixtures("released")
def test_leak_is_refused_and_nothing_published(laboratory):
    def leaking(working: Path, *rest: object) -> None:
        replayed(laboratory)(working, *rest)
        report = working / "results/report.html"
        report.write_text(report.read_text("utf-8") + html.escape(NAMES["PtA-CSF"]), "utf-8")

    request = request_of(laboratory, "leaking")
    with pytest.raises(OnecloneError, match=r"results/report.html: isolate 'Müller, Ann"):
        pseudonymise(request, print, leaking)
    assert not request.out.exists()
    assert not request.map.exists()


@pytest.mark.usefixtures("released")
def test_other_findings_are_refused_and_nothing_published(laboratory):
    def differing(working: Path, *rest: object) -> None:
        replayed(laboratory)(working, *rest)
        pairs = working / "results/distances/pairs.tsv"
        head, first, *others = pairs.read_text("utf-8").splitlines(keepends=True)
        cells = first.split("\t")
        pairs.write_text("".join([head, "\t".join([*cells[:2], "99999", *cells[3:]]), *others]))

    request = request_of(laboratory, "differing")
    with pytest.raises(OnecloneError, match=r"in 1 places.*\npairs.tsv .*'99999'"):
        pseudonymise(request, print, differing)
    assert not request.out.exists()


# --- key, map and places -----------------------------------------------------------------------


@trial(
    Part.PRIVACY,
    "key and map of a release",
    "apart from it, readable by their owner alone; a key that others can read is refused",
)
def test_key_and_map_are_private_and_apart(laboratory, released):
    request, _ = released
    assert {stat.S_IMODE(p.stat().st_mode) for p in (request.key, request.map)} == {0o600}
    assert not {request.key.name, request.map.name} & {p.name for p in request.out.rglob("*")}
    open_key = laboratory / "open key"
    shutil.copy(request.key, open_key)
    open_key.chmod(0o644)
    with pytest.raises(InputRefused, match=r"others can read or change the key \(mode 644\)"):
        pseudonymise(replace(request, out=laboratory / "x", key=open_key, work=None), print)
    open_key.chmod(0o600)
    open_key.write_text("secret")
    with pytest.raises(InputRefused, match="is no key of 64 hexadecimal digits"):
        pseudonymise(replace(request, out=laboratory / "x", key=open_key, work=None), print)


def test_places_that_would_replace_or_hold_something_else_are_refused(laboratory, released):
    request, _ = released
    taken = laboratory / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("years of work")
    with pytest.raises(InputRefused) as refused:
        pseudonymise(replace(request, out=taken, key=taken / "key"), print)
    assert [problem.partition(": ")[2] for problem in refused.value.problems] == [
        "is there already and is not a release of oneclone; name another place",
        "the key would lie in the release; keep it apart",
        "is not empty; name an empty or absent folder",
    ]
    with pytest.raises(InputRefused, match="is the run of a release already"):
        pseudonymise(replace(request, directory=request.work, work=None), print)


def test_release_is_replaced_by_a_later_one(laboratory, released):
    request, _ = released
    before = contents(request.out)
    (request.out / "results/stale.tsv").write_text("stale\n")
    pseudonymise(replace(request, work=None), print, replayed(laboratory))
    assert contents(request.out) == before


# --- pseudonyms --------------------------------------------------------------------------------


def test_pseudonyms_depend_on_key_and_name_alone():
    secret, other = Secret(bytes(32)), Secret(bytes(31) + b"\1")
    one = coded(secret, "isolate", "ISO", ["a", "e\u0301"])
    assert coded(secret, "isolate", "ISO", ["\u00e9", "b"])["\u00e9"] == one["e\u0301"]
    assert coded(other, "isolate", "ISO", ["a"])["a"] != one["a"]
    assert coded(secret, "patient", "ISO", ["a"])["a"] != one["a"]
    assert "key" not in repr(secret)


def test_pseudonyms_that_would_be_one_get_more_digits(monkeypatch):
    monkeypatch.setattr("oneclone.pseudonyms.DIGITS", 1)
    names = [f"isolate {number}" for number in range(100)]
    found = coded(Secret(bytes(32)), "isolate", "ISO", names)
    assert len(set(found.values())) == 100
    assert max(map(len, found.values())) < len("ISO-") + DIGITS


def test_order_of_letters_is_not_that_of_names():
    names = [f"clinic {letter}" for letter in "abcdefgh"]
    orders = {
        tuple(sorted(names, key=lettered(Secret(bytes([k] * 32)), "clinic", "Clinic", names).get))
        for k in range(5)
    }
    assert len(orders) == 5
    assert tuple(names) not in orders


# --- the leak test -----------------------------------------------------------------------------


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("xl/sharedStrings.xml", content)
    return packed.getvalue()


NAME = "Müller <Ann> & \U0001f9ea 'x'"
PLAIN = NAME.encode()
HIDDEN = {
    "plain": PLAIN,
    "other case, decomposed": b"MU\xcc\x88LLER " + NAME[7:].upper().encode(),
    "HTML": html.escape(NAME).encode(),
    "HTML by number": "".join(f"&#{ord(letter)};" for letter in NAME).encode(),
    "JSON": json.dumps({"a": [NAME]}).encode(),
    "JSON in HTML": html.escape(json.dumps(NAME)).encode(),
    "JSON in a script": json.dumps(NAME).replace("<", "\\u003c").encode(),
    "URL": urllib.parse.quote(NAME).encode(),
    "each blank and sign as _": re.sub(r"\W", "_", NAME.casefold()).encode(),
    "blanks and signs as one _": "x_m\u00fcller_ann_x_".encode(),
    "base64": b'"blob":"data:text/csv;base64,' + base64.b64encode(b"a,b\n" + PLAIN) + b'"',
    "base64 for URLs": base64.urlsafe_b64encode(b"\xff\xfe?" + PLAIN),
    "gzip": gzip.compress(PLAIN),
    "zip": zipped(html.escape(NAME).encode()),
    "gzip in zip in base64": base64.b64encode(zipped(gzip.compress(PLAIN))),
}


@trial(
    Part.PRIVACY,
    f"a name hidden in a release as {', '.join(HIDDEN)}",
    "found, with the file it is in",
)
@pytest.mark.parametrize("form", HIDDEN)
def test_hidden_value_is_found(form, tmp_path):
    before = b"" if form in {"gzip", "zip"} else b"ACGT" * 99 + b"\n"
    (tmp_path / "a.bin").write_bytes(before + HIDDEN[form])
    test = LeakTest((Value("isolate", "something else"), Value("patient", NAME)), {})
    with pytest.raises(OnecloneError, match=r"\na.bin: patient '"):
        refuse_leaks(test, tmp_path)


def test_value_in_the_name_of_a_file_is_found(tmp_path):
    (tmp_path / "tree of anna holm.nwk").write_text("();\n")
    with pytest.raises(OnecloneError, match="Anna Holm"):
        refuse_leaks(LeakTest((Value("patient", "Anna Holm"),), {}), tmp_path)


def test_short_value_is_found_as_a_word_and_not_inside_another(tmp_path):
    test = LeakTest((Value("patient", "Holm"),), {})
    (tmp_path / "a.txt").write_text("Stockholm, Holmes\n")
    assert refuse_leaks(test, tmp_path) == 1
    (tmp_path / "a.txt").write_text("Stockholm,(holm)\n")
    with pytest.raises(OnecloneError, match="stockholm,.holm"):
        refuse_leaks(test, tmp_path)


@pytest.mark.parametrize(
    ("text", "is_tested"),
    [
        ("1", False), ("Pt1", False), ("1234567", False), ("12.5", False), ("12345678", True),
        ("2022-10-18", True), ("2022-10", True), ("47.3769", True), ("PtA1", True), ("Ål bo", True),
    ],
)  # fmt: skip
def test_values_that_cannot_be_looked_for_are_told(text, is_tested):
    assert (untestable(Value("x", text)) == "") is is_tested
