// The widgets of a page without a kernel: tools/assets.py bundles this file and what it imports into vendor/widgets.js.
//
// @jupyter-widgets/html-manager does the same for every kind of output and for ipywidgets 7, too, with a bundle four
// times as large that waits until the page has loaded. What that cost stands on the page "How this book is tested".
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets-base.css";
import { Widget } from "@lumino/widgets";
import "@lumino/widgets/style/index.css";
import makeAnywidget from "anywidget";
import { whenIdle } from "../helpers/live/common.js";

const MODULES = {
  "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls, anywidget: makeAnywidget(base),
};
const ofType = (type) => [...document.querySelectorAll(`script[type="application/vnd.jupyter.${type}+json"]`)];

/** Models and views as in a notebook; what would go to a kernel goes nowhere. */
class PageManager extends ManagerBase {
  async loadClass(name, module) {
    if (!MODULES[module]) throw new Error(`The page has a widget of ${module}. Add it to tools/widgets.js.`);
    return MODULES[module][name];
  }

  async _get_comm_info() { return {}; }

  async _create_comm() { return { on_close() {}, on_msg() {}, close() {} }; }
}

/** A page has one state with all its models, and a script for each view where it stands. The first figure goes first. */
async function show([state]) {
  const manager = new PageManager(), models = await manager.set_state(JSON.parse(state.textContent));
  for (const place of ofType("widget-view")) {
    const model = models.find(({ model_id }) => model_id === JSON.parse(place.textContent).model_id);
    const area = document.createElement("div");
    area.className = "widget-subarea";
    place.before(area);
    Widget.attach((await manager.create_view(model)).luminoWidget, area);
    await new Promise((go) => { whenIdle(go, { timeout: 500 }); });
  }
}

show(ofType("widget-state"));
