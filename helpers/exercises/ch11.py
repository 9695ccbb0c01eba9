"""The exercises of chapter 11."""

from collections.abc import Callable

import numpy as np

from . import Exercise

_RNG = np.random.default_rng(11)
WORLDS = [(_RNG.integers(0, n_points, n_pictures), _RNG.integers(0, n_pictures, n_points))
          for n_pictures, n_points in ((4, 4), (3, 7), (9, 5), (40, 30))]


def _players(n_pixels: int, latent_dim: int) -> tuple[np.ndarray, np.ndarray, Callable, Callable]:
    """Two pictures, an encoder and a generator. Neither is linear: mixed pictures have other codes."""
    read, draw = _RNG.standard_normal((n_pixels, latent_dim)), _RNG.standard_normal((latent_dim, n_pixels))
    return (*_RNG.standard_normal((2, n_pixels)), lambda x: np.tanh(np.asarray(x) @ read),
            lambda z: np.tanh(np.asarray(z) @ draw))


WALKS = ((*_players(6, 3), 5), (*_players(4, 2), 3))


def _mix(first: np.ndarray, last: np.ndarray, n_steps: int) -> np.ndarray:
    """From the first to the last in equal steps, one a row."""
    t = np.linspace(0, 1, n_steps)[:, None]
    return (1 - t) * first + t * last


def _codes(x_1, x_2, encoder, n_steps) -> np.ndarray:
    return _mix(encoder(x_1[None]), encoder(x_2[None]), n_steps)


def _returned(encoder: np.ndarray, generator: np.ndarray) -> np.ndarray:
    """Which pictures come back."""
    return generator[encoder] == np.arange(len(encoder))


FAIR = np.array([[0.5, 0.5, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
DATA = np.array([0.5, 0.25, 0.25])

EXERCISES = {
    "11.1": Exercise(
        solution=lambda: 0.3 * np.log(2),
        right="Each of the three lost pictures brings a pair that only reading makes, and one that only drawing makes.",
        hint="A pair that both sides make adds nothing. A pair of one side alone adds its share, times half of log 2.",
        mistakes=(
            (lambda: 0.7 * np.log(2), "That counts the pictures that come back. On those pairs both sides agree."),
            (lambda: 0.3, "That is the share that is lost. How large is the divergence where no picture comes back?"),
            (lambda: 0, "Pictures and points alone may agree perfectly. The pairs do not."),
            (lambda: np.log(2), "That is the divergence when no picture comes back."),
            (lambda: 0.6 * np.log(2), "The Jensen–Shannon divergence is half the sum of the two parts."),
        ),
    ),
    "11.2": Exercise(
        solution=lambda: [1 / 3, 1, 1 / 2],
        right="The pair (A, 0) is drawn twice as often as it is read; (B, 0) is never drawn; (C, 1) is both, equally.",
        hint="For each pair write down how probable it is as a read pair and as a drawn pair. Then take the share.",
        mistakes=(
            (lambda: [2 / 3, 0, 1 / 2], "Those are the shares of drawn pairs. D gives the share that was read."),
            (lambda: [1 / 2, 1 / 2, 1 / 2], "That would be the end of the game. Here the pairs differ."),
            (lambda: [1 / 2, 1, 1 / 2], "The point 0 is drawn with probability 1/2, so the pair (A, 0) is as well."),
            (lambda: [1 / 3, 1 / 3, 1 / 2], "Does the generator ever draw B?"),
            (lambda: [1 / 4, 1 / 4, 1 / 4], "They are read that often. How often are they drawn?"),
        ),
    ),
    "11.3": Exercise(
        solution=lambda: FAIR,
        right="For A it draws one of the two points that make an A, each with 1/2: their posterior, given A.",
        hint="Each row, times its picture's probability, must give the row of the drawn pairs: 1/4, 1/4, 0, 0 for A.",
        mistakes=(
            (lambda: [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], "Then the point 1 is drawn and never read."),
            (lambda: [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], "Then the point 0 is drawn and never read."),
            (lambda: DATA[:, None] * FAIR, "Those are the probabilities of the pairs. In the encoder's table each row "
                                           "sums to 1."),
            (lambda: FAIR.T, "One row for each picture, please: 3 rows of 4 numbers."),
            (lambda: np.full((3, 4), 0.25), "This encoder ignores the picture: right points, wrong pairs."),
        ),
    ),
    "11.4": Exercise(
        solution=lambda encoder, generator: _returned(encoder, generator).mean(),
        cases=WORLDS,
        right="With more pictures than points some must get lost; with more points than pictures some still may.",
        hint="generator[encoder] is the table of G(E(x)). How often is its entry for x the picture x itself?",
        mistakes=(
            (lambda encoder, generator: _returned(generator, encoder).mean(),
             "That is the share of points that come back. The question is about pictures."),
            (lambda encoder, generator: _returned(encoder, generator).sum(),
             "That is the number of pictures. The question asks for their share."),
            (lambda encoder, generator: _returned(encoder, generator),
             "That says which pictures come back. Their share is the mean."),
        ),
    ),
    "11.5": Exercise(
        solution=lambda x_1, x_2, encoder, generator, n_steps: generator(_codes(x_1, x_2, encoder, n_steps)),
        cases=WALKS,
        right="Read both, walk between the codes, draw.",
        hint="Encode x_1[None] and x_2[None], take a column of shares from 0 to 1, and draw all the points.",
        mistakes=(
            (lambda x_1, x_2, encoder, generator, n_steps:
             _mix(generator(encoder(x_1[None])), generator(encoder(x_2[None])), n_steps),
             "You mixed pictures: a double exposure. Mix the codes, then draw."),
            (lambda x_1, x_2, encoder, generator, n_steps: generator(encoder(_mix(x_1, x_2, n_steps))),
             "You mixed pictures, and then read each mixture. Read both pictures first, then mix their codes."),
            (lambda x_1, x_2, encoder, generator, n_steps: generator(_codes(x_2, x_1, encoder, n_steps)),
             "Your walk goes from x_2 to x_1."),
            (lambda x_1, x_2, encoder, generator, n_steps: generator(_codes(x_1, x_2, encoder, n_steps))[:-1],
             "The end is missing: the last picture is G(E(x_2))."),
            (lambda x_1, x_2, encoder, generator, n_steps: _codes(x_1, x_2, encoder, n_steps),
             "Those are the points. Draw them."),
            (lambda x_1, x_2, encoder, generator, n_steps: _mix(x_1, x_2, n_steps),
             "You mixed the pictures themselves, and read nothing."),
        ),
    ),
}
