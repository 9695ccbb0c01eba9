/** A page divided into slides: each as much of it as belongs together and has room. */
/** @import { Slide } from "./stage.js" */
import { beginsSlide, blocksOf, isFolded, isHeading, isLive, leadsTo, partsOf } from "./blocks.js";
import { article, fits, fitPictures, hear, LEAST, open, put, tighten } from "./stage.js";

/** How small a picture beside text may become, as a share of the slide's width. */
const SMALL = 0.62;

/**
 * Put the page's blocks on slides, one block after the other, as long as they fit.
 * @returns {{slides: Slide[], boxes: Set<HTMLElement>}} `boxes`: what was divided
 */
export function divide() {
  const boxes = /** @type {Set<HTMLElement>} */ (new Set());
  const queue = [...article.querySelectorAll(":scope > section")].flatMap(blocksOf);
  for (const block of queue) put(block, false);
  const slides = /** @type {Slide[]} */ ([]);
  let slide = newSlide();
  const close = () => {
    for (const block of slide.blocks) put(block, false);
    tighten(false);
    slides.push(slide);
    slide = newSlide();
  };
  const add = (/** @type {HTMLElement} */ block) => {
    slide.blocks.push(block);
    put(block, true);
    open(boxes, slide.blocks);
    if (slide.blocks.length === 1) hear(slide.blocks);
  };

  for (let block = queue.shift(); block; block = queue.shift()) {
    if (isFolded(block) && slide.blocks.length + slides.length) {
      slide.notes.push(block);
      continue;
    }
    const parts = partsOf(block), divideIt = () => {
      boxes.add(/** @type {HTMLElement} */ (block));
      for (const part of parts) put(part, false);
      queue.unshift(...parts);
    };
    if (isLive(block) && parts.length) {                 // the figure gets a slide, its code stands before it
      divideIt();
      continue;
    }
    if (beginsSlide(block, slide.blocks) && !onlyLeads(slide.blocks, block)) carryOver(slide, block, close, add);
    add(block);
    if (fits() || squeezed(slide, block)) continue;
    take(slide, block);
    if (!slide.blocks.every(isHeading)) {
      carryOver(slide, block, close, add);
      queue.unshift(block);
    } else if (parts.length) {
      divideIt();
    } else {                                             // nothing else can be done: the slide scrolls
      add(block);
      slide.scrolls = true;
      close();
    }
  }
  if (slide.blocks.length) close();
  return { slides: numbered(slides), boxes };
}

/** @returns {Slide} */
const newSlide = () => ({ blocks: [], notes: [], section: article, part: 1, tight: false, scrolls: false });

/** Does everything on the slide only lead to this block? @param {HTMLElement[]} blocks @param {HTMLElement} next */
const onlyLeads = (blocks, next) => blocks.every((block, k) => leadsTo(block, blocks[k + 1] ?? next));

/**
 * Does a slide have room for its last block if its pictures are smaller or its lines closer?
 * @param {Slide} slide @param {HTMLElement} block
 */
function squeezed(slide, block) {
  const before = slide.tight;
  tighten(true);
  const fit = fits() || fitPictures([block], slide.blocks.length > 1 ? SMALL : LEAST);
  slide.tight = fit || before;
  tighten(slide.tight);
  return fit;
}

/** @param {Slide} slide @param {HTMLElement} block */
function take(slide, block) {
  slide.blocks.pop();
  put(block, false);
}

/**
 * Begin a slide; the heading or the sentence that leads to `block` goes with it, unless nothing would be left.
 * @param {Slide} slide @param {HTMLElement} block @param {() => void} close
 * @param {(block: HTMLElement) => void} add
 */
function carryOver(slide, block, close, add) {
  const { blocks } = slide;
  let kept = blocks.length;
  while (kept > 0 && blocks.length - kept < 2 && leadsTo(blocks[kept - 1], blocks[kept] ?? block)) kept--;
  const leading = blocks.slice(0, kept).every(isHeading) ? [] : blocks.splice(kept);
  for (const one of leading) put(one, false);
  close();
  leading.forEach(add);
}

/** Slides with their sections, counted in each. @param {Slide[]} slides */
function numbered(slides) {
  slides.forEach((slide, k) => {
    const sections = slide.blocks.map((block) => block.parentElement?.closest("section[id]:not(.admonition > section)"));
    slide.section = /** @type {HTMLElement} */ (sections.find(Boolean) ?? article);
    slide.part = k && slides[k - 1].section === slide.section ? slides[k - 1].part + 1 : 1;
  });
  return slides;
}
