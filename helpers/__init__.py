"""Shared code of the course: what several chapters need and none of them teaches.

Each room is named after what is in it: `data`, `networks`, `judge`, `live` (the live figures), `exercises`; beside
them `figures`, `scale` and small modules. Nothing does work when it is imported.
"""

import sys

MOVED = {
    "artefacts": "helpers.networks.shipped", "digit_files": "helpers.data.digit_files",
    "digit_judge": "helpers.judge.digits", "explorers": "helpers.live", "face_reader": "helpers.judge.face_reader",
    "faces": "helpers.data.faces", "fashion": "helpers.data.planets", "metrics": "helpers.judge.metrics",
    "tins": "helpers.data.biscuit_tins", "training": "helpers.scale",
}


class _Moved:
    """Says where a module is now that an older copy of a chapter looks for."""

    @staticmethod
    def find_spec(name: str, path=None, target=None) -> None:
        room = name.removeprefix("helpers.").split(".")[0]
        if name.startswith("helpers.") and room in MOVED:
            raise ImportError(f"{name} is {MOVED[room]} now. Get this notebook again, or change its import.", name=name)


if not any(finder.__name__ == "_Moved" for finder in sys.meta_path if isinstance(finder, type)):
    sys.meta_path.insert(0, _Moved)
