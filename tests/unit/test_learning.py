"""What runs a learning figure: no step is lost, none is done twice, none of an older start is shown."""

import pytest
from support import browser_code, in_node

LOOP = browser_code("runtime/learning.js", "inSlices", "makeLoop") + """
globalThis.requestAnimationFrame = (call) => setTimeout(call, 1);
const wait = (ms) => new Promise((go) => setTimeout(go, ms)), said = [], done = [];
let now = 0, most = 0, at = 0, last = Infinity;
const learner = {
  begin() { at = 0; done.push("begin"); },
  async learn(one) {
    most = Math.max(most, ++now);
    await wait(3);
    now--;
    done.push(++at);
    return at >= last ? "The end." : "";
  },
};
const loop = makeLoop(learner, 0, (running, why) => said.push([running, why]));
loop.restart();
await wait(5);
"""


def run(code, shown):
    return in_node(f"{LOOP}{code}\nconsole.log(JSON.stringify({shown}));")


def test_ten_presses_in_a_row_are_ten_steps_one_after_the_other():
    assert run("for (let k = 0; k < 10; k++) loop.step();\nawait wait(200);", "[done, most]") == [
        ["begin", *range(1, 11)], 1]


def test_play_pressed_ten_times_runs_once():
    code = "for (let k = 0; k < 10; k++) loop.running() ? loop.halt('') : loop.run();\nloop.run();\nawait wait(150);\n"
    done, most, running = run(code + "const before = loop.running(); loop.halt(''); await wait(30);",
                              "[done, most, before]")
    assert done == ["begin", *range(1, len(done))] and len(done) > 3 and most == 1 and running


def test_after_a_pause_nothing_is_lost_and_nothing_goes_on():
    done, count = run("loop.run();\nawait wait(60);\nloop.halt('Paused.');\nawait wait(30);\nconst n = done.length;\n"
                      "await wait(60);\nloop.step();\nawait wait(30);", "[done, n]")
    assert done == ["begin", *range(1, count + 1)]


def test_a_new_start_drops_the_run_and_steps_that_waited():
    done = run("loop.step(); loop.step(); loop.step(); loop.restart();\nawait wait(60);\nloop.step();\nawait wait(30);",
               "done")
    assert done[-2:] == ["begin", 1] and done[:-2] in (["begin"], ["begin", 1])


def test_it_says_why_it_stopped_and_keeps_saying_it():
    said = run("last = 3;\nloop.run();\nawait wait(150);\n", "said")
    assert said[-1] == [False, "The end."] and [True, ""] in said


def test_an_error_is_said_and_the_next_start_works():
    code = ("globalThis.reportError = () => {};\nlearner.learn = () => { throw new Error('no memory'); };\n"
            "loop.run();\nawait wait(20);\nconst first = said.at(-1);\n"
            "learner.learn = () => { done.push('again'); return ''; };\n"
            "loop.restart();\nloop.step();\nawait wait(30);")
    first, done = run(code, "[first, done]")
    assert first == [False, "This figure failed: no memory. The rest of the page works."]
    assert done[-2:] == ["begin", "again"]


@pytest.mark.parametrize("one, least, most", [("true", 1, 1), ("false", 2, 10**9)])
def test_a_slice_is_one_step_or_as_many_as_its_time_allows(one, least, most):
    assert least <= run(f"let n = 0;\ninSlices(() => {{ n++; return ''; }}, 5)({one});", "n") <= most


def test_a_slice_ends_with_the_step_that_says_why():
    code = "let n = 0;\nconst why = inSlices(() => ++n === 3 ? 'rest' : '', 1e4)(false);"
    assert run(code, "[n, why]") == [3, "rest"]
