"""The course's judges: of digits (`digits`) and of the faces of Planet Pixel (`faces`), and what they measure with.

Import the one you need: ``from helpers.judge import digits as digit_judge``.
"""
