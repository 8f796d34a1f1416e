"""The cases of isolate tables, 39 to 50: the table as typed, and what has to be said of it."""

import io
import unicodedata
import zipfile
from dataclasses import dataclass

import pytest

from tests.reliability.trials import case

HEADER = "isolate\tassembly\trole\tpatient\tclinic\tcollection_date"
CASE = "A\ta.fna\tcase\tP1\tC1\t2022"
CONTEXT = "B\tb.fna\tcontext\t\t\t"
COMPOSED = "Mu\u0308ller"
CALENDAR = "ISO 8601: 2022, 2022-10 or 2022-10-18."


@dataclass(frozen=True)
class TableCase:
    """A table, and every problem or every warning of it, without the table's path."""

    number: int
    what: str
    content: bytes
    said: tuple[str, ...] = ()
    is_refused: bool = False

    @property
    def outcome(self) -> str:
        if self.is_refused:
            return f"refused, nothing overwritten: {' / '.join(self.said)}"
        return f"goes on{', warning: ' if self.said else ''}{' / '.join(self.said)}"

    @property
    def marked(self):
        """The case as a row of a parametrization, under the marker that documents it."""
        name = f"{self.number} {self.what}"
        return pytest.param(self, marks=case(self.number, self.what, self.outcome), id=name)


def table(*rows: str, header: str = HEADER) -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode()


def refused(number: int, what: str, content: bytes, *problems: str) -> TableCase:
    return TableCase(number, what, content, problems, is_refused=True)


def goes_on(number: int, what: str, content: bytes, *warnings: str) -> TableCase:
    return TableCase(number, what, content, warnings)


def named(one: str, two: str) -> bytes:
    """Return a table of two rows of these names."""
    return table(f"{one}\ta.fna\tcase\tP1\tC1\t2022", f"{two}\tb.fna\tcontext\t\t\t")


def dated(date: str) -> bytes:
    return table(f"A\ta.fna\tcase\tP1\tC1\t{date}", CONTEXT)


def date_refused(what: str, date: str) -> TableCase:
    expected = f"row 2: key 'collection_date': '{date}' is not accepted. {CALENDAR}"
    return refused(48, f"{what} as a date, `{date}`", dated(date), expected)


def altered(name: str, what: str) -> TableCase:
    return goes_on(
        47, f"`{name}` as a name", named(name, "B"),
        f"row 2, column 'isolate': '{name}' looks like {what} that a spreadsheet made of a name; "
        "compare it with its source",
    )  # fmt: skip


def look_alike(what: str, one: str, two: str) -> TableCase:
    return goes_on(
        39, f"two names that differ by {what} alone", named(one, two),
        "names that differ only by case, blanks, '-', '_' or invisible characters: "
        f"{', '.join(map(repr, sorted([one, two])))}; check that they are different isolates",
    )  # fmt: skip


def workbook() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return held.getvalue()


A_WORKBOOK = "a workbook; save its sheet as text (tab-separated, UTF-8) and give that file"

CASES = (
    # --- 39: names
    refused(39, "one name twice", named("A", "A"),
            "rows 2, 3: isolate 'A' appears more than once; names must be unique"),
    refused(39, "one name with a blank after it", named("A", "A "),
            "rows 2, 3: isolate 'A' appears more than once; names must be unique"),
    refused(39, "one name composed in two ways (NFC, NFD)",
            named(COMPOSED, unicodedata.normalize("NFC", COMPOSED)),
            "rows 2, 3: isolate 'M\u00fcller' appears more than once; names must be unique"),
    look_alike("case", "Pt1", "PT1"),
    look_alike("a blank", "Pt 1", "Pt1"),
    look_alike("- and _", "Pt-1", "Pt_1"),
    look_alike("an invisible character", "Pt1", "Pt\u200b1"),
    refused(39, "the name of a reference of the panel", named("REF", "B"),
            "row 2: isolate 'REF' bears the name of a reference of the panel; names must be "
            "unique among both"),
    # --- 40: rows and files
    refused(40, "a row whose file does not exist", table(CASE.replace("a.fna", "no.fna"), CONTEXT),
            "row 2: assembly 'no.fna' does not exist (looked for {folder}/no.fna); correct the "
            "path, or leave the cell empty for a patient without an isolate"),
    goes_on(40, "a row without a file (`no_isolate`, reported as not assessed)",
            table(CASE.replace("a.fna", ""), CONTEXT)),
    goes_on(40, "one file in two rows (`identical_assembly` in the ledger)",
            table(CASE, CONTEXT.replace("b.fna", "a.fna"))),
    refused(40, "a case without a patient", table(CASE.replace("P1", ""), CONTEXT),
            "row 2: case 'A' has no patient; give a pseudonym, because isolates of one patient "
            "never prove a link between clinics"),
    # --- 41 to 44: what a name may hold
    refused(41, "a line end in a name", table(CASE.replace("A", "A\r1", 1), CONTEXT),
            "row 2, column 'isolate': the cell holds a control character (code 13); remove it"),
    refused(41, "a tab in a name", named("A\tB", "C"),
            "row 2: 7 cells under 6 columns; every row needs as many tabs as the header"),
    refused(42, "NUL in a name", named("A\0", "B"),
            "row 2, column 'isolate': the cell holds a control character (code 0); remove it"),
    goes_on(42, "`..`, and the name of a device of Windows", named("..", "CON")),
    goes_on(43, "wildcards, format strings, templates", named("{a} %s", "{{7*7}} ${x}")),
    goes_on(44, "right-to-left marks and look-alikes of other scripts", named("\u202eA", "\u0410")),
    refused(44, "an escape sequence of terminals", named("\x1b[31mA", "B"),
            "row 2, column 'isolate': the cell holds a control character (code 27); remove it"),
    # --- 45, 47: spreadsheets
    goes_on(45, "cells that begin with = + - @", named("=1+1", "@SUM(A1)")),
    altered("1.00E+05", "a number with an exponent"),
    altered("1-Mar", "a date"),
    altered("Mar-01", "a date"),
    altered("1234567890123000", "a number whose last digits are lost"),
    altered("#NAME?", "an error"),
    goes_on(47, "`00123` and `NA` as names, which stay as typed", named("00123", "NA")),
    # --- 48: dates
    *(goes_on(48, f"`{date}` as a date", dated(date)) for date in
      ("2022", "2022-10", "2022-10-18", "2024-02-29")),
    date_refused("day or month first", "03/04/2024"),
    date_refused("the day number of a spreadsheet", "45355"),
    date_refused("a two-digit year", "18-10-22"),
    date_refused("a time with its zone", "2022-10-18T08:00:00+02:00"),
    date_refused("a month that does not exist", "2022-13"),
    refused(48, "a day that does not exist", dated("2022-02-31"),
            "row 2: collection_date '2022-02-31' is not a day of the calendar; use YYYY-MM-DD"),
    refused(48, "a day in the future", dated("9999-01-01"),
            "row 2: collection_date '9999-01-01' lies in the future; correct it"),
    # --- 49: what is not known
    goes_on(49, "blank clinic and date", table("A\ta.fna\tcase\tP1\t\t", CONTEXT)),
    goes_on(49, "`unknown`, `NA`, `n/a`, `?` in clinic and date",
            table("A\ta.fna\tcase\tP1\tunknown\tNA", "B\tb.fna\tcontext\tn/a\tunknown\t?"),
            "rows 2, 3, column 'clinic': 'unknown' is read as an empty cell, not known; write "
            "another word if it is a name",
            "row 2, column 'collection_date': 'NA' is read as an empty cell, not known; write "
            "another word if it is a name",
            "row 3, column 'patient': 'n/a' is read as an empty cell, not known; write another "
            "word if it is a name",
            "row 3, column 'collection_date': '?' is read as an empty cell, not known; write "
            "another word if it is a name"),
    refused(49, "`unknown` as the patient of a case", table(CASE.replace("P1", "unknown"), CONTEXT),
            "row 2: case 'A' has no patient; give a pseudonym, because isolates of one patient "
            "never prove a link between clinics"),
    # --- 50: how the file is written
    refused(50, "commas in place of tabs", table(CASE).replace(b"\t", b","),
            "one column found, 'isolate,assembly,role,patient,clinic,collection_date'; the table "
            "must be separated by tabs"),
    refused(50, "semicolons in place of tabs", table(CASE).replace(b"\t", b";"),
            "one column found, 'isolate;assembly;role;patient;clinic;collection_date'; the table "
            "must be separated by tabs"),
    goes_on(50, "byte order mark and DOS line ends",
            b"\xef\xbb\xbf" + table(CASE, CONTEXT).replace(b"\n", b"\r\n")),
    goes_on(50, "line ends of old Macs", table(CASE, CONTEXT).replace(b"\n", b"\r")),
    refused(50, "ragged rows", table(CASE, "B\tb.fna\tcontext", f"{CONTEXT}\t\t"),
            "row 3: 3 cells under 6 columns; every row needs as many tabs as the header",
            "row 4: 8 cells under 6 columns; every row needs as many tabs as the header"),
    refused(50, "a column twice", table(f"{CASE}\tx", header=f"{HEADER}\tclinic"),
            "column 'clinic' appears twice; rename one"),
    refused(50, "misspelt needed column",
            table(CASE, header=HEADER.replace("assembly", "Assembley")),
            "column 'assembly' is missing; found: isolate, Assembley, role, patient, clinic, "
            "collection_date; rename 'Assembley' if that is it"),
    goes_on(50, "misspelt further column",
            table(CASE, CONTEXT, header=HEADER.replace("clinic", "Clinic ID")),
            "column 'Clinic ID' is carried through and means nothing to a verdict; did you mean "
            "'clinic'?"),
    refused(50, "quoted line end in a cell", table('A\ta.fna\tcase\t"P', '1"\tC1\t2022', CONTEXT),
            "row 2: 4 cells under 6 columns; every row needs as many tabs as the header",
            "row 3: 3 cells under 6 columns; every row needs as many tabs as the header"),
    refused(50, "a workbook (.xlsx)", workbook(), A_WORKBOOK),
    refused(50, "a workbook (.xls)", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", A_WORKBOOK),
    refused(50, "UTF-16, the Unicode text of a spreadsheet", table(CASE).decode().encode("utf-16"),
            "not UTF-8 text (byte 0); save the file as UTF-8"),
    refused(50, "no row", table(), "no isolate; write one row per isolate below the header"),
    refused(50, "0 bytes", b"", "the table is empty; it needs a header row"),
    refused(50, "many mistakes, which are told all at once",
            table("A\tno.fna\tCase\tP1\tC1\t2022", "A\tb.fna\tcase\t\tC2\t31-02-2022"),
            "row 2: key 'role': 'Case' is not one of ['case', 'context', 'source']. case = asked "
            "about, context = background isolate, source = product, reagent, water or device.",
            f"row 3: key 'collection_date': '31-02-2022' is not accepted. {CALENDAR}",
            "row 3: case 'A' has no patient; give a pseudonym, because isolates of one patient "
            "never prove a link between clinics",
            "rows 2, 3: isolate 'A' appears more than once; names must be unique",
            "row 2: assembly 'no.fna' does not exist (looked for {folder}/no.fna); correct the "
            "path, or leave the cell empty for a patient without an isolate"),
)  # fmt: skip
