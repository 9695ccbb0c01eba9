"""One network, three runners: Keras, NumPy and the browser, layer by layer. One node process runs every case."""
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

from helpers.data import digits, pixel_faces
from helpers.networks import Network, as_network, from_keras, linear_map, shipped, to_keras
from helpers.networks.keras_layers import Palette, TimeEmbedding
from helpers.networks.network import _stored

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


def poolings():
    for layer in (kl.MaxPooling2D, kl.AveragePooling2D):
        for size, stride in ((2, 2), ((3, 2), 1), (2, (1, 3)), (3, 2)):
            for padding in ("same", "valid"):
                yield f"{layer.__name__} {size} {stride} {padding}", from_image(layer(size, stride, padding))
    yield "GlobalAveragePooling2D", from_image(kl.GlobalAveragePooling2D())
    yield "GlobalAveragePooling2D, axes kept", from_image(kl.GlobalAveragePooling2D(keepdims=True))


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
    colours = np.random.default_rng(2).random((5, 3))
    yield "a palette", from_image(kl.Dense(5), Palette(5, colours))


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


def graphs():
    z = keras.Input((LATENT_DIM,), name="z")
    a, b = kl.Dense(12, "tanh")(z), kl.Dense(12)(z)
    yield "add and multiply", keras.Model(z, kl.Multiply()([kl.Add()([a, b, a]), b]))
    picture = kl.Reshape((2, 2, 3))(a)
    yield "axes of length 1 repeated", keras.Model(z, kl.Multiply()([picture, kl.Reshape((1, 1, 3))(kl.Dense(3)(z))]))
    rows = [kl.Concatenate(axis=axis)([picture, kl.Reshape((2, 2, 3))(b)]) for axis in (1, 2, 3, -1)]
    yield "concatenate", keras.Model(z, kl.Concatenate()([kl.Flatten()(row) for row in rows]))
    yield "a value that an activation must not change", keras.Model(z, kl.Add()([kl.ReLU()(b), b]))
    yield "two outputs", keras.Model(z, {"mu": kl.Dense(2)(a), "log_var": kl.Dense(2)(b)})
    h = keras.Input((12,), name="h")
    nested = keras.Model(h, kl.Add()([kl.Dense(12)(h), h]))
    yield "a nested graph, used twice", keras.Model(z, nested(nested(a)))
    yield "velocity", velocity()


def velocity():
    """A flow's network: pictures, a time and a label go in."""
    x, t = keras.Input((4, 4, 2), name="x"), keras.Input((1,), name="t")
    label = keras.Input((), name="label", dtype="int32")
    told = kl.Concatenate()([TimeEmbedding(3, 50.0)(t), kl.Embedding(5, 4)(label)])
    h = kl.Conv2D(6, 3, padding="same", activation="silu")(x)
    h = kl.Add()([h, kl.Reshape((1, 1, 6))(kl.Dense(6)(told))])
    down = kl.Conv2D(8, 3, 2, "same", activation="silu")(h)
    up = kl.Concatenate()([kl.UpSampling2D(2)(down), h])
    return keras.Model([x, t, label], kl.Conv2D(2, 3, padding="same")(up))


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


def random_linear_map(clip):
    rng = np.random.default_rng(5)
    return linear_map(rng.uniform(size=12), rng.normal(size=(3, 12)), (4, 3), clip)


@pytest.fixture(scope="module")
def models():
    """Over a hundred Keras models, each a layer under test or a whole."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    parts = (convolutions(), activations(), poolings(), other_layers(), whole_models(), graphs())
    return {name: randomise(model, rng) for part in parts for name, model in part}


@pytest.fixture(scope="module")
def networks(models):
    """The same as networks with weights of two bytes; two of each stored type besides; and two linear maps."""
    found = {name: from_keras(model, "float16") for name, model in models.items()}
    kinds = {f"{name} in {dtype}": from_keras(models[name], dtype)
             for name in ("generator", "decoder", "velocity") for dtype in ("float32", "int8")}
    return found | kinds | {"linear map": random_linear_map(None), "clipped linear map": random_linear_map((0, 1))}


def some_rows(network, n=2):
    """Random rows of every input; a label is a whole number."""
    rng = np.random.default_rng(1)
    return {name: np.resize([0, 4, 2], n) if name == "label" else rng.normal(size=(n, *shape)).astype("float32")
            for name, shape in network.inputs.items()}


def for_node(network, rows=None):
    """A case for run_network.mjs, one row after the other."""
    description, weights = network.packed()
    rows = rows or some_rows(network)
    one_by_one = [{name: np.ravel(values[i]).tolist() for name, values in rows.items()}
                  for i in range(len(next(iter(rows.values()))))]
    return {"network": json.loads(json.dumps(description)), "weights": base64.b64encode(weights).decode(),
            "rows": one_by_one}


def broken_cases():
    good = for_node(from_keras(decoder(), "float16"))
    dense = good["network"]["layers"][0]

    def changed(**fields):
        return {**good, "network": {**good["network"], "layers": [{**dense, **fields}]}}
    return {
        "weights cut short": {**good, "weights": good["weights"][:-8]},
        "z too long": {**good, "rows": [[0] * 5]},
        "unknown kind": changed(kind="pool"),
        "unknown activation": changed(activation={"name": "mish"}),
        "no such row": for_node(from_keras(keras.Sequential([keras.Input((), name="label"), kl.Embedding(3, 2)])))
        | {"rows": [[7]]},
    }


def decode(text):
    return np.frombuffer(base64.b64decode(text), "<f4")


@pytest.fixture(scope="module")
def browser(networks):
    """What network.js answers to every case, from one node process."""
    cases = {name: for_node(network) for name, network in networks.items()}
    script = Path(__file__).with_name("run_network.mjs")
    done = subprocess.run([node(), script], input=json.dumps({"cases": cases, "broken": broken_cases()}),
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def in_keras(network):
    """Every layer's output, from Keras, with the network's weights."""
    names = [layer["name"] for layer in network.layers]
    model = to_keras(Network(network.inputs, network.layers, dict(zip(names, names, strict=True)), network.weights))
    rows = some_rows(network)
    values = model(rows if len(rows) > 1 else next(iter(rows.values())))
    return [np.asarray(values[name] if len(names) > 1 else values) for name in names]


def worst(found, expected):
    """The largest difference of any layer, relative to the largest number in that layer's output."""
    return np.max([np.abs(np.ravel(one) - np.ravel(other)).max() / max(np.abs(other).max(), 1e-9)
                   for one, other in zip(found, expected, strict=True)])   # keeps a NaN


@pytest.fixture(scope="module")
def expected(networks):
    return {name: in_keras(network) for name, network in networks.items() if "linear map" not in name}


def test_every_layer_in_numpy_equals_keras(networks, expected):
    errors = {name: worst(networks[name].steps(some_rows(networks[name])).values(), steps)
              for name, steps in expected.items()}
    assert len(errors) > 120
    assert {name: error for name, error in errors.items() if not error < TOLERANCE} == {}


@pytest.mark.parametrize("way", ["answers", "plain"], ids=["WebAssembly", "JavaScript alone"])
def test_every_layer_in_the_browser_equals_keras(browser, expected, way):
    errors = {name: max(worst([decode(text) for text in browser[way][name]["steps"][i]], [step[i] for step in steps])
                        for i in range(2)) for name, steps in expected.items()}
    assert {name: error for name, error in errors.items() if not error < TOLERANCE} == {}


def test_keras_computes_what_the_original_model_computes(models):
    for name, model in models.items():
        network = from_keras(model)
        rows = some_rows(network)
        given = [rows[one] for one in network.inputs] if len(rows) > 1 else next(iter(rows.values()))
        original, again = model(given), to_keras(network)(rows if len(rows) > 1 else given)
        pairs = zip(keras.tree.flatten(original), keras.tree.flatten(again), strict=True)
        assert all(np.abs(a - b).max() <= TOLERANCE * np.abs(a).max() for a, b in pairs), name


def test_training_goes_on_where_it_stopped():
    model = keras.Sequential([keras.Input((4,)), kl.Dense(8, use_bias=False), kl.BatchNormalization(momentum=0.9),
                              kl.LeakyReLU(negative_slope=0.2), kl.Dense(1)])
    x, y = np.random.default_rng(0).normal(size=(2, 64, 4)).astype("float32")
    twin = to_keras(from_keras(model))
    for one in (model, twin):
        one.compile(keras.optimizers.SGD(0.1), "mse")
        one.fit(x, y[:, :1], batch_size=64, epochs=5, verbose=0)
    for weight, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(weight, other, rtol=1e-5, atol=1e-6)


def test_a_file_gives_the_same_network(networks, tmp_path):
    for name, network in networks.items():
        network.save(tmp_path / "network.npz")
        with np.load(tmp_path / "network.npz", allow_pickle=False) as archive:
            again = Network.from_arrays(dict(archive))
        assert again.packed() == network.packed(), name
        results = (keras.tree.flatten(one(some_rows(one))) for one in (network, again))
        assert all((a == b).all() for a, b in zip(*results, strict=True)), name
    assert [path.name for path in tmp_path.iterdir()] == ["network.npz"]


def test_an_interrupted_save_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "network.npz"
    random_linear_map(None).save(path)
    before = path.read_bytes()
    monkeypatch.setattr(np, "savez_compressed", lambda file, **arrays: file.write(b"half") / 0)
    with pytest.raises(ZeroDivisionError):
        from_keras(decoder()).save(path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_many_rows_are_run_in_parts_and_give_the_same(networks):
    network = networks["generator"]
    z = np.random.default_rng(3).normal(size=(205, 64)).astype("float32")
    whole = network(z)
    assert whole.shape == (205, 28, 28, 1) and whole.dtype == np.float32
    np.testing.assert_allclose(whole[204], network(z[204:])[0], atol=1e-6)


def test_outputs_by_name():
    z = keras.Input((3,), name="z")
    model = keras.Model(z, {"mu": kl.Dense(2, name="left")(z), "log_var": kl.Dense(4, name="right")(z)})
    network = from_keras(model)
    assert dict(network.outputs) == {"mu": "left", "log_var": "right"}
    assert {name: rows.shape for name, rows in network(np.zeros((5, 3))).items()} == {"mu": (5, 2), "log_var": (5, 4)}
    with pytest.raises(ValueError, match="the outputs mu, log_var; this needs one with a single output"):
        _ = network.output_shape


@pytest.mark.parametrize("text, code", [("runtime/product.wat", "runtime/product.js"),
                                        ("learn/matrix.wat", "learn/memory.js")])
def test_the_bytes_in_the_browser_are_those_of_the_text(text, code):
    if not (ROOT / "node_modules" / "wabt").is_dir():
        skip_unless_ci("wabt is not installed: run `make site` (npm puts it into node_modules)")
    script = """
        const wabt = await (await import("wabt")).default();
        const text = (await import("node:fs")).readFileSync(0, "utf8");
        const { buffer } = wabt.parseWat("product.wat", text, { simd: true }).toBinary({});
        process.stdout.write(Buffer.from(buffer).toString("base64"));"""
    live = ROOT / "helpers" / "live"
    done = subprocess.run([node(), "--input-type=module", "-e", script], cwd=ROOT, timeout=60, capture_output=True,
                          text=True, input=(live / text).read_text(encoding="utf-8"))
    assert done.returncode == 0, done.stderr
    assert f'"{done.stdout}"' in (live / code).read_text(encoding="utf-8")


def test_run_gives_the_last_step_and_forgets_the_run_before(browser, networks):
    for name, answer in browser["answers"].items():
        if len(networks[name].outputs) == 1:
            assert answer["runs"] == [steps[-1] for steps in answer["steps"]]
        assert answer["again"] == answer["runs"][0]
    assert set(browser["answers"]["two outputs"]["again"]) == {"mu", "log_var"}


def test_shapes_in_the_browser_are_those_of_keras(browser, expected):
    for name, steps in expected.items():
        if name != "two outputs":
            assert tuple(browser["answers"][name]["outputShape"]) == steps[-1].shape[1:], name


@pytest.mark.parametrize("name", ["linear map", "clipped linear map"])
def test_linear_map_in_the_browser_equals_numpy(networks, browser, name):
    expected = networks[name](some_rows(networks[name]))
    for text, image in zip(browser["answers"][name]["runs"], expected, strict=True):
        np.testing.assert_allclose(decode(text).reshape(4, 3), image, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name, grey_level", [("generator", 2 / 255), ("decoder", 1 / 255)])
def test_rounding_the_weights_moves_no_pixel_by_half_a_grey_level(models, networks, name, grey_level):
    """Holds for kernels of the size Keras starts with; 4 times larger ones reached 1.2 levels when tried."""
    rows = next(iter(some_rows(networks[name]).values()))
    assert np.abs(np.asarray(models[name](rows)) - networks[name](rows)).max() < 0.5 * grey_level


def test_int8_is_a_quarter_of_the_bytes_and_near(models, networks):
    whole, quarter = networks["decoder in float32"], networks["decoder in int8"]
    assert len(quarter.packed()[1]) < 0.3 * len(whole.packed()[1])
    assert np.abs(whole(some_rows(whole)) - quarter(some_rows(quarter))).max() < 0.02


def test_browser_decodes_every_float16_as_numpy(browser):
    expected = np.arange(65536, dtype="<u2").view("<f2").astype("float32")
    np.testing.assert_array_equal(decode(browser["halves"]), expected)


@pytest.mark.parametrize("name, message", [
    ("weights cut short", "dense_1/bias ends at byte"),
    ("z too long", " has 5 numbers, not 4"),
    ("unknown kind", "unknown kind pool"),
    ("unknown activation", "unknown activation mish"),
    ("no such row", "looks up 7, not 0 to 2"),
])
def test_browser_refuses_what_does_not_fit(browser, name, message):
    assert message.replace("dense_1/bias", "/bias") in browser["complaints"][name]


def test_description_accounts_for_every_byte(networks):
    for network in networks.values():
        description, weights = network.packed()
        places = list(description["weights"].values())
        ends = [one["offset"] + np.dtype(one["dtype"]).itemsize * int(np.prod(one["shape"])) for one in places]
        assert all(0 <= one["offset"] - end < 4 for one, end in zip(places, [0, *ends[:-1]], strict=True))
        assert len(weights) == ends[-1]


def test_linear_map_is_mean_plus_directions():
    mean, directions = np.arange(6.0), np.eye(6)[:2]
    image = linear_map(mean, directions, (2, 3))([[10.0, 20.0]])
    np.testing.assert_array_equal(image, [[[10, 21, 2], [3, 4, 5]]])
    assert image.dtype == np.float32
    clipped = linear_map(mean, directions, (2, 3), clip=(1, 4))([[0, 0]])
    np.testing.assert_array_equal(clipped, [[[1, 1, 2], [3, 4, 4]]])
    assert linear_map(mean, directions, (2, 3))(np.zeros((5, 2))).shape == (5, 2, 3)


@pytest.mark.parametrize("mean, directions", [((5,), (2, 6)), ((6,), (6,)), ((6,), (2, 5))])
def test_linear_map_refuses_shapes_that_do_not_fit(mean, directions):
    with pytest.raises(ValueError, match=r"needs mean of shape \(6,\) and directions"):
        linear_map(np.zeros(mean), np.zeros(directions), (2, 3))


@pytest.mark.parametrize("layer, reason", [
    (lambda: kl.LayerNormalization(), r"\(LayerNormalization\).*not supported"),
    (lambda: kl.Conv2D(2, 3, padding="same", dilation_rate=2), r"dilation_rate=\(2, 2\)"),
    (lambda: kl.Conv2D(3, 2, groups=3), "groups=3"),
    (lambda: kl.Conv2D(2, 3, data_format="channels_first"), "channels_first"),
    (lambda: kl.Conv2DTranspose(2, 3, 2, "same", output_padding=1), "output_padding"),
    (lambda: kl.UpSampling2D(2, interpolation="bicubic"), "bicubic"),
    (lambda: kl.UpSampling2D(2, data_format="channels_first"), "channels_first"),
    (lambda: kl.MaxPooling2D(2, data_format="channels_first"), "channels_first"),
    (lambda: kl.Flatten(data_format="channels_first"), "channels_first"),
    (lambda: kl.BatchNormalization(axis=1), "axis=1"),
    (lambda: kl.Softmax(axis=1), "activation Softmax is not supported, only axis=-1"),
    (lambda: kl.ReLU(threshold=1.0), "a ReLU with a threshold"),
    (lambda: kl.Dense(2, activation=kl.ReLU(0.5, 0.1)), "a ReLU with a threshold, or with both"),
    (lambda: kl.Dense(2, activation="mish"), "activation mish"),
    (lambda: kl.Activation(lambda x: 2 * x), "activation <lambda>"),
    (lambda: type("Dense", (kl.Dense,), {})(2), "kind of layer"),
])
def test_unsupported_layer_is_named_with_its_place(layer, reason):
    with pytest.raises(ValueError, match=f"layer 3 of 3, '.*{reason}.* Supported are the layers Activation, "):
        from_keras(from_image(layer()))


class Subclassed(keras.Model):
    def call(self, z):
        return z


@pytest.mark.parametrize("model, message", [
    (Subclassed, "found a Subclassed; needed is a keras.Sequential"),
    (lambda: print, "found a builtin_function_or_method"),
    (lambda: keras.Sequential([kl.Dense(3)]), "is not built: start it with keras.Input"),
    (lambda: keras.Sequential([keras.Input((None, 4, 1)), kl.Flatten()]), r"shape \(None, None, 4, 1\)"),
    (lambda: keras.Model(*[keras.Input((4,))] * 2), "has no layers"),
])
def test_model_that_is_no_graph_of_known_shapes_is_refused(model, message):
    with pytest.raises(ValueError, match=message):
        as_network(model())


@pytest.mark.parametrize("value, message", [
    (np.nan, r"layer 2 of 3, '.*' \(Dense\), has a weight that is not a finite number"),
    (np.inf, r"layer 2 of 3, '.*' \(Dense\), has a weight that is not a finite number"),
    (-1e5, r"the weight .*/bias reaches 1e\+05, but float16 ends at 65504; use dtype='float32'"),
])
def test_weight_that_float16_cannot_hold_is_refused(value, message):
    model = decoder()
    model.layers[1].bias.assign(np.full(784, value))
    with pytest.raises(ValueError, match=message):
        from_keras(model, "float16")


def test_normalisation_and_colours_stay_exact():
    model = from_image(kl.BatchNormalization(), Palette(3, np.full((3, 3), 0.1)))
    stored = from_keras(model, "int8").weights
    exact = {name for name, array in stored.items() if array.dtype == np.float32 and not name.endswith("_scale")}
    assert {name.rpartition("/")[2] for name in exact} == {"gamma", "beta", "moving_mean", "moving_variance", "colours"}


def test_variance_below_zero_is_refused():
    model = from_image(kl.BatchNormalization())
    model.layers[-1].moving_variance.assign([1, -1, 1])
    with pytest.raises(ValueError, match="has a variance below zero"):
        from_keras(model)(np.zeros((1, LATENT_DIM)))


def test_unknown_number_format_is_refused():
    with pytest.raises(ValueError, match="dtype is 'float64', expected one of float32, float16, int8"):
        from_keras(decoder(), "float64")


@pytest.mark.parametrize("rows, message", [
    (np.zeros((2, 5)), r"shape \(2, 5\); expected \(n, 3\) with n >= 1"),
    (np.zeros((0, 3)), r"shape \(0, 3\); expected \(n, 3\)"),
    (np.zeros(3), r"shape \(3,\); expected \(n, 3\)"),
    ({"x": np.zeros((1, 3))}, "found the inputs x; expected z"),
    ([["a"] * 3], "holds what is no number"),
])
def test_rows_that_do_not_fit_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        random_linear_map(None)(rows)


def test_unequal_numbers_of_rows_are_refused(networks):
    rows = some_rows(networks["velocity"])
    with pytest.raises(ValueError, match="the inputs have x 2, t 1, label 2 rows"):
        networks["velocity"](rows | {"t": rows["t"][:1]})


def test_a_label_without_a_row_is_refused(networks):
    with pytest.raises(ValueError, match="looks up 0 to 9, expected whole numbers from 0 to 4"):
        networks["velocity"](some_rows(networks["velocity"]) | {"label": np.array([0, 9])})


def damaged(**fields):
    arrays = {"network": {"version": 1, "inputs": {"z": [3]}, "outputs": {"y": "y"}, "layers": [
        {"name": "y", "kind": "dense", "inputs": ["z"], "output": [2], "units": 2, "use_bias": False}]} | fields,
        "y/kernel": np.ones((3, 2), np.float32)}
    arrays["network"] = np.frombuffer(json.dumps(arrays["network"]).encode(), np.uint8)
    return arrays


@pytest.mark.parametrize("arrays, message", [
    ({"mean": np.zeros(3)}, "has the arrays mean, expected `network`"),
    ({"network": np.zeros(4, np.uint8)}, "its description is damaged"),
    (damaged(version=2), "has version 2 of the format, expected 1"),
    (damaged(layers=[{"name": "y", "kind": "attention", "inputs": ["z"]}]), "'y', is of the kind 'attention'"),
    (damaged(layers=[{"name": "y", "kind": "flatten", "inputs": ["x"]}]), "takes x, expected inputs or layers before"),
    (damaged(outputs={"y": "last"}), "the outputs name last, which no layer gives"),
    (damaged() | {"y/kernel": np.ones((3, 2))}, "y/kernel is float64, expected float32, float16, int8"),
    (damaged() | {"y/kernel": np.ones((3, 2), np.int8)}, "is int8 and has no y/kernel_scale"),
    ({name: array for name, array in damaged().items() if name == "network"}, "has no weight y/kernel"),
])
def test_a_damaged_file_is_refused(arrays, message):
    with pytest.raises(ValueError, match=message):
        Network.from_arrays(arrays)


def test_a_weight_that_is_no_number_is_not_stored():
    with pytest.raises(ValueError, match="holds what is not a finite number"):
        _stored("y/kernel", np.array([np.nan]), "float16")


NETWORKS = [name for name in shipped.manifest() if isinstance(shipped.load(name), Network)]


def rows_for(network):
    """Rows of every input: real digits or faces for what reads, draws from N(0, 1) for what paints."""
    if len(network.inputs) > 1:  # a flow: places, times from 0 to 1, digits to ask for
        times = np.linspace(0, 1, 10, dtype="float32")[:, None]
        return some_rows(network, 10) | {"t": times, "c": np.eye(10, dtype="float32")}
    if network.input_shape == (28, 28):
        rows = digits()[1][0][:40]
    elif network.input_shape == (32, 32, 3):
        people = pixel_faces()
        rows = people.palette[people.pixels[:10]].astype("float32")
    else:
        rows = np.random.default_rng(4).normal(size=(10, *network.input_shape)).astype("float32")
    return dict.fromkeys(network.inputs, rows)


@pytest.fixture(scope="module")
def shipped_in_the_browser():
    networks = {name: shipped.load(name) for name in NETWORKS}
    cases = {name: for_node(network, rows_for(network)) for name, network in networks.items()}
    script = Path(__file__).with_name("run_network.mjs")
    done = subprocess.run([node(), script], input=json.dumps({"cases": cases, "broken": {}}), capture_output=True,
                          text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return {name: answer["runs"] for name, answer in json.loads(done.stdout)["answers"].items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_shipped_network_gives_the_same_in_numpy_keras_and_the_browser(name, shipped_in_the_browser):
    network = shipped.load(name)
    rows = rows_for(network)
    x = rows if len(rows) > 1 else next(iter(rows.values()))
    ours, theirs, runs = network(x), to_keras(network)(x), shipped_in_the_browser[name]
    if not isinstance(ours, dict):
        ours, theirs, runs = {"y": ours}, {"y": theirs}, [{"y": run} for run in runs]
    near = 1e-3 if name == "digit_judge.npz" else 0.5 / 255
    for key, values in ours.items():
        browser = np.reshape([decode(run[key]) for run in runs], values.shape)
        for other in (np.asarray(theirs[key]), browser):
            assert np.abs(other - values).max() < near
            if key == "logits":
                assert (other.argmax(axis=1) == values.argmax(axis=1)).all()


def test_the_judge_is_stored_exactly():
    assert {array.dtype for array in shipped.load("digit_judge.npz").weights.values()} == {np.dtype("float32")}
