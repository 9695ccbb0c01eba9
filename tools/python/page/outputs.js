// What a cell puts out: the page's own outputs, or in their place what Python in the page made.
import { course, element } from "./site.js";

/** @typedef {import("./session.js").Output} Output @typedef {import("./session.js").Figure} Figure */

/** The address of a script, as the page's own figures have it: with its version. @param {string} path */
const known = (path) => [...document.querySelectorAll("[data-code]")]
  .flatMap((place) => place.getAttribute("data-code")?.split(" ") ?? []).find((one) => one.startsWith(path)) ?? path;

export class Outputs {
  /** @type {Output[]} what the last run put out, as a notebook stores it */
  made = [];
  /** @type {boolean} whether a run has put something in place of what is stored */
  fresh = false;

  /** @param {HTMLElement} cell @param {HTMLElement} above  what the outputs come after */
  constructor(cell, above) {
    this.stored = /** @type {HTMLElement | null} */ (cell.querySelector(".cell_output"));
    this.figure = this.stored?.querySelector("figure") ?? null;
    this.name = this.figure?.id ?? "";
    this.place = element("div", { className: "cell_output docutils container python-outputs", hidden: true });
    (this.stored ?? above).after(this.place);
  }

  /** What was put out until now goes, but only when something new comes or the run ends: the page keeps its place. */
  expect() {
    this.made = [];
    this.waiting = true;
  }

  /** @param {boolean} edited  whether the source is the reader's own: then the caption is not about it */
  begin(edited) {
    if (!this.waiting) return;
    this.waiting = false;
    this.#show(true);
    this.place.replaceChildren();
    this.edited = edited;
  }

  /** The page's own outputs again. */
  reset() {
    this.made = [];
    this.place.replaceChildren();
    this.#show(false);
  }

  /** @param {Output} output */
  add(output) {
    const { advice: _, ...kept } = output;
    this.made.push(kept);
    const last = this.place.lastElementChild;
    if (output.output_type === "stream" && last?.classList.contains(output.name)) {
      last.querySelector("pre")?.append(output.text);
    } else {
      this.place.append(this.#shown(output));
    }
    for (const wide of this.place.querySelectorAll("pre")) {
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    }
  }

  /** A figure that moves. @param {Figure} figure */
  async live({ model, state, view = "", controls = 0, code = "vendor/widgets.js" }) {
    const place = element("div", { className: "figure-place" });
    Object.assign(place.dataset, { model, view, controls: String(controls) });
    this.place.append(place);
    try {
      await Promise.all(code.split(" ").map(known).map(course.load));
      await course.show(place, state);
    } catch (problem) {
      place.textContent = `This figure failed: ${problem instanceof Error ? problem.message : problem}.`;
    }
  }

  /** What was printed, in words. */
  get text() { return this.made.map(({ text = "" }) => text).join(""); }

  /** @param {boolean} fresh */
  #show(fresh) {
    this.fresh = fresh;
    this.place.hidden = !fresh;
    if (this.stored) this.stored.hidden = fresh;
    if (this.name && fresh) this.figure?.removeAttribute("id");  // the new picture has it
    else if (this.name) this.figure?.setAttribute("id", this.name);
  }

  /** @param {Output} output */
  #shown(output) {
    if (output.output_type === "stream") return text(`stream ${output.name}`, output.text);
    if (output.output_type === "error") return error(output);
    const { data, metadata = {} } = output;
    if (data["image/png"]) return this.#picture(data["image/png"], metadata["image/png"] ?? {});
    if (data["text/html"]) return element("div", { className: "output text_html", innerHTML: data["text/html"] });
    return text("text_plain", data["text/plain"] ?? "");
  }

  /**
   * The first picture takes the name and the caption of the page's own.
   * @param {string} png @param {{ width?: number, height?: number }} size
   */
  #picture(png, { width, height }) {
    const own = this.figure?.querySelector("img")?.alt ?? "";
    const alt = this.edited || !own ? "A picture that your code drew." : own;
    const size = width && height ? { width, height } : {};
    const image = element("img", { src: `data:image/png;base64,${png}`, alt, ...size });
    const caption = this.figure?.querySelector("figcaption");
    if (!caption || this.place.querySelector("figure")) return element("div", { className: "output image_png" }, image);
    const copy = /** @type {HTMLElement} */ (caption.cloneNode(true));
    const note = "Drawn by your code. The caption is about the page’s own picture:";
    if (this.edited) copy.prepend(element("p", { className: "python-note" }, note));
    return element("figure", { className: "align-default", id: this.name }, image, copy);
  }
}

/** @param {string} kind @param {string} words */
const text = (kind, words) => element("div", { className: `output ${kind} highlight-myst-ansi notranslate` },
  element("div", { className: "highlight" }, element("pre", {}, words)));

/** What went wrong, what to do, and Python's own report for those who read it. @param {Output} output */
function error({ ename, evalue, advice, traceback }) {
  const made = element("div", { className: "output python-error" },
    element("p", {}, element("strong", {}, ename), evalue ? `: ${evalue}` : ""));
  if (advice) made.append(element("p", {}, advice));
  const report = (traceback ?? []).join("\n");
  const parts = [element("summary", {}, "Where it happened"), element("pre", { tabIndex: 0 }, report)];
  if (report) made.append(element("details", {}, ...parts));
  return made;
}
