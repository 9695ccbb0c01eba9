"""The backend of Matplotlib in the page: `plt.show()` sends the figures where the cell's output goes."""

import sys

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas  # noqa: F401 - Matplotlib looks it up

from in_page import shown

FigureManager = FigureManagerBase


def show(*args, **kwargs) -> None:
    sys.stdout.flush()
    shown.figures(sys.modules["__main__"].__dict__["display"].__self__.output)
