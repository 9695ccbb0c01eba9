"""The live figures of the course: ipywidgets controls over a canvas that computes in the browser.

A figure is imported when it is asked for, and brings what it needs itself, as in helpers.data.
"""

from importlib import import_module

HOMES = {"BellsExplorer": "bells", "BendsExplorer": "bends", "BoxExplorer": "box", "CarryExplorer": "carry",
         "DigitFlowExplorer": "digit_flow", "DigitVaeExplorer": "digit_vae", "DressExplorer": "dress",
         "DuelExplorer": "duel", "EmExplorer": "em", "FilmExplorer": "film", "FlowExplorer": "flow",
         "LatentExplorer": "latent", "Measure": "report", "PadExplorer": "pad", "PixelExplorer": "pixels",
         "PlaneExplorer": "plane", "PpfExplorer": "ppf", "ReportExplorer": "report", "StyleExplorer": "styles",
         "WalkExplorer": "walk"}  # the module of each name
__all__ = [*HOMES]


def __getattr__(name: str):
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{HOMES[name]}", __name__), name)
