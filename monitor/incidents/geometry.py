"""Distances on the globe."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres; latitudes and longitudes in degrees (haversine)."""
    d_lat, d_lon = radians(lat2 - lat1), radians(lon2 - lon1)
    chord = sin(d_lat / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(d_lon / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def aftershock_radius_km(magnitude: float) -> float:
    """How far from a quake of this magnitude its aftershocks are looked for.

    Rupture length grows tenfold for about 1.7 magnitude units (Wells and Coppersmith 1994:
    log10 L = 0.59 M - 2.44 for all slip types); twice that length, never under 30 km.
    """
    return max(30.0, 2 * float(10 ** (0.59 * magnitude - 2.44)))


def aftershock_days(magnitude: float) -> float:
    """For how long after a quake of this magnitude shocks in its zone count as its own.

    Ten days for 6.0, twenty-five for 7.0, never over sixty: the windows of Gardner and Knopoff
    (1974) are far longer, but after that long the desk wants to hear of it again.
    """
    return min(60.0, float(10 ** (0.4 * magnitude - 1.4)))


def felt_km(magnitude: float | None) -> float:
    """How far from a quake of this magnitude reports of it come, 150 km to 1,600 km.

    About 160 km for 6.0 and 500 km for 7.0; 300 km where the size is not known.
    """
    if magnitude is None:
        return 300.0
    return min(1600.0, max(150.0, float(10 ** (0.5 * magnitude - 0.8))))
