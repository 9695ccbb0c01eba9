"""What the browser needs to know of one Keras layer; `network.py` puts the layers together."""

import numpy as np

SUPPORTED = (
    "Dense, Conv2D, Conv2DTranspose, UpSampling2D, BatchNormalization, Reshape, Flatten, dropout and noise "
    "layers, Activation, ReLU, LeakyReLU, ELU, Softmax; activations linear, relu, relu6, leaky_relu, elu, "
    "selu, sigmoid, tanh, softplus, silu, gelu, softmax"
)
_FUNCTIONS = {        # Keras's activation functions, with their default options
    **{name: {} for name in "linear relu selu sigmoid tanh softplus silu gelu softmax".split()},
    "leaky_relu": {"alpha": 0.2},
    "elu": {"alpha": 1.0},
    "relu6": {"activation": "clip", "low": 0.0, "high": 6.0},
}


def read_layer(layer, shape: tuple[int, ...]) -> tuple[dict, list[np.ndarray]]:
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
    mean, variance = (w.numpy().astype(float) for w in (layer.moving_mean, layer.moving_variance))
    gamma = layer.gamma.numpy().astype(float) if layer.scale else 1.0
    beta = layer.beta.numpy().astype(float) if layer.center else 0.0
    with np.errstate(invalid="ignore", divide="ignore"):      # _stored refuses what is not finite
        scale = gamma / np.sqrt(variance + layer.epsilon)
        shift = beta - mean * scale
    return {"kind": "affine"}, [scale, shift]


def _pointwise(layer, shape):
    return {"kind": "activation", **_activation(layer)}, []


def _same_numbers(layer, shape):
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise ValueError(f"data_format={layer.data_format!r} is not supported, only 'channels_last'")
    return {"kind": "reshape"}, []


def clip_fields(low: float, high: float) -> dict:
    """The activation that moves values outside [low, high] to the nearer end."""
    return {"activation": "clip", "low": float(low), "high": float(high)}


def _activation(source) -> dict:
    """The activation fields for a Keras activation: a function or a layer (`activation=` takes both)."""
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
    if kind == "ReLU":
        return _relu(source)
    if name in _FUNCTIONS and getattr(keras.activations, name, None) is source:
        return {"activation": name, **_FUNCTIONS[name]}
    raise ValueError(f"activation {name or kind} is not supported" + ", only axis=-1" * (kind == "Softmax"))


def _relu(layer) -> dict:
    if layer.threshold == 0 and layer.max_value is None:
        return {"activation": "leaky_relu", "alpha": float(layer.negative_slope)}
    if layer.threshold == 0 and layer.negative_slope == 0:
        return clip_fields(0, layer.max_value)
    raise ValueError("a ReLU with a threshold, or with both max_value and negative_slope, is not supported")


_READERS = {
    "Dense": _dense, "Conv2D": _convolution, "Conv2DTranspose": _convolution, "UpSampling2D": _upsampling,
    "BatchNormalization": _affine,
    **dict.fromkeys(("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax"), _pointwise),
    **dict.fromkeys(("Reshape", "Flatten", "Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise",
                     "ActivityRegularization"), _same_numbers),
}
