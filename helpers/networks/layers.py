"""Each kind of layer in NumPy: `runner` gives the function that computes it on rows."""

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import erf, expit, softmax

Compute = Callable[..., np.ndarray]
SELU = 1.0507009873554805, 1.6732632423543772  # scale, alpha


def runner(layer: Mapping, weights: Mapping[str, np.ndarray], shapes: list[tuple[int, ...]]) -> Compute:
    """The function from the layer's inputs (n, ...) to its output (n, ...), all float32.

    Parameters
    ----------
    layer : dict
        Its description, as `Network.layers` has it.
    weights : dict of str to array
        By role: ``{"kernel": ..., "bias": ...}``.
    shapes : list of tuple
        The shape of one row of each input.
    """
    compute = _MAKERS[layer["kind"]](layer, weights, shapes)
    bent = activation(layer.get("activation", {"name": "linear"}))
    return compute if bent is None else lambda *x: bent(compute(*x))


def activation(told: Mapping) -> Compute | None:
    """An activation as a function of an array; None for the linear one. ValueError if there is no such activation."""
    name, alpha = told["name"], told.get("alpha", 0.0)
    known: dict[str, Compute | None] = {
        "linear": None,
        "relu": lambda x: np.maximum(x, 0),
        "leaky_relu": lambda x: np.where(x < 0, np.float32(alpha) * x, x),
        "elu": lambda x: np.where(x < 0, np.float32(alpha) * np.expm1(np.minimum(x, 0)), x),
        "selu": lambda x: np.float32(SELU[0]) * np.where(x < 0, np.float32(SELU[1]) * np.expm1(np.minimum(x, 0)), x),
        "sigmoid": expit,
        "tanh": np.tanh,
        "softplus": lambda x: np.logaddexp(x, np.float32(0)),
        "silu": lambda x: x * expit(x),
        "gelu": lambda x: 0.5 * x * (1 + erf(x * np.float32(math.sqrt(0.5)))),
        "softmax": lambda x: softmax(x, axis=-1),
        "clip": lambda x: np.clip(x, told["low"], told["high"]),
    }
    if name not in known:
        raise ValueError(f"the activation {name!r} is unknown, expected one of: {', '.join(known)}.")
    return known[name]


def _dense(layer, weights, shapes):
    kernel, bias = weights["kernel"], weights.get("bias", np.float32(0))
    return lambda x: x @ kernel + bias


def _padding(fine: tuple, coarse: tuple, layer: Mapping) -> list[tuple[int, int]]:
    """Rows and columns that a window reaches over the finer image: before it and after it, as TensorFlow divides them.

    The window makes one step for each pixel of the coarser image.
    """
    reach = [max((n - 1) * stride + size - m, 0) for n, m, size, stride
             in zip(coarse, fine, window(layer), layer["strides"], strict=False)]
    return [(over // 2, over - over // 2) for over in reach]


def window(layer: Mapping) -> tuple[int, int]:
    """Rows and columns of the window that slides over the image."""
    return tuple(layer.get("kernel_size") or layer["pool_size"])


def _windows(layer, shapes, fill: float = 0.0) -> Compute:
    """Every window of the images: (n, height, width, channels, rows, columns)."""
    edges = [(0, 0), *_padding(shapes[0], layer["output"], layer), (0, 0)]
    down, right = layer["strides"]
    height, width = layer["output"][:2]

    def cut(x):
        x = np.pad(x, edges, constant_values=fill) if any(map(any, edges)) else x
        return sliding_window_view(x, window(layer), axis=(1, 2))[:, ::down, ::right][:, :height, :width]
    return cut


def _conv2d(layer, weights, shapes):
    """One product of two tables: the windows of all images, row by row, and the kernel."""
    cut, kernel, bias = _windows(layer, shapes), weights["kernel"], weights.get("bias", np.float32(0))
    flat = kernel.reshape(-1, kernel.shape[-1])

    def compute(x):
        rows = cut(x).transpose(0, 1, 2, 4, 5, 3).reshape(-1, len(flat))  # in the kernel's order
        return (rows @ flat).reshape(len(x), *layer["output"]) + bias
    return compute


def _conv2d_transpose(layer, weights, shapes):
    """Each pixel of the coarse image paints a window of the fine one."""
    (height, width), (down, right) = shapes[0][:2], layer["strides"]
    (rows, columns), kernel = window(layer), weights["kernel"]  # rows, columns, to, from
    (top, bottom), (left, aside) = _padding(layer["output"], shapes[0], layer)
    tall, wide, channels = layer["output"]
    bias = weights.get("bias", np.float32(0))

    def compute(x):
        paint = np.zeros((len(x), tall + top + bottom, wide + left + aside, channels), np.float32)
        pixels = x.reshape(-1, x.shape[-1])
        for i in range(rows):
            for j in range(columns):
                window = (pixels @ kernel[i, j].T).reshape(len(x), height, width, channels)
                paint[:, i : i + height * down : down, j : j + width * right : right] += window
        return paint[:, top : top + tall, left : left + wide] + bias
    return compute


def _pooling(layer, weights, shapes):
    if layer["kind"] == "max_pooling2d":
        cut = _windows(layer, shapes, -np.inf)
        return lambda x: cut(x).max(axis=(-2, -1))
    cut = _windows(layer, shapes)
    share = cut(np.ones((1, *shapes[0]), np.float32)).sum(axis=(-2, -1))  # pixels beyond the edge do not count
    return lambda x: cut(x).sum(axis=(-2, -1)) / share


def _upsampling2d(layer, weights, shapes):
    places = [_between(n, factor, layer["interpolation"] == "bilinear")
              for n, factor in zip(shapes[0], layer["size"], strict=False)]
    (above, below, down), (left, right, aside) = places
    down, aside = down[:, None, None], aside[:, None]

    def compute(x):
        x = x[:, above] * (1 - down) + x[:, below] * down
        return x[:, :, left] * (1 - aside) + x[:, :, right] * aside
    return compute


def _between(n: int, factor: int, bilinear: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each of n * factor places: the two places that it lies between, and how far it is from the first."""
    if not bilinear:
        near = np.arange(n * factor) // factor
        return near, near, np.zeros(n * factor, np.float32)
    at = (np.arange(n * factor) + 0.5) / factor - 0.5
    first = np.floor(at).astype(int)
    return first.clip(0), (first + 1).clip(max=n - 1), (at - first).astype(np.float32)


def _batch_normalization(layer, weights, shapes):
    """Folded: with what it learned, normalisation is one scale and one shift for each channel."""
    variance = weights["moving_variance"].astype(float) + layer["epsilon"]
    if not (variance > 0).all():
        raise ValueError(f"layer {layer['name']!r} (batch_normalization) has a variance below zero: train the model "
                         "again.")
    scale = weights.get("gamma", 1.0) / np.sqrt(variance)
    shift = weights.get("beta", 0.0) - weights["moving_mean"] * scale
    scale, shift = scale.astype(np.float32), shift.astype(np.float32)
    return lambda x: x * scale + shift


def _time_embedding(layer, weights, shapes):
    turns = time_frequencies(layer["n_frequencies"], layer["largest"])
    return lambda t: np.concatenate([np.cos(t * turns), np.sin(t * turns)], axis=-1)


def time_frequencies(n_frequencies: int, largest: float) -> np.ndarray:
    """Angular frequencies from 1 to `largest`, equally spaced on a logarithmic scale: float32 (n_frequencies,).

    A time t in [0, 1] becomes cos(w t) and sin(w t) for each w. Source: Vaswani et al. (2017), section 3.5.
    """
    return np.geomspace(1, largest, n_frequencies).astype(np.float32)


def _embedding(layer, weights, shapes):
    def compute(x):
        rows = x.astype(np.int64)
        if rows.min() < 0 or rows.max() >= layer["input_dim"]:
            raise ValueError(f"layer {layer['name']!r} looks up {rows.min()} to {rows.max()}, expected whole numbers "
                             f"from 0 to {layer['input_dim'] - 1}.")
        return weights["embeddings"][rows]
    return compute


def _global_average(layer, weights, shapes):
    return lambda x: x.mean(axis=(1, 2), keepdims=layer["keepdims"])


def _add(layer, weights, shapes):
    return lambda *x: sum(x[1:], x[0])


def _multiply(layer, weights, shapes):
    return lambda *x: math.prod(x[1:], start=x[0])


def _concatenate(layer, weights, shapes):
    axis = layer["axis"] if layer["axis"] < 0 else layer["axis"] - len(shapes[0]) - 1
    return lambda *x: np.concatenate(x, axis=axis)


def _palette(layer, weights, shapes):
    """The likeliest colour of each pixel: an exact colour of the palette, never a mixture."""
    return lambda x: weights["colours"][x.argmax(axis=-1)]


def _reshape(layer, weights, shapes):
    return lambda x: x.reshape(len(x), *layer["output"])


def _same(layer, weights, shapes):
    return lambda x: x


_MAKERS = {
    "dense": _dense, "conv2d": _conv2d, "conv2d_transpose": _conv2d_transpose, "embedding": _embedding,
    "batch_normalization": _batch_normalization, "upsampling2d": _upsampling2d, "max_pooling2d": _pooling,
    "average_pooling2d": _pooling, "global_average_pooling2d": _global_average, "reshape": _reshape,
    "flatten": _reshape, "add": _add, "multiply": _multiply, "concatenate": _concatenate, "activation": _same,
    "palette": _palette, "time_embedding": _time_embedding, "dropout": _same, "spatial_dropout2d": _same,
    "gaussian_dropout": _same, "gaussian_noise": _same, "activity_regularization": _same,
}
