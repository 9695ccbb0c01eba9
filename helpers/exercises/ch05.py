"""Exercises of chapter 5, Planet Wrodl."""

import numpy as np

from . import Exercise

THETA = [np.array([0.2, 0.5, 0.3]), np.array([0.0, 0.25, 0.25, 0.5]), np.array([0.9, 0.1])]
Z = np.random.default_rng(5).random((40, len(THETA)))
CASES = ((THETA, Z), ([np.array([0.3, 0.7]), np.array([0.6, 0.1, 0.2, 0.1])],
                     np.array([[0.65, 0.05], [0.2, 0.95], [0.31, 0.61], [0.29, 0.85], [0.9, 0.75]])))
N_WRODLERS, N_POINTS, N_SEEN = 50, 4032, 47


def _decode(thetas, columns) -> np.ndarray:
    """Codes by the inverse cdf, a column of uniform numbers for each list; its last sum may round to less than 1."""
    return np.stack([np.searchsorted(np.cumsum(p)[:-1], u, side="right")
                     for p, u in zip(thetas, columns, strict=True)], axis=1)


EXERCISES = {
    "5.1": Exercise(
        solution=lambda: 1 / 15,
        right="Never seen, and yet not impossible: one of fifteen raised counts.",
        hint="Add 1 to each of the three counts and divide by their new sum.",
        mistakes=(
            (lambda: 0, "That is the maximum likelihood. Smoothing adds 1 to the count of red, too."),
            (lambda: 1 / 12, "You raised the count but not the total: the three probabilities sum to more than 1."),
            (lambda: 1 / 13, "You added 1 for red only. Each of the three colours gets one."),
            (lambda: 1 / 14, "You added 2, the number of free parameters. The three raised counts sum to 15."),
            (lambda: 1 / 3, "You left the counts out: that is the uniform prior."),
        ),
    ),
    "5.2": Exercise(
        solution=lambda: [2159, 33],
        count=True,
        right="Parameters multiply in the multinomial and add in naive Bayes.",
        hint="Multiply the numbers of values and take 1 away; then take 1 away from each and add them.",
        mistakes=(
            (lambda: [2160, 37], "Probabilities that sum to 1 leave one fewer free: one in the multinomial, one in "
                                 "each feature of naive Bayes."),
            (lambda: [2160, 33], "The multinomial's probabilities sum to 1 as well: one of them is not free."),
            (lambda: [2159, 37], "Each feature's probabilities sum to 1, so each feature loses one."),
            (lambda: [2159, 36], "You took away 1 in all. Each of the four features loses one."),
            (lambda: [1079, 32], "Card or not is a feature with two values."),
            (lambda: [33, 2159], "The right numbers the wrong way round: the multinomial first."),
        ),
    ),
    "5.3": Exercise(
        solution=lambda: N_WRODLERS / (2 * (N_POINTS - N_SEEN) - N_POINTS),
        right="About a hundredth of a pretended observation for each combination, and every second Wrodler is new: "
              "rolled with dice.",
        hint="The unseen combinations together have 3,985 α / (50 + 4,032 α). Set that to 1/2.",
        mistakes=(
            (lambda: N_WRODLERS / N_POINTS, "Almost: that makes the photocopier and the dice equally frequent. But "
                                            "sometimes the dice give one of the 47, too."),
            (lambda: N_WRODLERS / (2 * (N_POINTS - N_WRODLERS) - N_POINTS),
             "Almost: 50 Wrodlers, but three combinations occur twice, so 47 have been seen."),
            (lambda: 0.01, "At 0.01 the share is 44%, not yet 50%. Solve the equation for α."),
            (lambda: N_WRODLERS / (N_POINTS - N_SEEN), "You balanced the pretended observations of the unseen with "
                                                       "the 50 real ones. The 47 seen have pretended ones, too."),
        ),
    ),
    "5.4": Exercise(
        solution=lambda: np.log(2),
        right="One bit, lost in every outfit: the rule of even numbers. No pair of things shows it.",
        hint="log(1/4) minus log(1/8), the same for each of the four.",
        mistakes=(
            (lambda: 0, "That is what independence costs for each pair. For the three together it costs more."),
            (lambda: 1, "That is right in bits. In nats it is a natural logarithm."),
            (lambda: -np.log(2), "Wrong sign. The truth minus naive Bayes: the truth gives more probability."),
            (lambda: 2, "That is the ratio of the probabilities. Take its logarithm."),
            (lambda: 4 * np.log(2), "You added up the four outfits. The mean was asked for; each has a weight of 1/4."),
        ),
    ),
    "5.5": Exercise(
        solution=lambda theta, z: _decode(theta, z.T),
        cases=CASES,
        right="Uniform numbers in, Wrodlers out: a generative model is a source of randomness and a map.",
        hint="For each feature: the first cumulative sum that is larger than z. Column j of z belongs to feature j.",
        mistakes=(
            (lambda theta, z: _decode(theta, [z[:, 0]] * len(theta)),
             "You used the same column of z for every feature. Then the features depend on each other. Give each "
             "feature its own column."),
            (lambda theta, z: _decode(theta, z.T) + 1,
             "Codes start at 0: count the cumulative sums that z has passed."),
            (lambda theta, z: _decode(theta, z.T).T,
             "Return one row for each Wrodler and one column for each feature."),
            (lambda theta, z: [[p.argmax() for p in theta]] * len(z),
             "You took the likeliest value each time. That is one Wrodler, the same every time."),
            (lambda theta, z: np.stack([(u * len(p)).astype(int) for p, u in zip(theta, z.T, strict=True)], axis=1),
             "You cut the interval evenly: that is a die. Make the pieces as long as the probabilities."),
            (lambda theta, z: z, "These are the uniform numbers. Each becomes a code."),
        ),
    ),
}
