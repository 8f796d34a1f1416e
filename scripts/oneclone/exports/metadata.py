"""Metadata under the names of two standards, for submission after a check by hand.

Nothing is invented: a column of a standard holds what the isolate table has under that name or
in the column that means the same, else the standard's term for a missing value.
"""

from collections.abc import Mapping

from oneclone.exports.exported_run import Cells, ExportedRun
from oneclone.exports.text import table_text
from oneclone.model.isolates import Isolate, Role, State, extra_columns
from oneclone.tables.delimited import distinct_column

NOT_PROVIDED = "not provided"  # the term of INSDC and PHA4GE
RESULTS = "oneclone_"  # in front of what this run found
PRECISION = {4: "year", 7: "month", 10: "day"}  # by the length of an ISO 8601 date
PHA4GE_COLUMNS = (
    "specimen_collector_sample_ID",
    "specimen_source_ID",
    "sample_collected_by",
    "sequenced_by",
    "sequence_submitted_by",
    "sample_collection_date",
    "sample_collection_date_precision",
    "geo_loc_name_country",
    "geo_loc_name_state_province_territory",
    "geo_loc_latitude",
    "geo_loc_longitude",
    "organism",
    "isolate",
    "host_scientific_name",
    "host_disease",
    "anatomical_material",
    "purpose_of_sampling",
    "purpose_of_sequencing",
)
NCBI_COLUMNS = (
    "sample_name",
    "organism",
    "strain",
    "isolate",
    "collected_by",
    "collection_date",
    "geo_loc_name",
    "host",
    "host_disease",
    "isolation_source",
    "lat_lon",
)
LEDGER_COLUMNS = ("state", "reason", "length_bp", "contigs", "n50_bp", "sha256")
TYPING_COLUMNS = ("subspecies", "nearest_reference", "panel_clone", "panel_clone_snps")


def pha4ge(run: ExportedRun) -> str:
    """Return a row for each isolate of the table, and what the run found of it.

    References of the panel and patients without an isolate are no samples of the laboratory.
    """
    rows = [
        isolate
        for isolate in run.all_rows
        if isolate.role is not Role.REFERENCE
        and run.ledger[isolate.name]["state"] != State.NOT_ASSESSED
    ]
    own = (
        f"{RESULTS}role",
        f"{RESULTS}clinic",
        *(f"{RESULTS}{name}" for name in (*LEDGER_COLUMNS, *TYPING_COLUMNS, "clone")),
    )
    others = [name for name in extra_columns(rows) if name not in PHA4GE_COLUMNS]
    carried = (distinct_column(name, own.__contains__, others, "table_{}") for name in others)
    columns = (*PHA4GE_COLUMNS, *own, *carried)
    return table_text(
        columns,
        (
            (
                *_of_standard(PHA4GE_COLUMNS, _pha4ge_values(run, isolate), isolate.extra),
                isolate.role,
                isolate.clinic,
                *_found(run, isolate.name),
                *(isolate.extra.get(name, "") for name in others),
            )
            for isolate in rows
        ),
    )


def ncbi_pathogen(run: ExportedRun) -> str:
    """Return a row for each used case under the names of NCBI's package Pathogen.cl.1.0.

    Only cases: context may be public already, sources need another package. The position of the
    clinic and the patient stay out of what is meant to be published.
    """
    cases = [isolate for isolate in run.isolates if isolate.role is Role.CASE]
    return table_text(
        NCBI_COLUMNS,
        (_of_standard(NCBI_COLUMNS, _ncbi_values(run, case), case.extra) for case in cases),
    )


def _of_standard(
    columns: tuple[str, ...], values: Mapping[str, str], extra: Mapping[str, str]
) -> list[str]:
    """Return the cells of a standard's columns: the table's own, what means the same, missing."""
    return [extra.get(name, "").strip() or values.get(name, "") or NOT_PROVIDED for name in columns]


def _pha4ge_values(run: ExportedRun, isolate: Isolate) -> dict[str, str]:
    """Return what the isolate table says under other names."""
    place = isolate.place
    return {
        "specimen_collector_sample_ID": isolate.name,
        "specimen_source_ID": isolate.patient,
        "sample_collected_by": isolate.extra.get("collected_by", ""),
        "sequenced_by": isolate.laboratory,
        "sample_collection_date": isolate.collection_date,
        "sample_collection_date_precision": PRECISION.get(len(isolate.collection_date), ""),
        "geo_loc_name_country": isolate.country,
        "geo_loc_latitude": str(place.latitude) if place else "",
        "geo_loc_longitude": str(place.longitude) if place else "",
        "organism": _organism(run, isolate),
        "isolate": isolate.name,
        "host_scientific_name": isolate.extra.get("host", ""),
    }


def _ncbi_values(run: ExportedRun, isolate: Isolate) -> dict[str, str]:
    """Return what the isolate table says under other names, without what may identify a patient."""
    return {
        "sample_name": isolate.name,
        "organism": _organism(run, isolate),
        "isolate": isolate.name,
        "collected_by": isolate.extra.get("sample_collected_by", ""),
        "collection_date": isolate.collection_date,
        "geo_loc_name": isolate.country,
        "host": isolate.extra.get("host_scientific_name", ""),
    }


def _organism(run: ExportedRun, isolate: Isolate) -> str:
    """Return the panel's organism for an isolate that was found to be of it."""
    is_used = run.ledger[isolate.name]["state"] == State.USED
    return run.panel.organism if is_used else ""


def _found(run: ExportedRun, name: str) -> list[str]:
    """Return what the run found of an isolate; empty what it did not look for."""
    nothing: Cells = {}
    typing = run.typing.get(name, nothing)
    return [
        *(run.ledger[name].get(column, "") for column in LEDGER_COLUMNS),
        *(typing.get(column, "") for column in TYPING_COLUMNS),
        run.clusters.get(name, nothing).get("clone", ""),
    ]
