"""DuelExplorer: the chapter's duel, the spiral near rest in closed form, the browser's moves."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from support import CHAPTERS, browser_code, cells_of, in_node

from helpers.live import DuelExplorer

CHAPTER = next(path for path in CHAPTERS if path.stem.startswith("10"))


@pytest.fixture(scope="module")
def chapter():
    """The chapter's own `duel` and `running_average`."""
    names = {}
    (source,) = (cell.source for cell in cells_of(CHAPTER, "code") if "def duel(" in cell.source)
    exec("import numpy as np\nfrom scipy.special import expit\n" + source, names)
    return names


@pytest.mark.parametrize("gamma", [0, 0.3])
def test_it_is_the_chapters_duel(chapter, gamma):
    explorer, moves = DuelExplorer(gamma=gamma), chapter["duel"](gamma)
    np.testing.assert_allclose(explorer.moves(300), moves, atol=1e-12)
    away = np.linalg.norm([moves[-1], chapter["running_average"](moves)[-1]], axis=1)
    values = explorer.values(step=300)
    assert [values["away"], values["average_away"]] == pytest.approx(away)


@pytest.mark.parametrize("gamma, rate, rate_D", [(0, 0.2, 0.2), (0.3, 0.2, 0.2), (0, 0.1, 0.4), (1, 0.05, 0.5)])
def test_near_rest_a_move_is_a_matrix(gamma, rate, rate_D):
    """There the sigmoid is one half, so after n moves the players are where the n-th power of the matrix puts them."""
    once = np.array([[1, rate / 2], [-rate_D / 2, 1 - rate_D * gamma]])
    path = DuelExplorer(gamma=gamma, rate=rate, rate_D=rate_D).moves(50, theta=1e-5, psi=0.0)
    np.testing.assert_allclose(path[50], np.linalg.matrix_power(once, 50) @ [1e-5, 0], rtol=1e-5)


def test_the_browser_moves_as_python_does():
    code = browser_code("duel.js", "move") + """
        let at = [0.7, -1.2];
        for (let k = 0; k < 300; k++) at = move(at, { gamma: 0.15, rate: 0.1, rateD: 0.3 });
        console.log(JSON.stringify(at));"""
    path = DuelExplorer(0.7, -1.2, 0.15, 0.1, 0.3).moves(300)
    np.testing.assert_allclose(in_node(code), path[-1], rtol=1e-9)


def test_the_still_picture_shows_players_average_and_rest():
    figure = Figure()
    DuelExplorer().draw(figure)
    assert [(ax.get_title(), len(ax.lines)) for ax in figure.get_axes()] == [("γ = 0", 3), ("γ = 0.3", 3)]


@pytest.mark.parametrize("change, error, message", [
    ({"theta": 3}, ValueError, "start θ is 3"), ({"gamma": -1}, ValueError, "γ of R1 is -1"),
    ({"rate": None}, TypeError, "forger’s rate is None")])
def test_what_cannot_be_shown_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        DuelExplorer(**change)
