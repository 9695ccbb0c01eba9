"""The course's data: digits, Wrodlers, faces, tins and the land of the Earth, all at hand, so nothing is downloaded."""

from helpers.data.biscuit_tins import tins
from helpers.data.earth import land, sample_land
from helpers.data.mnist import digits
from helpers.data.planets import pixel_faces, wrodl

__all__ = ["digits", "land", "pixel_faces", "sample_land", "tins", "wrodl"]
