"""The course's judges: one for digits (`digits`), one for the faces of Planet Pixel (`faces`), and what they measure with.

Import the one you need: ``from helpers.judge import digits as digit_judge``.
"""
