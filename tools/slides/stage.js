/** The stage: the article itself, laid over the window; what is not on the slide is not shown. */
import { isHeading } from "./blocks.js";

/** @typedef {{blocks: HTMLElement[], notes: HTMLElement[], section: HTMLElement, part: number, tight: boolean,
 *   scrolls: boolean}} Slide
 *   `section`: the innermost one that it stands in; `part`: its number among the slides of that section; `tight`: its
 *   lines are closer to each other; `scrolls`: it is higher than the window, and cannot be divided */

const WIDTH = 800, HEIGHT = 450;          // of the smallest slide, in the page's own pixels: 25 lines of text at 1.6
const ENLARGED = 1.27;                    // from the page's column to the slide
/** How small a picture becomes where nothing else helps, as a share of the slide's width. */
export const LEAST = 0.3;
const ROOT = document.documentElement;
export const article = /** @type {HTMLElement} */ (document.querySelector("article"));

/** Text is as large as the window allows. */
export function scale() {
  const factor = Math.max(1, Math.min(innerWidth / WIDTH, innerHeight / HEIGHT));
  ROOT.style.setProperty("--slide-scale", String(factor));
  return factor;
}

/** @param {Element} block @param {boolean} shown */
export const put = (block, shown) => { block.classList.toggle("off-slide", !shown); };

/** Is all that is on the slide in the window? */
export const fits = () => article.scrollHeight <= article.clientHeight + 1;

/**
 * Boxes whose parts lie on several slides are shown where one of their parts is.
 * @param {Iterable<Element>} boxes @param {Element[]} blocks
 */
export function open(boxes, blocks) {
  for (const box of boxes) put(box, blocks.some((block) => box.contains(block)));
}

/** The headings above a slide are not seen, but heard. @param {HTMLElement[]} blocks */
export function hear(blocks) {
  for (const heard of article.querySelectorAll(".heard")) heard.classList.remove("heard");
  for (let section = blocks[0]?.parentElement; section && section !== article; section = section.parentElement) {
    const heading = section.matches("section") && [...section.children].find(isHeading);
    if (heading && !blocks.includes(/** @type {HTMLElement} */ (heading))) heading.classList.add("heard");
  }
}

/** Lines closer to each other, code a little smaller. @param {boolean} on */
export const tighten = (on) => { article.classList.toggle("tight", on); };

/** Pictures may be a little larger than on the page. */
export function enlarge() {
  for (const picture of article.querySelectorAll("img")) {
    picture.style.setProperty("--enlarged", `${ENLARGED * Number(picture.getAttribute("width") ?? 600)}px`);
  }
}

/**
 * Pictures and canvases of a slide that is too high become smaller until it fits; a live figure's caption goes beside it.
 * @param {HTMLElement[]} blocks @param {number} least of the slide's width
 * @returns {boolean} whether it fits
 */
export function fitPictures(blocks, least) {
  for (const block of blocks) {
    if (shrunk(block, least) || !block.querySelector("canvas")) continue;
    block.classList.add("beside");
    shrunk(block, least);
  }
  return fits();
}

/** @param {HTMLElement} block @param {number} least */
function shrunk(block, least) {
  const pictures = [...block.querySelectorAll("img, canvas")].concat(block.matches("img") ? block : []);
  const largest = (/** @type {"offsetWidth" | "offsetHeight"} */ side) => (
    Math.max(1, ...pictures.map((one) => /** @type {HTMLElement} */ (one)[side])));
  for (let tries = 0; pictures.length && !fits() && tries < 4; tries++) {
    const excess = article.scrollHeight - article.clientHeight;
    const width = largest("offsetWidth") * (1 - excess / largest("offsetHeight")) - 2;
    if (width < least * article.clientWidth) break;
    block.style.setProperty("--picture", `${width}px`);
  }
  if (!fits()) block.style.removeProperty("--picture");
  return fits();
}
