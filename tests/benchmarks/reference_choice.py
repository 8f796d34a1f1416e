"""Count the case pairs of the semi-real outbreak on three references: rule, species, a case."""

import tempfile
from pathlib import Path

from oneclone.commands.compare_assemblies import compare_assemblies
from oneclone.coverage import coverage
from oneclone.model.pairs import ordered
from oneclone.plan import read_settings
from tests.conftest import SHARED_DATA
from tests.integration.engine import called_on
from tests.integration.workflow import read_json

CASES = ("PtA-CSF", "PtB-elbow", "PtC-kneeL", "PtC-kneeR")
REFERENCES = {
    "MAS_TYPE": "type strain of the subspecies",
    "ATCC_19977": "species reference",
    "PtA-CSF": "assembly of a case",
}


def measure(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Return one table, empty where the data set is absent; the folder is not used."""
    del folder
    data = SHARED_DATA / "mabs-clinic"
    if not data.is_dir():
        return {}
    files = [data / "asm" / f"{name}.fna.gz" for name in CASES]
    truth = {
        ordered(pair["a"], pair["b"]): pair["clonal"]
        for pair in read_json(data / "truth.json")["pairs"]
    }
    settings = read_settings({"isolates": "-", "panel": "-"})
    found: list[dict[str, object]] = []
    for reference, kind in REFERENCES.items():
        path = data / "asm" / f"{reference}.fna.gz"
        counted = list(compare_assemblies(path, files, settings))
        errors = [(pair.snps or 0) - truth[pair.first, pair.second] for pair in counted]
        with tempfile.TemporaryDirectory() as place:
            lacking = [
                coverage(*called_on(path, each, settings, Path(place))).unplaced_percent
                for each in files
            ]
        least = min(pair.callable_bp for pair in counted)
        most = max(pair.callable_bp for pair in counted)
        found.append(
            {
                "reference": f"{reference} ({kind})",
                "pairs": len(counted),
                "exact": sum(error == 0 for error in errors),
                "SNPs above the truth": sum(max(0, error) for error in errors),
                "missed": sum(max(0, -error) for error in errors),
                "bases compared": f"{least / 1e6:.3f} to {most / 1e6:.3f} Mb",
                "unplaced": f"{min(lacking):.2f} to {max(lacking):.2f} %",
            }
        )
    return {"Case pairs by reference": found}
