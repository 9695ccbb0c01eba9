"""Exercises of chapter 6, Planet Pixel."""

import numpy as np

from . import Exercise

# A chain of three colours that prefer to stay, and uniform numbers none of which lies near an edge.
FIRST = np.array([0.5, 0.3, 0.2])
STEP = np.array([[0.8, 0.15, 0.05], [0.1, 0.7, 0.2], [0.25, 0.05, 0.7]])
Z = np.array([[0.1, 0.4, 0.9, 0.97, 0.35, 0.6], [0.6, 0.05, 0.3, 0.85, 0.28, 0.9], [0.95, 0.27, 0.5, 0.02, 0.55, 0.99]])
CASES = ((FIRST, STEP, Z), (np.array([0.35, 0.65]), np.array([[0.9, 0.1], [0.6, 0.4]]),
                            np.array([[0.3, 0.95, 0.5], [0.5, 0.55, 0.93], [0.1, 0.5, 0.92], [0.9, 0.7, 0.3]])))


def _chain(first: np.ndarray, step: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Colours by the inverse cdf, each from the row of `step` that belongs to the colour on its left."""
    edges, step_edges = np.cumsum(first)[:-1], np.cumsum(step, axis=1)[:, :-1]  # the last sum may fall below 1
    rows = []
    for u in z:
        row = [int(np.sum(edges <= u[0]))]
        for v in u[1:]:
            row.append(int(np.sum(step_edges[row[-1]] <= v)))
        rows.append(row)
    return np.array(rows)


def _independent(first: np.ndarray, z: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.cumsum(first)[:-1], z, side="right")


EXERCISES = {
    "6.1": Exercise(
        solution=lambda: 1024 * 25.6 / 4025.6,
        right="Six or seven specks on every face, from a smoothing that sounds small.",
        hint="Smoothing adds α to each of 256 colours. What share of θ̂ is that, and how many pixels has a face?",
        mistakes=(
            (lambda: 25.6 / 4025.6, "That is the chance for one pixel. A face has 1,024 of them."),
            (lambda: 1024 * 0.1 / 4025.6, "That is one colour's share of what was added. There are 256 colours."),
            (lambda: 1024 * 0.1 / 4000.1, "You added α once. Each of the 256 colours gets it."),
            (lambda: 1024 * 25.6 / 4000, "Almost: what was added also counts in the denominator, N + 256 α."),
            (lambda: 1024 * 256 / 4256, "That is the number for α = 1."),
        ),
    ),
    "6.2": Exercise(
        solution=lambda: 2 * 0.4**10 + 0.2**10,
        right="Two badges in ten thousand, and a T-shirt has many more pixels than ten.",
        hint="Begin with the chance that all ten are red. A badge cannot be all red and all blue: add the chances.",
        mistakes=(
            (lambda: 0.4**10, "That is the chance of a red badge. A blue or a white badge has one colour, too."),
            (lambda: (0.4 * 0.4 * 0.2) ** 10, "The three colours are alternatives: their chances add up."),
            (lambda: 1.0, "You added the probabilities, then took the tenth power. That is the chance that every pixel "
                          "has some colour."),
            (lambda: 0.36**9, "Two pixels agree with the chance 0.36. But the nine agreements are not independent: "
                              "all are about the same colour."),
            (lambda: np.log10(2 * 0.4**10 + 0.2**10), "That is its power of ten. The exercise asks for the chance."),
        ),
    ),
    "6.3": Exercise(
        solution=lambda: 49 / 500,
        right="A tenth of a nat of dependence where there is none.",
        hint="Put A = B = 8 and n = 250 into the formula of the exercise.",
        mistakes=(
            (lambda: 0.0, "That is the truth. The question is what the estimate gives on average."),
            (lambda: 64 / 500, "Of 8 probabilities that sum to 1 only 7 are free."),
            (lambda: 49 / 250, "The 2 in the denominator is missing."),
            (lambda: 7 / 500, "Both pixels have 7 free probabilities: multiply them."),
            (lambda: 49 / 2000, "That is for 1,000 faces. Here there are 250."),
        ),
    ),
    "6.4": Exercise(
        count=True,
        solution=lambda: 32 * (255 + 31 * 256 * 255),
        right="Sixty-five million parameters, to be learned from 4,000 faces, and each pixel knows only one neighbour.",
        hint="Count for one row: its first pixel has one table of 256 colours, each of the others 256 tables.",
        mistakes=(
            (lambda: 255 + 31 * 256 * 255, "That is one row. A picture has 32."),
            (lambda: 1024 * 255, "That is naive Bayes. Here a pixel has a table for each colour of its neighbour."),
            (lambda: 1024 * 256 * 255, "The first pixel of each row has no neighbour to its left."),
            (lambda: 32 * (256 + 31 * 256 * 256), "Of 256 probabilities that sum to 1 only 255 are free."),
            (lambda: 255 + 1023 * 256 * 255, "The chain starts anew in every row."),
        ),
    ),
    "6.5": Exercise(
        solution=lambda first, step, z: _chain(first, step, z),
        cases=CASES,
        right="Each pixel looks at one other. Models that look at all pixels before it are called autoregressive.",
        hint="Column by column: for each row of z, take the row of `step` that belongs to the colour drawn last, and "
             "find the first cumulative sum above u.",
        mistakes=(
            (lambda first, step, z: _independent(first, z),
             "Every pixel came from `first`: that is naive Bayes. From the second on, use step[colour on the left]."),
            (lambda first, step, z: _chain(first, step.T / step.T.sum(axis=1, keepdims=True), z),
             "You took the columns of `step`. Its row c holds the probabilities of what follows c."),
            (lambda first, step, z: np.column_stack([_chain(first, step, z[:, [0, k]])[:, 1] if k else
                                                     _independent(first, z[:, 0]) for k in range(z.shape[1])]),
             "Every pixel depends on the first of its row. It should depend on its left neighbour."),
            (lambda first, step, z: _chain(first, step, z) + 1, "Count the colours from 0."),
            (lambda first, step, z: z, "These are the uniform numbers. Each becomes a colour: 0, 1, 2 and so on."),
        ),
    ),
}
