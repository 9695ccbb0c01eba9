"""A network run by the page's own runner, where Python itself runs in the page (network.js, WebAssembly)."""

import json
from collections.abc import Callable

import numpy as np
from course_page import network as made  # what book/_python/worker.js registers


def runner(network) -> Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]:
    """What `Network._run` gives for a few rows of each input, computed in JavaScript."""
    description, weights = network.packed()
    run = made(json.dumps(description), weights)
    shapes = {layer["name"]: layer["output"] for layer in network.layers} | dict(network.inputs)

    def rows_through(given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        n = len(next(iter(given.values())))
        found = run({name: np.ascontiguousarray(rows, np.float32).ravel() for name, rows in given.items()}, n)
        return {name: np.asarray(getattr(found, name).to_py()).reshape(n, *shapes[of])
                for name, of in network.outputs.items()}

    return rows_through
