"""Distances between clinics."""

import math
from collections.abc import Sequence
from itertools import combinations

from oneclone.model.isolates import Isolate, Place

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG (Moritz 2000, J Geod 74:128)
KM_PER_MILE = 1.609344  # international mile, exact


def distance_km(one: Place, two: Place) -> float:
    """Return the great-circle distance by the haversine formula.

    Examples
    --------
    >>> round(distance_km(Place(0, 0), Place(0, 180)))
    20015
    """
    latitude_1, latitude_2 = math.radians(one.latitude), math.radians(two.latitude)
    half_latitude = (latitude_2 - latitude_1) / 2
    half_longitude = math.radians(two.longitude - one.longitude) / 2
    chord = (
        math.sin(half_latitude) ** 2
        + math.cos(latitude_1) * math.cos(latitude_2) * math.sin(half_longitude) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def miles(kilometres: float) -> float:
    """Return kilometres as miles.

    Examples
    --------
    >>> round(miles(269))
    167
    """
    return kilometres / KM_PER_MILE


def greatest_distance_km(isolates: Sequence[Isolate]) -> float | None:
    """Return the greatest distance between the places of different clinics, if there are two.

    Two blank clinics are not the same clinic, so their places are compared too.
    """
    found = [
        distance_km(one.place, two.place)
        for one, two in combinations(isolates, 2)
        if one.place and two.place and (one.clinic != two.clinic or not one.clinic)
    ]
    return max(found, default=None)
