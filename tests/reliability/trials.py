"""Name what a test tries and what comes of it; docs/reliability.md is made of these names.

A test of any module is marked with `trial`, or a row of its parametrization with `marks=`. Where
the outcome can be compared, the test takes it from the marker (`outcome_of`), so that the document
says what was asserted.
"""

from dataclasses import dataclass
from enum import StrEnum

import pytest


class Part(StrEnum):
    """Part of the document."""

    CASES = "cases"  # the sixty cases of bad input and faults
    FAULTS = "faults"  # kills, full disks, locks, edited results
    PAYLOADS = "payloads"  # hostile text and files
    PRIVACY = "privacy"  # what must not leave the laboratory


@dataclass(frozen=True)
class Trial:
    """What is tried, in words, what comes of it, and the number of its case, 0 for none."""

    part: Part
    what: str
    outcome: str
    number: int = 0


def trial(part: Part, what: str, outcome: str, number: int = 0) -> pytest.MarkDecorator:
    """Return the marker of a test; `outcome` is Markdown, ledger codes in backticks."""
    return pytest.mark.trial(Trial(part, what, outcome, number))


def case(number: int, what: str, outcome: str) -> pytest.MarkDecorator:
    """Return the marker of one of the sixty cases; several tests may bear one number."""
    return trial(Part.CASES, what, outcome, number)
