"""What the live figures ask of a decoder: a network that a page can carry, and the image that it makes."""

from collections.abc import Mapping

import numpy as np

from helpers.networks import Network, as_network


def for_page(model) -> Network:
    """A network or Keras model as the page gets it: weights of two bytes or less, but for normalisation.

    Raises what `from_keras` raises for a layer that the browser cannot run, and for weights too large for float16.
    """
    network = as_network(model)
    wide = any(array.dtype == np.float32 and name.endswith(("/kernel", "/embeddings"))
               for name, array in network.weights.items())
    return network.astype("float16") if wide else network


def common_shape(decoders: Mapping[str, Network]) -> tuple[int, tuple[int, ...], list[float]]:
    """Latent size, image shape and value range, the same for all decoders.

    Raises ValueError where they differ, or where one takes no latent point or gives no image.
    """
    found = {name: (latent_dim(decoder), image_shape(decoder), value_range(decoder))
             for name, decoder in decoders.items()}
    first = next(iter(found.values()), None)
    if first is None or any(other != first for other in found.values()):
        raise ValueError("the decoders of one menu must have the same latent size, image shape and range; found "
                         + str(found))
    return first


def latent_dim(decoder: Network) -> int:
    """How many numbers the latent point has; ValueError if the input is not one flat vector."""
    if len(decoder.input_shape) != 1:
        raise ValueError(f"the network takes an input of shape {decoder.input_shape}; needed is one latent point, "
                         "shape (latent_dim,)")
    return decoder.input_shape[0]


def image_shape(decoder: Network) -> tuple[int, ...]:
    """The shape of one image, (height, width) or (height, width, 3)."""
    shape = decoder.output_shape
    if len(shape) not in (2, 3) or shape[2:] not in ((), (1,), (3,)):
        raise ValueError(f"the decoder gives an output of shape {shape}; needed is (height, width), "
                         "(height, width, 1) or (height, width, 3): end it with a Reshape layer")
    return shape[:2] if shape[2:] == (1,) else shape


def value_range(decoder: Network) -> list[float]:
    """[-1, 1] if the last layer that computes is a tanh, else [0, 1]."""
    computing = [layer for layer in decoder.layers if layer["kind"] not in ("reshape", "flatten")]
    tanh = bool(computing) and computing[-1].get("activation") == {"name": "tanh"}
    return [-1.0 if tanh else 0.0, 1.0]
