"""What this repository uses of XlsxWriter, whose parameters are untyped."""

from xlsxwriter.workbook import Workbook as Workbook
