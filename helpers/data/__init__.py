"""The course's data: digits, Wrodlers, faces, tins and the land of the Earth, all at hand, so nothing is downloaded.

What is asked for is imported then: digits need no pandas, which takes six seconds where Python runs in a page.
"""

from importlib import import_module

HOMES = {"digits": "mnist", "land": "earth", "pixel_faces": "planets", "sample_land": "earth", "tins": "biscuit_tins",
         "wrodl": "planets"}  # the module of each name
__all__ = [*HOMES]


def __getattr__(name: str):
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{HOMES[name]}", __name__), name)
