"""Fixtures that several test modules share."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
NO_SKIP = os.environ.get("ONECLONE_NO_SKIP") == "1"

# No test depends on the clock. Where nothing may be skipped, a change is judged by the same
# examples each time; elsewhere property tests look for new ones.
settings.register_profile("oneclone", deadline=None, derandomize=NO_SKIP)
settings.load_profile("oneclone")


def need(present: object, reason: str) -> None:
    """Skip the test with a reason when something is absent; where nothing may skip, fail."""
    if present:
        return
    if NO_SKIP:
        pytest.fail(f"nothing may be skipped here, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Return a function that gives a folder of the data sets beside the repository."""

    def find(name: str) -> Path:
        folder = SHARED_DATA / name
        need(folder.is_dir(), f"the data set '{name}' is not beside the repository")
        return folder

    return find
