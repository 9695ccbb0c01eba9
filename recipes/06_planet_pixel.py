"""Naive Bayes and its mixtures on pixels, and the nearest stranger: which pixels each pixel asks.

`PARTS` chooses what is made: ``make artefacts RECIPES=recipes/06_planet_pixel.py PARTS=drawn``.

Whom a pixel asks is found by greedy search. Among the pixels before it (rows from the top, each from the left) it
takes the one that makes its colours in the 4,000 training faces most probable, then the next one beside it, and so
on, up to `MOST`. Each face is judged by the other faces only, those that agree on all that are asked; their shares
are smoothed with the probability that one question fewer gave:

    p_k = (n_colour - 1 + SMOOTHING p_(k-1)) / (n - 1 + SMOOTHING)

So a question that leaves too few faces does not pay, and the search ends when none is worth `WORTH` nats on all
faces together. benchmarks/results/faces.md has the roads that were tried.
"""

import os
import time

from helpers.judge import digits as digit_judge
from helpers.judge.face_inspector import second_inspector
from helpers.judge.face_reader import FaceReader
from helpers.scale import demo_or_full

SEEDS = SEED, SEED + 1, SEED + 2
TYPES = N_TYPES, 2 * N_TYPES, 4 * N_TYPES
MOST, SMOOTHING, WORTH = 8, 0.1, 5.0  # what a pixel asks at most; of the search
NEAREST, NEAR_VOTES = 4, 2  # pixels before it that each pixel asks, too, as the three on the other side of the face
N_FACES, N_PIXELS, N_DRAWN = demo_or_full((200, 100, 100), (4000, 1024, 500))
NAMES = 2**16  # for groups of faces; two groups have one name once in so many
faces = pixel_faces()
x_train, fresh, real = np.split(faces.pixels, [4000, 5000])
X_train, X_both = (part.reshape(len(part), -1) for part in (x_train, faces.pixels[:5000]))
known = {face.tobytes() for face in x_train}


# Naive Bayes and its mixtures


def draw(n_samples, theta, seed):
    """Naive faces, as palette indices."""
    return sample(n_samples, theta, np.random.default_rng(seed)).reshape(-1, 32, 32)


def mixture_report(one_hot, n_types, seed):
    """A mixture fitted and drawn from with this seed: the report, and log p of the fresh faces."""
    mixture_rng = np.random.default_rng(seed)
    *shares_of, r, _ = fit_mixture(one_hot[:4000], demo_or_full(n_types // 40, n_types), ALPHA, N_STEPS, mixture_rng)
    _, log_p_fresh = e_step(one_hot[4000:], *shares_of)
    drawn = sample_mixture(1000, X_train, r, mixture_rng).reshape(-1, 32, 32)
    return report(drawn, real, known) | {"log p": log_p_fresh.mean()}


def naive():
    one_hot = OneHotEncoder().fit_transform(X_both)
    start_time = time.perf_counter()
    theta = fit(X_train, ALPHA)
    seconds = time.perf_counter() - start_time
    scores = digit_judge.over_seeds([report(draw(1000, theta, seed), real, known) for seed in SEEDS])
    for n_types in TYPES:
        found = digit_judge.over_seeds([mixture_report(one_hot, n_types, seed) for seed in SEEDS])
        scores |= {f"{n_types} types {name}": score for name, score in found.items()}
    shipped.save("naive_faces.npz", {"images": draw(100, theta, SEED)}, recipe="recipes/06_planet_pixel.py",
                 seed=SEED, seconds=seconds, scores=scores)


# The nearest stranger


def by_others(group, in_colour, before):
    """The probability of each face's colour, by the other faces of its group; `in_colour` names those of its colour."""
    n, alike = (np.bincount(names, minlength=NAMES)[names] for names in (group, in_colour))
    return (alike - 1 + SMOOTHING * before) / (n - 1 + SMOOTHING)


def divided(group, y):
    """The faces whose group has several colours: only they have something to learn."""
    lowest, highest = np.full(NAMES, N_COLOURS), np.zeros(NAMES, int)
    np.minimum.at(lowest, group, y)
    np.maximum.at(highest, group, y)
    return np.flatnonzero((lowest < highest)[group])


def search(y, names, others):
    """The pixels, out of `others`, that pixel y asks; `names` (d, n) holds a random number for each pixel's colours."""
    colour = np.random.default_rng(SEED).integers(NAMES, size=N_COLOURS)[y]
    group, asked, others = np.zeros(len(y), int), [], list(others)
    p = (np.bincount(y)[y] - 1 + ALPHA) / len(y)
    while others and len(asked) < MOST and len(rows := divided(group, y)):
        totals = [np.log(by_others(own := group[rows] ^ names[i, rows], own ^ colour[rows], p[rows])).sum()
                  for i in others]
        best = int(np.argmax(totals))
        if totals[best] - np.log(p[rows]).sum() < WORTH:
            break
        asked.append(others.pop(best))
        group = group ^ names[asked[-1]]
        p = by_others(group, group ^ colour, p)
    return asked


def asked_by_all():
    """Whom each pixel asks: a list for each."""
    X = X_train[:N_FACES]
    varies = (X != X[0]).any(axis=0)
    codes = np.random.default_rng(SEED).integers(NAMES, size=(X.shape[1], N_COLOURS))
    names = np.take_along_axis(codes, X.T.astype(int), axis=1)
    before = [np.flatnonzero(varies[:j]) for j in range(X.shape[1])]
    return [search(X[:, j].astype(int), names, before[j]) if varies[j] and j < N_PIXELS else []
            for j in range(X.shape[1])], before


def weighted(asked, before):
    """Whom each pixel asks and their votes, as arrays (d, most): MOST for the first that was found, then one less each;
    NEAR_VOTES more for the nearest and for those on the other side."""
    places = np.array(np.divmod(np.arange(1024), 32)).T
    lists = []
    for j, found in enumerate(asked):
        row, column = places[j]
        near = before[j][np.argsort(((places[before[j]] - places[j]) ** 2).sum(axis=1), kind="stable")[:NEAREST]]
        across = [32 * row + 31 - column + step for step in (0, 1, -1) if 0 <= 31 - column + step < 32]
        beside = {*near.tolist(), *(set(across) & set(before[j].tolist()))}
        lists.append({i: MOST - k for k, i in enumerate(found)})
        for i in sorted(beside):
            lists[-1][i] = lists[-1].get(i, 0) + NEAR_VOTES
    most = max(map(len, lists))
    return (np.array([[*one, *[0] * (most - len(one))] for one in lists], np.int16),
            np.array([[*one.values(), *[0] * (most - len(one))] for one in lists], np.uint8))


def asked():
    start_time = time.perf_counter()
    pixels, points = weighted(*asked_by_all())
    seconds = time.perf_counter() - start_time
    scores = {"asked": (points > 0).sum(axis=1).mean(), "asked at most": (points > 0).sum(axis=1).max()}
    shipped.save("nearest_stranger.npz", {"asked": pixels, "points": points}, recipe="recipes/06_planet_pixel.py",
                 seed=SEED, seconds=seconds, scores=scores)


def strangers(seed):
    """Faces (N_DRAWN, 32, 32), a few at a time: that many votes stay in the processor's cache."""
    stranger_rng, told = np.random.default_rng(seed), shipped.load("nearest_stranger.npz")
    X = np.asfortranarray(X_train)
    parts = [draw_strangers(20, X, told["asked"], told["points"], stranger_rng) for _ in range(N_DRAWN // 20)]
    return np.concatenate(parts).reshape(-1, 32, 32)


def trial(drawn, reader):
    """What both judges, the halves, the neighbours and the memory say of faces, with as many real ones beside them."""
    court, colours = real[: len(drawn)], faces.palette[drawn]
    return report(drawn, court, known) | {"halves": reader.agreement(colours)["all"],
                                          "inspector": second_inspector(faces.palette[court], colours).accuracy}


def drawn():
    start_time = time.perf_counter()
    groups = [strangers(seed) for seed in SEEDS]
    seconds = (time.perf_counter() - start_time) / len(SEEDS)
    reader = FaceReader(faces.palette[x_train], faces.features[:4000])
    scores = digit_judge.over_seeds([trial(group, reader) for group in groups])
    scores |= {f"fresh {name}": score for name, score in trial(fresh[:N_DRAWN], reader).items()}
    mixture_rng = np.random.default_rng(SEED)
    one_hot = OneHotEncoder().fit_transform(X_train)
    *_, r, _ = fit_mixture(one_hot, demo_or_full(5, N_TYPES), ALPHA, N_STEPS, mixture_rng)
    mixture = sample_mixture(N_DRAWN, X_train, r, mixture_rng).reshape(-1, 32, 32)
    shipped.save("stranger_faces.npz", {"images": groups[0], "mixture": mixture}, recipe="recipes/06_planet_pixel.py",
                 seed=SEED, seconds=seconds, scores=scores)


PARTS = {part.__name__: part for part in (naive, asked, drawn)}
for name in os.environ.get("PARTS", " ".join(PARTS)).split():
    PARTS[name]()
