"""A digit moved along the vector between two classes: the live figure of chapter 9."""

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure
from scipy.special import softmax

from helpers.arguments import numbers, whole
from helpers.networks import linear_map

from .base import Explorer, module, slider
from .decoders import for_page, image_shape, latent_dim
from .learning import LearningView

STRIP = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)  # values of alpha, as in walk.js
LABELS = [str(k) for k in range(10)]
READINGS = ("hidden", "shown")  # of the classifier: first look, then look at the bars


class WalkView(LearningView):
    _esm = module("walk.js")
    decoder, reader = (traitlets.Dict().tag(sync=True) for _ in range(2))  # descriptions, as Network.packed gives them
    decoder_weights, reader_weights = (traitlets.Bytes().tag(sync=True) for _ in range(2))
    starts, centroids = (traitlets.List().tag(sync=True) for _ in range(2))  # ten latent points each
    digit, source, target, reading = (traitlets.Int().tag(sync=True) for _ in range(4))
    alpha = traitlets.Float().tag(sync=True)


class WalkExplorer(Explorer):
    """Choose a digit, a pair of classes and alpha: z + alpha * (centroid of `to` - centroid of `from`), decoded.

    A menu shows the probabilities that a linear classifier of pixels gives to the ten labels; at first they are hidden.

    Parameters
    ----------
    decoder : Network or Keras model
        Maps latent points (n, latent_dim) to grey images (n, 28, 28) in [0, 1].
    starts : array (10, latent_dim)
        The code of one digit of each class, in order.
    centroids : array (10, latent_dim)
        The mean code of each class.
    classifier : LogisticRegression
        Fitted to pixels (n, 784) and the labels 0 to 9.
    digit, source, target, alpha
        What is shown first.

    Raises
    ------
    ValueError
        Arrays or models whose shapes do not fit, or a layer that the browser cannot run, no such digit or alpha.
    TypeError
        A digit or alpha that is no number.
    """

    figsize = 6.5, 4.2

    def __init__(self, decoder, starts: np.ndarray, centroids: np.ndarray, classifier, digit: int = 7,
                 source: int = 6, target: int = 0, alpha: float = 1.0):
        self.points = {"starts": _ten(starts, "starts"), "centroids": _ten(centroids, "centroids")}
        self.decoder = for_page(decoder)
        size, image = latent_dim(self.decoder), image_shape(self.decoder)
        if image != (28, 28):
            raise ValueError(f"the decoder gives images of shape {image}; expected (28, 28) or (28, 28, 1)")
        for name, points in self.points.items():
            if points.shape[1] != size:
                raise ValueError(f"{name} has shape {points.shape}; the decoder takes latent points of {size} numbers")
        if (found := np.shape(getattr(classifier, "coef_", None))) != (10, 784):
            raise ValueError(f"the classifier has weights of shape {found}; expected (10, 784): fit it to digits")
        self.reader = linear_map(classifier.intercept_, classifier.coef_.T, (10,))
        (network, weights), (reader, reader_weights) = self.decoder.packed(), self.reader.packed()
        view = WalkView(decoder=network, decoder_weights=weights, reader=reader, reader_weights=reader_weights,
                        label="A digit moved through the latent space, and a classifier's probabilities",
                        **{name: points.tolist() for name, points in self.points.items()})
        plain = {"style": {"description_width": "initial"}}
        menus = {"digit": ("Digit", digit), "source": ("from", source), "target": ("to", target)}
        controls = {name: ipywidgets.Dropdown(options=LABELS, index=whole(index, name, most=9),
                                              description=text, **plain)
                    for name, (text, index) in menus.items()}
        controls["reading"] = ipywidgets.Dropdown(options=READINGS, description="Classifier", **plain)
        controls["alpha"] = slider("α, how far", alpha, STRIP[0], STRIP[-1], 0.05, digits=2)
        super().__init__(view, controls)

    def latent_points(self, alphas, **state) -> np.ndarray:
        """z + alpha * (centroid of `target` - centroid of `source`) for each alpha: float32 (n, latent_dim)."""
        state = self.state | state
        centroids = self.points["centroids"]
        step = centroids[state["target"]] - centroids[state["source"]]
        return self.points["starts"][state["digit"]] + np.float32(alphas)[:, None] * step

    def pictures(self, z: np.ndarray) -> np.ndarray:
        """Images (n, 28, 28), as the browser computes them."""
        return self.decoder(z).reshape(-1, 28, 28)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """What the classifier says of images: (n, 10)."""
        return softmax(self.reader(images.reshape(-1, 784)), axis=1)

    def values(self, **state) -> dict[str, float]:
        """The ten probabilities, the picture's mean brightness and the length of z."""
        state = self.state | state
        z = self.latent_points([state["alpha"]], **state)
        image = self.pictures(z)
        told = {f"p{k}": float(p) for k, p in enumerate(self.probabilities(image)[0])}
        return told | {"brightness": float(image.mean()), "length": float(np.linalg.norm(z[0]))}

    def draw(self, figure: Figure) -> None:
        state = self.state
        images = self.pictures(self.latent_points([state["alpha"], *STRIP]))
        above, below = figure.subfigures(2, 1, height_ratios=[2.6, 1])
        picture, bars = above.subplots(1, 2, width_ratios=[1, 1.4])
        picture.imshow(images[0], cmap="gray", vmin=0, vmax=1)
        picture.set_title(f"digit {state['digit']}, {state['source']} → {state['target']}, α = {state['alpha']:.2f}",
                          fontsize=10)
        picture.axis("off")
        bars.barh(LABELS, self.probabilities(images[:1])[0] * state["reading"])  # nothing while they are hidden
        bars.set(xlim=(0, 1), xlabel="probability, logistic regression")
        bars.set_title("" if state["reading"] else "hidden until you ask", fontsize=10)
        bars.invert_yaxis()
        for ax, image, alpha in zip(below.subplots(1, len(STRIP)), images[1:], STRIP, strict=True):
            ax.imshow(image, cmap="gray", vmin=0, vmax=1)
            ax.set_title(f"{alpha:g}", fontsize=9)
            ax.axis("off")


def _ten(points, name: str) -> np.ndarray:
    """Ten finite latent points, float32."""
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused below
        points = numbers(points, name).astype(np.float32)
    if points.ndim != 2 or len(points) != 10:
        raise ValueError(f"{name} has shape {points.shape}; expected (10, latent_dim), one point for each class")
    if not np.isfinite(points).all():
        raise ValueError(f"{name} holds NaN or infinite numbers")
    return points
