"""Text in a spreadsheet that no program may take for a formula."""

import re

MAX_TEXT = 32_767  # characters that Excel holds in a cell
CUT = " … (cut)"
# What starts a formula when a CSV file is opened, also after blanks and in the full width that
# East Asian keyboards type. The apostrophes are those of `inert`, so that it can be undone.
FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]")


def inert(text: str) -> str:
    r"""Return text for a cell, with an apostrophe in front of what could start a formula.

    A text cell of a workbook is never computed. But saved as CSV and opened again it would be: the
    mark that Excel keeps for such cells is lost there, an apostrophe in the text is not.

    Examples
    --------
    >>> inert("PtA-CSF"), inert("=1+1"), inert(" @SUM(A1)"), inert("'=1"), inert("it's")
    ('PtA-CSF', "'=1+1", "' @SUM(A1)", "''=1", "it's")
    """
    shown = text if len(text) < MAX_TEXT else text[: MAX_TEXT - len(CUT) - 1] + CUT
    return "'" + shown if FORMULA.match(shown) else shown


def typed(cell: str) -> str:
    """Return the text that `inert` was given.

    Examples
    --------
    >>> [typed(inert(text)) for text in ("=1+1", "'=1", "it's", "''")]
    ['=1+1', "'=1", "it's", "''"]
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
