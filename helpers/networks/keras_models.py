"""From a Keras model to a network, and back to a model whose training can go on. The only module here that needs Keras.

The graph is read from `get_config`, which is public and has had one form since Keras 3.0.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import keras
import numpy as np

from .keras_layers import CUSTOM
from .kinds import ACTIVATION_LAYERS, ACTIVATIONS, IDLE, KINDS, OF_KERAS, ONLY, SUPPORTED
from .network import Network, owner, weight, weight_names


class Call(NamedTuple):
    """One use of a Keras layer: what it takes, what its result is called, and the shapes of both."""

    layer: keras.Layer
    inputs: list[str]
    name: str


def from_keras(model: keras.Model, dtype: str = "float32") -> Network:
    """The network that computes what a model computes after training.

    Parameters
    ----------
    model : keras.Sequential or functional keras.Model
        Built; nested models are flattened.
    dtype : {"float32", "float16", "int8"}
        How the weights are stored (`Network.astype`).

    Raises
    ------
    ValueError
        If the model is not built, of another kind, or has a layer that is not supported; if a weight is not finite or
        too large for `dtype`. It names the layer and its place.
    """
    inputs, calls, outputs = _graph(model)
    if not calls:
        raise ValueError(f"the model {model.name!r} has no layers")
    layers, weights, shapes = [], {}, dict(inputs)
    for place, call in enumerate(calls, 1):
        where = f"layer {place} of {len(calls)}, {call.layer.name!r} ({type(call.layer).__name__}),"
        try:
            told, arrays = _described(call, shapes)
        except ValueError as error:
            raise ValueError(f"{where} cannot become part of a network: {error}. Supported are {SUPPORTED}.") from None
        for role, array in arrays.items():
            if not np.isfinite(array).all():
                raise ValueError(f"{where} has a weight that is not a finite number ({role}): train the model again.")
            weights[f"{owner(told)}/{role}"] = array
        layers.append(told)
        shapes[call.name] = tuple(told["output"])
    network = Network(inputs, layers, outputs, weights)
    return network if dtype == "float32" else network.astype(dtype)


def to_keras(network: Network) -> keras.Model:
    """A functional model with the network's layers, names and weights, as float32. Its training can go on.

    Several inputs or outputs become dicts by name.
    """
    tensors = {name: keras.Input(shape, name=name) for name, shape in network.inputs.items()}
    given, made = dict(tensors), {}
    for told in network.layers:
        if owner(told) not in made:
            made[owner(told)] = _layer(told)
        taken = [tensors[name] for name in told["inputs"]]
        tensors[told["name"]] = made[owner(told)](taken if len(taken) > 1 else taken[0])
    outputs = {name: tensors[of] for name, of in network.outputs.items()}
    model = keras.Model(given if len(given) > 1 else next(iter(given.values())),
                        outputs if len(outputs) > 1 else next(iter(outputs.values())))
    for told in network.layers:
        roles = weight_names(told)
        if roles and made[owner(told)].weights:
            made[owner(told)].set_weights([weight(network.weights, f"{owner(told)}/{role}") for role in roles])
    return model


def _layer(told: Mapping) -> keras.Layer:
    kind = KINDS[told["kind"]]
    settings = {name: told[name] for name in kind.settings}
    if kind.activated and (told["kind"] == "activation" or told["activation"]["name"] != "linear"):
        settings["activation"] = _function(told["activation"])
    return (CUSTOM.get(kind.keras) or getattr(keras.layers, kind.keras))(name=told["name"], **settings)


def _function(bent: Mapping):
    """Keras's activation, as a name where the defaults hold, else as a layer."""
    name = next((name for name, known in ACTIVATIONS.items() if known == bent), None)
    if name is not None:
        return name
    if bent["name"] == "clip":
        if bent["low"] == 0:
            return keras.layers.ReLU(max_value=bent["high"])
        low, high = bent["low"], bent["high"]
        return lambda x: keras.ops.clip(x, low, high)
    layer = {"leaky_relu": keras.layers.LeakyReLU, "elu": keras.layers.ELU}[bent["name"]]
    return layer(bent["alpha"])


def _graph(model) -> tuple[dict, list[Call], dict]:
    """The model's inputs (shapes by name), its calls in order, and its outputs (the call's name, by name)."""
    _check(model)
    if isinstance(model, keras.Sequential):
        shape = _shape(model.input_shape, model.name)
        start = model.inputs[0].name
        calls, last = _inner(model, [start])
        return {start: shape}, calls, {last[0]: last[0]}
    names = [name for name, *_ in _tensors(model.get_config()["input_layers"])]
    calls, last = _inner(model, names)
    shapes = {layer.name: _shape(layer.batch_shape, layer.name) for layer in model.layers if layer.name in names}
    keys = list(model.output) if isinstance(model.output, dict) else last
    return {name: shapes[name] for name in names}, calls, dict(zip(keys, last, strict=True))


def _check(model) -> None:
    if not isinstance(model, keras.Sequential) and type(model).__name__ != "Functional":
        raise ValueError(f"found a {type(model).__name__}; needed is a keras.Sequential, a functional "
                         "keras.Model(inputs, outputs) or a Network")
    if isinstance(model, keras.Sequential) and not model.built:
        raise ValueError(f"the model {model.name!r} is not built: start it with keras.Input((latent_dim,)) "
                         "or call it once on a latent point")


def _shape(batched, name: str) -> tuple[int, ...]:
    if None in batched[1:]:
        raise ValueError(f"the input {name!r} has shape {tuple(batched)}; expected a known size but for the batch")
    return tuple(batched[1:])


def _inner(model, inputs: list[str], prefix: str = "") -> tuple[list[Call], list[str]]:
    """The calls of a model, nested models flattened, and the names of its outputs."""
    if isinstance(model, keras.Sequential):
        calls, names = [], inputs
        for layer in model.layers:
            more, names = _call(layer, names, prefix, 0)
            calls += more
        return calls, names
    config = model.get_config()
    names = {(name, 0): given for (name, *_), given in zip(_tensors(config["input_layers"]), inputs, strict=True)}
    calls, waiting = [], [(entry["name"], node, list(_histories(one))) for entry in config["layers"]
                          for node, one in enumerate(entry["inbound_nodes"])]
    while waiting:  # a shared layer's second call may need what stands further down
        name, node, taken = ready = next(one for one in waiting if all(of[:2] in names for of in one[2]))
        waiting.remove(ready)
        more, made = _call(model.get_layer(name), [names[of[:2]] for of in taken], prefix, node)
        calls += more
        names[name, node] = made[0]
    ends = [(name, node - _begins_at_one(model.get_layer(name))) for name, node, _ in _tensors(config["output_layers"])]
    return calls, [names[end] for end in ends]


def _begins_at_one(layer) -> bool:
    """Whether Keras counts the calls of this layer from 1 among a model's outputs: it does so for nested graphs."""
    return isinstance(layer, keras.Model) and not isinstance(layer, keras.Sequential)


def _call(layer, inputs: list[str], prefix: str, node: int) -> tuple[list[Call], list[str]]:
    name = f"{prefix}{layer.name}" + f"_call_{node + 1}" * (node > 0)
    if isinstance(layer, keras.Model):
        _check(layer)
        return _inner(layer, inputs, f"{name}.")
    return [Call(layer, inputs, name)], [name]


def _histories(config) -> Iterator[tuple[str, int, int]]:
    """Where each tensor in the arguments of a call comes from: layer, node, place."""
    if isinstance(config, Mapping):
        if config.get("class_name") == "__keras_tensor__":
            yield tuple(config["config"]["keras_history"])
        else:
            for value in config.values():
                yield from _histories(value)
    elif isinstance(config, list | tuple):
        for value in config:
            yield from _histories(value)


def _tensors(config) -> list[tuple]:
    """The inputs or outputs of a model's configuration, as a list of (layer, node, place)."""
    if isinstance(config, Mapping):
        return [one for value in config.values() for one in _tensors(value)]
    if config and isinstance(config[0], str):
        return [tuple(config)]
    return [one for value in config for one in _tensors(value)]


def _described(call: Call, shapes: Mapping) -> tuple[dict, dict[str, np.ndarray]]:
    """A layer as the file has it, and its weights by role."""
    layer, taken = call.layer, [shapes[name] for name in call.inputs]
    kind = "activation" if type(layer).__name__ in ACTIVATION_LAYERS else OF_KERAS.get(type(layer).__name__)
    expected = CUSTOM.get(type(layer).__name__) or getattr(keras.layers, type(layer).__name__, None)
    if kind is None or type(layer) is not expected:
        raise ValueError("this kind of layer is not supported")
    bent = _bent(layer if kind == "activation" else layer.activation) if KINDS[kind].activated else None
    config = layer.get_config()
    _check_options(config, taken)
    batched = [(None, *shape) for shape in taken]
    output = layer.compute_output_shape(batched if len(batched) > 1 else batched[0])
    told = {"name": call.name, "kind": kind, "inputs": call.inputs, "output": list(output[1:])}
    prefix = call.name.rpartition(".")[0]
    if (own := f"{prefix}.{layer.name}" if prefix else layer.name) != call.name:
        told["layer"] = own
    told |= {name: _plain(config[name]) for name in KINDS[kind].settings}
    if bent is not None:
        told["activation"] = bent
    return told, _arrays(layer, told)


def _arrays(layer, told: Mapping) -> dict[str, np.ndarray]:
    roles, arrays = weight_names(told), layer.get_weights()
    if told["kind"] in IDLE:  # their seeds are no weights
        return {}
    if len(arrays) != len(roles):
        raise ValueError("quantised or adapted (LoRA) weights are not supported")
    return dict(zip(roles, arrays, strict=True))


def _check_options(config: Mapping, taken: list[tuple]) -> None:
    for option, needed in ONLY.items():
        found = _plain(config.get(option, needed))
        if found != _plain(needed):
            raise ValueError(f"{option}={config[option]!r} is not supported, only {needed!r}")
    if config.get("interpolation", "nearest") not in ("nearest", "bilinear"):
        raise ValueError(f"interpolation={config['interpolation']!r} is not supported, only 'nearest' or 'bilinear'")
    if "momentum" in config and config["axis"] not in (-1, len(taken[0]), [-1], [len(taken[0])]):
        raise ValueError(f"axis={config['axis']} is not supported, only the last")


def _plain(value):
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _bent(source) -> dict:
    """The activation of a Keras function or layer (`activation=` takes both)."""
    kind, name = type(source).__name__, getattr(source, "__name__", None)
    if kind == "Activation":
        return _bent(source.activation)
    if kind == "LeakyReLU":
        return {"name": "leaky_relu", "alpha": float(source.negative_slope)}
    if kind == "ELU":
        return {"name": "elu", "alpha": float(source.alpha)}
    if kind == "Softmax" and source.axis == -1:
        return {"name": "softmax"}
    if kind == "ReLU":
        return _relu(source)
    if name in ACTIVATIONS and getattr(keras.activations, name, None) is source:
        return ACTIVATIONS[name]
    raise ValueError(f"activation {name or kind} is not supported" + ", only axis=-1" * (kind == "Softmax"))


def _relu(layer) -> dict:
    if layer.threshold == 0 and layer.max_value is None:
        slope = float(layer.negative_slope)
        return {"name": "leaky_relu", "alpha": slope} if slope else {"name": "relu"}
    if layer.threshold == 0 and layer.negative_slope == 0:
        return {"name": "clip", "low": 0.0, "high": float(layer.max_value)}
    raise ValueError("a ReLU with a threshold, or with both max_value and negative_slope, is not supported")


__all__ = ["from_keras", "to_keras"]
