"""The exercises of chapter 11."""

import numpy as np

from helpers.exercises import Exercise

_RNG = np.random.default_rng(11)
WORLDS = [(_RNG.integers(0, n_points, n_pictures), _RNG.integers(0, n_pictures, n_points))
          for n_pictures, n_points in ((4, 4), (3, 7), (9, 5), (40, 30))]
X_1, X_2 = _RNG.standard_normal((2, 6))
READ, DRAW = _RNG.standard_normal((6, 3)), _RNG.standard_normal((3, 6))
N_STEPS = 5


def _encoder(x: np.ndarray) -> np.ndarray:
    return np.asarray(x) @ READ


def _generator(z: np.ndarray) -> np.ndarray:
    return np.tanh(np.asarray(z) @ DRAW)


def _both() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The shares of the other end along the walk, as a column, and the two ends."""
    return np.linspace(0, 1, N_STEPS)[:, None], X_1[None], X_2[None]


def _walk() -> np.ndarray:
    t, x_1, x_2 = _both()
    return _generator((1 - t) * _encoder(x_1) + t * _encoder(x_2))


def _blend_of_reconstructions() -> np.ndarray:
    t, x_1, x_2 = _both()
    return (1 - t) * _generator(_encoder(x_1)) + t * _generator(_encoder(x_2))


def _returned(kind: str) -> np.ndarray:
    """In every world the share of pictures, or of points, that come back."""
    shares = []
    for encoder, generator in WORLDS:
        there, back = (encoder, generator) if kind == "pictures" else (generator, encoder)
        shares.append(np.mean(back[there] == np.arange(len(there))))
    return np.array(shares)


FAIR = np.array([[0.5, 0.5, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
DATA = np.array([0.5, 0.25, 0.25])

EXERCISES = {
    "11.1": Exercise(
        expected=lambda: 0.3 * np.log(2),
        right="Each of the three lost pictures brings a pair that only reading makes, and one that only drawing makes.",
        hint="In such a world the divergence is log 2 times the share of the pictures that do not come back.",
        mistakes=(
            (lambda: 0.7 * np.log(2), "That counts the pictures that come back. On those pairs both sides agree."),
            (lambda: 0.3, "That is the share that is lost. How large is the divergence where no picture comes back?"),
            (lambda: 0, "Pictures and points alone may agree perfectly. The pairs do not."),
            (lambda: np.log(2), "That is the divergence when no picture comes back."),
            (lambda: 0.6 * np.log(2), "The Jensen–Shannon divergence is half the sum of the two parts."),
        ),
    ),
    "11.2": Exercise(
        expected=lambda: [1 / 3, 1, 1 / 2],
        right="The pair (A, 0) is drawn twice as often as it is read; (B, 0) is never drawn; (C, 1) is both, equally.",
        hint="For each pair write down how probable it is as a read pair and as a drawn pair. Then take the share.",
        mistakes=(
            (lambda: [2 / 3, 0, 1 / 2], "Those are the shares of drawn pairs. D gives the share that was read."),
            (lambda: [1 / 2, 1 / 2, 1 / 2], "That would be the end of the game. Here the pairs differ."),
            (lambda: [1 / 2, 1, 1 / 2], "The point 0 is drawn with probability 1/2, so the pair (A, 0) is as well."),
            (lambda: [1 / 3, 1 / 3, 1 / 2], "Does the generator ever draw B?"),
            (lambda: [1 / 4, 1 / 4, 1 / 4], "So often the pairs are read. Compare with how often they are drawn."),
        ),
    ),
    "11.3": Exercise(
        expected=lambda: FAIR,
        right="For A it draws one of the two points that make an A, each with 1/2: their posterior, given A.",
        hint="Times the probability of its picture, each row must be the row of the drawn pairs: 1/4, 1/4, 0, 0 for A.",
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
        expected=lambda: _returned("pictures"),
        evaluate=lambda answer: [answer(encoder.copy(), generator.copy()) for encoder, generator in WORLDS],
        right="With more pictures than points some must get lost; with more points than pictures some still may.",
        hint="generator[encoder] is the table of G(E(x)). In how many places does it hold its own place?",
        mistakes=(
            (lambda: _returned("points"), "That is the share of points that come back. Asked are pictures."),
            (lambda: 100 * _returned("pictures"), "Give shares, not per cent."),
            (lambda: [np.sum(g[e] == np.arange(len(e))) for e, g in WORLDS], "That is the number. Asked is the share."),
        ),
    ),
    "11.5": Exercise(
        expected=_walk,
        evaluate=lambda answer: answer(X_1.copy(), X_2.copy(), _encoder, _generator, N_STEPS),
        right="Read both, walk between the codes, draw.",
        hint="Encode x_1[None] and x_2[None], take a column of shares from 0 to 1, and draw all the points.",
        mistakes=(
            (_blend_of_reconstructions, "You mixed pictures: a double exposure. Mix the codes, then draw."),
            (lambda: _generator((1 - _both()[0]) * X_1 @ READ + _both()[0] * X_2 @ READ)[::-1],
             "Your walk goes from x_2 to x_1."),
            (lambda: _walk()[:-1], "The end is missing: the last picture is G(E(x_2))."),
            (lambda: (1 - _both()[0]) * _encoder(X_1[None]) + _both()[0] * _encoder(X_2[None]),
             "Those are the points. Draw them."),
            (lambda: (1 - _both()[0]) * X_1 + _both()[0] * X_2, "You mixed the pictures themselves, and read nothing."),
        ),
    ),
}
