"""The engine of the figures that learn: gradients against Keras and closed forms, products to the last bit."""

import json
from itertools import pairwise

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from support import ROOT, in_node

LEARN = ROOT / "helpers" / "live" / "learn"
ACTIVATIONS = ("linear", "relu", "leaky_relu", "tanh", "sigmoid", "softplus", "silu")
SIZES, N = (5, 12, 9, 3), 7  # no number a multiple of 4 or 8 where it could hide a fault, and one that is
rng = np.random.default_rng(0)


def engine(script: str, /, **given):
    """What JavaScript prints that has the engine's names, and `given` as an object."""
    names = {"memory": "makeArena, rows, turned", "dense": "makeStack", "adam": "makeAdam, makeSgd",
             "noise": "makeNoise", "average": "makeAverage",
             "losses": "meanSquare, bernoulli, gaussianKl, logistic, r1"}
    imports = "".join(f'import {{ {those} }} from {json.dumps((LEARN / f"{name}.js").as_uri())};\n'
                      for name, those in names.items())
    told = "const tell = (value) => console.log(JSON.stringify(value, (_, v) => ArrayBuffer.isView(v) ? [...v] : v));\n"
    data = json.dumps(given, default=lambda array: np.asarray(array).tolist())
    return in_node(f"{imports}{told}const given = {data};\n{script}")


def close(found, expected):
    np.testing.assert_allclose(np.ravel(found), np.ravel(expected), rtol=2e-4, atol=2e-6)


@pytest.fixture(scope="module")
def stacks():
    """For each activation a network in Keras, its rows, what should come back, and the engine's numbers."""
    weights = [rng.normal(0, 0.5, shape).astype("f4") for pair in pairwise(SIZES)
               for shape in (pair, pair[1:])]
    x, dy = rng.normal(size=(N, SIZES[0])).astype("f4"), rng.normal(size=(N, SIZES[-1])).astype("f4")
    return weights, x, dy, engine("""
        tell(Object.fromEntries(given.activations.map((name) => {
          const stack = makeStack(makeArena(10000), given.sizes, [name, name, name], 9, 0.2);
          stack.parameters.forEach(({ value }, k) => value.set(given.weights[k].flat()));
          const y = stack.forward(given.x.flat(), given.x.length).slice();
          stack.backward(given.dy.flat(), given.x.length);
          const dx = stack.backward(given.dy.flat(), given.x.length, true, true);
          return [name, { y, dx, gradients: stack.parameters.map(({ gradient }) => gradient) }];
        })));""", activations=ACTIVATIONS, sizes=SIZES, weights=weights, x=x, dy=dy)


def in_keras(activation, weights):
    bend = keras.layers.LeakyReLU(0.2) if activation == "leaky_relu" else keras.layers.Activation(activation)
    model = keras.Sequential([keras.Input((SIZES[0],)),
                              *(part for n in SIZES[1:] for part in (keras.layers.Dense(n), bend))])
    model.set_weights(weights)
    return model


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_stack_and_its_gradients_are_those_of_keras(stacks, activation):
    weights, x, dy, found = stacks
    model, x = in_keras(activation, weights), tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x)
        loss = ops.sum(y * dy)
    *gradients, dx = tape.gradient(loss, [*model.trainable_variables, x])
    close(found[activation]["y"], y)
    close(found[activation]["dx"], dx)
    for twice, once in zip(found[activation]["gradients"], gradients, strict=True):  # `add` has added the same again
        close(twice, 2 * np.array(once))


def test_losses_and_their_gradients_are_those_of_keras():
    y, target, x = rng.normal(size=(N, 3)), rng.normal(size=(N, 3)), rng.random((N, 3))
    logits, code = rng.normal(0, 3, (N, 3)), rng.normal(size=(N, 4))
    found = engine("""
        const n = given.y.length, d = (k) => new Float32Array(n * k), [a, b, c, e, f] = [d(3), d(3), d(4), d(3), d(3)];
        tell([[meanSquare(given.y.flat(), given.target.flat(), n, a), a],
          [bernoulli(given.logits.flat(), given.x.flat(), n, b), b], [gaussianKl(given.code.flat(), n, 2, c, 1), c],
          [logistic(given.logits.flat(), 1, 3 * n, e), e], [logistic(given.logits.flat(), 0, 3 * n, f), f]]);
    """, y=y, target=target, x=x, logits=logits, code=code)

    def kl(code):
        mu, log_var = ops.split(code, 2, axis=1)
        return ops.mean(ops.sum(ops.exp(log_var) + mu**2 - 1 - log_var, axis=1)) / 2

    def entropy(labels):
        return lambda logits: ops.mean(keras.losses.binary_crossentropy(labels, logits, from_logits=True))

    expected = ((lambda y: ops.mean(ops.sum((y - target) ** 2, axis=1)), y), (lambda a: 3 * entropy(x)(a), logits),
                (kl, code), (entropy(np.ones((N, 3))), logits), (entropy(np.zeros((N, 3))), logits))
    for (loss, gradient), (function, at) in zip(found, expected, strict=True):
        at = tf.constant(at)
        with tf.GradientTape() as tape:
            tape.watch(at)
            value = function(at)
        close(loss, value)
        close(gradient, tape.gradient(value, at))


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_r1_and_its_gradients_are_those_of_keras(activation):
    weights = [rng.normal(0, 0.5, shape).astype("f4") for shape in ((2, 8), (8,), (8, 9), (9,), (9, 1), (1,))]
    x = rng.normal(size=(N, 2)).astype("f4")
    penalty, gradients = engine("""
        const stack = makeStack(makeArena(10000), [2, 8, 9, 1], [given.name, given.name, "linear"], 9, 0.2);
        stack.parameters.forEach(({ value }, k) => value.set(given.weights[k].flat()));
        tell([r1(stack, given.x.flat(), given.x.length, 3), stack.parameters.map(({ gradient }) => gradient)]);
    """, name=activation, weights=weights, x=x)
    bend = keras.layers.LeakyReLU(0.2 if activation == "leaky_relu" else 0.0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(8), bend, keras.layers.Dense(9), bend,
                              keras.layers.Dense(1)])
    model.set_weights(weights)
    x = tf.constant(x)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = model(x)
        expected = 1.5 * ops.mean(ops.sum(inner.gradient(y, x) ** 2, axis=1))
    close(penalty, expected)
    variables = [variable.value for variable in model.trainable_variables]
    wanted = outer.gradient(expected, variables, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    for found, gradient in zip(gradients, wanted, strict=True):
        close(found, gradient)


def test_r1_refuses_what_it_would_get_wrong():
    with pytest.raises(AssertionError, match="R1 needs a network with one output"):
        engine('r1(makeStack(makeArena(999), [2, 3, 1], ["tanh", "linear"], 4), [1, 2], 1, 1);')


@pytest.mark.parametrize("name", ["Adam", "Sgd"])
def test_optimisers_move_weights_as_those_of_keras(name):
    start, gradients = rng.normal(size=6).astype("f4"), rng.normal(size=(20, 6)).astype("f4")
    found = engine(f"""
        const value = Float32Array.from(given.start), gradient = new Float32Array(6);
        const optimizer = make{name}([{{ value, gradient }}]);
        for (const g of given.gradients) {{ gradient.set(g); optimizer.step(0.05); }}
        tell(value);""", start=start, gradients=gradients)
    variable, optimizer = keras.Variable(start), getattr(keras.optimizers, name.replace("Sgd", "SGD"))(0.05)
    for gradient in gradients:
        optimizer.apply([gradient], [variable])
    close(found, variable)


def test_an_average_follows_and_leaves_the_weights_as_they_were():
    value, average = 1.0, 1.0
    for _ in range(5):
        value += 1
        average += 0.1 * (value - average)
    found = engine("""
        const value = Float32Array.of(1), average = makeAverage([{ value, gradient: value }], 0.9);
        for (let k = 0; k < 5; k++) { value[0] += 1; average.follow(); }
        tell([average.with(() => value[0]), value[0]]);""")
    close(found, [average, value])


@pytest.mark.parametrize("shape", [(1, 1, 1), (4, 3, 8), (5, 7, 16), (6, 9, 19), (3, 4, 5)])
def test_webassembly_multiplies_as_javascript_to_the_last_bit_and_both_are_right(shape):
    M, K, N = shape
    A, B = rng.normal(size=(M, K)).astype("f4"), rng.normal(size=(K, N)).astype("f4")
    code = """
        const [M, K, N] = given.shape;
        const run = () => {
          const arena = makeArena(2000), [A, T, B, C, D] = [M * K, M * K, K * N, M * N, M * N].map(arena.take);
          A.set(given.A.flat()); T.set(given.T.flat()); B.set(given.B.flat()); C.fill(1);
          arena.product(rows(A, K), B, C, M, K, N);
          arena.product(turned(T, M), B, D, M, K, N);
          return { fast: arena.fast, C, D };
        };
        const fast = run();
        globalThis.WebAssembly = undefined;
        tell([fast, run()]);"""
    fast, plain = engine(code, shape=shape, A=A, T=A.T, B=B)
    assert (fast.pop("fast"), plain.pop("fast")) == (True, False)
    assert fast == plain
    close(fast["C"], 1 + A @ B)
    close(fast["D"], A @ B)


def test_a_full_memory_says_so():
    with pytest.raises(AssertionError, match="the memory has 10 numbers, 8 are taken and 3 asked for: makeArena"):
        engine("const arena = makeArena(10); arena.take(8); arena.take(3);")


def test_noise_is_normal_and_the_same_for_the_same_seed():
    first, again, other, order = engine("""
        const draw = (seed) => makeNoise(seed).normals(new Float32Array(20001));
        tell([draw(1), draw(1), draw(2), makeNoise(3).shuffle(100)]);""")
    assert first == again and first != other
    assert abs(np.mean(first)) < 0.03 and abs(np.std(first) - 1) < 0.03
    assert abs(np.mean(np.abs(first) < 1) - 0.6827) < 0.01
    assert sorted(order) == list(range(100)) != order
