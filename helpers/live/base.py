"""What every live figure shares: controls, linked in the browser to one canvas that computes there."""

import base64
import io
from pathlib import Path

import anywidget
import ipywidgets
import traitlets
from matplotlib.figure import Figure

from helpers.arguments import number

from .linker import linked

HERE = Path(__file__).parent


def module(name: str) -> str:
    """The text of a view's JavaScript module in this folder, with all that it imports."""
    return linked(HERE / name)


class View(anywidget.AnyWidget):
    """The canvas of a live figure. A subclass names its module and its numbers."""

    _css = HERE / "live.css"
    label = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"  # no id: notebooks store it


class Explorer(ipywidgets.VBox):
    """Controls over a view. They are linked in the browser, so they move with and without a kernel.

    Parameters
    ----------
    view : View
        The canvas.
    controls : dict of str to Widget
        For each number of the view (a trait), the control that sets it.
    rows : list of Widget, optional
        How the controls are laid out; by default one below the other.

    A subclass gives `values(**state)`, the numbers that the browser shows, computed in Python, and
    `draw(figure)`, the picture for readers without JavaScript.
    """

    figsize = 6.5, 4.3  # of the still picture, in inches

    def __init__(self, view: View, controls: dict[str, ipywidgets.Widget], rows: list | None = None):
        self.view, self.controls = view, controls
        self.links = []
        for trait, control in controls.items():
            key = "index" if hasattr(control, "index") else "value"
            setattr(view, trait, getattr(control, key))
            self.links.append(ipywidgets.jslink((control, key), (view, trait)))
        box = ipywidgets.VBox(list(rows or controls.values()))
        super().__init__([box.add_class("explorer-controls"), view])
        self.add_class("explorer")

    @property
    def state(self) -> dict:
        """The present value of every control, by trait."""
        return {trait: getattr(control, "index" if hasattr(control, "index") else "value")
                for trait, control in self.controls.items()}

    def values(self, **state) -> dict[str, float]:
        """The numbers of the figure for `state`: what the browser's result is tested against."""
        raise NotImplementedError

    def draw(self, figure: Figure) -> None:
        """Draw the present state on a Matplotlib figure."""
        raise NotImplementedError

    def __repr__(self) -> str:
        shown = ", ".join(f"{trait}={value:g}" for trait, value in self.state.items())
        return f"{type(self).__name__}({shown})"

    def _repr_mimebundle_(self, **kwargs) -> dict:
        bundle = super()._repr_mimebundle_(**kwargs)
        figure, buffer = Figure(figsize=self.figsize, layout="constrained"), io.BytesIO()
        self.draw(figure)
        figure.savefig(buffer, format="png", dpi=90, metadata={"Software": None})
        bundle["image/png"] = base64.b64encode(buffer.getvalue()).decode()
        return bundle


def slider(description: str, value: float, minimum: float, maximum: float, step: float, digits: int = 1,
           tooltip: str | None = None) -> ipywidgets.FloatSlider:
    """A slider as all live figures use it: `description` is its name, `tooltip` the longer one.

    Raises TypeError if `value` is no number, ValueError if it is not in `minimum` to `maximum`.
    """
    number(value, description, minimum, maximum)
    return ipywidgets.FloatSlider(value=value, min=minimum, max=maximum, step=step, description=description,
                                  readout_format=f".{digits}f", tooltip=tooltip or description,
                                  style={"description_width": "initial"}, layout={"width": "auto"})


def stops(description: str, value: int, minimum: int, maximum: int, tooltip: str | None = None) -> ipywidgets.IntSlider:
    """The same over whole numbers, which the caller has looked at."""
    return ipywidgets.IntSlider(value=value, min=minimum, max=maximum, description=description,
                                tooltip=tooltip or description, style={"description_width": "initial"},
                                layout={"width": "auto"})
