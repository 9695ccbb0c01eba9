"""From noise to a digit: a walk among codes, what is there now and the end that it expects, both decoded."""

from collections.abc import Sequence

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure

from helpers.arguments import numbers, whole

from .base import Explorer, module, slider
from .decoders import for_page, image_shape, latent_dim
from .learning import LearningView

N_LABELS, ANY = 10, "any"  # the menu's last entry asks for nothing
MENU = (1, 2, 5, 10, 20, 50)  # steps of a walk
STOPS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # times of the small pictures, as in digit_flow.js
GAP = 2  # pixels between the two pictures, in grey


class DigitFlowView(LearningView):
    _esm = module("digit_flow.js")
    flow, decoder = (traitlets.Dict().tag(sync=True) for _ in range(2))  # descriptions, as Network.packed gives them
    flow_weights, decoder_weights = (traitlets.Bytes().tag(sync=True) for _ in range(2))
    centre, spread, z, n_steps = (traitlets.List().tag(sync=True) for _ in range(4))
    t, w = (traitlets.Float().tag(sync=True) for _ in range(2))
    digit, steps = (traitlets.Int().tag(sync=True) for _ in range(2))  # which of the menu's entries


class DigitFlowExplorer(Explorer):
    """Choose a digit, steps and guidance, and follow the walk from noise to a code by a slider over time.

    Left the code where the walk is, decoded; right the code that it expects at the end, seen from there. Within a step
    of Euler's method the expected end stays the same, because the walk looks at the velocity once in a step.

    Parameters
    ----------
    flow : Network or Keras model
        Maps a standardised code, a time and ten numbers of a label, shape (n, d + 11), to velocities (n, d).
    decoder : Network or Keras model
        Maps codes (n, d) to grey images (n, 28, 28) in [0, 1].
    centre, spread : array (d,)
        What standardised codes are multiplied with and moved by: ``centre + spread * code``.
    start : array (d,)
        The noise z to begin with.
    digit : int
        What is asked for, 0 to 9; 10 asks for nothing.
    steps : int
        Where the menu of steps begins: 0 to 5 for 1, 2, 5, 10, 20, 50.
    w, t : float
        Guidance, 0 to 3; time, 0 to 1.

    Raises
    ------
    ValueError
        Networks or arrays whose shapes do not fit, a layer that the browser cannot run, a number out of its range.
    TypeError
        A digit, steps, guidance or time that is not a number.
    """

    figsize = 6.5, 3.6

    def __init__(self, flow, decoder, centre: Sequence[float], spread: Sequence[float], start: Sequence[float],
                 digit: int = 5, steps: int = 4, w: float = 0.3, t: float = 0.2):
        self.flow, self.decoder = for_page(flow), for_page(decoder)
        d, image = latent_dim(self.decoder), image_shape(self.decoder)
        if image != (28, 28):
            raise ValueError(f"the decoder gives images of shape {image}; expected (28, 28) or (28, 28, 1)")
        if (self.flow.input_shape, self.flow.output_shape) != ((d + 1 + N_LABELS,), (d,)):
            raise ValueError(f"the flow maps {self.flow.input_shape} to {self.flow.output_shape}; expected "
                             f"({d + 1 + N_LABELS},) to ({d},): a code, a time and ten numbers to a velocity")
        self.codes = {name: _code(given, name, d) for name, given in
                      (("centre", centre), ("spread", spread), ("start", start))}
        self.image_shape = 28, 2 * 28 + GAP
        menus = {"digit": ([*map(str, range(N_LABELS)), ANY], whole(digit, "digit", most=N_LABELS)),
                 "steps": ([*map(str, MENU)], whole(steps, "steps", most=len(MENU) - 1))}
        controls = {"t": slider("time t", t, 0, 1, 0.01, 2), "w": slider("guidance w", w, 0, 3, 0.1)}
        controls |= {name: ipywidgets.Dropdown(options=options, index=index, description=name)
                     for name, (options, index) in menus.items()}
        (flow, flow_weights), (decoder, decoder_weights) = self.flow.packed(), self.decoder.packed()
        centre, spread, z = (code.tolist() for code in self.codes.values())
        view = DigitFlowView(flow=flow, flow_weights=flow_weights, decoder=decoder, decoder_weights=decoder_weights,
                             centre=centre, spread=spread, z=z, n_steps=list(MENU),
                             label="Two pictures: where a walk from noise to a digit is, and the end that it expects")
        super().__init__(view, controls)
        self.add_class("explorer-side-by-side")

    def path(self, **state) -> tuple[np.ndarray, np.ndarray]:
        """Euler's steps from z: the codes after each, and the end expected from each; float32 (n_steps + 1, d)."""
        state = self._whole(state)
        n, w = MENU[state["steps"]], np.float32(state["w"])
        x, told = np.float32(state["z"]), np.zeros((2, N_LABELS), np.float32)
        told[0, state["digit"] : state["digit"] + 1] = 1  # the last entry of the menu leaves it 0
        places, ends = [], []
        for k in range(n):
            asked, free = self.flow(np.hstack([[x, x], np.full((2, 1), k / n), told]).astype(np.float32))
            v = (1 + w) * asked - w * free
            places.append(x)
            ends.append(x + np.float32(1 - k / n) * v)
            x = x + v / np.float32(n)
        return np.array([*places, x]), np.array([*ends, x])

    def pictures(self, codes: np.ndarray) -> np.ndarray:
        """Images (n, 28, 28) of standardised codes (n, d), as the browser computes them."""
        return self.decoder(self.codes["centre"] + self.codes["spread"] * codes).reshape(-1, 28, 28)

    def decode(self, **state) -> np.ndarray:
        """Both pictures of a state with the gap between them: (28, 58), in [0, 1]."""
        here, expected, _ = self._three(state)
        return np.hstack([here, np.full((28, GAP), 0.5), expected])

    def values(self, **state) -> dict[str, float]:
        """The expected picture's mean brightness in [0, 1], and its distance to the end in grey levels, on average."""
        _, expected, end = self._three(state)
        return {"brightness": float(expected.mean()), "away": float(255 * abs(expected - end).mean())}

    def draw(self, figure: Figure) -> None:
        """What is there and what is expected, at six times."""
        shown = [np.hsplit(self.decode(t=t), [28, 28 + GAP]) for t in STOPS]
        rows = zip(figure.subplots(2, len(STOPS)), (0, 2), ("here", "expected"), strict=True)
        for axes, which, name in rows:
            for ax, t, pictures in zip(axes, STOPS, shown, strict=True):
                ax.imshow(pictures[which], cmap="gray", vmin=0, vmax=1)
                ax.set(title="" if which else f"t = {t:g}", xticks=[], yticks=[])
            axes[0].set_ylabel(name)

    def _three(self, state: dict) -> np.ndarray:
        """Pictures of the place, of the end expected from there, and of the end: (3, 28, 28)."""
        (places, ends), t = self.path(**state), self._whole(state)["t"]
        done = t * (len(places) - 1)
        k = min(int(done + 1e-9), len(places) - 2)
        here = places[k] + np.float32(done - k) * (places[k + 1] - places[k])
        return self.pictures(np.array([here, ends[k], places[-1]]))

    def _whole(self, state: dict) -> dict:
        return {"z": self.view.z} | self.state | state


def _code(given: Sequence[float], name: str, d: int) -> np.ndarray:
    """A code of d finite numbers, float32."""
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused below
        code = numbers(given, name).astype(np.float32)
    if code.shape != (d,) or not np.isfinite(code).all():
        raise ValueError(f"{name} has shape {code.shape}; expected {d} finite numbers, as many as a code has")
    return code
