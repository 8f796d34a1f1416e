"""Vary one setting of calls and masks at a time: the figures that chose each default.

Every table has one row per value, the default marked, and the same columns: on sets with truth
the differences above it, those missed and the bases compared; on real assemblies of one strain
the SNPs that are found, of which none is real.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from oneclone import intervals
from oneclone.aligning import Alignment, align_contigs, open_index
from oneclone.calling import call_bases
from oneclone.distances import compare, profile
from oneclone.masking import find_repeats
from oneclone.model.calls import Intervals, ReferenceSequence
from oneclone.model.settings import CallingSettings, RepeatSettings, Settings
from oneclone.plan import read_settings
from oneclone.sequences import canonical_contigs
from oneclone.simulation.model import ScenarioName
from oneclone.simulation.outbreak import SimulationSettings, simulate
from oneclone.simulation.scenarios import scenario
from oneclone.steps.index_reference import as_reference, prepare
from oneclone.tables.fasta import read_assembly
from oneclone.tables.simulated_folder import write_outbreak
from tests.conftest import SHARED_DATA
from tests.integration.workflow import read_json, rows

MAX_BASES = 50_000_000
CLOSE_SNPS = 100
MIN_SHARED = 0.8
OTHERS = ("CTX-DCC1", "CTX-DCC2", "CTX-bol")  # simulated isolates of other subspecies
CALLING_VALUES: Mapping[str, Sequence[Any]] = {
    "preset": ("asm5", "asm10", "asm20"),
    "end_trim_bp": (0, 25, 50, 100, 200),
    "indel_margin_bp": (0, 5, 10, 20),
    "min_mapq": (0, 20, 60),
    "min_block_bp": (200, 1000, 5000),
}
REPEAT_VALUES: Mapping[str, Sequence[Any]] = {
    "kmer_bp": (19, 25, 31),
    "min_identity_percent": (80, 85, 95),
    "max_period_bp": (0, 100, 200, 500),
    "min_tandem_score": (18, 24, 40),
}
Truth = Mapping[tuple[str, str], tuple[int, int]]  # SNPs and shared bases by names


@dataclass
class TunedSet:
    """Assemblies on one reference with the truth of their close pairs."""

    name: str
    reference: Path
    assemblies: Mapping[str, Path]
    truth: Truth
    sequences: dict[str, Any] = field(default_factory=dict)

    def score(self, calling: CallingSettings, repeats: RepeatSettings) -> tuple[int, int, int, int]:
        """Return differences above truth, missed, true ones, and compared bases of all pairs."""
        sequence, contigs = self._sequences()
        mask = self._mask(calling.preset, repeats)
        length = sequence.length_bp
        profiles = {
            name: profile(
                call_bases(self._aligned(name, calling.preset), each, sequence, calling),
                mask,
                length,
            )
            for name, each in contigs.items()
        }
        above = missed = true = compared = 0
        for (one, two), (snps, _) in self.truth.items():
            found = compare(profiles[one], profiles[two])
            counted = len(found.differences)
            above += max(0, counted - snps)
            missed += max(0, snps - counted)
            true += snps
            compared += found.callable_bp
        return above, missed, true, compared

    @property
    def shared_bp(self) -> int:
        """Bases that the truth says the pairs share; 0 where it does not say."""
        return sum(shared for _, shared in self.truth.values())

    def _sequences(self) -> tuple[ReferenceSequence, dict[str, tuple[bytes, ...]]]:
        """Return the reference and the contigs of each assembly, read once."""
        if not self.sequences:
            names = {name for pair in self.truth for name in pair}
            self.sequences["reference"] = as_reference(read_assembly(self.reference, MAX_BASES))
            self.sequences["contigs"] = {
                name: canonical_contigs(read_assembly(self.assemblies[name], MAX_BASES).contigs)
                for name in sorted(names)
            }
        return self.sequences["reference"], self.sequences["contigs"]

    def _index(self, preset: str) -> Path:
        """Return the index of the reference, written once for each preset."""
        if ("index", preset) not in self.sequences:
            index = Path(tempfile.mkdtemp()) / "reference.mmi"
            default = read_settings({"isolates": "-", "panel": "-"}).repeats
            repeats = prepare(self._sequences()[0], index, preset, default)
            self.sequences["index", preset] = index
            self.sequences["mask", preset, default] = repeats
        return self.sequences["index", preset]

    def _aligned(self, name: str, preset: str) -> tuple[Alignment, ...]:
        """Return the alignments of an assembly, made once for each preset."""
        key = ("aligned", name, preset)
        if key not in self.sequences:
            aligner = open_index(self._index(preset), preset)
            sequence, contigs = self._sequences()
            self.sequences[key] = align_contigs(contigs[name], aligner, sequence)
        return self.sequences[key]

    def _mask(self, preset: str, repeats: RepeatSettings | None) -> Intervals:
        """Return the repeats of the reference; none when repeats are not looked for."""
        if repeats is None:
            return intervals.empty()
        index = self._index(preset)
        key = ("mask", preset, repeats)
        if key not in self.sequences:
            aligner = open_index(index, preset, all_chains=True)
            self.sequences[key] = find_repeats(self._sequences()[0], aligner, repeats)
        return self.sequences[key]


def simulated_set(folder: Path) -> TunedSet:
    """Return the drafts of one subspecies of a simulated outbreak of 1 Mb."""
    genome_bp = 1_000_000
    outbreak = simulate(
        scenario(ScenarioName.POINT_SOURCE, genome_bp), SimulationSettings(1, genome_bp, 25)
    )
    write_outbreak(folder, outbreak)
    table = {row["isolate"]: folder / row["assembly"] for row in rows(folder / "isolates.tsv")}
    files = {
        name: path for name, path in table.items() if path.is_file() and not name.startswith(OTHERS)
    }
    reference = next(
        folder / "panel" / row["assembly"]
        for row in rows(folder / "panel" / "references.tsv")
        if row["kind"] == "type_strain" and row["subspecies"] == "massiliense"
    )
    return TunedSet("simulated, 1 Mb", reference, files, _truth(folder / "truth.json", files))


def real_sets() -> Iterator[TunedSet]:
    """Give the sets that lie beside the repository."""
    clinic = SHARED_DATA / "mabs-clinic"
    if clinic.is_dir():
        lineage = read_json(clinic / "truth.json")["subspecies"]
        files = {
            name: clinic / "asm" / f"{name}.fna.gz"
            for name, kind in lineage.items()
            if kind == "massiliense"
        }
        yield TunedSet(
            "semi-real, 5 Mb",
            clinic / "asm" / "MAS_TYPE.fna.gz",
            files,
            _truth(clinic / "truth.json", files),
        )
    ring = SHARED_DATA / "listeria-ringtrial10"
    if ring.is_dir():
        files = {path.name[: -len(".fna.gz")][-3:]: path for path in sorted(ring.glob("*.fna.gz"))}
        pairs = {("L03", "L04"): (0, 0), ("L05", "L06"): (0, 0)}
        reference = SHARED_DATA / "listeria-cfsan" / "CFSAN023463.HGAP.draft.fna.gz"
        yield TunedSet("two strains, drafts", reference, files, pairs)
    polishing = SHARED_DATA / "listeria-polishing"
    if polishing.is_dir():
        files = {path.name.split(".")[-3]: path for path in sorted(polishing.glob("*.fna.gz"))}
        pairs = {("ont", "reference"): (0, 0), ("lowqual", "reference"): (0, 0)}
        yield TunedSet("one strain, three assemblies", files["reference"], files, pairs)


def _truth(path: Path, files: Mapping[str, Path]) -> Truth:
    """Return the close pairs of a truth file among some assemblies."""
    found = {}
    pairs = read_json(path)["pairs"]
    longest = max(pair["shared_bp"] for pair in pairs)
    for pair in pairs:
        one, two = sorted((pair.get("a") or pair["first"], pair.get("b") or pair["second"]))
        is_close = pair["raw"] == pair["clonal"] <= CLOSE_SNPS
        # A pair that shares little is below the callable floor of a run and counts for nothing.
        is_shared = pair["shared_bp"] >= MIN_SHARED * longest
        if one in files and two in files and is_close and is_shared:
            found[one, two] = (pair["clonal"], pair["shared_bp"])
    return found


def measure(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Return one table for each setting, as rows of column and value."""
    sets = [simulated_set(folder / "tuning"), *real_sets()]
    default = read_settings({"isolates": "-", "panel": "-"})
    tables: dict[str, list[dict[str, object]]] = {"repeats": _without_repeats(sets, default)}
    for name, values in CALLING_VALUES.items():
        usual = getattr(default.calling, name)
        tables[f"calling.{name}"] = [
            _row(sets, value, usual, replace(default.calling, **{name: value}), default.repeats)
            for value in values
        ]
    for name, values in REPEAT_VALUES.items():
        usual = getattr(default.repeats, name)
        tables[f"repeats.{name}"] = [
            _row(sets, value, usual, default.calling, replace(default.repeats, **{name: value}))
            for value in values
        ]
    return tables


def _without_repeats(sets: Sequence[TunedSet], default: Settings) -> list[dict[str, object]]:
    """Return the scores with and without the mask of repeats."""
    return [
        _row(sets, name, "masked", default.calling, repeats)
        for name, repeats in (("masked", default.repeats), ("not masked", None))
    ]


def _row(
    sets: Sequence[TunedSet],
    value: object,
    usual: object,
    calling: CallingSettings,
    repeats: RepeatSettings | None,
) -> dict[str, object]:
    """Return the scores of one value on every set."""
    row: dict[str, object] = {"value": f"**{value}**" if value == usual else f"{value}"}
    for each in sets:
        above, missed, true, compared = each.score(calling, repeats)
        if each.shared_bp:
            share = 100 * compared / each.shared_bp
            row[each.name] = f"{above}; {100 * missed / true:.1f} % of {true}; {share:.1f} %"
        else:
            row[each.name] = f"{above}; {compared / len(each.truth) / 1e6:.3f} Mb"
    return row
