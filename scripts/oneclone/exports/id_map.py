"""`exports/id_map.tsv`: what each isolate is called in each format."""

from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.names import FORMATS, labels
from oneclone.exports.text import table_text

COLUMNS = ("isolate", "row_id", "role", "state")


def id_map(run: ExportedRun) -> str:
    """Return the id map: every row of the isolate table and every reference."""
    by_format = [labels(names, run.all_rows) for names in FORMATS]
    columns = (*COLUMNS, *(names.name for names in FORMATS))
    return table_text(
        columns,
        (
            (
                row.name,
                row.row_id,
                row.role,
                run.ledger[row.name]["state"],
                *(label[row.name] for label in by_format),
            )
            for row in run.all_rows
        ),
    )
