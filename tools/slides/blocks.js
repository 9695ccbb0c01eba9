/** The blocks of a page: what stands on a slide as a whole, what may be divided, and where a slide begins and ends. */

const HEADING = "h1, h2, h3, h4";
const LIVE = ".figure-place, .explorer";
/** Folded text is not on the slide but in its notes; folded code stays. */
const FOLDED = "details.sd-dropdown, .admonition.dropdown, .admonition.toggle";
/** What can be divided, if it does not fit on a slide. A cell may not lie in one of these. */
const DIVISIBLE = "ul, ol, dl, .admonition, .admonition > section, .cell, .cell_output, .sd-card-body, blockquote, div.toctree-wrapper, "
  + "div.pst-scrollable-table-container, table, tbody";

/** @param {Element} block */
export const isHeading = (block) => block.matches(HEADING);
/** @param {Element} block */
export const isLive = (block) => block.matches(LIVE) || !!block.querySelector(LIVE);
/** @param {Element} block */
export const isFolded = (block) => block.matches(FOLDED);

/**
 * The parts of a block, where it can be divided; none, where it is shown as a whole.
 * @param {Element} block @returns {HTMLElement[]}
 */
export function partsOf(block) {
  if (!block.matches(DIVISIBLE)) return [];
  const parts = /** @type {HTMLElement[]} */ ([...block.children].filter((part) => !part.matches("thead, caption, colgroup, script, noscript, button")));
  return parts.length > 1 || parts.some((part) => part.matches(DIVISIBLE)) ? parts : [];
}

/**
 * The blocks of a section and of the sections in it, in their order.
 * @param {Element} section @returns {HTMLElement[]}
 */
export function blocksOf(section) {
  return /** @type {HTMLElement[]} */ ([...section.children].flatMap((child) => {
    if (child.matches("section")) return blocksOf(child);
    return child.matches("script, noscript, span:empty") || !child.checkVisibility() ? [] : [child];
  }));
}

/** A figure, a formula, a cell, a list: what the sentence before it announces. @param {Element} block */
const isAnnounced = (block) => !block.matches("p, .admonition");

/** Does the text of this block lead to the next one? @param {Element} block @param {Element} next */
export const leadsTo = (block, next) => isHeading(block)
  || (block.matches("p") && isAnnounced(next) && !isHeading(next) && !isFolded(next));

/**
 * Does a new slide begin at this block, though there is room?
 * @param {HTMLElement} block @param {HTMLElement[]} slide what is on the slide
 */
export function beginsSlide(block, slide) {
  const last = slide.at(-1);
  if (!last) return false;
  if (isHeading(block)) return !isHeading(last);
  if (isHeading(last)) return false;
  return isLive(last) || isLive(block) || isPrediction(last) || isQuestion(block)
    || (block.matches(".exercise") && !block.matches(".cell"))
    || (block.matches(".cell") && slide.some((one) => one.matches(".cell, figure") && !isCheck(block)));
}

/** A box after which everyone guesses: the result is on the next slide. @param {Element} block */
const isPrediction = (block) => block.matches(".admonition.tip");
/** A question of "Check yourself". @param {Element} block */
const isQuestion = (block) => block.matches("p") && !!block.nextElementSibling?.matches("details.choice");
/** A cell that checks an answer. @param {Element} block */
const isCheck = (block) => !!block.previousElementSibling?.matches(".exercise");
