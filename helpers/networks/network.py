"""A small network as data: a graph of layers as plain descriptions, and its weights. NumPy runs it.

This module knows no framework: `keras_models` makes a network of a Keras model and the other way round, and
`network.js` runs the same bytes in the browser.
"""

import json
import math
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from helpers.arguments import numbers

from .kinds import EXACT, IDLE, KINDS, SUPPORTED
from .layers import runner

VERSION = 1
TYPES = {"float32": "<f4", "float16": "<f2", "int8": "|i1"}
BATCH = 100  # rows at once, to save memory


@dataclass(frozen=True, eq=False)
class Network:
    """A graph of layers with named inputs and outputs.

    Parameters
    ----------
    inputs : dict of str to tuple of int
        The shape of one row of each input, without the batch: ``{"z": (4,)}``.
    layers : list of dict
        In the order in which they are computed. Each has a ``name``, a ``kind`` (a key of `kinds.KINDS`), ``inputs``
        (names of inputs or of earlier layers), the ``output`` shape of one row, its settings as Keras calls them and,
        where it has one, an ``activation`` such as ``{"name": "leaky_relu", "alpha": 0.2}``. ``layer`` names the
        layer whose weights it uses, where that is not its own.
    outputs : dict of str to str
        For each output the name of the layer that gives it.
    weights : dict of str to array
        ``"dense/kernel"``: float32, float16, or int8 together with ``"dense/kernel_scale"``, float32, one number or
        one for each entry of the last axis. Kernels have Keras's order of axes.

    Raises
    ------
    ValueError
        A layer of an unknown kind, without its input, or without its weights in the right shape and type.
    """

    inputs: Mapping[str, tuple[int, ...]]
    layers: list[dict]
    outputs: Mapping[str, str]
    weights: Mapping[str, np.ndarray] = field(repr=False)

    def __post_init__(self):
        known = set(self.inputs)
        for place, layer in enumerate(self.layers, 1):
            where = f"layer {place} of {len(self.layers)}, {layer.get('name')!r},"
            if layer.get("kind") not in KINDS:
                raise ValueError(f"{where} is of the kind {layer.get('kind')!r}, expected one of: {', '.join(KINDS)}.")
            if missing := set(layer["inputs"]) - known:
                raise ValueError(f"{where} takes {', '.join(sorted(missing))}, expected inputs or layers before it.")
            for role in weight_names(layer):
                _check_weight(where, f"{owner(layer)}/{role}", self.weights)
            known.add(layer["name"])
        if missing := set(self.outputs.values()) - known:
            raise ValueError(f"the outputs name {', '.join(sorted(missing))}, which no layer gives.")

    def __call__(self, x: np.ndarray | Mapping[str, np.ndarray]) -> np.ndarray | dict[str, np.ndarray]:
        """Run it on rows: one array, or a dict of arrays by input; gives float32, a dict if there are several outputs.

        Raises ValueError for inputs of other names or shapes, and what holds no numbers.
        """
        given = self._given(x)
        n = len(next(iter(given.values())))
        run = self._in_page or self._run
        parts = [run({name: rows[i : i + BATCH] for name, rows in given.items()}) for i in range(0, n, BATCH)]
        found = {name: np.concatenate([part[name] for part in parts]) for name in self.outputs}
        return found if len(found) > 1 else next(iter(found.values()))

    def steps(self, x: np.ndarray | Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Every layer's output for a few rows, by name: where two runners differ, this shows from which layer on."""
        values = self._given(x)
        for name, inputs, compute in self._program:
            values = {**values, name: compute(*(values[one] for one in inputs))}
        return {name: values[name] for name, *_ in self._program}

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of one row of the only input; ValueError if there are several."""
        return _only(self.inputs, "input")

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of one row of the only output; ValueError if there are several."""
        shapes = {layer["name"]: tuple(layer["output"]) for layer in self.layers} | dict(self.inputs)
        return shapes[_only(self.outputs, "output")]

    def astype(self, dtype: str) -> "Network":
        """The same network with its weights stored as ``"float32"``, ``"float16"`` or ``"int8"``.

        Normalisation and colours stay float32. int8 holds kernels and embeddings, with a scale for each entry of the
        last axis; biases become float16.

        Raises ValueError for another type and for a weight that it cannot hold.
        """
        if dtype not in TYPES:
            raise ValueError(f"dtype is {dtype!r}, expected one of {', '.join(TYPES)}.")
        stored = {}
        for name in self.weights:
            if not name.endswith("_scale"):
                stored |= _stored(name, weight(self.weights, name), dtype)
        return Network(self.inputs, self.layers, self.outputs, stored)

    def packed(self) -> tuple[dict, bytes]:
        """What the browser takes: the description, ready for JSON, and the bytes of the weights as the file has them.

        The description has ``inputs``, ``layers``, ``outputs`` and, for each weight, its type, shape and first byte.
        """
        places, blob = {}, b""
        for name, array in self.weights.items():
            blob += b"\0" * (-len(blob) % 4)  # float32 begins at a multiple of four
            places[name] = {"dtype": array.dtype.name, "shape": list(array.shape), "offset": len(blob)}
            blob += array.astype(TYPES[array.dtype.name]).tobytes()
        return {**self._description, "weights": places}, blob

    def save(self, path: str | Path) -> None:
        """Write it as one ``.npz`` file that loads without pickle; an old file stays until the new one is whole."""
        text = json.dumps({"version": VERSION, **self._description}, ensure_ascii=False)
        fresh = Path(f"{path}.new")
        try:
            with fresh.open("wb") as file:
                np.savez_compressed(file, network=np.frombuffer(text.encode(), np.uint8), **self.weights)
            os.replace(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], name: str = "the file") -> "Network":
        """The network that `save` wrote, from the arrays of its file.

        Raises ValueError if these are no network, or one of a later version of this format.
        """
        if "network" not in arrays:
            raise ValueError(f"{name} has the arrays {', '.join(arrays)}, expected `network` and its weights.")
        try:
            told = json.loads(bytes(arrays["network"]).decode())
            version, inputs = told["version"], {one: tuple(shape) for one, shape in told["inputs"].items()}
            layers, outputs = told["layers"], told["outputs"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{name}: its description is damaged ({error}). Get the file again.") from error
        if version != VERSION:
            raise ValueError(f"{name} has version {version} of the format, expected {VERSION}. Update the course.")
        return cls(inputs, layers, outputs, {key: array for key, array in arrays.items() if key != "network"})

    @property
    def _description(self) -> dict:
        return {"inputs": {name: list(shape) for name, shape in self.inputs.items()}, "layers": self.layers,
                "outputs": dict(self.outputs)}

    @cached_property
    def _in_page(self) -> Callable | None:
        """In a page of the site the browser's runner is faster than NumPy in WebAssembly."""
        if sys.platform != "emscripten":
            return None
        from .in_page import runner

        return runner(self)

    @cached_property
    def _program(self) -> list[tuple]:
        """Each layer's name, its inputs, and the function that computes it."""
        shapes = dict(self.inputs)
        program = []
        for layer in self.layers:
            arrays = {role: weight(self.weights, f"{owner(layer)}/{role}") for role in weight_names(layer)}
            program.append((layer["name"], layer["inputs"],
                            runner(layer, arrays, [shapes[one] for one in layer["inputs"]])))
            shapes[layer["name"]] = tuple(layer["output"])
        return program

    def _given(self, x: np.ndarray | Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        given = dict(x) if isinstance(x, Mapping) else {next(iter(self.inputs)): x}
        if set(given) != set(self.inputs):
            raise ValueError(f"found the inputs {', '.join(map(str, given))}; expected {', '.join(self.inputs)}.")
        rows = {name: numbers(given[name], name).astype(np.float32, copy=False) for name in self.inputs}
        for name, shape in self.inputs.items():
            if rows[name].shape[1:] != shape or rows[name].ndim != len(shape) + 1 or len(rows[name]) == 0:
                expected = ", ".join(map(str, ("n", *shape)))
                raise ValueError(f"{name} has shape {rows[name].shape}; expected ({expected}) with n >= 1.")
        if len({len(one) for one in rows.values()}) > 1:
            raise ValueError(f"the inputs have {', '.join(f'{name} {len(one)}' for name, one in rows.items())} rows; "
                             "expected as many of each.")
        return rows

    def _run(self, values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        for name, inputs, compute in self._program:
            values[name] = compute(*(values[one] for one in inputs))
        return {name: values[of] for name, of in self.outputs.items()}


def linear_map(mean: np.ndarray, directions: np.ndarray, shape: tuple[int, ...],
               clip: tuple[float, float] | None = None) -> Network:
    """The decoder x = mean + z @ directions, shown as an image.

    Parameters
    ----------
    mean : array (d,)
    directions : array (latent_dim, d)
    shape : tuple of int
        Shape of one image, such as (28, 28), with d numbers in all.
    clip : (low, high), optional
        Values outside are moved to the nearer end.

    Raises
    ------
    ValueError
        If the shapes do not fit each other, or the arrays hold no numbers.
    """
    if not isinstance(shape, tuple | list) or not all(isinstance(n, int | np.integer) and n > 0 for n in shape):
        raise ValueError(f"shape is {shape!r}; expected that of one image, such as (28, 28)")
    ends = numbers((0, 1) if clip is None else clip, "clip")
    if ends.shape != (2,) or not ends[0] < ends[1]:
        raise ValueError(f"clip is {clip!r}; expected (low, high), such as (0, 1)")
    mean, directions, d = numbers(mean, "mean"), numbers(directions, "directions"), math.prod(shape)
    if mean.shape != (d,) or directions.ndim != 2 or directions.shape[1] != d:
        raise ValueError(f"an image of shape {shape} needs mean of shape ({d},) and directions of shape "
                         f"(latent_dim, {d}); found {mean.shape} and {directions.shape}")
    bent = {"name": "linear"} if clip is None else {"name": "clip", "low": float(ends[0]), "high": float(ends[1])}
    size = [int(n) for n in shape]
    layers = [{"name": "linear_map", "kind": "dense", "inputs": ["z"], "output": [d], "units": d, "use_bias": True,
               "activation": bent},
              {"name": "image", "kind": "reshape", "inputs": ["linear_map"], "output": size, "target_shape": size}]
    weights = {"linear_map/kernel": directions.astype(np.float32), "linear_map/bias": mean.astype(np.float32)}
    return Network({"z": (len(directions),)}, layers, {"image": "image"}, weights)


def owner(layer: Mapping) -> str:
    """The layer whose weights this one uses: itself, or the one that it shares them with."""
    return layer.get("layer", layer["name"])


def weight_names(layer: Mapping) -> list[str]:
    """What weights a layer has: ``["kernel", "bias"]``."""
    without = {"bias": "use_bias", "gamma": "scale", "beta": "center"}
    return [role for role in KINDS[layer["kind"]].weights if layer.get(without.get(role, ""), True)]


def weight(weights: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """A weight as float32 numbers, whatever type it is stored as."""
    array = weights[name].astype(np.float32)
    return array * weights[f"{name}_scale"] if weights[name].dtype == np.int8 else array


def _stored(name: str, array: np.ndarray, dtype: str) -> dict[str, np.ndarray]:
    if not np.isfinite(array).all():
        raise ValueError(f"the weight {name} holds what is not a finite number: train the model again.")
    if name.endswith(EXACT) or dtype == "float32":
        return {name: array}
    if dtype == "int8" and array.ndim > 1:
        scale = np.maximum(abs(array).max(axis=tuple(range(array.ndim - 1))), 1e-12) / 127
        return {name: np.round(array / scale).astype(np.int8), f"{name}_scale": scale.astype(np.float32)}
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    if not np.isfinite(half).all():
        raise ValueError(f"the weight {name} reaches {abs(array).max():.3g}, but float16 ends at 65504; "
                         "use dtype='float32'.")
    return {name: half}


def _check_weight(where: str, name: str, weights: Mapping[str, np.ndarray]) -> None:
    if name not in weights:
        raise ValueError(f"{where} has no weight {name}. Get the file again.")
    if weights[name].dtype.name not in TYPES:
        raise ValueError(f"{where}: the weight {name} is {weights[name].dtype}, expected {', '.join(TYPES)}.")
    if weights[name].dtype == np.int8 and f"{name}_scale" not in weights:
        raise ValueError(f"{where}: the weight {name} is int8 and has no {name}_scale. Get the file again.")


def _only(named: Mapping, what: str):
    if len(named) != 1:
        raise ValueError(f"the network has the {what}s {', '.join(named)}; this needs one with a single {what}.")
    return next(iter(named.values()))


__all__ = ["IDLE", "SUPPORTED", "Network", "linear_map"]
