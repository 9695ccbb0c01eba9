"""The scores of the shipped models, computed again from the shipped files; 5% noise on the weights is noticed.

A recipe that draws with a known seed is followed to the digit: the shipped weights are rounded, so 0.2% is allowed. Of
what it drew after its training, other draws are compared, within three standard errors. A mean over n seeds is
never farther from one of them than (n - 1) / √n of their standard deviation; that is too far to notice noise in the
forger of digits, which its film notices.
"""

from typing import NamedTuple

import numpy as np
import pytest
from pytest import approx

from helpers.data import digits, pixel_faces
from helpers.data.faces import snap
from helpers.data.planets import FEATURES
from helpers.judge import digits as judge
from helpers.judge.face_reader import FaceReader
from helpers.judge.faces import fashion_police, neighbour_information
from helpers.judge.metrics import gaussian_distance
from helpers.networks import Network, shipped

N = 10_000  # samples, as in the recipes


class Score(NamedTuple):
    """A number found here, the manifest's, and how far they may be apart."""

    found: float
    said: float
    allowed: float

    @property
    def fits(self) -> bool:
        return abs(self.found - self.said) <= self.allowed


def same(found, said):
    return Score(found, said, 0.002 * said)


def share(found, said, n):
    """Two shares, of n and of at least as many."""
    return Score(found, said, 3 * np.sqrt(2 * max(said * (1 - said), 1 / n) / n))


def one_of(found, scores, name, error=0.0):
    """One of n trainings, three where the manifest says nothing else, is never farther from their mean."""
    n = scores.get(f"{name} trainings", 3)
    return Score(found, scores[name], (n - 1) / np.sqrt(n) * scores[f"{name} sd"] + error)


def scores_of(name):
    return shipped.about(name)["scores"]


def standard_normal(seed, n, dim):
    return np.random.default_rng(seed).standard_normal((n, dim), dtype=np.float32)


def asked(n):
    return np.eye(10, dtype=np.float32)[np.arange(n) % 10]


def distance_by(network, pictures):
    """The judge's distance with this network in its place."""
    features, known = network(pictures)["features"].astype(float), shipped.load(judge.STATISTICS)
    return gaussian_distance(features.mean(axis=0), np.cov(features.T), known["mean"], known["cov"])


def filmed(load):
    """The pictures that were measured for the last frame of the forger's film."""
    return load("digit_gan_generator.npz")(np.hstack([standard_normal(0, 1000, 64), asked(1000)]))


def digit_judge(load):
    """Digits that it was trained on, as the test set does not come along; and the forger's, as it measured them."""
    (_, _), (x, y) = digits()
    network, (floor, spread) = load(judge.MODEL), judge.floor(len(x))
    right = (network(x)["logits"].argmax(axis=1) == y).mean()
    return [share(right, scores_of(judge.MODEL)["test accuracy"], len(x)),
            Score(distance_by(network, x), floor, 3 * spread),
            same(distance_by(network, filmed(shipped.load)), scores_of("digit_gan_film.npz")["distance"])]


def film(load):
    """The last frame of the film is by the shipped forger."""
    shown, pictures = shipped.load("digit_gan_film.npz"), filmed(load)
    grey = np.abs(np.round(15 * pictures[:40]) * 17 - shown["frames"][-1]).mean()
    return [same(judge.frechet_distance(pictures), shown["distance"][-1]), Score(grey, 0, 0.05)]


def digit_gan(load):
    scores = scores_of("digit_gan_generator.npz")
    pictures = load("digit_gan_generator.npz")(np.hstack([standard_normal(0, N, 64), asked(N)]))
    agreement = (judge.predict(pictures) == np.arange(N) % 10).mean()
    return [one_of(judge.frechet_distance(pictures), scores, "frechet_distance", 0.001),
            one_of(agreement, scores, "label_agreement", 0.001)]


def digit_vae(load):
    scores = scores_of("digit_vae_decoder.npz")
    assert scores == scores_of("digit_vae_encoder.npz")
    pictures = load("digit_vae_decoder.npz")(np.random.default_rng(0).standard_normal((N, 16)))
    x = np.concatenate([part for part, _ in digits()])
    mu, log_var = np.split(load("digit_vae_encoder.npz")(x).astype(float), 2, axis=1)
    rent = (np.exp(log_var) + mu**2 - 1 - log_var).sum(axis=1) / 2
    return [one_of(judge.frechet_distance(pictures), scores, "prior", 0.02),
            one_of(rent.mean(), scores, "rent", 3 * rent.std() / np.sqrt(len(x)))]


def small_vaes(load):
    """They were measured before their weights were rounded to eight bits, which costs up to 5% of the distance."""
    scores = scores_of("digit_vae_asked_decoder.npz")
    assert scores == scores_of("digit_vae_four_decoder.npz") == scores_of("digit_vae_plane_decoder.npz")
    rng = np.random.default_rng(0)
    four = load("digit_vae_four_decoder.npz")(rng.standard_normal((N, 4)))
    told = load("digit_vae_asked_decoder.npz")(np.hstack([rng.standard_normal((N, 2)), asked(N)]))
    return [Score(judge.frechet_distance(pictures), scores[f"{name}, prior"], 0.06 * scores[f"{name}, prior"])
            for name, pictures in (("ours", four), ("asked", told))]


def bigan(load):
    scores, z = scores_of("bigan_generator.npz"), standard_normal(1, N, 32)
    pictures = load("bigan_generator.npz")(z)
    back = np.sqrt(((load("bigan_encoder.npz")(pictures) - z) ** 2).mean())
    return [same(judge.frechet_distance(pictures), scores["with the return, distance"]),
            same(back, scores["with the return, return"])]


def larger_bigan(load):
    z, first = standard_normal(1, N, 32), shipped.load("bigan_larger.npz")["seeds"][0]  # last but one: the prior
    pictures = load("bigan_larger_generator.npz")(z)
    back = np.sqrt(((load("bigan_larger_encoder.npz")(pictures) - z) ** 2).mean())
    return [same(judge.frechet_distance(pictures), first[-2]),
            one_of(back, scores_of("bigan_larger_generator.npz"), "return", 1e-3)]


def face_vae(load):
    """What it rebuilds; it draws from a mixture over its codes, which does not come along."""
    planet = pixel_faces()
    x = planet.palette.astype(np.float32)[planet.pixels[4000:5000]]
    centres = np.split(load("face_vae_encoder.npz")(x), 2, axis=1)[0]
    return [same(np.abs(load("face_vae_decoder.npz")(centres) - x).mean(), scores_of("face_vae_decoder.npz")["off"])]


def face_gan(load):
    planet, scores = pixel_faces(), scores_of("face_gan_generator.npz")
    palette = planet.palette.astype(np.float32)
    wanted = planet.features[4000:5000][list(FEATURES)].astype(str).to_numpy()
    outfit = np.hstack([wanted[:, [i]] == np.array(values) for i, values in enumerate(FEATURES.values())])
    pictures = snap(load("face_gan_generator.npz")(np.hstack([standard_normal(0, 1000, 32), outfit])), palette)
    reader = FaceReader(palette[planet.pixels[:4000]], planet.features[:4000])
    heard = reader.read(palette[pictures])[list(FEATURES)].to_numpy() == wanted
    police = fashion_police(planet.pixels[5000:5500], pictures[:500]).accuracy
    return [share(reader.agreement(palette[pictures])["all"], scores["halves agree"], 1000),
            share(heard.mean(), scores["as asked"], 1000), share(police, scores["police"], 1000),
            Score(neighbour_information(pictures).excess, scores["neighbours"], 0.015)]


def walked(network, z, c, n_steps, w=0.0):
    """The end of Chapter 12's walk with guidance w, from z (n, d), asking for c."""
    x = z
    for k in range(n_steps):
        t = np.full((len(x), 1), k / n_steps)
        asked_for, free = (network(np.hstack([x, t, told]).astype(np.float32)) for told in (c, 0 * c))
        x = x + ((1 + w) * asked_for - w * free) / n_steps
    return x


def digit_flow(load):
    scores, at = scores_of("digit_flow.npz"), shipped.load("digit_flow_codes.npz")
    end = walked(load("digit_flow.npz"), np.random.default_rng(0).standard_normal((N, 16)), asked(N), 20, w=0.3)
    pictures = shipped.load("digit_vae_decoder.npz")(at["centre"] + at["spread"] * end).reshape(-1, 28, 28)
    agreement = (judge.predict(pictures) == np.arange(N) % 10).mean()
    return [same(judge.frechet_distance(pictures), scores["flow, guided, 20 steps"]),
            share(agreement, scores["flow, guided, label_agreement"], N)]


def pixel_flow(load):
    """Two steps for all pictures, because each pass takes long in NumPy."""
    scores, z = scores_of("pixel_flow.npz"), standard_normal(0, N, 784).reshape(-1, 28, 28)
    network, x = load("pixel_flow.npz"), []
    for some, told in zip(np.array_split(z, 50), np.array_split(asked(N), 50), strict=True):
        for k in range(2):
            t = np.full((len(some), 1), k / 2, np.float32)
            v, free = (network({"x": some, "t": t, "c": c}) for c in (told, 0 * told))
            some = some + (1.3 * v - 0.3 * free) / 2
        x.append(some)
    pictures = np.clip((np.concatenate(x) + 1) / 2, 0, 1).astype(np.float32)
    return [same(judge.frechet_distance(pictures), scores["w = 0.3, 2 steps"])]


def ring_flow(load):
    """One of ten seeds lies within 9 / √10 standard deviations of their mean."""
    scores, angles = scores_of("ring_flow.npz"), np.arange(8) * np.pi / 4
    z = np.random.default_rng(1).standard_normal((2000, 2))
    end = walked(load("ring_flow.npz"), z, np.zeros((2000, 0)), 20)
    centres = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    good = np.linalg.norm(end[:, None] - centres, axis=2).min(axis=1) < 0.3
    return [Score(good.mean(), scores["20 steps, on a bell"], 9 / np.sqrt(10) * scores["20 steps, on a bell sd"])]


MODELS = (digit_judge, film, digit_gan, digit_vae, small_vaes, bigan, larger_bigan, face_vae, face_gan, digit_flow,
          pixel_flow, ring_flow)


@pytest.mark.parametrize("scores", MODELS, ids=lambda scores: scores.__name__)
def test_the_shipped_model_has_the_scores_of_the_manifest(scores):
    assert [one for one in scores(shipped.load) if not one.fits] == []


@pytest.mark.parametrize("scores", [digit_judge, film, digit_vae, bigan, larger_bigan, face_vae, digit_flow,
                                    pixel_flow],
                         ids=lambda scores: scores.__name__)
def test_noise_of_five_percent_on_the_weights_is_noticed(scores):
    assert not all(one.fits for one in scores(noisy))


def noisy(name: str) -> Network:
    network, rng = shipped.load(name), np.random.default_rng(0)
    weights = {key: (weight * rng.normal(1, 0.05, weight.shape)).astype(weight.dtype)
               for key, weight in network.weights.items()}
    return Network(network.inputs, network.layers, network.outputs, weights)


@pytest.mark.parametrize("name", ["bayes_samples.npz", "mixture_samples.npz"])
def test_samples_show_what_was_asked_for_as_often_as_the_manifest_says(name):
    drawn, said = shipped.load(name), scores_of(name)["label_agreement"]
    agree = (judge.predict(drawn["images"].astype(np.float32) / 255) == drawn["labels"]).mean()
    assert share(agree, said, len(drawn["images"])).fits


def test_the_strangers_have_the_scores_of_the_manifest():
    planet, faces, scores = pixel_faces(), shipped.load("stranger_faces.npz")["images"], scores_of("stranger_faces.npz")
    seen, colours = {face.tobytes() for face in planet.pixels[:4000]}, planet.palette.astype(np.float32)
    reader = FaceReader(colours[planet.pixels[:4000]], planet.features[:4000])
    found = {"police": fashion_police(planet.pixels[5000:5500], faces).accuracy,
             "copies": np.mean([face.tobytes() in seen for face in faces]),
             "neighbours": neighbour_information(faces).excess, "halves": reader.agreement(colours[faces])["all"]}
    assert [name for name, score in found.items() if not one_of(score, scores, name, 1e-3).fits] == []


def test_naive_faces_share_nothing_between_neighbours():
    faces, scores = shipped.load("naive_faces.npz")["images"], scores_of("naive_faces.npz")
    assert neighbour_information(faces).excess == approx(scores["neighbours"], abs=0.02)


def test_the_games_on_the_ring_have_the_scores_of_the_manifest():
    points, scores = shipped.load("ring_gan.npz")["points"].astype(float), scores_of("ring_gan.npz")
    angles = np.arange(8) * np.pi / 4
    centres = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    away = np.linalg.norm(points[:, :, None] - centres, axis=3)  # seed, point, bell
    on_a_bell = (away < 0.3).any(axis=2).mean(axis=1)
    bells = [(np.bincount(one.argmin(axis=1)[one.min(axis=1) < 0.3], minlength=8) >= 6.25).sum() for one in away]
    assert len(points) == 10 and (min(bells), max(bells)) == (scores["fewest bells"], scores["most bells"])
    assert on_a_bell.mean() == approx(scores["on a bell"], abs=0.002)
    assert on_a_bell.std(ddof=1) == approx(scores["on a bell sd"], abs=0.002)


def test_means_of_shipped_numbers_are_the_scores():
    log_p, race = shipped.load("digit_vae_log_p.npz")["log_p"], shipped.load("digit_vae_race.npz")["race"]
    assert log_p.mean(dtype=float) == approx(scores_of("digit_vae_log_p.npz")["log p"], rel=1e-6)
    assert race.ravel() == approx([*scores_of("digit_vae_race.npz").values()], rel=1e-5)
    control, said = shipped.load("digit_vae_control.npz")["distances"], scores_of("digit_vae_control.npz")
    assert control.mean(axis=0) == approx([said["one Gaussian"], said["mixture"]], rel=1e-5)
    assert control.std(axis=0, ddof=1) == approx([said["one Gaussian sd"], said["mixture sd"]], rel=1e-5)
    beta_1, said = shipped.load("digit_vae_beta_1.npz")["distances"], scores_of("digit_vae_beta_1.npz")
    assert beta_1.mean(axis=0) == approx([said["prior"], said["mixture"]], rel=1e-5)
    assert judge.floor(N)[0] == approx(scores_of(judge.STATISTICS)["floor"], rel=1e-5)
