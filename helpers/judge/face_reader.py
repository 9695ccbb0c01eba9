"""Reads the features off a face of Planet Pixel: what somebody wears, from the picture alone.

Six linear classifiers look at the whole picture, six at its left half and six at its right half. A generated face
has no list of features to compare with; but its halves should tell the same story.
"""

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from helpers.arguments import numbers

READ = ("accessoriesType", "clothingColor", "clothingType", "hairColor", "topType", "skin")
N_COMPONENTS = 120
_PARTS = {"whole": slice(None), "left": slice(None, 16), "right": slice(16, None)}


class FaceReader:
    """Learns to read features from faces whose features are known; each part of the picture when it is first read.

    Parameters
    ----------
    images : array (n, 32, 32, 3)
        Faces in [0, 1], as ``palette[pixels]`` gives them; at least 500. They are kept as multiples of 1/255 in bytes,
        a quarter of the memory, which changes no colour of the palette.
    features : DataFrame, n rows
        Their features, as `pixel_faces` gives them.

    Raises ValueError if the shapes do not fit.
    """

    def __init__(self, images: np.ndarray, features: pd.DataFrame):
        images = _checked(images)
        if len(images) < 500 or len(features) != len(images):
            raise ValueError(f"{len(images)} images and {len(features)} rows of features; expected as many of each, "
                             "and at least 500.")
        parts = np.array_split(images, len(images) // 100)  # a few at a time, to save memory
        self._images, self._parts = np.concatenate([np.rint(255 * part).astype(np.uint8) for part in parts]), {}
        self._labels = {name: features[name].astype(str).to_numpy() for name in READ}

    def read(self, images: np.ndarray, part: str = "whole") -> pd.DataFrame:
        """The features of images (n, 32, 32, 3) in [0, 1], read off the `whole` picture or its `left` or `right` half.

        A face without hair is read as SilverGray, as `pixel_faces` labels it.

        Raises ValueError for images of another form, and for another part.
        """
        if not isinstance(part, str) or part not in _PARTS:
            raise ValueError(f"part is {part!r}, expected one of {', '.join(_PARTS)}.")
        if part not in self._parts:
            with threadpool_limits(1):
                self._parts[part] = _fit(self._images[:, :, _PARTS[part]], self._labels)
        pca, scale, models = self._parts[part]
        z = pca.transform(_flat(_checked(images)[:, :, _PARTS[part]])) / scale
        return pd.DataFrame({name: model.predict(z) for name, model in models.items()})

    def agreement(self, images: np.ndarray) -> pd.Series:
        """For each feature, the share of images whose halves read the same; then the share where `all` six do.

        Real faces do not reach 1, because half a picture does not show everything.

        Raises ValueError for images of another form.
        """
        same = self.read(images, "left") == self.read(images, "right")
        return pd.concat([same.mean(), pd.Series({"all": same.all(axis=1).mean()})])


def _fit(images: np.ndarray, labels: dict[str, np.ndarray]) -> tuple[PCA, np.ndarray, dict[str, LogisticRegression]]:
    """Principal components of the pictures, their spreads, and a classifier on them for each feature."""
    pca = PCA(N_COMPONENTS, copy=False, svd_solver="randomized", iterated_power=3, random_state=0)
    pca.fit(_flat(images) / np.float32(255))  # spoils what it is given
    scale = np.sqrt(pca.explained_variance_)
    z = pca.transform(_flat(images) / np.float32(255)) / scale
    return pca, scale, {name: LogisticRegression(tol=1e-3, max_iter=300).fit(z, y) for name, y in labels.items()}


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1)


def _checked(images: np.ndarray) -> np.ndarray:
    images = numbers(images, "images").astype(np.float32, copy=False)
    if images.ndim != 4 or images.shape[1:] != (32, 32, 3) or len(images) == 0:
        raise ValueError(f"images has shape {images.shape}; expected (n, 32, 32, 3): palette[pixels] makes colours "
                         "of palette indices.")
    if not np.isfinite(images).all() or images.min() < -1e-3 or images.max() > 1.001:
        raise ValueError("images holds values outside [0, 1] or NaN; expected colours in [0, 1].")
    return images
