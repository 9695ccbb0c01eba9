"""Models and samples that a chapter made at full scale and that come with the course, each with how it was made.

They lie in helpers/artefact_files/ beside manifest.json, which says of each file: chapter, scale, seed, versions,
seconds, scores, checksum, and the command that makes it again. A Keras model is a ``.keras`` file, arrays are a
``.npz`` file; the ending of the name decides.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from helpers.training import scale

FOLDER = Path(__file__).with_name("artefact_files")
MANIFEST = "manifest.json"
JUDGE = "digit_judge.keras"  # scores hold for the judge that gave them
PACKAGES = ("keras", "numpy", "scikit-learn", "scipy", "tensorflow", "tensorflow-cpu")


def save(name: str, value: Any, *, chapter: str, seed: int, seconds: float, scores: Mapping[str, float]) -> Path:
    """Write a model or arrays and their line in the manifest; each file is moved into place when it is whole.

    Parameters
    ----------
    name : str
        Such as ``"digit_judge.keras"`` for a keras.Model, ``"vae_samples.npz"`` for a dict of arrays.
    value : keras.Model or dict of arrays
    chapter : str
        The notebook that made it, from the repository's root: ``"book/appendix/judge.ipynb"``.
    seed, seconds : int, float
        The seed that it was made with; how long that took.
    scores : dict of numbers
        What was measured of it at full scale; pages read it with `about`.

    Raises RuntimeError at demo scale (what is shipped is made at full scale), ValueError for a name of another
    form, TypeError for a value that does not go with it.
    """
    if scale() != "full":
        raise RuntimeError(f"COURSE_SCALE is 'demo', and {name} ships at full scale. Run: make artefacts")
    path = _path(name)
    if path.suffix == ".npz":
        arrays = _arrays(name, value)
        _write(path, lambda new: np.savez_compressed(new, **arrays))
    elif callable(getattr(value, "save", None)):
        _write(path, value.save)
    else:
        raise TypeError(f"the value for {name} is a {type(value).__name__}, expected a keras.Model.")
    entry = {"chapter": chapter, "scale": scale(), "seed": int(seed), "seconds": round(float(seconds)),
             "scores": {key: round(float(number), 6) for key, number in scores.items()},
             "judge": manifest().get(JUDGE, {}).get("sha256"), "versions": _versions(),
             "bytes": path.stat().st_size, "sha256": _checksum(path), "command": f"make artefacts CHAPTERS={chapter}"}
    text = json.dumps(dict(sorted({**manifest(), name: entry}.items())), indent=1, ensure_ascii=False) + "\n"
    _write(FOLDER / MANIFEST, lambda new: new.write_text(text, encoding="utf-8"))
    return path


def load(name: str) -> Any:
    """A shipped model (a keras.Model, not compiled) or a dict of arrays, after its checksum was compared.

    Raises KeyError if the manifest does not list it, FileNotFoundError if the file is missing, ValueError if it
    is not the file that the manifest describes. Nothing in such a file is run as code (`safe_mode`).
    """
    entry, path = about(name), _path(name)
    restore = f"Restore it: git checkout -- helpers/{FOLDER.name}. Or make it again, at full scale: {entry['command']}"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. {restore}")
    if (found := _checksum(path)) != entry["sha256"]:
        raise ValueError(f"{path} has the checksum {found[:12]}…, expected {entry['sha256'][:12]}…: it is damaged, "
                         f"or not the file that {MANIFEST} describes. {restore}")
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as archive:
            return dict(archive)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # TensorFlow announces them on stderr, at any log level
    import keras

    return keras.models.load_model(path, compile=False, safe_mode=True)


def about(name: str) -> dict:
    """What the manifest says of a file: ``about("digit_judge.keras")["scores"]["test accuracy"]``."""
    listed = manifest()
    if name not in listed:
        raise KeyError(f"no artefact is called {name!r}. The manifest lists: {', '.join(listed) or 'none'}. "
                       "A chapter makes its own with: make artefacts")
    return listed[name]


def manifest() -> dict[str, dict]:
    """Every shipped file's entry, by name."""
    path = FOLDER / MANIFEST
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _path(name: str) -> Path:
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]+\.(keras|npz)", name):
        raise ValueError(f"the name is {name!r}, expected lower-case letters, digits and underscores, then .keras "
                         "for a model or .npz for arrays: 'digit_judge.keras'.")
    return FOLDER / name


def _arrays(name: str, value: Any) -> dict[str, np.ndarray]:
    if not isinstance(value, Mapping):
        raise TypeError(f"the value for {name} is a {type(value).__name__}, expected a dict of arrays.")
    arrays = {key: np.asarray(array) for key, array in value.items()}
    for key, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"{name}: the array {key!r} holds Python objects, expected numbers, which load safely.")
    return arrays


def _write(path: Path, write: Callable[[Path], Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        write(new := Path(folder, path.name))
        os.replace(new, path)


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
