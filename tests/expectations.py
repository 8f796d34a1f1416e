"""Compare a verdict with what a simulated scenario says is right."""

from typing import Any

from oneclone.simulation.model import Expected
from oneclone.validation.expectations import departures


def check(verdict: dict[str, Any], expected: Expected) -> None:
    """Check a verdict against the right one."""
    assert departures(verdict, expected) == []
