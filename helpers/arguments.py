"""The first questions to an argument: is it a whole number, are these numbers? One answer for all helpers."""

import numpy as np

LARGEST = 2**31 - 1


def whole(value: int, name: str, least: int = 0, most: int = LARGEST) -> int:
    """`value` as an int.

    Raises TypeError if it is no integer (True is none), ValueError if it is not in `least` to `most`.
    """
    expected = f"expected an integer {f'of at least {least}' if most == LARGEST else f'from {least} to {most}'}"
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} is {value!r}, {expected}.")
    if value > most:
        expected = f"expected an integer from {least} to {most}"
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}, {expected}.")
    return int(value)


def number(value: float, name: str, least: float = -np.inf, most: float = np.inf) -> float:
    """`value` as a float.

    Raises TypeError if it is no real number, ValueError if it is not finite or not in `least` to `most`.
    """
    limits = f" from {least:g} to {most:g}" if np.isfinite([least, most]).any() else ""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name} is {value!r}, expected a number{limits}.")
    try:
        found = float(value)
    except OverflowError:
        found = np.inf
    if not (np.isfinite(found) and least <= found <= most):
        raise ValueError(f"{name} is {found:g}, expected a finite number{limits}.")
    return found


def numbers(values: np.ndarray, name: str, expected: str = "real numbers") -> np.ndarray:
    """`values` as an array of real numbers, of whatever type.

    Raises ValueError if they are no real numbers, or lists of unequal lengths.
    """
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} holds lists of unequal lengths; expected an array of {expected}.") from error
    if array.dtype.kind not in "buif":
        raise ValueError(f"{name} holds what is no number ({array.dtype}); expected {expected}.")
    return array


def shades(values: np.ndarray, name: str) -> np.ndarray:
    """`values` as floats from 0 to 1; a thousandth more is left to rounding.

    Raises what `numbers` raises, and ValueError for values outside [0, 1] and NaN.
    """
    array = floats(values, name)
    wrong = ~((array >= -0.001) & (array <= 1.001))  # NaN is wrong, too
    if wrong.any():
        remedy = f"np.clip({name}, 0, 1) moves them inside."
        if array.min() >= 0 and 2 < array.max() <= 255:
            remedy = "Divide them by 255."
        elif not np.isfinite(array).all():
            remedy = "Find out where these come from: no picture holds NaN or infinity."
        raise ValueError(f"{name} holds {array[wrong][0]:g}, {wrong.mean():.0%} of its values are like that; expected "
                         f"numbers in [0, 1]. {remedy}")
    return array


def floats(values: np.ndarray, name: str) -> np.ndarray:
    """`values` as floats: float32 as it is, everything else as float64.

    Small integers have to become floats, because their sums and differences wrap round: of bytes, 3 - 5 is 254.
    Raises what `numbers` raises.
    """
    array = numbers(values, name)
    return array if array.dtype == np.float32 else array.astype(float)
