"""What the report's map shows: windows around clinics, and the land inside of them."""

import pytest

from oneclone.geography import distance_km
from oneclone.model.isolates import Isolate, Place, Role
from oneclone.reporting.atlas import Window, atlas, cut, window

TIJUANA = Place(32.5, -117.0)
SAN_LUIS = Place(32.46, -114.77)
AMSTERDAM = Place(52.37, 4.9)
# Two countries of one square degree with a common border at longitude 1, and one far away.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [0, 0]},
    "arcs": [
        [[2, 2], [0, -2]],
        [[2, 0], [-2, 0], [0, 2], [2, 0]],
        [[40, 0], [2, 0], [0, 2], [-2, 0], [0, -2]],
        [[2, 2], [2, 0], [0, -2], [-2, 0]],
    ],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "MultiPolygon", "id": "W", "arcs": [[[0, 1]], [[2]]]},
                {"type": "Polygon", "id": "E", "arcs": [[~0, 3]]},
            ],
        }
    },
}


def isolate(name: str, role: Role, place: Place | None) -> Isolate:
    return Isolate(name, name, role, "", place=place)


def corners_around(shown: dict, place: Place) -> int:
    """Return how many corners of a map are within 300 km of a place."""
    topology = shown["topology"]
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    count = 0
    for arc in topology["arcs"]:
        x = y = 0
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            corner = Place(y * scale[1] + shift[1], x * scale[0] + shift[0])
            count += distance_km(corner, place) < 300
    return count


def test_window_of_one_place_is_never_too_close():
    assert window([TIJUANA]) == Window(TIJUANA, 150.0)


def test_window_holds_every_place():
    places = [TIJUANA, SAN_LUIS, Place(20.7, -103.3)]
    found = window(places)
    assert max(distance_km(found.centre, each) for each in places) == pytest.approx(
        found.radius_km, abs=0.06
    )


def test_cut_keeps_near_polygons_whole_and_only_their_arcs():
    found = cut(TOPOLOGY, Window(Place(0.5, 0.5), 200))
    west, east = found["objects"]["countries"]["geometries"]
    assert west["arcs"] == [[[0, 1]]], "the far island is left out"
    assert east["arcs"] == [[[~0, 2]]], "reversed and renumbered"
    assert found["arcs"] == [TOPOLOGY["arcs"][number] for number in (0, 1, 3)]


def test_cut_keeps_a_country_around_the_window():
    found = cut(TOPOLOGY, Window(Place(0.5, 0.5), 10))
    assert [each["id"] for each in found["objects"]["countries"]["geometries"]] == ["W"]


def test_atlas_without_a_place_is_none():
    assert atlas([isolate("a", Role.CASE, None)]) is None


def test_atlas_of_cases_is_near_and_detailed_that_of_all_wide_and_coarse():
    cases = [isolate("a", Role.CASE, TIJUANA), isolate("b", Role.CASE, SAN_LUIS)]
    found = atlas([*cases, isolate("c", Role.CONTEXT, AMSTERDAM)])
    near, wide = found["cases"], found["all"]
    assert near["radiusKm"] == 150.0
    assert wide["radiusKm"] > 4000
    countries = near["topology"]["objects"]["countries"]["geometries"]
    assert {each["id"] for each in countries} == {"484", "840"}, "Mexico and the United States"
    assert corners_around(near, SAN_LUIS) > 3 * corners_around(wide, SAN_LUIS)


def test_atlas_has_one_map_when_only_cases_have_places():
    assert (
        atlas([isolate("a", Role.CASE, TIJUANA), isolate("b", Role.CONTEXT, None)])["all"] is None
    )
