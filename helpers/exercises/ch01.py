"""Answers to the exercises of chapter 1."""

import numpy as np
from sklearn.datasets import load_iris

from helpers.data import land

from . import Exercise

WIDTH, HEIGHT = np.radians(20), np.sin(np.radians(20))
SMALLEST = 0.4  # steradians
_RNG = np.random.default_rng(11)
CASES = ((_RNG.uniform([-100, -60], [150, 70], size=(30, 2)),),
         (_RNG.uniform([-75, -50], [-40, -20], size=(7, 2)),))  # south-west, where no side is at 0


def box_of(X: np.ndarray, order: str = "west east south north") -> np.ndarray:
    """The smallest box that holds all points, its sides in some order."""
    (west, south), (east, north) = X.min(axis=0), X.max(axis=0)
    sides = {"west": west, "east": east, "south": south, "north": north}
    return np.array([sides[name] for name in order.split()])


def land_box(theta: np.ndarray) -> np.ndarray:
    """Whether the box is large enough, and whether it has no sea: 1 for yes, 0 for no."""
    if theta.shape != (4,):
        raise ValueError(f"the shape is {theta.shape}, expected are four numbers: west, east, south, north")
    west, east, south, north = theta
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("expected west < east within ±180 and south < north within ±90, in this order")
    mask = land()
    rows, columns = mask.shape
    tops, lefts = 90 - 180 / rows * np.arange(rows), 360 / columns * np.arange(columns) - 180
    touched = np.outer((tops > south) & (tops - 180 / rows < north), (lefts < east) & (lefts + 360 / columns > west))
    area = np.radians(east - west) * (np.sin(np.radians(north)) - np.sin(np.radians(south)))
    return np.array([area >= SMALLEST, mask[touched].all()], dtype=float)


def shared_boundary(power: int = 2) -> np.ndarray:
    """Intercept and slope of the line between the two irises, with w = difference of means / sigma ** power."""
    iris = load_iris()
    species = [iris.data[iris.target == k, 2:] for k in (1, 2)]
    mu = np.array([x.mean(axis=0) for x in species])
    variance = np.mean([x.var(axis=0) for x in species], axis=0)
    w = (mu[1] - mu[0]) / variance ** (power / 2)
    middle, slope = mu.mean(axis=0), -w[0] / w[1]
    return np.array([middle[1] - slope * middle[0], slope])


EXERCISES = {
    "1.1": Exercise(
        solution=lambda: 1 / (WIDTH * HEIGHT),
        right="The box is much smaller than a steradian, so its density is far above 1.",
        hint="One over the area. The width is 20° in radians, the height is sin(north) - sin(south).",
        mistakes=(
            (lambda: WIDTH * HEIGHT, "That is the area. The density is such that density times area is 1."),
            (lambda: 1 / 400, "That is per square degree, as if the map were flat. Use steradians."),
            (lambda: 1 / WIDTH**2, "Parallels shrink towards the pole: the height is a difference of sines."),
            (lambda: 1 / (20 * HEIGHT), "The width has to be in radians."),
            (lambda: np.log(1 / (WIDTH * HEIGHT)), "That is the log-density. The density itself is asked."),
        ),
    ),
    "1.2": Exercise(
        solution=lambda X: box_of(X),
        cases=CASES,
        right="It is the smallest box that holds all points, so no box has a larger likelihood.",
        hint="Four numbers, in the order west, east, south, north: the extremes of both columns.",
        mistakes=(
            (lambda X: box_of(X, "west south east north"), "The right numbers in another order: it is west, east, "
             "south, north, not the two corners one after the other."),
            (lambda X: box_of(X, "south north west east"), "Latitude and longitude are swapped: column 0 is the "
             "longitude."),
            (lambda X: box_of(X, "east west north south"), "Opposite sides are swapped: west is the smallest "
             "longitude, south the smallest latitude."),
        ),
    ),
    "1.3": Exercise(
        solution=lambda: [1, 1],
        right="Nothing but land: Rule 1 is kept perfectly. And the likelihood of this box is 0.",
        hint="Four numbers, west, east, south and north, in degrees. The live figure shows the area, and draws at sea.",
        compared=land_box,
        count=True,
        mistakes=(
            (lambda: [1, 0], "There is sea in your box. Move it inland, even if no draw lies at sea."),
            (lambda: [0, 1], "No sea, but the box is smaller than 0.4 steradians. Is there more land around it?"),
            (lambda: [0, 0], "There is sea in your box, and it is too small. Try a larger continent."),
        ),
    ),
    "1.4": Exercise(
        solution=lambda: 99,
        count=True,
        right="1 - 99/100 = 1%. The bias is 1/(n + 1) and vanishes as n grows.",
        hint="Solve 1 - n / (n + 1) = 0.01 for n.",
        mistakes=(
            (lambda: 100, "Close: 1 - 100/101 is a little less than 1%. The shortfall is 1/(n + 1), not 1/n."),
            (lambda: 9, "That is a shortfall of 10%."),
            (lambda: 0.99, "That is the mean of the largest point. How many points does it take?"),
        ),
    ),
    "1.5": Exercise(
        solution=shared_boundary,
        right="Equal variances make the naive Bayes posterior a logistic function of a straight line.",
        hint="Intercept first, then slope. The line passes through the midpoint of the two means; "
             "its slope is -w[0] / w[1].",
        mistakes=(
            (lambda: shared_boundary()[::-1], "The right numbers in the other order: intercept first, then slope."),
            (lambda: shared_boundary(power=1), "You divided by the standard deviation. The exponent of a normal "
             "density divides by the variance."),
            (lambda: shared_boundary() * [1, -1], "The slope has the wrong sign: width = -(b + w[0] · length) / w[1]."),
        ),
    ),
}
