"""The species of simulated outbreaks: its depth, its reference panel, its lineages."""

from collections.abc import Sequence

from oneclone.simulation.model import Clade, PanelRow

SUBSPECIES_SHARE = 0.017  # substitutions per site from the species' root to a subspecies
CLONE_SHARE = 0.0025  # from there to a clone
CLINICS = {
    "Clinic 1": ("32.50", "-117.00"),
    "Clinic 2": ("31.60", "-114.35"),
    "Clinic 3": ("20.70", "-103.30"),
}  # latitude and longitude
BACKBONE_SNPS = 60  # between two partings of the lineages of a subspecies

PANEL = (
    PanelRow("ABS_TYPE", "abscessus", "DCC1", is_type_strain=True),
    PanelRow("MAS_TYPE", "massiliense", "", is_type_strain=True),
    PanelRow("BOL_TYPE", "bolletii", "", is_type_strain=True),
    PanelRow("DCC2_REF", "abscessus", "DCC2", is_type_strain=False),
    PanelRow("DCC3_REF", "massiliense", "DCC3", is_type_strain=False),
    PanelRow("DCC6_REF", "massiliense", "DCC6", is_type_strain=False),
    PanelRow("DCC7_REF", "massiliense", "DCC7", is_type_strain=False),
)


def ladder(
    first: Sequence[Clade], last: Sequence[Clade], snps: int = BACKBONE_SNPS
) -> tuple[Clade, ...]:
    """Return clades that part one after the other, `snps` substitutions between two partings."""
    below = tuple(last)
    for clade in reversed(first[1:]):
        below = (clade, Clade("", snps, below))
    return (first[0], Clade("", snps, below))
