"""Two layers that Keras lacks and networks of the course have: a palette's likeliest colour, and a time as waves."""

import keras
import numpy as np
from keras import ops

from .layers import time_frequencies


@keras.saving.register_keras_serializable("course")
class Palette(keras.layers.Layer):
    """Logits (..., n_colours) become the likeliest colour, (..., 3); after training only, for a choice has no slope.

    Parameters
    ----------
    n_colours : int
    colours : array (n_colours, 3), optional
        In [0, 1]; without it they are black until weights are set.
    """

    def __init__(self, n_colours: int, colours: np.ndarray | None = None, **options):
        super().__init__(**options)
        start = np.zeros((n_colours, 3)) if colours is None else np.asarray(colours)
        self.n_colours = n_colours
        self.colours = self.add_weight(shape=(n_colours, 3), trainable=False, name="colours",
                                       initializer=lambda shape, dtype=None: ops.convert_to_tensor(start, dtype))
        self.built = True

    def call(self, logits):
        """The row of `colours` with the largest logit."""
        return ops.take(self.colours, ops.argmax(logits, axis=-1), axis=0)

    def compute_output_shape(self, input_shape):
        """The same places, three numbers each."""
        return (*input_shape[:-1], 3)

    def get_config(self):
        """What makes it again, its weights aside."""
        return {**super().get_config(), "n_colours": self.n_colours}


@keras.saving.register_keras_serializable("course")
class TimeEmbedding(keras.layers.Layer):
    """A time in [0, 1], shape (..., 1), becomes cosines and sines of it, (..., 2 n_frequencies).

    Parameters
    ----------
    n_frequencies : int
    largest : float
        The frequencies go from 1 to this, equally spaced on a logarithmic scale.
    """

    def __init__(self, n_frequencies: int = 16, largest: float = 100.0, **options):
        super().__init__(**options)
        self.n_frequencies, self.largest = n_frequencies, float(largest)

    def call(self, t):
        """cos(w t) and sin(w t) for each frequency w."""
        waves = t * time_frequencies(self.n_frequencies, self.largest)
        return ops.concatenate([ops.cos(waves), ops.sin(waves)], axis=-1)

    def compute_output_shape(self, input_shape):
        """The last axis holds the waves."""
        return (*input_shape[:-1], 2 * self.n_frequencies)

    def get_config(self):
        """What makes it again."""
        return {**super().get_config(), "n_frequencies": self.n_frequencies, "largest": self.largest}


CUSTOM = {layer.__name__: layer for layer in (Palette, TimeEmbedding)}
