"""A small decoder or generator as a list of layers and one blob of weights, for `network.js` in the browser.

This module computes no network: Keras does, and `network.js` does. It knows nothing of widgets and pictures.
"""
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

SUPPORTED = (
    "Dense, Conv2D, Conv2DTranspose, UpSampling2D, BatchNormalization, Reshape, Flatten, dropout and noise layers, "
    "Activation, ReLU, LeakyReLU, ELU, Softmax; activations linear, relu, relu6, leaky_relu, elu, selu, sigmoid, "
    "tanh, softplus, silu, gelu, softmax"
)
_FORMATS = {"float16": "<f2", "float32": "<f4"}
_FUNCTIONS = {        # Keras's activation functions, with their default options
    **dict.fromkeys("linear relu selu sigmoid tanh softplus silu gelu softmax".split(), {}),
    "leaky_relu": {"alpha": 0.2},
    "elu": {"alpha": 1.0},
    "relu6": {"activation": "clip", "low": 0.0, "high": 6.0},
}


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
        If the shapes do not fit each other.
    """

    mean: np.ndarray
    directions: np.ndarray
    shape: tuple[int, ...]
    clip: tuple[float, float] | None = None

    def __post_init__(self):
        d, mean, directions = math.prod(self.shape), np.shape(self.mean), np.shape(self.directions)
        if mean != (d,) or len(directions) != 2 or directions[1] != d:
            raise ValueError(f"an image of shape {self.shape} needs mean of shape ({d},) and directions of "
                             f"shape (latent_dim, {d}); found {mean} and {directions}")

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Shape of one image."""
        return tuple(self.shape)

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
        mean, directions = (_stored(a, dtype, "LinearMap").astype(float) for a in (model.mean, model.directions))
        return replace(model, mean=mean, directions=directions)
    import keras
    stages = list(_stages(model))
    flat = keras.Sequential([keras.Input((latent_dim(model),))])
    for place, (layer, where, fields, arrays) in enumerate(stages, 1):
        same = {"name": f"layer_{place}", "dtype": "float32"}
        if fields["kind"] == "affine":         # gamma and beta are scale and shift if mean = 0 and variance = 1
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
    shape = getattr(model, "input_shape", None) if getattr(model, "built", False) else None
    if shape is None:
        raise ValueError(f"the model '{getattr(model, 'name', model)}' is not built: start it with keras.Input((latent_dim,)), or "
                         "call it once on a latent point")
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
        raise ValueError(f"{where} has a weight of size {np.abs(array).max():.3g}, beyond the largest {dtype} "
                         f"({np.finfo(dtype).max:.5g})" + "; use dtype='float32'" * (dtype == "float16"))
    return stored


def _stages(model) -> Iterator[tuple]:
    """For each layer: itself, its name for errors, its fields, its weights in the browser's order."""
    if isinstance(model, LinearMap):
        clip = {} if model.clip is None else _clip(*model.clip)
        yield model, "LinearMap", {
            "name": "linear_map", "kind": "dense", "input": [latent_dim(model)], "output": list(model.shape),
            "kernel": list(np.shape(model.directions)), **clip}, [model.directions, model.mean]
        return
    layers = _chain(model)
    shape = (latent_dim(model),)
    for place, layer in enumerate(layers, 1):
        where = f"layer {place} of {len(layers)}, '{layer.name}' ({type(layer).__name__}),"
        try:
            fields, arrays = _read(layer, shape)
        except ValueError as error:
            raise ValueError(f"{where} cannot run in the browser: {error}. Supported: {SUPPORTED}. Build the "
                             "model from these, or show precomputed pictures") from None
        output = tuple(layer.compute_output_shape((None, *shape))[1:])
        yield layer, where, {"name": layer.name, "input": list(shape), "output": list(output), **fields}, arrays
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
            raise ValueError(f"layer '{layer.name}' ({type(layer).__name__}), {len(layers)} layers before the end "
                             f"of '{model.name}', joins {len(parents)} branches; the browser runs one chain")
        layers.append(layer)
        tensor = parents[0]
    return layers[::-1]


def _read(layer, shape: tuple) -> tuple[dict, list]:
    """What is special to this kind of layer, and its weights; ValueError says what is not supported."""
    import keras
    kind = type(layer).__name__
    if kind not in _READERS or getattr(keras.layers, kind, None) is not type(layer):
        raise ValueError("this kind of layer is not supported")
    return _READERS[kind](layer, shape)


def _with_kernel(layer, kind: str, axes: tuple) -> tuple[dict, list]:
    kernel, *bias = layer.get_weights()
    if len(bias) != layer.use_bias:
        raise ValueError("quantised or adapted (LoRA) weights are not supported")
    kernel = kernel.transpose(axes)
    return {"kind": kind, "kernel": list(kernel.shape), **_activation(layer.activation)}, [kernel, *bias]


def _dense(layer, shape):
    return _with_kernel(layer, "dense", (0, 1))


def _convolution(layer, shape):
    transposed = type(layer).__name__ == "Conv2DTranspose"
    for option, needed in {"data_format": "channels_last", "dilation_rate": (1, 1), "groups": 1,
                           "output_padding": None}.items():
        if getattr(layer, option, needed) != needed:
            raise ValueError(f"{option}={getattr(layer, option)!r} is not supported, only {needed!r}")
    fields, arrays = _with_kernel(layer, "conv_transpose" if transposed else "conv",
                                  (0, 1, 3, 2) if transposed else (0, 1, 2, 3))
    return {**fields, "strides": list(layer.strides)}, arrays


def _upsampling(layer, shape):
    if layer.data_format != "channels_last" or layer.interpolation not in ("nearest", "bilinear"):
        raise ValueError(f"data_format={layer.data_format!r}, interpolation={layer.interpolation!r} is not "
                         "supported, only 'channels_last' with 'nearest' or 'bilinear'")
    return {"kind": "upsample", "factor": list(layer.size), "interpolation": layer.interpolation}, []


def _affine(layer, shape):
    if layer.axis not in (-1, len(shape)):
        raise ValueError(f"axis={layer.axis} is not supported, only the last")
    mean, variance = np.array(layer.moving_mean, float), np.array(layer.moving_variance, float)
    with np.errstate(invalid="ignore", divide="ignore"):      # _stored answers what is not finite
        scale = (np.array(layer.gamma, float) if layer.scale else 1.0) / np.sqrt(variance + layer.epsilon)
    shift = (np.array(layer.beta, float) if layer.center else 0.0) - mean * scale
    return {"kind": "affine"}, [scale, shift]


def _pointwise(layer, shape):
    return {"kind": "activation", **_activation(layer)}, []


def _same_numbers(layer, shape):
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise ValueError(f"data_format={layer.data_format!r} is not supported, only 'channels_last'")
    return {"kind": "reshape"}, []


def _clip(low, high) -> dict:
    return {"activation": "clip", "low": float(low), "high": float(high)}


def _activation(source) -> dict:
    """The activation fields for a Keras activation: a function, or a layer (also as `activation=` of another)."""
    import keras
    kind, name = type(source).__name__, getattr(source, "__name__", None)
    if kind == "Activation":
        return _activation(source.activation)
    if kind == "LeakyReLU":
        return {"activation": "leaky_relu", "alpha": float(source.negative_slope)}
    if kind == "ELU":
        return {"activation": "elu", "alpha": float(source.alpha)}
    if kind == "Softmax" and source.axis == -1:
        return {"activation": "softmax"}
    if kind == "ReLU" and source.threshold == 0 and source.max_value is None:
        return {"activation": "leaky_relu", "alpha": float(source.negative_slope)}
    if kind == "ReLU" and source.threshold == 0 and source.negative_slope == 0:
        return _clip(0, source.max_value)
    if name in _FUNCTIONS and getattr(keras.activations, name, None) is source:
        return {"activation": name, **_FUNCTIONS[name]}
    raise ValueError(f"activation {name or source!r} with these options is not supported")


_READERS = {
    "Dense": _dense, "Conv2D": _convolution, "Conv2DTranspose": _convolution, "UpSampling2D": _upsampling,
    "BatchNormalization": _affine,
    **dict.fromkeys(("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax"), _pointwise),
    **dict.fromkeys(("Reshape", "Flatten", "Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise",
                     "ActivityRegularization"), _same_numbers),
}
