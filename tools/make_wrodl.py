"""Make `helpers/data/files/wrodl.csv`, the 50 Wrodlers behind `helpers.data.wrodl`: a reconstruction.

Run it from the root of the repository: python tools/make_wrodl.py

D. Foster, Generative Deep Learning (O'Reilly, 2019), chapter 1, prints the first ten rows and how often each
value occurs among the 50. Both are kept exactly. The values that are left of each column are shuffled. The book
also says that long straight red hair, round glasses and a white shirt with a scoop neck occur together twice, and
the same with a blue shirt never: seeds are taken in order from 0 until a shuffle has that too. Nothing else is
asked of it.
"""

from collections import Counter
from pathlib import Path

import numpy as np

from helpers.data.planets import FEATURES, FILES

TARGET = FILES / "wrodl.csv"
FIRST_ROWS = """\
Round White ShirtScoopNeck Red ShortHairShortFlat
Round White Overall SilverGray ShortHairFrizzle
Sunglasses White ShirtScoopNeck Blonde ShortHairShortFlat
Round White ShirtScoopNeck Red LongHairStraight
Round White Overall SilverGray NoHair
Blank White Overall Black LongHairStraight
Sunglasses White Overall SilverGray LongHairStraight
Round White ShirtScoopNeck SilverGray ShortHairShortFlat
Round Pink Hoodie SilverGray LongHairStraight
Round PastelOrange ShirtScoopNeck Blonde LongHairStraight"""
COUNTS = {
    "accessoriesType": (11, 22, 17),
    "clothingColor": (0, 4, 10, 5, 2, 4, 3, 22),
    "clothingType": (7, 18, 19, 6),
    "hairColor": (7, 6, 2, 3, 8, 24),
    "topType": (7, 0, 1, 23, 1, 11, 7),
}
TWICE = ("Round", "White", "ShirtScoopNeck", "Red", "LongHairStraight")
NEVER = ("Round", "Blue01", "ShirtScoopNeck", "Red", "LongHairStraight")


def rows(seed: int) -> list[tuple[str, ...]]:
    """The ten printed rows, then forty of the values that are left, each column shuffled."""
    rng = np.random.default_rng(seed)
    first = [tuple(line.split()) for line in FIRST_ROWS.splitlines()]
    columns = []
    for printed, (name, values) in zip(zip(*first, strict=True), FEATURES.items(), strict=True):
        left = Counter(dict(zip(values, COUNTS[name], strict=True)))
        left.subtract(printed)
        columns.append(rng.permutation(list(left.elements())).tolist())
    return first + list(zip(*columns, strict=True))


def reconstruct() -> tuple[int, list[tuple[str, ...]]]:
    """The first seed whose shuffle has `TWICE` twice and `NEVER` never, and its rows."""
    seed = 0
    while (table := rows(seed)).count(TWICE) != 2 or NEVER in table:
        seed += 1
    return seed, table


def main(target: Path = TARGET) -> None:
    """Write the table, whole or not at all."""
    seed, table = reconstruct()
    lines = [",".join(["face_id", *FEATURES]), *(f"{i},{','.join(row)}" for i, row in enumerate(table))]
    temporary = target.with_suffix(".part")
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(target)
    print(f"{target.name}: {len(table)} rows, seed {seed}")


if __name__ == "__main__":
    main()
