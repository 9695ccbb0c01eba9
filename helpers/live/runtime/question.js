/** Commit, then reveal: what a figure hides until its reader has answered, and its words on the answer. */
/** @import { Model } from "./model.js" */
import { makeButton } from "./controls.js";

/** @typedef {ReturnType<typeof makeQuestion>} Question */

/**
 * @param {Model} model @param {string[]} ends the traits that the words speak of: a change takes the words back
 * @param {() => void} redraw
 */
export function makeQuestion(model, ends, redraw) {
  let open = false, words = "";
  for (const trait of ends) model.on(`change:${trait}`, () => { if (!open) words = ""; });
  /** @param {boolean} isOpen @param {string} said */
  const set = (isOpen, said) => { [open, words] = [isOpen, said]; redraw(); };
  return {
    isOpen: () => open,
    words: () => words,
    ask() { set(true, ""); },
    /** @param {string} said of what the reader answered */
    answer(said) { set(false, `${said} `); },
    drop() { set(false, ""); },
  };
}

/**
 * A question that is answered by a number: a button asks, and a field for the number takes its place.
 * @param {{model: Model, ends: string[], redraw: () => void, ask: string, label: string, limits: [number, number],
 *   tell: (guess: number) => string, prepare?: () => void}} options `tell`: what to say of the answer
 */
export function makeGuess({ model, ends, redraw, ask, label, limits: [min, max], tell, prepare = () => {} }) {
  const form = document.createElement("form"), words = document.createElement("label");
  const input = Object.assign(document.createElement("input"),
    { type: "number", min, max, step: "any", required: true });
  const send = makeButton("Tell me", () => form.requestSubmit());
  const question = makeQuestion(model, ends, () => {
    form.hidden = !question.isOpen();
    button.hidden = question.isOpen();
    redraw();
  });
  const button = makeButton(ask, () => {
    prepare();
    input.value = "";
    question.ask();
    input.focus({ preventScroll: true });
  });
  button.classList.add("ask-button");
  form.className = "explorer-question";
  form.hidden = true;
  words.append(label, input);
  form.append(words, send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    question.answer(tell(input.valueAsNumber));
    button.focus({ preventScroll: true });
  });
  input.addEventListener("input", redraw);
  return { ...question, button, form,
    /** @returns {number | null} what the reader has put into the field, while there is a question or words on it */
    guess: () => (input.value && (question.isOpen() || question.words()) ? input.valueAsNumber : null),
    /** @param {number} value */
    put(value) { input.value = String(Math.min(Math.max(value, min), max)); redraw(); } };
}
