"""Isolates: the rows of the isolate table and, with role `reference`, of the clone panel."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ROW_ID_DIGITS = 10
# Columns of the isolate table that say who, where and when; further ones are the user's own.
METADATA = (
    "patient",
    "clinic",
    "collection_date",
    "country",
    "latitude",
    "longitude",
    "laboratory",
    "sequencing_run",
    "extraction_batch",
)


class Role(StrEnum):
    """Why an isolate is in the run."""

    CASE = "case"
    CONTEXT = "context"
    SOURCE = "source"
    REFERENCE = "reference"


class State(StrEnum):
    """What became of a row: the ledger has one of these for each."""

    USED = "used"
    QUARANTINED = "quarantined"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True)
class Place:
    """Position of a clinic in decimal degrees, north and east positive."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Isolate:
    """One row of the isolate table, or one panel reference.

    `assembly` is the sha256 of the assembly file, empty for a patient without an isolate.
    Blank text means unknown; two blanks are never the same patient, clinic or laboratory.
    """

    row_id: str
    name: str
    role: Role
    assembly: str
    patient: str = ""
    clinic: str = ""
    collection_date: str = ""
    country: str = ""
    place: Place | None = None
    laboratory: str = ""
    sequencing_run: str = ""
    extraction_batch: str = ""
    extra: Mapping[str, str] = field(default_factory=dict[str, str])


def extra_columns(isolates: Iterable[Isolate]) -> list[str]:
    """Return the user's own columns, in the order in which they come up."""
    return list(dict.fromkeys(column for isolate in isolates for column in isolate.extra))


def row_id(name: str) -> str:
    """Return the internal id of a row: letters and digits only, the same for the same name.

    Parameters
    ----------
    name
        Name as typed; composed (NFC) and trimmed before it is hashed.

    Examples
    --------
    >>> row_id("PtA-CSF")
    'I2edec3f3da'
    >>> row_id(" PtA-CSF ") == row_id("PtA-CSF")
    True
    """
    normal = normal_name(name)
    return "I" + hashlib.sha256(normal.encode()).hexdigest()[:ROW_ID_DIGITS]


def normal_name(name: str) -> str:
    r"""Return a name composed (NFC) and trimmed: two rows may not share this form.

    Examples
    --------
    >>> normal_name(" e\u0301 ")
    'é'
    """
    return unicodedata.normalize("NFC", name).strip()
