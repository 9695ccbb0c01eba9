"""A box as a model of the Earth's land, by two rules and its coverage: the live figure of chapter 1."""

import numpy as np
import traitlets
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.arguments import numbers
from helpers.data import land, sample_land

from .base import Explorer, View, module, slider

EARTH_KM = 6371.0088  # mean radius of the Earth (IUGG)
NEAR_KM = 1000  # so near a draw has to be, to cover a point; as in box.js


class BoxView(View):
    _esm = module("box.js")
    west, east, south, north = (traitlets.Float().tag(sync=True) for _ in range(4))
    points, fresh = (traitlets.Bytes().tag(sync=True) for _ in range(2))  # float64 (n, 2): longitude, latitude
    uniforms = traitlets.Bytes().tag(sync=True)  # float64 (n_draws, 2): the box's draws, before they are scaled
    mask = traitlets.Bytes().tag(sync=True)  # the land, a bit a cell, row by row from the north-west corner
    columns = traitlets.Int().tag(sync=True)
    possible = traitlets.List(traitlets.Float()).tag(sync=True)  # distance and coverage of draws from the land itself


class BoxExplorer(Explorer):
    """Four sides of a box, and how the uniform density on it does as a model of the land.

    Parameters
    ----------
    points : array (n, 2)
        The training points: longitude, latitude in degrees.
    fresh : array (m, 2)
        Further points of the land, which the model never saw: they measure its coverage.
    uniforms : array (n_draws, 2)
        Numbers in [0, 1]: a box's draws come from them, as `draws` says.

    Raises
    ------
    ValueError
        Points of another shape or outside ±180 and ±90 degrees, numbers outside [0, 1].
    """

    def __init__(self, points: np.ndarray, fresh: np.ndarray, uniforms: np.ndarray):
        self.points, self.fresh = places(points, "points"), places(fresh, "fresh")
        self.uniforms = pairs(uniforms, "uniforms", (0, 0), (1, 1), "numbers from 0 to 1")
        self.mask = land()
        true_draws = sample_land(len(self.uniforms), np.random.default_rng(0))
        self.possible = {"distance": float(np.median(nearest_km(self.fresh, self.points))),
                         "coverage": float(np.mean(nearest_km(self.fresh, true_draws) <= NEAR_KM))}
        controls = {
            "west": slider("west side", -20, -180, 180, 1, digits=0, tooltip="west side, longitude in degrees"),
            "east": slider("east side", 60, -180, 180, 1, digits=0, tooltip="east side, longitude in degrees"),
            "south": slider("south side", -40, -90, 90, 1, digits=0, tooltip="south side, latitude in degrees"),
            "north": slider("north side", 50, -90, 90, 1, digits=0, tooltip="north side, latitude in degrees"),
        }
        packed = {name: getattr(self, name).astype("<f8").tobytes() for name in ("points", "fresh", "uniforms")}
        view = BoxView(**packed, mask=np.packbits(self.mask).tobytes(), columns=self.mask.shape[1],
                       possible=list(self.possible.values()),
                       label="A map of the land, the training points, a box and draws from it")
        super().__init__(view, controls)

    def values(self, **state) -> dict[str, float]:
        """What the figure shows; only the number of points outside where the box has no area.

        Opposite sides may come in either order.

        Returns
        -------
        dict
            outside: training points outside the box; area in steradians; sea: share of the draws that lie at sea, 0
            to 1; distance: median km from the box's draws to their nearest training point; coverage: share of the fresh
            points with a draw within NEAR_KM, 0 to 1; log_likelihood in nats, only where no point lies outside.
        """
        box = self._box(state)
        west, east, south, north = box
        longitude, latitude = self.points.T
        inside = (west <= longitude) & (longitude <= east) & (south <= latitude) & (latitude <= north)
        outside, area = int(np.sum(~inside)), box_area(*box)
        if area == 0:
            return {"outside": outside}
        sample = draws(box, self.uniforms)
        result = {"outside": outside, "area": area,
                  "sea": float(np.mean(~on_land(sample))),
                  "distance": float(np.median(nearest_km(sample, self.points))),
                  "coverage": float(np.mean(nearest_km(self.fresh, sample) <= NEAR_KM))}
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
               + (f"\n{shown['sea']:.1%} at sea, {shown['distance']:.0f} km, {shown['coverage']:.0%} covered"
                  if "sea" in shown else ""))

    def _box(self, state: dict) -> tuple[float, float, float, float]:
        state = self.state | state
        return *sorted((state["west"], state["east"])), *sorted((state["south"], state["north"]))


def places(points: np.ndarray, name: str) -> np.ndarray:
    """Points of the globe as float64 (n, 2), longitude and latitude in degrees, or a ValueError that says why not."""
    return pairs(points, name, (-180, -90), (180, 90), "longitude from -180 to 180, latitude from -90 to 90")


def pairs(values: np.ndarray, name: str, least: tuple, most: tuple, expected: str) -> np.ndarray:
    """Rows of two numbers within limits as float64 (n, 2), or a ValueError that says what is wrong with them."""
    array = numbers(values, name).astype(float)
    if array.ndim != 2 or array.shape[1] != 2 or len(array) == 0:
        raise ValueError(f"{name} has shape {array.shape}; expected (n, 2): {expected}.")
    wrong = ~((array >= least) & (array <= most)).all(axis=1)  # NaN is wrong, too
    if wrong.any():
        raise ValueError(f"{name}[{wrong.argmax()}] is {array[wrong][0]}; expected {expected}.")
    return array


def box_area(west: float, east: float, south: float, north: float) -> float:
    """Area of a box on the unit sphere in steradians (Archimedes); degrees in."""
    return float(np.radians(east - west) * (np.sin(np.radians(north)) - np.sin(np.radians(south))))


def draws(box: tuple[float, float, float, float], uniforms: np.ndarray) -> np.ndarray:
    """Points (n, 2) of the box, uniform by area on the sphere, from numbers uniform in [0, 1]."""
    west, east, south, north = box
    low, high = np.sin(np.radians([south, north]))
    latitude = np.degrees(np.arcsin(low + uniforms[:, 1] * (high - low)))
    return np.column_stack([west + uniforms[:, 0] * (east - west), latitude])


def on_land(points: np.ndarray) -> np.ndarray:
    """Whether the map's cell that holds each of `points` (n, 2) is land."""
    mask, (longitude, latitude) = land(), np.asarray(points).T
    rows, columns = mask.shape
    row = np.minimum((90 - latitude) * rows / 180, rows - 1).astype(int)  # the South Pole is in the last row
    return mask[row, np.minimum((longitude + 180) * columns / 360, columns - 1).astype(int)]


def nearest_km(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Great-circle distance in km from each of `points` (n, 2) to the nearest of `others` (m, 2)."""
    chords = np.linalg.norm(_unit_vectors(points)[:, None] - _unit_vectors(others), axis=2).min(axis=1)
    return 2 * EARTH_KM * np.arcsin(np.minimum(chords / 2, 1))


def _unit_vectors(points: np.ndarray) -> np.ndarray:
    longitude, latitude = np.radians(points).T
    return np.column_stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude),
                            np.sin(latitude)])
