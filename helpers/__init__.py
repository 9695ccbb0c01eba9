"""Shared code of the course: what several chapters need and none of them teaches.

Each module is one idea (`data`, `figures`, `training`, `explorers`, `exercises`, ...) and does no work when
it is imported; import the module you need, for example ``from helpers.data import digits``.
"""
