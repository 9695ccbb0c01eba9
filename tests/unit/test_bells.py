"""BellsExplorer: fifty moves in the browser's engine and in NumPy; all eight bells with the remedies, few without."""

import json

import numpy as np
import pytest
from matplotlib.figure import Figure
from support import browser_code, in_node

from helpers.live import BellsExplorer
from helpers.live.bells import CENTRES, RATES

GAME = browser_code("learn/ring.js", "countBells", "makeRing")


@pytest.mark.parametrize("state", [{"rate": 2, "gamma": 0.1, "averaging": True, "seed": 0},
                                   {"rate": 0, "gamma": 0.0, "averaging": False, "seed": 3}])
def test_fifty_moves_are_the_same_in_numpy(state):
    code = GAME + f"""
        const game = makeRing({state["seed"]});
        for (let k = 0; k < 50; k++) game.move({{ gamma: {state["gamma"]}, rateD: {RATES[state["rate"]]} }});
        console.log(JSON.stringify([...game.points({json.dumps(state["averaging"])})]));"""
    explorer = BellsExplorer()
    np.testing.assert_allclose(np.reshape(in_node(code), (-1, 2)), explorer.points(50, **state), atol=1e-4)
    assert not np.allclose(explorer.points(49, **state), explorer.points(50, **state), atol=1e-4)


def test_the_same_seed_gives_the_same_game_and_another_one_another():
    code = GAME + """
        const ends = [0, 0, 1].map((seed) => {
          const game = makeRing(seed);
          for (let k = 0; k < 30; k++) game.move({ gamma: 0, rateD: 0.002 });
          return [...game.points(false)].join();
        });
        console.log(JSON.stringify([ends[0] === ends[1], ends[0] === ends[2]]));"""
    assert in_node(code) == [True, False]


def test_with_the_remedies_all_eight_bells_are_found_and_without_few():
    """Seeds 4 and 8 of the ten of benchmarks/bells.py."""
    code = GAME + """
        const bells = [[0.1, 0.002, true], [0, 0.0002, false]].map(([gamma, rateD, averaged]) => [4, 8].map((seed) => {
          const game = makeRing(seed);
          for (let k = 0; k < 1600; k++) game.move({ gamma, rateD });
          return countBells(game.points(averaged)).bells;
        }));
        console.log(JSON.stringify(bells));"""
    with_remedies, without = in_node(code)
    assert with_remedies == [8, 8] and max(without) <= 3


def test_points_on_the_bells_are_counted():
    points = np.float32([*CENTRES[:3], *(CENTRES[3] + [[0.29, 0], [0.31, 0]]), [0, 0]])
    found = in_node(GAME + f"console.log(JSON.stringify(countBells(Float32Array.from({points.ravel().tolist()}))));")
    assert found == {"bells": 4, "good": pytest.approx(4 / 6)}


def test_the_still_picture_has_bells_and_points():
    figure = Figure()
    BellsExplorer().draw(figure)
    assert [len(line.get_xdata()) for line in figure.get_axes()[0].lines] == [8, 500]


@pytest.mark.parametrize("change, error, message", [
    ({"rate": 3}, ValueError, "rate is 3"), ({"gamma": 2}, ValueError, "γ of R1 is 2"),
    ({"seed": "a"}, TypeError, "seed is 'a'")])
def test_what_cannot_be_shown_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        BellsExplorer(**change)
