"""Cases 39 to 50: what is refused in an isolate table, with every word, and what goes on."""

import pytest

from tests.pipeline import contents
from tests.reliability.table_cases import CASES, TableCase
from tests.unit.small_world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    """Return a world with the plan of an earlier run, whose table each test replaces."""
    world = World(tmp_path_factory.mktemp("tables"))
    world.plan()
    return world


def without_path(text: str) -> str:
    """Return what is said after the path of the table, or all of it where it names none."""
    return text.partition("isolates.tsv")[2].lstrip(" :") or text


def give(world: World, tried: TableCase) -> None:
    (world.folder / "isolates.tsv").write_bytes(tried.content)


@pytest.mark.parametrize("tried", [each.marked for each in CASES if each.is_refused])
def test_table_is_refused_with_all_that_is_wrong(world: World, tried: TableCase):
    before = contents(world.folder / ".oneclone" / "plan")
    give(world, tried)
    found = [without_path(problem) for problem in world.problems()]
    assert found == [said.replace("{folder}/", "") for said in tried.said]
    assert contents(world.folder / ".oneclone" / "plan") == before


@pytest.mark.parametrize("tried", [each.marked for each in CASES if not each.is_refused])
def test_table_goes_on_with_what_a_person_should_look_at(world: World, tried: TableCase):
    give(world, tried)
    plan = world.plan()
    found = [
        warning.partition("isolates.tsv")[2].lstrip(" :") or warning for warning in plan.warnings
    ]
    assert found == list(tried.said)
    names = [line.split("\t")[0] for line in tried.content.decode("utf-8-sig").splitlines()[1:]]
    assert {entry.name for entry in plan.roster} == {"REF", *names}
