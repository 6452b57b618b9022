"""Geometry on the sphere: kilometres between places, and how long a person takes to travel them.

Latitudes and longitudes are degrees, lengths kilometres, times hours. Working with unit vectors and
the haversine keeps the poles and the antimeridian ordinary.
"""

import numpy as np
import numpy.typing as npt

from models.columns import Floats

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
ROAD_KMH = 110.0
FLIGHT_KMH = 900.0  # cruise of an airliner
FLIGHT_OVERHEAD_HOURS = 0.5  # climb and approach; one may be online at the gate on both ends


def unit_vectors(latitude: npt.ArrayLike, longitude: npt.ArrayLike) -> Floats:
    """Return points on the unit sphere, one row (x, y, z) for each place."""
    phi, theta = np.radians(latitude), np.radians(longitude)
    cosine = np.cos(phi)
    return np.stack([cosine * np.cos(theta), cosine * np.sin(theta), np.sin(phi)], axis=-1)


def great_circle_km(
    latitude1: npt.ArrayLike,
    longitude1: npt.ArrayLike,
    latitude2: npt.ArrayLike,
    longitude2: npt.ArrayLike,
) -> Floats:
    """Return the haversine distance in km; arguments broadcast against one another."""
    phi1, phi2 = np.radians(latitude1), np.radians(latitude2)
    half_phi = (phi2 - phi1) / 2
    half_theta = np.radians(np.subtract(longitude2, longitude1)) / 2
    a = np.sin(half_phi) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(half_theta) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(a, 1.0))))


def way_hours(km: float) -> float:
    """Return `travel_hours` of one distance, without numpy's cost of a call."""
    return min(km / ROAD_KMH, FLIGHT_OVERHEAD_HOURS + km / FLIGHT_KMH)


def travel_hours(km: npt.ArrayLike) -> Floats:
    """Return the least time a person needs for a distance: by road, or by air with its overhead."""
    distance = np.asarray(km, dtype=np.float64)
    return np.minimum(distance / ROAD_KMH, FLIGHT_OVERHEAD_HOURS + distance / FLIGHT_KMH)
