"""Points on their way from noise to data: a learned velocity, followed in steps that the reader chooses."""

from collections.abc import Sequence

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from helpers.arguments import number, numbers, whole

from .base import Explorer, View, module, slider
from .decoders import for_page

N_TRAILS = 12  # points whose paths are drawn; as in flow.js


class FlowView(View):
    _esm = module("flow.js")
    t = traitlets.Float(0.8).tag(sync=True)
    steps = traitlets.Int(0).tag(sync=True)  # which of n_steps
    n_steps = traitlets.List().tag(sync=True)
    network = traitlets.Dict().tag(sync=True)  # the velocity's description, as Network.packed gives it
    weights = traitlets.Bytes().tag(sync=True)
    starts = traitlets.Bytes().tag(sync=True)  # float32 (n, 2)
    centres = traitlets.List().tag(sync=True)
    radius, reach = (traitlets.Float(1.0).tag(sync=True) for _ in range(2))


class FlowExplorer(Explorer):
    """Follow points of the plane from noise to data, by a slider over time and a menu of numbers of steps.

    Parameters
    ----------
    flow : Network or Keras model
        Maps (x, y, t), shape (n, 3), to velocities, shape (n, 2).
    starts : array (n, 2)
        The points at time 0; the page carries them, 8 bytes each. Two hundred are plenty.
    centres : array (k, 2)
        Where the data are: circles around these points.
    radius : float
        Of the circles: a point inside one has arrived.
    n_steps : sequence of int
        The menu. A walk of 50 steps by 200 points runs the network 10,000 times.
    reach : float
        The plane is shown from -reach to reach in both directions.
    label : str
        What the figure shows, for screen readers.

    Raises
    ------
    ValueError
        The network does not map three numbers to two, or has a layer that the browser cannot run; starts, centres,
        steps, radius or reach of another form.
    """

    figsize = 4.6, 4.6

    def __init__(self, flow, starts: np.ndarray, centres: np.ndarray, radius: float = 0.3,
                 n_steps: Sequence[int] = (1, 2, 5, 10, 20, 50), reach: float = 3.2,
                 label: str = "Points on their way from noise to data"):
        self.flow = for_page(flow)
        if (self.flow.input_shape, self.flow.output_shape) != ((3,), (2,)):
            raise ValueError(f"the flow maps {self.flow.input_shape} to {self.flow.output_shape}; expected a network "
                             "from a place and a time, (3,), to a velocity, (2,)")
        self.starts, self.centres = _points(starts, "starts"), _points(centres, "centres")
        self.n_steps = [whole(n, "n_steps", 1, 1000) for n in n_steps]
        number(radius, "radius", 0), number(reach, "reach", 0)
        controls = {"t": slider("time t", 0.8, 0, 1, 0.01, 2),
                    "steps": ipywidgets.Dropdown(options=[(str(n), k) for k, n in enumerate(self.n_steps)],
                                                 index=len(self.n_steps) - 1, description="steps",
                                                 tooltip="steps of the walk")}
        network, weights = self.flow.packed()
        view = FlowView(network=network, weights=weights, starts=self.starts.astype("<f4").tobytes(),
                        centres=self.centres.tolist(), radius=radius, reach=reach, n_steps=self.n_steps, label=label)
        super().__init__(view, controls)

    def path(self, n_steps: int) -> np.ndarray:
        """Euler's steps from the starts: float32 (n_steps + 1, n, 2)."""
        path = [self.starts.astype(np.float32)]
        for k in range(n_steps):
            times = np.full((len(self.starts), 1), k / n_steps, np.float32)
            path.append(path[-1] + self.flow(np.concatenate([path[-1], times], axis=1)) / np.float32(n_steps))
        return np.array(path)

    def values(self, **state) -> dict[str, float]:
        """Mean distance of the points to the nearest centre, and the share that has arrived at one."""
        away = np.linalg.norm(self._now(**state)[:, None] - self.centres, axis=2).min(axis=1)
        return {"away": float(away.mean()), "arrived": float((away < self.view.radius).mean())}

    def draw(self, figure: Figure) -> None:
        """The circles, the points at the present moment, and the paths of some of them."""
        ax = figure.subplots()
        for centre in self.centres:
            ax.add_patch(Circle(centre, self.view.radius, fill=False, linestyle="--", linewidth=0.8))
        ax.scatter(*self._now().T, s=6, color="C1")
        ax.plot(*self._passed()[:, :N_TRAILS].transpose(2, 0, 1), "C0", linewidth=1.2)
        reach = self.view.reach
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")

    def _passed(self, **state) -> np.ndarray:
        """The corners of the paths up to the present moment, and where the points are then."""
        state = self.state | state
        n_steps = self.n_steps[state["steps"]]
        path, done = self.path(n_steps), state["t"] * n_steps
        whole_steps = min(int(done), n_steps - 1)
        now = path[whole_steps] + (done - whole_steps) * (path[whole_steps + 1] - path[whole_steps])
        return np.concatenate([path[: whole_steps + 1], now[None]])

    def _now(self, **state) -> np.ndarray:
        return self._passed(**state)[-1]


def _points(points: np.ndarray, name: str) -> np.ndarray:
    """As the browser has them: float32 values, in float64."""
    points = numbers(points, name)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0 or not np.isfinite(points).all():
        raise ValueError(f"{name} has shape {points.shape}; expected (n, 2), finite numbers, one row for each point")
    return points.astype(np.float32).astype(float)
