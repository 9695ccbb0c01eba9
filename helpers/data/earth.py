"""The land of the Earth, as a grid, and points drawn from it."""

from pathlib import Path

import numpy as np

from helpers.arguments import whole

FILE = Path(__file__).with_name("files") / "land.npz"


def land() -> np.ndarray:
    """The Earth's land on a grid of half-degree cells, bool (360, 720), True where a cell's centre is land.

    Row 0 touches the North Pole, column 0 begins at the 180th meridian, and a degree is two cells: a point
    lies in ``land()[int(2 * (90 - latitude)), int(2 * (longitude + 180))]``, and
    ``imshow(land(), extent=(-180, 180, -90, 90))`` draws the map.

    Source: Natural Earth 1:110m (public domain), rasterised by tools/make_land.py.
    """
    with np.load(FILE) as archive:
        return np.unpackbits(archive["bits"], axis=1).astype(bool)


def sample_land(n_samples: int, rng: np.random.Generator) -> np.ndarray:
    """Points uniform over the land's area on the sphere, float64 (n_samples, 2).

    A row is longitude, latitude in degrees. The area between two parallels is proportional to the difference
    of the sines of their latitudes (Archimedes): a cell near a pole is smaller than one at the equator and
    gets fewer points.

    Raises ValueError if n_samples < 1, TypeError if it is not an integer or `rng` is not a numpy Generator.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng is {rng!r}, expected a numpy.random.Generator: np.random.default_rng(0).")
    n_samples = whole(n_samples, "n_samples", least=1)
    mask = land()
    degrees = 180 / len(mask)
    sine = np.sin(np.radians(90 - degrees * np.arange(len(mask) + 1)))
    rows, columns = np.nonzero(mask)
    area = (sine[:-1] - sine[1:])[rows]
    cells = rng.choice(len(rows), size=n_samples, p=area / area.sum())
    u, v = rng.random((2, n_samples))
    row = rows[cells]
    latitude = np.degrees(np.arcsin(sine[row + 1] + v * (sine[row] - sine[row + 1])))
    return np.column_stack([degrees * (columns[cells] + u) - 180, latitude])
