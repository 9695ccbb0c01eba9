// The widgets of a page without a kernel: tools/assets.py bundles this file and what it imports into vendor/widgets.js.
//
// @jupyter-widgets/html-manager does the same for every kind of output and for ipywidgets 7, too, with a bundle four
// times as large that waits until the page has loaded. What that cost stands on the page "How this book is tested".
// The figures' own code is here once; book/_ext/widget_state.py takes it out of each page, and
// book/_static/figures.js loads it when a figure comes near.
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import "@jupyter-widgets/controls/css/labvariables.css";
import "@jupyter-widgets/controls/css/widgets-base.css";
import { Widget } from "@lumino/widgets";
import "@lumino/widgets/style/index.css";
import box from "../helpers/live/box.js";
import digit_flow from "../helpers/live/digit_flow.js";
import dress from "../helpers/live/dress.js";
import film from "../helpers/live/film.js";
import flow from "../helpers/live/flow.js";
import latent from "../helpers/live/latent.js";
import "../helpers/live/live.css";
import pad from "../helpers/live/pad.js";
import pixels from "../helpers/live/pixels.js";
import plane from "../helpers/live/plane.js";
import ppf from "../helpers/live/ppf.js";
import report from "../helpers/live/report.js";
import { showFailure, view } from "../helpers/live/runtime/failure.js";
import { whenIdle } from "../helpers/live/runtime/idle.js";
import styles from "../helpers/live/styles.js";
import walk from "../helpers/live/walk.js";
import { followAddress } from "./address.js";

/** The views here and those of vendor/learning.js. @type {Record<string, ReturnType<typeof view>>} */
const VIEWS = Object.assign(/** @type {any} */ (globalThis).course.views, {
  box, digit_flow, dress, film, flow, latent, pad, pixels, plane, ppf, report, styles, walk,
});

/** The canvas of a figure, as anywidget shows it in Jupyter: a view gets the model and an element. */
class CanvasView extends base.DOMWidgetView {
  async render() {
    const name = this.model.get("_esm");
    const found = VIEWS[name] ?? view(() => {
      throw new Error(`tools/widgets.js knows no view ${name}; it has ${Object.keys(VIEWS).join(", ")}`);
    });
    await found.render({ model: this.model, el: this.el });
  }
}

/** @type {Record<string, Record<string, any>>} */
const MODULES = {
  "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls,
  anywidget: { AnyModel: base.DOMWidgetModel, AnyView: CanvasView },
};

/** Models and views as in a notebook; what would go to a kernel goes nowhere. */
class PageManager extends ManagerBase {
  /** @param {string} name @param {string} module */
  async loadClass(name, module) {
    if (!MODULES[module]) throw new Error(`The page has a widget of ${module}. Add it to tools/widgets.js.`);
    return MODULES[module][name];
  }

  async _get_comm_info() { return {}; }

  /** @returns {Promise<any>} */
  async _create_comm() { return { on_close() {}, on_msg() {}, close() {} }; }
}

const manager = new PageManager();
/** One figure after the other: their work must not add up to a page that does not answer. */
let last = Promise.resolve();

/**
 * Put a figure into its place; one that fails says so there and stops no other.
 * @param {HTMLElement} place  the <div> that book/_ext/widget_state.py wrote
 * @param {any} state  the models that the figure reaches
 */
async function show(place, state) {
  const area = document.createElement("div");
  area.className = "widget-subarea";
  place.append(area);
  try {
    await pause();
    await manager.set_state(state);
    await pause();
    const model = await manager.get_model(place.dataset.model ?? "");
    Widget.attach((await manager.create_view(model)).luminoWidget, area);
    const follow = () => followAddress(place, state.state, (id) => manager.get_model(id));
    addEventListener("popstate", follow);       // the reader goes back to an address, or on
    await follow();
  } catch (error) {
    showFailure(area, error);
  }
}

/** Between two steps the page answers its reader. */
const pause = () => new Promise((go) => { whenIdle(() => { go(null); }, { timeout: 200 }); });

/** @type {any} */ (globalThis).course.show = (/** @type {HTMLElement} */ place, /** @type {any} */ state) => {
  last = last.then(() => show(place, state));
  return last;
};
