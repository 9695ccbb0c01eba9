/** A figure that learns: its buttons, the loop that runs it, and words for those who do not see it run. */
/** @import { Draw } from "./figure.js" */
/** @import { Model } from "./model.js" */
import { makeButton } from "./controls.js";
import { failureText } from "./failure.js";
import { liveFigure } from "./figure.js";

/**
 * @typedef {object} Learner what a figure brings
 * @property {() => void | Promise<void>} begin a new start, from the traits as they are
 * @property {(one: boolean) => string | Promise<string>} learn one step, or as much as fits between two frames; gives
 *   "" to go on, or in a sentence why it stops
 * @property {() => void} [halt] called at each stop, also when nothing runs
 */

const HEARD = 5000;                             // ms between two sentences for screen readers while it runs
const PROGRESS = ["step", "start"];             // traits of the run, which no reader sets
const AWAY = "Paused, because the figure was out of view. Press Play to go on.";
const HIDDEN = "Paused, because the page was hidden. Press Play to go on.";

/**
 * A live figure with Play, One step and Start again. It stops when nobody can see it, and says so.
 * @param {{model: Model, el: HTMLElement, traits: string[], restarts: string[], aspect?: number, pause?: number,
 *   learner: Learner, draw: Draw}} options `traits` redraw, those in `restarts` also make a new start; `pause` in ms
 *   stands between two steps of the running figure, by default a frame
 */
export function learningFigure({ model, el, traits, restarts, aspect, pause = 0, learner, draw }) {
  let why = "";
  const kept = traits.filter((trait) => !PROGRESS.includes(trait)), reset = () => loop.restart();
  const shown = liveFigure({ model, el, traits, kept, reset, aspect, draw(...paper) {
    const told = draw(...paper);
    return { ...told, text: why ? `${told.text} ${why}` : told.text };
  } });
  const { figure, canvas, readout, redraw } = shown, say = speaker(figure, readout);
  const play = makeButton("Play", () => (loop.running() ? loop.halt("") : loop.run()));
  const loop = makeLoop(learner, pause, (running, reason) => {
    why = reason;
    play.textContent = running ? "Pause" : "Play";
    say(running);
    redraw();
  });
  const bar = document.createElement("div");
  play.className = "play-button";
  bar.className = "learning-bar";
  bar.append(play, makeButton("One step", loop.step), makeButton("Start again", loop.restart));
  figure.prepend(bar);
  for (const trait of restarts) model.on(`change:${trait}`, loop.restart);
  for (const trait of kept) model.on(`change:${trait}`, () => { if (why && !loop.running()) loop.halt(""); });
  const unwatch = whenAway(figure, (reason) => { if (loop.running()) loop.halt(reason); });
  loop.restart();
  return { figure, canvas, readout, bar, redraw, restart: loop.restart, halt: () => loop.halt(""),
    stop() { loop.halt(""); unwatch(); shown.stop(); } };
}

/**
 * What runs a learner: never two steps at once, none lost, none of an older start shown.
 * @param {Learner} learner @param {number} pause in ms
 * @param {(running: boolean, why: string) => void} tell called at each start and stop, and after each step
 */
export function makeLoop(learner, pause, tell) {
  let running = false, why = "", start = 0, run = 0, last = Promise.resolve();
  /** @param {() => unknown} work  begins when all that was asked for before is done */
  const queue = (work) => { last = last.then(work).then(() => {}, (error) => halt(failureText(error))); };

  /** @param {string} reason */
  function halt(reason) {
    running = false;
    run += 1;
    why = reason;
    learner.halt?.();
    tell(running, why);
  }
  /** @param {boolean} one @param {() => boolean} wanted whether nobody has stopped it since it was asked for */
  async function learn(one, wanted) {
    const mine = start;
    if (!wanted()) return;
    const reason = await learner.learn(one);
    if (mine !== start) return;
    if (reason) return halt(reason);
    tell(running, why);
    if (running && !one) setTimeout(() => requestAnimationFrame(() => queue(() => learn(one, wanted))), pause);
  }
  return {
    running: () => running,
    halt,
    run() {
      const mine = ++run;
      [running, why] = [true, ""];
      tell(running, why);
      queue(() => learn(false, () => mine === run));
    },
    step() {
      const mine = start;
      halt("");
      queue(() => learn(true, () => mine === start));
    },
    restart() {
      start += 1;
      halt("");
      queue(() => learner.begin());
      queue(() => tell(running, why));
    },
  };
}

/**
 * Steps on the page's own thread, as many as leave the frame to the page.
 * @param {() => string} step gives "" to go on, or why it stops @param {number} [ms] for the steps of one frame
 * @param {number} [most] steps of one frame, where more would be too fast to see
 * @returns {Learner["learn"]}
 */
export function inSlices(step, ms = 6, most = Infinity) {
  return (one) => {
    const end = performance.now() + ms;
    let why = step();
    for (let k = 1; k < most && !one && !why && performance.now() < end; k++) why = step();
    return why;
  };
}

/**
 * A screen reader hears the caption at each stop, and every few seconds while the figure runs, not at every step.
 * @param {HTMLElement} figure @param {HTMLElement} readout @returns {(running: boolean) => void}
 */
function speaker(figure, readout) {
  const heard = document.createElement("span");
  let next = 0;
  heard.className = "learning-heard";
  heard.setAttribute("role", "log");
  figure.append(heard);
  return (running) => {
    readout.ariaLive = running ? "off" : "polite";
    const now = performance.now();
    if (!running) next = 0;
    else if (!next) next = now + HEARD;
    else if (now > next) {
      heard.textContent = readout.textContent;
      next = now + HEARD;
    }
  };
}

/** @param {HTMLElement} figure @param {(why: string) => void} call when nobody can see it @returns what stops it */
function whenAway(figure, call) {
  const hidden = () => { if (document.hidden) call(HIDDEN); };
  const seen = new IntersectionObserver((entries) => { if (!entries[entries.length - 1].isIntersecting) call(AWAY); });
  document.addEventListener("visibilitychange", hidden);
  seen.observe(figure);
  return () => { document.removeEventListener("visibilitychange", hidden); seen.disconnect(); };
}
