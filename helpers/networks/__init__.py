"""Small networks as data: layers and weights in one file, run by NumPy, by Keras and in the browser.

`from_keras` and `to_keras` import Keras when they are asked for; everything else here does without.
"""

import sys

from .network import Network, linear_map

__all__ = ["Network", "as_network", "from_keras", "linear_map", "to_keras"]


def as_network(model, dtype: str | None = None) -> Network:
    """A network as it is, a Keras model as a network; with `dtype`, its weights stored so (`Network.astype`).

    Raises what `from_keras` raises, and ValueError for what is neither.
    """
    if isinstance(model, Network):
        return model if dtype is None else model.astype(dtype)
    if "keras" not in sys.modules:  # then it cannot be a Keras model, and there may be no Keras
        raise ValueError(f"found a {type(model).__name__}; needed is a Network or a Keras model")
    from .keras_models import from_keras

    return from_keras(model, dtype or "float32")


def __getattr__(name: str):
    if name in ("from_keras", "to_keras"):
        from .keras_models import from_keras, to_keras

        return {"from_keras": from_keras, "to_keras": to_keras}[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
