/** A chapter as slides: its own page, a part at a time. book/_static/present.js loads this when it is asked for. */
/** @import { Slide } from "./stage.js" */
import { makeBar } from "./bar.js";
import { partsOf } from "./blocks.js";
import { divide } from "./divide.js";
import { listen } from "./keys.js";
import "./slides.css";
import { article, enlarge, fitPictures, fits, hear, LEAST, open, put, scale, tighten } from "./stage.js";

const ROOT = document.documentElement;
const ADDRESS = /^#slide(?:=(.*?)(?:\.(\d+))?)?$/;     // #slide, #slide=section, #slide=section.2
const bar = makeBar({ step, to: (k) => go(k), slides: () => slides, leave, fullScreen });
let slides = /** @type {Slide[]} */ ([]), boxes = /** @type {Set<HTMLElement>} */ (new Set()), now = 0;
let stopListening = () => {};

/** Begin where the address says, or where the reader is. */
async function start() {
  const first = ROOT.classList.contains("presenting") ? null : inView();
  const asked = !ROOT.classList.contains("presenting") && location.hash === "#slide";
  await document.fonts.ready;
  ROOT.classList.add("presenting");
  ROOT.dataset.theme = ROOT.dataset.theme;             // what was drawn is drawn anew, in the new size
  article.after(bar.pane);
  document.body.append(bar.element);
  if (asked) fullScreen(true);
  stopListening();
  stopListening = listen({ step, to: go, last: () => slides.length - 1, leave, bar, fullScreen, redo, follow });
  layOut();
  go(asked && first ? slideOf(first) : addressed());
  article.focus({ preventScroll: true });
}

/** Divide the page for this window. */
function layOut() {
  undo();
  scale();
  enlarge();
  ({ slides, boxes } = divide());
}

/** The window or a part of the page has another size: the slide begins with the same block. */
function redo() {
  const first = slides[now]?.blocks[0];
  layOut();
  go(slideOf(first));
}

function undo() {
  bar.close();
  tighten(false);
  for (const part of article.querySelectorAll(".off-slide, .heard, .beside, [style*='--picture']")) {
    part.classList.remove("off-slide", "heard", "beside");
    /** @type {HTMLElement} */ (part).style.removeProperty("--picture");
  }
}

/** Show a slide. @param {number} k */
function go(k) {
  for (const block of slides[now]?.blocks ?? []) put(block, false);
  now = Math.min(Math.max(k, 0), slides.length - 1);
  const slide = slides[now];
  for (const block of slide.blocks) put(block, true);
  open(boxes, slide.blocks);
  hear(slide.blocks);
  tighten(slide.tight);
  article.scrollTop = 0;
  sizes.disconnect();
  for (const block of slide.blocks) sizes.observe(block);
  history.replaceState(history.state, "", `#slide=${slide.section.id}${slide.part > 1 ? `.${slide.part}` : ""}`);
  bar.show(slide, now, slides.length);
}

/** A live figure has come, code was unfolded, a cell has run: what is higher now gets smaller or is divided anew. */
const sizes = new ResizeObserver(() => {
  const slide = slides[now];
  if (!slide || slide.scrolls || fits() || fitPictures(slide.blocks, LEAST)) return;
  if (slide.blocks.length === 1 && !partsOf(slide.blocks[0]).length) slide.scrolls = true;
  else redo();
});

/** @param {number} by */
function step(by) { go(now + by); }

/** The slide that the address names. */
function addressed() {
  const [, id = "", part = "1"] = ADDRESS.exec(decodeURIComponent(location.hash)) ?? [];
  const ofSection = slides.findIndex(({ section }) => section.id === id);
  return ofSection < 0 ? slideOf(document.getElementById(id)) : slides.findIndex((slide, k) => k >= ofSection
    && slide.section.id === id && slide.part === Math.min(Number(part), slides.filter((one) => one.section.id === id).length));
}

/** A link of the page leads to another slide. */
function follow() {
  const hash = decodeURIComponent(location.hash);
  go(ADDRESS.test(hash) ? addressed() : slideOf(document.getElementById(hash.slice(1))));
}

/** The slide with a block, or the nearest after it. @param {Element | null | undefined} target */
function slideOf(target) {
  const found = target ? slides.findIndex(({ blocks }) => blocks.some((block) => block === target || block.contains(target)
    || target.contains(block) || target.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING)) : 0;
  return found < 0 ? slides.length - 1 : found;
}

/** The heading in the upper half of the reader's window, or else what fills it. */
function inView() {
  const shown = [...article.querySelectorAll("section > *:not(section)")].filter((part) => part.checkVisibility());
  const place = (/** @type {Element} */ part) => part.getBoundingClientRect();
  return scrollY < 100 ? null
    : shown.find((part) => part.matches("h2, h3") && place(part).top > 0 && place(part).top < innerHeight / 2)
      ?? shown.find((part) => place(part).bottom > innerHeight / 2);
}

/** Back to the page, at the place of the slide. */
function leave() {
  const first = slides[now].blocks[0];
  stopListening();
  sizes.disconnect();
  undo();
  bar.element.remove();
  bar.pane.remove();
  ROOT.classList.remove("presenting");
  ROOT.dataset.theme = ROOT.dataset.theme;
  if (document.fullscreenElement) document.exitFullscreen();
  history.replaceState(history.state, "", location.pathname + location.search);
  if (now) first.scrollIntoView();
  /** @type {HTMLElement | null} */ (document.querySelector(".btn-present-button"))?.focus({ preventScroll: true });
}

/** @param {boolean} [on] */
function fullScreen(on = !document.fullscreenElement) {
  (on ? ROOT.requestFullscreen?.() : document.exitFullscreen())?.catch(() => {});   // forbidden here: it stays a window
}

Object.assign(/** @type {any} */ (globalThis).course, { present: start });
