"""The live figures of the course: ipywidgets controls over a canvas that computes in the browser."""

from .box import BoxExplorer
from .dress import DressExplorer
from .film import FilmExplorer
from .flow import FlowExplorer
from .latent import LatentExplorer
from .pad import PadExplorer
from .pixels import PixelExplorer
from .plane import PlaneExplorer
from .ppf import PpfExplorer
from .report import Measure, ReportExplorer
from .styles import StyleExplorer
from .walk import WalkExplorer

__all__ = ["BoxExplorer", "DressExplorer", "FilmExplorer", "FlowExplorer", "LatentExplorer", "Measure", "PadExplorer",
           "PixelExplorer", "PlaneExplorer", "PpfExplorer", "ReportExplorer", "StyleExplorer", "WalkExplorer"]
