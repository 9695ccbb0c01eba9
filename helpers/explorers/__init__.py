"""The live figures of the course: ipywidgets controls over a canvas that computes in the browser."""

from .latent import LatentExplorer
from .network import LinearMap
from .ppf import PpfExplorer

__all__ = ["LatentExplorer", "LinearMap", "PpfExplorer"]
