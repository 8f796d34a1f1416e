"""The isolate table: every problem named with file, row and value, all of them at once."""

import datetime
from pathlib import Path

import pytest

from oneclone.errors import InputRefused
from oneclone.model.isolates import Place, Role
from oneclone.tables.isolate_table import look_alikes, read_isolate_table

TODAY = datetime.date(2026, 1, 31)
HEADER = "isolate\tassembly\trole\tpatient\tcollection_date\tlatitude\tlongitude"


def read(folder: Path, *rows: str, header: str = HEADER):
    path = folder / "isolates.tsv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_isolate_table(path, TODAY)


def problems(folder: Path, *rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(InputRefused) as caught:
        read(folder, *rows, header=header)
    return [
        problem.removeprefix(f"{folder / 'isolates.tsv'} ") for problem in caught.value.problems
    ]


def test_read_isolate_table_good_rows_are_kept_as_typed(tmp_path: Path):
    rows = read(
        tmp_path,
        " PtÄ 1 \tasm/a.fna\tcase\tA\t2022-11-18\t32.5\t-117.0",
        "NA\t\tcase\tB\t2022\t\t",
        "001\tb.fna\tcontext\t\t\t\t",
    )
    first, second, third = (row.isolate for row in rows)
    assert first.name == " PtÄ 1 "
    assert first.place == Place(32.5, -117.0)
    assert (second.name, rows[1].assembly_cell, second.collection_date) == ("NA", "", "2022")
    assert (third.name, third.role, third.patient) == ("001", Role.CONTEXT, "")
    assert [row.number for row in rows] == [2, 3, 4]


def test_read_isolate_table_other_columns_are_carried_through(tmp_path: Path):
    (row,) = read(tmp_path, "a\ta.fna\tcontext\tfoo\t", header="isolate\tassembly\trole\tsite\tx")
    assert row.isolate.extra == {"site": "foo", "x": ""}


def test_read_isolate_table_byte_order_mark_dos_ends_and_blank_lines_are_fine(tmp_path: Path):
    path = tmp_path / "isolates.tsv"
    path.write_bytes(b"\xef\xbb\xbfisolate\tassembly\trole\r\na\ta.fna\tcontext\r\n\r\n")
    assert [row.isolate.name for row in read_isolate_table(path, TODAY)] == ["a"]


def test_read_isolate_table_lists_all_problems_at_once(tmp_path: Path):
    found = problems(
        tmp_path,
        "a\ta.fna\tcsae\tA\t\t\t",
        "b\tb.fna\tcase\t\t\t\t",
        "c\tc.fna\tcontext\t\t2022-02-30\t\t",
        "d\td.fna\tcontext\t\t03/04/2024\t\t",
        "e\te.fna\tcontext\t\t\t91.0\t0.0",
        "f\tf.fna\tcontext\t\t\t12.0\t",
        "f \tg.fna\tcontext\t\t2027-01-01\t\t",
    )
    assert found == [
        "row 2: key 'role': 'csae' is not one of ['case', 'context', 'source']. case = asked "
        "about, context = background isolate, source = product, reagent, water or device.",
        "row 3: case 'b' has no patient; give a pseudonym, because isolates of one patient never "
        "prove a link between clinics",
        "row 4: collection_date '2022-02-30' is not a day of the calendar; use YYYY-MM-DD",
        "row 5: key 'collection_date': '03/04/2024' is not accepted. ISO 8601: 2022, 2022-10 or "
        "2022-10-18.",
        "row 6: latitude '91.0' lies outside -90 to 90 degrees",
        "row 7: latitude and longitude must both be given or both be empty",
        "row 8: collection_date '2027-01-01' lies in the future; correct it",
        "rows 7, 8: isolate 'f' appears more than once; names must be unique",
    ]


def test_read_isolate_table_same_name_composed_differently_is_refused(tmp_path: Path):
    found = problems(tmp_path, "\u00e9\ta\tcontext\t\t\t\t", "e\u0301\tb\tcontext\t\t\t\t")
    assert found == ["rows 2, 3: isolate '\u00e9' appears more than once; names must be unique"]


def test_read_isolate_table_control_characters_are_refused(tmp_path: Path):
    (found,) = problems(tmp_path, "a\x1b[31m\ta\tcontext\t\t\t\t")
    assert found.startswith("row 2, column 'isolate': the cell holds a control character (code 27)")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the table is empty; it needs a header row"),
        (b"isolate\tassembly\trole\n", "no isolate; write one row per isolate below the header"),
        (b"isolate,assembly,role\na,b,case\n", "the table must be separated by tabs"),
        (b"isolate\trole\na\tcase\n", "column 'assembly' is missing; found: isolate, role"),
        (b"isolate\tassembly\trole\trole\na\tb\tcase\tcase\n", "column 'role' appears twice"),
        (b"isolate\tassembly\trole\na\tb\n", "row 2: 2 cells under 3 columns"),
        (b"isolate\tassembly\trole\na\tb\tcase\tx\n", "row 2: 4 cells under 3 columns"),
        (b"\xff\xfei\0s\0o\0", "not UTF-8 text (byte 0); save the file as UTF-8"),
    ],
)
def test_read_isolate_table_unreadable_tables_say_why(tmp_path: Path, content, expected):
    path = tmp_path / "isolates.tsv"
    path.write_bytes(content)
    with pytest.raises(InputRefused) as caught:
        read_isolate_table(path, TODAY)
    assert expected in str(caught.value)
    assert str(path) in str(caught.value)


def test_look_alikes_invisible_characters_count_as_alike():
    assert look_alikes(["Pt1", "Pt\u200b1", "Pt2"]) == [("Pt1", "Pt\u200b1")]
