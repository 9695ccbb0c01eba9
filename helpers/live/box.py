"""A box as a model of the Earth's land, by the chapter's two rules: the live figure of chapter 1."""

import numpy as np
import traitlets
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.arguments import numbers, whole
from helpers.data import land, sample_land

from .base import Explorer, View, module, slider

EARTH_KM = 6371.0088  # mean radius of the Earth (IUGG)
N_FRESH = 2000


class BoxView(View):
    _esm = module("box.js")
    west, east, south, north = (traitlets.Float().tag(sync=True) for _ in range(4))
    points = traitlets.Bytes().tag(sync=True)  # float64 (n, 2): longitude, latitude in degrees
    uniforms = traitlets.Bytes().tag(sync=True)  # float64 (n_draws, 2): the box's draws, before they are scaled
    mask = traitlets.Bytes().tag(sync=True)  # the land, a bit a cell, row by row from the north-west corner
    columns = traitlets.Int().tag(sync=True)
    fresh = traitlets.Float().tag(sync=True)  # km: the median distance of new points on land


class BoxExplorer(Explorer):
    """Four sides of a box, and how the uniform density on it does as a model of the land.

    Parameters
    ----------
    points : array (n, 2)
        The training points: longitude, latitude in degrees.
    n_draws : int
        Draws from the box that its distance to the data is measured on.
    seed : int
        Seed of these draws and of the new points on land that they are compared with.

    Raises
    ------
    ValueError
        Points of another shape or outside ±180 and ±90 degrees, no draws.
    TypeError
        A number of draws or a seed that is no integer.
    """

    def __init__(self, points: np.ndarray, n_draws: int = 300, seed: int = 0):
        rng = np.random.default_rng(whole(seed, "seed"))
        self.points, self.mask = numbers(points, "points").astype(float), land()
        shape = self.points.shape
        if len(shape) != 2 or shape[1] != 2 or shape[0] == 0 or not (abs(self.points) <= (180, 90)).all():
            raise ValueError(f"points has shape {shape}; expected (n, 2): longitude from -180 to 180, latitude from "
                             "-90 to 90.")
        self.uniforms = rng.random((whole(n_draws, "n_draws", least=1), 2))
        self.fresh = float(np.median(nearest_km(sample_land(N_FRESH, rng), self.points)))
        controls = {
            "west": slider("west side", -20, -180, 180, 1, digits=0, tooltip="west side, longitude in degrees"),
            "east": slider("east side", 60, -180, 180, 1, digits=0, tooltip="east side, longitude in degrees"),
            "south": slider("south side", -40, -90, 90, 1, digits=0, tooltip="south side, latitude in degrees"),
            "north": slider("north side", 50, -90, 90, 1, digits=0, tooltip="north side, latitude in degrees"),
        }
        view = BoxView(points=self.points.astype("<f8").tobytes(), uniforms=self.uniforms.astype("<f8").tobytes(),
                       mask=np.packbits(self.mask).tobytes(), columns=self.mask.shape[1], fresh=self.fresh,
                       label="A map of the land, the training points, a box and draws from it")
        super().__init__(view, controls)

    def values(self, **state) -> dict[str, float]:
        """What the figure shows; only the number of points outside where the box has no area.

        Opposite sides may come in either order.

        Returns
        -------
        dict
            outside: training points outside the box; area in steradians; sea: share of the box's area, 0 to 1;
            distance: median km from the box's draws to their nearest training point; log_likelihood in nats,
            only where no point lies outside.
        """
        box = self._box(state)
        west, east, south, north = box
        longitude, latitude = self.points.T
        inside = (west <= longitude) & (longitude <= east) & (south <= latitude) & (latitude <= north)
        outside, area = int(np.sum(~inside)), box_area(*box)
        if area == 0:
            return {"outside": outside}
        distance = float(np.median(nearest_km(draws(box, self.uniforms), self.points)))
        sea = max(0.0, 1 - self._land_area(*box) / area)  # rounding would make a -0.0% of it
        result = {"outside": outside, "area": area, "sea": sea, "distance": distance}
        return result if outside else result | {"log_likelihood": float(-len(self.points) * np.log(area))}

    def draw(self, figure: Figure) -> None:
        box, shown, ax = self._box({}), self.values(), figure.subplots()
        west, east, south, north = box
        fit = f"{shown['log_likelihood']:.1f}" if "log_likelihood" in shown else "−∞"
        ax.imshow(self.mask, extent=(-180, 180, -90, 90), cmap="Greys", vmax=3.5)
        ax.plot(*draws(box, self.uniforms).T, ".", color="C1", markersize=3)
        ax.plot(*self.points.T, "o", color="C0", markersize=4)
        ax.add_patch(Rectangle((west, south), east - west, north - south, fill=False, edgecolor="C1", linewidth=2))
        ax.set(xlabel="longitude [°]", ylabel="latitude [°]", xticks=range(-180, 181, 60), yticks=range(-90, 91, 30),
               title=f"log-likelihood {fit}, {shown['outside']} points outside"
               + (f"\n{shown['sea']:.0%} sea, {shown['distance']:.0f} km" if "sea" in shown else ""))

    def _box(self, state: dict) -> tuple[float, float, float, float]:
        state = self.state | state
        return *sorted((state["west"], state["east"])), *sorted((state["south"], state["north"]))

    def _land_area(self, west: float, east: float, south: float, north: float) -> float:
        """Steradians of land in the box: each cell counts with the part of it that lies inside."""
        rows, columns = self.mask.shape
        sines = np.sin(np.radians(np.clip(np.linspace(90, -90, rows + 1), south, north)))
        edges = np.radians(np.clip(np.linspace(-180, 180, columns + 1), west, east))
        return float(-np.diff(sines) @ self.mask @ np.diff(edges))


def box_area(west: float, east: float, south: float, north: float) -> float:
    """Area of a box on the unit sphere in steradians (Archimedes); degrees in."""
    return float(np.radians(east - west) * (np.sin(np.radians(north)) - np.sin(np.radians(south))))


def draws(box: tuple[float, float, float, float], uniforms: np.ndarray) -> np.ndarray:
    """Points (n, 2) of the box, uniform by area on the sphere, from numbers uniform in [0, 1]."""
    west, east, south, north = box
    low, high = np.sin(np.radians([south, north]))
    latitude = np.degrees(np.arcsin(low + uniforms[:, 1] * (high - low)))
    return np.column_stack([west + uniforms[:, 0] * (east - west), latitude])


def nearest_km(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Great-circle distance in km from each of `points` (n, 2) to the nearest of `others` (m, 2)."""
    chords = np.linalg.norm(_unit_vectors(points)[:, None] - _unit_vectors(others), axis=2).min(axis=1)
    return 2 * EARTH_KM * np.arcsin(np.minimum(chords / 2, 1))


def _unit_vectors(points: np.ndarray) -> np.ndarray:
    longitude, latitude = np.radians(points).T
    return np.column_stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude),
                            np.sin(latitude)])
