"""Flows at full scale: over codes of the digits, asked for digits or not, beside mixtures; on pixels; on the ring.

`PARTS` chooses what is made: ``make artefacts RECIPES=recipes/12_small_steps.py PARTS=ring``.
"""

import os
import time

from helpers.networks import from_keras
from helpers.networks.keras_layers import TimeEmbedding
from helpers.scale import demo_or_full

N_DIGITS, N_CLOUDS, N_CODED, N_SAMPLES = demo_or_full((1000, 1, 500, 500), (60_000, 4, 20_000, 10_000))
N_STEPS, RING_SEEDS = demo_or_full((1, 2), (10_000, 10))
BELLS, BELLS_A_DIGIT = demo_or_full((2, 1), (50, 5))  # as on the page; they see N_CODED codes, as in Chapter 8
SEEDS = demo_or_full((0, 1), (0, 1, 2))  # the first one's flow ships
GUIDANCE = 0.3  # chosen on the page, with flows that saw 4,000 digits
PIXEL_STEPS, PIXEL_BATCH, LONGEST_WALK = demo_or_full((2, 8, 2), (41_000, 64, 50))
PIXEL_GUIDANCE = 0, GUIDANCE  # 2,000 pictures were compared at 0.3, 0.4 and 0.5; the curve over steps is the last one's
STEPS = 1, 2, 5, 10, 20, 50
MADE = {"recipe": "recipes/12_small_steps.py", "seed": SEED}


def prefixed(name, scores):
    return {f"{name}, {what}": number for what, number in scores.items()}


# Digits, from codes


def draw_clouds():
    """Codes (n, 16) drawn from the clouds of the training digits, and their labels."""
    (x, y), _ = digits()
    x, y = x[:N_DIGITS], y[:N_DIGITS]
    mu, log_var = np.split(np.concatenate([encoder(some) for some in np.array_split(x, 20)]), 2, axis=1)
    rng = np.random.default_rng(SEED)
    clouds = [mu + np.exp(log_var / 2) * rng.standard_normal(mu.shape) for _ in range(N_CLOUDS)]
    return np.concatenate(clouds), np.tile(y, N_CLOUDS)


def train_codes(seed):
    """A flow over the codes and their labels."""
    set_seed(seed)
    flow = build_flow(16, n_labels=10, n_hidden=256, n_layers=3)
    train(flow, all_codes, one_hot[all_labels], N_STEPS, 2e-3, seed, batch_size=256)
    return flow


def draw_unasked(flow, seed, n_steps=20):
    """Pictures by a flow that is asked for nothing."""
    z, nothing = np.random.default_rng(seed).standard_normal((N_SAMPLES, 16)), np.zeros((N_SAMPLES, 10))
    return decode(walk(velocity_of(flow, nothing), z, n_steps)[-1])


def draw_bells(seed):
    """Pictures from one mixture for all digits, which knows no labels."""
    bells = GaussianMixture(BELLS, reg_covar=1e-3, random_state=seed).fit(all_codes[:N_CODED])
    return decode(bells.sample(N_SAMPLES)[0])


def draw_asked_bells(seed):
    """Pictures of the digits asked for, from one mixture for each digit."""
    drawn, labels_seen = np.empty((N_SAMPLES, 16)), all_labels[:N_CODED]
    for k in range(10):
        bells = GaussianMixture(BELLS_A_DIGIT, reg_covar=1e-3, random_state=seed)
        bells.fit(all_codes[:N_CODED][labels_seen == k])
        drawn[asked == k] = bells.sample((asked == k).sum())[0]
    return decode(drawn)


def draw_rebuilt():
    """Training digits, in equal shares, coded and decoded: what a perfect density over the codes would draw."""
    rng, places = np.random.default_rng(SEED), np.arange(N_DIGITS)
    return decode(all_codes[[rng.choice(places[all_labels[:N_DIGITS] == k]) for k in asked]])


def judged(pictures, told):
    """The judge's report of each seed's pictures: means and standard deviations."""
    return digit_judge.over_seeds([digit_judge.report(x, asked if told else None) for x in pictures])


def curve(draw, flow):
    """The distance for each number of steps."""
    return {f"{n} steps": digit_judge.frechet_distance(draw(flow, SEED, n)) for n in STEPS}


def codes():
    start = time.perf_counter()
    flows = [train_codes(SEEDS[0])]
    seconds = time.perf_counter() - start
    flows += [train_codes(seed) for seed in SEEDS[1:]]

    def draw_guided(flow, seed, n_steps=20):
        return draw_digits(flow, GUIDANCE, asked, seed, n_steps)

    def draw_asked(flow, seed):
        return draw_digits(flow, 0, asked, seed)

    table = {
        "rebuilt": {"frechet_distance": digit_judge.frechet_distance(draw_rebuilt())},
        "bells": judged(map(draw_bells, SEEDS), told=False),
        "asked bells": judged(map(draw_asked_bells, SEEDS), told=True),
        "flow, asked for nothing": judged(map(draw_unasked, flows, SEEDS), told=False),
        "flow": judged(map(draw_asked, flows, SEEDS), told=True),
        "flow, guided": judged(map(draw_guided, flows, SEEDS), told=True) | curve(draw_guided, flows[0])}
    scores = {key: number for name, line in table.items() for key, number in prefixed(name, line).items()}
    shipped.save("digit_flow.npz", from_keras(flows[0], "float16"), scores=scores, seconds=seconds, **MADE)
    shipped.save("digit_flow_codes.npz", {"centre": centre, "spread": spread}, scores=scores, seconds=seconds, **MADE)


# Digits, from pixels


def steer(h, told):
    """Channels that are scaled and shifted by what is told of time and label, then bent."""
    n = h.shape[-1]
    scale, shift = (layers.Reshape((1, 1, n))(layers.Dense(n, bias_initializer=start)(told))
                    for start in ("ones", "zeros"))
    return layers.Activation("silu")(layers.Add()([layers.Multiply()([h, scale]), shift]))


def add_detour(h, told, n_narrow=8):
    """One dense layer over the whole picture, through few channels, added to what is there."""
    u = layers.Flatten()(steer(layers.Conv2D(n_narrow, 1)(h), told))
    u = layers.Reshape((7, 7, n_narrow))(layers.Dense(49 * n_narrow, "silu")(u))
    return layers.Add()([h, layers.Conv2D(h.shape[-1], 1, kernel_initializer="zeros")(u)])


def add_look(h, told, n_narrow=28):
    """A look at the neighbours, through few channels, added to what is there."""
    u = steer(layers.Conv2D(n_narrow, 1)(h), told)
    u = layers.Conv2D(n_narrow, 3, padding="same", activation="silu")(u)
    return layers.Add()([h, layers.Conv2D(h.shape[-1], 1, kernel_initializer="zeros")(u)])


def build_pixel_flow(n_channels=60, n_fine=12):
    """A U from 28 x 28 to 14 x 14 and 7 x 7 and back, with a skip: place, time and label in, velocity out."""
    x, t, c = (keras.Input(shape, name=name) for name, shape in (("x", (28, 28)), ("t", (1,)), ("c", (10,))))
    told = layers.Concatenate()([TimeEmbedding(16, 30.0)(t), c])
    for _ in range(2):
        told = layers.Dense(128, "silu")(told)
    half = {"strides": 2, "padding": "same"}
    fine = layers.Conv2D(n_fine, 4, **half)(layers.Reshape((28, 28, 1))(x))
    h = layers.Conv2D(n_channels, 3, **half)(layers.Activation("silu")(fine))
    for _ in range(2):
        h = add_look(add_detour(h, told), told)
    h = layers.Conv2DTranspose(n_fine, 4, **half)(layers.Activation("silu")(h))
    h = steer(layers.Conv2D(n_fine, 3, padding="same")(layers.Concatenate()([h, fine])), told)
    v = layers.Reshape((28, 28))(layers.Conv2DTranspose(1, 4, **half)(h))
    return keras.Model({"x": x, "t": t, "c": c}, v)


def make_pixel_step(flow, average, optimizer, x_seen, c_seen):
    """One step on pictures from -1 to 1, compiled, and the average of the weights after it."""
    done = tf.Variable(0.0)

    @tf.function(autograph=False)
    def train_step():
        rows = tf.random.uniform((PIXEL_BATCH,), 0, len(x_seen), tf.int32)
        x, z = 2 * tf.gather(x_seen, rows) - 1, tf.random.normal((PIXEL_BATCH, 28, 28))
        t = tf.sigmoid(tf.random.normal((PIXEL_BATCH, 1, 1)))
        c = tf.gather(c_seen, rows) * tf.cast(tf.random.uniform((PIXEL_BATCH, 1)) > 0.1, tf.float32)
        with tf.GradientTape() as tape:
            v = flow({"x": (1 - t) * z + t * x, "t": t[:, 0], "c": c})
            loss = ops.mean((v - (x - z)) ** 2)
        weights = flow.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
        done.assign_add(1)
        keep = ops.minimum(0.999, (1 + done) / (10 + done))  # at first it forgets fast
        for mean, weight in zip(average.trainable_variables, weights, strict=True):
            mean.assign(keep * mean + (1 - keep) * weight)
        return loss
    return train_step


def train_pixels(seed):
    """The average of the weights on the way."""
    (x, y), _ = digits()
    set_seed(seed)
    flow = build_pixel_flow()
    average = keras.models.clone_model(flow)
    average.set_weights(flow.get_weights())
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, PIXEL_STEPS), beta_2=0.99)
    optimizer.build(flow.trainable_variables)
    x, c = tf.constant(x[:N_DIGITS]), tf.constant(one_hot[y[:N_DIGITS]])
    train_step = make_pixel_step(flow, average, optimizer, x, c)
    for _ in range(PIXEL_STEPS):
        train_step()
    return average


def pixel_velocity(flow, c, w):
    """The velocity with guidance w, for flat pictures (n, 784), 500 at a time."""
    run = tf.function(lambda x, t, c: flow({"x": x, "t": t, "c": c}), autograph=False)

    def velocity(x, t):
        parts = []
        for some, told in zip(np.array_split(x, len(x) // 500), np.array_split(c, len(x) // 500), strict=True):
            place, times = np.float32(some).reshape(-1, 28, 28), np.full((len(some), 1), t, "float32")
            v = (1 + w) * run(place, times, told) - (w * run(place, times, 0 * told) if w else 0)
            parts.append(np.array(v).reshape(len(some), -1))
        return np.concatenate(parts)
    return velocity


def draw_pixels(flow, w, seed, n_steps=20):
    """Pictures of the digits asked for."""
    z = np.random.default_rng(seed).standard_normal((N_SAMPLES, 784), dtype="float32")
    end = walk(pixel_velocity(flow, one_hot[asked], w), z, min(n_steps, LONGEST_WALK))[-1]
    return np.clip((end + 1) / 2, 0, 1).reshape(-1, 28, 28)


def count_products(flow):
    """Multiply-adds of one pass, for one picture."""
    total = 0
    for layer in flow.layers:
        if hasattr(layer, "kernel"):
            coarse = layer.input if isinstance(layer, layers.Conv2DTranspose) else layer.output
            total += int(np.prod(layer.kernel.shape) * np.prod(coarse.shape[1:-1]))
    return total


def draw_real(seed):
    """Training digits, each once, in the shares that are asked for: what the flows' distances cannot fall below."""
    (x, y), _ = digits()
    rng, rows = np.random.default_rng(seed), np.empty(N_SAMPLES, int)
    for k in range(10):
        rows[asked == k] = rng.choice(np.flatnonzero(y[:N_DIGITS] == k), (asked == k).sum(), replace=False)
    return x[rows]


def pixels():
    start = time.perf_counter()
    flows = [train_pixels(SEEDS[0])]
    seconds = time.perf_counter() - start
    flows += [train_pixels(seed) for seed in SEEDS[1:]]
    real = [{"frechet_distance": digit_judge.frechet_distance(draw_real(seed))} for seed in SEEDS]
    scores = {"multiply-adds": count_products(flows[0])} | prefixed("real", digit_judge.over_seeds(real))
    for w in PIXEL_GUIDANCE:
        made = (draw_pixels(flow, w, seed) for flow, seed in zip(flows, SEEDS, strict=True))
        scores |= prefixed(f"w = {w:g}", judged(made, told=True))
    scores |= {f"w = {PIXEL_GUIDANCE[-1]:g}, {n} steps": digit_judge.frechet_distance(
        draw_pixels(flows[0], PIXEL_GUIDANCE[-1], SEEDS[0], n)) for n in STEPS}
    shipped.save("pixel_flow.npz", from_keras(flows[0], "float16"), scores=scores, seconds=seconds, **MADE)


# The ring


def score_ring(ends):
    """Fewest and most bells that a seed finds; the share of points on a bell, over the seeds."""
    bells, good = np.array([count_modes(end) for end in ends]).T
    return {"fewest bells": bells.min(), "most bells": bells.max(), "on a bell": good.mean(),
            "on a bell sd": good.std(ddof=1)}


def ring():
    start, flows = time.perf_counter(), [train_ring(seed) for seed in range(RING_SEEDS)]
    seconds = (time.perf_counter() - start) / RING_SEEDS
    z = np.random.default_rng(1).standard_normal((2000, 2))
    nothing, scores = np.zeros((len(z), 0)), {}
    for n_steps in STEPS:
        ends = [walk(velocity_of(flow, nothing), z, n_steps)[-1] for flow in flows]
        scores |= prefixed(f"{n_steps} steps", score_ring(ends))
        scores[f"{n_steps} steps, by the formula"] = count_modes(walk(velocity_to_ring, z, n_steps)[-1])[1]
    shipped.save("ring_flow.npz", from_keras(flows[0], "float16"), scores=scores, seconds=seconds, **MADE)


encoder, decoder = (shipped.load(f"digit_vae_{part}.npz") for part in ("encoder", "decoder"))
asked = np.arange(N_SAMPLES) % 10
all_codes, all_labels = draw_clouds()
centre, spread = all_codes.mean(axis=0), all_codes.std(axis=0)
all_codes = ((all_codes - centre) / spread).astype("float32")

PARTS = {part.__name__: part for part in (codes, pixels, ring)}
for name in os.environ.get("PARTS", " ".join(PARTS)).split():
    PARTS[name]()
    print(f"{name}: done", flush=True)
