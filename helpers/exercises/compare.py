"""How far a value is from another, and what its form tells where it is far: a decimal comma, per cent, lost digits."""

import numpy as np

NEAR = 0.02  # relative difference that probably comes from rounding


def distance(value: np.ndarray, target: np.ndarray, absolute: bool = False) -> float:
    """The largest difference of two arrays, relative to the target's numbers; infinite where the shapes differ.

    A number far smaller than the others is measured by a hundredth of the largest.
    """
    if value.shape != target.shape:
        return np.inf
    scale = np.maximum(np.abs(target), 0.01 * np.abs(target[np.isfinite(target)]).max(initial=1e-9))
    with np.errstate(all="ignore"):
        apart = np.abs(value - target) / (1 if absolute else scale)
    same = (value == target) | (np.isnan(value) & np.isnan(target))
    return float(np.where(same, 0, np.where(np.isnan(apart), np.inf, apart)).max(initial=0))


def odd_shape(value: np.ndarray, expected: np.ndarray) -> str:
    """What is said of commas inside numbers; empty where the shape tells nothing."""
    commas = value.shape == (2 * expected.size,) or (expected.shape == () and value.ndim == 1 and value.size > 1)
    if commas and np.array_equal(value, np.rint(value)):
        return ("there are more numbers than expected. For Python a number ends at a comma: write 0.25 for 0,25, and "
                "2582 for 2,582.")
    return ""


def odd_number(value: np.ndarray, expected: np.ndarray, limit: float, asks_function: bool) -> str:
    """What is said of numbers in per cent, made whole, or rounded too far; empty where they are wrong otherwise."""
    if ((expected >= 0) & (expected <= 1)).all() and distance(value, 100 * expected) <= limit:
        return "In per cent? Give a share, a number from 0 to 1: 0.25, not 25."
    if not asks_function and distance(value, expected) <= NEAR:
        digits = round(1 - np.log10(2 * limit))
        return f"It is close, within 2%. If you rounded, give more digits: {digits} are enough."
    whole = np.array_equal(value, np.rint(expected)) or (asks_function and np.array_equal(value, np.trunc(expected)))
    if whole and value.any() and (asks_function or distance(value, expected) <= 0.25):
        return "These are whole numbers: what comes after the decimal point was cut off or rounded."
    return ""
