"""Where a file that the reader names may be."""

import os
from pathlib import Path


def candidates(source: str | Path) -> list[Path]:
    """The places that a path may mean, the likeliest first.

    A relative one is looked for in the current folder, then in the folder above it that holds _toc.yml: Jupyter and
    nbval start kernels in book/.

    Raises TypeError if `source` is no path.
    """
    if not isinstance(source, str | Path):
        raise TypeError(f"source is {source!r}, expected a path such as 'data/train.csv', or None.")
    path, here = Path(os.path.expanduser(source)), Path.cwd()  # unlike Path's, this one leaves an unknown ~user alone
    roots = [folder for folder in (here, *here.parents) if (folder / "_toc.yml").is_file()]
    return list(dict.fromkeys(folder / path for folder in (here, *roots[:1])))
