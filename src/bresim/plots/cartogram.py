"""Where municipalities lie on a picture: true places in kilometres, or a Dorling cartogram.

In a cartogram each municipality is a circle with an area in proportion to its inhabitants, moved as
little as needed so that no two overlap (Dorling 1996, *Area Cartograms*).
"""

from __future__ import annotations

import numpy as np

from bresim.region.types import Floats, Region

#: Kilometres in a degree of latitude, and in a degree of longitude at the equator.
_NORTH, _EAST = 110.57, 111.32


def project(longitude: Floats, latitude: Floats, region: Region) -> Floats:
    """Degrees to kilometres east and north of the region's middle, (points, 2); true enough for a region."""
    middle = float(region.latitude.mean())
    east = (longitude - float(region.longitude.mean())) * _EAST * np.cos(np.radians(middle))
    north = (latitude - middle) * _NORTH
    return np.column_stack([east, north])


def places(region: Region) -> Floats:
    """(N, 2) kilometres: the municipalities' own places."""
    return project(region.longitude, region.latitude, region)


def cartogram(region: Region, filling: float = 0.30, gap: float = 0.18, rounds: int = 2000) -> tuple[Floats, Floats]:
    """Centres (N, 2) and radii (N,) in kilometres of circles that do not overlap.

    ``filling`` is the share of the region's extent that the circles cover; ``gap`` the room kept
    between two circles, as a share of the mean radius.
    """
    home = places(region)
    extent = np.maximum(np.ptp(home, axis=0), 1e-6)
    extent = np.maximum(extent, 0.4 * extent.max())  # municipalities in a row still have room
    radius = np.sqrt(region.population * filling * extent.prod() / (np.pi * region.population.sum()))
    # places that coincide would not know which way to part
    angle = 2.399963 * np.arange(region.size)
    centre = home + 1e-3 * radius.mean() * np.column_stack([np.cos(angle), np.sin(angle)])
    apart = radius[:, None] + radius[None, :] + gap * radius.mean()
    for turn in range(rounds):
        offset = centre[:, None, :] - centre[None, :, :]
        distance = np.hypot(offset[..., 0], offset[..., 1])
        np.fill_diagonal(distance, np.inf)
        overlap = np.maximum(apart - distance, 0.0)
        push = 0.5 * (overlap / distance)[:, :, None] * offset
        centre = centre + 0.5 * push.sum(axis=1)
        pull = 0.05 * (1.0 - turn / rounds)  # fades, so that at the end nothing overlaps
        centre = centre + pull * (home - centre)
        if overlap.max() < 1e-3 * radius.mean() and pull < 1e-3:
            break
    return centre, radius
