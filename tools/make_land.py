"""Make `helpers/data/files/land.npz`, the half-degree land mask behind `helpers.data.land`.

Run it from the root of the repository, with the coastlines installed in a folder outside it:

    npm install --prefix ../coastlines world-atlas@2.0.2
    python tools/make_land.py ../coastlines/node_modules/world-atlas/land-110m.json

Source: Natural Earth, 1:110m physical vectors, land (public domain, naturalearthdata.com), as packed in
TopoJSON by world-atlas. A cell is land if its centre is. With 1-degree cells New York, a point of chapter 1,
would be sea: its cell is two thirds ocean. The file holds the mask as packed bits (`bits`).
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

CELLS_PER_DEGREE = 2
TARGET = Path(__file__).parents[1] / "helpers" / "data" / "files" / "land.npz"


def decode_arcs(topology: dict) -> list[np.ndarray]:
    """The arcs as (n, 2) arrays of longitude and latitude in degrees.

    A quantized TopoJSON stores each point as its difference from the one before
    (TopoJSON specification, 2.1.3 "Arcs").
    """
    steps = topology["transform"]
    return [np.cumsum(arc, axis=0) * steps["scale"] + steps["translate"] for arc in topology["arcs"]]


def rings(topology: dict) -> list[np.ndarray]:
    """Every ring of the object `land`, outer ones and holes alike, each an (n, 2) closed line in degrees.

    A negative index ~i stands for arc i walked backwards; consecutive arcs share their end point.
    """
    arcs = decode_arcs(topology)
    polygons = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons += geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [
        np.concatenate([arcs[i] if i >= 0 else arcs[~i][::-1] for i in ring])
        for polygon in polygons
        for ring in polygon
    ]


def rasterise(closed_lines: list[np.ndarray], per_degree: int = CELLS_PER_DEGREE) -> np.ndarray:
    """Land at the centres of the cells, bool (180 per_degree, 360 per_degree), from 90° N, 180° W.

    A point is on land if the meridian from it to the North Pole, which is sea, crosses coastlines an odd
    number of times. Going along meridians, holes (the Caspian Sea), rings over the 180th meridian (Chukotka)
    and the ring around the South Pole (Antarctica) need no special case.
    """
    centre_lat = 90 - (np.arange(180 * per_degree) + 0.5) / per_degree
    land = np.zeros((180 * per_degree, 360 * per_degree), dtype=bool)
    for line in closed_lines:
        for (lon_a, lat_a), (lon_b, lat_b) in pairwise(line):
            lon_b = lon_a + (lon_b - lon_a + 180) % 360 - 180  # the short way round the Earth
            if lon_a > lon_b:
                lon_a, lat_a, lon_b, lat_b = lon_b, lat_b, lon_a, lat_a
            # In cells from 180° W, centre k lies at k + 0.5; half-open, so that no centre counts twice.
            start, end = (int(np.ceil((lon + 180) * per_degree - 0.5)) for lon in (lon_a, lon_b))
            for k in range(start, end):
                centre_lon = (k + 0.5) / per_degree - 180
                crossing = lat_a + (lat_b - lat_a) * (centre_lon - lon_a) / (lon_b - lon_a)
                land[:, k % land.shape[1]] ^= centre_lat < crossing
    return land


def main(source: Path, target: Path = TARGET) -> None:
    """Read the TopoJSON file `source` and write the mask, whole or not at all."""
    land = rasterise(rings(json.loads(source.read_text(encoding="utf-8"))))
    target.parent.mkdir(exist_ok=True)
    temporary = target.with_name("land.part.npz")
    np.savez_compressed(temporary, bits=np.packbits(land, axis=1))
    temporary.replace(target)
    print(f"{target.name}: {target.stat().st_size:,} bytes, {land.sum():,} of {land.size:,} cells are land")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
