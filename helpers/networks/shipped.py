"""Networks and samples that a recipe made at full scale and that come with the course, each with how it was made.

They lie in helpers/networks/files/ beside manifest.json, which says of each file: recipe, scale, seed, versions,
seconds, scores, checksum, and the command that makes it again. Every file is a ``.npz``: a `Network`, or arrays.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from helpers.arguments import whole
from helpers.networks.network import Network
from helpers.scale import scale

try:
    import fcntl
except ImportError:
    fcntl = None

SHIPPED = Path(__file__).with_name("files")
FOLDER = SHIPPED  # a test gives it another
MANIFEST = "manifest.json"
JUDGE = "digit_judge.npz"  # scores hold for the judge that gave them
RESTORE = "Restore it: git checkout -- helpers/networks/files."
PACKAGES = ("keras", "numpy", "scikit-learn", "scipy", "tensorflow", "tensorflow-cpu")


def save(name: str, value: Network | Mapping, *, recipe: str, seed: int, seconds: float,
         scores: Mapping[str, float]) -> Path:
    """Write a network or arrays and their entry in the manifest; both are moved into place when they are whole.

    Parameters
    ----------
    name : str
        Such as ``"digit_judge.npz"``.
    value : Network or dict of arrays
    recipe : str
        The recipe that made it, from the repository's root: ``"recipes/judge.py"``.
    seed, seconds : int, float
        The seed that it was made with; how long that took.
    scores : dict of numbers
        What was measured of it at full scale; pages read it with `about`.

    Raises RuntimeError at demo scale (what is shipped is made at full scale), ValueError for a name of another
    form, TypeError for a value that is neither, and these two for what else is not as described.
    """
    if scale() != "full" and FOLDER == SHIPPED:
        raise RuntimeError(f"COURSE_SCALE is 'demo', and {name} ships at full scale. Run: make artefacts")
    path = _path(name)
    arrays = None if isinstance(value, Network) else _arrays(name, value)
    entry = _entry(recipe, seed, seconds, scores)
    FOLDER.mkdir(exist_ok=True)
    with _alone(), tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        new, listed = Path(folder, name), Path(folder, MANIFEST)
        if arrays is None:
            value.save(new)
        else:
            np.savez_compressed(new, **arrays)
        others = manifest()
        entry |= {"judge": others.get(JUDGE, {}).get("sha256"), "bytes": new.stat().st_size, "sha256": _checksum(new)}
        text = json.dumps(dict(sorted({**others, name: entry}.items())), indent=1, ensure_ascii=False)
        listed.write_text(text + "\n", encoding="utf-8")
        os.replace(new, path)
        os.replace(listed, FOLDER / MANIFEST)
    return path


def load(name: str) -> Network | dict[str, np.ndarray]:
    """A shipped network, or a dict of arrays, after its checksum was compared.

    Raises KeyError if the manifest does not list it, FileNotFoundError if the file is missing, ValueError if it
    is not the file that the manifest describes, or the manifest is damaged. Nothing in such a file is run as code.
    """
    entry, path = about(name), _path(name)
    restore = f"{RESTORE} Or make it again, at full scale: {entry['command']}"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. {restore}")
    if (found := _checksum(path)) != entry["sha256"]:
        raise ValueError(f"{path} has the checksum {found[:12]}…, expected {entry['sha256'][:12]}…: it is damaged, "
                         f"or not the file that {MANIFEST} describes. {restore}")
    with np.load(path, allow_pickle=False) as archive:
        arrays = dict(archive)
    return Network.from_arrays(arrays, name) if "network" in arrays else arrays


def about(name: str) -> dict:
    """What the manifest says of a file: ``about("digit_judge.npz")["scores"]["test accuracy"]``.

    Raises KeyError if it does not list the file, ValueError if it is damaged.
    """
    listed = manifest()
    if isinstance(name, str) and name.endswith(".keras"):
        raise KeyError(f"{name!r} is from an older copy of this notebook: networks are .npz files now, and "
                       f"`load` gives a helpers.networks.Network. Get the notebook again.")
    if not isinstance(name, str) or name not in listed:
        raise KeyError(f"no artefact is called {name!r}. The manifest lists: {', '.join(listed) or 'none'}. "
                       "A recipe makes its own with: make artefacts")
    return listed[name]


def manifest() -> dict[str, dict]:
    """Every shipped file's entry, by name.

    Raises ValueError if the manifest is damaged.
    """
    path = FOLDER / MANIFEST
    if not path.is_file():
        return {}
    try:
        listed = json.loads(path.read_bytes().decode())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is damaged: {error}. Expected JSON in UTF-8. {RESTORE}") from error
    entries = listed.values() if isinstance(listed, dict) else [None]
    if not all(isinstance(one, dict) and isinstance(one.get("command"), str) and "sha256" in one for one in entries):
        raise ValueError(f"{path} is damaged: expected an object with command and sha256 for each file. {RESTORE}")
    return listed


def _path(name: str) -> Path:
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]+\.npz", name):
        raise ValueError(f"the name is {name!r}, expected lower-case letters, digits and underscores, then .npz: "
                         "'digit_judge.npz'.")
    return FOLDER / name


def _arrays(name: str, value: Any) -> dict[str, np.ndarray]:
    if not isinstance(value, Mapping):
        raise TypeError(f"the value for {name} is a {type(value).__name__}, expected a Network or a dict of arrays.")
    arrays = {}
    for key, array in value.items():
        if not isinstance(key, str) or not key.isidentifier() or key in ("file", "allow_pickle", "network"):
            raise ValueError(f"{name}: an array is called {key!r}, expected a name that a variable could have, and not "
                             "one that the file format keeps for itself.")
        try:
            arrays[key] = np.asarray(array)
        except ValueError as error:
            raise ValueError(f"{name}: {key!r} holds lists of unequal lengths, expected an array.") from error
        if arrays[key].dtype.hasobject:
            raise TypeError(f"{name}: the array {key!r} holds Python objects, expected numbers, which load safely.")
    return arrays


def _entry(recipe: str, seed: int, seconds: float, scores: Mapping[str, float]) -> dict[str, Any]:
    """What the manifest will say, as far as it is known before the file is written."""
    if not (isinstance(recipe, str) and isinstance(scores, Mapping) and all(isinstance(key, str) for key in scores)):
        raise TypeError(f"recipe is {recipe!r} and scores {scores!r}; expected a path and a dict of numbers by name.")
    if not 0 <= _number(seconds, "seconds") < np.inf:
        raise ValueError(f"seconds is {seconds!r}, expected how long it took.")
    return {"recipe": recipe, "scale": scale(), "seed": whole(seed, "seed"),
            "seconds": float(f"{seconds:.2g}") if seconds < 10 else round(float(seconds)),
            "scores": {key: _number(score, key) for key, score in scores.items()},
            "versions": _versions(), "command": f"make artefacts RECIPES={recipe}"}


def _number(value: float, name: str) -> float:
    try:
        return round(float(value), 6)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} is {value!r}, expected a number.") from error


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: another waits here, so that neither's entry in the manifest is lost."""
    with open(__file__, "rb") as lock:  # a file gives the lock back when it is gone, even where an interrupt came in
        if fcntl is not None:  # Windows has no such lock; there it has to be one process
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


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
