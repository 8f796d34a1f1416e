"""`exports/oneclone.xlsx`: the results as one workbook, without a formula."""

import datetime
from collections.abc import Sequence
from io import BytesIO
from itertools import chain, islice

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from oneclone.exports.cells import inert
from oneclone.exports.exported_run import ExportedRun
from oneclone.exports.sheets import NOT_ASSESSABLE, Cell, Sheet, sheets
from oneclone.model.panel import Band, Thresholds

SAMPLE_ROWS = 200  # a column is as wide as its longest cell among these
MIN_WIDTH, MAX_WIDTH = 9, 60
STRONG = {"bg_color": "#08519c", "font_color": "#ffffff"}  # told apart by lightness alone
MIDDLE = {"bg_color": "#6baed6", "font_color": "#000000"}
WEAK = {"bg_color": "#c6dbef", "font_color": "#000000"}
NONE = {"bg_color": "#f7f7f7", "font_color": "#000000"}
GREY = {"bg_color": "#bdbdbd", "font_color": "#000000"}
COLOURS = {
    "single_clone": STRONG,
    "linked": STRONG,
    Band.POSSIBLE.value: MIDDLE,
    "indeterminate": MIDDLE,
    Band.UNLIKELY.value: WEAK,
    Band.UNLINKED.value: NONE,
    "not_linked": NONE,
    "multiple_clones": NONE,
    NOT_ASSESSABLE: GREY,
}
COLOURED = {"code", "verdict", "band"}  # columns of ours whose words have a colour


class _Formats:
    """The cell formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.header = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"valign": "top"})
        self.of_word = {
            word: book.add_format({**look, "valign": "top"}) for word, look in COLOURS.items()
        }
        self.bands = [self.of_word[word] for word in ("linked", "possible", "unlikely")]


def workbook(run: ExportedRun) -> bytes:
    """Return the workbook; its bytes depend on the results alone."""
    buffer = BytesIO()
    options = {
        "constant_memory": True,  # a row at a time: a million pairs need no more than one
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = Workbook(buffer, options)
    day = datetime.datetime.fromisoformat(run.date)
    book.set_properties({"title": "oneclone", "author": "", "created": day})
    formats = _Formats(book)
    for sheet in sheets(run):
        written = book.add_worksheet(sheet.name)
        last = _write(written, sheet, formats)
        if sheet.name == "matrix" and last:
            _colour_bands(written, last, run.panel.thresholds, formats)
    book.close()
    return buffer.getvalue()


def _write(written: Worksheet, sheet: Sheet, formats: _Formats) -> int:
    """Write a sheet; return the number of its rows below the header."""
    rows = iter(sheet.rows)
    first = list(islice(rows, SAMPLE_ROWS))
    _set_widths(written, sheet, first)
    written.freeze_panes(1, 1)
    for column, title in enumerate(sheet.columns):
        written.write_string(0, column, inert(title), formats.header)
    number = 0
    for number, row in enumerate(chain(first, rows), start=1):
        for column, cell in enumerate(row):
            look = _look(sheet, column, cell, formats)
            _write_cell(written, (number, column), cell, look)
    written.autofilter(0, 0, number, len(sheet.columns) - 1)
    return number


def _write_cell(written: Worksheet, place: tuple[int, int], cell: Cell, look: Format) -> None:
    """Write one cell: a number as a number, everything else as text, nothing for nothing."""
    if isinstance(cell, str):
        if cell:
            written.write_string(*place, inert(cell), look)
    elif cell is not None:
        written.write_number(*place, cell, look)


def _look(sheet: Sheet, column: int, cell: Cell, formats: _Formats) -> Format:
    """Return the format of a cell: words of a verdict have a colour."""
    title = sheet.columns[column]
    if sheet.name in {"verdict", "pairs"} and title in COLOURED and cell in formats.of_word:
        return formats.of_word[str(cell)]
    return formats.text if sheet.name == "verdict" else formats.plain


def _set_widths(written: Worksheet, sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> None:
    """Make each column as wide as what stands in it, within bounds."""
    for column, title in enumerate(sheet.columns):
        lengths = [len(str(row[column])) for row in rows if row[column] is not None]
        longest = max([len(title) + 3, *lengths])  # the button of the filter takes three
        written.set_column(column, column, min(max(longest, MIN_WIDTH), MAX_WIDTH))


def _colour_bands(written: Worksheet, last: int, thresholds: Thresholds, formats: _Formats) -> None:
    """Colour the distances of the matrix by the bands of the thresholds."""
    limits = (thresholds.linked, thresholds.possible, thresholds.unlinked)
    blank = {"type": "blanks", "stop_if_true": True, "format": None}
    written.conditional_format(1, 1, last, last, blank)
    for limit, look in zip(limits, formats.bands, strict=True):
        rule = {"type": "cell", "criteria": "<=", "value": limit, "format": look}
        written.conditional_format(1, 1, last, last, {**rule, "stop_if_true": True})
