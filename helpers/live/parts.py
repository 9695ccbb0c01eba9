"""What a live figure asks for when it is wanted, not before: programs that learn, digits, networks that read them.

In Jupyter a view asks for a part by a message, which `LearningView` answers. On the site tools/assets.py writes each
part into a script, vendor/parts/NAME.js. runtime/parts.js asks for either.
"""

import base64
import json
import zlib
from functools import cache
from pathlib import Path

import numpy as np

from helpers.data.mnist import FILE
from helpers.networks import shipped

from .linker import linked

PROGRAMS = Path(__file__).parent / "programs"
NETWORKS = {"judge": "digit_judge.npz", "encoder": "digit_vae_encoder.npz"}  # for runtime/shipped.js
N_TRAIN, N_HELD = 4000, 1000  # digits


def programs() -> list[str]:
    """The names of the programs that learn: the files of the folder programs."""
    return sorted(path.stem for path in PROGRAMS.glob("*.js"))


def names() -> list[str]:
    """The names of all parts."""
    return ["digits", *NETWORKS, *programs()]


@cache
def part(name: str) -> bytes:
    """A program's text as a module of its own; or the bytes of `digit_bytes` or `network_text`, deflated (zlib).

    Raises ValueError for another name.
    """
    if name == "digits":
        return zlib.compress(digit_bytes(), 9)
    if name in NETWORKS:
        return zlib.compress(network_text(name).encode(), 9)
    if name not in programs():
        raise ValueError(f"no part is called {name!r}; the known parts are {', '.join(names())}")
    return linked(PROGRAMS / f"{name}.js").encode()


@cache
def digit_bytes() -> bytes:
    """The course's 5,000 digits: 4,000 to learn from and 1,000 held out, in the order of `digits()`.

    First a byte for each pixel, 0 for paper to 255 for ink, 784 a digit; then a byte for each label.
    """
    with np.load(FILE) as file:
        rows = np.concatenate([file["train"], file["test"]])
        return file["pixels"][rows].tobytes() + file["labels"][rows].tobytes()


def network_text(name: str) -> str:
    """A network of `NETWORKS`: its description, and its weights as base64."""
    network, weights = shipped.load(NETWORKS[name]).packed()
    return json.dumps({"network": network, "weights": base64.b64encode(weights).decode()})
