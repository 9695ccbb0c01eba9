"""A pad to draw a digit on, and what models that read and draw make of it: the live figure of chapter 11."""

import base64
from collections.abc import Mapping

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure

from helpers.arguments import numbers, whole
from helpers.networks import Network

from .base import Explorer, View, module, slider
from .decoders import for_page, latent_dim

SIDE, BOX = 28, 20  # pixels of MNIST's field, and of the box that a digit fills
SPLIT = 3  # dots of the pad to a pixel, along each side
FINE = SPLIT * SIDE
MIDDLE = 14.5  # of MNIST's field, in pixels: its centres of mass lie from 14 to 15, half a pixel off the middle
SMALLEST, GAP = 30, 4  # dots: what is smaller is not enlarged; pixels between pictures; all as in ink.js, pad.js


class PadView(View):
    _esm = module("pad.js")
    names = traitlets.List().tag(sync=True)  # of the models
    encoders, decoders = (traitlets.List().tag(sync=True) for _ in range(2))  # as Network.packed gives them
    encoder_weights, decoder_weights = (traitlets.List().tag(sync=True) for _ in range(2))  # bytes
    images = traitlets.Bytes().tag(sync=True)  # uint8 (10, 28, 28)
    choice, towards = (traitlets.Int().tag(sync=True) for _ in range(2))  # 0 is the drawing; digit k is k + 1
    share = traitlets.Float().tag(sync=True)
    ink = traitlets.Unicode().tag(sync=True)  # the drawing, as `pack` gives it


class PadExplorer(Explorer):
    """Draw a digit or choose one; every model encodes it, walks towards another digit if asked to, and decodes.

    Parameters
    ----------
    models : mapping of str to (encoder, decoder)
        Networks or Keras models. The encoder maps images (n, 28, 28) to latent points (n, latent_dim), or to mu and
        log_var side by side, of which mu is used; the decoder maps latent points to images in [0, 1].
    images : array (10, 28, 28)
        A digit of each class, in order, in [0, 1].
    choice : int or None
        The digit to show first; None for an empty pad.

    Raises
    ------
    ValueError
        Images or models whose shapes do not fit, or a layer that the browser cannot run, no such digit.
    TypeError
        A choice that is no integer.
    """

    figsize = 6.5, 2.3

    def __init__(self, models: Mapping[str, tuple], images: np.ndarray, choice: int | None = 7):
        self.images, choice = _ten(images), None if choice is None else whole(choice, "choice", most=9)
        if not isinstance(models, Mapping) or not models or not all(map(_is_pair, models.values())):
            raise ValueError(f"models is {models!r}; expected pairs (encoder, decoder) by name, each a network or "
                             "a Keras model")
        pairs = {name: tuple(map(for_page, pair)) for name, pair in models.items()}
        for name, pair in pairs.items():
            _check(name, *pair)
        self.encoders, self.decoders = map(list, zip(*pairs.values(), strict=True))
        encoders, encoder_weights = map(list, zip(*(one.packed() for one in self.encoders), strict=True))
        decoders, decoder_weights = map(list, zip(*(one.packed() for one in self.decoders), strict=True))
        self.image_shape = (SIDE, (len(models) + 1) * (SIDE + GAP) - GAP)
        view = PadView(names=list(models), encoders=encoders, encoder_weights=encoder_weights, decoders=decoders,
                       decoder_weights=decoder_weights, images=np.round(255 * self.images).astype(np.uint8).tobytes(),
                       label="A digit, and what each model makes of its code")
        plain = {"style": {"description_width": "initial"}}
        digits = [f"a {k}" for k in range(10)]
        controls = {
            "choice": ipywidgets.Dropdown(options=["your drawing", *digits], index=0 if choice is None else choice + 1,
                                          description="Digit", **plain),
            "towards": ipywidgets.Dropdown(options=digits, index=0, description="Walk towards", **plain),
            "share": slider("How far", 0.0, 0.0, 1.0, 0.05, digits=2, tooltip="How far to walk"),
        }
        super().__init__(view, controls)

    def pictures(self, **state) -> list[np.ndarray]:
        """The digit as the models see it, and each model's picture: float32 (28, 28), as the browser computes them."""
        image, codes = self._codes(**state)
        drawn = [decoder(z[None])[0] for decoder, z in zip(self.decoders, codes, strict=True)]
        return [image, *(np.reshape(picture, (SIDE, SIDE)) for picture in drawn)]

    def _codes(self, **state) -> tuple[np.ndarray, list[np.ndarray]]:
        """The digit of a state, and for each model the latent point that it decodes."""
        state = self.state | {"ink": self.view.ink} | state
        image = self.images[state["choice"] - 1] if state["choice"] else centred(unpack(state["ink"]))
        pair = np.stack([image, self.images[state["towards"]]])
        codes = []
        for encoder, decoder in zip(self.encoders, self.decoders, strict=True):
            z, end = encoder(pair.reshape(2, *encoder.input_shape))[:, : latent_dim(decoder)]
            codes.append(z + np.float32(state["share"]) * (end - z))
        return image, codes

    def decode(self, **state) -> np.ndarray:
        """The pictures in one row, with gaps: float32, in [0, 1]."""
        gap = np.zeros((SIDE, GAP), np.float32)
        row = [part for picture in self.pictures(**state) for part in (gap, picture)]
        return np.clip(np.concatenate(row[1:], axis=1), 0, 1)

    def values(self, **state) -> dict[str, float]:
        """Mean brightness of every picture, how far each model's is off (root mean square), the length of its z."""
        image, codes = self._codes(**state)
        told = {"yours": float(image.mean())}
        for k, (picture, z) in enumerate(zip(self.pictures(**state)[1:], codes, strict=True)):
            told |= {f"brightness_{k}": float(picture.mean()),
                     f"off_{k}": float(np.sqrt(((picture - image) ** 2).mean())),
                     f"length_{k}": float(np.linalg.norm(z))}
        return told

    def draw(self, figure: Figure) -> None:
        """The ten digits, and below them what each model makes of them."""
        columns = [self.pictures(choice=k + 1, share=0) for k in range(10)]
        for ax, name, row in zip(figure.subplots(len(columns[0]), 1), ["digit", *self.view.names],
                                 zip(*columns, strict=True), strict=True):
            ax.imshow(np.concatenate(row, axis=1), cmap="gray", vmin=0, vmax=1)
            ax.set_ylabel(name, rotation=0, ha="right", va="center")
            ax.set(xticks=[], yticks=[])


def pack(ink: np.ndarray) -> str:
    """Ink (84, 84), 0 or 1 for each dot, as text: its bits in base64."""
    return base64.b64encode(np.packbits(np.asarray(ink, bool))).decode()


def unpack(text: str) -> np.ndarray:
    """The ink (84, 84) of a text; nothing is an empty pad."""
    bits = np.frombuffer(base64.b64decode(text), np.uint8)
    return np.unpackbits(bits, count=FINE * FINE).reshape(FINE, FINE) if text else np.zeros((FINE, FINE), np.uint8)


def centred(ink: np.ndarray) -> np.ndarray:
    """Ink (84, 84) as MNIST would have it: float32 (28, 28) in [0, 1].

    Black-and-white ink is scaled to fit a box of 20 by 20 pixels, which makes its rim grey, and moved so that its
    centre of mass is where MNIST has it. Source: Y. LeCun and C. Cortes, MNIST. Ink of less than 30 dots is not
    enlarged further, so that a dot stays small.
    """
    places = np.nonzero(ink)
    if not len(places[0]):
        return np.zeros((SIDE, SIDE), np.float32)
    scale = max(*(np.ptp(place) + 1 for place in places), SMALLEST) / BOX
    rows, columns = (_overlaps(place.mean() + 0.5, scale) for place in places)
    return (rows @ ink @ columns.T).astype(np.float32)


def traced(image: np.ndarray) -> np.ndarray:
    """An image (28, 28) as ink (84, 84): where it is more than half grey, between the pixels' centres too."""
    between = np.stack([np.interp((np.arange(FINE) + 0.5) / SPLIT - 0.5, np.arange(SIDE), one)
                        for one in np.eye(SIDE)], axis=1)
    return (between @ image @ between.T > 0.5).astype(np.uint8)


def _overlaps(middle: float, scale: float) -> np.ndarray:
    """For each of 28 pixels, `scale` dots wide, with MIDDLE at the dot `middle`: the share that each dot has of it."""
    start = (middle + (np.arange(SIDE) - MIDDLE) * scale)[:, None]
    dot = np.arange(FINE)
    return np.maximum(0, np.minimum(dot + 1, start + scale) - np.maximum(dot, start)) / scale


def _is_pair(models) -> bool:
    return isinstance(models, tuple | list) and len(models) == 2 and all(hasattr(m, "input_shape") for m in models)


def _check(name: str, encoder: Network, decoder: Network) -> None:
    size, image = latent_dim(decoder), decoder.output_shape
    if encoder.input_shape not in ((SIDE, SIDE), (SIDE, SIDE, 1)):
        raise ValueError(f"the encoder of {name} takes images of shape {encoder.input_shape}; expected (28, 28) or "
                         "(28, 28, 1)")
    if image not in ((SIDE, SIDE), (SIDE, SIDE, 1)):
        raise ValueError(f"the decoder of {name} gives images of shape {image}; expected (28, 28) or (28, 28, 1)")
    if encoder.output_shape not in ((size,), (2 * size,)):
        raise ValueError(f"the encoder of {name} gives codes of shape {encoder.output_shape}; its decoder takes "
                         f"({size},), so expected are ({size},) or mu and log_var, ({2 * size},)")


def _ten(images) -> np.ndarray:
    """Ten digits in [0, 1], in the 256 levels that the browser has."""
    images = numbers(images, "images").astype(np.float32)
    if images.shape != (10, SIDE, SIDE):
        raise ValueError(f"images has shape {images.shape}; expected (10, 28, 28), one digit for each class")
    if not (images.min() >= 0 and images.max() <= 1):
        raise ValueError("images holds NaN or values outside [0, 1]; divide grey values by 255")
    return (np.round(255 * images) / 255).astype(np.float32)
