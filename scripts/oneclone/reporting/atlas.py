"""Coasts and borders around the clinics: as much of a world map as the report's windows show."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oneclone.geography import EARTH_RADIUS_KM, KM_PER_MILE, distance_km
from oneclone.model.isolates import Isolate, Place, Role
from oneclone.reporting.assets import vendored_path

Topology = dict[str, Any]
Rings = list[list[int]]
Corners = NDArray[np.float64]

NEAR_MAP = "countries-50m.json"
FAR_MAP = "countries-110m.json"
# In a window of 500 km coasts of the 110m map are off by tens of kilometres, those of the 50m map
# by a few. Beyond this radius no eye sees the difference, and the 50m map would weigh 756 kB.
NEAR_RADIUS_KM = 1500.0
LEAST_RADIUS_KM = 150.0
# The picture is at most 1.7 times as wide as high, has margins, and its corners are farther away.
SHOWN_RADII = 3.0


@dataclass(frozen=True)
class Window:
    """A circle around places."""

    centre: Place
    radius_km: float


def atlas(isolates: Sequence[Isolate]) -> dict[str, Any] | None:
    """Return the maps around cases and around all isolates; none when no isolate has a place.

    Parameters
    ----------
    isolates
        Every row of the isolate table; references have no place.
    """
    everywhere = [each.place for each in isolates if each.place]
    cases = [each.place for each in isolates if each.place and each.role is Role.CASE]
    if not everywhere:
        return None
    wide = window(everywhere)
    near = window(cases) if cases else wide
    return {
        "earthRadiusKm": EARTH_RADIUS_KM,
        "kmPerMile": KM_PER_MILE,
        "leastKm": 2 * LEAST_RADIUS_KM,
        "cases": _shown(near) if cases else None,
        "all": None if near == wide and cases else _shown(wide),
    }


def window(places: Iterable[Place]) -> Window:
    """Return the circle around places; its centre is where their mean direction meets the ground.

    Examples
    --------
    >>> found = window([Place(0, 170), Place(0, -170)])
    >>> abs(round(found.centre.longitude)), round(found.radius_km)
    (180, 1112)
    """
    known = sorted(set(places), key=lambda place: (place.latitude, place.longitude))
    positions = np.array([[place.longitude, place.latitude] for place in known])
    x, y, z = _directions(positions).sum(axis=0)
    # Places all around the globe have no mean direction; any centre is as good.
    latitude, longitude = np.degrees([np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)])
    # Rounded, so that no last digit depends on the machine.
    centre = Place(round(float(latitude), 4), round(float(longitude), 4))
    farthest = max(distance_km(centre, place) for place in known)
    return Window(centre, max(round(farthest, 1), LEAST_RADIUS_KM))


def cut(topology: Topology, around: Window) -> Topology:
    """Return the polygons of a TopoJSON map that reach into a circle, and only their arcs.

    Polygons are kept whole: one of which a corner or the middle of the circle is inside.

    Parameters
    ----------
    topology
        Map with an object `countries`; its arcs are quantised.
    around
        The circle.
    """
    arcs = _positions(topology)
    near = [bool(_inside(corners, around).any()) for corners in arcs]
    kept: list[tuple[dict[str, Any], list[Rings]]] = []
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = [
            polygon for polygon in _polygons(country) if _reaches(polygon, arcs, near, around)
        ]
        if polygons:
            kept.append((country, polygons))
    used = sorted(
        {_at(arc) for _, polygons in kept for rings in polygons for ring in rings for arc in ring}
    )
    number = {old: new for new, old in enumerate(used)}
    countries = [
        {
            "type": "MultiPolygon",
            "id": country.get("id", ""),
            "arcs": [[[_renumbered(arc, number) for arc in r] for r in p] for p in polygons],
        }
        for country, polygons in kept
    ]
    return {
        "type": "Topology",
        "transform": topology["transform"],
        "arcs": [topology["arcs"][old] for old in used],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": countries}},
    }


def _shown(around: Window) -> dict[str, Any]:
    """Return a window and its map."""
    name = NEAR_MAP if around.radius_km <= NEAR_RADIUS_KM else FAR_MAP
    whole = json.loads(vendored_path(name).read_bytes())
    reach = Window(around.centre, around.radius_km * SHOWN_RADII)
    return {
        "centre": [around.centre.longitude, around.centre.latitude],
        "radiusKm": around.radius_km,
        "topology": cut(whole, reach),
    }


def _directions(positions: Corners) -> Corners:
    """Return the unit vectors from the middle of the Earth to longitudes and latitudes."""
    longitude, latitude = np.radians(positions).T
    level = np.cos(latitude)
    return np.column_stack([level * np.cos(longitude), level * np.sin(longitude), np.sin(latitude)])


def _inside(corners: Corners, around: Window) -> NDArray[np.bool_]:
    """Return which corners are inside of a circle."""
    centre = _directions(np.array([[around.centre.longitude, around.centre.latitude]]))[0]
    reach = min(around.radius_km / EARTH_RADIUS_KM, math.pi)
    return _directions(corners) @ centre >= math.cos(reach)


def _positions(topology: Topology) -> list[Corners]:
    """Return longitude and latitude of the corners of every arc; arcs are written as steps."""
    transform = topology["transform"]
    return [
        np.cumsum(arc, axis=0) * transform["scale"] + transform["translate"]
        for arc in topology["arcs"]
    ]


def _polygons(country: dict[str, Any]) -> list[Rings]:
    """Return the polygons of a country, each as rings of numbers of arcs."""
    if country["type"] == "Polygon":
        return [country["arcs"]]
    return country.get("arcs", [])


def _reaches(polygon: Rings, arcs: Sequence[Corners], near: Sequence[bool], around: Window) -> bool:
    """Return whether a polygon has a corner in a circle, or may surround its centre."""
    numbers = [_at(arc) for arc in polygon[0]]
    if any(near[number] for number in numbers):
        return True
    corners = np.concatenate([arcs[number] for number in numbers])
    centre = (around.centre.longitude, around.centre.latitude)
    return bool(np.all(corners.min(axis=0) <= centre) and np.all(centre <= corners.max(axis=0)))


def _at(arc: int) -> int:
    """Return the place of an arc; a reversed arc has the complement of its number."""
    return arc if arc >= 0 else ~arc


def _renumbered(arc: int, number: dict[int, int]) -> int:
    """Return the new number of an arc, reversed as before."""
    return number[arc] if arc >= 0 else ~number[~arc]
