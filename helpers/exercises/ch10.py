"""Exercises of chapter 10, generative adversarial networks."""

import numpy as np
from scipy.special import expit

from . import Exercise

VERDICTS = np.array([[0.1, 0.5, 0.3, 0.45], [0.59, 0.6, 0.2, 0.01]])
CURATORS = (*((row,) for row in VERDICTS), (np.array([0.9, 0.3, 0.05]),))


def _duel(in_turn: bool, n_moves: int, rate: float) -> np.ndarray:
    """The duel of the page without penalty, with both at once or the curator first."""
    moves = [(1.0, 0.0)]
    for _ in range(n_moves):
        theta, psi = moves[-1]
        new = psi - rate * theta * expit(psi * theta)
        seen = new if in_turn else psi
        moves.append((theta + rate * seen * expit(seen * theta), new))
    return np.array(moves)


def _forger_first(n_moves: int, rate: float) -> np.ndarray:
    moves = [(1.0, 0.0)]
    for _ in range(n_moves):
        theta, psi = moves[-1]
        theta += rate * psi * expit(psi * theta)
        moves.append((theta, psi - rate * theta * expit(psi * theta)))
    return np.array(moves)


def _peak(verdicts: np.ndarray) -> np.ndarray:
    return np.eye(len(verdicts))[verdicts.argmax()]


EXERCISES = {
    "10.1": Exercise(
        solution=lambda: 0.3 / (0.3 + 2 * 0.1),
        right="Bayes' rule again; the prior is now a third for real.",
        hint="Weigh each density with how often its kind is shown, then take the real one's share.",
        mistakes=(
            (lambda: 0.75, "That is the answer if real and forged are shown equally often. Here the prior is not "
                           "one half."),
            (lambda: 0.4, "That is the chance that it is forged."),
            (lambda: 0.25, "That is the chance that it is forged, if both were shown equally often."),
            (lambda: 2 * 0.3 / (2 * 0.3 + 0.1), "The weights are the wrong way round: forged pictures are the more "
                                                "frequent ones."),
            (lambda: 1 / 3, "That is the prior. You have also seen the picture."),
        ),
    ),
    "10.2": Exercise(
        solution=lambda: -np.log(2),
        right="Half way between log 1 = 0, no overlap at all, and -log 4, the same coin.",
        hint="The average of the two is (1/4, 1/2, 1/4). Compute both divergences to it, then use the theorem.",
        mistakes=(
            (lambda: np.log(2) / 2, "That is the Jensen-Shannon divergence. The value is twice that, less log 4."),
            (lambda: np.log(2) / 2 - np.log(4), "The theorem has twice the divergence."),
            (lambda: -np.log(4), "That would be two coins that are the same."),
            (lambda: 0, "That would be two coins with no face in common. These share one."),
            (lambda: -1, "In nats, please: the logarithm is the natural one."),
            (lambda: np.log(2), "The right size with the wrong sign: a mean of log-probabilities is not above 0."),
        ),
    ),
    "10.3": Exercise(
        solution=lambda: np.exp(4),
        right="The surer the curator, the greater the difference: the ratio is exp(-s).",
        hint="In the logit the minimax loss has the slope -D, the other one -(1 - D). What is D at s = -4?",
        mistakes=(
            (lambda: np.exp(-4), "The other way round: the minimax loss is the flat one there."),
            (lambda: expit(-4), "That is D, the size of the minimax slope. Divide the other one by it."),
            (lambda: expit(4), "That is 1 - D, the size of the non-saturating slope. Divide it by the other one."),
            (lambda: 4, "That is the size of the logit. The slopes are -D and -(1 - D)."),
            (lambda: np.logaddexp(0, 4) / np.logaddexp(0, -4), "That is the ratio of the losses. Slopes are wanted."),
        ),
    ),
    "10.4": Exercise(
        solution=lambda D: _peak(D),
        cases=CURATORS,
        right="All on one place: collapse is the best answer to a curator that stands still.",
        hint="The loss is a mean of the numbers -log D under your probabilities. When is a mean smallest?",
        mistakes=(
            (lambda D: D / D.sum(),
             "In proportion to D is not best: moving probability to where D is larger still lowers the loss."),
            (lambda D: _peak(-D), "That is where D is smallest: the forger would be found out."),
            (lambda D: np.full(len(D), 1 / len(D)), "The same everywhere ignores what the curator says."),
            (lambda D: D.argmax(), "That is the place. Give the probabilities of all places."),
        ),
    ),
    "10.5": Exercise(
        solution=lambda n_moves, rate: _duel(True, n_moves, rate),
        cases=((60, 0.3), (7, 0.1)),
        right="Taking turns, they go round and round, hardly out or in. The order of moves matters.",
        hint="First the curator's new psi from the old theta and psi; then the forger's new theta from the old theta "
             "and the new psi.",
        mistakes=(
            (lambda n_moves, rate: _duel(False, n_moves, rate),
             "That is both at once, as on the page. The forger should see the curator's new psi."),
            (_forger_first, "The forger moves first in yours. The curator should."),
            (lambda n_moves, rate: _duel(True, n_moves, rate)[1:],
             "The start (1, 0) belongs to the moves: n_moves + 1 rows."),
            (lambda n_moves, rate: _duel(True, n_moves, rate)[:, ::-1],
             "The columns are the wrong way round: theta first, then psi."),
        ),
    ),
}
