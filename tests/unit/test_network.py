"""The browser's network against Keras, layer by layer. One node process runs every case."""
import base64
import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
from keras import layers as kl
from support import ROOT, node, skip_unless_ci

from helpers.networks.network_old import LinearMap, describe, latent_dim, rounded

HERE = ROOT / "helpers" / "live"
LATENT_DIM = 6
IMAGE = (5, 4, 3)       # rows and columns differ, so that swapping them is caught
TOLERANCE = 1e-5        # of the largest number in a layer's output: a few roundings of float32


def from_image(*layers):
    """A latent point, turned into a small image, then the layers under test."""
    return keras.Sequential([keras.Input((LATENT_DIM,)), kl.Dense(60), kl.Reshape(IMAGE), *layers])


def convolutions():
    """Every kernel size with every stride and padding, for both convolutions."""
    for layer in (kl.Conv2D, kl.Conv2DTranspose):
        for rows in range(1, 6):
            for stride in (1, 2, 3):
                for padding in ("same", "valid"):
                    columns = 1 + rows * 2 % 5      # 1..5 in another order
                    if layer is kl.Conv2D and padding == "valid" and columns > IMAGE[1]:
                        columns = 4
                    name = f"{layer.__name__} {rows}x{columns} stride {stride} {padding}"
                    yield name, from_image(layer(2, (rows, columns), strides=stride, padding=padding))
        yield f"{layer.__name__} strides 2, 1", from_image(layer(5, 3, strides=(2, 1), padding="same"))
        yield f"{layer.__name__} to one channel, no bias", from_image(layer(1, 4, 2, "same", use_bias=False))


def activations():
    for name in "linear relu relu6 leaky_relu elu selu sigmoid tanh softplus silu gelu softmax".split():
        yield f"Dense {name}", keras.Sequential([keras.Input((LATENT_DIM,)), kl.Dense(9, activation=name)])
        yield f"Activation {name}", from_image(kl.Activation(name))
    for layer in (kl.ReLU(), kl.ReLU(max_value=0.5), kl.ReLU(negative_slope=0.1), kl.LeakyReLU(), kl.ELU(0.7),
                  kl.LeakyReLU(negative_slope=0.2), kl.Softmax()):
        yield f"{type(layer).__name__} {layer.name}", from_image(layer)
    yield "a layer as activation", from_image(kl.Conv2D(2, 3, activation=kl.LeakyReLU(negative_slope=0.1)))


def other_layers():
    yield "Dense without bias", keras.Sequential([keras.Input((LATENT_DIM,)), kl.Dense(7, use_bias=False)])
    yield "Dense on the channels of an image", from_image(kl.Dense(2, activation="tanh"))
    for factor in (2, (3, 1), (1, 4)):
        for interpolation in ("nearest", "bilinear"):
            yield f"UpSampling2D {factor} {interpolation}", from_image(
                kl.UpSampling2D(factor, interpolation=interpolation))
    for center in (True, False):
        for scale in (True, False):
            yield f"BatchNormalization center={center} scale={scale}", from_image(
                kl.BatchNormalization(center=center, scale=scale, epsilon=1e-3))
    yield "BatchNormalization of a vector, axis 1", keras.Sequential(
        [keras.Input((LATENT_DIM,)), kl.BatchNormalization(axis=1)])
    yield "layers that do nothing after training", from_image(
        kl.Dropout(0.5), kl.SpatialDropout2D(0.5), kl.GaussianNoise(1.0), kl.Flatten(),
        kl.GaussianDropout(0.5), kl.Reshape((-1, 2, 3)), kl.ActivityRegularization(0.1))


def whole_models():
    inner = keras.Sequential([keras.Input((8,)), kl.Dense(12), kl.Reshape((2, 2, 3))])
    z = keras.Input((LATENT_DIM,))
    shared = kl.Dense(LATENT_DIM, activation="tanh")
    yield "functional, with a nested model", keras.Model(z, kl.Conv2D(2, 2)(inner(kl.Dense(8)(z))))
    yield "functional, one layer used twice", keras.Model(z, kl.Dense(3)(shared(shared(z))))
    late = keras.Sequential([kl.Dense(5), kl.Dense(2)])
    late(np.zeros((3, LATENT_DIM)))
    yield "built by a call", late
    yield "generator", generator()
    yield "decoder", decoder()


def generator():
    """64 → 7×7×64 → 14×14×32 → 28×28×1, 2 million multiply-adds."""
    return keras.Sequential([
        keras.Input((64,)), kl.Dense(7 * 7 * 64, use_bias=False), kl.BatchNormalization(), kl.LeakyReLU(),
        kl.Reshape((7, 7, 64)), kl.Conv2DTranspose(32, 4, 2, "same", use_bias=False), kl.BatchNormalization(),
        kl.LeakyReLU(), kl.Conv2DTranspose(1, 4, 2, "same", activation="tanh")])


def decoder():
    return keras.Sequential([keras.Input((4,)), kl.Dense(128, activation="relu"),
                             kl.Dense(784, activation="sigmoid"), kl.Reshape((28, 28))])


def randomise(model, rng):
    """Kernels as Keras initialises them; biases, offsets and statistics no longer 0 and 1."""
    for weight in model.weights:
        if weight.path.endswith(("bias", "beta", "moving_mean")):
            weight.assign(rng.normal(scale=0.1, size=weight.shape))
        elif weight.path.endswith(("gamma", "moving_variance")):
            weight.assign(rng.uniform(0.5, 2.0, size=weight.shape))
    return model


def linear_map(clip):
    rng = np.random.default_rng(5)
    return LinearMap(rng.uniform(size=12), rng.normal(size=(3, 12)), (4, 3), clip)


def every_case():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    parts = (convolutions(), activations(), other_layers(), whole_models())
    models = {name: randomise(model, rng) for part in parts for name, model in part}
    return models | {"linear map": linear_map(None), "clipped linear map": linear_map((0, 1))}


def latent_points(model, n=2):
    return np.random.default_rng(1).normal(size=(n, latent_dim(model))).astype("float32")


def for_node(model, dtype="float16"):
    layers, weights = describe(model, dtype)
    text = base64.b64encode(weights).decode()
    return {"layers": layers, "weights": text, "z": latent_points(model).tolist()}


def broken_cases():
    good = for_node(decoder())
    dense = good["layers"][0]
    return {
        "weights cut short": {**good, "weights": good["weights"][:-8], "z": [0] * 4},
        "z too long": {**good, "z": [0] * 5},
        "unknown kind": {**good, "layers": [{**dense, "kind": "pool"}, *good["layers"][1:]], "z": [0] * 4},
        "unknown activation": {**good, "layers": [{**dense, "activation": "mish"}, *good["layers"][1:]],
                               "z": [0] * 4},
    }


def decode(text):
    return np.frombuffer(base64.b64decode(text), "<f4")


@pytest.fixture(scope="module")
def models():
    return every_case()


@pytest.fixture(scope="module")
def browser(models):
    """What network.js answers to every case, from one node process."""
    cases = {name: for_node(model) for name, model in models.items()}
    cases["generator in float32"] = for_node(models["generator"], "float32")
    script = Path(__file__).with_name("run_network.mjs")
    done = subprocess.run([node(), script], input=json.dumps({"cases": cases, "broken": broken_cases()}),
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def keras_steps(model):
    """Every layer's output, from Keras, with the weights that the browser has."""
    flat = rounded(model)
    outputs, x = [], latent_points(model)
    for layer in flat.layers:
        x = layer(x)
        outputs.append(np.asarray(x))
    return outputs


def worst_step(steps, expected):
    """The largest difference of any layer, relative to the largest number in that layer's output."""
    assert all(len(point) == len(expected) for point in steps)
    return np.max([np.abs(decode(point[layer]) - values[i].ravel()).max() / np.abs(values[i]).max()
                   for i, point in enumerate(steps) for layer, values in enumerate(expected)])   # keeps a NaN


@pytest.mark.parametrize("way", ["answers", "plain"], ids=["WebAssembly", "JavaScript alone"])
def test_every_layer_in_the_browser_equals_keras(models, browser, way):
    errors = {name: worst_step(browser[way][name]["steps"], keras_steps(model))
              for name, model in models.items() if not isinstance(model, LinearMap)}
    assert len(errors) > 100
    assert {name: error for name, error in errors.items() if not error < TOLERANCE} == {}


def test_the_bytes_in_the_browser_are_those_of_the_text():
    if not (ROOT / "node_modules" / "wabt").is_dir():
        skip_unless_ci("wabt is not installed: run `make site` (npm puts it into node_modules)")
    script = """
        const wabt = await (await import("wabt")).default();
        const text = (await import("node:fs")).readFileSync(0, "utf8");
        const { buffer } = wabt.parseWat("network.wat", text, { simd: true }).toBinary({});
        process.stdout.write(Buffer.from(buffer).toString("base64"));"""
    done = subprocess.run([node(), "--input-type=module", "-e", script], cwd=ROOT, timeout=60, capture_output=True,
                          text=True, input=(HERE / "network.wat").read_text(encoding="utf-8"))
    assert done.returncode == 0, done.stderr
    assert f'"{done.stdout}"' in (HERE / "network.js").read_text(encoding="utf-8")


def test_run_gives_the_last_step_and_forgets_the_run_before(browser):
    for answer in browser["answers"].values():
        assert answer["runs"] == [point[-1] for point in answer["steps"]]
        assert answer["again"] == answer["runs"][0]


def test_shapes_in_the_browser_are_those_of_keras(models, browser):
    for name, model in models.items():
        expected = model.output_shape if isinstance(model, LinearMap) else model.output_shape[1:]
        assert tuple(browser["answers"][name]["outputShape"]) == tuple(expected), name


@pytest.mark.parametrize("name", ["linear map", "clipped linear map"])
def test_linear_map_in_the_browser_equals_numpy(models, browser, name):
    expected = rounded(models[name])(latent_points(models[name]))
    for text, image in zip(browser["answers"][name]["runs"], expected, strict=True):
        np.testing.assert_allclose(decode(text).reshape(4, 3), image, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name, grey_level", [("generator", 2 / 255), ("decoder", 1 / 255)])
def test_rounding_the_weights_moves_no_pixel_by_half_a_grey_level(models, browser, name, grey_level):
    """Holds for kernels of the size Keras starts with; 4 times larger ones reached 1.2 levels when tried."""
    original = np.asarray(models[name](latent_points(models[name])))
    for text, image in zip(browser["answers"][name]["runs"], original, strict=True):
        assert np.abs(decode(text) - image.ravel()).max() < 0.5 * grey_level


def test_float32_weights_give_the_original_model(models, browser):
    original = np.asarray(models["generator"](latent_points(models["generator"])))
    for text, image in zip(browser["answers"]["generator in float32"]["runs"], original, strict=True):
        np.testing.assert_allclose(decode(text), image.ravel(), rtol=0, atol=TOLERANCE)


def test_rounded_computes_the_same_function_as_its_model(models):
    for name, model in models.items():
        z = latent_points(model)
        same, original = (np.asarray(f(z)) for f in (rounded(model, "float32"), model))
        assert np.abs(same - original).max() < TOLERANCE * np.abs(original).max(), name


def test_browser_decodes_every_float16_as_numpy(browser):
    expected = np.arange(65536, dtype="<u2").view("<f2").astype("float32")
    np.testing.assert_array_equal(decode(browser["halves"]), expected)


@pytest.mark.parametrize("name, message", [
    ("weights cut short", "101776 weights take 203552 or 407104 bytes, but there are "),
    ("z too long", "z has 5 numbers, not 4"),
    ("unknown kind", "unknown kind pool"),
    ("unknown activation", "unknown activation mish"),
])
def test_browser_refuses_what_does_not_fit(browser, name, message):
    assert message in browser["complaints"][name]


def test_description_is_json_and_accounts_for_every_byte():
    layers, weights = describe(generator())
    assert json.loads(json.dumps(layers)) == layers
    ends = [layer["offset"] + layer["size"] for layer in layers]
    assert [layer["offset"] for layer in layers] == [0, *ends[:-1]]
    assert len(weights) == 2 * ends[-1]


def test_latent_dim_of_models_and_maps():
    assert latent_dim(decoder()) == 4
    assert latent_dim(linear_map(None)) == 3


def test_linear_map_is_mean_plus_directions():
    mean, directions = np.arange(6.0), np.eye(6)[:2]
    image = LinearMap(mean, directions, (2, 3))([10.0, 20.0])
    np.testing.assert_array_equal(image, [[[10, 21, 2], [3, 4, 5]]])
    assert image.dtype == np.float32
    clipped = LinearMap(mean, directions, (2, 3), clip=(1, 4))([0, 0])
    np.testing.assert_array_equal(clipped, [[[1, 1, 2], [3, 4, 4]]])
    assert LinearMap(mean, directions, (2, 3))(np.zeros((5, 2))).shape == (5, 2, 3)


@pytest.mark.parametrize("mean, directions", [((5,), (2, 6)), ((6,), (6,)), ((6,), (2, 5))])
def test_linear_map_refuses_shapes_that_do_not_fit(mean, directions):
    with pytest.raises(ValueError, match=r"needs mean of shape \(6,\) and directions"):
        LinearMap(np.zeros(mean), np.zeros(directions), (2, 3))


@pytest.mark.parametrize("layer, reason", [
    (lambda: kl.MaxPooling2D(2), r"\(MaxPooling2D\).*not supported"),
    (lambda: kl.Conv2D(2, 3, padding="same", dilation_rate=2), r"dilation_rate=\(2, 2\)"),
    (lambda: kl.Conv2D(3, 2, groups=3), "groups=3"),
    (lambda: kl.Conv2D(2, 3, data_format="channels_first"), "channels_first"),
    (lambda: kl.Conv2DTranspose(2, 3, 2, "same", output_padding=1), "output_padding"),
    (lambda: kl.UpSampling2D(2, interpolation="bicubic"), "bicubic"),
    (lambda: kl.UpSampling2D(2, data_format="channels_first"), "channels_first"),
    (lambda: kl.Flatten(data_format="channels_first"), "channels_first"),
    (lambda: kl.BatchNormalization(axis=1), "axis=1"),
    (lambda: kl.Softmax(axis=1), "activation Softmax is not supported, only axis=-1"),
    (lambda: kl.ReLU(threshold=1.0), "a ReLU with a threshold"),
    (lambda: kl.Dense(2, activation="mish"), "activation mish"),
    (lambda: kl.Activation(lambda x: 2 * x), "activation <lambda>"),
    (lambda: type("Dense", (kl.Dense,), {})(2), "kind of layer"),
])
def test_unsupported_layer_is_named_with_its_place(layer, reason):
    with pytest.raises(ValueError, match=f"layer 3 of 3, '.*{reason}.* Supported: Dense, Conv2D"):
        describe(from_image(layer()))


def branching():
    z = keras.Input((LATENT_DIM,), name="z")
    return keras.Model(z, kl.Dense(3)(kl.Add(name="sum")([kl.Dense(2)(z), kl.Dense(2)(z)])))


def two_inputs():
    a, b = keras.Input((2,)), keras.Input((2,))
    return keras.Model([a, b], kl.Concatenate()([a, b]))


class Subclassed(keras.Model):
    def call(self, z):
        return z


@pytest.mark.parametrize("model, message", [
    (branching, r"layer 'sum' \(Add\), number 2 from the end of .* joins 2 branches"),
    (two_inputs, "2 inputs and 1 outputs"),
    (Subclassed, "found a Subclassed; needed is a keras.Sequential"),
    (lambda: print, "found a builtin_function_or_method"),
    (lambda: keras.Sequential([kl.Dense(3)]), "is not built: start it with keras.Input"),
    (lambda: keras.Sequential([keras.Input((4, 4, 1)), kl.Flatten()]), r"shape \(None, 4, 4, 1\)"),
    (lambda: keras.Sequential([keras.Input((4,))]), "has no layers"),
])
@pytest.mark.parametrize("function", [describe, rounded])
def test_model_that_is_no_chain_from_a_latent_point_is_refused(model, message, function):
    with pytest.raises(ValueError, match=message):
        function(model())


@pytest.mark.parametrize("value, message", [
    (np.nan, "that is not a finite number"),
    (np.inf, "that is not a finite number"),
    (-1e5, r"of size 1e\+05, but float16 ends at 65504; use dtype='float32'"),
])
def test_weight_that_float16_cannot_hold_is_refused(value, message):
    model = decoder()
    model.layers[1].bias.assign(np.full(784, value))
    with pytest.raises(ValueError, match=rf"layer 2 of 3, '.*' \(Dense\), has a weight {message}"):
        describe(model)


def test_float32_holds_a_weight_that_float16_cannot():
    model = decoder()
    model.layers[1].bias.assign(np.full(784, 1e5))
    assert np.frombuffer(describe(model, "float32")[1], "<f4")[-1] == np.float32(1e5)


def test_variance_below_zero_is_refused():
    model = from_image(kl.BatchNormalization())
    model.layers[-1].moving_variance.assign([1, -1, 1])
    with pytest.raises(ValueError, match=r"\(BatchNormalization\), has a weight that is not a finite number"):
        describe(model)


def test_unknown_number_format_is_refused():
    with pytest.raises(ValueError, match="dtype must be 'float16' or 'float32', found 'int8'"):
        describe(decoder(), "int8")
