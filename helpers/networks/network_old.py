"""A small decoder or generator as a list of layers and one blob of weights, for `network.js` in the browser.

This module computes no network: Keras does, and `network.js` does. It knows nothing of widgets and pictures.
"""
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from helpers.arguments import numbers

from .layers_old import SUPPORTED, clip_fields, read_layer

_FORMATS = {"float16": "<f2", "float32": "<f4"}



@dataclass(frozen=True, eq=False)
class LinearMap:
    """The decoder x = mean + z @ directions, shown as an image.

    Parameters
    ----------
    mean : array, shape (d,)
    directions : array, shape (latent_dim, d)
    shape : tuple of int
        Shape of one image, such as (28, 28), with d numbers in all.
    clip : (low, high), optional
        Values outside are moved to the nearer end.

    Raises
    ------
    ValueError
        If the shapes do not fit each other, or the arrays hold no numbers.
    """

    mean: np.ndarray
    directions: np.ndarray
    shape: tuple[int, ...]
    clip: tuple[float, float] | None = None

    def __post_init__(self):
        if not isinstance(self.shape, tuple | list) or not all(isinstance(n, int | np.integer) and n > 0
                                                               for n in self.shape):
            raise ValueError(f"shape is {self.shape!r}; expected that of one image, such as (28, 28)")
        clip = numbers((0, 1) if self.clip is None else self.clip, "clip")
        if clip.shape != (2,) or not clip[0] < clip[1]:
            raise ValueError(f"clip is {self.clip!r}; expected (low, high), such as (0, 1)")
        d, mean = math.prod(self.shape), numbers(self.mean, "mean").shape
        directions = numbers(self.directions, "directions").shape
        if mean != (d,) or len(directions) != 2 or directions[1] != d:
            raise ValueError(f"an image of shape {self.shape} needs mean of shape ({d},) and directions of "
                             f"shape (latent_dim, {d}); found {mean} and {directions}")

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of one image."""
        return tuple(int(n) for n in self.shape)

    def __call__(self, z) -> np.ndarray:
        """Images, float32 of shape (n, *shape), for z of shape (n, latent_dim) or (latent_dim,)."""
        x = np.atleast_2d(z) @ np.asarray(self.directions) + np.asarray(self.mean)
        x = x if self.clip is None else np.clip(x, *self.clip)
        return x.astype(np.float32).reshape(-1, *self.shape)


def describe(model, dtype: str = "float16") -> tuple[list[dict], bytes]:
    """What the browser needs to run `model`: its layers, ready for JSON, and its weights.

    Parameters
    ----------
    model : keras.Sequential, functional keras.Model that is one chain, or LinearMap
        Maps a latent point of shape (latent_dim,) to an image; nested models are flattened.
    dtype : {"float16", "float32"}
        Number format of the weights. float16 keeps a weight to 1 part in 2048 between 6e-5 and 65504 and to
        3e-8 below; float32 is Keras's own and takes twice the bytes.

    Returns
    -------
    layers : list of dict
        One for each layer: a `NetworkLayer` of network.js. BatchNormalization becomes a scale and a shift for
        each channel (kind "affine"); what does nothing after training has kind "reshape".
    weights : bytes
        Little-endian; the layers' kernels, biases, scales and shifts one after the other.

    Raises
    ------
    ValueError
        If the model is not built, not a chain, or does not start from a latent point; if a layer is not
        supported; if a weight is not finite or too large for `dtype`. It names the layer and its place.
    """
    layers, blobs, offset = [], [], 0
    for _, where, fields, arrays in _stages(model):
        numbers = _stored(np.concatenate([np.empty(0), *map(np.ravel, arrays)]), dtype, where)
        layers.append({**fields, "offset": offset, "size": numbers.size})
        blobs.append(numbers.tobytes())
        offset += numbers.size
    return layers, b"".join(blobs)


def rounded(model, dtype: str = "float16"):
    """The same function with the weights that the browser has: the exact reference for network.js.

    A LinearMap gives a LinearMap; a Keras model gives a flat float32 keras.Sequential with one layer for each
    layer that `describe` lists. Raises what `describe` raises.
    """
    if isinstance(model, LinearMap):
        return replace(model, **{name: _stored(getattr(model, name), dtype, "LinearMap").astype(float)
                                 for name in ("mean", "directions")})
    import keras
    stages = list(_stages(model))
    flat = keras.Sequential([keras.Input((latent_dim(model),))])
    for place, (layer, where, fields, arrays) in enumerate(stages, 1):
        same = {"name": f"layer_{place}", "dtype": "float32"}
        if fields["kind"] == "affine":     # with mean 0 and variance 1, gamma and beta are scale and shift
            flat.add(keras.layers.BatchNormalization(epsilon=0.0, **same))
            weights = [*arrays, np.zeros_like(arrays[0]), np.ones_like(arrays[0])]
        else:
            flat.add(type(layer).from_config(layer.get_config() | same))
            weights = layer.get_weights() if arrays else []
        if weights:
            flat.layers[-1].set_weights([_stored(w, dtype, where).astype("float32") for w in weights])
    return flat


def latent_dim(model) -> int:
    """How many numbers the model's latent point z has; ValueError if its input is not one flat vector."""
    if isinstance(model, LinearMap):
        return len(model.directions)
    shape = getattr(model, "input_shape", None) if model.built else None
    if shape is None:
        raise ValueError(f"the model '{model.name}' is not built: start it with keras.Input((latent_dim,)) "
                         "or call it once on a latent point")
    if len(shape) != 2 or not isinstance(shape[1], int):
        raise ValueError(f"the model '{model.name}' takes an input of shape {shape}; needed is one latent "
                         "point, shape (None, latent_dim)")
    return shape[1]


def _stored(array, dtype: str, where: str) -> np.ndarray:
    """`array` in the browser's number format."""
    if dtype not in _FORMATS:
        raise ValueError(f"dtype must be 'float16' or 'float32', found {dtype!r}")
    array = np.asarray(array)
    if not np.isfinite(array).all():
        raise ValueError(f"{where} has a weight that is not a finite number: train the model again")
    with np.errstate(over="ignore"):
        stored = array.astype(_FORMATS[dtype])
    if not np.isfinite(stored).all():
        raise ValueError(f"{where} has a weight of size {np.abs(array).max():.3g}, but {dtype} ends at "
                         f"{np.finfo(dtype).max:.5g}" + "; use dtype='float32'" * (dtype == "float16"))
    return stored


def _stages(model) -> Iterator[tuple]:
    """For each layer: itself, its name for errors, its fields, its weights in the browser's order."""
    if isinstance(model, LinearMap):
        clip = {} if model.clip is None else clip_fields(*model.clip)
        yield model, "LinearMap", {
            "name": "linear_map", "kind": "dense", "kernel": list(np.shape(model.directions)), **clip,
            "input": [latent_dim(model)], "output": list(model.output_shape),
        }, [model.directions, model.mean]
        return
    layers = _chain(model)
    if not layers:
        raise ValueError(f"the model '{model.name}' has no layers")
    shape = (latent_dim(model),)
    for place, layer in enumerate(layers, 1):
        where = f"layer {place} of {len(layers)}, '{layer.name}' ({type(layer).__name__}),"
        try:
            fields, arrays = read_layer(layer, shape)
        except ValueError as error:
            raise ValueError(f"{where} cannot run in the browser: {error}. Supported: {SUPPORTED}. Build the "
                             "model from these, or show precomputed pictures") from None
        output = tuple(layer.compute_output_shape((None, *shape))[1:])
        common = {"name": layer.name, "input": list(shape), "output": list(output)}
        yield layer, where, {**common, **fields}, arrays
        shape = output


def _chain(model) -> list:
    """The layers of a Keras model from input to output, nested models flattened."""
    import keras
    if isinstance(model, keras.Sequential):
        layers = model.layers
    elif type(model).__name__ == "Functional":
        layers = _walk_back(model)
    else:
        raise ValueError(f"found a {type(model).__name__}; needed is a keras.Sequential, a functional "
                         "keras.Model(inputs, outputs) or a LinearMap")
    return [inner for layer in layers
            for inner in (_chain(layer) if isinstance(layer, keras.Model) else [layer])]


def _walk_back(model) -> list:
    """The layers of a functional model that is one chain. Keras has no public way to ask for its graph."""
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError(f"the model '{model.name}' has {len(model.inputs)} inputs and {len(model.outputs)} "
                         "outputs; the browser runs one chain of layers, with one of each")
    layers, tensor = [], model.outputs[0]
    while tensor is not model.inputs[0]:
        layer, node, _ = tensor._keras_history
        parents = layer._inbound_nodes[node].input_tensors
        if len(parents) != 1:
            raise ValueError(f"layer '{layer.name}' ({type(layer).__name__}), number {len(layers) + 1} from "
                             f"the end of '{model.name}', joins {len(parents)} branches; the browser runs "
                             "one chain of layers")
        layers.append(layer)
        tensor = parents[0]
    return layers[::-1]
