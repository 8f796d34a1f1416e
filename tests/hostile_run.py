"""An outbreak in which every text that a user can write does harm somewhere, were it believed."""

import gzip
from pathlib import Path

import yaml

from oneclone.model.isolates import Role
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.tables.simulated_folder import write_isolates, write_outbreak
from tests.pipeline import Pipeline

GENOME_BP = 60_000
STRAY = "PWNED"  # what a command in a name would leave behind
SCRIPT = "document.title='pwned'"
PAYLOADS = (
    f"$(touch {STRAY})",
    f"`touch {STRAY}`; rm -rf x & | #",
    "../../escaped",
    "/etc/escaped",
    "CON",
    "{wildcard} {0.__class__} %s %n",
    "{{7*7}} ${x} <%= 7 %>",
    f'"><img src=http://localhost/x onerror="{SCRIPT}">',
    f"</script><script>{SCRIPT}</script>",
    f"<svg onload={SCRIPT}>",
    f"javascript:{SCRIPT}",
    "a,(b:0.1)'c\";[&!x=1]",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "-2+3+cmd",
    "+1+cmd",
    "\u202eright to left",
    "\u2067isolated\u2069\u2069",
    "zero\u200bwidth\ufeff",
    "-n",
    "x" * 300,
)


def payload(number: int) -> str:
    return PAYLOADS[number % len(PAYLOADS)]


def write_hostile(folder: Path) -> dict[str, str]:
    """Write table, panel and assemblies; return the names of isolates as simulated by payload."""
    settings = SimulationSettings(1, GENOME_BP, 4)
    outbreak = simulate(scenario(ScenarioName.POINT_SOURCE, GENOME_BP), settings)
    write_outbreak(folder, outbreak)
    kept = list(outbreak.scenario.rows)
    kept.sort(key=lambda row: (row.role is not Role.CASE, not row.isolate.startswith("CTX-DCC7")))
    write_isolates(folder / "isolates.tsv", kept[: len(PAYLOADS)])
    lines = (folder / "isolates.tsv").read_text("utf-8").splitlines()
    header = lines[0].split("\t")
    extra = [payload(number) for number in (7, 8, 12, 16)]
    table = ["\t".join([*header, *extra])]
    names = {}
    for number, line in enumerate(lines[1:]):
        cells = dict(zip(header, line.split("\t"), strict=True))
        names[payload(number)] = cells["isolate"]
        cells["isolate"] = payload(number)
        if cells["assembly"]:
            cells["assembly"] = _rename(folder, cells["assembly"], number)
        fields = ("patient", "clinic", "laboratory", "sequencing_run", "extraction_batch")
        for place, field in enumerate((*fields, "country"), start=1):
            if cells.get(field):
                cells[field] = f"{payload(number + place)} {number if field == 'patient' else ''}"
        more = [payload(number + place) for place in range(len(extra))]
        table.append("\t".join([*cells.values(), *more]))
    (folder / "isolates.tsv").write_text("\n".join(table) + "\n", "utf-8")
    _write_panel(folder / "panel")
    return names


def _rename(folder: Path, assembly: str, number: int) -> str:
    """Give the file of an assembly a payload for a name, and its contigs one for a header."""
    old = folder / assembly
    lines = gzip.decompress(old.read_bytes()).decode().splitlines()
    renamed = [f">{payload(number)} {line}" if line.startswith(">") else line for line in lines]
    name = f"asm/{number} {payload(number).replace('/', '|')[:100]}.fna"
    (folder / name).write_text("\n".join(renamed) + "\n", "utf-8")
    return name


def _write_panel(panel: Path) -> None:
    """Put payloads into the texts of a panel."""
    keys = yaml.safe_load((panel / "panel.yaml").read_text("utf-8"))
    keys |= {"name": payload(8), "organism": payload(7), "version": payload(12)}
    keys["thresholds"]["citation"] = payload(9)
    names = {}
    lines = (panel / "references.tsv").read_text("utf-8").splitlines()
    table = [lines[0]]
    for number, line in enumerate(lines[1:]):
        reference, assembly, _, subspecies, clone, kind, _ = line.split("\t")
        names[reference] = f"{payload(number + 7)} {number}"
        assembly = _with_hostile_contigs(panel, assembly, number)
        clone = clone and f"{payload(number + 8)} {clone}"
        cells = (names[reference], assembly, "", subspecies, clone, kind, payload(number + 9))
        table.append("\t".join(cells))
    keys["species_reference"] = names[keys["species_reference"]]
    (panel / "references.tsv").write_text("\n".join(table) + "\n", "utf-8")
    (panel / "panel.yaml").write_text(yaml.safe_dump(keys, allow_unicode=True), "utf-8")


def _with_hostile_contigs(panel: Path, assembly: str, number: int) -> str:
    """Give each contig of a reference a payload for its name, as far as that is one word."""
    lines = gzip.decompress((panel / assembly).read_bytes()).decode().splitlines()
    heads = [at for at, line in enumerate(lines) if line.startswith(">")]
    for at in heads:
        lines[at] = f">{''.join(payload(number + at).split())}_{number}_{at}"
    (panel / f"{number}.fna").write_text("\n".join(lines) + "\n", "utf-8")
    return f"{number}.fna"


def run_hostile(folder: Path) -> None:
    """Run the outbreak with exports, figures, provenance and a registry."""
    write_hostile(folder)
    run = Pipeline(
        folder / "work",
        folder / "isolates.tsv",
        folder / "panel",
        registry="registry.sqlite",
        investigation=payload(8),
    )
    run.run()
    run.export()
    run.draw()
    run.write_provenance()
