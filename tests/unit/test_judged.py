"""*Ask the judge*: the browser reads a picture and finds its nearest training digit as Python does."""

import json

import numpy as np
import pytest
from support import browser_code, in_node

from helpers.live import LatentExplorer, parts
from helpers.networks import shipped

STATES = [{}, {"z0": 1.5, "z1": -0.5}, {"z0": -3.0, "z3": 3.0}]


@pytest.fixture(scope="module")
def explorer():
    return LatentExplorer(shipped.load("digit_vae_four_decoder.npz"))


def test_the_browser_s_judge_says_what_python_s_does(explorer, tmp_path):
    images = np.stack([explorer.decode(**state) for state in STATES])
    (tmp_path / "judge.json").write_text(parts.network_text("judge"), encoding="utf-8")
    (tmp_path / "digits").write_bytes(parts.digit_bytes())
    (tmp_path / "images").write_bytes(images.astype("<f4").tobytes())
    told = in_node(f"""import {{ readFileSync }} from "node:fs";
        {browser_code("runtime/judged.js", "makeJudge")}
        {browser_code("runtime/shipped.js", "networkOf")}
        const file = (name) => readFileSync({json.dumps(str(tmp_path))} + "/" + name);
        const judge = makeJudge(networkOf(JSON.parse(file("judge.json"))), file("digits"));
        const pixels = new Float32Array(new Uint8Array(file("images")).buffer);
        console.log(JSON.stringify([0, 1, 2].map((k) => judge.look(pixels.subarray(784 * k, 784 * (k + 1))))));""")
    for state, found in zip(STATES, told, strict=True):
        del found["index"]
        assert found == pytest.approx(explorer.judged(**state), abs=2e-3)
    assert told[0]["near"] != told[1]["near"]
